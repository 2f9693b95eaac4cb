"""What each type takes is Pydantic's own answer, and what each column gives is SQLAlchemy's."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pydantic
import pydantic.v1
import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects import postgresql

from ormlint import pipeline
from ormlint.graph.conversions import TAKES, TAKES_STRICTLY, Mode, python_type, takes


class Plain(enum.Enum):
    a = "a"
    b = "b"


class Texts(str, enum.Enum):
    a = "a"


class OtherTexts(enum.Enum):
    a = "a"


class Numbers(enum.IntEnum):
    one = 1


class OtherNumbers(enum.Enum):
    one = 1


ADDRESSES = ["a@b.co", "http://a.b/"]
TIMES = ["2020-01-01", "2020-01-01T00:00:00", "05:06", "P1D"]
SAMPLES: dict[str, list[Any]] = {
    "str": ["", "1", "a", "true", "1.5", "[1]", *TIMES, "0" * 32, *ADDRESSES],
    "bytes": [b"", b"1", b"a", b"true", b"1.5", b"[1]", *(each.encode() for each in TIMES), b"0" * 32],
    "int": [0, 1, 5, -3, 86_400, 10**9],
    "float": [0.0, 1.0, 0.5, -2.25, 1e9],
    "bool": [True, False],
    "Decimal": [Decimal(0), Decimal(1), Decimal("0.5")],
    "UUID": [uuid.UUID(int=0), uuid.UUID(int=7)],
    "datetime": [dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 1, 5, 6, tzinfo=dt.timezone.utc)],  # noqa: DTZ001 - naive on purpose
    "date": [dt.date(2020, 1, 1)],
    "time": [dt.time(0), dt.time(5, 6)],
    "timedelta": [dt.timedelta(0), dt.timedelta(days=1, seconds=4)],
    "list": [[], [1], ["a"]],
    "dict": [{}, {"a": 1}],
    "Enum": [Plain.a, Plain.b, OtherTexts.a, OtherNumbers.one],
    "object": [sa.MetaData()],
}
WANTED: dict[str, list[Any]] = {
    "str": [str],
    "bytes": [bytes],
    "int": [int],
    "float": [float],
    "bool": [bool],
    "Decimal": [Decimal],
    "UUID": [uuid.UUID],
    "datetime": [dt.datetime],
    "date": [dt.date],
    "time": [dt.time],
    "timedelta": [dt.timedelta],
    "list": [list, tuple],
    "set": [set, frozenset],
    "dict": [dict],
    "EmailStr": ["EmailStr"],
    "HttpUrl": ["HttpUrl", "AnyUrl"],
    "SecretStr": ["SecretStr"],
    "Json": ["Json"],
    "str Enum": [Texts],
    "Enum of texts": [OtherTexts],
    "int Enum": [Numbers],
    "Enum of numbers": [OtherNumbers],
    "Literal of texts": [Literal["a", "1"]],
    "Literal of numbers": [Literal[1, 2]],
}


LATER = {name: {"bool", "float", "Decimal"} for name in ("Literal of numbers", "Enum of numbers")}
"""What Pydantic has taken since some release after the oldest that is supported."""


def taken(
    names: dict[str, list[Any]], validate: Callable[[Any, Any], object], package: Any
) -> dict[str, set[str]]:
    """Of which types of values some are taken, by any of the types that a name stands for."""
    return {
        name: {
            given
            for given, samples in SAMPLES.items()
            for wanted in types
            if any(passes(validate, each_type(wanted, package), sample) for sample in samples)
        }
        for name, types in names.items()
    }


def each_type(wanted: Any, package: Any) -> Any:
    return getattr(package, wanted) if isinstance(wanted, str) else wanted


def passes(validate: Callable[[Any, Any], object], wanted: Any, sample: Any) -> bool:
    try:
        validate(wanted, sample)
    except ValueError:
        return False
    return True


def told(names: dict[str, list[Any]], mode: Mode) -> dict[str, set[str]]:
    return {name: {given for given in SAMPLES if takes(name, given, mode)} for name in names}


def test_every_name_is_asked_for() -> None:
    assert list(WANTED) == list(TAKES)


def test_pydantic_takes_what_the_table_says() -> None:
    real = taken(WANTED, validated, pydantic)
    assert_same(told(WANTED, Mode()), real)


def assert_same(claimed: dict[str, set[str]], real: dict[str, set[str]]) -> None:
    assert {name: real[name] | LATER.get(name, set()) for name in WANTED} == claimed


def test_a_plain_enum_takes_no_member_of_another() -> None:
    assert [passes(validated, OtherTexts, each) for each in (Plain.a, OtherTexts.a)] == [False, True]
    assert [passes(validated, Texts, each) for each in (Plain.a, Texts.a)] == [True, True]


def validated(wanted: Any, sample: Any) -> object:
    return TypeAdapter(wanted).validate_python(sample)


def test_pydantic_takes_numbers_for_texts_where_it_is_told_to() -> None:
    config = pydantic.ConfigDict(coerce_numbers_to_str=True)
    real = taken(
        WANTED, lambda wanted, sample: TypeAdapter(wanted, config=config).validate_python(sample), pydantic
    )
    assert_same(told(WANTED, Mode(coerces_numbers=True)), real)


def test_pydantic_takes_less_in_strict_mode() -> None:
    real = taken(
        WANTED, lambda wanted, sample: TypeAdapter(wanted).validate_python(sample, strict=True), pydantic
    )
    claimed = told(WANTED, Mode(strict=True))
    assert {name: real[name] - claimed[name] for name in WANTED} == {name: set() for name in WANTED}
    # Which class an Enum's member must be of is not told by the kinds of values alone.
    settled = [name for name in TAKES_STRICTLY if "Enum" not in name]
    assert {name: claimed[name] for name in settled} == {name: real[name] for name in settled}


def test_pydantic_1_takes_no_more_than_the_table_says() -> None:
    real = taken(WANTED, pydantic.v1.parse_obj_as, pydantic.v1)
    claimed = told(WANTED, Mode(pydantic_1=True))
    assert {name: real[name] - claimed[name] for name in WANTED} == {name: set() for name in WANTED}


COLUMNS: dict[str, tuple[str | None, Any]] = {
    "sa.Integer": ("int", 1),
    "sa.BigInteger()": ("int", 1),
    "sa.SmallInteger": ("int", 1),
    "sa.String(20)": ("str", "x"),
    "sa.Text": ("str", "x"),
    "sa.Unicode(20)": ("str", "x"),
    "sa.UnicodeText()": ("str", "x"),
    "sa.Boolean": ("bool", True),
    "sa.Float": ("float", 1.5),
    "sa.Float(asdecimal=True)": ("Decimal", Decimal("1.5")),
    "sa.Double": ("float", 1.5),
    "sa.Numeric(10, 2)": ("Decimal", Decimal("1.50")),
    "sa.Numeric(10, 2, asdecimal=False)": ("float", 1.5),
    "sa.Date": ("date", dt.date(2020, 1, 1)),
    "sa.DateTime": ("datetime", dt.datetime(2020, 1, 1)),  # noqa: DTZ001 - SQLite has no time zones
    "sa.Time": ("time", dt.time(5, 6)),
    "sa.Interval": ("timedelta", dt.timedelta(days=1)),
    "sa.Uuid": ("UUID", uuid.UUID(int=7)),
    "sa.UUID(as_uuid=False)": ("str", "c4d6f4b8-6f54-4b57-8c5a-0f1f6e0b3f55"),
    "sa.LargeBinary": ("bytes", b"x"),
    "sa.Enum(Plain)": ("Enum", Plain.a),
    "sa.Enum(Texts)": ("str", Texts.a),
    "sa.Enum(Numbers)": (None, Numbers.one),
    "sa.Enum('a', 'b', name='letters')": ("str", "a"),
    "sa.JSON": (None, {"a": 1}),
    "sa.PickleType": (None, {"a": 1}),
    "Shouted": (None, "X"),
}
HELD: dict[str, type] = {
    "int": int, "float": float, "str": str, "bool": bool, "datetime": dt.datetime, "date": dt.date,
    "time": dt.time, "timedelta": dt.timedelta, "Decimal": Decimal, "UUID": uuid.UUID, "bytes": bytes,
    "Enum": enum.Enum,
}  # fmt: skip
NAMES = """\
import enum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class Plain(enum.Enum):
    a = "a"
    b = "b"


