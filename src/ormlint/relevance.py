"""Which files may declare a model, a table or a schema, told from their bytes.

Too many cost time, too few would lose a model: whatever is in doubt is taken. A class statement counts when
one of its bases may lead to a declarative base or a Pydantic class, followed by name through the whole
project; names that merely pass through a file are read when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec

from ormlint.anchored import patterns
from ormlint.facts.comments import tells
from ormlint.graph.packages import KNOWN

# Patterns are compiled where a file is looked at: a run that knows all of them does without.
_PARAMETERS = rb"\[(?:[^][]|\[(?:[^][]|\[[^][]*\])*\])*\]"
"""`[T: type[list[Base]]]`."""
_CLASS = rb"class[ \t]+(\w+)[ \t]*(?:%s)?[ \t]*\(([^)]*)" % _PARAMETERS
_WORD = rb"[A-Za-z_]\w*"
_AS = rb"as (?<= as )(\w+)"
"""From its first letter: spaces are everywhere."""
_LAST_WORD = rb"(\w+)[ \t]*\Z"
_ASSIGNED = rb"\n(\w+)[ \t]*(?::[^=\n]+)?=[ \t]*([^\n]+)"
_IMPORTED = rb"\nfrom[ \t]+(\w+)[\w.]*[ \t]+import[ \t]+(\([^)]*\)|[^\n]+)"
_ANCHORS = "_(."
"""Each stands in many of the words."""
_CALLED = (b"Table", b"registry", b"MetaData", b"SQLAlchemy")
_DECLARING = (
    b"declarative_base", b"create_model", b"map_imperatively", b"as_declarative", b"automap_base",
    b"pydantic.dataclasses", b"pydantic import dataclasses",
    b"mapped_as_dataclass", b"mapped_column", b"__tablename__", b".mapped\n", b"make_versioned",
    *(name + opening for name in _CALLED for opening in (b"(", b" (")),
)  # fmt: skip
ROOTS = frozenset({
    "DeclarativeBase", "DeclarativeBaseNoMeta", "BaseModel", "SQLModel", "Model", "GenericModel", "RootModel",
    "BaseSettings", "Base", "UUIDBase", "UUIDAuditBase", "UUIDv6Base", "UUIDv6AuditBase", "UUIDv7Base",
    "UUIDv7AuditBase", "NanoIDBase", "NanoIDAuditBase", "BigIntBase", "BigIntAuditBase", "IdentityBase",
    "IdentityAuditBase", "DefaultBase",
    "declarative_base", "generate_base", "automap_base",
})  # fmt: skip
"""Names of bases that packages give, and of what makes one; classes under them are found by closure."""
_PACKAGES = (
    b"sqlalchemy",  # the most usual ones first
    b"pydantic",
    b"sqlmodel",
    b"advanced_alchemy",
    b"fastapi_users",
    b"litestar",
    b"continuum",
    b"ormar",
)


_SPEAKING = (
    b"model_validate(", b"from_orm(", b"parse_obj(", b"model_dump(", b".dict(", b"response_model",
    b"__dict__", b"to_pydantic", b"pydantic_model", b"__pydantic",
)  # fmt: skip
_TOGETHER = rb"\[\s*[A-Z]\w+,\s*[A-Z]"
"""Two classes as arguments of a generic."""
_ROUTE = rb"@\w+\.(?:get|post|put|patch|delete|api_route)\("
_AFTER = (
    (rb"\(\s*\w+\s*=\s*[\w(]*\w\.\w", rb"(?:[A-Z]\w+|\bcls)\Z"),
    (rb"(?m)=[ \t]*[A-Z]\w+[ \t]*$", rb"^[ \t]+\w+(?:: ?[^\n=]+)?[ \t]*\Z"),
)
"""What follows what on a line: a class called with attributes of something, and a class body that names
another class. Searching from the parenthesis or the equals sign takes a tenth of the time."""


class Heading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a file's bytes tell of its declarations: certain ones, class statements, and second names."""

    declares: bool
    classes: list[tuple[str, list[str]]]
    """Each class with the words among its bases."""
    aliases: list[tuple[str, str]]
    """(name, another name for it)."""
    speaks: bool = False
    """A function of it may show which schema mirrors which model."""
    tells: bool = False
    """A comment of it may be meant for ormlint."""
    foreign: list[tuple[str, str]] = []
    """(package, name imported from it), for the names that are bases of a class."""


