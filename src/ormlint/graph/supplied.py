"""What schemas have that their models have not: nobody supplies it, or it is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from ormlint.graph.heirs import readable
from ormlint.graph.mirror import RESERVED, Mirror
from ormlint.graph.model import Field, Graph, Making, Schema
from ormlint.graph.model.types import classes_in


class Names(Struct, frozen=True):
    """Names of fields that their rows do not have."""

    of_models: frozenset[str]
    """Those that rows of some model have."""
    set_apart: frozenset[str]
    """Those that schemas set apart by their default: `is_smart: bool = True` beside `= False`."""

    @classmethod
    def of(cls, graph: Graph, names: set[str]) -> Names:
        """What is to be known of these names."""
        of_models = {name for model in graph.models.values() for name in names & readable(model)}
        return cls(frozenset(of_models), _set_apart(graph, names))


def unsupplied(mirrored: Mapping[str, Mirror], graph: Graph) -> Iterator[tuple[Mirror, Field]]:
    """The fields of read schemas that no row has and nothing else supplies; schemas by their ids."""
    found = {key: list(_extra(mirror)) for key, mirror in mirrored.items()}
    names = Names.of(graph, {field.name for fields in found.values() for field in fields})
    for key, mirror in mirrored.items():
        for field in found[key]:
            if not (_is_supplied(mirror, field, names) or _is_added(mirror, field, mirrored)):
                yield mirror, field


def lost(mirror: Mirror) -> Iterator[str]:
    """The fields of an input schema that go nowhere when rows are made from it."""
    schema = mirror.schema
    for field in schema.fields.values() if mirror.writes else ():
        if mirror.has(field.name) or field.name in RESERVED or field.name in mirror.of_heirs:
            continue
        dropped = any(_loses(making, field) for making in schema.updates)
        if dropped or (field.set_by_code is False and _goes_into_rows_alone(schema, field.name)):
            yield field.name


def _extra(mirror: Mirror) -> Iterator[Field]:
    """The fields of a read schema that no row has."""
    if mirror.reads and not mirror.schema.built_by_code:
        yield from (field for field in mirror.schema.fields.values() if _is_extra(mirror, field))


def _is_supplied(mirror: Mirror, field: Field, names: Names) -> bool:
    """Whether something besides the row gives the field its value."""
    if field.required is None or field.excluded is not False or field.name in mirror.schema.computed:
        return True
    if field.defaults_checked and not field.required:
        return True
    if field.own_validator and not field.required:
        return field.default is not None or _is_given(field, names)
    if not field.required and key_without_relationship(mirror, field) is not None:
        return False
    if mirror.only_resembles or (mirror.schema.custom_build and field.required):
        return True
    if not field.required and (field.deprecated or _is_put_together(mirror, field)):
        return True
    return field.set_by_code is not False or field.name in names.set_apart


def _is_given(field: Field, names: Names) -> bool:
    """Whether what a validator gets comes from code: it gives that name a value, and no model has it."""
    return field.set_by_code is not False and field.name not in names.of_models


def _is_added(mirror: Mirror, field: Field, linked: Mapping[str, Mirror]) -> bool:
    """Whether a class adds the field to a read schema of its model: code is to fill what no row reaches."""
    if mirror.schema.reached is not None:
        return False
    above = (linked[each] for each in mirror.schema.ancestors if each in linked)
    return any(
        each.model is mirror.model and each.reads and field.name not in each.schema.fields for each in above
    )


def key_without_relationship(mirror: Mirror, field: Field) -> str | None:
    """The foreign key beside which a nested schema expects a relationship that the model does not have."""
    if not _holds_schemas(field):
        return None
    columns = [name for name in mirror.model.columns if name.startswith(f"{field.name}_")]
    if len(columns) > 1 and mirror.schema.reached is None:
        return None  # code may put it together from these
    for attribute in columns:
        column = mirror.column(attribute)
        if column is not None and column.foreign_keys:
            return attribute if attribute.endswith(("_id", "_uuid")) else None
    return None


def _loses(update: Making, field: Field) -> bool:
    """Whether an update drops the field; what it passes over on purpose, something else may read."""
    passed_over = update.open and field.set_by_code is not False
    return not (update.whole or field.name in update.names or passed_over)


def _goes_into_rows_alone(schema: Schema, name: str) -> bool:
    """Whether all that happens to the schema is that rows are made from it, attribute by attribute."""
    if not schema.made or schema.named_elsewhere is not False:
        return False
    return not any(making.whole or name in making.names for making in schema.made)


def _is_extra(mirror: Mirror, field: Field) -> bool:
    """Whether the row has nothing to read, under the alias or without it."""
    if field.read_as is None or mirror.has(field.name) or field.name in RESERVED:
        return False
    if not mirror.of_heirs.isdisjoint((field.name, *field.read_as)):
        return False
    if field.validated_before and not mirror.model.methods.isdisjoint(field.read_as):
        return False  # the validator may call it
    return mirror.attribute_of(field) is None


def _set_apart(graph: Graph, names: set[str]) -> frozenset[str]:
    found = [each.fields for each in graph.schemas.values() if not names.isdisjoint(each.fields)]
    fields = (each[name] for each in found for name in each.keys() & names)
    defaults = {(field.name, field.default) for field in fields if isinstance(field.default, (str, int))}
    counts = Counter(name for name, _ in defaults)
    return frozenset(name for name, count in counts.items() if count > 1)


def _is_put_together(mirror: Mirror, field: Field) -> bool:
    """Whether code may join rows of several tables there: no row is seen to reach the schema.

    None can where code gives another field, which must be given and is no attribute of the row.
    """
    if mirror.schema.reached is not None:
        return False
    given = (
        each for each in mirror.schema.fields.values() if each.required and each.set_by_code is not False
    )
    return _holds_schemas(field) or any(_is_extra(mirror, each) for each in given)


def _holds_schemas(field: Field) -> bool:
    return any(cls.annotated for cls in classes_in(field.kind))
