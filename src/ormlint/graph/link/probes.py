"""Code that asks a row whether it has an attribute which its model does not have.

`getattr(user, "nick", None)` and `if hasattr(user, "nick"):` over a mapped class without `nick`: the default
is all that ever comes out, and what stands under the condition never runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.facts.code import Attr, Call, Cond, Const, Expr, If, Name, Op
from ormlint.facts.walk import walk
from ormlint.graph.link.known import Known
from ormlint.graph.link.parts import Parts
from ormlint.graph.link.variables import Variables


def is_never_there(value: Expr, known: Known, variables: Variables) -> bool:
    """Whether an expression is its constant default, since the row has no such attribute."""
    if isinstance(value, Call) and isinstance(value.func, Name) and value.func.id == "getattr":
        has_default = len(value.args) == 3 and isinstance(value.args[2], Const)
        return has_default and _probed(value, known, variables) is not None
    if isinstance(value, Cond) and isinstance(value.orelse, Const):
        return any(_tested(value.test, known, variables))
    return False


def unread(parts: Parts, known: Known, variables: Variables) -> Iterator[tuple[str, str, str]]:
    """(schema, model, field) for each field of an input that is read under such a condition alone."""
    dead: dict[tuple[str, str], str] = {}
    buried: set[int] = set()
    for branch in parts.of(If):
        models = list(_tested(branch.test, known, variables))
        for inner in walk([branch.test, *branch.body]) if models else ():
            schema = variables.schema(inner.value) if isinstance(inner, Attr) else None
            if schema is not None and isinstance(inner, Attr):
                dead[schema, inner.attr] = models[0]
                buried.add(id(inner))
    if not dead:
        return
    alive = {(variables.schema(part.value), part.attr) for part in parts.of(Attr) if id(part) not in buried}
    for (schema, name), model in dead.items():
        if (schema, name) not in alive:
            yield schema, model, name


def _tested(test: Expr, known: Known, variables: Variables) -> Iterator[str]:
    """The models of the rows that a condition asks in vain."""
    for each in test.args if isinstance(test, Op) and test.op == "and" else [test]:
        if isinstance(each, Call) and isinstance(each.func, Name) and each.func.id == "hasattr":
            model = _probed(each, known, variables)
            if model is not None:
                yield model


def _probed(call: Call, known: Known, variables: Variables) -> str | None:
    """The model of the row that a `getattr` or `hasattr` asks for what the model does not have."""
    if len(call.args) < 2 or not isinstance(call.args[1], Const):
        return None
    model = variables.model(call.args[0])
    return model if model is not None and known.lacks(model, str(call.args[1].value)) else None
