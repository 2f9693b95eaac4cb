"""Whether the test of which files are read loses any: the graph with it, and with every file read.

    python benchmarks/relevance.py CHECKOUT...

Prints what differs; the exit status says whether anything does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from ormlint import pipeline
from ormlint.intake import Intake


def everything(intake: Intake, paths: Sequence[str], installed: Callable[[str], bool]) -> list[str]:
    """What to put in place of `Intake.declaring`."""
    return list(paths)


def both(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The graph of a project as it is read, and as it would be if every file were."""
    quick = pipeline.graph(folder)
    names = ("declaring", "speaking", "telling")
    with mock.patch.multiple(Intake, **{name: _of(name) for name in names}):
        return quick, pipeline.graph(folder)


def _of(name: str) -> Callable[..., list[str]]:
    return everything if name == "declaring" else lambda intake, paths: list(paths)


def differences(quick: object, whole: object, at: str = "") -> Iterator[str]:
    """Where two graphs are not the same."""
    if isinstance(quick, dict) and isinstance(whole, dict):
        for key in sorted(quick.keys() | whole.keys()):
            yield from differences(quick.get(key), whole.get(key), f"{at}/{key}")
    elif isinstance(quick, list) and isinstance(whole, list):
        left, right = ([json.dumps(each, sort_keys=True) for each in some] for some in (quick, whole))
        yield from (f"{at}: with the test only: {each}" for each in left if each not in set(right))
        yield from (f"{at}: without it only: {each}" for each in right if each not in set(left))
        if sorted(left) == sorted(right) and left != right:
            yield f"{at}: another order"
    elif quick != whole:
        yield f"{at}: {quick!r} with the test, {whole!r} without"


def main(folders: Sequence[str]) -> int:
    different = False
    for folder in folders:
        quick, whole = both(Path(folder))
        found = list(differences(quick, whole))
        different = different or bool(found)
        print(
            f"{folder}: {len(whole['models'])} models, {len(whole['schemas'])} schemas, {len(found)} differ"
        )
        for line in found:
            print(f"  {line}")
    return int(different)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
