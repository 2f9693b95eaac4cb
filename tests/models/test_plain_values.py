"""Values of the evaluator that are written down and read again are the same values."""

from __future__ import annotations

import msgspec
import pytest

from ormlint.extract import extract
from ormlint.graph.machine import Machine, Modules
from ormlint.graph.machine.plain import NotPlainError, plain, value_of
from ormlint.graph.machine.values import ClassValue, EnumMember, Function, Made, Member, Value
from ormlint.graph.sources import Sources

SOURCE = """
import enum
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

class Kind(enum.Enum):
    one = 1

def unknown(): ...
def local():
    def within(): ...
    return within

number = sa.Numeric(10, scale=2)
listed = sa.Enum("a", "b", name="kind")
listed.create(None)
of_class = sa.Enum(Kind)
member = Kind.one
variant = sa.JSON().with_variant(postgresql.JSONB, "postgresql")
optional = list[int] | None
native = [1, (2.5, b"x"), {"a": {"b"}}, frozenset({3}), True, None]
unsettled = sa.String(later())
text = f"of {later()}"
function = unknown
inner = [unknown, local()]
twice = sa.Enum(Kind, values_callable=lambda kind: [])
"""


@pytest.fixture(scope="module")
def machine() -> Machine:
    def load(path: str) -> object:
        return extract(SOURCE.encode())

    sources = Sources((), (), load, load, lambda _: None, lambda *_: None, lambda path: "types")  # type: ignore[arg-type]
    made = Machine(Modules(sources, lambda _: None))
    made.execute(made.modules.at("types.py"))
    return made


def shape(value: Value) -> object:
    """A value as something that compares by content."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return type(value), [shape(each) for each in value]
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, Made):
        parts = (value.callee, value.args, value.kwargs)
        return "made", [shape(each) for each in parts], value.open_keywords
    if isinstance(value, Member):
        return "member", shape(value.owner), value.name
    if isinstance(value, EnumMember):
        return "enum", shape(value.owner), value.name, shape(value.value)
    if isinstance(value, (ClassValue, Function)) or value is None:
        return value
    return repr(value)


@pytest.mark.parametrize(
    "name",
    [
        "number",
        "listed",
        "of_class",
        "member",
        "variant",
        "optional",
        "native",
        "unsettled",
        "text",
        "Kind",
        "function",
    ],
)
def test_there_and_back(machine: Machine, name: str) -> None:
    value = machine.module_attribute(machine.modules.at("types.py"), name)
    data = msgspec.msgpack.decode(msgspec.msgpack.encode(plain(value)))
    assert shape(value_of(machine, data)) == shape(value)


@pytest.mark.parametrize("name", ["twice", "inner"])
def test_what_only_a_run_can_hold(machine: Machine, name: str) -> None:
    value = machine.module_attribute(machine.modules.at("types.py"), name)
    with pytest.raises(NotPlainError):
        plain(value)