@cache
def _searches(words: tuple[bytes, ...], anchors: str) -> list[re.Pattern[bytes]]:
    return [re.compile(each.encode()) for each in patterns(map(bytes.decode, words), anchors)]


def heading(data: bytes) -> Heading | None:
    """Read a file's heading; `None` where it declares nothing."""
    packaged = _has(data, _searches(_PACKAGES, "qymi"))  # which stand in all of them
    declares = packaged and _has(data, _searches(_DECLARING, _ANCHORS))
    words_in = re.compile(_WORD).findall
    classes = [
        (match[1].decode(), [word.decode() for word in dict.fromkeys(words_in(match[2]))])
        for match in re.finditer(_CLASS, data)
    ]
    speaks, tells_us = _shows(data) or _has(data, _searches(_SPEAKING, _ANCHORS)), tells(data)
    if not classes:
        return Heading(declares, [], [], speaks, tells_us) if declares or speaks or tells_us else None
    aliases = {(name.decode(), other.decode()) for name, other in _renamed(data)}
    if packaged:
        for name, value in re.findall(_ASSIGNED, data):
            aliases.update((word.decode(), name.decode()) for word in words_in(value))
    return Heading(declares, classes, sorted(aliases), speaks, tells_us, sorted(_foreign(data, classes)))


def _has(data: bytes, searches: Iterable[re.Pattern[bytes]]) -> bool:
    return any(each.search(data) is not None for each in searches)


def _shows(data: bytes) -> bool:
    """Whether classes stand together in one of the ways that may be evidence."""
    if re.search(_TOGETHER, data) is not None or re.search(_ROUTE, data) is not None:
        return True
    return any(
        re.search(before, data[data.rfind(b"\n", 0, match.start()) + 1 : match.start()]) is not None
        for after, before in _AFTER
        for match in re.finditer(after, data)
    )


def _foreign(data: bytes, classes: list[tuple[str, list[str]]]) -> set[tuple[str, str]]:
    bases = {base for _, bases in classes for base in bases}
    return {
        (match[1].decode(), name)
        for match in re.finditer(_IMPORTED, b"\n" + data)
        if match[1].decode() not in KNOWN
        for name in (word.decode() for word in re.findall(_WORD, match[2]))
        if name in bases
    }


def declaring(
    headings: Iterable[tuple[str, Heading | None]], installed: Callable[[str], bool] = lambda package: False
) -> list[str]:
    """The paths of the files that may declare something.

    `installed` says of which packages the source is at hand: any class of theirs may be a base of models.
    """
    chosen: set[str] = set()
    users: dict[str, list[tuple[str, str]]] = {}
    aliases: dict[str, set[str]] = {}
    told = _told_of()
    roots = set(ROOTS) | told
    for path, found in headings:
        if found is None:
            continue
        if found.declares:
            chosen.add(path)
        for name, bases in found.classes:
            for base in bases:
                users.setdefault(base, []).append((path, name))
        for name, other in found.aliases:
            aliases.setdefault(name, set()).add(other)
        roots.update(name for package, name in found.foreign if package in told or installed(package))
    return sorted(chosen | _closure(users, aliases, roots))


@cache
def _told_of() -> frozenset[str]:
    """The packages of whose base classes a stub tells."""
    return frozenset(path.stem for path in (Path(__file__).parent / "stubs").iterdir())


def _renamed(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """`name as other`, wherever it stands."""
    last_word = re.compile(_LAST_WORD).search
    for match in re.finditer(_AS, data):
        end = match.start() - 1
        before = last_word(data, max(end - 80, 0), end)
        if before is not None:
            yield before[1], match[1]


def _closure(
    users: Mapping[str, list[tuple[str, str]]], aliases: Mapping[str, set[str]], roots: set[str]
) -> set[str]:
    """The files with a class below the roots, by name."""
    reached = set(roots)
    queue = list(roots)
    chosen: set[str] = set()
    while queue:
        base = queue.pop()
        for other in aliases.get(base, ()):
            if other not in reached:
                reached.add(other)
                queue.append(other)
        for path, name in users.get(base, ()):
            chosen.add(path)
            if name not in reached:
                reached.add(name)
                queue.append(name)
    return chosen
