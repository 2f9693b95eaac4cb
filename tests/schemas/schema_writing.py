"""Random modules of schemas, as text, in the style of Pydantic 2 or of Pydantic 1."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st
from schema_bodies import TYPES, TYPES_1, TYPES_2, bodies, configs, names, picks

HEADER = """\
{future}import dataclasses as stdlib
import datetime
import enum
from dataclasses import field
import re
from collections.abc import Hashable
from typing import Annotated, Any, ClassVar, Dict, Generic, List, Literal, NewType, Optional, Pattern, Tuple
from typing import TypeVar, Union

"""
HEADER_2 = """\
from PYDANTIC import (
    AliasChoices, AliasGenerator, AliasPath, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr,
    Json, JsonValue, RootModel, SkipValidation, Strict, StrictStr, computed_field, conint, constr,
    create_model, field_validator,
)
from pydantic.alias_generators import to_camel, to_pascal
from pydantic.dataclasses import dataclass
from typing_extensions import TypeAliasType
"""
HEADER_1 = """\
from PYDANTIC import (
    BaseModel, Extra, Field, Json, PrivateAttr, SecretStr, conint, constr, create_model, validator
)
from PYDANTIC.generics import GenericModel
"""
SHARED = """
Maybe = Optional[int]
UserId = NewType("UserId", int)
T = TypeVar("T")
U = TypeVar("U")


class Color(enum.Enum):
    RED = "red"


def shout(name: str) -> str:
    return "-".join([part.upper() for part in name.split("_")])


def prefixed(name):
    return f"x_{name}" if len(name) > 1 else name


def joined(name):
    return re.sub(r"_+(\\w)", lambda match: match.group(1).upper(), name)


class Later(BaseModel):
    a: int = 1


class Common:
    title = "common"
"""
SHARED_2 = """
Short = Annotated[str, Field(max_length=5)]
Alias = TypeAliasType("Alias", Optional[int])


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


class Blank(enum.Enum):
    nothing = None
    one = 1


class Rooted(RootModel[Optional[int]]):
    pass


SHARED = {"from_attributes": True}


def partial_of(name, model):
    fields = {key: (Optional[field.annotation], None) for key, field in model.model_fields.items()}
    return create_model(name, __module__=model.__module__, **fields)


def required_of(name, model):
    fields = {}
    for key, field in model.model_fields.items():
        fields[key] = (field.annotation, ... if field.is_required() else field.default)
    return create_model(name, __base__=model, __module__=model.__module__, **fields)
