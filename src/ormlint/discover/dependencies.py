"""The packages that a project says it needs, from `pyproject.toml` and files of requirements.

Where these leave a release open, a lock file says which one there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from ormlint.discover.alembic_config import parse_toml
from ormlint.discover.files import LOCKS, is_requirements

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?\s*([^;#]*)")
_FIRST = re.compile(r"(?:^|[,(])(?:={2,3}|\^|~=?)?(\d+)(?:\.[\d*]+)+|(?:={2,3}|\^|~=?)(\d+)\b")
_BELOW = re.compile(r"<(\d+)(?:\.0)*(?:$|[^.\d])|<=?(\d+)\.")
_FROM = re.compile(r">=?(\d+)")

_CLAUSE = re.compile(r"^\(?(={2,3}|~=|[<>]=|[<>^~]|!=)?v?(\d+(?:\.\d+)*)")

_NO_RELEASE = re.compile(r"\d{20}")
_LOCKED = rb'\[\[package\]\]\r?\nname = "%b"\r?\nversion = "([\w.+!-]+)"'
"""https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile; those of Poetry and PDM begin so, too."""

Read = Callable[[str], bytes]
Release = tuple[int, ...]


class Requirement(Struct, frozen=True):
    """`name` is normalised; `extras` and `version` are as written."""

    name: str
    extras: str
    version: str


def requirements(path: str, read: Read) -> Iterator[Requirement]:
    """What a file asks for; nothing where it is no list of dependencies."""
    name = path.rpartition("/")[2]
    if name == "pyproject.toml":
        lines: Iterator[str] = _dependencies(parse_toml(path, read(path), []), listed=False)
    elif is_requirements(path):
        lines = iter(read(path).decode(errors="replace").splitlines())
    else:
        return
    for line in lines:
        found = _REQUIREMENT.match(line)
        if found is not None:
            yield Requirement(re.sub(r"[-_.]+", "-", found[1]).lower(), found[2] or "", found[3].strip())


def folder_of(path: str) -> str:
    """The folder that a list of dependencies is for: that above `requirements/`."""
    folder = path.rpartition("/")[0]
    return folder.removesuffix("requirements").rstrip("/") if folder.endswith("requirements") else folder


def releases(package: str, paths: Sequence[str], read: Read) -> dict[str, int]:
    """The folders whose dependencies settle which major version of a package there is, and that version."""
    found: dict[str, set[int]] = {}
    for path in paths:
        for version in _versions(package, path, read):
            major = _major(version)
            if major is not None:
                found.setdefault(folder_of(path), set()).add(major)
    return {folder: majors.pop() for folder, majors in found.items() if len(majors) == 1}


def since(package: str, release: Release, paths: Sequence[str], read: Read) -> dict[str, bool]:
    """The folders whose dependencies settle whether a package is of a release or a later one."""
    found: dict[str, set[bool | None]] = {}
    for path in paths:
        for version in _versions(package, path, read):
            found.setdefault(folder_of(path), set()).add(_is_since(version, release))
    settled = ((folder, answers - {None}) for folder, answers in found.items())
    return {folder: True in answers for folder, answers in settled if len(answers) == 1}


def _versions(package: str, path: str, read: Read) -> Iterator[str]:
    """What a file says of the version of a package, but for numbers that no release has."""
    found: Iterator[str] = iter(())
    if path.rpartition("/")[2] in LOCKS:
        locked = re.findall(_LOCKED % re.escape(package.encode()), read(path))
        found = (f"=={version.decode()}" for version in locked)
    elif package.encode() in read(path).lower():
        found = (each.version for each in requirements(path, read) if each.name == package)
    return (version for version in found if _NO_RELEASE.search(version) is None)


def _is_since(version: str, release: Release) -> bool | None:
    """Whether all releases that a specifier allows are that one or later: True for `>=2.1` of 2.0."""
    clauses = (_CLAUSE.match(clause) for clause in re.sub(r"\s", "", version).split(","))
    for operator, number in (clause.groups() for clause in clauses if clause is not None):
        given = tuple(int(part) for part in number.split("."))
        if operator not in ("<", "<=", "!=") and given >= release:
            return True
        if operator not in (">", ">=", "!=") and _end(operator, given) <= release:
            return False
    return None


def _end(operator: str | None, given: Release) -> Release:
    """The first release that `<`, `==` and the like leave out: of `^0.2.1` that is 0.3, of `~=1.4.2` 1.5."""
    if operator == "<":
        return given
    if operator == "~=":
        last = max(len(given) - 2, 0)
    elif operator == "~":
        last = min(len(given) - 1, 1)
    elif operator == "^":
        last = next((at for at, part in enumerate(given) if part), len(given) - 1)
    else:
        last = len(given) - 1
    return (*given[:last], given[last] + 1)


def _major(version: str) -> int | None:
    """The one major version that a specifier allows: 1 for `==1.10.2`, `^1.9` and `>=1.7,<2`."""
    version = re.sub(r"\s", "", version)
    below = _BELOW.search(version)
    if below is not None:
        highest = int(below[1]) - 1 if below[1] else int(below[2])
        lowest = _FROM.search(version)
        return highest if lowest is None or int(lowest[1]) == highest else None
    first = _FIRST.search(version)
    if first is not None:
        return int(first[1] or first[2])
    lowest = _FROM.search(version)
    return int(lowest[1]) if lowest is not None and int(lowest[1]) > 1 else None


def _dependencies(value: Any, *, listed: bool) -> Iterator[str]:
    """All strings below a key that speaks of dependencies, and the keys of such tables with their version."""
    if isinstance(value, dict):
        for key, item in value.items():
            if listed:
                version = item.get("version") if isinstance(item, dict) else item
                yield f"{key} {version}" if isinstance(version, str) else key
            yield from _dependencies(item, listed=listed or "dependenc" in key)
    elif isinstance(value, list):
        for item in value:
            yield from _dependencies(item, listed=listed)
    elif isinstance(value, str) and listed:
        yield value
