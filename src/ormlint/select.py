"""Which rules run, and which of their findings are shown with which severity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Protocol

from ormlint.findings import Finding, Severity
from ormlint.settings import Settings, UsageError, matches, nearest


class Named(Protocol):
    """What a selector fits: a rule, or a finding of it."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...


class Selectable(Named, Protocol):
    """A rule, as far as selection goes."""

    @property
    def default_on(self) -> bool: ...


@dataclass(frozen=True)
class Override:
    """The command line's selection. Its `select` sets the file's whole choice of rules aside."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def selected(settings: Settings, override: Override, rules: Sequence[Selectable]) -> frozenset[str]:
    """The codes of the rules to run. Raises `UsageError` for a selector that fits no rule."""
    _check_names(settings, override, rules)
    select, extend = settings.select, settings.extend_select + override.extend_select
    ignore = tuple(word for word in settings.ignore if word not in override.extend_select) + override.ignore
    if override.select is not None:
        select, extend, ignore = override.select, override.extend_select, override.ignore

    def runs(rule: Selectable) -> bool:
        wanted, unwanted = _weight((*(select or ()), *extend), rule), _weight(ignore, rule)
        if wanted or unwanted:
            return wanted > unwanted
        return select is None and rule.default_on

    return frozenset(rule.code for rule in rules if runs(rule))


def shown(findings: Iterable[Finding], settings: Settings) -> list[Finding]:
    """The findings that the settings let through, with their severities, sorted.

    The settings' patterns start where the findings' paths start.
    """
    return sorted(_kept(findings, settings), key=lambda finding: finding.sort_key)


def _kept(findings: Iterable[Finding], settings: Settings) -> Iterator[Finding]:
    @cache
    def ignored(path: str) -> tuple[str, ...]:
        words = settings.per_file_ignores.items()
        return tuple(word for pattern, some in words if matches(path, (pattern,)) for word in some)

    for finding in findings:
        if _is_allowed(finding, settings):
            continue
        if settings.per_file_ignores and _weight(ignored(finding.place.path), finding):
            continue
        word = max(settings.severity, key=lambda word: _fit(word, finding), default="")
        if _fit(word, finding):
            yield replace(finding, severity=Severity(settings.severity[word]))
        else:
            yield finding


def _is_allowed(finding: Finding, settings: Settings) -> bool:
    """Whether the settings name what the finding is about as meant to be so."""
    subject = finding.subject
    if finding.name == "missing-field":
        return _names(settings.allow_missing, subject.schema, subject.field or subject.column)
    if finding.name == "extra-field":
        return _names(settings.allow_extra, subject.schema, subject.field)
    if finding.name == "orphan-table":
        return any(fnmatchcase(subject.table or "", pattern) for pattern in settings.external_tables)
    return False


def _names(patterns: Sequence[str], owner: str | None, member: str | None) -> bool:
    """Whether a pattern fits `Class.member`, or the same with the class's dotted id."""
    name = (owner or "").rpartition(".")[2]
    return any(
        fnmatchcase(text, pattern)
        for text in (f"{name}.{member}", f"{owner}.{member}")
        for pattern in patterns
    )


def _weight(words: Iterable[str], rule: Named) -> int:
    """How closely the best of these selectors fits."""
    return max((_fit(word, rule) for word in words), default=0)


def _fit(word: str, rule: Named) -> int:
    """0 not at all, `ALL` 1, a prefix more the longer it is, a code or name most."""
    if word == "ALL":
        return 1
    if word in {rule.code, rule.name}:
        return len(rule.code) + 1
    return len(word) + 1 if word and rule.code.startswith(word) else 0


def _check_names(settings: Settings, override: Override, rules: Sequence[Selectable]) -> None:
    def check(where: str, words: Iterable[str]) -> None:
        for word in words:
            if not any(_fit(word, rule) for rule in rules):
                names = [name for rule in rules for name in (rule.code, rule.name)]
                raise UsageError(f"{where}: there is no rule `{word}`.{nearest(word, names)}")

    check("--select", override.select or ())
    check("--extend-select", override.extend_select)
    check("--ignore", override.ignore)
    in_file: dict[tuple[str, ...], tuple[str, ...]] = {
        ("select",): settings.select or (),
        ("extend-select",): settings.extend_select,
        ("ignore",): settings.ignore,
        **{("per-file-ignores", pattern): words for pattern, words in settings.per_file_ignores.items()},
        **{("severity", word): (word,) for word in settings.severity},
    }
    for keys, words in in_file.items():
        if words:
            check(settings.where(*keys), words)
