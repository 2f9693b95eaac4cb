"""What settings, comments and the command line let through of what the rules find."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ormlint import select
from ormlint.discover import Project
from ormlint.findings import Finding, Place
from ormlint.options import Misstatement, Options, Role
from ormlint.parts import Part, Parts
from ormlint.raw import Raw
from ormlint.select.comments import ON_COMMENTS, Comments, in_vain, silenced
from ormlint.settings import Settings

OF_A_BASE = frozenset({"ORM412", "ORM413"})
"""They compare with another commit, and are silent without one."""
OF_REVISIONS = frozenset({"ORM401", "ORM402", "ORM403", "ORM409", *OF_A_BASE})
"""They need no more than the revision graph."""

Chosen = Mapping[str, frozenset[str]]
"""The codes of the rules to run, by the folder of a part."""


def chosen(
    parts: Parts, override: select.Override, rules: Sequence[select.Selectable], *, based: bool
) -> Chosen:
    """The rules that the settings of each part ask for."""
    return {part.under: codes(part.settings, override, rules, based=based) for part in parts.all}


def codes(
    settings: Settings, override: select.Override, rules: Sequence[select.Selectable], *, based: bool = False
) -> frozenset[str]:
    """The codes of the rules to run, `based` with a commit to compare with.

    Raises `UsageError` for a selector that fits none.
    """
    found = select.selected(settings, override, rules)
    return found if based else found - OF_A_BASE


def revisions_do(chosen: Chosen) -> bool:
    """Whether none of the rules needs more than the revision graph."""
    return frozenset().union(*chosen.values()) <= OF_REVISIONS


class Terms(NamedTuple):
    """What the settings of a part say of the project."""

    options: Options
    dialect: str | None


def terms_of(parts: Parts) -> dict[str, Terms]:
    """The terms of each part by its folder, the root's first."""
    found: dict[str, Terms] = {}
    dialects: dict[str, str | None] = {}
    for part in reversed(parts.all):
        options = options_of(part.settings)
        # Of several parts with the same options the first one tells the dialect.
        found[part.under] = Terms(options, dialects.setdefault(repr(options), part.settings.dialect))
    return found


def holds(raw: Raw, parts: Parts) -> bool:
    """Whether the rules would find the same under the settings of the parts."""
    terms = terms_of(parts)
    return raw.parts.keys() == terms.keys() and all(
        (found := raw.of(under)).dialect == dialect and found.answers.hold_for(options)
        for under, (options, dialect) in terms.items()
    )


def ran(raw: Raw, chosen: Chosen) -> bool:
    """Whether all rules that are chosen did run."""
    return all(codes - ON_COMMENTS <= raw.of(under).findings.keys() for under, codes in chosen.items())


def let_through(
    raw: Raw, chosen: Chosen, parts: Parts, project: Project, *, ignore_comments: bool
) -> list[Finding]:
    """What the settings of each part let through of the findings in it, sorted.

    Left out is what a comment silences, and what lies outside the paths that are reported on.
    """
    comments = {} if ignore_comments else raw.comments
    found: list[Finding] = []
    for part in reversed(parts.all):
        settings = part.settings
        own = {_place(settings, (file, 1)).path for file in settings.files}
        here = (
            each
            for each in _of_part(raw, part, chosen[part.under], comments)
            if project.reports(each.place.path)
            and (each.place.path in own or parts.part_of(each.place.path) is part)
        )
        found += select.shown(here, settings)
    return sorted(dict.fromkeys(found), key=lambda finding: finding.sort_key)


def _of_part(raw: Raw, part: Part, chosen: frozenset[str], comments: Comments) -> list[Finding]:
    """What the chosen rules find for the settings of a part, and no comment silences."""
    findings, used = raw.of(part.under).findings, set[tuple[str, int, str]]()
    told = (each for rule in raw.rules if rule.code in chosen - ON_COMMENTS for each in findings[rule.code])
    found = list(silenced(told, comments, used))
    misstated = [*_unknown_in(part.settings, raw), *in_vain(comments, used, raw.rules, chosen)]
    if misstated:
        found += silenced(_misstated(misstated, chosen), comments, used)
    return found


def _misstated(misstated: Sequence[Misstatement], chosen: frozenset[str]) -> Iterator[Finding]:
    from ormlint.rules.analysis import unknown_code, unused_ignore  # noqa: PLC0415 - as a rule there is none

    for rule in (unused_ignore, unknown_code):
        if rule.RULE.code in chosen:
            yield from rule.found(misstated)


def _unknown_in(settings: Settings, raw: Raw) -> Iterator[Misstatement]:
    """What the settings silence that no rule is called."""
    for source, word, message in select.unknown(settings, raw.rules):
        yield Misstatement("unknown-code", _place(settings, source), word, message)


def options_of(settings: Settings) -> Options:
    """What the settings say of the project."""
    places = {schema: settings.source("links", schema) for schema in settings.links}
    return Options(
        links=settings.links,
        link_places={schema: _place(settings, source) for schema, source in places.items() if source},
        allow_missing=settings.allow_missing,
        allow_extra=settings.allow_extra,
        external_tables=settings.external_tables,
        secret_columns=settings.secret_columns,
        role_affixes=dict[Role, tuple[str, ...]](settings.role_affixes.items()),
        required_conventions=settings.naming_convention,
        strict_length=settings.strict_length,
    )


def _place(settings: Settings, source: tuple[Path, int]) -> Place:
    file, line = source
    return Place(Path(os.path.relpath(file, settings.folder)).as_posix(), line)