class Texts(str, enum.Enum):
    a = "a"


class Numbers(enum.IntEnum):
    one = 1


class Shouted(TypeDecorator):
    impl = sa.Integer

    def process_result_value(self, value, dialect):
        return str(value).upper()


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "rows"
    id = sa.Column(sa.Integer, primary_key=True)
"""


def types_told(tmp_path: Path, types: Iterable[str]) -> list[str | None]:
    lines = [f"    c{number} = sa.Column({each})" for number, each in enumerate(types)]
    (tmp_path / "models.py").write_text(NAMES + "\n".join(lines) + "\n")
    (tmp_path / "ormlint.toml").write_text("")
    columns = pipeline.linked(tmp_path, isolated=True).tables[0].columns
    return [python_type(column) for name, column in columns.items() if name != "id"]


def test_a_column_gives_what_the_table_says(tmp_path: Path) -> None:
    assert types_told(tmp_path, COLUMNS) == [told for told, _ in COLUMNS.values()]


def test_a_row_holds_what_the_table_says() -> None:
    class Shouted(sa.TypeDecorator[str]):
        impl = sa.Integer
        cache_ok = True

        def process_result_value(self, value: Any, dialect: Any) -> str:  # noqa: ARG002 - SQLAlchemy gives it
            return str(value).upper()

    known = {"sa": sa, "Plain": Plain, "Texts": Texts, "Numbers": Numbers, "Shouted": Shouted}
    settled = {text: pair for text, pair in COLUMNS.items() if pair[0] is not None}
    columns = [
        sa.Column(f"c{number}", eval(text, known))  # noqa: S307 - a text of this file
        for number, text in enumerate(settled)
    ]
    table = sa.Table("rows", sa.MetaData(), *columns)
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert().values([value for _, value in settled.values()]))
        row = connection.execute(table.select()).one()
    engine.dispose()
    wrong = [
        (text, held)
        for held, (text, (told, _)) in zip(row, settled.items(), strict=True)
        if not isinstance(held, HELD[told or ""])
    ]
    assert wrong == []


POSTGRESQL = {
    "postgresql.UUID": "UUID",
    "postgresql.UUID(as_uuid=False)": "str",
    "postgresql.ARRAY(sa.Integer)": "list",
    "sa.ARRAY(sa.Text)": "list",
    "postgresql.INTERVAL": "timedelta",
    "postgresql.BYTEA": "bytes",
    "postgresql.DOUBLE_PRECISION": "float",
    "postgresql.TIMESTAMP(timezone=True)": "datetime",
    "postgresql.JSONB": None,
    "postgresql.INET": None,
    "postgresql.INT4RANGE": None,
}


def test_a_column_of_postgresql_gives_what_the_table_says(tmp_path: Path) -> None:
    assert types_told(tmp_path, POSTGRESQL) == list(POSTGRESQL.values())


def test_sqlalchemy_says_so_too() -> None:
    known = {"sa": sa, "postgresql": postgresql}
    told = {}
    for text, given in POSTGRESQL.items():
        made = eval(text, known)  # noqa: S307 - a text of this file
        if given is not None:
            told[text] = (made() if isinstance(made, type) else made).python_type.__name__
    assert told == {text: given for text, given in POSTGRESQL.items() if given is not None}
