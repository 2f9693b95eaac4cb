"""Types as text: `String(255)`, `Numeric(10, 2)`, `UUID(as_uuid=True)`, names without their module."""

from __future__ import annotations

from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.values import (
    Alternatives,
    ClassValue,
    EnumMember,
    External,
    Function,
    Made,
    Member,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip


def type_text(value: Value) -> str | None:
    """The text of a SQLAlchemy type; `None` where it is not settled."""
    if isinstance(value, Made):
        if isinstance(value.callee, Member) and value.callee.name == "with_variant":
            return type_text(value.callee.owner)
        name = symbol(value.callee)
        if not name or isinstance(value.callee, Function):
            return None
        parts = [_argument(arg) for arg in value.args]
        parts += [f"{key}={_argument(arg)}" for key, arg in value.kwargs.items()]
        return f"{name}({', '.join(parts)})"
    if isinstance(value, (External, ClassValue)):
        return f"{value.name}()"
    if isinstance(value, Member) and value.name[:1].isupper():
        return f"{value.name}()"
    return None


def _argument(value: Value) -> str:
    if isinstance(value, (Made, External, Member)):
        return type_text(value) or "..."
    if isinstance(value, ClassValue):
        return value.name
    if isinstance(value, (str, int, float)) or value is None:
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_argument(each) for each in value) + "]"
    return "..."


_NAMED = frozenset({External, ClassValue, Member})


def annotation_text(value: Value) -> str | None:
    """An annotation as a person would write it, names without their module; `None` where not settled."""
    if value is None:
        return "None"
    if type(value) in _NAMED:
        name: str = value.name
        return name
    if isinstance(value, Subscripted):
        origin = annotation_text(value.origin)
        args = [annotation_text(arg) or "..." for arg in value.args]
        return None if origin is None else f"{origin}[{', '.join(args)}]"
    if isinstance(value, Alternatives):
        members = [annotation_text(member) or "..." for member in value.members]
        return " | ".join(members)
    if isinstance(value, (str, int)):
        return repr(value)
    if isinstance(value, EnumMember):
        return f"{value.owner.name}.{value.name}"
    if isinstance(value, Unknown):
        return value.name
    return None
