"""What the arguments of a mapper say of the columns of its table, and of attributes besides.

https://docs.sqlalchemy.org/en/20/orm/mapping_api.html#sqlalchemy.orm.Mapper
"""

from __future__ import annotations

from msgspec.structs import replace

from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.values import Made, Member, Value
from ormlint.graph.model import Column, MappedColumn
from ormlint.graph.models.columns import column_call, explicit_name
from ormlint.graph.models.kinds import KINDS, RELATIONSHIPS, table_attribute
from ormlint.graph.models.reading import Mapped
from ormlint.graph.models.scan import Declaration


def declare_properties(mapped: Mapped, properties: dict[Value, Value]) -> None:
    """What the mapper's `properties` map under names of their own."""
    columns = mapped.table.columns if mapped.table is not None else {}
    for name, value in properties.items():
        one = value[0] if isinstance(value, (list, tuple)) and value else value  # several, as of a join
        key = table_attribute(one)
        column = next((c for c in columns.values() if key is not None and (c.key or c.name) == key), None)
        if isinstance(name, str) and column is not None:
            mapped.model.columns[name] = MappedColumn(name, column.name, column.place, column)
        elif isinstance(name, str) and isinstance(value, Made) and column_call(value) is None:
            called = symbol(value.callee)
            kind = "relationship" if called in RELATIONSHIPS else KINDS.get(called, "value")
            mapped.declared[name] = Declaration(name, mapped.cls, value, value.place, kind)


def map_table(mapped: Mapped, before: list[Column], args: dict[str, Value]) -> None:
    """A mapper maps each column of its table, under the column's key where nothing names it otherwise."""
    for name, declaration in mapped.declared.items():
        key = table_attribute(declaration.value)
        column = next((c for c in before if key is not None and (c.key or c.name) == key), None)
        if column is not None:
            mapped.model.columns[name] = MappedColumn(name, column.name, declaration.place, column)
            mapped.model.attributes.pop(name, None)
    included, excluded = (_columns(args.get(key)) for key in ("include_properties", "exclude_properties"))
    if (args.get("include_properties") is not None and included is None) or (
        args.get("exclude_properties") is not None and excluded is None
    ):
        mapped.model.complete = False
        return
    prefix = args.get("column_prefix") or ""
    if not isinstance(prefix, str):
        mapped.model.complete = False
        return
    _add_prefix(mapped, prefix)
    named = {id(each.definition) for each in mapped.model.columns.values()} if before else set()
    for column in before:
        key = column.key or column.name
        name = f"{prefix}{key}"
        if id(column) in named or (included is not None and key not in included) or key in (excluded or ()):
            continue
        mapped.model.columns.setdefault(name, MappedColumn(name, column.name, column.place, column))


def _add_prefix(mapped: Mapped, prefix: str) -> None:
    """`column_prefix` before the names of declared columns that nothing else names."""
    columns = mapped.model.columns
    for name in [name for name in mapped.declared if prefix and name in columns]:
        definition = columns[name].definition
        if definition is not None and name == (definition.key or definition.name):
            columns[f"{prefix}{name}"] = replace(columns.pop(name), attribute=f"{prefix}{name}")


def discriminator(mapped: Mapped, on: Value) -> str | None:
    """The attribute that `polymorphic_on` names: by a text, by its column, or as an attribute of a class.

    https://docs.sqlalchemy.org/en/20/orm/mapping_api.html#sqlalchemy.orm.Mapper.params.polymorphic_on
    """
    if isinstance(on, str):
        return on
    if isinstance(on, Member):
        return table_attribute(on) or on.name
    declared = mapped.declared.items() if isinstance(on, Made) else ()
    return next((name for name, each in declared if each.value is on), None)


def _columns(value: Value) -> set[str] | None:
    if not isinstance(value, (list, tuple, set, frozenset)):
        return None
    names: set[str] = set()
    for each in value:
        call = column_call(each)
        name = (
            explicit_name(call)
            if call is not None
            else each
            if isinstance(each, str)
            else table_attribute(each)
        )
        if isinstance(each, Member) and name is None:
            name = each.name
        if not isinstance(name, str):
            return None
        names.add(name)
    return names
