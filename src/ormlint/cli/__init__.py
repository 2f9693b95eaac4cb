"""argv → options → pipeline → writer → exit status. Everything heavy is imported when it is needed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ormlint import __version__
from ormlint.cli.arguments import LEVELS, parsed
from ormlint.settings import UsageError

if TYPE_CHECKING:
    from ormlint.adoption import Holding
    from ormlint.findings import Finding, Summary
    from ormlint.output.paint import Paint
    from ormlint.output.result import RuleText, Writer
    from ormlint.pipeline import Caching, Report

CLEAN, FINDINGS, USAGE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130

Keep = Callable[[str, int, str], None]
"""Told what a check printed, how it ended, and the folder of the project's cache."""


def main(argv: Sequence[str] | None = None, keep: Keep | None = None) -> int:
    """Run the command line and say how it ended."""
    options = parsed(sys.argv[1:] if argv is None else argv)
    options.keep = keep
    for stream in (sys.stdout, sys.stderr):
        # A path or a message may hold what the terminal's encoding has not.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    run = COMMANDS.get(options.command, _document)
    try:
        return run(options)
    except UsageError as problem:
        return _say(f"ormlint: {problem}", USAGE)
    except KeyboardInterrupt:
        return _say("ormlint: interrupted", INTERRUPTED)
    except Exception as problem:  # noqa: BLE001 - the one place that turns a bug into a message
        return _internal_error(problem)


def _check(options: argparse.Namespace) -> int:
    from ormlint import output, pipeline  # noqa: PLC0415 - `--help` and bad usage need neither
    from ormlint.output.shown import lines_of, seen_from_here  # noqa: PLC0415
    from ormlint.select import Override  # noqa: PLC0415

    report = pipeline.check(
        options.paths,
        config=options.config,
        isolated=options.isolated,
        override=Override(
            _words(options.select), _words(options.extend_select) or (), _words(options.ignore) or ()
        ),
        ignore_comments=options.ignore_comments,
        holding=_holding(options),
        progress=_progress(options),
        caching=_caching(options),
    )
    if report.written is not None:
        count = len(report.findings)
        return _print([f"Wrote {count:,} finding{'s'[: count != 1]} to {report.written}."], CLEAN)
    if options.add_ignore is not None:
        return _add_ignore(report, options.add_ignore)
    result = output.Result(
        seen_from_here(report.findings, report.root),
        report.summary,
        lines_of,
        _paint(options),
        quiet=options.quiet,
        rules=_rule_texts() if options.output_format == "sarif" else (),
        version=__version__,
    )
    lines = list(_writer(options)(result))
    lacking = _lacking(report.summary, options.require_coverage)
    for said in lacking:
        _say(f"ormlint: {said}", FINDINGS)
    status = _status(result.findings, options.fail_on or report.fail_on)
    status = CLEAN if options.exit_zero else FINDINGS if lacking else status
    text = "".join(f"{line}\n" for line in lines)
    if options.output_file is not None:
        return _write(options.output_file, text, status)
    summarised = options.output_format == "github" and _add_to_step_summary(output.step_summary(result))
    if options.keep is not None and report.lasting and not (lacking or summarised):
        options.keep(text, status, _caching(options).at(report.root))
    return _print(lines, status)


def _writer(options: argparse.Namespace) -> Writer:
    from ormlint import output  # noqa: PLC0415 - as above

    if not options.statistics:
        return output.WRITERS[options.output_format]
    if options.output_format not in output.STATISTICS:
        raise UsageError(f"--statistics goes with the formats {', '.join(output.STATISTICS)}")
    return output.STATISTICS[options.output_format]


def _rule_texts() -> list[RuleText]:
    from inspect import cleandoc  # noqa: PLC0415 - as above

    from ormlint import rules  # noqa: PLC0415
    from ormlint.output import RuleText  # noqa: PLC0415

    return [
        RuleText(rule.code, rule.name, rule.severity, rule.default_on, rule.summary, cleandoc(text or ""))
        for rule, text in ((module.RULE, module.__doc__) for module in rules.MODULES)
    ]


def _lacking(summary: Summary, percent: float | None) -> list[str]:
    """What is resolved to a lesser part than is asked for, in words."""
    return [
        f"{row.settled:,} of {row.found:,} {row.kind} are resolved, less than {percent:g} %"
        for row in summary.coverage
        if percent is not None and row.found and row.settled * 100 < percent * row.found
    ]


def _write(file: Path, text: str, status: int) -> int:
    from ormlint.atomic import replace_file  # noqa: PLC0415 - as above

    try:
        replace_file(file, text.encode("utf-8", "backslashreplace"))
    except OSError as problem:
        raise UsageError(f"--output-file: {file}: {problem.strerror or problem}") from None
    return status


