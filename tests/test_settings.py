from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ormlint.settings import Settings, UsageError, find, load, matches, nearest, reference
from ormlint.settings.keys import Keys, adapter
from ormlint.settings.patterns import moved
from ormlint.settings.plainly import plainly


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "backend" / "app").mkdir(parents=True)
    return tmp_path


def problem(file: Path, text: str) -> str:
    """What is said of a settings file, its folder left out."""
    file.write_text(text)
    with pytest.raises(UsageError) as raised:
        load(file.parent)
    return str(raised.value).replace(f"{file.parent}/", "")


def test_the_defaults_hold_without_a_file(repository: Path) -> None:
    assert load(repository) == Settings()


def test_every_key(repository: Path) -> None:
    file = repository / "pyproject.toml"
    file.write_text(
        """
        [tool.ormlint]
        select = ["ORM3"]
        extend-select = ["ORM002"]
        ignore = ["orphan-table"]
        exclude = ["old/**"]
        extend-exclude = ["vendor"]
        roots = ["backend"]
        alembic = ["backend/alembic.ini"]
        python-path = ["../venvs/backend"]
        dialect = "postgresql"
        allow-missing = ["*.deleted_at"]
        allow-extra = ["PersonOut.token"]
        external-tables = ["spatial_*"]
        per-file-ignores = { "tests/**" = ["ORM2"] }

        [tool.ormlint.severity]
        ORM301 = "warning"

        [tool.ormlint.links]
        PersonOut = "Person"
        Health = false
        """
    )
    assert load(repository / "backend" / "app") == Settings(
        select=("ORM3",),
        extend_select=("ORM002",),
        ignore=("orphan-table",),
        exclude=("old/**",),
        extend_exclude=("vendor",),
        roots=("backend",),
        alembic=("backend/alembic.ini",),
        python_path=("../venvs/backend",),
        dialect="postgresql",
        allow_missing=("*.deleted_at",),
        allow_extra=("PersonOut.token",),
        external_tables=("spatial_*",),
        per_file_ignores={"tests/**": ("ORM2",)},
        severity={"ORM301": "warning"},
        links={"PersonOut": "Person", "Health": False},
        file=file,
        folder=repository,
    )


def test_the_closest_file_wins(repository: Path) -> None:
    (repository / "pyproject.toml").write_text('[tool.ormlint]\nselect = ["ORM1"]\n')
    (repository / "backend" / "pyproject.toml").write_text("[tool.other]\n")
    assert find(repository / "backend" / "app") == repository / "pyproject.toml"
    (repository / "backend" / "ormlint.toml").write_text("")
    assert find(repository / "backend" / "app") == repository / "backend" / "ormlint.toml"
    (repository / "backend" / ".ormlint.toml").write_text("")
    assert find(repository / "backend" / "app") == repository / "backend" / ".ormlint.toml"


def test_a_file_is_looked_for_from_its_folder(repository: Path) -> None:
    module = repository / "backend" / "models.py"
    module.write_text("")
    (repository / "backend" / "ormlint.toml").write_text("")
    assert find(module) == repository / "backend" / "ormlint.toml"


def test_the_search_ends_at_the_root_of_the_work_tree(repository: Path) -> None:
    (repository / "ormlint.toml").write_text("")
    (repository / "backend" / ".git").write_text("gitdir: ../.git/modules/backend\n")
    assert find(repository / "backend" / "app") is None


def test_isolated_reads_no_file(repository: Path) -> None:
    (repository / "ormlint.toml").write_text('select = ["ORM1"]\n')
    assert load(repository, isolated=True) == Settings()


def test_the_command_line_names_a_file_or_sets_keys(repository: Path) -> None:
    (repository / "ormlint.toml").write_text('select = ["ORM1"]\n')
    other = repository / "backend" / "strict.toml"
    other.write_text('select = ["ALL"]\nignore = ["ORM302"]\n')
    assert load(
        repository, config=[str(other), 'ignore = ["ORM4"]', 'severity = {ORM301 = "info"}']
    ) == Settings(
        select=("ALL",),
        ignore=("ORM4",),
        severity={"ORM301": "info"},
        file=other,
        folder=other.parent,
        given=frozenset({"ignore", "severity"}),
    )


