"""ORM003: takes out of ignore comments what silences nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from ormlint.findings import Finding
from ormlint.fix.lines import split

_COMMENT = re.compile(r"(#\s*ormlint:\s*(?:file-)?ignore\s*)(?:\[([^\]#]*)\])?[^#\r\n]*")


def without_words(text: str, findings: Sequence[Finding]) -> str:
    """The text without these words; a comment that is left with none goes as a whole."""
    words: dict[tuple[int, int], set[str]] = defaultdict(set)
    for finding in findings:
        words[finding.place.line, finding.place.column].add(finding.subject.name or "")
    lines = split(text)
    for line, column in sorted(words, reverse=True):
        lines[line - 1] = _without(lines[line - 1], column - 1, words[line, column])
    return "".join(lines)


def _without(line: str, start: int, words: set[str]) -> str:
    found = _COMMENT.match(line, start)
    if found is None:
        return line
    left = [word for word in re.split(r"[,\s]+", found[2] or "") if word and word not in words]
    if left:
        return line[: found.start(2)] + ", ".join(left) + line[found.end(2) :]
    before, after = line[:start], line[found.end() :]
    if after.strip():
        return before + after
    return before.rstrip() + after if before.strip() else ""
