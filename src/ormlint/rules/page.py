"""A rule's page: Markdown whose examples are files, with the findings they must give marked on their lines.

    ## Fails

    ```python title="schemas.py"
    class PersonOut(BaseModel):  # error: [missing-field] "lacks `email`"
    ```

A mark names the rule and, where it matters, a part of the message. Sections whose heading starts with
`Fails` or `Passes` are examples; a file of further cases has one case per `#` heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc
from itertools import groupby

_MARK = re.compile(r'[#;] error: \[([a-z][a-z-]*)\](?: "([^"]*)")?')
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True)
class Mark:
    """A finding that an example must give: the rule's name, and a part of the message."""

    path: str
    line: int
    rule: str
    message: str = ""


@dataclass(frozen=True)
class File:
    path: str
    text: str

    def marks(self) -> Iterator[Mark]:
        for number, line in enumerate(self.text.splitlines(), 1):
            for rule, message in _MARK.findall(line):
                yield Mark(self.path, number, rule, message)


@dataclass(frozen=True)
class Case:
    """Some files under a heading, and the line of the heading in its document."""

    title: str
    line: int
    files: tuple[File, ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(mark for file in self.files for mark in file.marks())


@dataclass(frozen=True)
class Page:
    """A rule's docstring, taken apart."""

    summary: str
    text: str
    fails: tuple[Case, ...]
    passes: tuple[Case, ...]


def page(docstring: str | None) -> Page:
    """The page in a rule's docstring."""
    text = cleandoc(docstring or "")
    examples = cases(text, heading="##")
    return Page(
        summary=text.partition("\n")[0],
        text=text,
        fails=tuple(case for case in examples if case.title.startswith("Fails")),
        passes=tuple(case for case in examples if case.title.startswith("Passes")),
    )


def cases(markdown: str, heading: str = "#") -> tuple[Case, ...]:
    """The sections that hold files, in order."""
    found: list[Case] = []
    for (title, line), blocks in groupby(_blocks(markdown, heading), key=lambda row: row[0]):
        found.append(Case(title, line, tuple(file for _, file in blocks)))
    return tuple(found)


def _blocks(markdown: str, heading: str) -> Iterator[tuple[tuple[str, int], File]]:
    """Each fenced block that has a title, with the heading above it."""
    above, path, fence, lines = ("", 0), "", "", []  # type: tuple[str, int], str, str, list[str]
    for number, line in enumerate(markdown.splitlines(), 1):
        opened = re.match(r"(```+|~~~+)", line)
        if fence and line.rstrip() == fence:
            if path:
                yield above, File(path, "".join(f"{text}\n" for text in lines))
            fence = ""
        elif fence:
            lines.append(line)
        elif opened:
            title = _TITLE.search(line)
            fence, path, lines = opened[1], title[1] if title else "", []
        elif line.startswith(f"{heading} "):
            above = (line.removeprefix(heading).strip(), number)
    if fence:
        raise ValueError(f"the block {path or '(untitled)'} under {above[0]!r} is not closed")