"""
NAMES = "T, U, Color, Common, Later, Maybe, UserId, joined, prefixed, shout"
NAMES_2 = ", SHARED, Alias, Blank, Cat, Dog, Rooted, Short, partial_of, required_of"


@dataclass
class Class:
    """A class on its way into a module."""

    name: str
    bases: list[str]
    body: list[str] = field(default_factory=list)
    kind: str = "model"
    parameters: int = 0
    decorator: str = ""
    made: str = ""
    """The call that makes the class, where no class statement does."""

    def text(self) -> str:
        if self.made:
            return f"{self.name} = {self.made}"
        head = f"class {self.name}({', '.join(self.bases)}):" if self.bases else f"class {self.name}:"
        return "\n".join(
            [*filter(None, [self.decorator]), head, *(f"    {x}" for x in self.body or ["pass"])]
        )


@st.composite
def classes(draw: st.DrawFn, number: int, known: list[Class], two: bool, types: list[str]) -> Class:
    """A class of some kind that may inherit from those before it."""
    models = [each for each in known if each.kind == "model" and not each.parameters]
    mixins = [each for each in known if each.kind == "mixin"]
    generics = [each for each in known if each.parameters]
    kind = draw(picks(["model"] * 6 + ["mixin", "generic", "root", "dataclass", "created", "helped"]))
    if kind == "helped" and not (models and two):
        kind = "model"
    name = f"Class{number}"
    body = draw(bodies(two, types))
    if kind == "mixin":
        return Class(name, [], body, "mixin")
    if kind == "root":
        return draw(root(name, two, types))
    if kind == "dataclass" and two:
        return draw(dataclasses(name, body, [each.name for each in known if each.kind == "dataclass"]))
    if kind == "generic":
        count = draw(picks([1, 2]))
        some = ["item: T", "items: List[T]", "maybe: Optional[T]", "pair: Dict[str, U]"][: 3 + (count > 1)]
        body += draw(st.lists(picks(some), min_size=1, unique=True))
        base = "BaseModel" if two else "GenericModel"
        letters = "T, U" if count == 2 else "T"
        return Class(name, [base, f"Generic[{letters}]"], body, "model", count)
    bases = [each.name for each in draw(st.lists(picks(models), max_size=2, unique_by=id))] if models else []
    if generics and draw(picks([True, False])):
        chosen = draw(picks(generics))
        given = [
            draw(arguments([each.name for each in generics if each.parameters == 1]))
            for _ in range(chosen.parameters)
        ]
        bases = [f"{chosen.name}[{', '.join(given)}]"]
    if kind == "created":
        return draw(created(name, bases, two))
    if kind == "helped":
        return draw(helped(name, [each.name for each in models]))
    bases = bases or ["BaseModel"]
    if mixins and draw(st.booleans()):
        mixed = draw(picks(mixins)).name
        bases = [mixed, *bases] if draw(st.booleans()) else [*bases, mixed]
    return draw(declared(name, bases, body, two))


@st.composite
def root(draw: st.DrawFn, name: str, two: bool, types: list[str]) -> Class:
    hint = draw(picks([each for each in types if each != "Any" and "default" not in each]))
    if two:
        return Class(name, [f"RootModel[{hint}]"] if "'" not in hint else ["RootModel[int]"], [], "root")
    return Class(name, ["BaseModel"], [f"__root__: {hint}"], "root")


@st.composite
def declared(draw: st.DrawFn, name: str, bases: list[str], body: list[str], two: bool) -> Class:
    """A class statement with a configuration and methods."""
    lines, keywords = draw(configs(two))
    body = [*lines, *body]
    if draw(picks([True, False, False])) and two:
        shown = draw(picks(["shown", f"shown_by_{name.lower()}"]))
        body += ["@computed_field", "@property", f"def {shown}(self) -> int:", "    return 1"]
    elif draw(picks([True, False, False, False])):
        body += ["@property", "def shown(self) -> int:", "    return 2"]
    if draw(picks([True, False, False, False])):
        mark = (
            "@field_validator('a', mode='before', check_fields=False)\n    @classmethod"
            if two
            else "@validator('a', pre=True, check_fields=False, allow_reuse=True)"
        )
        body += [mark, "def mend(cls, value):", "    return value"]
    return Class(name, [*bases, *keywords], body)


@st.composite
def arguments(draw: st.DrawFn, generics: list[str]) -> str:
    """What a type parameter is given: a type, or another generic that is given one."""
    plain = draw(picks(["int", "Optional[str]", "Later", "Color", "List[int]"]))
    return f"{draw(picks(generics))}[{plain}]" if generics and draw(st.booleans()) else plain


@st.composite
def helped(draw: st.DrawFn, name: str, models: list[str]) -> Class:
    """A schema that a helper makes of the fields of another."""
    helper = draw(picks(["partial_of", "required_of"]))
    return Class(name, [], made=f"{helper}({name!r}, {draw(picks(models))})")


@st.composite
def dataclasses(draw: st.DrawFn, name: str, body: list[str], known: list[str]) -> Class:
    plain = [line for line in body if "Private" not in line and "[]" not in line and "default" not in line]
    if draw(picks([True, False])):
        plain.append("made: list[int] = field(default_factory=list)")
    marks = ["@dataclass", "@dataclass", "@dataclass(kw_only=True)"]
    marks += ["@dataclass(kw_only=True, config=ConfigDict(from_attributes=True))"]
    marks += ["@stdlib.dataclass(kw_only=True)"]
    mark = draw(picks(marks))
    bases = [draw(picks(known))] if known and draw(st.booleans()) else []
    return Class(name, bases, plain, "dataclass", decorator=mark)


@st.composite
def created(draw: st.DrawFn, name: str, bases: list[str], two: bool) -> Class:
    """`create_model` with literal arguments."""
    given = [
        "(int, ...)",
        "(Optional[str], None)",
        "(int, 3)",
        "(str, Field(alias='made'))",
        "(Maybe, Field(None))",
    ]
    given += (
        [
            "(Annotated[int, Field(alias='said')], ...)",
        ]
        if two
        else ["3"]
    )
    chosen = draw(st.lists(names, max_size=3, unique=True))
    parts = [f"{each}={draw(picks(given))}" for each in chosen]
    if bases:
        base = bases[0] if len(bases) == 1 else f"({', '.join(bases)})"
        parts.insert(0, f"__base__={base}")
    elif two and draw(st.booleans()):
        parts.insert(0, "__config__=ConfigDict(from_attributes=True, alias_generator=shout)")
    parts.insert(0, "__module__=__name__")
    spread = "**{'z': (int, 1)}" if draw(picks([True, False, False])) else ""
    arguments = ", ".join(filter(None, [repr(name), *parts, spread]))
    return Class(name, [], made=f"create_model({arguments})")


@st.composite
def projects(draw: st.DrawFn, style: str) -> dict[str, str]:
    """The files of a project in the style of Pydantic 2 or 1, whose package is written `PYDANTIC`."""
    two = style == "2"
    future = draw(picks(["", "", "from __future__ import annotations\n\n"]))
    header = HEADER + (HEADER_2 if two else HEADER_1)
    files = {"shared.py": header.format(future="") + SHARED + (SHARED_2 if two else "")}
    types = [*TYPES, *(TYPES_2 if two else TYPES_1)]
    known: list[Class] = []
    for number in range(draw(st.integers(1, 5))):
        known.append(draw(classes(number, known, two, types)))
    imports = f"from shared import {NAMES}{NAMES_2 if two else ''}\n"
    files["schemas.py"] = (
        "\n\n\n".join([header.format(future=future) + imports, *(each.text() for each in known)]) + "\n"
    )
    return files
