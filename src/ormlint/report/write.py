"""Document → Markdown, HTML or JSON. Whatever a project calls its things is escaped.

This module needs Jinja2, which takes its time: it is imported when a report is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from inspect import cleandoc
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ormlint.report import told
from ormlint.report.cells import At
from ormlint.report.changes import Changes
from ormlint.report.document import Document, Style, WithoutFromAttributes

FORMATS = ("markdown", "html", "json")

Lines = Callable[[str], Sequence[str]]
"""A file's lines, or none where it cannot be read."""

_GUESSES = {
    "alembic": "Alembic's own",
    "library": "a library's",
    "version-table": "old version table",
    "legacy": "legacy variant",
    "unknown": "unknown",
    "renamed": "renamed",
}

_STYLES = 10
"""More ways of writing tell a reader nothing."""

_TEMPLATES = Path(__file__).parent / "templates"
_PART = re.compile(r"(?<=[/_])(?=\w)|(?<=[a-z0-9])(?=[A-Z])")
_SPAN = re.compile(r"(`+)([^`]+)\1")


def write(document: Document, form: str, lines: Lines) -> str:
    """The document in one of `FORMATS`."""
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    return _markdown("report.md.j2", document=document) if form == "markdown" else _html(document, lines)


def write_changes(changes: Changes, form: str) -> str:
    """What changed in one of `FORMATS`."""
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(changes), indent=2).decode()
    if form == "markdown":
        return _markdown("changes.md.j2", document=changes, told=told)
    template = _environment(None).get_template("changes.html.j2")
    return template.render(document=changes, told=told, asset=_asset) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of the JSON that `write` and `write_changes` give."""
    kinds, components = msgspec.json.schema_components([Document, Changes], ref_template="#/$defs/{name}")
    for component in components.values():
        if "description" in component:  # Python before 3.13 keeps a docstring's indentation
            component["description"] = cleandoc(component["description"])
    return {"anyOf": list(kinds), "$defs": components}


def _markdown(name: str, **given: object) -> str:
    text = _environment(escaped).get_template(name).render(**given)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _html(document: Document, lines: Lines) -> str:
    def source(at: At | None) -> str:
        """The line that a place names."""
        found = lines(at.path) if at is not None else ()
        return found[at.line - 1].strip()[:160] if at is not None and 0 < at.line <= len(found) else ""

    template = _environment(None).get_template("report.html.j2")
    return template.render(document=document, source=source, asset=_asset) + "\n"


def _environment(finalize: Callable[[object], object] | None) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["guesses"] = _GUESSES
    environment.filters |= {
        "breakable": breakable,
        "by_reason": by_reason,
        "code": code,
        "codes": codes,
        "counted": told.counted,
        "labelled": labelled,
        "last": last,
        "shares": shares,
        "ticks": ticks,
        "verbatim": Markup,
    }
    return environment


def _asset(name: str) -> Markup:
    """A style sheet or script of ours."""
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 - nothing of a project


def escaped(value: object) -> object:
    """A value as text in Markdown, also within a table; code spans stay."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    parts: list[str] = []
    end = 0
    for span in _SPAN.finditer(value):
        parts += [_plain(value[end : span.start()]), code(span[2])]
        end = span.end()
    return Markup("".join([*parts, _plain(value[end:])]))  # noqa: S704 - each part is escaped


def _plain(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"([\\`*\[\]|~#!])", r"\\\1", text)
    return re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", re.sub(r"\s+", " ", text))


def code(text: object) -> Markup:
    """A code span, also within a table."""
    said = re.sub(r"\s+", " ", str(text)).replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", said)), default=0)
    fence = "`" * (longest + 1)
    room = " " if said.startswith("`") or said.endswith("`") else ""
    if not said:
        return Markup("")
    return Markup(f"{fence}{room}{said}{room}{fence}")  # noqa: S704 - nothing ends a code span but its fence


def codes(names: Sequence[object]) -> Markup:
    """Code spans in a row."""
    return Markup(", ").join(code(name) for name in names)


def ticks(text: str) -> Markup:
    """Plain text with its code spans as HTML."""
    return Markup(_SPAN.sub(r"<code>\2</code>", str(escape(text))))  # noqa: S704 - escaped before


def breakable(name: At | str) -> Markup:
    """A name or place as HTML that a narrow cell breaks between its parts."""
    return Markup(_PART.sub("<wbr>", str(escape(str(name)))))  # noqa: S704 - escaped before


def labelled(rows: Markup, heads: Sequence[str]) -> Markup:
    """Rows of a table with its head beside each cell, for where there is no room for a row of heads."""

    def row(cells: str) -> str:
        names = iter(heads)
        return re.sub(r"<t[dh]\b", lambda cell: f'{cell[0]} data-label="{escape(next(names))}"', cells)

    return Markup("\n".join(map(row, rows.splitlines())))  # noqa: S704 - as it was, but for heads of ours


def shares(style: Style) -> str:
    """How many names are written in which way, most first."""
    shown = list(style.shares.items())[:_STYLES]
    parts = [f"{name} {count} ({_per_cent(count, style.total)})" for name, count in shown]
    left = len(style.shares) - len(shown)
    return ", ".join([*parts, f"{left} others"] if left else parts)


def _per_cent(count: int, total: int) -> str:
    return f"{count / total:.0%}" if count * 100 >= total else "<1%"


def last(name: str | None) -> str:
    """The last part of a dotted name."""
    return (name or "").rpartition(".")[2]


def by_reason(rows: Sequence[WithoutFromAttributes]) -> list[tuple[str, list[WithoutFromAttributes]]]:
    """Schemas by why they need no `from_attributes`."""
    ordered = sorted(rows, key=lambda row: (row.reason, row.schema))
    return [(reason, list(group)) for reason, group in groupby(ordered, key=lambda row: row.reason)]
