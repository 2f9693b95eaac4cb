"""A replay that is made anew, migration file by file: those are run that may come to something else."""

from __future__ import annotations

import msgspec

from ormlint.graph.machine import Machine
from ormlint.graph.machine.modules import Modules
from ormlint.graph.machine.plain import Writer
from ormlint.graph.memo import Memo, UpsetError
from ormlint.graph.migrations import keeping
from ormlint.graph.migrations.replayed import Ground, Replayed, replayed
from ormlint.graph.migrations.ties import Ties
from ormlint.graph.migrations.transcripts import Transcripts
from ormlint.graph.model import Environment
from ormlint.graph.sources import EnvironmentSource


def replay(
    modules: Modules, source: EnvironmentSource, ground: Ground, memo: Memo | None, key: str
) -> Environment:
    """What the migrations give; it is kept under `key`.

    Raises `UpsetError` where migrations that were not run may have come to something else.
    """
    transcripts = Transcripts(memo, source.transcripts, ground.told_by, ground.models)
    missing: set[str] = set()

    def read(path: str) -> bytes | None:
        data = ground.read(path)
        if data is None:
            missing.add(path)  # which every run is to say, so every run has to look
        return data

    ties = Ties(modules, memo.before.asked if memo is not None else {})
    done = replayed(modules, source, msgspec.structs.replace(ground, read=read), transcripts.recalled())
    tied = ties.tied(source.revision_files, done.programs)
    if any(script.path in tied and not script.is_read for script in done.scripts):
        transcripts.forget()
        raise UpsetError
    keeping.read_types(done.environment, Machine(modules))
    if memo is not None:
        _keep(memo, source, done, transcripts, tied, "" if missing else key)
    return done.environment


def _keep(
    memo: Memo, source: EnvironmentSource, done: Replayed, transcripts: Transcripts, tied: set[str], key: str
) -> None:
    """Keep the replay where there is a key, and what can be kept of the migrations."""
    write = Writer()
    transcripts.keep(done, tied, write)
    if done.programs.looked_everywhere or not key:
        return
    mapped = {each: was for told in done.told for each, was in told.mapped.items()}
    kept = keeping.encoded(done.environment, mapped, write)
    if kept is not None:
        memo.keep(source.replay, key, {file for told in done.told for file in told.files}, msgspec.Raw(kept))
