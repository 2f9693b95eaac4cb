"""What is wrong with a project must neither crash the run nor hide what else is wrong with it."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ormlint import cli

Write = Callable[[Mapping[str, str]], Path]

MODELS = """\
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
"""

ENV = """\
from alembic import context
from app.models import Base

context.configure(target_metadata=Base.metadata)
"""


def migration(revision: str, down: str | None, *operations: str) -> str:
    body = "".join(f"    {operation}\n" for operation in operations or ("pass",))
    return (
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        f"revision = {revision!r}\ndown_revision = {down!r}\n\n\ndef upgrade():\n{body}"
    )


PEOPLE = (
    "op.create_table('people', sa.Column('id', sa.Integer(), nullable=False), "
    "sa.PrimaryKeyConstraint('id', name='pk_people'))"
)
PROJECT = {
    "app/__init__.py": "",
    "app/models.py": MODELS,
    "alembic.ini": "[alembic]\nscript_location = migrations\n",
    "migrations/env.py": ENV,
    "migrations/versions/0001.py": migration("0001", None, PEOPLE),
}
DRIFT = ("ORM303", "app/models.py", "people.name")
"""The one thing that is wrong with `PROJECT`: no migration adds the column."""

Check = Callable[..., list[tuple[str, str, str | None]]]


@pytest.fixture
def check(project: Write, capsys: pytest.CaptureFixture[str]) -> Check:
    """(code, path, subject) of each finding in `PROJECT` with other files, by code."""

    def run(
        files: Mapping[str, str] = {}, *options: str, change: Callable[[Path], None] | None = None
    ) -> Any:
        root = project({**PROJECT, **files})
        if change:
            change(root)
        # `env.py` imports `app/models.py` alone: what the other files declare is out of its reach.
        words = ["check", "--output-format", "json", "--ignore", "model-unreachable-from-env", *options]
        status = cli.main([*words, str(root)])
        out, err = capsys.readouterr()
        assert (status, err) == (1, "")
        findings = json.loads(out)["findings"]
        return sorted(((each["code"], _from(root, each["path"]), _about(each)) for each in findings), key=str)

    return run


def _from(root: Path, path: str) -> str:
    return os.path.relpath(Path(path).absolute(), root).replace(os.sep, "/")


def _about(finding: Mapping[str, Any]) -> str | None:
    subject = finding["subject"]
    table, column = subject.get("table"), subject.get("column")
    about = f"{table}.{column}" if column else table or subject.get("revision") or subject.get("name")
    assert about is None or isinstance(about, str)
    return about


def test_the_project_has_one_finding(check: Check) -> None:
    assert check() == [DRIFT]


def test_a_syntax_error(check: Check) -> None:
    assert check({"app/broken.py": "from sqlalchemy import Column\nclass Broken(Base:\n"}) == [
        ("ORM001", "app/broken.py", None),
        DRIFT,
    ]


def test_a_name_that_one_parser_takes(check: Check) -> None:
    """LibCST knows letters that this Python may not; what neither reads as a whole is a finding."""
    text = "from app.models import Base\n\n\nclass Odd(Base):\n    x\U00013598 = 1\n    y: 'x\U00013598'\n"
    assert check({"app/odd.py": text}) in ([DRIFT], [("ORM001", "app/odd.py", None), DRIFT])


@pytest.mark.parametrize(
    ("first_line", "findings"),
    [
        pytest.param("", [("ORM001", "app/old.py", None), DRIFT], id="undeclared"),
        pytest.param(
            "# -*- coding: latin-1 -*-\n", [("ORM301", "app/old.py", "people_orders"), DRIFT], id="declared"
        ),
        pytest.param(
            "# -*- coding: no-such-thing -*-\n", [("ORM001", "app/old.py", None), DRIFT], id="unknown"
        ),
    ],
)
def test_latin_1(check: Check, first_line: str, findings: list[tuple[str, str, str | None]]) -> None:
    model = (
        "from sqlalchemy import Column, String\nfrom app.models import Base\n\n\n"
        "class Order(Base):\n    __tablename__ = 'people_orders'\n"
        "    café = Column(String, primary_key=True)\n"
    )

    def write(root: Path) -> None:
        (root / "app/old.py").write_bytes((first_line + model).encode("latin-1"))

    assert check(change=write) == findings


def test_empty_files(check: Check) -> None:
    assert check({"app/empty.py": "", "migrations/versions/__init__.py": ""}) == [DRIFT]


def test_a_file_of_5_megabytes(check: Check) -> None:
    rows = "a row of the table that somebody pasted into the module\n" * 90_000

    assert check({"app/models.py": f'{MODELS}\n\nROWS = """\n{rows}"""\n'}) == [DRIFT]


def test_a_line_of_30_megabytes(check: Check) -> None:
    def write(root: Path) -> None:
        with (root / "app/long.py").open("wb") as file:
            file.write(b"from app.models import Base\nclass Long(Base): x = [")
            file.write(b"1," * 15_000_000)

    assert check(change=write) == [("ORM001", "app/long.py", None), DRIFT]


def test_links_that_lead_in_circles(check: Check) -> None:
    def link(root: Path) -> None:
        (root / "app/loop.py").symlink_to("loop.py")
        (root / "app/again").symlink_to(root, target_is_directory=True)

    assert check(change=link) == [("ORM001", "app/loop.py", None), DRIFT]


def test_a_folder_without_read_permission(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: str) -> Any:
        if str(path).rstrip("/").endswith("secret"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)

    assert check({"app/secret/models.py": MODELS}) == [("ORM001", "app/secret", None), DRIFT]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("down_revision = '0001'\n\n\ndef upgrade():\n    pass\n", id="missing"),
        pytest.param(migration("0002", "0001").replace("'0002'", "make_id()"), id="computed"),
        pytest.param(migration("0002", "0001").replace("'0001'", "find_last()"), id="computed down_revision"),
    ],
)
def test_a_migration_whose_revision_is_missing_or_computed(check: Check, text: str) -> None:
    """What it may do to the tables is not known, and that is said on demand."""
    findings = check({"migrations/versions/0002.py": text}, "--extend-select", "ORM002")

    assert [each for each in findings if each != DRIFT] == [("ORM002", "migrations/versions/0002.py", "0002")]


def test_two_files_with_one_revision(check: Check) -> None:
    findings = check({"migrations/versions/0001_again.py": migration("0001", None, PEOPLE)})

    assert ("ORM403", "0001") in [(code, about) for code, _, about in findings]
    assert DRIFT in findings


def test_revisions_in_a_circle(check: Check) -> None:
    files = {
        "migrations/versions/0002.py": migration("0002", "0003"),
        "migrations/versions/0003.py": migration("0003", "0002"),
    }

    assert DRIFT in check(files)


def test_a_revision_that_follows_itself(check: Check) -> None:
    assert DRIFT in check({"migrations/versions/0002.py": migration("0002", "0002")})


@pytest.mark.parametrize(
    "text",
    [
        "script_location = migrations\n",
        "[alembic]\nscript_location = migrations\nscript_location = migrations\n",
        "[alembic]\nscript_location = %(root)s/migrations\n",
        "[alembic]\nscript_location = nowhere\n",
    ],
)
def test_a_broken_alembic_ini(check: Check, text: str) -> None:
    assert check({"alembic.ini": text}) == [("ORM001", "alembic.ini", None), DRIFT]


DEEP = [
    pytest.param("(" * 1_000 + ")" * 1_000, id="parentheses"),
    pytest.param("[" * 150 + "]" * 150, id="lists within Python's limit"),
    pytest.param(" + ".join(["1"] * 3_000), id="a long sum"),
    pytest.param("-" * 3_000 + "1", id="signs"),
    pytest.param("x" + ".y" * 3_000, id="attributes"),
    pytest.param("x" + "()" * 3_000, id="calls"),
    pytest.param("lambda: " * 1_000 + "0", id="functions"),
    pytest.param("1 if x else " * 1_000 + "0", id="conditions"),
    pytest.param("not " * 3_000 + "x", id="negations"),
    pytest.param(" and ".join(["x"] * 3_000), id="conjunctions"),
    pytest.param("f'" + "{x}" * 3_000 + "'", id="an f-string"),
]


@pytest.mark.parametrize("expression", DEEP)
def test_a_deeply_nested_expression(check: Check, expression: str) -> None:
    """Read or not, it takes nothing else down with it."""
    findings = check({"app/deep.py": f"from app.models import Base\nx = None\nDEEP = {expression}\n"})

    assert findings in ([DRIFT], [("ORM001", "app/deep.py", None), DRIFT])


@pytest.mark.parametrize("expression", DEEP)
def test_a_deeply_nested_expression_in_a_model(check: Check, expression: str) -> None:
    model = "class Deep(Base):\n    __tablename__ = 'deep'\n    id = mapped_column(primary_key=True, info="
    findings = check(
        {"app/deep.py": f"from app.models import Base, mapped_column\n\n\n{model}{expression})\n"}
    )

    assert DRIFT in findings
    assert {code for code, path, _ in findings if path == "app/deep.py"} <= {"ORM001", "ORM301"}


def test_deeply_nested_blocks(check: Check) -> None:
    blocks = "".join(f"{' ' * depth}if x:\n" for depth in range(150)) + f"{' ' * 150}pass\n"
    branches = "if x:\n    pass\n" + "elif x:\n    pass\n" * 3_000

    findings = check(
        {"app/blocks.py": f"import sqlalchemy\n{blocks}", "app/branches.py": f"import sqlalchemy\n{branches}"}
    )

    assert [each for each in findings if each[0] != "ORM001"] == [DRIFT]


@pytest.mark.parametrize(
    "classes",
    [
        "class Loop(Loop):\n    __tablename__ = 'loops'\n",
        "class Loop(Base, Loop):\n    __tablename__ = 'loops'\n",
        "class One(Two):\n    __tablename__ = 'ones'\n\n\nclass Two(One):\n    __tablename__ = 'twos'\n",
        "from pydantic import BaseModel\n\n\nclass Out(Out, BaseModel):\n    name: str\n",
    ],
)
def test_a_class_that_inherits_from_itself(check: Check, classes: str) -> None:
    findings = check({"app/loops.py": f"from app.models import Base\n\n\n{classes}"})

    assert [each for each in findings if each != ("ORM301", "app/loops.py", "loops")] == [DRIFT]


@pytest.mark.parametrize("value", ["[]", "{'a': 1}", "{1}"])
@pytest.mark.parametrize(
    "statement",
    [
        "class Out(BaseModel): ...\n\nevent.listen(Person, {}, print)",
        "class Out(BaseModel):\n    @model_validator(mode={})\n    def mend(cls, data): ...\n",
        "class Out(BaseModel):\n    @field_validator({}, mode={})\n    def mend(cls, data): ...\n",
    ],
)
def test_what_is_no_text_where_one_is_asked_for(check: Check, statement: str, value: str) -> None:
    imports = "from app.models import Person\nfrom sqlalchemy import event\n"
    imports += "from pydantic import BaseModel, field_validator, model_validator\n"
    findings = check({"app/odd.py": f"{imports}{statement.replace('{}', value)}"})

    assert findings == [DRIFT]


def test_modules_that_import_each_other_and_themselves(check: Check) -> None:
    files = {
        "app/one.py": "from app.two import *\nfrom app.one import *\nfrom app.two import Name as Other\n",
        "app/two.py": "from app.one import *\nfrom app.one import Other as Name\n",
    }

    assert check(files) == [DRIFT]


def usage(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit status, first line on the screen, and all that follows it."""
    try:
        status = cli.main(arguments)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    out, err = capsys.readouterr()
    assert out == ""
    first, _, rest = err.partition("\n")
    return status, first, rest


