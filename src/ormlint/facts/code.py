"""What a file says: Python source as compact, frozen, serialisable data.

Every node carries the line it starts on (from 1). Statements whose target a finding may point at also
carry columns (from 1; `end` is the column after the last character). The structs are encoded as
arrays, so that a cache can hold them and decode them fast, as data that cannot run code.
"""

from __future__ import annotations

from typing import Union

import msgspec

from ormlint.facts.comments import Comment


class Node(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Base of all nodes."""

    line: int


class Const(Node, frozen=True, array_like=True, gc=False, tag="c"):
    value: Union[str, int, float, bool, None]


class Name(Node, frozen=True, array_like=True, gc=False, tag="n"):
    id: str


class Attr(Node, frozen=True, array_like=True, gc=False, tag="a"):
    value: Expr
    attr: str


class Keyword(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`name=value` of a call or a class statement; `name` is `None` for `**value`."""

    name: Union[str, None]
    value: Expr


class Call(Node, frozen=True, array_like=True, gc=False, tag="f"):
    func: Expr
    args: list[Expr]
    keywords: list[Keyword]


class Items(Node, frozen=True, array_like=True, gc=False, tag="i"):
    """A list, tuple or set display; `kind` is its type's name."""

    kind: str
    items: list[Expr]


class Pair(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An item of a dict display; `key` is `None` for `**value`."""

    key: Union[Expr, None]
    value: Expr


class Mapping(Node, frozen=True, array_like=True, gc=False, tag="m"):
    items: list[Pair]


class Index(Node, frozen=True, array_like=True, gc=False, tag="x"):
    value: Expr
    index: Expr


class Slice(Node, frozen=True, array_like=True, gc=False, tag="s"):
    lower: Union[Expr, None]
    upper: Union[Expr, None]
    step: Union[Expr, None]


class Op(Node, frozen=True, array_like=True, gc=False, tag="o"):
    """An operator on its operands; unary minus, plus and inversion are `neg`, `pos` and `inv`."""

    op: str
    args: list[Expr]


class Cond(Node, frozen=True, array_like=True, gc=False, tag="t"):
    test: Expr
    body: Expr
    orelse: Expr


class Piece(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A replacement field of an f-string."""

    value: Expr
    conversion: str
    spec: str


class FString(Node, frozen=True, array_like=True, gc=False, tag="g"):
    parts: list[Union[str, Piece]]


class Clause(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`for target in iterable if …` of a comprehension."""

    target: Expr
    iterable: Expr
    tests: list[Expr]


class Comprehension(Node, frozen=True, array_like=True, gc=False, tag="h"):
    """`kind` is `list`, `set`, `dict` or `generator`; `key` is there for `dict` alone."""

    kind: str
    key: Union[Expr, None]
    value: Expr
    clauses: list[Clause]


class Param(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`kind`: `positional`, `keyword`, `args` or `kwargs`."""

    name: str
    kind: str
    default: Union[Expr, None]
    annotation: Union[Expr, None]


class Lambda(Node, frozen=True, array_like=True, gc=False, tag="l"):
    params: list[Param]
    body: Expr


class Star(Node, frozen=True, array_like=True, gc=False, tag="*"):
    value: Expr


class Walrus(Node, frozen=True, array_like=True, gc=False, tag="w"):
    target: str
    value: Expr


class Opaque(Node, frozen=True, array_like=True, gc=False, tag="?"):
    """An expression that no rule needs the meaning of."""

    what: str


Expr = Union[
    Const, Name, Attr, Call, Items, Mapping, Index, Slice, Op, Cond, FString, Comprehension, Lambda, Star,
    Walrus, Opaque,
]  # fmt: skip


class Assign(Node, frozen=True, array_like=True, gc=False, tag="="):
    column: int
    end: int
    targets: list[Expr]
    value: Expr


class Annotated(Node, frozen=True, array_like=True, gc=False, tag=":"):
    column: int
    end: int
    target: Expr
    annotation: Expr
    value: Union[Expr, None]


class Augmented(Node, frozen=True, array_like=True, gc=False, tag="+"):
    target: Expr
    op: str
    value: Expr


class Do(Node, frozen=True, array_like=True, gc=False, tag="!"):
    """An expression statement; docstrings and other bare constants are left out."""

    value: Expr


class Return(Node, frozen=True, array_like=True, gc=False, tag="r"):
    value: Union[Expr, None]


class Raise(Node, frozen=True, array_like=True, gc=False, tag="R"):
    value: Union[Expr, None]


class If(Node, frozen=True, array_like=True, gc=False, tag="I"):
    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


class For(Node, frozen=True, array_like=True, gc=False, tag="F"):
    target: Expr
    iterable: Expr
    body: list[Stmt]
    orelse: list[Stmt]


class While(Node, frozen=True, array_like=True, gc=False, tag="W"):
    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


class WithItem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    value: Expr
    target: Union[Expr, None]


class With(Node, frozen=True, array_like=True, gc=False, tag="V"):
    items: list[WithItem]
    body: list[Stmt]


class Handler(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`except type as name`."""

    type: Union[Expr, None]
    name: Union[str, None]
    body: list[Stmt]


class Try(Node, frozen=True, array_like=True, gc=False, tag="T"):
    body: list[Stmt]
    handlers: list[Handler]
    orelse: list[Stmt]
    final: list[Stmt]


class Alias(msgspec.Struct, frozen=True, array_like=True, gc=False):
    name: str
    asname: Union[str, None]


class Import(Node, frozen=True, array_like=True, gc=False, tag="J"):
    names: list[Alias]


class ImportFrom(Node, frozen=True, array_like=True, gc=False, tag="K"):
    """`level` counts the leading dots; a star import is the name `*`."""

    module: str
    level: int
    names: list[Alias]


class FunctionDef(Node, frozen=True, array_like=True, gc=False, tag="D"):
    column: int
    end: int
    name: str
    params: list[Param]
    decorators: list[Expr]
    returns: Union[Expr, None]
    body: list[Stmt]
    yields: bool
    left_out: bool = False
    """The body was not read; ask for the whole file's facts."""


class TypeParameter(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`T` of `class Page[T: bound = default]`; `kind` is the name of its class in `typing`."""

    name: str
    kind: str
    bound: Union[Expr, None]
    default: Union[Expr, None]


class ClassDef(Node, frozen=True, array_like=True, gc=False, tag="C"):
    column: int
    end: int
    name: str
    bases: list[Expr]
    keywords: list[Keyword]
    decorators: list[Expr]
    body: list[Stmt]
    parameters: list[TypeParameter] = []


class TypeAlias(Node, frozen=True, array_like=True, gc=False, tag="A"):
    """`type name = value`."""

    name: str
    value: Expr


class Delete(Node, frozen=True, array_like=True, gc=False, tag="X"):
    targets: list[Expr]


class Jump(Node, frozen=True, array_like=True, gc=False, tag="j"):
    """`break` or `continue`."""

    kind: str


class Case(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A case of a `match`: its value where the pattern is one, its names where it captures."""

    pattern: Union[Expr, None]
    captures: bool
    guard: Union[Expr, None]
    body: list[Stmt]


class Match(Node, frozen=True, array_like=True, gc=False, tag="M"):
    subject: Expr
    cases: list[Case]


Stmt = Union[
    Assign, Annotated, Augmented, Do, Return, Raise, If, For, While, With, Try, Import, ImportFrom,
    FunctionDef, ClassDef, TypeAlias, Delete, Jump, Match,
]  # fmt: skip


class Problem(msgspec.Struct, frozen=True, array_like=True):
    """Why a file cannot be read, where, and what to do about it."""

    line: int
    column: int
    reason: str
    advice: str


class FileFacts(msgspec.Struct, frozen=True, array_like=True):
    """All that one file says; it depends on the file's bytes alone."""

    body: list[Stmt]
    problem: Union[Problem, None] = None
    comments: list[Comment] = []
