"""What ignore comments silence, and what they say in vain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ormlint.facts.comments import Comment
from ormlint.findings import Finding, Place
from ormlint.options import Misstatement
from ormlint.select import Named, fits
from ormlint.settings import nearest

Comments = Mapping[str, Sequence[Comment]]
"""By path."""

ON_COMMENTS = frozenset({"ORM003", "ORM004"})
"""The rules on comments themselves; they run when all others have."""


def silenced(
    findings: Iterable[Finding], comments: Comments, used: set[tuple[str, int, str]]
) -> Iterator[Finding]:
    """The findings that no comment covers at either end; notes each (path, line, word) that was of use."""
    for finding in findings:
        ends = [finding.place, *(end.place for end in finding.related if end.is_end)]
        covering = [
            (place.path, comment.line, word)
            for place in ends
            for comment in comments.get(place.path, ())
            if _ignores(comment) and comment.first <= place.line <= comment.last
            for word in comment.words
            if fits(word, finding)
        ]
        used.update(covering)
        if not covering:
            yield finding


def in_vain(
    comments: Comments, used: Collection[tuple[str, int, str]], rules: Sequence[Named], ran: Collection[str]
) -> Iterator[Misstatement]:
    """Words of ignore comments that silence nothing, as far as their rules ran, or that fit no rule."""
    names = [name for rule in rules for name in (rule.code, rule.name)]
    for path, said in comments.items():
        for comment in said:
            if comment.kind not in ("ignore", "file-ignore"):
                continue
            place = Place(path, comment.line, comment.column, comment.line, comment.end)
            if not comment.words:
                message = f"`{comment.kind}` names no rule and silences nothing"
                yield Misstatement("unused-ignore", place, "", message, f"write `{comment.kind}[CODE]`")
            for word in dict.fromkeys(comment.words):
                meant = {rule.code for rule in rules if fits(word, rule)}
                if not meant:
                    message, advice = f"there is no rule `{word}`", nearest(word, names).strip()
                    yield Misstatement("unknown-code", place, word, message, advice)
                elif meant <= {*ran} - ON_COMMENTS and (path, comment.line, word) not in used:
                    message = f"`{comment.kind}[{word}]` silences nothing"
                    yield Misstatement("unused-ignore", place, word, message, "remove it")


def _ignores(comment: Comment) -> bool:
    return comment.kind in ("ignore", "file-ignore", "noqa")
