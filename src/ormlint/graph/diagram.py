"""Entity diagrams: tables with their columns, and the foreign keys between them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from ormlint.graph.model import Column, Graph, Table
from ormlint.settings import UsageError, nearest

_MOST = 50_000
"""More characters Mermaid refuses to draw: https://mermaid.js.org/config/schema-docs/config.html#maxtextsize"""


def mermaid(graph: Graph, keys: Collection[str], columns: Mapping[str, Collection[str]] | None = None) -> str:
    """A Mermaid `erDiagram` of the tables with these keys.

    It shows primary and foreign keys, and of other columns those that `columns` names by table: all where it
    is not given, and none where that would be more than Mermaid draws.
    """
    tables = _chosen(graph, keys)
    lines = ["erDiagram"]
    for table in tables:
        lines.append(f'    {_word(table.key)}["{_quoted(table.key)}"] {{')
        lines += [
            f"        {_attribute(column)}"
            for column in table.columns.values()
            if columns is None or _is_key(column) or column.name in columns.get(table.key, ())
        ]
        lines.append("    }")
    for child, column, parent in _references(graph, tables):
        one = "|o" if column.nullable else "||"
        many = "o|" if column.unique or (column.primary_key and _alone(child, column)) else "o{"
        lines.append(f'    {_word(parent.key)} {one}--{many} {_word(child.key)} : "{_quoted(column.name)}"')
    text = "\n".join(lines) + "\n"
    return mermaid(graph, keys, {}) if columns is None and len(text) > _MOST else text


def dot(graph: Graph, keys: Collection[str]) -> str:
    """A Graphviz digraph of the tables with these keys; an edge points at what a foreign key refers to."""
    tables = _chosen(graph, keys)
    lines = ["digraph tables {", "    rankdir=LR;", "    node [shape=record, fontname=monospace];"]
    for table in tables:
        columns = "".join(
            f"{_record(column.name)} : {_record(column.type or '?')}{' PK' * bool(column.primary_key)}\\l"
            for column in table.columns.values()
        )
        lines.append(f'    "{_dotted(table.key)}" [label="{{{_record(table.key)}|{columns}}}"];')
    for child, column, parent in _references(graph, tables):
        style = ", style=dashed" if column.nullable else ""
        lines.append(
            f'    "{_dotted(child.key)}" -> "{_dotted(parent.key)}" [label="{_dotted(column.name)}"{style}];'
        )
    return "\n".join([*lines, "}"]) + "\n"


def around(graph: Graph, key: str) -> set[str]:
    """A table and those that foreign keys join it with."""
    return {key} | {
        other.key
        for child, _, parent in _references(graph, graph.tables)
        if key in (child.key, parent.key)
        for other in (child, parent)
    }


def chosen(graph: Graph, name: str | None) -> set[str]:
    """The tables to draw: those around the model or table that is named, else all of them."""
    if name is None:
        return {table.key for table in graph.tables}
    models = [each for each in graph.models.values() if name in (each.name, each.id) and each.table]
    keys = {each.table or "" for each in models} or {table.key for table in graph.tables if table.key == name}
    if not keys:
        known = [name for each in graph.models.values() for name in (each.name, each.id)]
        raise UsageError(f"there is no model `{name}`.{nearest(name, known)}")
    return {each for key in keys for each in around(graph, key)}


def _chosen(graph: Graph, keys: Collection[str]) -> list[Table]:
    found = {table.key: table for table in reversed(graph.tables) if table.key in keys}
    return [found[key] for key in sorted(found)]


def _references(graph: Graph, tables: Collection[Table]) -> Iterator[tuple[Table, Column, Table]]:
    """Every foreign key between two of the tables, as (child, column, parent)."""
    by_key = {table.key: table for table in tables}
    for table in tables:
        store = graph.metadatas.get(table.metadata)
        for name, column in table.columns.items():
            for target in table.leads_to(name, store.schema if store is not None else None):
                parent = by_key.get(target.rpartition(".")[0])
                if parent is not None:
                    yield table, column, parent


def _is_key(column: Column) -> bool:
    return bool(column.primary_key or column.foreign_keys)


def _alone(table: Table, column: Column) -> bool:
    return [each for each in table.columns.values() if each.primary_key] == [column]


def _attribute(column: Column) -> str:
    keys = (
        ["PK"] * bool(column.primary_key) + ["FK"] * bool(column.foreign_keys) + ["UK"] * bool(column.unique)
    )
    kind = _word(re.sub(r"\(.*", "", column.type or "unknown"))
    null = {True: ' "may be NULL"', False: "", None: ""}[column.nullable]
    return f"{kind} {_word(column.name)}{' ' * bool(keys)}{', '.join(keys)}{null}"


def _word(text: str) -> str:
    """A name as Mermaid takes it without quotes."""
    word = re.sub(r"\W", "_", text, flags=re.ASCII)
    return word if word[:1].isalpha() else f"t_{word}"


def _quoted(text: str) -> str:
    return text.replace("#", "#35;").replace('"', "#quot;").replace("\n", " ")


def _dotted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _record(text: str) -> str:
    return re.sub(r'([\\"{}|<> ])', r"\\\1", text.replace("\n", " "))
