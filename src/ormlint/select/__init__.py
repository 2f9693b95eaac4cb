"""Which rules run, and which of their findings are shown with which severity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

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


class Override(Struct, frozen=True):
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
        if settings.per_file_ignores and _weight(ignored(finding.place.path), finding):
            continue
        word = max(settings.severity, key=lambda word: fits(word, finding), default="")
        if fits(word, finding):
            yield replace(finding, severity=Severity(settings.severity[word]))
        else:
            yield finding


def _weight(words: Iterable[str], rule: Named) -> int:
    """How closely the best of these selectors fits."""
    return max((fits(word, rule) for word in words), default=0)


def fits(word: str, rule: Named) -> int:
    """0 not at all, `ALL` 1, a prefix more the longer it is, a code or name most."""
    if word == "ALL":
        return 1
    if word in {rule.code, rule.name}:
        return len(rule.code) + 1
    return len(word) + 1 if word and rule.code.startswith(word) else 0


def _check_names(settings: Settings, override: Override, rules: Sequence[Selectable]) -> None:
    def check(where: str, words: Iterable[str]) -> None:
        for word in words:
            if not any(fits(word, rule) for rule in rules):
                raise UsageError(f"{where}: {_unknown(word, rules)}")

    check("--select", override.select or ())
    check("--extend-select", override.extend_select)
    check("--ignore", override.ignore)
    for keys, words in _in_file(settings):
        if words and (settings.source(*keys) is None or keys[0] in ("select", "extend-select")):
            check(settings.where(*keys), words)


def unknown(settings: Settings, rules: Sequence[Named]) -> Iterator[tuple[tuple[Path, int], str, str]]:
    """What a settings file would silence and no rule is called: its place, the word, and what is wrong."""
    for keys, words in _in_file(settings):
        source = settings.source(*keys) if words else None
        for word in words:
            if source is not None and not any(fits(word, rule) for rule in rules):
                yield source, word, _unknown(word, rules)


def _unknown(word: str, rules: Sequence[Named]) -> str:
    names = [name for rule in rules for name in (rule.code, rule.name)]
    return f"there is no rule `{word}`.{nearest(word, names)}"


def _in_file(settings: Settings) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    yield ("select",), settings.select or ()
    yield ("extend-select",), settings.extend_select
    yield ("ignore",), settings.ignore
    for pattern, words in settings.per_file_ignores.items():
        yield ("per-file-ignores", pattern), words
    for word in settings.severity:
        yield ("severity", word), (word,)
