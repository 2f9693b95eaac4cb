"""argv → options → pipeline → writer → exit status. Everything heavy is imported when it is needed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ormlint.cli.adopt import init, linked
from ormlint.cli.arguments import parsed
from ormlint.cli.check import check
from ormlint.cli.common import (
    CLEAN,
    INTERNAL,
    INTERRUPTED,
    USAGE,
    caching,
    paint,
    progress_of,
    rule_text,
    rule_texts,
    say,
    show,
)
from ormlint.settings import UsageError
from ormlint.worktree import Watched

Keep = Callable[[str, int, str, Mapping[str, str]], None]
"""Told what a check printed, how it ended, the folder of the project's cache, and what it rests on besides
the files that git lists."""


def main(argv: Sequence[str] | None = None, keep: Keep | None = None, watched: Watched | None = None) -> int:
    """Run the command line and say how it ended; `watched` is what git has just said of the files."""
    options = parsed(sys.argv[1:] if argv is None else argv)
    options.keep, options.watched = keep, watched
    for stream in (sys.stdout, sys.stderr):
        # A path or a message may hold what the terminal's encoding has not.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    run = COMMANDS.get(options.command, _document)
    try:
        return run(options)
    except UsageError as problem:
        return say(f"ormlint: {problem}", USAGE)
    except KeyboardInterrupt:
        return say("ormlint: interrupted", INTERRUPTED)
    except Exception as problem:  # noqa: BLE001 - the one place that turns a bug into a message
        return _internal_error(problem)


def _document(options: argparse.Namespace) -> int:
    text = options.text(
        options,
        {
            "config": options.config,
            "isolated": options.isolated,
            "progress": progress_of(options),
            "caching": caching(options),
        },
    )
    if options.output is None:
        return show([text.removesuffix("\n")], CLEAN)
    try:
        options.output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise UsageError(f"cannot write {options.output}: {problem.strerror}") from problem
    return CLEAN


def _clean(options: argparse.Namespace) -> int:
    from ormlint import pipeline  # noqa: PLC0415 - as above

    removed = pipeline.clean(options.path, caching(options))
    return show([f"Removed {removed} file{'s'[: removed != 1]} of the cache."], CLEAN)


def _settings(options: argparse.Namespace) -> int:
    import json  # noqa: PLC0415 - as above

    from ormlint.settings import json_schema, reference  # noqa: PLC0415

    if options.schema:
        return show([json.dumps(json_schema(), indent=2)], CLEAN)
    lines = [f"{key.name}: {key.takes} (default: {key.default})\n    {key.says}" for key in reference()]
    return show([line.replace("`", "") for line in lines], CLEAN)


def _rule(options: argparse.Namespace) -> int:
    from ormlint.output import pages  # noqa: PLC0415 - as above
    from ormlint.rules import catalogue  # noqa: PLC0415

    if options.output_format == "json":
        wanted = rule_texts() if options.all else [rule_text(catalogue.find(options.rule))]
        return show(pages.json_rules(wanted), CLEAN)
    colours = paint(options)
    if options.all:
        return show(pages.rule_table([module.RULE for module in catalogue.MODULES], colours), CLEAN)
    module = catalogue.find(options.rule)
    return show(pages.rule_page(module.RULE, module.__doc__ or "", colours), CLEAN)


COMMANDS = {
    "check": check,
    "init": init,
    "linked": linked,
    "rule": _rule,
    "settings": _settings,
    "clean": _clean,
}
"""Every other command writes a document."""


def _internal_error(problem: Exception) -> int:
    import traceback  # noqa: PLC0415 - as above

    if os.environ.get("ORMLINT_TRACEBACK"):
        traceback.print_exception(problem)
    last = traceback.extract_tb(problem.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}, in {last.name}"
    return say(
        f"ormlint: internal error: {type(problem).__name__}: {problem} ({where})\n"
        "This is a bug in ormlint, not in your project. Please report it, with what the same command prints "
        "under ORMLINT_TRACEBACK=1.",
        INTERNAL,
    )
