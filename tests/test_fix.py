"""Fixes prove themselves: the result parses, the finding is gone, nothing new appears, and so it stays."""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ormlint import cli
from ormlint.findings import Finding, Place, Severity, Subject
from ormlint.fix import FIXERS
from ormlint.fix.comments import without_words
from ormlint.fix.conventions import with_convention
from ormlint.fix.imports import with_imports
from ormlint.rules import catalogue
from ormlint.rules.page import Case, cases, page

Project = Callable[[Mapping[str, str]], Path]
ENV = "from alembic import context\n\ncontext.configure(target_metadata=None)\n"


def failing() -> Iterator[object]:
    """Every example of a rule with a fix."""
    for module in catalogue.MODULES:
        if module.RULE.code not in FIXERS:
            continue
        file = Path(__file__).parent / "rules" / f"{module.RULE.name}.md"
        further = cases(file.read_text(encoding="utf-8")) if file.exists() else ()
        for case in (*page(module.__doc__).fails, *further):
            if case.marks:
                yield pytest.param(module.RULE.code, case, id=f"{module.RULE.name}:{case.line}:{case.title}")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Counter[str], str]:
    """The status, the fingerprints of all findings, and what is said beside."""
    status = cli.main(["check", "--no-cache", "--output-format", "json", *words])
    out, said = capsys.readouterr()
    return status, Counter(each["fingerprint"] for each in json.loads(out)["findings"]), said


def texts(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*.py")}


@pytest.mark.parametrize(("code", "case"), list(failing()))
def test_a_fix_proves_itself(
    code: str, case: Case, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project({file.path: file.text for file in case.files})
    before, (_, were, _) = texts(root), run(capsys, str(root))
    _, of_rule, _ = run(capsys, "--select", code, str(root))

    _, left, said = run(capsys, "--fix", "--unsafe-fixes", str(root))

    after = texts(root)
    changed = [path for path in before if before[path] != after[path]]
    assert "nothing was changed" not in said
    assert [bool(ast.parse(after[path])) for path in changed] == [True] * len(changed)
    assert not left - were
    assert bool(changed) == bool((were - left) & (of_rule if code != "ORM003" else were))
    assert run(capsys, "--fix", "--unsafe-fixes", str(root)) == (bool(left), left, "")
    assert texts(root) == after


def test_how_many_examples_are_mended(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Of each rule at least that of its page."""
    for module in catalogue.MODULES:
        if module.RULE.code in FIXERS:
            (case,) = page(module.__doc__).fails
            root = project({file.path: file.text for file in case.files})
            said = run(capsys, "--fix", "--unsafe-fixes", str(root))[2]
            assert said.startswith("ormlint: fixed "), module.RULE.code
            for file in root.rglob("*.py"):
                file.unlink()


def finding(code: str, line: int = 1, column: int = 1, **subject: Any) -> Finding:
    return Finding(code, "", Severity.WARNING, "", Place("a.py", line, column), Subject(**subject))


@pytest.mark.parametrize(
    ("line", "words", "expected"),
    [
        ("x = 1  # ormlint: ignore[ORM201] why\n", ["ORM201"], "x = 1\n"),
        (
            "x = 1  # ormlint: ignore[ORM201, ORM202] why\n",
            ["ORM201"],
            "x = 1  # ormlint: ignore[ORM202] why\n",
        ),
        ("x = 1  # ormlint: ignore[ORM201,ORM202]\r\n", ["ORM201", "ORM202"], "x = 1\r\n"),
        ("x = 1  # ormlint: ignore  # noqa: E501\n", [""], "x = 1  # noqa: E501\n"),
        ("x = 1  # noqa: E501 # ormlint: ignore[ORM201]\n", ["ORM201"], "x = 1  # noqa: E501\n"),
        ("    # ormlint: ignore[ORM201]\n", ["ORM201"], ""),
        ("# ormlint: file-ignore[ORM201]\n", ["ORM201"], ""),
        ("x = 1\n", ["ORM201"], "x = 1\n"),
    ],
)
def test_what_is_left_of_a_comment(line: str, words: list[str], expected: str) -> None:
    column = line.find("# ormlint") + 1
    found = [finding("ORM003", 2, column, name=word) for word in words]
    assert without_words(f"a = 0\n{line}b = 2\n", found) == f"a = 0\n{expected}b = 2\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a\nfrom b import c\nx = 1\n", "import a\nfrom b import c\n{new}x = 1\n"),
        ('"""Doc."""\nx = 1\n', '"""Doc."""\n{new}x = 1\n'),
        ("x = 1\n", "{new}x = 1\n"),
        ("import a", "import a\n{new}"),
        ("import a\nBadge = 1\n", "import a\nBadge = 1\n"),
        ("import a\nif x:\n", "import a\nif x:\n"),
    ],
)
def test_where_an_import_is_put(text: str, expected: str) -> None:
    new = "from app.badge import Badge  # noqa: F401\n"
    assert with_imports(text, [finding("ORM104", model="app.badge.Badge")]) == expected.format(new=new)


HEAD = """\
from sqlalchemy import MetaData

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "class Base(A):\n    pass\n",
            "class Base(A):\n    metadata = MetaData(naming_convention=NAMING_CONVENTION)\n",
        ),
        (
            'class Base(A):\n    """Doc."""\n\n    id = 1\n',
            'class Base(A):\n    """Doc."""\n\n'
            "    metadata = MetaData(naming_convention=NAMING_CONVENTION)\n\n    id = 1\n",
        ),
        (
            "Base = declarative_base()\n",
            "Base = declarative_base(metadata=MetaData(naming_convention=NAMING_CONVENTION))\n",
        ),
        (
            "db = SQLAlchemy(app)\n",
            "db = SQLAlchemy(app, metadata=MetaData(naming_convention=NAMING_CONVENTION))\n",
        ),
        (
            "@as_declarative()\nclass Base:\n    pass\n",
            "@as_declarative(metadata=MetaData(naming_convention=NAMING_CONVENTION))\n"
            "class Base:\n    pass\n",
        ),
        ('metadata = MetaData("é")\n', 'metadata = MetaData("é", naming_convention=NAMING_CONVENTION)\n'),
    ],
)
def test_a_convention(before: str, after: str) -> None:
    head = HEAD if "MetaData(" not in before else HEAD.split("\n", 1)[1]
    assert with_convention(f"import a\n\n{before}", [finding("ORM101", 3)]) == f"import a\n{head}\n{after}"


