"""How fast ormlint is on this machine, as ratios to what every machine has.

    python benchmarks/measure.py [CHECKOUT] [--path FOLDER] [--runs N] [--models N]

Prints a table in Markdown. Every ratio is taken within a pair of runs that follow each other at once, so that
whatever else the machine does concerns both; shown are the median and the spread of N pairs (at least five),
and the median ratio of the processor time that all processes of both took.
`CHECKOUT` is a repository to measure on besides the generated projects: it is copied, and the copy made a git
work tree. `--path` is the folder in it that is checked. `--models` is the size of the largest project.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from generate import generate

ORMLINT = [sys.executable, "-m", "ormlint"]
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("ORMLINT_") and name != "PYTHONDONTWRITEBYTECODE"
}
"""Without what no user sets: pip compiles what it installs, and Python keeps what it compiled."""
PARSE = """
import sys, time
import libcst
texts = [open(path, "rb").read() for path in sys.stdin.read().split("\\0")]
start, used = time.perf_counter(), time.process_time()
for text in texts:
    libcst.parse_module(text)
print(time.perf_counter() - start, time.process_time() - used)
"""
"""Parses in one thread the files that it is told."""
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Prints the most memory that one process of a command held."""

ALEMBIC = "import sys; sys.path.insert(0, '.'); from alembic.config import main; main()"


class Took(NamedTuple):
    """Seconds by the clock, and of the processor."""

    clock: float
    processor: float

    def __add__(self, other: Took) -> Took:  # type: ignore[override]
        return Took(self.clock + other.clock, self.processor + other.processor)

    def __truediv__(self, other: Took) -> Took:
        return Took(self.clock / other.clock, self.processor / other.processor)


class Row(NamedTuple):
    state: str
    against: str
    target: str
    ratios: list[Took]
    times: int = 1
    """How many times as much there is of what is measured."""

    def __str__(self) -> str:
        clock = [ratio.clock / self.times for ratio in self.ratios]
        processor = statistics.median(ratio.processor / self.times for ratio in self.ratios)
        shown = f"{statistics.median(clock):.2f} | {min(clock):.2f} to {max(clock):.2f} | {processor:.2f}"
        return f"| {self.state} | {self.against} | {self.target} | {shown} |"


class Tree(NamedTuple):
    """A git work tree, and the folder in it that is checked."""

    root: Path
    path: str

    @classmethod
    def begun(cls, root: Path, path: str = ".") -> Tree:
        tree = cls(root, path)
        (root / ".git/info").mkdir(parents=True, exist_ok=True)
        tree.git("init", "-q")
        tree.git("config", "gc.auto", "0")  # it would go on in the background
        (root / ".git/info/exclude").write_text("*.db\n__pycache__\n")
        tree.git("add", "-A")
        tree.git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "all")
        return tree

    def git(self, *words: str) -> None:
        subprocess.run(["git", "-C", str(self.root), *words], check=True, capture_output=True)

    def check(self, *words: str) -> Took:
        return timed([*ORMLINT, "check", "-q", *words, self.path], self.root, statuses=(0, 1))

    def cold(self) -> Took:
        """Without a cache, which is written."""
        with tempfile.TemporaryDirectory() as folder:
            return self.check("--cache-dir", folder)

    def that_matter(self) -> list[str]:
        """The files that declare a model, a table, a schema or a revision."""
        from ormlint import pipeline  # noqa: PLC0415 - nothing of it is to be in this process before

        root = pipeline.files_of([self.root / self.path])[0]
        graph = pipeline.linked(self.root / self.path)
        revisions = [each for environment in graph.environments for each in environment.revisions]
        declared = [*graph.models.values(), *graph.tables, *graph.schemas.values(), *revisions]
        return sorted({str(root / each.place.path) for each in declared})


