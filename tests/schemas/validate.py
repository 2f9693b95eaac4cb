"""What Pydantic says of rows of some packages' models, as JSON on standard output.

    python validate.py FOLDER < [[package, {attribute: kind}, [attributes that may be NULL]], ...]

For each package in the folder, the fields of `ThingRead` that refuse every row, those that refuse some, and
those that refuse a row with NULL wherever there may be one.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import sys
import traceback
import uuid
import warnings
from decimal import Decimal
from typing import Any

import pydantic

SAMPLES: dict[str, list[Any]] = {
    "int": [1, 0, 5],
    "str": [
        "a",
        "1",
        "2020-01-01",
        "05:06",
        "P1D",
        "0" * 32,
        "a@b.co",
        "http://a.b/",
        str(uuid.uuid4()),
        "[1]",
    ],
    "bool": [True, False],
    "float": [1.0, 0.5, 0.0],
    "Decimal": [Decimal(1), Decimal("0.5"), Decimal(0)],
    "date": [dt.date(2020, 1, 1)],
    "datetime": [
        dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc),
        dt.datetime(2020, 1, 1, 5, tzinfo=dt.timezone.utc),
    ],
    "time": [dt.time(5, 6)],
    "timedelta": [dt.timedelta(days=1)],
    "UUID": [uuid.uuid4(), uuid.uuid1()],
    "bytes": [b"a", b"1", b"2020-01-01", b"05:06", b"P1D", b"0" * 32, uuid.uuid4().bytes, b"[1]"],
    "list": [[1], ["a"], []],
    "json": [{"a": 1}, [1], "a", 1],
    "letter": ["a", "b"],
}
MOST = max(len(values) for values in SAMPLES.values())


def judged(package: str, holds: dict[str, str], nullable: list[str]) -> dict[str, list[str]]:
    try:
        models, schemas = (importlib.import_module(f"{package}.{name}") for name in ("models", "schemas"))
    except Exception:  # noqa: BLE001 - Pydantic refuses some of what is written at random
        return {"error": [traceback.format_exc()]}
    samples = {**SAMPLES, "Plain": list(models.Plain), "Texts": list(models.Texts)}
    rounds = []
    for number in range(MOST):
        values = {name: samples[kind][number % len(samples[kind])] for name, kind in holds.items()}
        rounds.append(refusing(models.Thing, schemas.ThingRead, values))
    values = {name: None if name in nullable else samples[kind][0] for name, kind in holds.items()}
    always = set.intersection(*rounds)
    return {
        "always": sorted(always),
        "sometimes": sorted(set.union(*rounds) - always),
        "null": sorted(refusing(models.Thing, schemas.ThingRead, values)),
    }


def refusing(model: Any, schema: Any, values: dict[str, Any]) -> set[str]:
    """The fields that refuse a row; Pydantic names them by their alias."""
    row = model(id=1, **values)
    if hasattr(model, "metadata_"):
        row.metadata_ = "x"
    names = {}
    for name, field in schema.model_fields.items():
        read = field.validation_alias if isinstance(field.validation_alias, str) else field.alias
        names[read or name] = name
    try:
        schema.model_validate(row)
    except pydantic.ValidationError as error:
        return {names.get(str(each["loc"][0]), str(each["loc"][0])) for each in error.errors()}
    return set()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.path.insert(0, sys.argv[1])
    sys.stdout.write(json.dumps([judged(*asked) for asked in json.load(sys.stdin)]))
