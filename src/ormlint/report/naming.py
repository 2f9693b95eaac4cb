"""How things are called: naming conventions of constraints, and the case of names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ormlint.findings import Place
from ormlint.graph.concerned import concerned, of_tests
from ormlint.graph.model import Graph
from ormlint.report.cells import at
from ormlint.report.document import Convention, Outlier, Style
from ormlint.report.enums import Enumerated

KEYS = ("ix", "uq", "ck", "fk", "pk")
_STYLES = (
    ("lowercase", re.compile(r"[a-z][a-z0-9]*")),
    ("snake_case", re.compile(r"[a-z][a-z0-9]*(?:_+[a-z0-9]+)+")),
    ("UPPERCASE", re.compile(r"[A-Z][A-Z0-9]*")),
    ("UPPER_SNAKE_CASE", re.compile(r"[A-Z][A-Z0-9]*(?:_+[A-Z0-9]+)+")),
    ("camelCase", re.compile(r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+")),
    ("PascalCase", re.compile(r"(?:[A-Z][a-z0-9]+)+|(?:[A-Z]+[a-z0-9]*)+")),
    ("kebab-case", re.compile(r"[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)+")),
)
_FITS = {
    "lowercase": {"snake_case", "camelCase", "kebab-case"},
    "UPPERCASE": {"UPPER_SNAKE_CASE"},
}
"""One word is in step with every style that writes a single word so."""
_SHOWN = 20


def conventions(graph: Graph) -> list[Convention]:
    """The naming convention of every MetaData that a history is kept for, or may be."""
    return [
        Convention(
            metadata=info.name,
            declared_by=info.kind,
            at=at(info.convention_place or info.place),
            tables=len(info.tables),
            convention=info.convention,
            known=info.convention_known,
            lacks=[key for key in KEYS if key not in (info.convention or {})]
            if info.convention_known
            else [],
        )
        for info in concerned(graph)
    ]


def styles(graph: Graph, enums: Iterable[Enumerated]) -> list[Style]:
    """The shares of each style among columns, tables, fields, enum values and the lists of envelopes."""
    tables = [table for table in graph.tables if not of_tests(table.place.path)]
    schemas = [schema for schema in graph.schemas.values() if not of_tests(schema.place.path)]
    # Fields of settings are named like environment variables.
    plain = [schema for schema in schemas if schema.kind != "settings"]
    rows = [
        _style(
            "columns", ((f"{t.key}.{c.name}", c.name, c.place) for t in tables for c in t.columns.values())
        ),
        _style("tables", ((table.key, table.name, table.place) for table in tables)),
        _style(
            "schema fields",
            (
                (f"{schema.name}.{field.name}", field.name, field.place)
                for schema in plain
                for field in schema.fields.values()
                if field.declared_in in ("", schema.id)
            ),
        ),
        _style("enum values", ((f"{e.name}: {label}", label, e.place) for e in enums for label in e.labels)),
        _envelopes(graph),
    ]
    return [row for row in rows if row.total]


def _style(aspect: str, names: Iterable[tuple[str, str, Place]]) -> Style:
    unique = {(shown, name): place for shown, name, place in names}
    of = {name: _style_of(name) for _, name in unique}
    shares = Counter(of[name] for _, name in unique)
    leading = _leading(shares)
    outliers = [
        Outlier(shown, of[name], at(place))
        for (shown, name), place in unique.items()
        if not _fits(of[name], leading)
    ]
    ordered = dict(sorted(shares.items(), key=lambda each: (-each[1], each[0])))
    return Style(aspect, len(unique), ordered, leading, sorted(outliers, key=lambda each: each.name))


def _leading(shares: Counter[str]) -> str:
    """The style that most names are in step with; of words alone the one that they are written in."""
    known = [style for style, _ in shares.most_common() if style != "other"]
    plain = [style for style in known if style not in _FITS] or known
    fitting = {style: sum(n for one, n in shares.items() if _fits(one, style)) for style in plain}
    return max(plain, key=lambda style: fitting[style], default="other")


def _fits(style: str, leading: str) -> bool:
    return style == leading or leading in _FITS.get(style, ())


def _style_of(name: str) -> str:
    bare = name.strip("_")
    return next((style for style, pattern in _STYLES if pattern.fullmatch(bare)), "other")


def _envelopes(graph: Graph) -> Style:
    """What the schemas that wrap a list call it."""
    found = list(_lists(graph))
    shares = Counter(name for _, name, _ in found)
    leading = shares.most_common(1)[0][0] if shares else ""
    return Style(
        "list fields of envelopes",
        len(found),
        dict(sorted(shares.items(), key=lambda each: (-each[1], each[0]))[:_SHOWN]),
        leading,
        [Outlier(f"{schema}.{name}", name, at(place)) for schema, name, place in found if name != leading],
    )


def _lists(graph: Graph) -> Iterator[tuple[str, str, Place]]:
    for _, schema in sorted(graph.schemas.items()):
        if schema.role == "envelope" and not of_tests(schema.place.path):
            for field in schema.fields.values():
                if re.match(r"(?i)(?:list|sequence|tuple|set)\[", field.type or ""):
                    yield schema.name, field.name, field.place
