from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ormlint.baseline import Compared, Entry, compare, entries_for, read, subject_of, write
from ormlint.findings import Finding, Place, Severity, Subject
from ormlint.settings import UsageError

TODAY = dt.date(2026, 5, 1)


def finding(code: str = "ORM303", line: int = 1, path: str = "a.py", **subject: str) -> Finding:
    keys = subject or {"table": "users", "column": "email"}
    return Finding(code, "name", Severity.ERROR, "m", Place(path, line), Subject(**keys))


@pytest.mark.parametrize(
    ("code", "subject", "words"),
    [
        ("ORM303", Subject(model="app.models.User", table="users", column="email"), "users.email"),
        ("ORM302", Subject(table="old", revision="ab12"), "old"),
        (
            "ORM201",
            Subject(schema="a.b.UserOut", field="email", model="a.User", table="users", column="email"),
            "UserOut.email",
        ),
        (
            "ORM205",
            Subject(schema="a.b.UserIn", model="a.User", table="users", column="email"),
            "UserIn users.email",
        ),
        ("ORM405", Subject(table="users", column="email", revision="ab12"), "users.email revision ab12"),
        ("ORM402", Subject(revision="ab12"), "revision ab12"),
        ("ORM307", Subject(table="users", name="ix_users_email"), "users ix_users_email"),
        ("ORM101", Subject(name="Base"), "Base"),
        ("ORM104", Subject(model="app.models.User"), "User"),
        ("ORM001", Subject(path="app/bad.py"), "app/bad.py"),
        ("ORM401", Subject(), "a.py"),
    ],
)
def test_a_finding_is_named_by_what_it_is_about(code: str, subject: Subject, words: str) -> None:
    assert subject_of(Finding(code, "name", Severity.ERROR, "m", Place("x/a.py", 3), subject)) == words


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "baseline.toml"
    entries = [
        Entry("ORM303", "users.email", 2, 'they "know" \\', dt.date(2027, 1, 31)),
        Entry("ORM201", "PersonRead.größe"),
    ]
    write(file, entries)
    assert file.read_text(encoding="utf-8") == (
        "# Findings that `ormlint check` leaves out, written by `ormlint check --write-baseline`.\n"
        "# `reason` and `until` (a date, after which the finding is reported again) may be added "
        "to an entry.\n"
        '\n[[finding]]\ncode = "ORM201"\nsubject = "PersonRead.größe"\n'
        '\n[[finding]]\ncode = "ORM303"\nsubject = "users.email"\ncount = 2\n'
        'reason = "they \\"know\\" \\\\"\nuntil = 2027-01-31\n'
    )
    assert read(file) == [
        Entry("ORM201", "PersonRead.größe", line=4),
        Entry("ORM303", "users.email", 2, 'they "know" \\', dt.date(2027, 1, 31), line=8),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[finding]]\ncode = "A"\n', "b.toml:1: a finding has a `code` and a `subject`"),
        ('\n[[finding]]\ncode = 1\nsubject = "x"\n', "b.toml:2: `code` of a finding cannot be 1"),
        ('[[finding]]\ncode = "A"\nsubject = "x"\nwhy = "x"\n', "b.toml:1: `why` of a finding cannot be 'x'"),
        (
            '[[finding]]\ncode = "A"\nsubject = "x"\nuntil = "soon"\n',
            "b.toml:1: `until` of a finding cannot be 'soon'",
        ),
        ("finding = 1\n", "b.toml: a baseline is made of [[finding]] tables"),
        ("finding = \n", "b.toml:1: not valid TOML: invalid value"),
    ],
)
def test_what_is_wrong_in_a_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("b.toml").write_text(text)
    with pytest.raises(UsageError) as raised:
        read(Path("b.toml"))
    assert str(raised.value) == said


def test_lines_and_files_do_not_count() -> None:
    moved = finding(line=90, path="moved/b.py")
    entries = entries_for([finding()])
    assert entries == [Entry("ORM303", "users.email")]
    assert compare([moved], entries, TODAY) == Compared([], [(entries[0], 1)])


def test_what_is_new_is_reported() -> None:
    name, twice = finding(table="users", column="name"), finding(line=2)
    entry = Entry("ORM303", "users.email")
    assert compare([finding(), twice, name], [entry], TODAY) == Compared([twice, name], [(entry, 1)])


def test_an_expired_entry_holds_nothing_back_and_stays() -> None:
    expired = Entry("ORM303", "users.email", until=dt.date(2026, 4, 30))
    lasting = Entry("ORM303", "users.name", until=TODAY)
    name = finding(table="users", column="name")
    compared = compare([finding(), name], [expired, lasting], TODAY)
    assert (compared.new, compared.stale) == ([finding()], [])


def test_what_is_gone_is_stale() -> None:
    gone, fewer, held = Entry("ORM303", "a.b"), Entry("ORM303", "users.email", 3), Entry("ORM303", "c.d")
    compared = compare([finding(), finding(table="c", column="d")], [gone, fewer, held], TODAY)
    assert (compared.new, compared.stale) == ([], [(gone, 0), (fewer, 1)])


def test_what_was_said_of_an_entry_is_kept() -> None:
    known = [Entry("ORM303", "users.email", 5, "later", TODAY), Entry("ORM303", "gone.too", reason="x")]
    assert entries_for([finding(), finding("ORM301", table="a")], known) == [
        Entry("ORM301", "a"),
        Entry("ORM303", "users.email", 1, "later", TODAY),
    ]