@pytest.mark.parametrize(
    "text",
    [
        "class Base(A): pass\n",
        "class Base(A):\n    metadata = MetaData()\n",
        "Base = declarative_base(**options)\n",
        "Base = make()\n",
        "NAMING_CONVENTION = 1\nBase = declarative_base()\n",
    ],
)
def test_a_form_that_stays(text: str) -> None:
    assert with_convention(text, [finding("ORM101", 1)]) == text


FILES = {
    "models.py": (
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
        "class Base(DeclarativeBase):\n    pass\n\n\n"
        "class Person(Base):  # ormlint: ignore[ORM202] old\n"
        '    __tablename__ = "people"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    )
}


def test_a_diff_changes_nothing(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(FILES)
    assert cli.main(["check", "--no-cache", "--diff", str(root)]) == 1
    assert capsys.readouterr().out.splitlines()[:3] == [
        "--- models.py",
        "+++ models.py",
        "@@ -5,6 +5,6 @@",
    ]
    assert texts(root) == FILES
    assert cli.main(["check", "--no-cache", "--select", "ORM301", "--diff", str(root)]) == 0
    assert capsys.readouterr().out == ""


def test_only_what_is_safe_is_mended_unasked(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(FILES)
    status, left, said = run(capsys, "--fix", str(root))
    assert (status, left.total(), said) == (1, 1, "ormlint: fixed 1 finding in models.py\n")
    assert texts(root) == {"models.py": FILES["models.py"].replace("  # ormlint: ignore[ORM202] old", "")}


def test_a_fix_that_brings_something_new_is_taken_back(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        FIXERS,
        "ORM003",
        lambda text, findings: text + ("x: int = 1  # ormlint: ignore\n" if findings else ""),
    )
    root = project(FILES)
    said = run(capsys, "--fix", str(root))[2]
    assert (
        said == "ormlint: the fixes of models.py would not have mended all they should; nothing was changed\n"
    )
    assert texts(root) == FILES


def test_a_fix_that_cannot_be_read_is_not_written(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FIXERS, "ORM003", lambda text, findings: "class (")
    root = project(FILES)
    assert run(capsys, "--fix", str(root))[2] == ""
    assert texts(root) == FILES


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--unsafe-fixes"], "--unsafe-fixes goes with --fix or --diff"),
        (["--fix", "--write-baseline"], "--fix and --write-baseline exclude each other"),
        (["--diff", "--add-ignore"], "--diff and --add-ignore exclude each other"),
    ],
)
def test_what_does_not_go_together(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", *words]) == 2
    assert capsys.readouterr().err == f"ormlint: {said}\n"
