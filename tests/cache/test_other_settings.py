"""A change of settings that leaves the graph as it is needs no graph, and says what a fresh run says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from work_tree import FILES, WorkTree

from ormlint import analysis

HEAVY = (
    "libcst",
    "sqlalchemy",
    "sqlglot",
    "ormlint.extract",
    "ormlint.graph",
    "ormlint.intake",
    "ormlint.rules",
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


@pytest.fixture
def examined(tree: WorkTree) -> Iterator[mock.Mock]:
    """Counts how often rules look at a graph; the project was checked once."""
    tree.write("ormlint.toml", AT_FIRST)
    tree.replace(
        "app/models.py", "email: Mapped[str]", "email: Mapped[str]  # ormlint: ignore[ORM305, ORM101]"
    )
    tree.commit()
    tree.check()
    with mock.patch.object(analysis, "examined", side_effect=analysis.examined) as counted:
        yield counted


def agrees(tree: WorkTree, examined: mock.Mock, *words: str, at: str = ".") -> int:
    """How many graphs a check with the cache took; it says what one without says."""
    before = examined.call_count
    ended = tree.check(*words, at=at)
    count: int = examined.call_count - before
    assert ended == tree.fresh(*words, at=at)
    return count


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
def test_what_leaves_the_graph_as_it_is(tree: WorkTree, examined: mock.Mock, said: str) -> None:
    tree.write("ormlint.toml", said)
    assert agrees(tree, examined) == 0
    assert agrees(tree, examined) == 0
    tree.write("ormlint.toml", AT_FIRST)
    assert agrees(tree, examined) == 0


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
def test_what_the_command_line_asks(tree: WorkTree, examined: mock.Mock, words: list[str], at: str) -> None:
    assert agrees(tree, examined, *words, at=at) == 0


@pytest.mark.parametrize(
    "said",
    [
        "",
        'ignore = ["ORM2"]\nexternal-tables = ["p*"]',
        'ignore = ["ORM2"]\nlinks = {PersonRead = "Visit"}',
        'ignore = ["ORM2"]\nnaming-convention = ["pk"]',
        'ignore = ["ORM2"]\ndialect = "sqlite"',
        'ignore = ["ORM2"]\nexclude = ["app/schemas.py"]',
        'ignore = ["ORM2"]\nextend-select = ["ORM410"]',
    ],
)
def test_what_asks_for_another_graph_or_for_other_rules(
    tree: WorkTree, examined: mock.Mock, said: str
) -> None:
    tree.write("ormlint.toml", said)
    assert agrees(tree, examined) == 1
    tree.write("ormlint.toml", f'{said}\nfail-on = "error"\n')
    assert agrees(tree, examined) == 0


def test_rules_that_ran_stay_known_when_others_run(tree: WorkTree, examined: mock.Mock) -> None:
    assert agrees(tree, examined, "--select", "ORM410") == 1
    assert agrees(tree, examined, "--ignore", "ORM301") == 0
    assert agrees(tree, examined, "--select", "ORM401") == 1  # which reads migrations alone
    assert agrees(tree, examined, "--ignore", "ORM3") == 0


def test_a_file_that_changes_asks_for_another_graph(tree: WorkTree, examined: mock.Mock) -> None:
    tree.replace("app/models.py", "note", "text")
    tree.write("ormlint.toml", 'ignore = ["ORM3"]\n')
    assert agrees(tree, examined) == 1


def test_parts_with_settings_of_their_own(tree: WorkTree, examined: mock.Mock) -> None:
    tree.write("app/ormlint.toml", 'severity = {ORM301 = "info"}\n')
    assert agrees(tree, examined) == 1
    tree.write("app/ormlint.toml", 'ignore = ["ORM101"]\n')
    assert agrees(tree, examined) == 0
    tree.write("ormlint.toml", 'dialect = "sqlite"\n')
    assert agrees(tree, examined) == 1
    tree.write("app/ormlint.toml", 'dialect = "mysql"\n')
    assert agrees(tree, examined) == 1


PROJECT = FILES["pyproject.toml"]


@pytest.mark.parametrize(
    ("text", "graphs"),
    [
        (f'{PROJECT}\n[tool.ormlint]\nignore = ["ORM3"]\n', 0),
        (f"[tool.ormlint]\nseverity = {{ORM2 = 'info'}}\n\n# more\n{PROJECT}\n[tool.other]\n", 1),
        (f'{PROJECT.replace("psycopg", "asyncmy")}\n[tool.ormlint]\nignore = ["ORM3"]\n', 1),
        (f'{PROJECT}\n[tool.alembic]\n\n[tool.ormlint]\nignore = ["ORM3"]\n', 1),
        (f"{PROJECT}\n[tool.ormlint.per-file-ignores]\n'dependencies.py' = ['ORM3']\n", 1),
    ],
)
def test_settings_beside_what_tells_of_the_project(
    tree: WorkTree, examined: mock.Mock, text: str, graphs: int
) -> None:
    (tree.root / "ormlint.toml").unlink()
    agrees(tree, examined)
    tree.write("pyproject.toml", text)
    assert agrees(tree, examined) == graphs
    tree.replace("pyproject.toml", "[tool.ormlint", "\n[tool.ormlint")
    assert agrees(tree, examined) == (1 if "alembic" in text or "dependencies.py" in text else 0)


def test_settings_beside_another_project(tree: WorkTree, examined: mock.Mock) -> None:
    tree.write("app/pyproject.toml", f'{PROJECT}\n[tool.ormlint]\nseverity = {{ORM2 = "info"}}\n')
    assert agrees(tree, examined) == 1
    tree.replace("app/pyproject.toml", "severity", "fail-on = 'error'\nseverity")
    assert agrees(tree, examined) == 0
    tree.replace("app/pyproject.toml", "psycopg", "asyncmy")
    assert agrees(tree, examined) == 1


def test_settings_together_with_a_file_that_the_graph_does_not_rest_on(
    tree: WorkTree, examined: mock.Mock
) -> None:
    (tree.root / "ormlint.toml").unlink()
    tree.write("pyproject.toml", f'{PROJECT}\n[tool.ormlint]\nseverity = {{ORM2 = "info"}}\n')
    agrees(tree, examined)
    tree.replace("pyproject.toml", "ORM2", "ORM3")
    tree.replace("app/sums.py", "a + b", "a - b")
    assert agrees(tree, examined) == 0


def test_nothing_heavy_is_loaded(tree: WorkTree) -> None:
    check(tree.root)
    tree.write("ormlint.toml", 'ignore = ["ORM101"]\nexternal-tables = ["elsewhere"]\n')
    out, modules = check(tree.root)
    assert ("ORM101" in out, "ORM301" in out) == (False, True)
    assert [name for name in HEAVY if name in modules] == []


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
