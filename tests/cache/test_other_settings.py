"""A change of settings makes no graph anew that is the same, and a run says what a fresh one says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest
from work_tree import FILES, WorkTree

from ormlint import analysis, looking
from ormlint.options import Noting, Options

HEAVY = (
    "libcst",
    "sqlalchemy",
    "sqlglot",
    "ormlint.extract",
    "ormlint.graph",
    "ormlint.intake",
    "ormlint.rules",
    *(("typing_extensions",) if sys.version_info >= (3, 11) else ()),  # before, msgspec needs it
)
RUN = """
import sys
from ormlint.hot import main
status = main()
sys.stderr.write(repr(sorted(sys.modules)))
sys.exit(status)
"""
MODELS = FILES["app/models.py"].replace("email: Mapped[str]", "email: Mapped[str]  # ormlint: ignore[ORM305]")
AT_FIRST = """\
ignore = ["ORM2"]
extend-select = ["ORM002"]
external-tables = ["x*"]
"""


class Work(NamedTuple):
    """How many graphs were made, and how often rules looked at graphs."""

    made: int
    looked: int


NONE, LOOKED, ALL = Work(0, 0), Work(0, 1), Work(1, 1)


@pytest.fixture
def counts(tree: WorkTree) -> Iterator[Callable[[], Work]]:
    """Tells the work so far; the project was checked once."""
    tree.write("ormlint.toml", AT_FIRST)
    tree.write("app/models.py", MODELS)
    tree.commit()
    tree.check()
    with (
        mock.patch.object(analysis, "_link", side_effect=analysis._link) as linked,
        mock.patch.object(analysis, "_revisions", side_effect=analysis._revisions) as revisions,
        mock.patch.object(looking, "look", side_effect=looking.look) as looked,
    ):
        yield lambda: Work(linked.call_count + revisions.call_count, looked.call_count)


def work(tree: WorkTree, counts: Callable[[], Work], *words: str, at: str = ".") -> Work:
    """What a check with the cache took; it says what one without says."""
    before = counts()
    ended = tree.check(*words, at=at)
    after = counts()
    assert ended == tree.fresh(*words, at=at)
    return Work(after.made - before.made, after.looked - before.looked)


@pytest.mark.parametrize(
    "said",
    [
        'ignore = ["ORM2", "ORM301"]\nextend-select = ["ORM002"]',
        'select = ["ORM101", "ORM301", "unresolved"]',
        'ignore = ["ORM2", "unheard"]',
        'ignore = ["ORM2"]\nper-file-ignores = {"app/models.py" = ["ORM3"]}',
        'ignore = ["ORM2"]\nseverity = {missing-table = "info"}\nfail-on = "error"',
        'ignore = ["ORM2"]\nexternal-tables = ["elsewhere"]',
        'ignore = ["ORM2"]\nexternal-tables = ["x*"]\nallow-missing = ["PersonRead.email"]',
    ],
)
def test_what_leaves_the_graph_as_it_is(tree: WorkTree, counts: Callable[[], Work], said: str) -> None:
    tree.write("ormlint.toml", said)
    assert work(tree, counts) == NONE
    assert work(tree, counts) == NONE
    tree.write("ormlint.toml", AT_FIRST)
    assert work(tree, counts) == NONE


@pytest.mark.parametrize(
    ("words", "at"),
    [
        (["--select", "ORM301"], "."),
        (["--ignore", "missing-table"], "."),
        (["--ignore-comments"], "."),
        (["app/models.py"], "."),
        (["alembic", "--output-format", "json"], "."),
        ([], "app"),
    ],
)
def test_what_the_command_line_asks(
    tree: WorkTree, counts: Callable[[], Work], words: list[str], at: str
) -> None:
    assert work(tree, counts, *words, at=at) == NONE


@pytest.mark.parametrize(
    "said",
    [
        "",
        'ignore = ["ORM2"]\nexternal-tables = ["p*"]',
        'ignore = ["ORM2"]\nnaming-convention = ["pk"]',
        'ignore = ["ORM2"]\nstrict-length = true',
        'ignore = ["ORM2"]\nextend-select = ["ORM410"]',
    ],
)
def test_what_asks_rules_to_look_again(tree: WorkTree, counts: Callable[[], Work], said: str) -> None:
    tree.write("ormlint.toml", said)
    assert work(tree, counts) == LOOKED
    tree.write("ormlint.toml", f'{said}\nfail-on = "error"\n')
    assert work(tree, counts) == NONE


def test_a_graph_of_changed_files_is_kept_when_it_is_asked_again(
    tree: WorkTree, counts: Callable[[], Work]
) -> None:
    """Most graphs that files give are looked at once."""
    (record,) = (tree.root / ".ormlint_cache").glob("linked-*")
    before = record.read_bytes()
    tree.replace("app/models.py", "email: Mapped[str]", "phone: Mapped[str]")
    assert work(tree, counts) == ALL
    assert record.read_bytes() == before
    for said, wanted in (('naming-convention = ["pk"]', ALL), ("strict-length = true", LOOKED)):
        tree.write("ormlint.toml", f'ignore = ["ORM2"]\n{said}')
        assert work(tree, counts) == wanted


@pytest.mark.parametrize(
    "said",
    [
        'ignore = ["ORM2"]\nlinks = {PersonRead = "Visit"}',
        'ignore = ["ORM2"]\nrole-affixes = {create = ["Read"]}',
        'ignore = ["ORM2"]\ndialect = "sqlite"',
        'ignore = ["ORM2"]\nexclude = ["app/schemas.py"]',
    ],
)
def test_what_asks_for_another_graph(tree: WorkTree, counts: Callable[[], Work], said: str) -> None:
    tree.write("ormlint.toml", said)
    assert work(tree, counts) == ALL
    tree.write("ormlint.toml", f'{said}\nfail-on = "error"\n')
    assert work(tree, counts) == NONE
    tree.write("ormlint.toml", f"{said}\nstrict-length = true\n")
    assert work(tree, counts) == LOOKED


def test_rules_that_ran_stay_known_when_others_run(tree: WorkTree, counts: Callable[[], Work]) -> None:
    assert work(tree, counts, "--select", "ORM410") == LOOKED
    assert work(tree, counts, "--ignore", "ORM301") == NONE
    assert work(tree, counts, "--select", "ORM401") == ALL  # which reads migrations alone
    assert work(tree, counts, "--ignore", "ORM3") == NONE


def test_a_file_that_changes_asks_for_another_graph(tree: WorkTree, counts: Callable[[], Work]) -> None:
    tree.replace("app/models.py", "note", "text")
    tree.write("ormlint.toml", 'ignore = ["ORM3"]\n')
    assert work(tree, counts) == ALL


def test_parts_with_settings_of_their_own(tree: WorkTree, counts: Callable[[], Work]) -> None:
    tree.write("app/ormlint.toml", 'severity = {ORM301 = "info"}\n')
    assert work(tree, counts) == ALL
    tree.write("app/ormlint.toml", 'ignore = ["ORM101"]\n')
    assert work(tree, counts) == NONE
    tree.write("ormlint.toml", 'dialect = "sqlite"\n')
    assert work(tree, counts) == ALL
    tree.write("app/ormlint.toml", 'dialect = "mysql"\n')
    assert work(tree, counts) == ALL


PROJECT = FILES["pyproject.toml"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f'{PROJECT}\n[tool.ormlint]\nignore = ["ORM3"]\n', NONE),
        (f"[tool.ormlint]\nseverity = {{ORM2 = 'info'}}\n\n# more\n{PROJECT}\n[tool.other]\n", ALL),
        (f'{PROJECT.replace("psycopg", "asyncmy")}\n[tool.ormlint]\nignore = ["ORM3"]\n', ALL),
        (f'{PROJECT}\n[tool.alembic]\n\n[tool.ormlint]\nignore = ["ORM3"]\n', ALL),
        (f"{PROJECT}\n[tool.ormlint.per-file-ignores]\n'dependencies.py' = ['ORM3']\n", ALL),
    ],
)
def test_settings_beside_what_tells_of_the_project(
    tree: WorkTree, counts: Callable[[], Work], text: str, wanted: Work
) -> None:
    (tree.root / "ormlint.toml").unlink()
    work(tree, counts)
    tree.write("pyproject.toml", text)
    assert work(tree, counts) == wanted
    tree.replace("pyproject.toml", "[tool.ormlint", "\n[tool.ormlint")
    assert work(tree, counts) == (ALL if "alembic" in text or "dependencies.py" in text else NONE)


def test_settings_beside_another_project(tree: WorkTree, counts: Callable[[], Work]) -> None:
    tree.write("app/pyproject.toml", f'{PROJECT}\n[tool.ormlint]\nseverity = {{ORM2 = "info"}}\n')
    assert work(tree, counts) == ALL
    tree.replace("app/pyproject.toml", "severity", "fail-on = 'error'\nseverity")
    assert work(tree, counts) == NONE
    tree.replace("app/pyproject.toml", "psycopg", "asyncmy")
    assert work(tree, counts) == ALL


def test_settings_together_with_a_file_that_the_graph_does_not_rest_on(
    tree: WorkTree, counts: Callable[[], Work]
) -> None:
    (tree.root / "ormlint.toml").unlink()
    tree.write("pyproject.toml", f'{PROJECT}\n[tool.ormlint]\nseverity = {{ORM2 = "info"}}\n')
    work(tree, counts)
    tree.replace("pyproject.toml", "ORM2", "ORM3")
    tree.replace("app/sums.py", "a + b", "a - b")
    assert work(tree, counts) == NONE


def test_nothing_heavy_is_loaded(tree: WorkTree) -> None:
    tree.replace("alembic/versions/0001.py", '"id", sa.Integer', '"id", sa.Interval')
    assert "sqlalchemy" in check(tree.root)[1]
    tree.write("ormlint.toml", 'ignore = ["ORM101"]\nexternal-tables = ["elsewhere"]\n')
    out, modules = check(tree.root)
    assert ("ORM101" in out, "ORM306" in out) == (False, True)
    assert [name for name in HEAVY if name in modules] == []
    tree.write("ormlint.toml", 'external-tables = ["people"]\n')
    out, modules = check(tree.root)
    assert "ORM306" in out
    assert [name for name in HEAVY if name in modules] == ["ormlint.graph", "ormlint.rules"]
    assert "ormlint.graph.machine" not in modules
    tree.replace("app/models.py", "note:", "more: Mapped[int]\n    note:")
    _, modules = check(tree.root)
    assert "ormlint.graph.machine" in modules
    assert [name for name in HEAVY if name in modules and not name.startswith("ormlint.")] == []


def check(root: Path) -> tuple[str, list[str]]:
    """What `ormlint check` prints, and the modules it loaded."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        [sys.executable, "-c", RUN, "check"],
        cwd=root,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    return done.stdout, eval(done.stderr)  # noqa: S307 - our own repr


@pytest.mark.parametrize(
    ("other", "holds"),
    [
        (Options(), True),
        (Options(secret_columns=("e",), allow_missing=("*.age",), external_tables=("visits",)), True),
        (Options(secret_columns=("email",)), False),
        (Options(secret_columns=("app.Person.email",)), False),
        (Options(allow_missing=("PersonRead.email",)), False),
        (Options(allow_extra=("*.email",)), True),
        (Options(allow_extra=("app.PersonRead.age",)), False),
        (Options(external_tables=("people",)), False),
        (Options(strict_length=True), False),
    ],
)
def test_what_was_asked_of_patterns(other: Options, holds: bool) -> None:
    options = Noting.of(Options())
    assert not options.is_secret("email", "Person", "app.Person", None)
    assert not options.may_miss("app.PersonRead", "email")
    assert not options.may_add("app.PersonRead", "age")
    assert not options.is_external("people")
    assert options.answers.hold_for(other) == holds
