"""Lines of files, and the cells of the alignment matrix."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ormlint.findings import Place

State = Literal["present", "missing", "extra", "differs", "left-out", "none", "unknown"]
Severity = Literal["error", "warning", "info"]


class At(Struct, frozen=True):
    """A line of a file; the path starts at the project's root."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def at(place: Place) -> At:
    return At(place.path, place.line)


def type_words(kind: str | None) -> str:
    """A type as short as can be, alike in all layers."""
    return (kind or "").removesuffix("()").replace("(length=", "(")


class Cell(Struct):
    """What one layer says of a name."""

    state: State
    text: str = ""
    at: At | None = None
    note: str = ""


class Row(Struct):
    name: str
    cells: list[Cell]
    drift: bool


class Grid(Struct):
    """The alignment matrix of one model: a row for each name, a cell for each layer."""

    model: str
    name: str
    table: str | None
    at: At
    layers: list[str]
    rows: list[Row]
    kinds: list[str]
    """Names of the rules that speak of it."""
    severities: list[Severity]
    findings: list[str] = []
    """Fingerprints of what is said of the model or its table as a whole: no row shows it."""
