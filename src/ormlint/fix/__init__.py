"""Mends what a fix is known for: one function for each rule, from the text of a file to a better one."""

from __future__ import annotations

import codecs
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

from msgspec import Struct

from ormlint.atomic import replace_file
from ormlint.decoding import decode, encoding_of
from ormlint.facts.code import Problem
from ormlint.findings import Applicability, Finding
from ormlint.fix.comments import without_words
from ormlint.fix.conventions import with_convention
from ormlint.fix.imports import with_imports
from ormlint.syntax import parse

Fixer = Callable[[str, Sequence[Finding]], str]
FIXERS: dict[str, Fixer] = {
    "ORM003": without_words,
    "ORM101": with_convention,
    "ORM104": with_imports,
}


class Change(Struct, frozen=True):
    """A file as it is and as its fixes leave it, and the findings that these are for."""

    path: str
    before: bytes
    after: bytes
    findings: tuple[Finding, ...]

    def diff(self) -> Iterator[str]:
        """The lines of a unified diff."""
        before, after = (data.decode("utf-8", "replace").splitlines() for data in (self.before, self.after))
        return unified_diff(before, after, self.path, self.path, lineterm="")


def changes(root: Path, findings: Iterable[Finding], *, unsafe: bool) -> Iterator[Change]:
    """What the fixes of these findings change below `root`; nothing is written."""
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        fix = finding.fix
        if fix is not None and (unsafe or fix.applicability is Applicability.SAFE):
            by_file[fix.path or finding.place.path].append(finding)
    for path, some in sorted(by_file.items()):
        before = (root / path).read_bytes()
        after = _mended(before, some)
        if after != before:
            yield Change(path, before, after, tuple(some))


def _mended(data: bytes, findings: Sequence[Finding]) -> bytes:
    """The file's new content; the old one where the new would not be read as Python."""
    text = decode(data)
    if isinstance(text, Problem):
        return data
    for code, fixer in FIXERS.items():
        text = fixer(text, [finding for finding in findings if finding.code == code])
    if isinstance(parse(text), Problem):
        return data
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return mark + text.encode(encoding_of(data))


def write(root: Path, made: Iterable[Change]) -> None:
    """Replace each file as a whole."""
    for change in made:
        replace_file(root / change.path, change.after)


def take_back(root: Path, made: Iterable[Change]) -> None:
    """Put the files back as they were."""
    for change in made:
        replace_file(root / change.path, change.before)


def fixed(made: Iterable[Change], before: Iterable[Finding], after: Iterable[Finding]) -> int | None:
    """How many findings the changes mended; `None` where none is gone, or another came up."""
    were, left = (Counter(finding.fingerprint for finding in some) for some in (before, after))
    meant = Counter(finding.fingerprint for change in made for finding in change.findings)
    gone = (were - left) & meant
    return gone.total() if gone and not left - were else None
