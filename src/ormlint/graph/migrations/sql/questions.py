"""What a query to the catalogue would answer at this moment of the replay.

Three-valued throughout: `None` is "not known". SQL's NULL is `catalog.NULL`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from msgspec import Struct, field

from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.sql import catalog
from ormlint.graph.migrations.sql.expressions import Scope, both, evaluate, truth
from ormlint.graph.migrations.sql.rows import CERTAIN, NULL, Row
from ormlint.graph.migrations.sql.text import UNKNOWN
from ormlint.graph.migrations.sql.tree import Tree

_ABOUT_THE_CATALOGUE = re.compile(
    r"information_schema|\bpg_|\bsqlite_|\bpragma|reg(class|type)", re.IGNORECASE
)
MOST_ROWS = 200_000
"""A join that would look at more combinations is given up."""


class Answer(Struct, frozen=True):
    """The rows of a query. A value that is not known is `None`; SQL's NULL is `catalog.NULL`."""

    names: tuple[str, ...]
    rows: list[tuple[object, ...]]


def is_answered(sql: str) -> bool:
    """Whether the query is about the catalogue: what tables hold is not known."""
    return UNKNOWN not in sql and _ABOUT_THE_CATALOGUE.search(sql) is not None


def answer(
    sql: str, params: Mapping[str, object] | Sequence[object] | None, database: Database
) -> Answer | None:
    """What the query gives; `None` where its rows are not known."""
    if not is_answered(sql):
        return None
    tree = database.queries.tree(sql, database.dialect)
    if tree is None:
        return None
    if tree.key == "pragma":
        return _pragma(tree, database)
    rows = _Query(database, params or ()).rows(tree, {})
    if rows is None:
        return None
    return Answer(tuple(select.alias_or_name.lower() for select in tree.selects), rows)


def holds(condition: str, database: Database) -> bool | None:
    """Whether an SQL condition is true (`NOT EXISTS (SELECT …)`)."""
    found = answer(f"SELECT {condition}", None, database)
    return truth(found.rows[0][0]) if found is not None and found.rows and found.rows[0] else None


def _pragma(tree: Tree, database: Database) -> Answer | None:
    call = tree.this
    if call is None or call.key != "eq" or call.this.name.lower() not in ("table_info", "table_xinfo"):
        return None
    rows = catalog.table_info(database, call.expression.name)
    if rows is None or not all(row[CERTAIN] for row in rows):
        return None
    names = ("cid", "name", "type", "notnull", "dflt_value", "pk")
    return Answer(names, [tuple(row.get(name) for name in names) for row in rows])


