"""What the graph says of a folder of modules, in the words of `observe.py`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy.dialects import mysql, postgresql, sqlite

from ormlint import pipeline
from ormlint.graph.model import Column, Graph, Model, Table

Plain = dict[str, Any]

_KINDS = frozenset({"property", "hybrid", "synonym", "proxy", "composite", "column_property"})


def graph_of(folder: Path, config: tuple[str, ...] = ()) -> Graph:
    """The graph of a folder, without settings of anybody's but the given."""
    return pipeline.linked(folder, config=config, isolated=True)


def read(folder: Path, config: tuple[str, ...] = ()) -> Plain:
    graph = graph_of(folder, config)
    metadata: dict[str, list[str]] = {}
    for table in graph.tables:
        metadata.setdefault(table.metadata, []).append(table.key)
    return {
        "models": {model.id: model_of(model) for model in graph.models.values()},
        "tables": sorted(
            (table_of(table) for table in graph.tables), key=lambda each: json.dumps(each, sort_keys=True)
        ),
        "metadata": sorted(sorted(keys) for keys in metadata.values()),
    }


def model_of(model: Model) -> Plain:
    return {
        "table": model.table,
        "inherits": model.inherits,
        "columns": {name: each.column for name, each in model.columns.items()},
        "attributes": {
            name: kind for name, kind in model.attributes.items() if kind in _KINDS and name[:1] != "_"
        },
        "relationships": {name: [each.target, each.uselist] for name, each in model.relationships.items()},
        "complete": model.complete,
    }


def table_of(table: Table) -> Plain:
    return {
        "key": table.key,
        "columns": {name: column_of(column) for name, column in table.columns.items()},
        "indexes": ordered(
            [i.name, [element(each) for each in i.columns], bool(i.unique)] for i in table.indexes
        ),
        "uniques": ordered([each.name, list(each.columns)] for each in table.uniques),
        "checks": ordered(each.name for each in table.checks),
        "foreign_keys": ordered(
            [key.name, list(key.columns), list(key.target)] for key in table.foreign_keys
        ),
        "complete": table.complete,
    }


def ordered(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=json.dumps)


def element(text: str) -> str:
    return "(expression)" if "(" in text else text


def column_of(column: Column) -> Plain:
    return {
        "type": type_of(column.type),
        "arguments": arguments_of(column.type),
        "nullable": column.nullable,
        "primary_key": column.primary_key,
        "foreign_keys": None if column.foreign_keys is None else sorted(column.foreign_keys),
        "default": column.default,
        "server_default": column.server_default,
        "onupdate": column.onupdate,
        "unique": column.unique,
        "index": column.index,
        "computed": column.computed,
    }


def type_of(text: str | None) -> str | None:
    """The type's name, and its length where it is a string's or a binary's first argument."""
    if text is None:
        return None
    name, _, arguments = text.partition("(")
    length = re.match(r"(?:length=)?(\d+)", arguments)
    sized = length is not None and re.search(r"String|CHAR|Text|TEXT|Unicode|Binary|BINARY|BLOB|BIT", name)
    return f"{name}({length[1]})" if sized and length is not None else name


def arguments_of(text: str | None) -> str | None:
    """What SQLAlchemy makes of the text; `None` where not all of it is known to be SQLAlchemy's."""
    if text is not None and "..." in text:
        return None
    try:
        return repr(eval(text or "None", {"__builtins__": {}}, _TYPES))  # noqa: S307 - of these tests' own cases
    except (NameError, TypeError, SyntaxError):
        return None


_TYPES = {
    name: value
    for module in (mysql, postgresql, sqlite, sqlalchemy.types, sqlalchemy)
    for name, value in vars(module).items()
    if isinstance(value, type) and issubclass(value, sqlalchemy.types.TypeEngine)
}
