"""Which files may declare a model, a table or a schema, told from their bytes.

Too many cost time, too few would lose a model: whatever is in doubt is taken. A class statement counts when
one of its bases may lead to a declarative base or a Pydantic class, followed by name through the whole
project; names that merely pass through a file are read when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_CLASS = re.compile(rb"^[ \t]*class[ \t]+(\w+)[ \t]*(?:\[[^\]]*\])?[ \t]*\(([^)]*)", re.MULTILINE)
_WORD = re.compile(rb"[A-Za-z_]\w*")
_ALIAS = re.compile(rb"\b(\w+)[ \t]+as[ \t]+(\w+)")
_ASSIGNED = re.compile(rb"^(\w+)[ \t]*(?::[^=\n]+)?=[ \t]*([^\n]+)", re.MULTILINE)
_DECLARING = re.compile(
    rb"\b(?:Table|declarative_base|registry|create_model|map_imperatively|as_declarative|MetaData|SQLAlchemy"
    rb"|automap_base|mapped_as_dataclass|mapped_column)[ \t]*\(|@\w+\.mapped\b"
)
ROOTS = frozenset({
    b"DeclarativeBase", b"DeclarativeBaseNoMeta", b"BaseModel", b"SQLModel", b"Model", b"GenericModel", b"RootModel",
    b"BaseSettings", b"Base",
})  # fmt: skip
"""Names of bases that packages give; classes under them are found by closure."""
_PACKAGES = (b"sqlalchemy", b"sqlmodel", b"pydantic", b"advanced_alchemy", b"fastapi_users", b"litestar", b"ormar")


def declaring(files: Iterable[tuple[str, bytes]]) -> list[str]:
    """The paths of the files that may declare something, of (path, content) pairs."""
    chosen: set[str] = set()
    classes: dict[str, list[tuple[bytes, frozenset[bytes]]]] = {}
    aliases: dict[bytes, set[bytes]] = {}
    for path, data in files:
        if _DECLARING.search(data) and any(package in data for package in _PACKAGES):
            chosen.add(path)
        if b"class" not in data:
            continue
        found = [(m[1], frozenset(_WORD.findall(m[2]))) for m in _CLASS.finditer(data)]
        if found:
            classes[path] = found
            for name, other in _ALIAS.findall(data):
                aliases.setdefault(name, set()).add(other)
            if any(package in data for package in _PACKAGES):
                for name, value in _ASSIGNED.findall(data):
                    for word in _WORD.findall(value):
                        aliases.setdefault(word, set()).add(name)
    return sorted(chosen | _closure(classes, aliases))


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
