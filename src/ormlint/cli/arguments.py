"""The command line: which commands and options there are."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from ormlint import __version__, documents

FORMATS = (
    "full", "concise", "grouped", "json", "json-lines", "github", "gitlab", "junit", "sarif", "rdjson",
    "pylint", "azure",
)  # fmt: skip
LEVELS = ("error", "warning", "info")

_EXIT = "exit status: 0 nothing to report, 1 findings, 2 bad usage or configuration, 3 internal error"


def parsed(argv: Sequence[str]) -> argparse.Namespace:
    """The options, and the command's name."""
    parser, commands = _parsers(argv)
    options, unknown = parser.parse_known_args(_with_values(argv))
    if unknown:
        commands[options.command].error(f"unrecognized arguments: {' '.join(unknown)}")
    return options


def _with_values(argv: Sequence[str]) -> list[str]:
    """Options whose value may be left out do not take the path after them for it."""
    words = list(argv)
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if word == "--add-ignore" or (word == "--write-baseline" and not following.endswith(".toml")):
            words[index] = f"{word}="
    return words


def _parsers(
    words: Sequence[str],
) -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    """That of all, and those of the commands, with the arguments of those alone that are among the words.

    Each argument that is added is laid out once; how wide the terminal is, is asked for what is printed.
    """
    parser = argparse.ArgumentParser(
        prog="ormlint",
        description="Do SQLAlchemy models, Pydantic schemas and Alembic migrations still say the same thing?",
        epilog=_EXIT,
        allow_abbrev=False,
        formatter_class=_unmeasured,
    )
    parser.add_argument("--version", action="version", version=f"ormlint {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for name, text, add in (
        ("check", "report drift", _add_check),
        ("graph", "print what ormlint understood", _add_graph),
        ("report", "write the audit of a project", _add_report),
        ("trace", "tell everything that made a column what it is", _add_trace),
        ("rule", "explain a rule", _add_rule),
        ("linked", "say what mirrors what, and why", _add_linked),
        ("init", "switch ormlint on in a repository", _add_init),
        ("settings", "describe the settings", _add_settings_command),
        ("clean", "empty the cache", _add_clean),
    ):
        command = commands.add_parser(name, help=text, allow_abbrev=False, formatter_class=_unmeasured)
        if name in words:
            add(command)
        command.formatter_class = argparse.HelpFormatter
    parser.formatter_class = argparse.HelpFormatter
    return parser, commands.choices


def _unmeasured(prog: str) -> argparse.HelpFormatter:
    return argparse.HelpFormatter(prog, width=80)


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXIT
    parser.add_argument("paths", nargs="*", type=Path, default=[Path()], metavar="PATH", help="default: .")
    for flag, text in (
        ("--select", "rules to run instead of the default ones: codes, names, prefixes or ALL, with commas"),
        ("--extend-select", "rules to run besides"),
        ("--ignore", "rules not to run"),
    ):
        parser.add_argument(flag, action="append", metavar="RULES", help=text)
    parser.add_argument(
        "--output-format",
        choices=FORMATS,
        default="full",
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)} (default: full)",
    )
    parser.add_argument("-o", "--output-file", type=Path, metavar="FILE", help="write there instead of here")
    parser.add_argument("--statistics", action="store_true", help="show how many findings each rule has")
    parser.add_argument(
        "--require-coverage",
        type=_percent,
        metavar="PERCENT",
        help="end with status 1 where less of the tables, columns, fields or operations is resolved",
    )
    parser.add_argument(
        "--fail-on", choices=LEVELS, help="the least severity that ends with status 1 (default: info)"
    )
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 even where there are findings")
    parser.add_argument("-q", "--quiet", action="store_true", help="print findings only")
    parser.add_argument("--show-settings", action="store_true", help="show the settings in force, and end")
    parser.add_argument(
        "--show-files", action="store_true", help="show the files that are looked at, and end"
    )
    _add_color(parser)
    _add_fixes(parser)
    _add_adoption(parser)
    _add_settings(parser)


def _add_fixes(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("fixes")
    group.add_argument("--fix", action="store_true", help="mend what can be mended safely, and show the rest")
    group.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff: mend what may change how the program runs, too",
    )
    group.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")


def _add_adoption(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("adoption")
    group.add_argument(
        "--ignore-comments", action="store_true", help="report what `# ormlint: ignore` comments silence, too"
    )
    group.add_argument(
        "--add-ignore",
        nargs="?",
        metavar="REASON",
        help="write such a comment for each finding; a reason follows an equals sign",
    )
    group.add_argument("--diff-base", metavar="REF", help="leave out what this commit of git has, too")
    group.add_argument(
        "--baseline",
        metavar="FILE",
        help="leave out the findings in this file (default: .ormlint-baseline.toml beside the settings)",
    )
    group.add_argument(
        "--write-baseline", nargs="?", metavar="FILE.toml", help="write all findings into the baseline"
    )
    group.add_argument(
        "--baseline-mode",
        choices=("prune", "lock"),
        help="entries for what is gone: take them out, or report them (default: lock where CI is set)",
    )


def _percent(text: str) -> float:
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        value = -1
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no percentage from 0 to 100")
    return value


def _add_graph(parser: argparse.ArgumentParser) -> None:
    documents.add_graph(parser)
    _add_settings(parser)


def _add_report(parser: argparse.ArgumentParser) -> None:
    documents.add_report(parser)
    _add_settings(parser)


def _add_trace(parser: argparse.ArgumentParser) -> None:
    documents.add_trace(parser)
    _add_settings(parser)


def _add_rule(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("rule", nargs="?", metavar="RULE", help="a code or a name")
    which.add_argument("--all", action="store_true", help="list all rules")
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="default: text")
    _add_color(parser)


def _add_linked(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(quiet=False)
    parser.add_argument("name", metavar="NAME", help="a schema or a model: its class name or its dotted name")
    parser.add_argument("path", nargs="?", type=Path, default=Path(), metavar="PATH", help="default: .")
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="default: text")
    _add_settings(parser)


def _add_init(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(quiet=False, no_cache=False)
    parser.add_argument("path", nargs="?", type=Path, default=Path(), metavar="PATH", help="default: .")
    parser.add_argument("--baseline", action="store_true", help="write a baseline of what is there")
    parser.add_argument(
        "--repo", metavar="URL", help="where the hook comes from (default: what is installed)"
    )
    parser.add_argument("--rev", metavar="REV", help="its tag or commit")
    _add_cache_dir(parser)


def _add_settings_command(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--schema", action="store_true", help="print their JSON Schema, for editors")


def _add_clean(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(no_cache=False)
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
