"""ORM101: gives a declarative base, or what makes one, the recommended naming convention."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ormlint.findings import Finding
from ormlint.fix.lines import after_imports, names_in, newline_of, parsed, split

NAME = "NAMING_CONVENTION"
_CONVENTION = [
    f"{NAME} = {{",
    '    "ix": "ix_%(column_0_label)s",',
    '    "uq": "uq_%(table_name)s_%(column_0_name)s",',
    '    "ck": "ck_%(table_name)s_%(constraint_name)s",',
    '    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",',
    '    "pk": "pk_%(table_name)s",',
    "}",
]
"""https://docs.sqlalchemy.org/en/20/core/constraints.html#configuring-constraint-naming-conventions."""
_TAKE_METADATA = frozenset({"as_declarative", "automap_base", "declarative_base", "registry", "SQLAlchemy"})


def with_convention(text: str, findings: Sequence[Finding]) -> str:
    """The text with a convention, where the base is written in a form that it can be added to."""
    tree = parsed(text)
    if tree is None or not findings or NAME in names_in(tree):
        return text
    lines, end = split(text), newline_of(text)
    places = sorted({finding.place.line for finding in findings}, reverse=True)
    changed = [line for line in places if _changed(tree, lines, line, end)]
    if not changed:
        return text
    head = [] if "MetaData" in names_in(tree) else ["from sqlalchemy import MetaData"]
    first = min(node.lineno for node in tree.body if (node.end_lineno or node.lineno) >= changed[-1])
    at = after_imports(tree, first)
    new = [line + end for line in [*head, "", *_CONVENTION]]
    return "".join([*lines[:at], *new, *lines[at:]])


def _changed(tree: ast.Module, lines: list[str], line: int, end: str) -> bool:
    """Whether the base that begins on a line was given the convention."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.lineno == line:
            return _in_class(node, lines, end)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.lineno == line)
    return any(_in_call(node, lines) for node in calls)


def _in_class(node: ast.ClassDef, lines: list[str], end: str) -> bool:
    first = node.body[0]
    targets = [target for each in node.body if isinstance(each, ast.Assign) for target in each.targets]
    if first.lineno == node.lineno or any(isinstance(t, ast.Name) and t.id == "metadata" for t in targets):
        return False
    docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    metadata = f"{' ' * first.col_offset}metadata = MetaData(naming_convention={NAME}){end}"
    at = (first.end_lineno or first.lineno) if docstring else first.lineno - 1
    if isinstance(first, ast.Pass) and lines[at].strip() == "pass":
        lines[at] = metadata
    else:
        lines.insert(at, (end if docstring else "") + metadata)
    return True


def _in_call(node: ast.Call, lines: list[str]) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "MetaData":
        given = f"naming_convention={NAME}"
    elif name in _TAKE_METADATA:
        given = f"metadata=MetaData(naming_convention={NAME})"
    else:
        return False
    if any(keyword.arg in (None, "metadata", "naming_convention") for keyword in node.keywords):
        return False
    number = (node.end_lineno or node.lineno) - 1
    at = len(lines[number].encode()[: (node.end_col_offset or 1) - 1].decode())
    before = lines[number][:at]
    parts = [*node.args, *node.keywords]
    comma = ", " if parts and not before.rstrip().endswith(",") else ""
    lines[number] = f"{before}{comma}{given}{lines[number][at:]}"
    return True
