"""Digests of a project's files: what git's index already knows, and of the rest their bytes.

Never of times: hooks stash and restore files.
"""

from __future__ import annotations

import hashlib

from ormlint.discover.project import Project


def content_ids(project: Project) -> dict[str, str]:
    """A digest of every file that an answer depends on, by path; a file that cannot be read has none."""
    known = project.ids or {}
    return {
        path: known.get(path) or _of_file(project, path)
        for path in (*project.paths, *project.config_files, *project.sql_files)
    }


def _of_file(project: Project, path: str) -> str:
    try:
        return digest((project.root / path).read_bytes())
    except OSError:
        return ""


def digest(data: bytes) -> str:
    """A digest that no other content has."""
    return hashlib.sha256(data).hexdigest()
