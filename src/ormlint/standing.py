"""Whether the graph of the last run is still the graph of the project, although files changed.

Most changes are in files that no model, schema or migration has to do with. That is told from what the last
graph rests on: the files that were read for it, where the names in them led, and what was asked of all files.
Nothing of it is made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from ormlint.graph.concerned import of_tests
from ormlint.graph.layout import Layout, Moves
from ormlint.graph.leading import Asked
from ormlint.graph.memo import Watch
from ormlint.graph.questions import Files
from ormlint.graph.texts import Texts
from ormlint.packing import written

if TYPE_CHECKING:
    from ormlint.discover import Project
    from ormlint.intake import Intake


class Last(msgspec.Struct, array_like=True):
    """What the graph of a run rests on."""

    graph: str
    """The key of what the rules found in it."""
    ids: dict[str, str]
    """Digests of all files of the project."""
    basis: str
    files: dict[str, str]
    """The files that were read, and how imports name each."""
    silent: set[str]
    """Those of them that were read for what they may show, and showed nothing: they may go."""
    imported: dict[str, list[str]]
    """The modules that files import at their top, by blob."""
    led: msgspec.Raw
    """`Led`, which matters only as long as none of them changed."""


class Led(msgspec.Struct, array_like=True):
    """What was asked for a graph: of the project, where names lead, and of its files."""

    followed: dict[str, str]
    """The files that imports were followed through, and how imports name each."""
    layout: Layout
    asked: Asked
    watch: Watch


_last = msgspec.msgpack.Decoder(Last)
_led = msgspec.msgpack.Decoder(Led)


def encode(graph: str, ids: Mapping[str, str], basis: str, project: Project, intake: Intake) -> bytes | None:
    """What is to be kept of a run that made a graph on a basis; `None` where that cannot be kept."""
    record, watch = intake.record, intake.watch
    if record is None or watch is None:
        return None
    files = {path: file.named for path, file in record.files.items()}
    followed = {path: naming(project, path) for path in watch.imports}
    led = written(Led(followed, record.layout, record.asked, watch))
    if led is None:
        return None
    blobs = project.imported.keys() & set(ids.values())
    imported = {blob: project.imported[blob] for blob in blobs}
    silent = _silent(watch) if not any(intake.problems()) else set()
    return written(Last(graph, dict(ids), basis, files, silent, imported, msgspec.Raw(led)))


def _silent(watch: Watch) -> set[str]:
    """The files that speak of models and schemas and show nothing of them.

    Where a file cannot be read, which is told of, that one of these asks for it may be why.
    """
    speaking = (said for (kind, *_), said in watch.told.items() if kind == "links")
    return {path for said in speaking for path in said} - watch.heard


def decode(data: bytes) -> Last | None:
    """What `encode` made; `None` for anything else."""
    try:
        return _last.decode(data)
    except msgspec.MsgspecError:
        return None


def may_hold(last: Last, ids: Mapping[str, str], project: Project) -> Led | None:
    """What was asked for the graph; `None` where a file that was read is another, or names lead elsewhere."""
    changed, gone = _changed(last, ids), _gone(last, ids)
    if any((path in last.files and path not in gone) or path in project.config_files for path in changed):
        return None
    try:
        led = _led.decode(last.led)
    except msgspec.MsgspecError:
        return None
    return led if _leads_alike(last, led, gone, project) else None


def holds(last: Last, led: Led, ids: Mapping[str, str], project: Project, intake: Intake) -> bool:
    """Whether the graph would be the same now, where it may."""
    sources = [path for path in _changed(last, ids) if path.endswith(".py")]
    return (
        all(_imports_alike(path, last, led.watch, ids, intake) for path in sources)
        and last.basis == basis(project, intake)
        and _asks_alike(sources, _without(_gone(last, ids), led.watch), project, intake)
        and intake.is_as_listed
    )


def _changed(last: Last, ids: Mapping[str, str]) -> list[str]:
    """The files that are there, gone, or others since."""
    return sorted(path for path in last.ids.keys() | ids.keys() if last.ids.get(path) != ids.get(path))


def _gone(last: Last, ids: Mapping[str, str]) -> set[str]:
    """The files that were read, showed nothing, and are not there any more."""
    return last.silent - ids.keys()


def _without(gone: set[str], watch: Watch) -> Watch:
    """The same but for what files spoke of that showed nothing of it."""
    told = {
        question: {path: said for path, said in answers.items() if path not in gone}
        if question[0] == "links"
        else answers
        for question, answers in watch.told.items()
    }
    return replace(watch, told=told) if gone else watch


def basis(project: Project, intake: Intake) -> str:
    """Of what there is to read besides what names lead to."""
    migrations = {path for each in project.environments for path in each.revision_files}
    others = [path for path in project.paths if path not in migrations]
    chosen = intake.declaring(others, project.installed.has), intake.telling(others)
    configured = project.environments, project.problems, project.dialect
    return hashlib.sha256(repr((chosen, configured)).encode("utf-8", "surrogatepass")).hexdigest()


def _leads_alike(last: Last, led: Led, gone: set[str], project: Project) -> bool:
    """Whether names lead where they led, although there may be other files."""
    moves = Moves(led.layout, project.layout)
    files = {**last.files, **led.followed}
    again = moves.files.intersection(files) if moves.are_named_alike else files.keys()
    if any(naming(project, path) != files[path] for path in again - gone):
        return False
    names = moves.among(chain(led.watch.names, *led.asked.values()))
    return led.watch.names.isdisjoint(names) and all(
        next(iter(project.find(name, importer)), None) == asked[name]
        for importer, asked in (led.asked.items() if names else ())
        if importer not in gone
        for name in names.intersection(asked)
    )


def naming(project: Project, path: str) -> str:
    """Stands for how imports name a file, and for the root that this starts from."""
    named = project.named(path)
    return f"{named.root}:{named.module or ''}" if named is not None else ""


def module_name(project: Project, path: str) -> str:
    """The name that a file is imported by, else one that its path gives."""
    named = project.named(path)
    module = named.module if named is not None else None
    return module or path.removesuffix(".py").replace("/", ".")


def _asks_alike(changed: Sequence[str], watch: Watch, project: Project, intake: Intake) -> bool:
    """Whether what was asked of all files at once would be answered alike."""
    migrations = {path for each in project.environments for path in each.revision_files}
    asked = [path for path in project.paths if path not in migrations and not of_tests(path)]
    files = Files(asked, intake.words.of, intake.text_of, lambda path: bool(intake.speaking([path])), {})
    return Texts(files, watch, changed, Watch()).are_alike


def _imports_alike(path: str, last: Last, watch: Watch, ids: Mapping[str, str], intake: Intake) -> bool:
    """Whether a file that imports were followed through says the same of them."""
    if path not in watch.imports:
        return True
    known = last.ids.get(path, "")
    before = intake.imports.before(known)
    if before is None or path not in ids or intake.imports.of(path) != before:
        return False
    return not watch.calls or intake.calls.before(known) == intake.calls.of(path)