@pytest.mark.parametrize(
    ("config", "isolated", "said"),
    [
        (["a.toml", "b.toml"], False, "--config names more than one file"),
        (["a.toml"], True, "--config FILE and --isolated exclude each other"),
        (["a.toml"], False, "a.toml: cannot be read: No such file or directory"),
        (["select = "], False, "--config: not valid TOML: invalid value"),
        (["slect = []"], False, "--config: unknown key `slect`. Did you mean `select`?"),
    ],
)
def test_wrong_options(tmp_path: Path, config: list[str], isolated: bool, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        load(tmp_path, config=config, isolated=isolated)
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[project]\nname = 'x'\n\n[tool.ormlint]\nexternal-table = []\n",
            "pyproject.toml:5: unknown key `external-table`. Did you mean `external-tables`?",
        ),
        ("[tool.ormlint]\nzzz = 1\n", "pyproject.toml:2: unknown key `zzz`."),
        (
            "[tool.ormlint]\nextend_select = []\n",
            "pyproject.toml:2: unknown key `extend_select`. Did you mean `extend-select`?",
        ),
        (
            "[tool.ormlint]\nselect = 'ORM3'\n",
            "pyproject.toml:2: `select`: expected a list of strings, not 'ORM3'",
        ),
        (
            "[tool.ormlint]\nselect = []\n[tool.ormlint.severity]\n# bad\nORM301 = 'fatal'\n",
            "pyproject.toml:5: `severity.ORM301`: expected `error`, `warning` or `info` for a rule, "
            "not 'fatal'",
        ),
        (
            "[tool.ormlint.links]\nPersonOut = true\nOther = 1\n",
            "pyproject.toml:2: `links.PersonOut`: expected a model's name, or `false`, for a schema, "
            "not True\n"
            "pyproject.toml:3: `links.Other`: expected a model's name, or `false`, for a schema, not 1",
        ),
        (
            "[tool.ormlint]\n'per-file-ignores' = { 'tests/**' = 'ORM1' }\n",
            "pyproject.toml:2: `per-file-ignores.tests/**`: expected a list of rules for a path pattern, "
            "not 'ORM1'",
        ),
        (
            "[tool]\normlint.dialect = 'db2'\n",
            "pyproject.toml:2: `dialect`: expected one of `mariadb`, `mssql`, `mysql`, `oracle`, "
            "`postgresql`, `sqlite`, not 'db2'",
        ),
        ("tool.ormlint = 1\n", "pyproject.toml:1: `tool.ormlint` must be a table"),
        (
            "[project]\nname = 'x'\n[tool.ormlint\n",
            "pyproject.toml:3: not valid TOML: expected ']' at the end of a table declaration",
        ),
    ],
)
def test_wrong_settings(repository: Path, text: str, said: str) -> None:
    assert problem(repository / "pyproject.toml", text) == said


def test_an_unfinished_string_is_wrong_at_the_end(repository: Path) -> None:
    said = problem(repository / "ormlint.toml", 'a = """\n\n')
    assert said.startswith("ormlint.toml:2: not valid TOML: ")


def test_toml_is_utf_8(repository: Path) -> None:
    (repository / "ormlint.toml").write_bytes(b"# fine\nselect = ['\xe9']\n")
    with pytest.raises(UsageError, match=r"ormlint\.toml:2: TOML must be UTF-8, and this line is not$"):
        load(repository)


def test_a_named_pyproject_needs_the_table(repository: Path) -> None:
    file = repository / "pyproject.toml"
    file.write_text("[project]\n")
    with pytest.raises(UsageError, match=r"there is no table \[tool\.ormlint\] in it$"):
        load(repository, config=[str(file)])


def test_a_key_knows_its_place(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "ormlint.toml").write_text("[severity]\nORM301 = 'info'\n")
    monkeypatch.chdir(repository)
    settings = load(repository)
    assert (settings.where("severity", "ORM301"), settings.where("select")) == (
        "ormlint.toml:2",
        "ormlint.toml:1",
    )
    assert Settings().where("select") == "--config"


