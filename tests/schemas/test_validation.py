"""An error of ORM202, 203, 204, 208 or 212 is told exactly where validation of a row really fails.

Hypothesis writes pairs of a model and a schema; real rows are validated, in batches, in a process of its own.
Left apart, and counted, is what the rules leave open on purpose: what only some values decide, columns whose
values the source does not settle, members of Enums (their values decide), fields with a before-validator, and
columns that may be NULL although nobody said so or that have a default. `ORMLINT_EXAMPLES` sets how many.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from pairs_writing import Pair, pairs

from ormlint import pipeline

BATCH = 50
EXAMPLES = int(os.environ.get("ORMLINT_EXAMPLES", "100"))
ALWAYS = ("ORM202", "ORM204", "ORM208", "ORM212")
VALIDATE = Path(__file__).with_name("validate.py")


def drawn(number: int) -> list[Pair]:
    found: list[Pair] = []

    @seed(number)
    @settings(
        max_examples=BATCH,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(pairs())
    def collect(pair: Pair) -> None:
        found.append(pair)

    collect()
    return found


def laid_out(root: Path, batch: list[Pair]) -> None:
    """One project of all the pairs, each a package."""
    (root / "ormlint.toml").write_text("")
    for index, pair in enumerate(batch):
        package = root / f"pair{index}"
        package.mkdir()
        for name, text in {"__init__.py": "", **pair.files}.items():
            (package / name).write_text(text.replace("PACKAGE", package.name))


def judged(root: Path, batch: list[Pair]) -> list[dict[str, list[str]]]:
    """What Pydantic says of the rows of each pair."""
    asked = [[f"pair{index}", pair.holds, pair.nullable] for index, pair in enumerate(batch)]
    ran = subprocess.run(
        [sys.executable, "-B", VALIDATE, root],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        env={key: value for key, value in os.environ.items() if not key.startswith(("COV", "PYTHONPATH"))},
    )
    assert ran.returncode == 0, ran.stderr
    answers: list[dict[str, list[str]]] = json.loads(ran.stdout)
    return answers


def errors(root: Path) -> dict[str, dict[str, set[str]]]:
    """By package and rule, the fields of which a rule says that validation fails."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for finding in pipeline.check([root], isolated=True).findings:
        if finding.severity.value == "error" and finding.subject.schema is not None:
            package = finding.subject.schema.partition(".")[0]
            found[package][finding.code].add(finding.subject.field or "")
    return found


@pytest.mark.parametrize("number", range(max(1, EXAMPLES // BATCH)))
def test_an_error_is_told_where_validation_fails(number: int, tmp_path: Path) -> None:
    batch = drawn(number)
    laid_out(tmp_path, batch)
    answers, told = judged(tmp_path, batch), errors(tmp_path)
    counted: Counter[str] = Counter()
    wrong: list[str] = []
    for index, (pair, real) in enumerate(zip(batch, answers, strict=True)):
        if "error" in real:
            counted["not importable"] += 1
            continue
        said = told[f"pair{index}"]
        problems = list(disagreements(pair, real, said, counted))
        if problems:
            wrong.append("\n".join([*problems, str(dict(said)), str(real), *sources(pair)]))
    assert not wrong, f"{len(wrong)} pairs, the first being:\n{wrong[0]}"
    assert counted["not importable"] < BATCH / 5, counted
    assert counted["told"] > counted["apart"], counted


def sources(pair: Pair) -> Iterator[str]:
    yield pair.files["models.py"].partition("class Thing(")[2]
    yield pair.files["schemas.py"].partition("class ThingBase")[2]


def disagreements(
    pair: Pair, real: dict[str, list[str]], said: dict[str, set[str]], counted: Counter[str]
) -> Iterator[str]:
    """Fields of which the rules say more than Pydantic, or less than they can know."""
    always, of_null = set(real["always"]), said.get("ORM203", set())
    fails = set().union(*(said.get(code, set()) for code in ALWAYS))
    null = {name for name in real["null"] if columns_of(pair, name) & set(pair.nullable)}
    open_ = {name for name in always | null if is_left_open(pair, name)}
    unstated = {name for name in null if columns_of(pair, name) & set(pair.unstated)}
    counted["told"] += len(fails | of_null)
    counted["apart"] += len(open_ | unstated) + len(real["sometimes"])
    yield from (f"{name}: said to fail, and does not" for name in fails - always)
    yield from (f"{name}: fails, and nothing is said" for name in always - fails - open_)
    yield from (f"{name}: said to refuse NULL, and does not" for name in of_null - null)
    silent = null - always - of_null - open_ - unstated
    yield from (f"{name}: refuses NULL, and nothing is said" for name in silent)


def line_of(pair: Pair, name: str) -> str:
    return next(line for line in pair.files["schemas.py"].splitlines() if line.startswith(f"    {name}:"))


def columns_of(pair: Pair, name: str) -> set[str]:
    """The column that a field is read from: the one that its alias names, else its own."""
    line = line_of(pair, name)
    named = {column for column in pair.holds if f"alias='{column}'" in line}
    return named or {name} & pair.holds.keys()


def is_left_open(pair: Pair, name: str) -> bool:
    kinds = {pair.holds[column] for column in columns_of(pair, name)}
    unsettled = columns_of(pair, name) & set(pair.unsettled)
    return "BeforeValidator" in line_of(pair, name) or bool(unsettled or kinds & {"Plain", "Texts", "letter"})
