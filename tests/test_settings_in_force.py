"""Settings that extend others, and several projects in one repository, each with its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import jsonschema
import pytest

from ormlint import cli, pipeline
from ormlint.adoption import Holding
from ormlint.settings import UsageError, json_schema, load, reference

Project = Callable[[Mapping[str, str]], Path]

MODELS = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class {name}(Base):
    __tablename__ = "{name}s"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
ENV = """\
from alembic import context

from {package}.models import Base

context.configure(target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
"""


def service(folder: str, package: str, model: str) -> dict[str, str]:
    """A project whose one table no migration creates, and whose MetaData has no convention."""
    return {
        f"{folder}/{package}/__init__.py": "",
        f"{folder}/{package}/models.py": MODELS.format(name=model),
        f"{folder}/alembic.ini": "[alembic]\nscript_location = migrations\n",
        f"{folder}/migrations/env.py": ENV.format(package=package),
        f"{folder}/migrations/versions/0001.py": 'revision = "0001"\ndown_revision = None\n',
    }


@pytest.fixture
def monorepo(project: Project) -> Path:
    root = project(
        {
            **service("services/billing", "billing", "Invoice"),
            **service("services/users", "users", "User"),
            **service("services/plain", "plain", "Thing"),
            "ormlint.toml": 'ignore = ["ORM101"]\n',
            "services/billing/pyproject.toml": '[tool.ormlint]\nseverity = { ORM301 = "info" }\n',
            "services/users/ormlint.toml": 'select = ["ORM1"]\nfail-on = "error"\n',
            "services/plain/pyproject.toml": "[project]\nname = 'plain'\n",
        }
    )
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


def found(report: pipeline.Report) -> list[tuple[str, str, str]]:
    return [(each.place.path, each.code, each.severity.value) for each in report.findings]


def test_the_closest_settings_win_in_each_project_of_a_repository(monorepo: Path) -> None:
    assert found(pipeline.check([monorepo])) == [
        ("services/billing/billing/models.py", "ORM101", "error"),
        ("services/billing/billing/models.py", "ORM301", "info"),
        ("services/plain/plain/models.py", "ORM301", "error"),
        ("services/users/users/models.py", "ORM101", "error"),
    ]


def test_a_part_of_a_repository_goes_by_its_own_settings(monorepo: Path) -> None:
    report = pipeline.check([monorepo / "services/billing", monorepo / "services/users/users"])
    assert [code for _, code, _ in found(report)] == ["ORM101", "ORM301", "ORM101"]


def test_a_named_file_holds_for_all(monorepo: Path) -> None:
    (monorepo / "all.toml").write_text('select = ["ORM301"]\n')
    report = pipeline.check([monorepo], config=[str(monorepo / "all.toml")])
    assert {code for _, code, _ in found(report)} == {"ORM301"}
    assert len(report.findings) == 3
    isolated = pipeline.check([monorepo], isolated=True)
    assert [code for _, code, _ in found(isolated)] == ["ORM101", "ORM301"] * 3


def test_an_option_holds_for_all(monorepo: Path) -> None:
    report = pipeline.check([monorepo], config=['select = ["ORM101"]', "ignore = []"])
    assert [code for _, code, _ in found(report)] == ["ORM101"] * 3


def test_each_project_says_what_fails(monorepo: Path) -> None:
    for folder in ("billing", "plain"):
        for file in (monorepo / "services" / folder).rglob("models.py"):
            file.unlink()
    (monorepo / "services/users/ormlint.toml").write_text(
        'select = ["ORM1"]\nfail-on = "error"\nseverity = { ORM1 = "warning" }\n'
    )
    report = pipeline.check([monorepo])
    assert (len(report.findings), report.fails) == (1, False)
    assert pipeline.check([monorepo], config=['fail-on = "warning"']).fails


def test_each_project_has_its_own_baseline(monorepo: Path) -> None:
    report = pipeline.check([monorepo], holding=Holding(write=True))
    names = [file.relative_to(monorepo.resolve()).as_posix() for file in report.written]
    assert sorted(names) == [
        ".ormlint-baseline.toml",
        "services/billing/.ormlint-baseline.toml",
        "services/users/.ormlint-baseline.toml",
    ]
    assert found(pipeline.check([monorepo], holding=Holding())) == []
    (monorepo / "services/users/.ormlint-baseline.toml").unlink()
    assert [code for _, code, _ in found(pipeline.check([monorepo], holding=Holding()))] == ["ORM101"]


def test_projects_may_share_a_baseline(monorepo: Path) -> None:
    (monorepo / "ormlint.toml").write_text('baseline = "known.toml"\n')
    for name in ("billing", "users"):
        (monorepo / f"services/{name}/ormlint.toml").write_text('extend = "../../ormlint.toml"\n')
    report = pipeline.check([monorepo], holding=Holding(write=True))
    assert [file.name for file in report.written] == ["known.toml"]
    before = (monorepo / "known.toml").read_text()
    assert len(report.findings) == 6
    assert before.count('code = "ORM101"\nsubject = "Base"\ncount = 3') == 1
    assert found(pipeline.check([monorepo], holding=Holding())) == []
    assert (monorepo / "known.toml").read_text() == before


def test_wrong_settings_of_one_project_are_an_error_with_their_place(
    monorepo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (monorepo / "services/users/ormlint.toml").write_text("\nslect = []\n")
    monkeypatch.chdir(monorepo)
    with pytest.raises(UsageError) as raised:
        pipeline.check([Path()])
    assert str(raised.value) == ("services/users/ormlint.toml:2: unknown key `slect`. Did you mean `select`?")


def test_an_unknown_rule_in_one_project_is_found_there(monorepo: Path) -> None:
    (monorepo / "services/users/ormlint.toml").write_text('ignore = ["ORM1", "ORM3", "ORM999"]\n')
    assert ("services/users/ormlint.toml", "ORM004", "warning") in found(pipeline.check([monorepo]))


def test_the_settings_of_all_projects_are_shown(monorepo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--show-settings", str(monorepo)]) == 0
    files = [line for line in capsys.readouterr().out.splitlines() if line.startswith("# ")]
    top = monorepo.resolve()
    assert files == [
        f"# {top / 'ormlint.toml'}",
        f"# {top / 'services/users/ormlint.toml'}",
        f"# {top / 'services/billing/pyproject.toml'}",
    ]


def test_a_setting_of_another_project_changes_the_cached_answer(monorepo: Path, tmp_path: Path) -> None:
    caching = pipeline.Caching(tmp_path / "cache")
    assert len(pipeline.check([monorepo], caching=caching).findings) == 4
    (monorepo / "services/users/ormlint.toml").write_text('select = ["ORM3"]\n')
    assert found(pipeline.check([monorepo], caching=caching))[-1][1] == "ORM301"


def test_a_file_extends_another(project: Project) -> None:
    root = project(
        {
            "conf/base.toml": (
                'select = ["ORM3"]\nextend-select = ["ORM4"]\nextend-exclude = ["/gen"]\n'
                'roots = ["../src"]\nbaseline = "known.toml"\n'
                'severity = { ORM301 = "info", ORM303 = "info" }\n'
            ),
            "app/ormlint.toml": (
                'extend = "../conf/base.toml"\nselect = ["ORM1"]\nextend-select = ["ORM5"]\n'
                'extend-exclude = ["old"]\n\n[severity]\nORM301 = "warning"\n'
            ),
        }
    )
    settings = load(root / "app")
    assert settings.as_table() == {
        **load(root / "app", isolated=True).as_table(),
        "extend": "../conf/base.toml",
        "select": ["ORM1"],
        "extend-select": ["ORM4", "ORM5"],
        "extend-exclude": ["conf/gen", "app/**/old"],
        "roots": ["src"],
        "severity": {"ORM301": "warning", "ORM303": "info"},
        "baseline": "../conf/known.toml",
    }
    assert settings.source("severity", "ORM301") == (root / "app/ormlint.toml", 7)
    assert settings.source("severity", "ORM303") == (root.resolve() / "app/../conf/base.toml", 6)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"ormlint.toml": '\nextend = "gone.toml"\n'},
            "ormlint.toml:2: `extend`: there is no file gone.toml",
        ),
        ({"ormlint.toml": 'extend = "."\n'}, "ormlint.toml:1: `extend`: there is no file ."),
        (
            {"ormlint.toml": 'extend = "ormlint.toml"\n'},
            "ormlint.toml:1: `extend` leads back to ormlint.toml",
        ),
        (
            {"ormlint.toml": 'extend = "a.toml"\n', "a.toml": 'select = "x"\n'},
            "a.toml:1: `select`: expected a list of strings, not 'x'",
        ),
        (
            {"ormlint.toml": "extend = 1\n"},
            "ormlint.toml:1: `extend`: expected the path of a settings file, not 1",
        ),
        (
            {"ormlint.toml": 'extend = "a0.toml"\n'}
            | {f"a{number}.toml": f'extend = "a{number + 1}.toml"\n' for number in range(30)},
            "a19.toml:1: `extend`: more than 20 files in a row",
        ),
    ],
)
def test_a_file_that_cannot_be_extended(
    files: dict[str, str], said: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project(files))
    with pytest.raises(UsageError) as raised:
        load(Path())
    assert str(raised.value).replace(f"{Path.cwd()}/", "") == said


def test_the_command_line_extends_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--config: `extend` belongs in a settings file"):
        load(tmp_path, config=['extend = "a.toml"'])


def test_only_what_is_included_is_read(project: Project) -> None:
    files = {**service("one", "one", "First"), **service("two", "two", "Second")}
    root = project({**files, "ormlint.toml": 'include = ["one"]\n'})
    assert {path for path, *_ in found(pipeline.check([root]))} == {"one/one/models.py"}


def test_the_dialect_decides_what_a_migration_does(project: Project) -> None:
    migration = (
        'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "0001"\ndown_revision = None\n\n\n'
        'def upgrade():\n    if op.get_bind().dialect.name == "mysql":\n'
        '        op.create_table("Users", sa.Column("id", sa.Integer, primary_key=True))\n'
    )
    files = {**service(".", "users", "User"), "./migrations/versions/0001.py": migration}
    missing = {}
    for dialect in ("mysql", "postgresql"):
        root = project({**files, "ormlint.toml": f'dialect = "{dialect}"\nselect = ["ORM3"]\n'})
        missing[dialect] = [code for _, code, _ in found(pipeline.check([root]))]
    assert missing == {"mysql": [], "postgresql": ["ORM301"]}


def test_the_schema_takes_what_the_settings_take() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert list(schema["properties"]) == [key.name for key in reference()]
    validator = jsonschema.Draft202012Validator(schema)
    right = {
        "extend": "../ormlint.toml",
        "include": ["app"],
        "role-affixes": {"create": ["Cmd"]},
        "secret-columns": ["ssn"],
        "naming-convention": ["pk", "fk"],
        "strict-length": True,
        "dialect": "mysql",
        "links": {"A": "B", "C": False},
    }
    assert list(validator.iter_errors(right)) == []
    wrong = [
        {"role-affixes": {"red": ["A"]}},
        {"naming-convention": ["xx"]},
        {"strict-length": 3},
        {"new": 1},
    ]
    assert [bool(list(validator.iter_errors(each))) for each in wrong] == [True] * len(wrong)


def test_settings_are_described_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["settings"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[::2] == [
        f"{key.name}: {key.takes} (default: {key.default})".replace("`", "") for key in reference()
    ]
    assert said[1::2] == [f"    {key.says}".replace("`", "") for key in reference()]
    assert cli.main(["settings", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()


def test_a_link_out_of_the_repository_is_no_settings_file(tmp_path: Path, project: Project) -> None:
    root = project({})
    (root / "ormlint.toml").unlink()
    (tmp_path / "elsewhere.toml").write_text('select = ["ORM1"]\n')
    (root / "ormlint.toml").symlink_to(tmp_path / "elsewhere.toml")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    command = [sys.executable, "-m", "ormlint", "check"]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (
        2,
        "ormlint: ormlint.toml: a link out of the repository is not followed; `--config FILE` names a file\n",
    )
