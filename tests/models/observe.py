"""What SQLAlchemy itself makes of some folders of modules, as JSON on standard output.

    python observe.py FOLDER...

Each folder is imported for real, one after the other, so this runs in a process of its own.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
import traceback
import warnings
from collections.abc import Iterator
from functools import cached_property
from inspect import getattr_static
from pathlib import Path
from typing import Any

from sqlalchemy import Column, MetaData, Table, UniqueConstraint, event
from sqlalchemy.dialects import mssql, oracle, postgresql  # noqa: F401 - their own tables come before any case's
from sqlalchemy.ext.associationproxy import AssociationProxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapper, registry
from sqlalchemy.schema import CheckConstraint, ForeignKeyConstraint
from sqlalchemy.types import TypeDecorator

Plain = dict[str, Any]

FOREIGN = ("pydantic", "sqlalchemy")
"""Packages whose own properties every class below theirs has."""

COMPOSITE = re.compile(r"_pk_(?:transaction_id|validity)$")
"""Indexes that SQLAlchemy-Continuum makes from 2.0 on, and the graph leaves out."""

TABLES: list[Table] = []
MAPPERS: list[Mapper[Any]] = []


@event.listens_for(Table, "after_parent_attach")
def _table(table: Table, metadata: MetaData) -> None:
    if table not in TABLES:
        TABLES.append(table)


@event.listens_for(Mapper, "after_mapper_constructed")
def _mapper(mapper: Mapper[Any], class_: type) -> None:
    MAPPERS.append(mapper)


def main(folders: list[str]) -> None:
    warnings.simplefilter("ignore")
    json.dump([json.loads(apart(Path(folder))) for folder in folders], sys.stdout)


def apart(folder: Path) -> bytes:
    """What `observe` says in a child process, where it leaves nothing behind for the next folder."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writer, "w") as pipe:
            json.dump(observe(folder), pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def observe(folder: Path) -> Plain:
    sys.path.insert(0, str(folder))
    try:
        for path in sorted(folder.rglob("*.py")):
            importlib.import_module(module_name(path.relative_to(folder)))
        return observed()
    except Exception:  # noqa: BLE001 - whatever a case raises, the test shows it
        return {"error": traceback.format_exc(limit=-1)}


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def observed() -> Plain:
    for each in registries():
        each.configure(cascade=True)
    mappers = [mapper for mapper in MAPPERS if not is_version(mapper)]
    tables = [table for table in TABLES if table.metadata.tables.get(table.key) is table]
    return {
        "models": {class_id(mapper.class_): model(mapper) for mapper in mappers},
        "tables": sorted(
            (table_of(table) for table in tables), key=lambda each: json.dumps(each, sort_keys=True)
        ),
        "metadata": sorted(
            sorted(table.key for table in tables if table.metadata is each) for each in metadatas(tables)
        ),
    }


def registries() -> Iterator[registry]:
    yield from {id(mapper.registry): mapper.registry for mapper in MAPPERS}.values()


def metadatas(tables: list[Table]) -> list[MetaData]:
    return list({id(table.metadata): table.metadata for table in tables}.values())


def is_version(mapper: Mapper[Any]) -> bool:
    """Whether SQLAlchemy-Continuum made the class."""
    return mapper.class_.__module__.startswith("sqlalchemy_continuum")


def class_id(class_: type) -> str:
    return f"{class_.__module__}.{class_.__qualname__}"


def model(mapper: Mapper[Any]) -> Plain:
    columns, attributes = {}, {}
    for prop in mapper.column_attrs:
        if isinstance(prop.columns[0], Column):
            columns[prop.key] = prop.columns[0].name
        else:
            attributes[prop.key] = "column_property"
    attributes |= {prop.key: "synonym" for prop in mapper.synonyms}
    attributes |= {prop.key: "composite" for prop in mapper.composites}
    for class_ in mapper.class_.__mro__:
        for name in vars(class_):
            kind = readable(getattr_static(mapper.class_, name))
            if kind is not None and not name.startswith("_") and not class_.__module__.startswith(FOREIGN):
                attributes.setdefault(name, kind)
    table = mapper.local_table
    return {
        "table": getattr(table, "key", None),
        "inherits": class_id(mapper.inherits.class_) if mapper.inherits is not None else None,
        "columns": columns,
        "attributes": attributes,
        "relationships": {
            prop.key: [class_id(prop.mapper.class_), bool(prop.uselist)]
            for prop in mapper.relationships
            if not is_version(prop.mapper)
        },
    }


def readable(value: object) -> str | None:
    if isinstance(value, hybrid_property):
        return "hybrid"
    if isinstance(value, AssociationProxy):
        return "proxy"
    return "property" if isinstance(value, (property, cached_property)) else None


def table_of(table: Table) -> Plain:
    uniques = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    of_columns = [each for column in table.columns for each in column.constraints]
    checks = [each for each in [*table.constraints, *of_columns] if isinstance(each, CheckConstraint)]
    keys = [each for each in table.constraints if isinstance(each, ForeignKeyConstraint)]
    return {
        "key": table.key,
        "columns": {column.name: column_of(column) for column in table.columns},
        "indexes": ordered(
            [name_of(each), [element(e) for e in each.expressions], each.unique]
            for each in table.indexes
            if not COMPOSITE.search(name_of(each) or "")
        ),
        "uniques": ordered([name_of(each), [column.name for column in each.columns]] for each in uniques),
        "checks": ordered(name_of(each) for each in checks),
        "foreign_keys": ordered(
            [name_of(key), [c.name for c in key.columns], [target_of(each) for each in key.elements]]
            for key in keys
        ),
    }


def ordered(items: Any) -> list[Any]:
    return sorted(items, key=json.dumps)


def name_of(constraint: Any) -> str | None:
    return str(constraint.name) if isinstance(constraint.name, str) else None


def target_of(key: Any) -> str:
    """The column as it is written, or of a table alone as it is found."""
    name = str(key.target_fullname)
    return name if "." in name else f"{name}.{key.column.key}"


def element(expression: Any) -> str:
    return str(expression.name) if isinstance(expression, Column) else "(expression)"


def column_of(column: Column[Any]) -> Plain:
    return {
        "type": type_of(column.type),
        "arguments": arguments_of(column.type),
        "nullable": bool(column.nullable),
        "primary_key": bool(column.primary_key),
        "foreign_keys": sorted({target_of(key) for key in column.foreign_keys}),
        "default": column.default is not None,
        "server_default": column.server_default is not None,
        "onupdate": column.onupdate is not None or column.server_onupdate is not None,
        "unique": bool(column.unique),
        "index": bool(column.index),
        "computed": column.computed is not None,
    }


def type_of(type_: Any) -> str:
    """The type's class, and its length where it has one."""
    if type(type_).__name__ == "AutoString":  # SQLModel's, a `TypeDecorator` over the text that it is
        return type_of(type_.impl)
    length = getattr(type_, "length", None)
    name = type(type_).__name__
    sized = type(length) is int and not isinstance(type_, TypeDecorator) and name not in ("Enum", "ENUM")
    return f"{name}({length})" if sized else name


def arguments_of(type_: Any) -> str | None:
    """A type of SQLAlchemy's own with everything that it was given."""
    return repr(type_) if type(type_).__module__.startswith("sqlalchemy.") else None


if __name__ == "__main__":
    main(sys.argv[1:])
