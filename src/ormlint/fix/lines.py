"""Lines of a text, and where something can be put in."""

from __future__ import annotations

import ast
import re
import warnings

_BREAK = re.compile(r"(?<=\r\n)|(?<=\n)|(?<=\r)(?!\n)")


def split(text: str) -> list[str]:
    """The lines with their ends, as Python counts them."""
    return [line for line in _BREAK.split(text) if line]


def newline_of(text: str) -> str:
    """How the lines of the text end."""
    found = re.search(r"\r\n|\n|\r", text)
    return found[0] if found else "\n"


def parsed(text: str) -> ast.Module | None:
    """The text's tree; nothing where this Python cannot read it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def names_in(tree: ast.Module) -> set[str]:
    """Every name that the module uses or binds anywhere."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
    return found


def after_imports(tree: ast.Module, before: int) -> int:
    """The line below which something new can stand: that of the last import above another line.

    Where there is none, the docstring's; 0 for the top.
    """
    found = 0
    for node in tree.body:
        end = node.end_lineno or node.lineno
        docstring = (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node is tree.body[0]
        )
        if end < before and (docstring or isinstance(node, (ast.Import, ast.ImportFrom))):
            found = end
    return found
