"""Operators, and the expressions that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from ormlint.extract.ast_expressions import joined
from ormlint.facts.code import Const, Expr, Op
from ormlint.facts.limits import MIN_NUMBER

if TYPE_CHECKING:
    from ormlint.extract.expressions import ExpressionReader

_OPERATORS: dict[type, str] = {
    cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//",
    cst.Modulo: "%", cst.Power: "**", cst.BitOr: "|", cst.BitAnd: "&", cst.BitXor: "^",
    cst.LeftShift: "<<", cst.RightShift: ">>", cst.MatrixMultiply: "@", cst.And: "and", cst.Or: "or",
    cst.Not: "not", cst.Minus: "neg", cst.Plus: "pos", cst.BitInvert: "inv",
    cst.Equal: "==", cst.NotEqual: "!=", cst.LessThan: "<", cst.LessThanEqual: "<=",
    cst.GreaterThan: ">", cst.GreaterThanEqual: ">=", cst.In: "in", cst.NotIn: "not in",
    cst.Is: "is", cst.IsNot: "is not",
    cst.AddAssign: "+", cst.SubtractAssign: "-", cst.MultiplyAssign: "*", cst.DivideAssign: "/",
    cst.FloorDivideAssign: "//", cst.ModuloAssign: "%", cst.PowerAssign: "**", cst.BitOrAssign: "|",
    cst.BitAndAssign: "&", cst.BitXorAssign: "^", cst.LeftShiftAssign: "<<", cst.RightShiftAssign: ">>",
    cst.MatrixMultiplyAssign: "@",
}  # fmt: skip


def operator(node: cst.CSTNode) -> str:
    """The text of an operator, `?` for one that no rule needs."""
    return _OPERATORS.get(type(node), "?")


def read_binary(reader: ExpressionReader, node: Any) -> Expr:
    # A sum of thousands of terms leans left: unrolled, it needs no recursion.
    line = reader.line
    chain: list[Any] = [node]
    while isinstance(chain[-1].left, (cst.BinaryOperation, cst.BooleanOperation)) and not chain[-1].left.lpar:
        chain.append(chain[-1].left)
    value = reader.read(chain[-1].left)
    for link in reversed(chain):
        reader.space(getattr(link.operator, "whitespace_before", None))
        reader.space(getattr(link.operator, "whitespace_after", None))
        value = joined(line, operator(link.operator), value, reader.read(link.right))
    return value


def read_unary(reader: ExpressionReader, node: cst.UnaryOperation) -> Expr:
    line = reader.line
    reader.space(node.operator.whitespace_after)
    operand = reader.read(node.expression)
    if (
        isinstance(node.operator, cst.Minus)
        and isinstance(operand, Const)
        and type(operand.value) in (int, float)
    ):
        value = -operand.value  # type: ignore[operator]
        if type(value) is float or value >= MIN_NUMBER:
            return Const(line, value)
    return Op(line, operator(node.operator), [operand])


def read_comparison(reader: ExpressionReader, node: cst.Comparison) -> Expr:
    line = reader.line
    left = reader.read(node.left)
    tests: list[Expr] = []
    for target in node.comparisons:
        reader.space(getattr(target.operator, "whitespace_before", None))
        reader.space(getattr(target.operator, "whitespace_after", None))
        right = reader.read(target.comparator)
        tests.append(Op(line, operator(target.operator), [left, right]))
        left = right
    return tests[0] if len(tests) == 1 else Op(line, "and", tests)
