"""How fast ormlint is on this machine, as ratios to what every machine has.

    python benchmarks/measure.py [CHECKOUT] [--path FOLDER] [--upgrade COMMAND] [--runs N] [--models N]

Prints a table in Markdown. Every ratio is taken within a pair of runs that follow each other at once, so that
whatever else the machine does concerns both; shown are the median and the spread of N pairs (at least five),
and the median ratio of the processor time that all processes of both took. A warm run follows one change:
what was changed before stays as it is, so that the cache is of the state before this change.
`CHECKOUT` is a repository to measure on besides the generated projects: it is copied, and the copy made a git
work tree. `--path` is the folder in it that is checked. `--upgrade` is what a shell runs to upgrade an empty
database to the heads and to run `alembic check`, `--empty` what empties it before, which is not timed; both
use packages and a database of their own. `--models` is the size of the largest project.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from database import Database, database
from generate import generate
from timing import HEAD, Row, Took, bare, import_libcst, pairs, parsing, timed
from trees import Found, Tree, added_columns, deletions, settings, spread

ALEMBIC = [
    sys.executable,
    "-c",
    "import sys; sys.path.insert(0, '.'); from alembic.config import main; main()",
]
LEVELS = ("error", "warning", "info")


def temperatures(tree: Tree, runs: int, of: str) -> Iterator[Row]:
    found = Found.of(tree)
    size = sum(Path(file).stat().st_size for file in found.declaring) / 1e6
    every = [*tree.root.rglob("*.py")]
    print(
        f"{of}: {len(every):,} Python files of {sum(each.stat().st_size for each in every) / 1e6:.1f} MB, "
        f"{len(found.declaring):,} of them declare something ({size:.1f} MB)\n",
        file=sys.stderr,
    )
    against = f"parsing {size:.1f} MB by LibCST in one thread"
    yield Row(f"cold: {of}", against, "0.9", pairs(runs, tree.cold, parsing(found.declaring)))
    yield Row(f"largest process: {of}, cold", "MB", "300", [tree.peak() for _ in range(runs)])
    tree.check()
    tree.check()
    yield Row(f"hot: {of}", "bare interpreter", "8", pairs(runs, tree.check, bare))
    changed = added_columns(tree, found)
    yield Row(f"warm: {of}, a column added", "`import libcst`", "2", pairs(runs, changed, import_libcst))
    severe = settings(
        tree, (f'[severity]\nORM301 = "{LEVELS[n % 3]}"\nORM104 = "{LEVELS[n // 3 % 3]}"\n' for n in count())
    )
    yield Row(f"warm: {of}, a severity changed", "bare interpreter", "25", pairs(runs, severe, bare))
    external = settings(tree, (f'external-tables = ["elsewhere_{n}"]\n' for n in count()))
    yield Row(f"warm: {of}, external tables changed", "bare interpreter", "25", pairs(runs, external, bare))
    for what, files in (
        ("that declares nothing", found.others),
        ("that declares something", found.declaring),
    ):
        deleted = deletions(tree, spread(files, runs))
        yield Row(f"warm: {of}, a file {what} deleted", "bare interpreter", "25", pairs(runs, deleted, bare))


def against_alembic(folder: Path, runs: int, models: int, on: Database) -> Row:
    """Alembic's own way: upgrade an empty database to the heads, and compare it with the models."""
    tree = made(folder, "migrated", models, others=1_500, url=on.url)

    def migrating() -> Took:
        on.empty(tree.root)
        upgraded = timed([*ALEMBIC, "upgrade", "heads"], tree.root)
        return upgraded + timed([*ALEMBIC, "check"], tree.root)

    against = f"`alembic upgrade heads` and `alembic check` on {on.name}"
    return Row(f"cold: {models:,} models", against, "0.25", pairs(runs, tree.cold, migrating))


def against_upgrade(tree: Tree, runs: int, empty: str, upgrade: str, of: str) -> Row:
    """The same for a checkout, by the commands that it takes."""

    def migrating() -> Took:
        timed(["sh", "-c", empty], tree.root)
        return timed(["sh", "-c", upgrade], tree.root)

    against = "`alembic upgrade heads` and `alembic check`"
    return Row(f"cold: {of}", against, "0.25", pairs(runs, tree.cold, migrating))


def growth(folder: Path, runs: int, models: int) -> Iterator[Row]:
    small, large = made(folder, "small", models // 10), made(folder, "large", models)
    ratios = pairs(runs, large.cold, small.cold)
    yield Row(f"growth from {models // 10:,} to {models:,} models, cold", "time per model", "1.2", ratios, 10)
    short, long = made(folder, "short", 10, revisions=180), made(folder, "long", 10, revisions=1980)
    ratios = pairs(runs, long.cold, short.cold)
    yield Row("a history of 2,000 revisions, cold", "time per revision in one of 200", "1.2", ratios, 10)
    few, many = made(folder, "few", 10, mixins=30), made(folder, "many", 10, mixins=300)
    ratios = pairs(runs, many.cold, few.cold)
    yield Row("a chain of 300 mixins, cold", "time per mixin in one of 30", "1.2", ratios, 10)


def made(folder: Path, name: str, models: int, *, url: str = "sqlite:///app.db", **more: int) -> Tree:
    generate(folder / name, models, url=url, **more)
    return Tree.begun(folder / name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("checkout", type=Path, nargs="?")
    parser.add_argument("--path", default=".")
    parser.add_argument("--upgrade")
    parser.add_argument("--empty", default="true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--models", type=int, default=5_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, database() as on:
        folder = Path(temporary)
        print(HEAD, flush=True)
        if options.checkout:
            copied = shutil.copytree(
                options.checkout, folder / "checkout", symlinks=True, ignore=shutil.ignore_patterns(".git")
            )
            tree = Tree.begun(Path(copied), options.path)
            name = options.checkout.resolve().name
            if options.upgrade:
                show([against_upgrade(tree, options.runs, options.empty, options.upgrade, name)])
            show(temperatures(tree, options.runs, name))
        show(temperatures(made(folder, "generated", 100, others=1_500), options.runs, "a generated project"))
        show([against_alembic(folder, options.runs, 100, on)])
        show(growth(folder, options.runs, options.models))


def show(rows: Iterable[Row]) -> None:
    for row in rows:
        print(row, flush=True)


if __name__ == "__main__":
    main()