def timed(command: Sequence[str], folder: Path, *, statuses: tuple[int, ...] = (0,)) -> Took:
    """What a command takes."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, check=False)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in statuses:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.decode()}")
    return Took(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def pairs(runs: int, measured: Callable[[], Took], against: Callable[[], Took]) -> list[Took]:
    return [measured() / against() for _ in range(runs)]


def bare() -> Took:
    return timed([sys.executable, "-c", "pass"], Path.cwd())


def import_libcst() -> Took:
    return timed([sys.executable, "-c", "import libcst"], Path.cwd())


def temperatures(tree: Tree, runs: int, of: str) -> Iterator[Row]:
    files = tree.that_matter()
    size = sum(Path(file).stat().st_size for file in files) / 1e6
    every = [*tree.root.rglob("*.py")]
    print(
        f"{of}: {len(every):,} Python files of {sum(each.stat().st_size for each in every) / 1e6:.1f} MB, "
        f"{len(files):,} of them declare something ({size:.1f} MB)\n",
        file=sys.stderr,
    )
    tree.check()
    tree.check()
    yield Row(f"hot: {of}", "bare interpreter", "8", pairs(runs, tree.check, bare))
    changed = changes(tree, Path(files[len(files) // 2]))
    yield Row(f"warm: {of}, one file changed", "`import libcst`", "2", pairs(runs, changed, import_libcst))
    yield Row(f"warm: {of}, settings changed", "bare interpreter", "25", pairs(runs, settings(tree), bare))
    yield Row(
        f"warm: {of}, a file deleted", "bare interpreter", "25", pairs(runs, deletions(tree, files), bare)
    )
    against = f"parsing {size:.1f} MB by LibCST in one thread"
    yield Row(f"cold: {of}", against, "0.9", pairs(runs, tree.cold, parsing(files)))
    yield Row(f"largest process: {of}, cold", "MB", "300", [peak(tree) for _ in range(runs)])


def changes(tree: Tree, file: Path) -> Callable[[], Took]:
    """Check after a change of a file, a new one each time."""
    text, count = file.read_text(), iter(range(1000))

    def measured() -> Took:
        file.write_text(f"{text}\nchanged = {next(count)}\n")
        took = tree.check()
        file.write_text(text)
        return took

    return measured


def settings(tree: Tree) -> Callable[[], Took]:
    file, count = tree.root / tree.path / "ormlint.toml", iter(range(1000))

    def measured() -> Took:
        file.write_text(f'external-tables = ["elsewhere_{next(count)}"]\n')
        took = tree.check()
        file.unlink()
        return took

    return measured


def deletions(tree: Tree, files: list[str]) -> Callable[[], Took]:
    waiting = iter(files)

    def measured() -> Took:
        file = Path(next(waiting))
        data = file.read_bytes()
        file.unlink()
        took = tree.check()
        file.write_bytes(data)
        return took

    return measured


def parsing(files: list[str]) -> Callable[[], Took]:
    def measured() -> Took:
        command = [sys.executable, "-c", PARSE]
        done = subprocess.run(command, input="\0".join(files), text=True, capture_output=True, check=True)
        return Took(*map(float, done.stdout.split()))

    return measured


def peak(tree: Tree) -> Took:
    command = [sys.executable, "-c", PEAK, *ORMLINT, "check", "-q", "--no-cache", tree.path]
    done = subprocess.run(command, cwd=tree.root, env=ENVIRONMENT, text=True, capture_output=True, check=True)
    return Took(float(done.stdout) / 1024, 0)


def migrating(tree: Tree) -> Took:
    """Upgrade an empty SQLite database to the heads, and let Alembic compare it with the models."""
    (tree.root / "app.db").unlink(missing_ok=True)
    upgraded = timed([sys.executable, "-c", ALEMBIC, "upgrade", "heads"], tree.root)
    return upgraded + timed([sys.executable, "-c", ALEMBIC, "check"], tree.root)


def made(folder: Path, name: str, models: int, **more: int) -> Tree:
    generate(folder / name, models, **more)
    return Tree.begun(folder / name)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("checkout", type=Path, nargs="?")
    parser.add_argument("--path", default=".")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--models", type=int, default=5_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("| state | measured against | at most | measured | spread | processor |")
        print("|---|---|---|---|---|---|", flush=True)
        if options.checkout:
            copied = shutil.copytree(
                options.checkout, folder / "checkout", symlinks=True, ignore=shutil.ignore_patterns(".git")
            )
            tree = Tree.begun(Path(copied), options.path)
            show(temperatures(tree, options.runs, options.checkout.resolve().name))
        tree = made(folder, "generated", 100, others=1_500)
        show(temperatures(tree, options.runs, "a generated project"))
        against = "`alembic upgrade heads` and `alembic check` on SQLite"
        ratios = pairs(options.runs, tree.cold, lambda: migrating(tree))
        show([Row("cold: a generated project", against, "0.25", ratios)])
        show(growth(folder, options.runs, options.models))


def show(rows: Iterator[Row] | Sequence[Row]) -> None:
    for row in rows:
        print(row, flush=True)


if __name__ == "__main__":
    main()
