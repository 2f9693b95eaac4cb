"""Bodies of functions that nothing needs before a call, and that are therefore left out of the facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import cache

from ormlint.anchored import patterns

LEFT_OUT = "__left_out__"
"""Stands for the body of a function that was left out."""
_WORTH = 160
"""Characters of a body from which leaving it out saves more than it costs."""
_MIGRATION = re.compile(r"^(?:down_)?revision\b", re.MULTILINE)
_TELLING = (
    "Column", "mapped_column", "relationship", "Field", "Table", "ForeignKey", "model_validate", "from_orm",
    "parse_obj", "validate", "model_dump", "model_dump_json", "model_copy", "synonym", "column_property",
    "response_model", "__dict__", "hasattr",
)  # fmt: skip
_ANCHORS = "_CFTvhy"
"""Each stands in some of the words, and is seldom elsewhere."""
_ROUTE = re.compile(r"@\w+\.(?:get|post|put|patch|delete|api_route)\(")
_ATTRIBUTE_GIVEN = re.compile(r"\(\s*(?:\w+\s*=\s*[\w\"'-]+,\s*){0,4}\w+\s*=\s*[\w(]*\w\.\w")
"""A keyword that is given an attribute, the first or after others with a name or a word each."""
_CLASS_BEFORE = re.compile(r"\b(?:[A-Z]\w+|cls)\Z")
_NAMELESS = re.compile(r"\b(?:drop_constraint|create_\w+)\(\s*(?:constraint_name\s*=\s*)?None\b")


class Bodies:
    """Tells of a text's functions whether their bodies are left out.

    In a migration that is `downgrade` alone, where no constraint goes without a name.
    """

    def __init__(self, text: str, lines: Sequence[str]) -> None:
        self._lines = lines
        self._migration = "revision" in text and _MIGRATION.search(text) is not None
        self._nameless = self._migration and _NAMELESS.search(text) is not None
        self.kept: set[int] = set()
        """The lines of functions of which it is known that theirs are not."""

    def leave_out(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Whether the body of a function goes, which begins on a line of its own."""
        if node.lineno in self.kept:
            return False
        body = self._lines[first_line(node.body[0]) - 1 : node.end_lineno]
        text = "\n".join(self._lines[first_line(node) - 1 : node.end_lineno])
        return self.goes(node.name, text, sum(map(len, body)) + len(body))

    def goes(self, name: str, text: str, size: int) -> bool:
        """Whether the body of a function goes, by the text of all of it; `size` is that of the body."""
        if self._migration and (self._nameless or name != "downgrade"):
            return False
        return size >= _WORTH and (self._migration or not _tells(text))


@cache
def _told() -> list[re.Pattern[str]]:
    return [re.compile(each) for each in patterns(_TELLING, _ANCHORS, whole=True)]


def _tells(text: str) -> bool:
    """Whether a function is worth reading at once: it declares, or shows which schema mirrors which model.

    Any other body is read when the function is called.
    """
    return (
        any(each.search(text) is not None for each in _told())
        or ".dict(" in text
        or _ROUTE.search(text) is not None
        or any(
            _CLASS_BEFORE.search(text[text.rfind("\n", 0, match.start()) + 1 : match.start()])
            for match in _ATTRIBUTE_GIVEN.finditer(text)
        )
    )


def first_line(node: ast.stmt) -> int:
    """Where a statement begins, with the decorators above it."""
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    return decorators[0].lineno if decorators else node.lineno