def _add_to_step_summary(text: str) -> bool:
    """Whether GitHub Actions gave a file for the page of the step, and it could be added to."""
    try:
        with Path(os.environ.get("GITHUB_STEP_SUMMARY", "")).open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return False
    return True


def _status(findings: Sequence[Finding], fail_on: str) -> int:
    """Findings below the least severity that counts are shown, and let pass."""
    counted = LEVELS[: LEVELS.index(fail_on) + 1]
    return FINDINGS if any(finding.severity.value in counted for finding in findings) else CLEAN


def _holding(options: argparse.Namespace) -> Holding:
    from ormlint.adoption import Holding  # noqa: PLC0415 - as above

    write = options.write_baseline is not None
    if write and options.baseline:
        raise UsageError("--write-baseline names the file itself: `--write-baseline=FILE`")
    file = options.write_baseline or options.baseline
    mode = options.baseline_mode or ("lock" if _in_ci() else "prune")
    off = options.isolated and not (write or file)
    return Holding(Path(file) if file else None, off=off, lock=mode == "lock", write=write)


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _add_ignore(report: Report, reason: str) -> int:
    from ormlint.annotate import annotate  # noqa: PLC0415 - as above

    done = annotate(report.root, report.findings, reason)
    for refused in done.refused:
        _say(f"ormlint: not silenced: {refused}", CLEAN)
    counts = ((done.findings, "comment"), (done.files, "file"))
    comments, files = (f"{count:,} {word}{'s'[: count != 1]}" for count, word in counts)
    return _print([f"Wrote {comments} into {files}."], FINDINGS if done.refused else CLEAN)


def _document(options: argparse.Namespace) -> int:
    text = options.text(
        options,
        {
            "config": options.config,
            "isolated": options.isolated,
            "progress": _progress(options),
            "caching": _caching(options),
        },
    )
    if options.output is None:
        return _print([text.removesuffix("\n")], CLEAN)
    try:
        options.output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise UsageError(f"cannot write {options.output}: {problem.strerror}") from problem
    return CLEAN


def _clean(options: argparse.Namespace) -> int:
    from ormlint import pipeline  # noqa: PLC0415 - as above

    removed = pipeline.clean(options.path, _caching(options))
    return _print([f"Removed {removed} file{'s'[: removed != 1]} of the cache."], CLEAN)


def _caching(options: argparse.Namespace) -> Caching:
    from ormlint.pipeline import Caching  # noqa: PLC0415 - as above

    folder = options.cache_dir or os.environ.get("ORMLINT_CACHE_DIR")
    return Caching(Path(folder) if folder else None, off=options.no_cache)


def _rule(options: argparse.Namespace) -> int:
    from ormlint import output, rules  # noqa: PLC0415 - as above

    paint = _paint(options)
    if options.all:
        return _print(output.rule_table([module.RULE for module in rules.MODULES], paint), CLEAN)
    module = rules.find(options.rule)
    return _print(output.rule_page(module.RULE, module.__doc__ or "", paint), CLEAN)


COMMANDS = {"check": _check, "rule": _rule, "clean": _clean}
"""Every other command writes a document."""


def _words(given: Sequence[str] | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    return tuple(word.strip() for text in given for word in text.split(",") if word.strip())


def _paint(options: argparse.Namespace) -> Paint:
    from ormlint.output.paint import painter, wanted  # noqa: PLC0415 - as above

    if getattr(options, "output_file", None) is not None and options.color == "auto":
        return painter(colour=False)
    return painter(wanted(options.color, sys.stdout, os.environ))


def _progress(options: argparse.Namespace) -> Callable[[int, int], None] | None:
    if options.quiet or not sys.stderr.isatty():
        return None
    from ormlint.output.progress import progress  # noqa: PLC0415 - as above

    return progress(sys.stderr)


def _print(lines: Sequence[str] | Iterator[str], status: int) -> int:
    """Print, and end with the status even where the reader has gone."""
    try:
        for line in lines:
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered would raise again when the interpreter flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _say(message: str, status: int) -> int:
    sys.stderr.write(f"{message}\n")
    return status


def _internal_error(problem: Exception) -> int:
    import traceback  # noqa: PLC0415 - as above

    if os.environ.get("ORMLINT_TRACEBACK"):
        traceback.print_exception(problem)
    last = traceback.extract_tb(problem.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}, in {last.name}"
    return _say(
        f"ormlint: internal error: {type(problem).__name__}: {problem} ({where})\n"
        "This is a bug in ormlint, not in your project. Please report it, with what the same command prints "
        "under ORMLINT_TRACEBACK=1.",
        INTERNAL,
    )
