"""`ormlint init` and `ormlint linked`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ormlint.cli.common import CLEAN, caching, progress_of, show, wrote
from ormlint.settings import UsageError, nearest

if TYPE_CHECKING:
    from ormlint.findings import Place
    from ormlint.graph.model import Graph, Link, Model, Schema


def init(options: argparse.Namespace) -> int:
    """Look, add the hook, and say what was found."""
    from ormlint import pipeline  # noqa: PLC0415 - `--help` does without
    from ormlint.adoption import Holding  # noqa: PLC0415
    from ormlint.init import add_hook  # noqa: PLC0415
    from ormlint.worktree import top_of  # noqa: PLC0415

    report = pipeline.check(
        [options.path],
        holding=Holding(write=options.baseline),
        progress=progress_of(options),
        caching=caching(options),
    )
    top = top_of(str(report.root))
    if top is None:
        raise UsageError(f"{report.root} is in no git work tree, and hooks belong to git")
    done = add_hook(Path(top), options.repo, options.rev)
    summary, count = report.summary, len(report.findings)
    said = [
        f"Found {_counted(summary.models, 'model')}, {_counted(summary.schemas, 'schema')} and "
        f"{_counted(summary.revisions, 'migration')} in {report.root}.",
        "No settings are needed." if not options.baseline and not summary.held_back else "",
        done,
    ]
    if report.written:
        said.append(f"{wrote(report)} Only what is new is reported now.")
    elif count:
        are, them = ("is", "it") if count == 1 else ("are", "them")
        said.append(
            f"There {are} {_counted(count, 'finding')}: `ormlint check` shows {them}, "
            f"`ormlint check --write-baseline` holds {them} back."
        )
    elif summary.held_back:
        said.append(
            f"The baseline holds back {_counted(summary.held_back, 'finding')}; there is nothing new."
        )
    else:
        said.append("There is nothing to report.")
    return show([line for line in said if line], CLEAN)


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def linked(options: argparse.Namespace) -> int:
    """What mirrors what, and why."""
    from ormlint import pipeline  # noqa: PLC0415 - as above

    graph = pipeline.linked(
        options.path,
        config=options.config,
        isolated=options.isolated,
        progress=progress_of(options),
        caching=caching(options),
    )
    name = options.name
    schemas = [each for each in graph.schemas.values() if _is_named(each.id, name)]
    models = [each for each in graph.models.values() if _is_named(each.id, name)]
    if not schemas and not models:
        known = [each.name for each in graph.schemas.values()]
        known += [each.name for each in graph.models.values()]
        raise UsageError(f"there is no schema and no model `{name}`.{nearest(name, known)}")
    if options.output_format == "json":
        import json  # noqa: PLC0415 - as above

        ids = {each.id for each in schemas} | {each.id for each in models}
        rows = [_row(graph, link) for link in _links(graph) if {link.schema, link.model} & ids]
        return show([json.dumps(rows, indent=2)], CLEAN)
    return show(
        [*(line for each in schemas for line in _schema(graph, each)), *_models(graph, models)], CLEAN
    )


def _is_named(key: str, name: str) -> bool:
    return key == name or key.endswith(f".{name}")


def _links(graph: Graph) -> list[Link]:
    return sorted(graph.links.values(), key=lambda link: (link.model, link.schema))


def _schema(graph: Graph, schema: Schema) -> Iterator[str]:
    link = graph.links.get(schema.id)
    if link is None:
        yield f"{schema.id} ({_at(schema.place)}) mirrors no model: nothing in the source says so."
    else:
        model = graph.models[link.model]
        yield f"{schema.id} ({_at(schema.place)}) mirrors {model.id} ({_at(model.place)}):"
        yield f"  {_why(link)}"


def _models(graph: Graph, models: list[Model]) -> Iterator[str]:
    for model in models:
        links = [link for link in _links(graph) if link.model == model.id]
        said = "is mirrored by" if links else "is mirrored by no schema"
        yield f"{model.id} ({_at(model.place)}) {said}{':' if links else '.'}"
        for link in links:
            schema = graph.schemas[link.schema]
            yield f"  {schema.id} ({_at(schema.place)}), {schema.role}: {_why(link)}"


def _why(link: Link) -> str:
    where = f" ({_at(link.place)})" if link.place is not None else ""
    return f"by {link.by}: {link.evidence}{where}"


def _row(graph: Graph, link: Link) -> dict[str, object]:
    return {
        "schema": link.schema,
        "model": link.model,
        "role": graph.schemas[link.schema].role,
        "by": link.by,
        "evidence": link.evidence,
        "path": link.place.path if link.place is not None else None,
        "line": link.place.line if link.place is not None else None,
    }


def _at(place: Place) -> str:
    return f"{place.path}:{place.line}"
