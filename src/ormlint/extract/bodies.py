"""Bodies of functions that nothing needs before a call, and that are therefore left out of the facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

LEFT_OUT = "__left_out__"
"""Stands for the body of a function that was left out."""
_WORTH = 160
"""Characters of a body from which leaving it out saves more than it costs."""
_MIGRATION = re.compile(r"^(?:down_)?revision\b", re.MULTILINE)
_TELLING = re.compile(
    r"\b(?:Column|mapped_column|relationship|Field|Table|ForeignKey|model_validate|from_orm|parse_obj|validate"
    r"|model_dump|model_dump_json|model_copy|synonym|column_property|response_model|__dict__|hasattr)\b|\.dict\("
    r"|\b(?:[A-Z]\w+|cls)\(\s*\w+\s*=\s*[\w(]*\w\.\w|@\w+\.(?:get|post|put|patch|delete|api_route)\("
)
"""What makes a function's body worth reading at once: declarations, and evidence of which schema mirrors
which model. Any other body is read when the function is called."""
_NAMELESS = re.compile(r"\b(?:drop_constraint|create_\w+)\(\s*(?:constraint_name\s*=\s*)?None\b")


class Bodies:
    """Tells of a text's functions whether their bodies are left out; `starts` are those of its lines.

    In a migration that is `downgrade` alone, where no constraint goes without a name.
    """

    def __init__(self, text: str, starts: Sequence[int]) -> None:
        self._text = text
        self._starts = [*starts, len(text)]
        self._migration = _MIGRATION.search(text) is not None
        self._nameless = self._migration and _NAMELESS.search(text) is not None

    def leave_out(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Whether the body of a function goes, which begins on a line of its own."""
        if self._migration and (self._nameless or node.name != "downgrade"):
            return False
        start = self._starts[first_line(node.body[0]) - 1]
        end = self._starts[node.end_lineno or node.lineno]
        if end - start < _WORTH:
            return False
        first = self._starts[first_line(node) - 1]
        return self._migration or _TELLING.search(self._text, first, end) is None


def first_line(node: ast.stmt) -> int:
    """Where a statement begins, with the decorators above it."""
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    return decorators[0].lineno if decorators else node.lineno
