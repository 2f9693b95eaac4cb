"""What the matcher leaves out would convince nobody."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from ormlint.findings import Place
from ormlint.graph.link.fieldmatch import LEAST_NAMED, LEAST_PART, LEAST_UNNAMED, Fit
from ormlint.graph.link.judge import convincing
from ormlint.graph.link.names import Relation, of_schema
from ormlint.graph.model import Field, Model, Schema

HERE = Place("models.py", 1)
MODEL = Model("models.Note", "Note", HERE, "notes")
NAMES = ("Note", "NoteCreate", "NoteUpdate", "NoteRequest", "NoteConfig", "NoteBase", "NoteDetail")


@pytest.mark.parametrize("called", get_args(Relation))
def test_with_less_in_common_nothing_is_convincing(called: Relation) -> None:
    least = {"same": LEAST_NAMED, "part": LEAST_PART, "none": LEAST_UNNAMED}[called]
    shares = set()
    for name, count, from_attributes in product(NAMES, range(1, 13), (True, False)):
        names = ("id", *(f"name_{number}" for number in range(1, count)))
        schema = Schema(f"schemas.{name}", name, HERE, from_attributes=from_attributes)
        schema.fields = {each: Field(each, HERE) for each in names}
        for hits, coverage in product(range(1, count + 1), (0.0, 0.3, 0.8, 1.0)):
            fit = Fit(MODEL, hits, hits / count, coverage, hits, called)
            if convincing(schema, of_schema(name), fit):
                shares.add(fit.share)
    assert min(shares) == least
