"""What changed between two commits, on a repository made from the example."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from ormlint import cli
from ormlint.report.changes import Changes

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "changes.md"

NOTES = """\
from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.patient import Patient


class PatientNote(Base):
    __tablename__ = "patient_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    pinned: Mapped[bool]

    patient: Mapped[Patient] = relationship()
"""
NICKNAME = """\
import sqlalchemy as sa
from alembic import op

revision = "0011_notes"
down_revision = ("0009_practitioner_license_number_required", "0010_patient_search")


def upgrade() -> None:
    op.add_column("patients", sa.Column("nickname", sa.String(40)))
    with op.batch_alter_table("patients") as batch_op:
        batch_op.alter_column("email", type_=sa.String(320))
    op.create_table(
        "patient_notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("patient_id", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_patient_notes_patient_id"),
    )
"""
ADDED = {"app/models/note.py": NOTES, "alembic/versions/0011_notes.py": NICKNAME}
EDITED = {
    "app/models/__init__.py": [
        ("from app.models.patient", "from app.models.note import PatientNote\nfrom app.models.patient"),
        ("from app.models.waitlist import WaitlistEntry\n", ""),
        ('    "WaitlistEntry",\n', '    "PatientNote",\n'),
    ],
    "app/models/appointment.py": [("    NO_SHOW =", '    MOVED = "moved"\n    NO_SHOW =')],
    "app/models/patient.py": [
        ("String(254)", "String(320)"),
        ("    deleted_at:", "    nickname: Mapped[str | None] = mapped_column(String(40))\n    deleted_at:"),
    ],
    "app/schemas/patient.py": [
        ("    email:", "    nickname: str | None = Field(default=None, max_length=40)\n    email:"),
        ("    full_name: str\n\n\n", "    full_name: str\n    preferred_language: str\n\n\n"),
    ],
    "app/api/audit.py": [("app.schemas.audit", "app.schemas.access")],
    "app/api/__init__.py": [("    waitlist,\n", "")],
}  # fmt: skip
MOVED = {"app/schemas/audit.py": "app/schemas/access.py"}
REMOVED = ("app/models/waitlist.py", "app/schemas/waitlist.py", "app/api/waitlist.py")


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    root = tmp_path / "clinic"
    shutil.copytree(
        ROOT / "examples" / "clinic", root, ignore=shutil.ignore_patterns(".ormlint_cache", "__pycache__")
    )
    monkeypatch.chdir(root)
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "first")
    return root


@pytest.fixture
def changed(root: Path) -> Path:
    for path, edits in EDITED.items():
        file = root / path
        text = file.read_text(encoding="utf-8")
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        file.write_text(text, encoding="utf-8")
    for path, text in ADDED.items():
        (root / path).write_text(text, encoding="utf-8")
    for path, target in MOVED.items():
        (root / path).rename(root / target)
    for path in REMOVED:
        (root / path).unlink()
    return root


def written(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """The command's output with four rules, so that a new one changes nothing here."""
    rules = 'select = ["ORM201", "ORM301", "ORM303", "ORM401"]'
    assert cli.main(["report", "--no-cache", "--config", rules, "--diff-base", "main", *options]) == 0
    return capsys.readouterr().out


