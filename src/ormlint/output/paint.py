"""Colour, for those who want it. Nothing is said by colour alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TextIO

Ink = Literal["bold", "dim", "red", "yellow", "blue", "green", "cyan"]
Paint = Callable[[str, Ink], str]

_CODES: dict[Ink, str] = {
    "bold": "1",
    "dim": "2",
    "red": "1;31",
    "yellow": "1;33",
    "blue": "1;34",
    "green": "1;32",
    "cyan": "36",
}


def painter(colour: bool) -> Paint:
    """A function that paints a text, or leaves it as it is."""
    if not colour:
        return lambda text, _: text
    return lambda text, ink: f"\x1b[{_CODES[ink]}m{text}\x1b[0m" if text else text


def wanted(when: str, stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to colour: `always` and `never` decide, then NO_COLOR, FORCE_COLOR, then the terminal."""
    if when != "auto":
        return when == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb"
