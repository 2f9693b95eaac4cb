"""What a Python file says, as far as running it goes: comments, formatting and annotations do not count."""

from __future__ import annotations

import ast
import hashlib
import warnings
from collections.abc import Iterator

from ormlint.decoding import decode
from ormlint.facts.code import Problem
from ormlint.lines import TooDeep, logical_lines


def meaning(data: bytes) -> str:
    """A digest that two files share where one is the other with other comments and formatting."""
    tree = _parsed(data)
    said = data if tree is None else "\n".join(_statements(tree)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()


def _parsed(data: bytes) -> ast.Module | None:
    """`None` where this Python cannot read the file: then every byte counts."""
    text = decode(data)
    if isinstance(text, Problem):
        return None
    try:
        logical_lines(text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _Bare().visit(ast.parse(text))  # type: ignore[no-any-return]
    except (SyntaxError, ValueError, RecursionError, MemoryError, TooDeep):
        return None


def _statements(tree: ast.Module) -> Iterator[str]:
    """The imports that are used, in an order of their own, then all else."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    yield from sorted(
        f"{ast.dump(alias)} {getattr(node, 'module', '')} {getattr(node, 'level', '')}"
        for node in imports
        for alias in node.names
        if alias.name == "*" or (alias.asname or alias.name.partition(".")[0]) in used
    )
    yield from (ast.dump(node) for node in tree.body if node not in imports)


class _Bare(ast.NodeTransformer):
    """Takes out docstrings, `pass`, and annotations."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Pass(self, _: ast.Pass) -> None:
        return None

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.generic_visit(ast.Assign([node.target], node.value))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node
