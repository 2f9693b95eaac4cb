"""A text without the bodies that are left out, so that nobody parses them: that takes half of the time.

Where functions begin and end is told from the text itself. What might be something else than it looks like is
left alone, and who reads the text finds each body that is gone as that of a function, or takes all of it.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from ormlint.extract.bodies import LEFT_OUT, Bodies

_STRANGE = ("\t", "\r", "\f", "\v", "'''")
"""Other ends and indents of lines than line feeds and spaces, and quotes that nearly nobody writes."""
_STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*"


def _within(brackets: int) -> str:
    """What stands between brackets, with so many levels of others in it."""
    inner = rf"|[(\[{{]{_within(brackets - 1)}[)\]}}]" if brackets else ""
    return rf"(?:[^()\[\]{{}}\"'#]|{_STRING}{inner})*"


_HEAD = re.compile(rf"def (\w+)\({_within(4)}\) *(?:->[^:#\n]+)?: *(?:#[^\n]*)?\n")
"""All that a function has before its body."""
_FIRST = re.compile(r"(?: *(?:#[^\n]*)?\n)*( *)")
"""Up to the first statement of a body, with what indents it."""


class Masked(Struct, frozen=True):
    """A text in which one name stands for each body that is left out, on the line where that begins."""

    text: str
    looked_from: dict[int, int]
    """The lines of the functions that are without a body, each with the line from which it was looked at."""


class _Body(Struct, frozen=True):
    first: int
    """Where its first statement begins."""
    last: int
    """Where its last line ends that has more than a comment."""
    end: int


def mask(text: str, bodies: Bodies) -> Masked:
    """Leave bodies out; those of other functions are noted with `bodies`."""
    texts = None if any(each in text for each in (*_STRANGE, LEFT_OUT)) else _texts(text)
    looked_from: dict[int, int] = {}
    if texts is None:
        return Masked(text, looked_from)
    parts: list[str] = []
    done = at = counted = 0
    line = 1
    while (at := text.find("def ", at)) >= 0:
        begin = text.rfind("\n", 0, at) + 1
        head, at = at, at + 1
        indent = text[begin:head].removesuffix("async ")
        found = _HEAD.match(text, head) if not indent.strip(" ") and texts.after(head) is None else None
        body = _body(text, texts, found.end(), len(indent)) if found is not None else None
        if found is None or body is None:
            continue
        line, counted = line + text.count("\n", counted, begin), begin
        above = _above(text, begin, indent)
        size = body.last - text.rfind("\n", 0, body.first)
        if not bodies.goes(found[1], text[above : body.last], size):
            if above == begin:  # else what is above may not be the function's
                bodies.kept.add(line)
            continue
        looked_from[line] = line - text.count("\n", above, begin)
        gone = text.count("\n", body.first, body.end)
        parts += (text[done : body.first], LEFT_OUT, "\n" * gone)
        done = at = body.end
    return Masked("".join([*parts, text[done:]]), looked_from) if parts else Masked(text, looked_from)


def _body(text: str, texts: _Texts, start: int, indent: int) -> _Body | None:
    """The body of a function; `None` where it is not plain where that ends."""
    first = _FIRST.match(text, start)
    if first is None or len(first[1]) <= indent:
        return None
    ends = _ends(indent)
    at = start
    while (less := ends.search(text, at)) is not None:
        inside = texts.after(less.start())
        if inside is None:
            break
        at = inside
    end = less.start() if less is not None else len(text.rstrip("\n"))
    last = end
    while text[(line := text.rfind("\n", 0, last) + 1) : last].strip(" ")[:1] in ("", "#"):
        last = line - 1
    return _Body(first.end(), last, end) if text[end - 1] != "\\" else None


def _above(text: str, begin: int, indent: str) -> int:
    """Where the decorators begin of a function, or anything before them."""
    if text.endswith(f"\n{indent})\n", 0, begin):
        begin = text.rfind(f"\n{indent}@", 0, begin) + 1
    return text.rfind("\n\n", 0, begin) + 1


@cache
def _ends(indent: int) -> re.Pattern[str]:
    """A line that is not indented further, and has more than a comment."""
    return re.compile(rf"\n {{0,{indent}}}[^ \n#]")


class _Texts:
    """Where texts over several lines stand."""

    def __init__(self, places: list[tuple[int, int]]) -> None:
        self._starts, self._ends = [start for start, _ in places], [end for _, end in places]

    def after(self, at: int) -> int | None:
        """Where the text ends that a place is in."""
        number = bisect(self._starts, at) - 1
        return self._ends[number] if number >= 0 and at < self._ends[number] else None


def _texts(text: str) -> _Texts | None:
    """`None` where it is not plain what is text and what is not."""
    places = list(_quoted(text))
    return _Texts(places) if (0, 0) not in places else None


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    """Where three quotes stand and the next three end; nowhere for those that may be something else."""
    at = 0
    while (start := text.find('"""', at)) >= 0:
        before = text[text.rfind("\n", 0, start) + 1 : start]
        end = text.find('"""', start + 3)
        plain = not (before.count('"') % 2 or before.count("'") % 2 or "#" in before or "\\" in before)
        if end < 0 or text[end - 1] == "\\" or not plain:
            yield 0, 0
            return
        at = end + 3
        yield start, at
