"""Alembic environments: the folders of migrations, as their configuration names them or as they look.

https://alembic.sqlalchemy.org/en/latest/tutorial.html#the-migration-environment
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from ormlint.discover.alembic_config import Section
from ormlint.discover.problem import Problem

_REVISION = re.compile(r"(?!\.#|__init__).*\.py")
"""What Alembic takes for a migration by its name."""
_REVISES = re.compile(rb"^(revision|down_revision)\b[^=\n]*=\s*(\([^)]*\)|.*)", re.MULTILINE)
_TEXT = re.compile(rb"[\"']([^\"'\n]+)")


class AlembicEnvironment(Struct, frozen=True):
    """A folder with an `env.py`, and its migrations. Paths are from the project's root."""

    path: str
    env_py: str | None
    version_locations: tuple[str, ...]
    revision_files: tuple[str, ...]
    """The files that Alembic loads as migrations."""
    continued_in: tuple[str, ...] = ()
    """Files in folders below that go on where those end: a program may have Alembic load them, too."""
    recursive: bool = False
    config: str | None = None
    """The `alembic.ini` or `pyproject.toml` that names it; `None` where it was found by its looks."""
    section: str | None = None
    prepend_sys_path: tuple[str, ...] = ()
    sqlalchemy_url: str | None = None
    dialect: str | None = None
    options: Mapping[str, str] = {}
    """What `config.get_main_option()` gives in `env.py`."""


class Ground(Struct, frozen=True):
    """Where to look: the project's root (absolute), and its Python files by folder."""

    root: str
    files: Mapping[str, Sequence[str]]
    folders_of: Callable[[str, str], Iterator[str]]
    """The folders that the name of a package may mean in a file."""
    read: Callable[[str], bytes]
    is_folder: Callable[[str], bool]
    """Told a path from the root."""


def find_environments(
    ground: Ground, sections: Sequence[Section], stated: Sequence[str], problems: list[Problem]
) -> list[AlembicEnvironment]:
    """The environments that sections name and those that settings state (folders), else by their looks."""
    loose = [section for section in sections if section.script_location is None]
    found = [
        _environment(ground, location, base, section)
        for section in sections
        for location, base in _location(ground, section, problems)
    ]
    known = {environment.path for environment in found}
    by_looks = (folder for folder in ground.files if _looks_like_one(ground, folder))
    for folder in sorted({*stated, *by_looks} - known):
        # Flask-Migrate keeps an `alembic.ini` without a `script_location` in the folder itself.
        around = (folder, posixpath.dirname(folder) or ".")
        beside = (section for section in loose if (posixpath.dirname(section.config) or ".") in around)
        found.append(_environment(ground, folder, folder, next(beside, None)))
    distinct = _distinct(found)
    loaded = {path for environment in distinct for path in environment.revision_files}
    return [replace(each, continued_in=tuple(_continuing(ground, each, loaded))) for each in distinct]


def _distinct(found: Sequence[AlembicEnvironment]) -> list[AlembicEnvironment]:
    """One environment per folder and its version folders, however many sections name it."""
    distinct: dict[tuple[str, tuple[str, ...]], AlembicEnvironment] = {}
    for environment in found:
        distinct.setdefault((environment.path, environment.version_locations), environment)
    with_migrations = {environment.path for environment in distinct.values() if environment.revision_files}
    return sorted(
        (each for each in distinct.values() if each.revision_files or each.path not in with_migrations),
        key=lambda each: (each.path, each.version_locations),
    )


def _environment(ground: Ground, location: str, base: str, section: Section | None) -> AlembicEnvironment:
    versions: tuple[str, ...] = (_join(location, "versions"),)
    if section and section.version_locations:
        # One that does not exist is none for Alembic either.
        places = (_locate(ground, text, base, section.config) for text in section.version_locations)
        versions = tuple(dict.fromkeys(place for place in places if place is not None))
    env_py = _join(location, "env.py")
    recursive = bool(section and section.recursive)
    environment = AlembicEnvironment(
        path=location,
        env_py=env_py if env_py in ground.files.get(location, ()) else None,
        version_locations=versions,
        revision_files=tuple(dict.fromkeys(_revision_files(ground, versions, recursive=recursive))),
    )
    if section is None:
        return environment
    return replace(
        environment,
        recursive=recursive,
        config=section.config,
        section=section.name,
        prepend_sys_path=section.prepend_sys_path,
        sqlalchemy_url=section.url,
        options=section.options,
    )