@pytest.mark.parametrize("text", ["[project]", "[tool.ormlint]\nselect = ['ORM3']\nlinks = {Health = false}"])
def test_pydantic_is_loaded_only_for_wrong_settings(repository: Path, text: str) -> None:
    (repository / "pyproject.toml").write_text(text)
    code = (
        "import sys, pathlib, ormlint.settings as s; s.load(pathlib.Path(sys.argv[1])); "
        "sys.exit('pydantic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(repository)], check=True)


SCALARS = st.sampled_from(["ix", "read", "info", "sqlite", "x", 1, 0, True, False, 1.5, dt.date(2026, 1, 2)])
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(
    st.sampled_from(["read", "x", "info"]), SCALARS | st.lists(SCALARS, max_size=2), max_size=2
)  # fmt: skip
ADAPTER = adapter()
NAMES = st.sampled_from([*(key.name for key in reference()), "extend_select", "unknown"])


@given(st.dictionaries(NAMES, VALUES, max_size=2))
@example({"links": {"x": False}})
@example({"links": {"x": True}})
@example({"role-affixes": {"read": ["x"]}})
@example({"severity": {"x": "info"}})
@example({"naming-convention": ["ix"]})
@example({"extend_select": ["x"]})
def test_what_needs_no_validation_is_what_pydantic_makes_of_it(table: dict[str, Any]) -> None:
    keys = plainly(table)
    if keys is not None:
        assert repr(keys) == repr(Keys(**vars(ADAPTER.validate_python(table))))


def test_every_key_that_is_right_needs_no_validation() -> None:
    right = {
        "dialect": "sqlite", "exclude": ["x"], "fail-on": "info", "links": {"A": "B", "C": False},
        "naming-convention": ["ix"], "role-affixes": {"read": ["x"]}, "strict-length": True,
    }  # fmt: skip
    keys = plainly(right)
    assert keys is not None
    assert (keys.exclude, keys.links, keys.role_affixes) == (("x",), {"A": "B", "C": False}, {"read": ("x",)})


@pytest.mark.parametrize(
    ("path", "pattern", "fits"),
    [
        ("tests/a.py", "tests", True),
        ("backend/tests/a.py", "tests", True),
        ("backend/tests/a.py", "tests/", True),
        ("tests/a.py", "tests/**", True),
        ("backend/tests/a.py", "backend/tests", True),
        ("backend/tests/a.py", "app/tests", False),
        ("backend/a.py", "*.py", True),
        ("backend/a.py", "backend/*.py", True),
        ("backend/app/a.py", "backend/*.py", False),
        ("backend/app/a.py", "backend/**/*.py", True),
        ("backend/a.py", "backend/**/*.py", True),
        ("backend/a.py", "./backend/?.py", True),
        ("backend/a.pyc", "*.py", False),
        ("testsuite/a.py", "tests", False),
    ],
)
def test_path_patterns(path: str, pattern: str, fits: bool) -> None:
    assert matches(path, [pattern]) is fits


def test_the_nearest_word() -> None:
    assert nearest("ORM31", ["ORM301", "missing-table"]) == " Did you mean `ORM301`?"
    assert nearest("Missing_Table", ["ORM301", "missing-table"]) == " Did you mean `missing-table`?"
    assert nearest("zzz", ["ORM301"]) == ""


def test_paths_and_patterns_move_to_the_project_root(tmp_path: Path) -> None:
    given = Settings(
        exclude=("old", "backend/legacy/*.py", "frontend/**"),
        roots=("backend/src",),
        alembic=("backend/alembic.ini",),
        python_path=("backend/env", "/opt/env"),
        per_file_ignores={"backend/tests/**": ("ORM2",), "docs/**": ("ORM3",)},
        folder=tmp_path,
    )
    assert given.seen_from(tmp_path / "backend") == Settings(
        exclude=("old", "legacy/*.py"),
        roots=("src",),
        alembic=("alembic.ini",),
        python_path=("env", Path(os.path.relpath("/opt/env", tmp_path / "backend")).as_posix()),
        per_file_ignores={"tests/**": ("ORM2",)},
        folder=tmp_path / "backend",
    )
    assert given.seen_from(tmp_path) == given
    assert Settings().seen_from(tmp_path) == Settings(folder=tmp_path)


@pytest.mark.parametrize(
    ("folder", "root", "pattern"),
    [
        (folder, root, pattern)
        for folder, root in (("", "a"), ("", "a/b"), ("a", ""), ("a/b", ""), ("a", "a"))
        for pattern in (
            "b",
            "b/",
            "a/*.py",
            "a/b/*.py",
            "b/*.py",
            "**/*.py",
            "a/**",
            "a",
            "./a/b",
            "a/b",
            "/a",
            "*/b/**",
        )
    ],
)
def test_a_moved_pattern_fits_the_same_files(folder: str, root: str, pattern: str) -> None:
    files = ("x.py", "a/x.py", "a/b/x.py", "a/b/a/x.py", "a/b/b/y.txt", "b/x.py", "a/c/b/x.py", "a/a/b/x.py")
    top = Path("/top")
    new = moved(pattern, top / folder, top / root)
    for file in files:
        from_folder, from_root = (os.path.relpath(top / file, top / start) for start in (folder, root))
        if from_folder.startswith("..") or from_root.startswith(".."):
            continue
        fits = new is not None and matches(from_root, [new])
        assert (file, fits) == (file, matches(from_folder, [pattern]))
