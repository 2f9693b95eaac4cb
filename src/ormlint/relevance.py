"""Which files may declare a model, a table or a schema, told from their bytes.

Too many cost time, too few would lose a model: whatever is in doubt is taken. A class statement counts when
one of its bases may lead to a declarative base or a Pydantic class, followed by name through the whole
project; names that merely pass through a file are read when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_CLASS = re.compile(rb"class[ \t]+(\w+)[ \t]*(?:\[[^\]]*\])?[ \t]*\(([^)]*)")
_WORD = re.compile(rb"[A-Za-z_]\w*")
_AS = re.compile(rb" as (\w+)")
_LAST_WORD = re.compile(rb"(\w+)[ \t]*\Z")
_ASSIGNED = re.compile(rb"\n(\w+)[ \t]*(?::[^=\n]+)?=[ \t]*([^\n]+)")
_CALLED = (b"Table", b"registry", b"MetaData", b"SQLAlchemy")
_DECLARING = (
    b"declarative_base", b"create_model", b"map_imperatively", b"as_declarative", b"automap_base",
    b"mapped_as_dataclass", b"mapped_column", b".mapped\n",
    *(name + opening for name in _CALLED for opening in (b"(", b" (")),
)  # fmt: skip
ROOTS = frozenset({
    b"DeclarativeBase", b"DeclarativeBaseNoMeta", b"BaseModel", b"SQLModel", b"Model", b"GenericModel", b"RootModel",
    b"BaseSettings", b"Base",
})  # fmt: skip
"""Names of bases that packages give; classes under them are found by closure."""
_PACKAGES = (
    b"sqlalchemy",
    b"sqlmodel",
    b"pydantic",
    b"advanced_alchemy",
    b"fastapi_users",
    b"litestar",
    b"ormar",
)


def declaring(files: Iterable[tuple[str, bytes]]) -> list[str]:
    """The paths of the files that may declare something, of (path, content) pairs."""
    chosen: set[str] = set()
    classes: dict[str, list[tuple[bytes, frozenset[bytes]]]] = {}
    aliases: dict[bytes, set[bytes]] = {}
    for path, data in files:
        packaged = any(package in data for package in _PACKAGES)
        if packaged and any(word in data for word in _DECLARING):
            chosen.add(path)
        found = [(m[1], frozenset(_WORD.findall(m[2]))) for m in _CLASS.finditer(data)]
        if found:
            classes[path] = found
            for name, other in _renamed(data):
                aliases.setdefault(name, set()).add(other)
            if packaged:
                for name, value in _ASSIGNED.findall(data):
                    for word in _WORD.findall(value):
                        aliases.setdefault(word, set()).add(name)
    return sorted(chosen | _closure(classes, aliases))


def _renamed(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """`name as other`, wherever it stands."""
    for match in _AS.finditer(data):
        before = _LAST_WORD.search(data, max(match.start() - 80, 0), match.start())
        if before is not None:
            yield before[1], match[1]


def _closure(
    classes: Mapping[str, list[tuple[bytes, frozenset[bytes]]]], aliases: Mapping[bytes, set[bytes]]
) -> set[str]:
    """The files with a class below the roots, by name."""
    users: dict[bytes, list[tuple[str, bytes]]] = {}
    for path, found in classes.items():
        for name, bases in found:
            for base in bases:
                users.setdefault(base, []).append((path, name))
    reached = set(ROOTS)
    queue = list(ROOTS)
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