def commit() -> str:
    done = subprocess.run(["git", "rev-parse", "main"], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_the_markdown_is_the_one_kept(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = written(capsys).replace(commit()[:9], "0123abcde")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_the_json_has_every_part_and_fits_its_schema(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = written(capsys, "--format", "json")
    changes = msgspec.json.decode(text, type=Changes, strict=True)
    assert json.loads(text)["version"] == 1
    assert (changes.base.ref, changes.base.commit) == ("main", commit())
    assert [(f.code, f.model) for f in changes.new] == [("ORM303", "app.models.note.PatientNote")]
    assert [f.code for f in changes.fixed] == ["ORM401", "ORM301", "ORM201"]
    fields = {
        (thing.name, part.name): (part.change, part.before, part.after, part.declared_in)
        for thing in changes.schemas
        if thing.change == "changed"
        for part in thing.parts
    }
    nickname = ("added", "", "`str | None`, optional, at most 40 characters")
    base = "app.schemas.patient.PatientBase"
    assert fields == {
        ("PatientBase", "nickname"): (*nickname, ""),
        ("PatientCreate", "nickname"): (*nickname, base),
        ("PatientRead", "nickname"): (*nickname, base),
        ("PatientRead", "preferred_language"): ("added", "", "`str`, required", ""),
    }
    assert [(thing.was, thing.id) for thing in changes.schemas if thing.was] == [
        ("app.schemas.audit.AccessLogRead", "app.schemas.access.AccessLogRead")
    ]


def test_the_way_back_is_the_same_the_other_way_round(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = msgspec.json.decode(written(capsys, "--format", "json"), type=Changes)
    git("add", "--all")
    git("commit", "-qm", "second")
    git("branch", "-qf", "other")
    git("checkout", "-q", "HEAD~1")
    git("branch", "-qf", "main", "other")
    back = msgspec.json.decode(written(capsys, "--format", "json"), type=Changes)
    assert (back.fixed, back.new) == (there.new, there.fixed)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    for kind in ("tables", "migrated", "models", "schemas", "enums"):
        ours, theirs = ({(thing.name, thing.change) for thing in getattr(c, kind)} for c in (there, back))
        assert {(name, turned[change]) for name, change in ours} == theirs
    assert [(row.before, row.after) for row in back.layers] == [
        (row.after, row.before) for row in there.layers
    ]


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_no_change_is_said_in_one_line(root: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    (root / "app" / "new.py").write_text("# nothing of models\n", encoding="utf-8")
    text = written(capsys, "--format", form)
    if form == "markdown":
        assert text == (
            f"Models, schemas, migrations and findings are as they are in `main` ({commit()[:9]}).\n"
        )
    else:
        assert "<p>Models, schemas, migrations and findings are as they are in <code>main</code>.</p>" in text
        assert "<table" not in text


def test_what_was_read_is_kept(
    changed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["report", "--diff-base", "main", "--cache-dir", "kept"]
    assert cli.main(command) == 0
    first = capsys.readouterr().out
    from ormlint import analysis  # noqa: PLC0415 - to be taken away

    monkeypatch.delattr(analysis, "linked")
    assert cli.main(command) == 0
    assert capsys.readouterr().out == first


def test_a_commit_that_is_not_here(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    git("branch", "other")
    git("commit", "-qm", "second", "--allow-empty")
    git("clone", "-q", "--depth=1", f"file://{root}", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    assert cli.main(["report", "--diff-base", "origin/other"]) == 2
    assert capsys.readouterr() == (
        "",
        "ormlint: --diff-base: `origin/other`: this shallow clone does not have it; for a branch, "
        "`git fetch --depth=1 origin other:refs/remotes/origin/other` brings it\n",
    )


def test_a_base_without_anything_to_check(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git("checkout", "-q", "--orphan", "empty")
    git("rm", "-rqf", "--cached", ".")
    git("commit", "-qm", "empty", "--allow-empty")
    git("branch", "-f", "main")
    changes = msgspec.json.decode(written(capsys, "--format", "json"), type=Changes)
    assert {thing.change for thing in (*changes.models, *changes.schemas, *changes.tables)} == {"added"}
    assert changes.risk.before == "none"
    assert [row.before.total for row in changes.layers] == [0, 0, 0, 0]


def test_names_of_a_project_do_no_harm(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = changed / "app/models/note.py"
    text = file.read_text(encoding="utf-8").replace("patient_notes", "<script>alert(1)</script>|x")
    file.write_text(text, encoding="utf-8")
    html = written(capsys, "--format", "html")
    assert "alert(1)" in html
    assert "<script" not in html
    assert "| `<script>alert(1)</script>\\|x` | table | added, 4 columns | nothing |" in written(capsys)
