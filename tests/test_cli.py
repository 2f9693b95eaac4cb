from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ormlint import __version__, cli, pipeline
from ormlint.adoption import Holding
from ormlint.findings import Covered, Finding, Place, Severity, Summary
from ormlint.rules import catalogue
from ormlint.rules.base import Rule
from ormlint.select import Override

FINDING = Finding(
    code="ORM301",
    name="missing-table",
    severity=Severity.ERROR,
    message="no migration creates `people`",
    place=Place("models.py", 1, 7, 1, 13),
)
SUMMARY = Summary(files=2, models=1, revisions=1, coverage=(Covered("tables", 1, 1),))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "models.py").write_text("class Person(Base):\n    pass\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Replaces the pipeline by one that always finds the same, and says what it was asked."""
    seen: list[dict[str, Any]] = []

    def check(paths: Sequence[Path], **options: Any) -> pipeline.Report:
        seen.append({"paths": paths, **options})
        return pipeline.Report([FINDING], SUMMARY, folder, fails=True)

    monkeypatch.setattr(pipeline, "check", check)
    return seen


def fail(problem: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(*_: Any, **__: Any) -> pipeline.Report:
        raise problem

    monkeypatch.setattr(pipeline, "check", check)


def test_findings_are_shown_and_end_with_1(
    asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check"]) == 1
    assert capsys.readouterr() == (
        "error[ORM301 missing-table]: no migration creates `people`\n"
        "  --> models.py:1:7\n"
        "    |\n"
        "  1 | class Person(Base):\n"
        "    |       ^^^^^^\n"
        "  2 |     pass\n"
        "\n"
        "1 finding: 1 ORM301\n"
        "Resolved 1 of 1 tables. There are no schemas here.\n",
        "",
    )
    assert asked == [
        {
            "paths": [Path()],
            "config": [],
            "isolated": False,
            "override": Override(),
            "ignore_comments": False,
            "holding": Holding(),
            "progress": None,
            "caching": pipeline.Caching(),
        }
    ]


def test_all_options_reach_the_pipeline(
    asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    words = (
        "check models.py . --select ORM3,ORM401 --select ORM1 --extend-select ORM002 --ignore ORM302 -q "
        "--isolated --config select=[] --config a.toml --output-format concise --exit-zero --color always "
        "--no-cache --cache-dir kept"
    )
    assert cli.main(words.split()) == 0
    assert capsys.readouterr().out == (
        "\x1b[1mmodels.py\x1b[0m:1:7: \x1b[1;31mORM301\x1b[0m no migration creates `people`\n"
    )
    assert asked == [
        {
            "paths": [Path("models.py"), Path()],
            "config": ["select=[]", "a.toml"],
            "isolated": True,
            "override": Override(("ORM3", "ORM401", "ORM1"), ("ORM002",), ("ORM302",)),
            "ignore_comments": False,
            "holding": Holding(off=True),
            "progress": None,
            "caching": pipeline.Caching(Path("kept"), off=True),
        }
    ]


def test_json_is_the_only_thing_on_the_output(
    asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", "--output-format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["summary"]["by_code"] == {"ORM301": 1}
    assert len(asked) == 1


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["check", "--unknown"],
        ["check", "--output-format", "xml"],
        ["rule"],
        ["check", "--sel", "ORM1"],
        ["nothing"],
    ],
)
def test_bad_usage_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "rule"])
def test_an_unknown_option_is_told_beside_those_that_there_are(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.main([command, "ORM101", "--unknown", "--other"])
    said = capsys.readouterr().err
    assert said.startswith(f"usage: ormlint {command} ")
    assert said.endswith(f"\normlint {command}: error: unrecognized arguments: --unknown --other\n")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", ["check", "graph"])
def test_a_path_that_does_not_exist_ends_with_2(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([command, "backnd"]) == 2
    assert capsys.readouterr() == ("", "ormlint: backnd: no such file or folder\n")


def test_a_loop_of_links_ends_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "loop").symlink_to("loop")
    assert cli.main(["check", "loop"]) == 2
    assert capsys.readouterr() == ("", "ormlint: loop: no such file or folder\n")


def test_a_folder_without_anything_to_check_ends_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "models.py").write_text("x = 1\n")
    assert cli.main(["check"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("ormlint: nothing to check in .: no SQLAlchemy model, no Pydantic schema")
    assert "alembic.ini" in err
    assert "[tool.ormlint]" in err


def test_a_broken_pyproject_ends_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pyproject.toml").write_text("[project]\nname = \n")
    assert cli.main(["check"]) == 2
    assert capsys.readouterr() == ("", "ormlint: pyproject.toml:2: not valid TOML: invalid value\n")


@pytest.mark.usefixtures("folder")
def test_an_unknown_rule_on_the_command_line_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--select", "zzz"]) == 2
    assert capsys.readouterr() == ("", "ormlint: --select: there is no rule `zzz`.\n")


@pytest.mark.usefixtures("folder")
def test_an_internal_error_ends_with_3_and_asks_for_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail(KeyError("people"), monkeypatch)
    assert cli.main(["check"]) == 3
    said, advice = capsys.readouterr().err.splitlines()
    assert said.startswith("ormlint: internal error: KeyError: 'people' (test_cli.py:")
    assert advice == (
        "This is a bug in ormlint, not in your project. Please report it, with what the same command "
        "prints under ORMLINT_TRACEBACK=1."
    )


@pytest.mark.usefixtures("folder")
def test_a_traceback_is_shown_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ORMLINT_TRACEBACK", "1")
    fail(KeyError("people"), monkeypatch)
    assert cli.main(["check"]) == 3
    assert capsys.readouterr().err.startswith("Traceback (most recent call last):\n")


@pytest.mark.usefixtures("folder")
def test_an_interrupted_run_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail(KeyboardInterrupt(), monkeypatch)
    assert cli.main(["check"]) == 130
    assert capsys.readouterr() == ("", "ormlint: interrupted\n")


def test_a_reader_that_goes_away_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        ran = subprocess.run(
            [sys.executable, "-m", "ormlint", "rule", "--all"],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.usefixtures("folder")
def test_what_the_terminal_cannot_show_is_escaped() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "ormlint", "check", "gr\u00fcn"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (2, b"ormlint: gr\\xfcn: no such file or folder\n")


def test_no_module_of_the_project_stands_for_one_of_python(tmp_path: Path) -> None:
    for name in (
        "platform",
        "uuid",
        "json",
        "pathlib",
        "msgspec",
        "libcst",
        "sqlglot",
        "sqlalchemy",
        "argparse",
    ):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name} of the project was run')\n")
    (tmp_path / "models.py").write_text(
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
        "class Base(DeclarativeBase):\n    pass\n\n\n"
        "class Note(Base):\n    __tablename__ = 'notes'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "ormlint", "check", "--no-cache", "--statistics"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "missing-naming-convention" in ran.stdout


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"ormlint {__version__}\n")


class ExampleRule:
    """A table without a migration."""

    RULE = Rule("ORM301", "missing-table", Severity.ERROR, True, "no migration creates a model's table")


@pytest.mark.parametrize("word", ["ORM301", "orm301", "missing-table"])
def test_a_rule_is_explained(
    word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogue, "MODULES", (ExampleRule,))
    assert cli.main(["rule", word]) == 0
    assert capsys.readouterr().out == (
        "ORM301 missing-table\non by default · error · no automatic fix\n\nA table without a migration.\n"
    )


def test_rules_are_listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(catalogue, "MODULES", (ExampleRule,))
    assert cli.main(["rule", "--all"]) == 0
    assert (
        capsys.readouterr().out
        == "ORM301  missing-table  on   error    no migration creates a model's table\n"
    )


def test_a_rule_that_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogue, "MODULES", (ExampleRule,))
    assert cli.main(["rule", "missing-tables"]) == 2
    assert capsys.readouterr().err == (
        "ormlint: there is no rule `missing-tables`. Did you mean `missing-table`?\n"
    )


@pytest.mark.usefixtures("asked")
def test_the_output_goes_to_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--output-format", "concise", "-q", "-o", "out.txt"]) == 1
    assert capsys.readouterr() == ("", "")
    assert (folder / "out.txt").read_text() == "models.py:1:7: ORM301 no migration creates `people`\n"
    assert cli.main(["check", "-o", "no/such/folder.txt"]) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders")
@pytest.mark.usefixtures("asked")
def test_the_output_goes_into_a_pipe_which_stays_one(folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert cli.main(["check", "--output-format", "concise", "-q", "-o", "pipe"]) == 1
    assert os.read(reader, 1000) == b"models.py:1:7: ORM301 no migration creates `people`\n"
    os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.usefixtures("asked")
def test_every_rule_is_in_a_sarif_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--output-format", "sarif"]) == 1
    declared = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in declared] == [module.RULE.code for module in catalogue.MODULES]


@pytest.mark.usefixtures("asked")
def test_statistics_go_with_some_formats(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--statistics"]) == 1
    assert capsys.readouterr().out == "1  ORM301  missing-table\n"
    assert cli.main(["check", "--statistics", "--output-format", "sarif"]) == 2
    said = "ormlint: --statistics goes with the formats full, concise, grouped, json\n"
    assert capsys.readouterr().err == said


@pytest.mark.usefixtures("asked")
def test_what_github_does_not_show_goes_to_the_summary_of_the_step(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    (folder / "summary.md").write_text("before\n")
    assert cli.main(["check", "--output-format", "github"]) == 1
    assert (folder / "summary.md").read_text().startswith("before\n### ormlint\n\n| rule |")


def test_a_coverage_that_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = Summary(models=1, coverage=(Covered("tables", 0, 0), Covered("columns", 19, 20)))
    monkeypatch.setattr(pipeline, "check", lambda *_, **__: pipeline.Report([], summary, folder))
    assert cli.main(["check", "--require-coverage", "95"]) == 0
    assert cli.main(["check", "--require-coverage", "95.1%"]) == 1
    assert cli.main(["check", "--require-coverage", "100", "--exit-zero"]) == 0


@pytest.mark.parametrize("percent", ["101", "-1", "all"])
def test_a_coverage_is_a_percentage(percent: str) -> None:
    with pytest.raises(SystemExit):
        cli.main(["check", f"--require-coverage={percent}"])


def test_the_settings_in_force(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "ormlint.toml").write_text('select = ["ORM3"]\n[links]\nPersonOut = false\n')
    assert cli.main(["check", "--show-settings", "--config", 'fail-on = "error"']) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == f"# {(folder / 'ormlint.toml').resolve()}"
    assert {'select = ["ORM3"]', 'fail-on = "error"', 'links = {"PersonOut": false}', "ignore = []"} <= set(
        shown
    )
    assert cli.main(["check", "--show-settings", "--isolated"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[:3] == ["# no settings file: the defaults", "extend = null", "select = null"]


def test_the_files_that_are_looked_at(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "ormlint.toml").write_text('exclude = ["old.py"]')
    for name in ("old.py", "b.py", "notes.txt"):
        (folder / name).touch()
    assert cli.main(["check", "--show-files"]) == 0
    root = folder.resolve()
    assert capsys.readouterr().out.splitlines() == [str(root / "b.py"), str(root / "models.py")]
    assert cli.main(["check", "--show-files", "b.py"]) == 0
    assert capsys.readouterr().out.splitlines() == [str(root / "b.py")]


def test_the_schema_of_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["settings", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["additionalProperties"] is False
    assert all(each["description"] for each in schema["properties"].values())
    assert schema["properties"]["fail-on"] == {
        "default": "info",
        "description": "The least severity that ends a check with status 1.",
        "enum": ["error", "warning", "info"],
        "title": "Fail-On",
        "type": "string",
    }


def test_rules_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rule", "--all", "--output-format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["code"] for row in rows] == [module.RULE.code for module in catalogue.MODULES]
    assert cli.main(["rule", "ORM301", "--output-format", "json"]) == 0
    row = next(each for each in rows if each["code"] == "ORM301")
    assert json.loads(capsys.readouterr().out) == [row]
    assert (row["name"], row["severity"], row["default"], row["fix"]) == (
        "missing-table",
        "error",
        True,
        None,
    )
    assert "## Fails" in row["explanation"]
