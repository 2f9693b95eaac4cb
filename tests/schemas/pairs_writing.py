"""Random pairs of a model and a schema that is validated with its rows, as text.

Each is a package, whose name is written `PACKAGE`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

HEADER_OF_MODELS = """\
import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, synonym


class Plain(enum.Enum):
    a = "a"
    b = "b"


class Texts(str, enum.Enum):
    a = "a"
    b = "b"


class Whole(sa.types.TypeDecorator):
    impl = sa.String
    cache_ok = True

    def process_result_value(self, value, dialect):
        return int(value)


class Base(DeclarativeBase):
    pass


"""
HEADER_OF_SCHEMAS = """\
import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Annotated, Any, Dict, List, Literal, Optional, Set, Union

from pydantic import (
    UUID4, BaseModel, BeforeValidator, ConfigDict, EmailStr, Field, HttpUrl, Json, PositiveInt, SecretStr,
    Strict, StrictBool, StrictInt, StrictStr, computed_field, conint, constr,
)
from PACKAGE.models import Plain, Texts


class Sizes(enum.IntEnum):
    small = 1


class Letters(enum.Enum):
    a = "a"
    b = "b"


"""
ROUTES = """\
from PACKAGE.models import Thing
from PACKAGE.schemas import ThingRead


def show(row: Thing) -> ThingRead:
    return ThingRead.model_validate(row)
