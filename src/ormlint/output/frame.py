"""Source lines with what is meant underlined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ormlint.findings import Place
from ormlint.output.paint import Ink, Paint

_WIDTH = 160
"""Columns of source shown; what is longer is cut around the underlined part."""

_CONTROL = r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]"
"""Not compiled before it is needed: few texts have such characters."""


def clean(text: str) -> str:
    """The text on one line, without characters that steer a terminal or hide what is there."""
    if text.isprintable():
        return text
    return re.sub(_CONTROL, lambda found: " " if found[0] in "\r\n" else "\ufffd", text)


def frame(
    place: Place,
    lines: Sequence[str],
    paint: Paint,
    *,
    mark: str,
    ink: Ink,
    label: str = "",
    around: int = 0,
    gutter: int = 0,
) -> Iterator[str]:
    """The line of a place, with up to `around` lines before and after it, and the range underlined.

    Line numbers take `gutter` columns, or more where they need more.
    """
    first, last = max(1, place.line - around), min(len(lines), place.line + around)
    gutter = max(gutter, len(str(last)))
    bar = paint("|", "blue")
    yield f"{' ' * gutter} {bar}"
    for number in range(first, last + 1):
        start, end = _range(place, lines[number - 1]) if number == place.line else (0, 0)
        text, indent, width = _cut(lines[number - 1], start, end)
        yield f"{paint(str(number).rjust(gutter), 'blue')} {bar} {text}".rstrip()
        if number == place.line:
            said = f" {clean(label)}" if label else ""
            yield f"{' ' * gutter} {bar} {' ' * indent}{paint(mark * width + said, ink)}"


def _range(place: Place, line: str) -> tuple[int, int]:
    """Where to underline, from 0: the place's columns, else all that is written on the line."""
    end = len(line.rstrip())
    if not place.column:
        return min(len(line) - len(line.lstrip()), end), end
    if place.end_line <= place.line and place.end_column:
        end = place.end_column - 1
    start = min(place.column - 1, len(line))
    return start, max(start, min(end, len(line)))


def _cut(line: str, start: int, end: int) -> tuple[str, int, int]:
    """What is shown of a line, and where the underline stands: its indent and its width."""
    if len(line) <= _WIDTH and line.isascii() and line.isprintable():
        return line, start, max(1, end - start)
    left = 0 if end <= _WIDTH else max(0, start - _WIDTH // 4)
    right = left + _WIDTH
    before, marked, after = line[left:start], line[start : min(end, right)], line[min(end, right) : right]
    lead, tail = "…" if left else "", "…" if right < len(line) else ""
    before, marked, after = _flat(before), _flat(marked), _flat(after)
    return lead + before + marked + after + tail, _columns(lead + before), max(1, _columns(marked))


def _flat(text: str) -> str:
    return clean(text).replace("\t", "    ")


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - few files have such text

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)
