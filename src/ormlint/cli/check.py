"""`ormlint check`."""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ormlint import __version__
from ormlint.cli.common import (
    CLEAN,
    FINDINGS,
    caching,
    paint,
    progress_of,
    rule_texts,
    say,
    show,
    show_text,
    words,
    wrote,
)
from ormlint.cli.fixing import mended, show_fixes
from ormlint.settings import UsageError

if TYPE_CHECKING:
    from ormlint.adoption import Holding
    from ormlint.findings import Summary
    from ormlint.output.result import Result, Writer
    from ormlint.pipeline import Report


def check(options: argparse.Namespace) -> int:
    if options.show_settings:
        return _show_settings(options)
    if options.show_files:
        return _show_files(options)
    _check_together(options)
    from ormlint import output, pipeline  # noqa: PLC0415 - `--help` and bad usage need neither
    from ormlint.output.shown import Excerpts, seen_from_here  # noqa: PLC0415
    from ormlint.select import Override  # noqa: PLC0415

    override = Override(
        words(options.select), words(options.extend_select) or (), words(options.ignore) or ()
    )
    examine = partial(
        pipeline.check,
        options.paths,
        config=_config(options),
        isolated=options.isolated,
        override=override,
        ignore_comments=options.ignore_comments,
        holding=_holding(options),
        progress=progress_of(options),
        caching=caching(options),
    )
    if options.diff:
        return show_fixes(options, examine())
    report = mended(options, examine) if options.fix else examine()
    if report.written:
        return show([wrote(report)], CLEAN)
    if options.add_ignore is not None:
        return _add_ignore(report, options.add_ignore)
    excerpts = Excerpts(report.root, report.ids, report.besides)
    result = output.Result(
        seen_from_here(report.findings, report.root),
        report.summary,
        excerpts.lines_of,
        paint(options),
        quiet=options.quiet,
        rules=rule_texts() if options.output_format == "sarif" else (),
        version=__version__,
    )
    lines = list(_writer(options)(result))
    lacking = _lacking(report.summary, options.require_coverage)
    for said in lacking:
        say(f"ormlint: {said}", FINDINGS)
    status = CLEAN if options.exit_zero else FINDINGS if lacking or report.fails else CLEAN
    text = "".join(f"{line}\n" for line in lines)
    if options.output_file is not None:
        return _write(options.output_file, text, status)
    summarised = options.output_format == "github" and _add_to_step_summary(result)
    lasting = report.lasting and excerpts.are_as_read and not (options.fix or lacking or summarised)
    if options.keep is not None and lasting:
        options.keep(text, status, caching(options).at(report.root), report.besides)
    return show_text(text, status)


def _check_together(options: argparse.Namespace) -> None:
    """Raise `UsageError` for options that do not go together."""
    fixes = "--fix" if options.fix else "--diff" if options.diff else None
    if options.unsafe_fixes and fixes is None:
        raise UsageError("--unsafe-fixes goes with --fix or --diff")
    for flag, given in (("--write-baseline", options.write_baseline), ("--add-ignore", options.add_ignore)):
        if fixes is not None and given is not None:
            raise UsageError(f"{fixes} and {flag} exclude each other")


def _config(options: argparse.Namespace) -> list[str]:
    return [*options.config, *([f'fail-on = "{options.fail_on}"'] if options.fail_on else [])]


def _writer(options: argparse.Namespace) -> Writer:
    from ormlint import output  # noqa: PLC0415 - as above

    if not options.statistics:
        return output.writer(output.WRITERS[options.output_format])
    if options.output_format not in output.STATISTICS:
        raise UsageError(f"--statistics goes with the formats {', '.join(output.STATISTICS)}")
    return output.writer(output.STATISTICS[options.output_format])


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


def _add_to_step_summary(result: Result) -> bool:
    """Whether GitHub Actions gave a file for the page of the step, and it could be added to."""
    from ormlint.output.github import step_summary  # noqa: PLC0415 - as above

    try:
        with Path(os.environ.get("GITHUB_STEP_SUMMARY", "")).open("a", encoding="utf-8") as file:
            file.write(step_summary(result))
    except OSError:
        return False
    return True


def _holding(options: argparse.Namespace) -> Holding:
    from ormlint.adoption import Holding  # noqa: PLC0415 - as above

    write = options.write_baseline is not None
    if write and options.baseline:
        raise UsageError("--write-baseline names the file itself: `--write-baseline=FILE`")
    file = options.write_baseline or options.baseline
    mode = options.baseline_mode or ("lock" if _in_ci() else "prune")
    off = options.isolated and not (write or file)
    return Holding(
        Path(file) if file else None, off=off, lock=mode == "lock", write=write, diff_base=options.diff_base
    )


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _add_ignore(report: Report, reason: str) -> int:
    from ormlint.annotate import annotate  # noqa: PLC0415 - as above

    done = annotate(report.root, report.findings, reason)
    for refused in done.refused:
        say(f"ormlint: not silenced: {refused}", CLEAN)
    counts = ((done.findings, "comment"), (done.files, "file"))
    comments, files = (f"{count:,} {word}{'s'[: count != 1]}" for count, word in counts)
    return show([f"Wrote {comments} into {files}."], FINDINGS if done.refused else CLEAN)


def _show_settings(options: argparse.Namespace) -> int:
    import json  # noqa: PLC0415 - as above

    from ormlint import pipeline  # noqa: PLC0415

    lines: list[str] = []
    for found in pipeline.settings_of(options.paths, config=options.config, isolated=options.isolated):
        lines += [""] if lines else []
        lines.append(f"# {found.file or 'no settings file: the defaults'}")
        lines += (
            f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in found.as_table().items()
        )
    return show(lines, CLEAN)


def _show_files(options: argparse.Namespace) -> int:
    from ormlint import pipeline  # noqa: PLC0415 - as above

    root, paths = pipeline.files_of(options.paths, config=options.config, isolated=options.isolated)
    return show([str(root / path) for path in paths], CLEAN)
