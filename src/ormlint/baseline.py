"""The baseline: findings that were there when ormlint was switched on, to be put right later.

An entry names a finding by its code and its subject, as `users.email` or `PersonRead.email`, never by file or
line: moving and renaming files changes nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ormlint.atomic import replace_file
from ormlint.findings import Finding
from ormlint.settings import UsageError, parse_file, shown_path

_HEAD = """\
# Findings that `ormlint check` leaves out, written by `ormlint check --write-baseline`.
# `reason` and `until` (a date, after which the finding is reported again) may be added to an entry.
"""
_KEYS = {"code": str, "subject": str, "count": int, "reason": str, "until": dt.date}


class Entry(Struct, frozen=True):
    """So many findings of one rule about one subject; `line` is where the entry stands."""

    code: str
    subject: str
    count: int = 1
    reason: str = ""
    until: dt.date | None = None
    line: int = 1


class Compared(Struct, frozen=True):
    """The findings that no entry holds back, and the entries beside how many findings each still has."""

    new: list[Finding]
    used: list[tuple[Entry, int]]

    @property
    def stale(self) -> list[tuple[Entry, int]]:
        """Entries for more findings than there are."""
        return [(entry, count) for entry, count in self.used if count < entry.count]


def subject_of(finding: Finding) -> str:
    """What a finding is about, in names that stay when files move."""
    subject = finding.subject
    schema, model = ((name or "").rpartition(".")[2] for name in (subject.schema, subject.model))
    parts = []
    if schema:
        parts.append(f"{schema}.{subject.field}" if subject.field else schema)
    owner = subject.table or model
    if owner and not (schema and subject.field):
        parts.append(f"{owner}.{subject.column}" if subject.column else owner)
    if subject.revision and (finding.code.startswith("ORM4") or not parts):
        parts.append(f"revision {subject.revision}")
    if subject.name:
        # A MetaData goes by the id of its owner.
        parts.append(subject.name.rpartition(".")[2] if not parts else subject.name)
    if subject.path and not parts:
        parts.append(subject.path)
    return " ".join(parts) or Path(finding.place.path).name


def read(file: Path) -> list[Entry]:
    """The entries of a baseline; raises `UsageError` with the line of what is wrong."""
    text, table = parse_file(file)
    lines = [
        text.count("\n", 0, match.start()) + 1 for match in re.finditer(r"^[ \t]*\[\[", text, re.MULTILINE)
    ]
    rows = table.get("finding", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{shown_path(file)}: a baseline is made of [[finding]] tables")
    return [_entry(file, lines[index] if index < len(lines) else 1, row) for index, row in enumerate(rows)]


def _entry(file: Path, line: int, row: Mapping[str, Any]) -> Entry:
    for key, value in row.items():
        if not isinstance(value, _KEYS.get(key, ())) or isinstance(value, (bool, dt.datetime)):
            raise UsageError(f"{shown_path(file)}:{line}: `{key}` of a finding cannot be {value!r}")
    if not {"code", "subject"} <= row.keys():
        raise UsageError(f"{shown_path(file)}:{line}: a finding has a `code` and a `subject`")
    return Entry(**row, line=line)


def compare(findings: Iterable[Finding], entries: Sequence[Entry], today: dt.date) -> Compared:
    """Hold back the findings that entries name; those of an expired entry are reported again."""
    room: Counter[tuple[str, str]] = Counter()
    expired = set()
    for entry in entries:
        room[entry.code, entry.subject] += entry.count
        if entry.until is not None and entry.until < today:
            expired.add((entry.code, entry.subject))
    left = room.copy()
    new = []
    for finding in findings:
        key = (finding.code, subject_of(finding))
        held = left[key] > 0
        if held:
            left[key] -= 1
        if not held or key in expired:
            new.append(finding)
    used = []
    for entry in entries:
        missing = min(left[entry.code, entry.subject], entry.count)
        left[entry.code, entry.subject] -= missing
        used.append((entry, entry.count - missing))
    return Compared(new, used)


def entries_for(findings: Iterable[Finding], known: Sequence[Entry] = ()) -> list[Entry]:
    """An entry for each subject, with what a known entry says of it."""
    counts = Counter((finding.code, subject_of(finding)) for finding in findings)
    said = {(entry.code, entry.subject): entry for entry in known}
    return [replace(said.get(key) or Entry(*key), count=count) for key, count in sorted(counts.items())]


def write(file: Path, entries: Sequence[Entry]) -> None:
    """Replace a baseline."""
    import tomli_w  # noqa: PLC0415 - most runs write none

    rows = [_row(entry) for entry in sorted(entries, key=lambda entry: (entry.code, entry.subject))]
    tables = "\n".join(f"[[finding]]\n{tomli_w.dumps(row)}" for row in rows)
    replace_file(file, f"{_HEAD}\n{tables}".encode())


def _row(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"code": entry.code, "subject": entry.subject}
    if entry.count > 1:
        row["count"] = entry.count
    if entry.reason:
        row["reason"] = entry.reason
    if entry.until is not None:
        row["until"] = entry.until
    return row
