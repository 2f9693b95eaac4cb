"""What an expression can be worth to the static evaluator.

Known strings, numbers, lists, tuples, dicts and sets are Python's own; everything else is one of these
classes. Nothing of the project is ever imported or run.

The `repr` of each names what it is and leaves out what surrounds it: through a scope that would be all
of the project.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ormlint.facts.code import ClassDef, Expr, FunctionDef, Lambda
from ormlint.findings import Place

if TYPE_CHECKING:
    from ormlint.graph.machine.scope import Scope

Value = Any
"""A native value or an instance of a class of this module."""

NOWHERE = Place("", 0)


class Unknown:
    """What the source does not settle, and why."""

    __slots__ = ("name", "place", "reason")

    def __init__(self, reason: str, place: Place = NOWHERE, name: str | None = None) -> None:
        self.reason = reason
        self.place = place
        self.name = name

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r})"


HOLE = "\ufffd"
"""Stands in a partial text for what is not known."""


class Partial(Unknown):
    """A text of which parts are known; `HOLE` stands for the others.

    `without` are texts that are certain to be in no part that is not known.
    """

    __slots__ = ("text", "without")

    def __init__(
        self, text: str, reason: str, place: Place = NOWHERE, without: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(reason, place)
        self.text = text
        self.without = without

    @property
    def beginning(self) -> str:
        """What is known up to the first part that is not."""
        return self.text.partition(HOLE)[0]


class External:
    """A name of a package that is not the project's: `sqlalchemy.Column`."""

    __slots__ = ("_hash", "module", "name", "path", "root")

    def __init__(self, path: str) -> None:
        self.path = path
        self.module, _, self.name = path.rpartition(".")
        self.root = path.partition(".")[0]
        self._hash = hash(path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, External) and other.path == self.path

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"External({self.path!r})"


class Member(Struct, eq=False):
    """An attribute that its owner has at run time and no source shows: `Base.metadata`, `table.c`."""

    owner: Value
    name: str
    attributes: dict[str, Value] = {}

    def __repr__(self) -> str:
        return f"Member({self.owner!r}, {self.name!r})"


class Made(Struct, eq=False):
    """The outcome of a call that is not followed: `Column(String, nullable=False)`, an instance."""

    callee: Value
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    place: Place
    attributes: dict[str, Value] = {}
    open_keywords: bool = False
    """Unknown keywords (`**unknown`) were given too."""
    conditional: bool = False
    """Recorded under a condition that is not settled."""
    weight: int = 0
    """How many values it holds, once they are counted."""
    begun: Any = None
    """What it held when its `__init__` had run."""

    def __repr__(self) -> str:
        return f"Made({self.callee!r}, {self.args!r}, {self.kwargs!r}, {self.place})"

    def arg(self, position: int, name: str, default: Value = None) -> Value:
        """The argument given by position or by name."""
        if position < len(self.args):
            return self.args[position]
        return self.kwargs.get(name, default)


class Binding(Struct, eq=False):
    """One annotated name of a class body."""

    annotation: Expr
    place: Place
    scope: Scope
    has_value: bool
    other: Binding | None = None
    """What another branch of an unsettled condition, or the body before it, says."""
    conditional: bool = False


class ClassValue(Struct, eq=False):
    """A class of the project (or of a stub)."""

    node: ClassDef
    module: ModuleValue
    qualname: str
    place: Place
    bases: tuple[Value, ...]
    keywords: dict[str, Value]
    decorators: tuple[Value, ...]
    namespace: dict[str, Value] = {}
    annotations: dict[str, Binding] = {}
    places: dict[str, Place] = {}
    assigned_later: dict[str, Value] = {}
    """Attributes assigned after the class statement."""
    attributes: dict[str, Value] = {}
    """Symbolic members, each the same object at every look-up."""
    scope: Scope | None = None
    linear: list[Value] | None = None
    conditional: bool = False
    """Declared under a condition that is not settled."""
    announced: bool = False
    """The `__init_subclass__` of its bases was run."""
    position: int = 0
    """How many calls were recorded before it: what came first."""
    id: str = ""

    def __post_init__(self) -> None:
        self.id = f"{self.module.name}.{self.qualname}"

    @property
    def name(self) -> str:
        return self.node.name

    def __repr__(self) -> str:
        return f"ClassValue({self.id})"


class Function(Struct, eq=False):
    """A function or lambda of the project, not yet called."""

    node: FunctionDef | Lambda
    scope: Scope
    module: ModuleValue
    decorators: tuple[Value, ...] = ()
    owner: ClassValue | None = None
    defaults: dict[str, Value] = {}

    @property
    def name(self) -> str:
        return self.node.name if isinstance(self.node, FunctionDef) else "<lambda>"

    def __repr__(self) -> str:
        return f"Function({self.module.name}.{self.name}:{self.node.line})"

    def decorated_by(self, *names: str) -> bool:
        """Whether a decorator has one of the names (`property`, `declared_attr`, …)."""
        return any(name in names for decorator in self.decorators for name in decorator_names(decorator))


def decorator_names(value: Value) -> Iterator[str]:
    """The names of a decorator from its last part upwards: `declared_attr.directive` gives both."""
    if isinstance(value, Made):
        value = value.callee
    if isinstance(value, External):
        yield from reversed(value.path.split("."))
    elif isinstance(value, Member):
        yield value.name
        yield from decorator_names(value.owner)
    elif isinstance(value, Function):
        yield value.name
    elif isinstance(value, ClassValue):
        yield value.name
        for base in value.bases:
            yield from decorator_names(base)


class BoundMethod(Struct, eq=False):
    function: Value
    receiver: Value


class NativeMethod(Struct, eq=False):
    """A method of a native value: `"x".lower`, `columns.append`."""

    receiver: Value
    name: str


class ModuleValue(Struct, eq=False):
    """A module of the project; `state` is `new`, `running` or `done`."""

    name: str
    path: str
    namespace: dict[str, Value] = {}
    places: dict[str, Place] = {}
    classes: list[ClassValue] = []
    state: str = "new"
    is_package: bool = False
    is_stub: bool = False
    """It tells of a package: a stub of ours, or the package's own source."""
    is_installed: bool = False
    """The package's own source."""

    def __repr__(self) -> str:
        return f"ModuleValue({self.name})"


class ImportRef(Struct, eq=False):
    """A name that an import binds, resolved at its first use."""

    module: str
    attr: str | None
    importer: ModuleValue
    line: int
    found: Value = None
    """What it was resolved to where the name was last used."""


class Subscripted(Struct, frozen=True):
    """`origin[args]`: `Mapped[int]`, `CRUDBase[Item, ItemCreate]`."""

    origin: Value
    args: tuple[Value, ...]


class Alternatives(Struct, frozen=True):
    """`X | Y` between types."""

    members: tuple[Value, ...]


class TypeAliasValue(Struct, eq=False):
    """`type Name = value`; `value` is evaluated at its first use."""

    name: str
    value: Expr
    scope: Scope
    resolving: bool = False

    def __repr__(self) -> str:
        return f"TypeAliasValue({self.scope.module.name}.{self.name})"


class EnumMember(Struct, frozen=True):
    """A member of an Enum class of the project."""

    owner: ClassValue
    name: str
    value: Value


def known(value: Value) -> bool:
    """Whether a value is settled (its parts need not be)."""
    return not isinstance(value, Unknown)
