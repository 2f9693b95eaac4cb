"""A type as the source writes it, as plain data: what rules ask about once the machine is gone.

Numbers, texts, truth values and `None` stand as themselves.
"""

from __future__ import annotations

from typing import Union

from msgspec import Struct

from ormlint.findings import Place


class Name(Struct, frozen=True, gc=False, array_like=True, tag="n"):
    """A name of a package: `sqlalchemy.String`."""

    path: str


class Attribute(Struct, frozen=True, gc=False, array_like=True, tag="a"):
    """What its owner has at run time alone: `db.String`."""

    owner: Type
    name: str


class Call(Struct, frozen=True, gc=False, array_like=True, tag="c"):
    """`String(50)`, `Field(max_length=3)`."""

    callee: Type
    args: tuple[Type, ...] = ()
    kwargs: dict[str, Type] = {}
    open_keywords: bool = False
    """Unknown keywords (`**unknown`) were given too."""

    def arg(self, position: int, name: str) -> Type:
        """The argument given by position or by name."""
        return self.args[position] if position < len(self.args) else self.kwargs.get(name)


class Generic(Struct, frozen=True, gc=False, array_like=True, tag="g"):
    """`origin[args]`: `list[int]`, `Literal["a"]`."""

    origin: Type
    args: tuple[Type, ...]


class Either(Struct, frozen=True, gc=False, array_like=True, tag="e"):
    """`X | Y`."""

    members: tuple[Type, ...]


class Choice(Struct, frozen=True, gc=False, array_like=True, tag="m"):
    """A member of an Enum of the project."""

    value: Type


class Class(Struct, frozen=True, gc=False, array_like=True, tag="k"):
    """A class of the project, or of a package whose source is at hand."""

    id: str
    name: str
    place: Place
    annotated: bool
    """Its body annotates names, as that of a schema does."""
    roots: tuple[str, ...]
    """The packages that it comes from, and what a `TypeDecorator` is stored as; `""` for one not known."""
    enum: Enumeration | None = None


class Enumeration(Struct, frozen=True, gc=False, array_like=True):
    """What makes a class an Enum, and what it lists."""

    bases: tuple[str, ...]
    """What its MRO has of packages, by dotted name; a name ends in `?` where its package is not known."""
    project: tuple[str, ...]
    """Names of those that are the project's, itself left out."""
    members: dict[str, Type]
    total: bool
    """No `_missing_` finds a member for any other value."""

    @property
    def names(self) -> set[str]:
        """The last names of the classes of its MRO."""
        return {base.rpartition(".")[2].rstrip("?") for base in self.bases}.union(self.project)


class Other(Struct, frozen=True, gc=False, array_like=True, tag="o"):
    """Anything else: a function, a list, what is not known."""

    kind: str
    """The name of the class that stands for it."""
    name: str = ""


Type = Union[None, bool, int, float, str, Name, Attribute, Call, Generic, Either, Choice, Class, Other]


def symbol(of: Type) -> str:
    """The last name of what is called or referred to: `Column` of `sqlalchemy.Column` or `db.Column`."""
    if isinstance(of, Name):
        return of.path.rpartition(".")[2]
    if isinstance(of, Generic):
        return symbol(of.origin)
    return of.name if isinstance(of, (Attribute, Class, Other)) else ""


def root(of: Type) -> str:
    """The top-level package that a type comes from, `""` for the project's own."""
    while isinstance(of, (Attribute, Call, Generic)):
        of = of.owner if isinstance(of, Attribute) else of.callee if isinstance(of, Call) else of.origin
    return of.path.partition(".")[0] if isinstance(of, Name) else ""


def classes_in(of: Type, depth: int = 0) -> list[Class]:
    """The classes that a type is made of."""
    if isinstance(of, Class):
        return [of]
    if depth > MOST_NESTED:
        return []
    parts = of.args if isinstance(of, Generic) else of.members if isinstance(of, Either) else ()
    return [cls for part in parts for cls in classes_in(part, depth + 1)]


MOST_NESTED = 8
