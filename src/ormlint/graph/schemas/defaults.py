"""Defaults whose value is not settled: a plain value, or perhaps a `Field(...)` that a function gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ormlint.facts import code
from ormlint.facts.walk import walk
from ormlint.graph.machine.imports import absolute
from ormlint.graph.machine.origins import root
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import ClassValue, External, Function, ModuleValue, Value

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_MAKERS = frozenset({
    "bool", "bytes", "dict", "float", "frozenset", "int", "len", "list", "max", "min", "range", "round",
    "set", "sorted", "str", "sum", "tuple",
})  # fmt: skip
"""Built-in names whose calls give plain values."""
_PLAIN = frozenset(
    {
        "datetime",
        "decimal",
        "json",
        "os",
        "pathlib",
        "platform",
        "secrets",
        "socket",
        "tempfile",
        "time",
        "uuid",
    }
)
"""Modules of the standard library all of whose calls do."""
_TYPES = _PLAIN | {"builtins", "collections", "enum", "ipaddress", "typing"}
_ANYTHING = frozenset({"Any", "TypeVar", "object"})
_HOPS = 8


def may_be_a_field(machine: Machine, written: code.Expr | None, scope: Scope) -> bool:
    """Whether what an expression gives may be one, as names tell and what functions say that they return."""
    for _ in range(_HOPS):
        if not isinstance(written, code.Name):
            break
        written, scope = _assigned(machine, written.id, scope)
    if not isinstance(written, code.Call):
        return written is None or isinstance(written, code.Name)
    if isinstance(written.func, code.Attr) and isinstance(written.func.value, code.Const):
        return False  # `" ".join(…)`
    callee = machine.evaluate(written.func, scope)
    if isinstance(callee, Function):
        return not _returns_plain_values(machine, callee)
    if isinstance(callee, External) and callee.root == "builtins":
        return callee.name not in _MAKERS
    return root(callee) not in _PLAIN


def _assigned(machine: Machine, name: str, scope: Scope) -> tuple[code.Expr | None, Scope]:
    """The expression that a module's constant is assigned, and the module's names; through imports."""
    found = scope.find(name)
    module: ModuleValue | None = found[0].module if found is not None and found[0].kind == "module" else None
    for _ in range(_HOPS):
        facts = machine.modules.facts(module) if module is not None else None
        given = [each for statement in facts.body for each in _given(statement, name)] if facts else []
        if module is None or len(given) != 1:
            break
        value = given[0]
        if not isinstance(value, tuple):
            return value, Scope("module", module.namespace, module)
        source, level, name = value
        target = absolute(module, source, level)
        module = machine.modules.find(target, module) if target is not None else None
    return None, scope


def _given(statement: code.Stmt, name: str) -> Iterator[code.Expr | tuple[str, int, str]]:
    """What a statement assigns to a name, or from where it imports it."""
    targets: Sequence[code.Expr] = ()
    if isinstance(statement, code.ImportFrom):
        for alias in statement.names:
            if (alias.asname or alias.name) == name:
                yield statement.module, statement.level, alias.name
    elif isinstance(statement, code.Assign):
        targets = statement.targets
    elif isinstance(statement, code.Annotated):
        targets = (statement.target,)
    if any(isinstance(target, code.Name) and target.id == name for target in targets):
        value = statement.value if isinstance(statement, (code.Assign, code.Annotated)) else None
        if value is not None:
            yield value


def _returns_plain_values(machine: Machine, function: Function) -> bool:
    """Whether it says of what type its values are, and that is none of Pydantic's."""
    node = function.node
    returns = node.returns if isinstance(node, code.FunctionDef) else None
    if returns is None or function.decorators:
        return False
    parts = list(walk([returns]))
    if any(isinstance(each, code.Attr) and each.attr in _ANYTHING for each in parts):
        return False
    scope = Scope("module", function.module.namespace, function.module)
    names = [machine.evaluate(each, scope) for each in parts if isinstance(each, code.Name)]
    return bool(names) and all(map(_is_plain_type, names))


def _is_plain_type(value: Value) -> bool:
    if isinstance(value, External):
        return value.root in _TYPES and value.name not in _ANYTHING
    return isinstance(value, ClassValue)
