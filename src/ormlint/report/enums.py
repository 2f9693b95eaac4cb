"""Enumerated types of models and schemas, and where the layers' members differ.

A type counts where the source settles all of its members; SQLAlchemy stores the names of an Enum class, the
values of one with a `values_callable` only the machine could tell: those are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ormlint.findings import Place
from ormlint.graph import choices
from ormlint.graph.model import Column, Graph
from ormlint.graph.model.types import Call, Class, Either, Enumeration, Generic, Other, Type, symbol
from ormlint.report.cells import at
from ormlint.report.document import EnumDrift
from ormlint.report.subjects import Subjects

_ENUM_BASES = {"Enum", "IntEnum", "StrEnum"}


@dataclass(frozen=True)
class Enumerated:
    """An enumerated type and its values, for the naming section."""

    name: str
    labels: tuple[str, ...]
    place: Place


def enumerated(graph: Graph) -> list[Enumerated]:
    """Every Enum class that a column or a field of the project has, and what the migrations made."""
    found: dict[str, Enumerated] = {}
    types = [column.kind for table in graph.tables for column in table.columns.values()]
    types += [field.kind for schema in graph.schemas.values() for field in schema.fields.values()]
    for value in types:
        for cls in _classes(value, 0):
            if cls.id not in found:
                found[cls.id] = Enumerated(cls.name, tuple(_members(cls).values()), cls.place)
    for environment in graph.environments:
        for enum in environment.enums.values():
            found[f"{environment.path}\0{enum.name}"] = Enumerated(enum.name, enum.members or (), enum.place)
    return [found[key] for key in sorted(found)]


def _classes(value: Type, depth: int) -> Iterator[Class]:
    """The Enum classes inside a type."""
    if depth > 6:
        return
    if isinstance(value, Class) and _enum(value) is not None:
        yield value
    elif isinstance(value, Call) and symbol(value.callee) in ("Enum", "ENUM"):
        for arg in value.args:
            yield from _classes(arg, depth + 1)
    elif isinstance(value, Either):
        for member in value.members:
            yield from _classes(member, depth + 1)
    elif isinstance(value, Generic):
        for arg in value.args:
            yield from _classes(arg, depth + 1)


def _enum(cls: Class) -> Enumeration | None:
    bases = cls.enum.bases if cls.enum is not None else ()
    names = (base.rpartition(".")[2].rstrip("?") for base in bases)
    return cls.enum if not _ENUM_BASES.isdisjoint(names) else None


def _members(cls: Class) -> dict[str, str]:
    """Name → value of the members whose value is a text."""
    members = cls.enum.members if cls.enum is not None else {}
    return {name: value for name, value in members.items() if isinstance(value, str)}


def _names(enum: Enumeration | None) -> tuple[str, ...] | None:
    """The names of all members; `None` where a base class may bring more."""
    if enum is None or enum.project:
        return None
    return tuple(
        name
        for name, value in enum.members.items()
        if not isinstance(value, Class) and not (isinstance(value, Other) and value.kind == "Function")
    )


def stored(column: Column) -> tuple[str | None, tuple[str, ...]] | None:
    """The name and labels of the type that a column's enumerated type has in the database."""
    value = column.kind
    if not isinstance(value, Call) or symbol(value.callee) not in ("Enum", "ENUM"):
        return None
    if value.open_keywords or "values_callable" in value.kwargs:
        return None
    name = value.kwargs.get("name")
    labels: tuple[str, ...] | None
    first = value.args[0] if len(value.args) == 1 else None
    if isinstance(first, Class):
        labels = _names(_enum(first))
        name = name if isinstance(name, str) else first.name.lower()
    else:
        labels = tuple(each for each in value.args if isinstance(each, str))
        labels = labels if len(labels) == len(value.args) else None
    return (name if isinstance(name, str) else None, labels) if labels else None


def enum_drift(subjects: Subjects) -> list[EnumDrift]:
    """Columns whose type has other members in the migrated database than in the model."""
    rows = []
    for key in subjects.compared_tables:
        table, environment = subjects.table(key), subjects.environment_of(key)
        migrated = subjects.migrated(key)
        if table is None or environment is None or migrated is None or migrated.opaque:
            continue
        for column in table.columns.values():
            other = migrated.columns.get(column.name)
            said = stored(column)
            enum = environment.enums.get(other.enum or "") if other is not None else None
            if said is None or enum is None or enum.members is None or enum.uncertain:
                continue
            here, there = set(said[1]), set(enum.members)
            if here != there:
                rows.append(
                    EnumDrift(
                        f"{key}.{column.name}", "model", f"database, as migrated (`{enum.name}`)",
                        sorted(here - there), sorted(there - here), at(column.place), at(enum.place),
                    )
                )  # fmt: skip
    return rows + _of_schemas(subjects)


def _of_schemas(subjects: Subjects) -> list[EnumDrift]:
    """Fields that a rule reports, beside their columns."""
    rows = []
    for finding in subjects.named("enum-mismatch"):
        link = subjects.graph.links.get(finding.subject.schema or "")
        if link is None:
            continue
        mirror = subjects.mirror(link)
        field = mirror.schema.fields.get(finding.subject.field or "")
        column = mirror.column(mirror.attribute_of(field) or "") if field is not None else None
        here, there = (
            choices.of_field(field) if field else None,
            choices.of_column(column) if column else None,
        )
        if field is not None and column is not None and here is not None and there is not None:
            rows.append(
                EnumDrift(
                    f"{mirror.schema.name}.{field.name}", "schema", f"model `{mirror.model.name}`",
                    sorted(here[0] - there[0]), sorted(there[0] - here[0]), at(field.place), at(column.place),
                )
            )  # fmt: skip
    return rows