def _revision_files(ground: Ground, versions: Sequence[str], *, recursive: bool) -> Iterator[str]:
    for folder in versions:
        below = f"{folder}/" if folder != "." else ""
        for at in sorted(ground.files):
            if at == folder or (recursive and at.startswith(below)):
                paths = ground.files[at]
                yield from (path for path in paths if _REVISION.fullmatch(posixpath.basename(path)))


def _continuing(ground: Ground, environment: AlembicEnvironment, loaded: set[str]) -> Iterator[str]:
    """Files that nobody loads, in folders below, whose `down_revision` is one of the environment's.

    What a folder has of that name itself comes first: it may keep a history that was begun anew.
    """
    below = (path for path in _revision_files(ground, environment.version_locations, recursive=True))
    downs = {path: _named(ground, path, b"down_revision") for path in below if path not in loaded}
    if any(downs.values()):
        own = {name for path in environment.revision_files for name in _named(ground, path, b"revision")}
        beside: dict[str, set[bytes]] = {}
        for path in downs:
            beside.setdefault(posixpath.dirname(path), set()).update(_named(ground, path, b"revision"))
        yield from (path for path, names in downs.items() if (names & own) - beside[posixpath.dirname(path)])


def _named(ground: Ground, path: str, variable: bytes) -> set[bytes]:
    """The revisions that a variable of a migration names."""
    stated = (match[2] for match in _REVISES.finditer(ground.read(path)) if match[1] == variable)
    return {name for text in stated for name in _TEXT.findall(text)}


def _looks_like_one(ground: Ground, folder: str) -> bool:
    env_py = _join(folder, "env.py")
    return (
        env_py in ground.files[folder]
        and ground.is_folder(_join(folder, "versions"))
        and b"alembic" in ground.read(env_py)
    )


def _location(ground: Ground, section: Section, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """The folder that `script_location` names and the one it is relative to, where there is such a folder.

    Alembic takes it from the folder that it is started in, mostly that of the file, sometimes one above.
    """
    text = section.script_location
    if text is None:
        return
    text = text.strip()
    folder = posixpath.dirname(section.config) or "."
    bases = [folder]
    while bases[-1] != ".":
        bases.append(posixpath.dirname(bases[-1]) or ".")
    for base in bases:
        location = _locate(ground, text, base, section.config)
        if location is not None:
            yield location, base
            return
    tail = text.strip("./")
    ends = [at for at in ground.files if f"/{at}".endswith(f"/{tail}")]
    similar = [at for at in ends if _looks_like_one(ground, at)]
    if len(similar) == 1:
        yield similar[0], similar[0][: -len(tail)].rstrip("/") or "."
    elif not similar and "{" not in text and not _is_elsewhere(ground.root, text):
        # Braces are of a template that a program fills in before Alembic reads it.
        shown = text.replace(section.here, "%(here)s")
        reason = f"`script_location = {shown}` of [{section.name}] names no folder that is here"
        what_to_do = "correct the path: it starts from the folder of this file, or from `%(here)s/`"
        problems.append(Problem(section.config, section.line, reason, what_to_do))


def _locate(ground: Ground, text: str, base: str, config: str) -> str | None:
    """The folder that a location names: absolute, relative, or `package:path`."""
    if posixpath.isabs(text) or os.path.isabs(text):
        path = _relative(text, ground.root)
    elif ":" in text:
        package, *parts = text.split(":")
        candidates = (posixpath.join(at, *parts) for at in ground.folders_of(package, config))
        return next((at for at in map(posixpath.normpath, candidates) if _is_folder(ground, at)), None)
    else:
        path = posixpath.normpath(posixpath.join(base, text))
    return path if _is_folder(ground, path) else None


def _is_elsewhere(root: str, text: str) -> bool:
    """An absolute path that does not lie in the project: that of a container, perhaps."""
    return (posixpath.isabs(text) or os.path.isabs(text)) and _relative(text, root).startswith("..")


def _relative(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _is_folder(ground: Ground, path: str) -> bool:
    return not path.startswith("..") and ground.is_folder(path)


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"
