"""The commands that print what ormlint understood: `graph`, `report` and `trace`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from ormlint.settings import UsageError

Options = dict[str, Any]
"""How to run: the keywords of the pipeline's functions."""

_ABSENT = {"database": "no migration is seen to make it", "model": "no model maps it"}


def add_graph(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("json", "mermaid", "dot"), default="json", help="default: json")
    parser.add_argument("--model", metavar="NAME", help="draw only this model's table and its neighbours")
    _add_common(parser, _graph)


def add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=("markdown", "html", "json"), default="markdown", help="default: markdown"
    )
    parser.add_argument(
        "--diff-base", metavar="REF", help="write what changed since this commit of git instead"
    )
    _add_common(parser, _report)


def add_trace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="TABLE.COLUMN", help="or Model.attribute")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    _add_common(parser, _trace)


def _add_common(parser: argparse.ArgumentParser, text: Callable[[argparse.Namespace, Options], str]) -> None:
    """What all take; `text` is a function of the arguments and the options of a run."""
    parser.set_defaults(text=text, quiet=False)
    parser.add_argument("path", nargs="?", type=Path, default=Path(), metavar="PATH", help="default: .")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to write it")


def _graph(arguments: argparse.Namespace, options: Options) -> str:
    from ormlint import pipeline  # noqa: PLC0415 - `--help` does without

    if arguments.format == "json":
        if arguments.model is not None:
            raise UsageError("--model needs --format mermaid or dot")
        import json  # noqa: PLC0415

        return json.dumps(pipeline.graph(arguments.path, **options), indent=2) + "\n"
    from ormlint.graph import diagram  # noqa: PLC0415

    linked = pipeline.linked(arguments.path, **options)
    draw = diagram.mermaid if arguments.format == "mermaid" else diagram.dot
    return draw(linked, diagram.chosen(linked, arguments.model))


def _report(arguments: argparse.Namespace, options: Options) -> str:
    from ormlint import pipeline  # noqa: PLC0415 - as above
    from ormlint.output.shown import lines_of  # noqa: PLC0415
    from ormlint.report.write import write, write_changes  # noqa: PLC0415

    if arguments.diff_base is not None:
        changes = pipeline.changes(arguments.path, arguments.diff_base, **options)
        return write_changes(changes, arguments.format)
    document, root = pipeline.report(arguments.path, **options)
    return write(document, arguments.format, cache(lambda path: lines_of(str(root / path))))


def _trace(arguments: argparse.Namespace, options: Options) -> str:
    from ormlint import pipeline  # noqa: PLC0415 - as above
    from ormlint.graph.trace import trace  # noqa: PLC0415

    found = trace(pipeline.linked(arguments.path, **options), arguments.name)
    if arguments.format == "json":
        import json  # noqa: PLC0415

        steps = [
            {"layer": s.layer, "by": s.by, "says": s.says, "path": s.place.path, "line": s.place.line}
            for s in found.steps
        ]
        document = {"version": 1, "table": found.table, "column": found.column, "steps": steps}
        return json.dumps(document, indent=2) + "\n"
    lines = [f"{found.table}.{found.column}"]
    layer = ""
    width = max((len(step.by) for step in found.steps), default=0)
    for step in found.steps:
        if step.layer != layer:
            lines += ["", step.layer]
            layer = step.layer
        lines += [
            f"  {step.by:<{width}}  {step.says}",
            f"  {'':<{width}}  {step.place.path}:{step.place.line}",
        ]
    for layer, says in _ABSENT.items():
        if not any(step.layer.startswith(layer) for step in found.steps):
            lines += ["", layer, f"  {says}"]
    return "\n".join(lines) + "\n"