def test_a_pyproject_that_is_not_toml(
    project: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(
        {**PROJECT, "pyproject.toml": "[project]\nname = 'x'\ndependencies = [\n  'a'\n  'b'\n]\n"}
    )
    (root / "ormlint.toml").unlink()
    monkeypatch.chdir(root)

    status, said, rest = usage(capsys, "check")

    assert (status, rest) == (2, "")
    assert said.startswith("ormlint: pyproject.toml:5: not valid TOML: ")


def test_an_unknown_flag(project: Write, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, rest = usage(capsys, "check", "--verify", str(project(PROJECT)))

    assert status == 2
    assert "--verify" in rest


def test_a_path_that_does_not_exist(project: Write, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(PROJECT)

    status, said, _ = usage(capsys, "check", str(root), str(root / "backend"))

    assert status == 2
    assert str(root / "backend") in said


def test_a_path_without_a_model_a_schema_or_a_migration(
    project: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project({"app/main.py": "print('hello')\n"})

    status, said, rest = usage(capsys, "check", str(root))

    assert status == 2
    assert str(root) in said
    assert "`roots`" in rest


def test_a_file_without_read_permission(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "secret.py":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)

    assert check({"app/secret.py": MODELS}) == [("ORM001", "app/secret.py", None), DRIFT]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"migrations/env.py": "from alembic import (\n"}, id="env.py"),
        pytest.param(
            {
                "app/models.py": f"from app.types import Name\n{MODELS}\nLONG = Name\n",
                "app/types.py": "from sqlalchemy import String\nName = = String(5)\n",
            },
            id="a module that only others import",
        ),
    ],
)
def test_a_syntax_error_in_what_is_read_on_the_way(check: Check, files: dict[str, str]) -> None:
    broken = list(files)[-1]

    assert sorted(check(files), key=str) == [("ORM001", broken, None), DRIFT]
