"""Displays of lists, tuples, sets and dicts, and comprehensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import libcst as cst

from ormlint.facts.code import Clause, Comprehension, Expr, Items, Mapping, Pair

if TYPE_CHECKING:
    from ormlint.extract.expressions import ExpressionReader


def items_reader(kind: str) -> Callable[[ExpressionReader, Any], Expr]:
    def read(reader: ExpressionReader, node: Any) -> Expr:
        line = reader.line
        opened = getattr(node, "lbracket", None) or getattr(node, "lbrace", None)
        if opened is not None:
            reader.space(opened.whitespace_after)
        items = reader.elements(node.elements)
        closed = getattr(node, "rbracket", None) or getattr(node, "rbrace", None)
        if closed is not None:
            reader.space(closed.whitespace_before)
        return Items(line, kind, items)

    return read


def read_dict(reader: ExpressionReader, node: cst.Dict) -> Expr:
    line = reader.line
    reader.space(node.lbrace.whitespace_after)
    pairs: list[Pair] = []
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            key = reader.read(element.key)
            reader.space(element.whitespace_before_colon)
            reader.space(element.whitespace_after_colon)
            pairs.append(Pair(key, reader.read(element.value)))
        elif isinstance(element, cst.StarredDictElement):
            reader.space(element.whitespace_before_value)
            pairs.append(Pair(None, reader.read(element.value)))
        reader.comma(element.comma)
    reader.space(node.rbrace.whitespace_before)
    return Mapping(line, pairs)


def comprehension_reader(kind: str) -> Callable[[ExpressionReader, Any], Expr]:
    def read(reader: ExpressionReader, node: Any) -> Expr:
        line = reader.line
        opened = getattr(node, "lbracket", None) or getattr(node, "lbrace", None)
        if opened is not None:
            reader.space(opened.whitespace_after)
        key = None
        if kind == "dict":
            key = reader.read(node.key)
            reader.space(node.whitespace_before_colon)
            reader.space(node.whitespace_after_colon)
            value = reader.read(node.value)
        else:
            value = reader.read(node.elt)
        clauses: list[Clause] = []
        part: cst.CompFor | None = node.for_in
        while part is not None:
            reader.space(part.whitespace_before)
            target = reader.read(part.target)
            reader.space(part.whitespace_before_in)
            reader.space(part.whitespace_after_in)
            iterable = reader.read(part.iter)
            tests = []
            for test in part.ifs:
                reader.space(test.whitespace_before)
                tests.append(reader.read(test.test))
            clauses.append(Clause(target, iterable, tests))
            part = part.inner_for_in
        closed = getattr(node, "rbracket", None) or getattr(node, "rbrace", None)
        if closed is not None:
            reader.space(closed.whitespace_before)
        return Comprehension(line, kind, key, value, clauses)

    return read
