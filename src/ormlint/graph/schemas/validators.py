"""Which fields a schema's validators see before Pydantic does, and what replaces its way of building."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.values import ClassValue, EnumMember, Function, Made, Value

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_EARLY = frozenset({"before", "wrap", "plain"})
_DECORATORS = frozenset(
    {"computed_field", "field_validator", "validator", "model_validator", "root_validator"}
)
_BUILDERS = frozenset({
    "from_orm", "model_validate", "__init__", "parse_obj", "__get_validators__",
    "__get_pydantic_core_schema__", "_decompose_class",
})  # fmt: skip


class Early(Struct, frozen=True):
    """`fields` are validated before (`*` for all); `whole` says that the whole input is."""

    fields: frozenset[str]
    whole: bool
    computed: tuple[str, ...]
    builders: frozenset[str]
    checked: frozenset[str]
    """Fields that any validator looks at, before or after; `*` for all."""
    on_defaults: frozenset[str]
    """Those of them whose validator runs on a default, too; `*` for all."""


def read(machine: Machine, cls: ClassValue) -> Early:
    """What the methods of a class and its bases do.

    A method hides one of its name in a base, but what Pydantic's decorators made of the base's stays
    (`DecoratorInfos.build` in 2, `inherit_validators` in 1).
    """
    methods: dict[str, Value] = {}
    for owner in reversed(mro(machine, cls)):
        for name, value in owner.namespace.items() if isinstance(owner, ClassValue) else ():
            if type(value) not in (Function, Made):
                continue
            if name not in methods or _is_known(value) or not _is_known(methods[name]):
                methods[name] = value
    fields: set[str] = set()
    checked: set[str] = set()
    on_defaults: set[str] = set()
    whole = False
    computed: list[str] = []
    for name, method in methods.items():
        for decorator in _decorators(method):
            kind = symbol(decorator.callee if isinstance(decorator, Made) else decorator)
            if kind == "computed_field":
                computed.append(name)
            elif kind in ("field_validator", "validator") and isinstance(decorator, Made):
                named = {arg for arg in decorator.args if isinstance(arg, str)}
                looked_at = named if len(named) == len(decorator.args) else {"*"}
                checked |= looked_at
                on_defaults |= looked_at if decorator.kwargs.get("always") not in (None, False) else set()
                fields |= named if _is_early(decorator) else set()
            elif kind in ("model_validator", "root_validator") and isinstance(decorator, Made):
                checked.add("*")
                whole = whole or _is_early(decorator)
    builders = frozenset(name for name in methods.keys() & _BUILDERS if isinstance(methods[name], Function))
    return Early(
        frozenset(fields), whole, tuple(computed), builders, frozenset(checked), frozenset(on_defaults)
    )


def _is_known(method: Value) -> bool:
    """Whether a decorator of Pydantic's says what the method is for."""
    return any(
        symbol(each.callee if isinstance(each, Made) else each) in _DECORATORS for each in _decorators(method)
    )


def _decorators(value: Value) -> tuple[Value, ...]:
    """The decorators of a function, and `validator(...)(function)` called by hand."""
    if isinstance(value, Function):
        return value.decorators
    return (value.callee,) if isinstance(value, Made) and isinstance(value.callee, Made) else ()


def _is_early(decorator: Made) -> bool:
    mode = decorator.kwargs.get("mode")
    if isinstance(mode, EnumMember):
        mode = mode.value
    return (isinstance(mode, str) and mode in _EARLY) or decorator.kwargs.get("pre") is True
