"""Digests of a project's files: what git's index already knows, and of the rest their bytes.

Never of times: hooks stash and restore files.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator, Mapping

from ormlint.discover.alembic_config import has_table, parse_toml
from ormlint.discover.project import Project


def content_ids(project: Project) -> dict[str, str]:
    """A digest of every file that an answer depends on, by path; a file that cannot be read has none."""
    known = project.ids or {}
    return {
        path: known.get(path) or _of_file(project, path)
        for path in (*project.paths, *project.config_files, *project.sql_files)
    }


def ids_without_settings(project: Project, ids: Mapping[str, str]) -> dict[str, str]:
    """The same digests, but of a `pyproject.toml` what it says besides ormlint's own settings."""
    return {**ids, **dict(_without_settings(project))}


def _without_settings(project: Project) -> Iterator[tuple[str, str]]:
    for path in project.config_files:
        folder, name = posixpath.split(path)
        data = project.read(path) if name == "pyproject.toml" else b""
        # In the root a table of ormlint's may come any time; elsewhere as a rule there is none.
        if not (b"ormlint" in data or (data and not folder)) or has_table(data):
            continue  # of Alembic's table the lines count too
        document = parse_toml(path, data, [])
        tool = document.get("tool", {})
        own = tool.get("ormlint") if isinstance(tool, dict) else None
        if "dependenc" not in repr(own):  # else it may be read as a list of dependencies
            others = {key: tool[key] for key in tool if key != "ormlint"} if isinstance(tool, dict) else tool
            yield path, digest(repr({**document, "tool": others}).encode("utf-8", "surrogatepass"))


def _of_file(project: Project, path: str) -> str:
    try:
        return digest((project.root / path).read_bytes())
    except OSError:
        return ""


def digest(data: bytes) -> str:
    """A digest that no other content has."""
    return hashlib.sha256(data).hexdigest()
