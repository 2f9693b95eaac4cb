"""Whether the graph of the last run is still the graph of the project, although files changed.

Most changes are in files that no model, schema or migration has to do with. That is told from what the last
graph rests on: the files that were read for it, where the names in them led, and what was asked of all files.
Nothing of it is made anew.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from ormlint.facts.words import Words
from ormlint.graph.concerned import of_tests
from ormlint.graph.memo import Asked, Watch
from ormlint.packing import written

if TYPE_CHECKING:
    from ormlint.discover import Project
    from ormlint.graph.reach import Imports
    from ormlint.intake import Intake


class Last(msgspec.Struct, array_like=True):
    """What the graph of a run rests on."""

    graph: str
    """The key of what the rules found in it."""
    ids: dict[str, str]
    """Digests of all files of the project."""
    basis: str
    files: dict[str, str]
    """The files that were read, and the name that each is imported by."""
    asked: Asked
    watch: Watch


_last = msgspec.msgpack.Decoder(Last)


def encode(graph: str, ids: Mapping[str, str], basis: str, intake: Intake) -> bytes | None:
    """What is to be kept of a run that made a graph on a basis; `None` where that cannot be kept."""
    record, watch = intake.record, intake.watch
    if record is None or watch is None:
        return None
    files = {path: file.module for path, file in record.files.items()}
    return written(Last(graph, dict(ids), basis, files, record.asked, watch))


def decode(data: bytes) -> Last | None:
    """What `encode` made; `None` for anything else."""
    try:
        return _last.decode(data)
    except msgspec.MsgspecError:
        return None


def may_hold(last: Last, ids: Mapping[str, str], project: Project) -> bool:
    """Whether no file is another that was read for the graph, and names lead where they led."""
    changed = _changed(last, ids)
    if any(path in last.files or path in project.config_files for path in changed):
        return False
    return last.ids.keys() == ids.keys() or _leads_alike(last, project)


def holds(last: Last, ids: Mapping[str, str], project: Project, intake: Intake) -> bool:
    """Whether the graph would be the same now, where it may."""
    sources = [path for path in _changed(last, ids) if path.endswith(".py")]
    return (
        all(_says_alike(path, last, ids, intake) for path in sources)
        and last.basis == basis(project, intake)
        and intake.is_as_listed
    )


def _changed(last: Last, ids: Mapping[str, str]) -> list[str]:
    """The files that are there, gone, or others since."""
    return sorted(path for path in last.ids.keys() | ids.keys() if last.ids.get(path) != ids.get(path))


def basis(project: Project, intake: Intake) -> str:
    """Of what there is to read besides what names lead to."""
    migrations = {path for each in project.environments for path in each.revision_files}
    others = [path for path in project.paths if path not in migrations]
    chosen = intake.declaring(others, project.installed.has), intake.telling(others)
    configured = project.environments, project.problems, project.dialect
    return hashlib.sha256(repr((chosen, configured)).encode("utf-8", "surrogatepass")).hexdigest()


def _leads_alike(last: Last, project: Project) -> bool:
    """Whether names lead where they led, although there are other files."""
    modules = {file.path: file.module for file in project.files}
    if any((modules.get(path) or unnamed(path)) != name for path, name in last.files.items()):
        return False
    return all(
        next(iter(project.find(name, importer)), None) == path
        for importer, names in last.asked.items()
        for name, path in names.items()
    )


def unnamed(path: str) -> str:
    """The name of a file that no import can name."""
    return path.removesuffix(".py").replace("/", ".")


def _says_alike(path: str, last: Last, ids: Mapping[str, str], intake: Intake) -> bool:
    """Whether a file that was not read answers as before what was asked of all files."""
    old, new = last.ids.get(path), ids.get(path)
    if path in last.watch.imports and not (
        old and new and _imports_alike(intake.imports.before(old), intake.imports.of(path), last.watch)
    ):
        return False
    if of_tests(path):
        return True
    before = intake.words.before(old) if old else Words()
    now = intake.words.of(path) if new else Words()
    return (
        before is not None
        and _answers_alike(before, now, last.watch)
        and not _is_read(path, now, last.watch, intake)
    )


def _imports_alike(before: Imports | None, now: Imports, watch: Watch) -> bool:
    if before is None or (before.names, before.computes) != (now.names, now.computes):
        return False
    return not watch.calls or before.calls == now.calls


def _answers_alike(before: Words, now: Words, watch: Watch) -> bool:
    if watch.opened_all:
        return False
    for part, asked in watch.words.items():
        if (_words(before, part) ^ _words(now, part)) & asked:
            return False
    for part, opened in watch.opened.items():
        if (_words(before, part) | _words(now, part)) & opened:
            return False
    counts = Counter(before.methods.split()), Counter(now.methods.split())
    return before.returns == now.returns and all(counts[0][name] == counts[1][name] for name in watch.methods)


def _is_read(path: str, words: Words, watch: Watch, intake: Intake) -> bool:
    """Whether the file is now one that speaks of models and schemas."""
    classes = _words(words, "classes")
    if classes.isdisjoint(watch.models) or classes.isdisjoint(watch.schemas):
        return False
    return bool(intake.speaking([path]))


def _words(words: Words, part: str) -> set[str]:
    return set(getattr(words, part).split())