"""
TYPES = {
    "sa.Integer": "int", "sa.BigInteger()": "int", "sa.String(40)": "str", "sa.Text": "str",
    "sa.Boolean": "bool", "sa.Float": "float", "sa.Float(asdecimal=True)": "Decimal",
    "sa.Numeric(10, 2)": "Decimal", "sa.Numeric(asdecimal=False)": "float", "sa.Date": "date",
    "sa.DateTime(timezone=True)": "datetime", "sa.Time": "time", "sa.Interval": "timedelta",
    "sa.Uuid": "UUID", "sa.Uuid(as_uuid=False)": "str", "postgresql.UUID(as_uuid=True)": "UUID",
    "sa.LargeBinary": "bytes", "postgresql.ARRAY(sa.Integer)": "list", "sa.Enum(Plain)": "Plain",
    "sa.Enum(Texts)": "Texts", "sa.Enum('a', 'b', name='letters')": "letter",
}  # fmt: skip
"""Types of columns, and what their values are."""
UNSETTLED = {"sa.JSON": "json", "Whole": "int"}
"""Types whose values the source does not settle."""
ANNOTATIONS = {
    "int": "int", "str": "str", "bool": "bool", "float": "float", "Decimal": "Decimal", "dt.date": "date",
    "dt.datetime": "datetime", "dt.time": "time", "dt.timedelta": "timedelta", "uuid.UUID": "UUID",
    "bytes": "bytes", "Plain": "Plain", "Texts": "Texts",
}  # fmt: skip
FIELDS = [
    "str", "int", "float", "bool", "Decimal", "bytes", "dt.date", "dt.datetime", "dt.time", "dt.timedelta",
    "uuid.UUID", "UUID4", "Plain", "Texts", "Letters", "Sizes", "Literal['a', 'b']", "list",
    "list[int]", "List[str]", "dict", "Dict[str, Any]", "Set[int]", "tuple", "constr(max_length=100)",
    "conint(gt=-10)", "PositiveInt", "StrictStr", "StrictInt", "StrictBool", "Annotated[str, Strict()]",
    "Annotated[int, Field(strict=True)]", "EmailStr", "HttpUrl", "SecretStr", "Json", "Any",
    "Union[int, uuid.UUID]", "int | str", "Optional[str]", "Optional[int]", "uuid.UUID | None",
    "Annotated[str, Field(max_length=200)]", "Annotated[str, BeforeValidator(lambda value: value)]",
]  # fmt: skip
BESIDES = {
    "shown": "    @property\n    def shown(self):\n        return 'x'\n",
    "half": "    @hybrid_property\n    def half(self):\n        return 1\n",
    "other_id": "    other_id = synonym('id')\n",
}


@dataclass
class Pair:
    """The files of a package; what a row holds in each attribute, and what cannot be told of it."""

    files: dict[str, str] = field(default_factory=dict)
    holds: dict[str, str] = field(default_factory=dict)
    nullable: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    """Columns whose values the source does not settle."""
    unstated: list[str] = field(default_factory=list)
    """Columns that may be NULL because nobody said otherwise, or that have a default."""


@st.composite
def columns(draw: st.DrawFn, pair: Pair, name: str) -> str:
    """A column of the model, as a line of its body."""
    pick = st.sampled_from
    null = draw(pick(["not", "not", "stated", "stated", "unstated", "default"]))
    if null != "not":
        pair.nullable.append(name)
    if null in ("unstated", "default"):
        pair.unstated.append(name)
    if draw(pick([True, False])) and null != "unstated":
        annotation = draw(pick(sorted(ANNOTATIONS)))
        pair.holds[name] = ANNOTATIONS[annotation]
        if null == "not":
            return f"    {name}: Mapped[{annotation}]\n"
        default = " = mapped_column(server_default='x')" if null == "default" else ""
        return f"    {name}: Mapped[Optional[{annotation}]]{default}\n"
    made = draw(pick([*TYPES, *UNSETTLED]))
    pair.holds[name] = {**TYPES, **UNSETTLED}[made]
    if made in UNSETTLED:
        pair.unsettled.append(name)
    how = {
        "not": ", nullable=False", "stated": ", nullable=True", "unstated": "",
        "default": ", nullable=True, server_default='x'",
    }[null]  # fmt: skip
    return f"    {name} = {draw(pick(['sa.Column', 'mapped_column']))}({made}{how})\n"


@st.composite
def shown(draw: st.DrawFn, name: str, hidden: str = "") -> str:
    """A field of the schema, as a line of its body."""
    pick = st.sampled_from
    hint = draw(pick(FIELDS))
    aliases = [f"alias='{name}_out'", f"validation_alias='{name}_in'", f"serialization_alias='{name}_out'"]
    aliases += [f"alias='{hidden}'"] * 5 if hidden else []
    arguments = [draw(pick(["", "", "", "default=None", "exclude=True"])), draw(pick(["", "", "", *aliases]))]
    given = ", ".join(filter(None, arguments))
    if given == "default=None" and draw(st.booleans()):
        return f"    {name}: {hint} = None\n"
    return f"    {name}: {hint} = Field({given})\n" if given else f"    {name}: {hint}\n"


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """A model, a schema of its rows, and the function that validates one with the other."""
    pick = st.sampled_from
    pair = Pair()
    names = [f"part_{number}" for number in range(draw(st.integers(3, 7)))]
    body = "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    body += "".join(draw(columns(pair, name)) for name in names)
    reserved = draw(pick([False, False, True]))
    if reserved:
        body += "    metadata_: Mapped[str] = mapped_column('metadata', sa.Text)\n"
    besides = draw(st.lists(pick(sorted(BESIDES)), max_size=2, unique=True))
    body += "".join(BESIDES[name] for name in besides)
    pair.files["models.py"] = f"{HEADER_OF_MODELS}class Thing(Base):\n    __tablename__ = 'things'\n{body}"
    settings = [
        "from_attributes=True",
        *draw(st.lists(pick(["populate_by_name=True", "strict=True"]), max_size=1)),
    ]
    settings += draw(pick([[], [], ["coerce_numbers_to_str=True"]]))
    hidden = draw(pick(["", names.pop()]))
    lines = ["    id: int\n", draw(shown(names[0], hidden)), *(draw(shown(name)) for name in names[1:])]
    lines += [f"    {name}: {draw(pick(['Any', 'str' if name == 'shown' else 'int']))}\n" for name in besides]
    lines += draw(
        pick([[], [], ["    lacking: int\n"], ["    lacking: Optional[str]\n"], ["    lacking: int = 3\n"]])
    )
    if reserved:
        hint = draw(pick(["dict", "str", "Optional[dict]", "Any", "List[str]", "Dict[str, Any]"]))
        alias = draw(pick(["", "", " = Field(alias='metadata_')"]))
        lines.append(f"    metadata: {hint}{alias}\n")
    lines += draw(pick([[], [], [], ["    @computed_field\n    def more(self) -> int:\n        return 1\n"]]))
    cut = draw(st.integers(0, len(lines)))
    config = f"    model_config = ConfigDict({', '.join(settings)})\n"
    base = "".join(lines[:cut]) or "    pass\n"
    read = f"class ThingRead(ThingBase):\n{config}{''.join(lines[cut:])}"
    pair.files["schemas.py"] = f"{HEADER_OF_SCHEMAS}class ThingBase(BaseModel):\n{base}\n\n{read}"
    pair.files["routes.py"] = ROUTES
    return pair
