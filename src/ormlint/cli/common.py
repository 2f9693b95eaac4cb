"""What the commands have in common."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ormlint.output.paint import Paint
    from ormlint.output.result import RuleText
    from ormlint.pipeline import Report
    from ormlint.rules.base import RuleModule
    from ormlint.runs import Caching

CLEAN, FINDINGS, USAGE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130


def caching(options: argparse.Namespace) -> Caching:
    from ormlint.runs import Caching  # noqa: PLC0415 - as above

    folder = options.cache_dir or os.environ.get("ORMLINT_CACHE_DIR")
    watched = getattr(options, "watched", None)
    return Caching(Path(folder) if folder else None, off=options.no_cache, watched=watched)


def words(given: Sequence[str] | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    return tuple(word.strip() for text in given for word in text.split(",") if word.strip())


def paint(options: argparse.Namespace) -> Paint:
    from ormlint.output.paint import painter, wanted  # noqa: PLC0415 - as above

    if getattr(options, "output_file", None) is not None and options.color == "auto":
        return painter(colour=False)
    return painter(wanted(options.color, sys.stdout, os.environ))


def progress_of(options: argparse.Namespace) -> Callable[[int, int], None] | None:
    if options.quiet or not sys.stderr.isatty():
        return None
    from ormlint.output.progress import progress  # noqa: PLC0415 - as above

    return progress(sys.stderr)


def show(lines: Sequence[str] | Iterator[str], status: int) -> int:
    """Print, and end with the status even where the reader has gone."""
    return show_text("".join(f"{line}\n" for line in lines), status)


def show_text(text: str, status: int) -> int:
    """The same of what is put together already."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered would raise again when the interpreter flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def wrote(report: Report) -> str:
    """Which baselines were written."""
    count = len(report.findings)
    return f"Wrote {count:,} finding{'s'[: count != 1]} to {' and '.join(map(str, report.written))}."


def say(message: str, status: int) -> int:
    sys.stderr.write(f"{message}\n")
    return status


def rule_texts() -> list[RuleText]:
    from ormlint.rules import catalogue  # noqa: PLC0415 - as above

    return [rule_text(module) for module in catalogue.MODULES]


def rule_text(module: RuleModule) -> RuleText:
    from inspect import cleandoc  # noqa: PLC0415 - as above

    from ormlint.output.result import RuleText  # noqa: PLC0415

    rule, text = module.RULE, cleandoc(module.__doc__ or "")
    return RuleText(rule.code, rule.name, rule.severity, rule.default_on, rule.summary, text, rule.fix)
