"""argv → options → pipeline → writer → exit status. Everything heavy is imported when it is needed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ormlint import __version__
from ormlint.documents import add_parsers
from ormlint.settings import UsageError

if TYPE_CHECKING:
    from ormlint.output.paint import Paint
    from ormlint.pipeline import Caching

CLEAN, FINDINGS, USAGE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130

FORMATS = ("full", "concise", "json", "github")

_EXIT = "exit status: 0 nothing to report, 1 findings, 2 bad usage or configuration, 3 internal error"


Keep = Callable[[str, int, str], None]
"""Told what a check printed, how it ended, and the folder of the project's cache."""


def main(argv: Sequence[str] | None = None, keep: Keep | None = None) -> int:
    """Run the command line and say how it ended."""
    options = _parser().parse_args(argv)
    options.keep = keep
    for stream in (sys.stdout, sys.stderr):
        # A path or a message may hold what the terminal's encoding has not.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    run: Callable[[argparse.Namespace], int] = getattr(options, "run", _document)
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
        progress=_progress(options),
        caching=_caching(options),
    )
    findings = seen_from_here(report.findings, report.root)
    result = output.Result(findings, report.summary, lines_of, _paint(options), quiet=options.quiet)
    status = FINDINGS if findings and not options.exit_zero else CLEAN
    lines = list(output.WRITERS[options.output_format](result))
    if options.keep is not None and report.listed:
        options.keep("".join(f"{line}\n" for line in lines), status, _caching(options).at(report.root))
    return _print(lines, status)


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ormlint",
        description="Do SQLAlchemy models, Pydantic schemas and Alembic migrations still say the same thing?",
        epilog=_EXIT,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"ormlint {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_check(commands.add_parser("check", help="report drift", epilog=_EXIT, allow_abbrev=False))
    add_parsers(commands, _add_settings)
    _add_rule(commands.add_parser("rule", help="explain a rule", allow_abbrev=False))
    _add_clean(commands.add_parser("clean", help="empty the cache", allow_abbrev=False))
    return parser


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_check)
    parser.add_argument("paths", nargs="*", type=Path, default=[Path()], metavar="PATH", help="default: .")
    for flag, text in (
        ("--select", "rules to run instead of the default ones: codes, names, prefixes or ALL, with commas"),
        ("--extend-select", "rules to run besides"),
        ("--ignore", "rules not to run"),
    ):
        parser.add_argument(flag, action="append", metavar="RULES", help=text)
    parser.add_argument(
        "--ignore-comments", action="store_true", help="report what `# ormlint: ignore` comments silence, too"
    )
    parser.add_argument("--output-format", choices=FORMATS, default="full", help="default: full")
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 even where there are findings")
    parser.add_argument("-q", "--quiet", action="store_true", help="print findings only")
    _add_color(parser)
    _add_settings(parser)


def _add_rule(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_rule)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("rule", nargs="?", metavar="RULE", help="a code or a name")
    which.add_argument("--all", action="store_true", help="list all rules")
    _add_color(parser)


def _add_clean(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_clean, no_cache=False)
    parser.add_argument("path", nargs="?", type=Path, default=Path(), metavar="PATH", help="default: .")
    _add_cache_dir(parser)


def _add_cache_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cache-dir",
        metavar="FOLDER",
        help="where results are kept [env: ORMLINT_CACHE_DIR] (default: .ormlint_cache in the project)",
    )


def _add_color(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="FILE|KEY=VALUE",
        help="a settings file instead of the one found, or one setting as TOML",
    )
    parser.add_argument("--isolated", action="store_true", help="read no settings file")
    parser.add_argument("-n", "--no-cache", action="store_true", help="neither use nor keep results")
    _add_cache_dir(parser)


def _words(given: Sequence[str] | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    return tuple(word.strip() for text in given for word in text.split(",") if word.strip())


def _paint(options: argparse.Namespace) -> Paint:
    from ormlint.output.paint import painter, wanted  # noqa: PLC0415 - as above

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