class _Query(Struct):
    database: Database
    params: Mapping[str, object] | Sequence[object]
    used: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))

    def rows(self, tree: Tree, outer: Mapping[str, Row]) -> list[tuple[object, ...]] | None:
        """The rows of a SELECT, where every one of them is certain."""
        found = self.found(tree, outer)
        if found is None:
            return None
        scopes, selects = found, tree.selects
        if any(select.has("count") for select in selects):
            counted = self._count(scopes)
            return [tuple(self._aggregate(select, counted) for select in selects)]
        if any(scope.certain is not True for scope in scopes):
            return None
        return [tuple(self._selected(selects, scope)) for scope in scopes]

    def found(self, tree: Tree, outer: Mapping[str, Row]) -> list[Scope] | None:
        """The combinations of rows that pass WHERE, certain or not; `None` where there is no telling."""
        if tree.key == "subquery":
            return self.found(tree.this, outer)
        if tree.key != "select" or tree.part("group") or tree.part("having"):
            return None
        sources = [tree.trees.get("from"), *tree.lists.get("joins", ())]
        conditions = list(_conjuncts(tree.trees.get("where")))
        relations: dict[str, list[Row]] = {}
        outer_joined = False
        for source in sources:
            if source is None:
                continue
            named = self._relation(source.this)
            if named is None:
                return None
            relations[named[0]] = named[1]
            outer_joined = outer_joined or bool(source.plain.get("side"))
            conditions += list(_conjuncts(source.trees.get("on")))
        if outer_joined:
            return None
        return self._joined(relations, conditions, outer)

    def _relation(self, source: Tree) -> tuple[str, list[Row]] | None:
        if source.key != "table":
            return None
        inner = source.this
        if inner.key == "anonymous" and inner.name.lower() in ("pragma_table_info", "pragma_table_xinfo"):
            rows = catalog.table_info(self.database, inner.expressions[0].name)
        elif inner.key == "identifier" and _is_catalogue(source.name.lower(), source.db.lower()):
            rows = catalog.relation(self.database, source.name)
        else:
            rows = None
        name = source.name or inner.name
        if rows is None:
            return None
        known = catalog.COLUMNS.get(name.lower(), "cid name type notnull dflt_value pk").split()
        return source.alias_or_name or name, [{**dict.fromkeys(known), **row} for row in rows]

    def _joined(
        self, relations: dict[str, list[Row]], conditions: list[Tree], outer: Mapping[str, Row]
    ) -> list[Scope] | None:
        narrowed = []
        for name, rows in relations.items():
            own = [one for one in conditions if _only_of(one, name, rows, len(relations) == 1)]
            scopes = (Scope(self, {**outer, name: row}, bool(row[CERTAIN])) for row in rows)
            narrowed.append([scope for scope in scopes if self._passes(scope, own)])
        combinations = 1
        for part in narrowed:
            combinations *= len(part)
        if combinations > MOST_ROWS:
            return None
        found = []
        for parts in product(*narrowed):
            rows_of = {name: row for part in parts for name, row in part.rows.items()}
            certain = all(part.certain for part in parts)
            scope = Scope(self, {**outer, **rows_of}, certain)
            if self._passes(scope, conditions):
                found.append(scope)
        return found

    def _passes(self, scope: Scope, conditions: list[Tree]) -> bool:
        """Whether the row may be there; one that is not certain to be is marked."""
        verdict: bool | None = True
        for condition in conditions:
            verdict = both(verdict, truth(evaluate(condition, scope)))
            if verdict is False:
                return False
        if verdict is None:
            scope.certain = False
        return True

    def _count(self, scopes: list[Scope]) -> int | None:
        return len(scopes) if all(scope.certain for scope in scopes) else None

    def _aggregate(self, select: Tree, counted: int | None) -> object:
        inner = select.this if select.key == "alias" else select
        if inner.key == "count":
            return counted
        scope = Scope(self, {}, certain=True, count=counted)
        return evaluate(inner, scope) if inner.key in ("gt", "gte", "eq", "neq", "lt", "lte") else None

    def _selected(self, selects: Sequence[Tree], scope: Scope) -> Iterator[object]:
        for select in selects:
            if select.is_star:
                for row in scope.rows.values():
                    yield from (value for key, value in row.items() if key != CERTAIN)
            else:
                yield evaluate(select, scope)

    def exists(self, tree: Tree, outer: Mapping[str, Row]) -> bool | None:
        found = self.found(tree, outer)
        if found is None:
            return None
        return True if any(scope.certain for scope in found) else (None if found else False)

    def scalar(self, tree: Tree, outer: Mapping[str, Row]) -> object:
        rows = self.rows(tree, outer)
        if rows is None:
            return None
        return rows[0][0] if rows else NULL

    def values(self, tree: Tree, outer: Mapping[str, Row]) -> list[object] | None:
        rows = self.rows(tree, outer)
        return [row[0] for row in rows] if rows is not None else None

    def parameter(self, name: str) -> object:
        """The value of a bind parameter, by its name or by its turn."""
        if isinstance(self.params, Mapping):
            return self.params.get(name)
        position = next(self.used)
        return self.params[position] if position < len(self.params) else None


def _is_catalogue(name: str, schema: str) -> bool:
    if schema == "information_schema":
        return not name.startswith(("pg_", "sqlite_"))
    return schema in ("", "pg_catalog", "main") and name.startswith(("pg_", "sqlite_"))


def _conjuncts(tree: Tree | None) -> Iterator[Tree]:
    if tree is None:
        return
    if tree.key in ("where", "paren"):
        yield from _conjuncts(tree.this)
    elif tree.key == "and":
        yield from _conjuncts(tree.this)
        yield from _conjuncts(tree.expression)
    else:
        yield tree


def _only_of(condition: Tree, name: str, rows: list[Row], alone: bool) -> bool:
    """Whether the condition can be judged by the rows of one relation."""
    if condition.has("select", "placeholder"):
        return False
    for column in condition.all_of(("column", "pseudocolumn")):
        if column.table:
            if column.table != name:
                return False
        elif not alone and not (rows and column.name.lower() in rows[0]):
            return False
    return True
