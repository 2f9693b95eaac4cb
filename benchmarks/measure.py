"""How fast ormlint is on this machine, as ratios to what every machine has.

    python benchmarks/measure.py [CHECKOUT] [--path FOLDER] [--runs N] [--models N]

Prints a table in Markdown. Every ratio is taken within a pair of runs that follow each other at once, so that
whatever else the machine does concerns both; shown are the median and the spread of N pairs (at least five).
`CHECKOUT` is a repository to measure on besides the generated projects: it is copied, and the copy made a git
work tree. `--path` is the folder in it that is checked. `--models` is the size of the largest project.
"""

from __future__ import annotations

import argparse
import os
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
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("ORMLINT_")}
PARSE = """
import sys, time
import libcst
texts = [open(path, "rb").read() for path in sys.stdin.read().split("\\0")]
start = time.perf_counter()
for text in texts:
    libcst.parse_module(text)
print(time.perf_counter() - start)
"""
"""Parses in one thread the files that it is told."""
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Prints the most memory that one process of a command held."""

ALEMBIC = "import sys; sys.path.insert(0, '.'); from alembic.config import main; main()"


class Row(NamedTuple):
    state: str
    against: str
    target: str
    ratios: list[float]
    unit: str = " x"

    def __str__(self) -> str:
        median, low, high = statistics.median(self.ratios), min(self.ratios), max(self.ratios)
        digits = 0 if self.unit == " MB" else 2
        shown = f"{median:.{digits}f}{self.unit} | {low:.{digits}f} to {high:.{digits}f}"
        return f"| {self.state} | {self.against} | {self.target}{self.unit} | {shown} |"


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

    def check(self, *words: str) -> float:
        return timed([*ORMLINT, "check", "-q", *words, self.path], self.root, statuses=(0, 1))

    def cold(self) -> float:
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


def timed(command: Sequence[str], folder: Path, *, statuses: tuple[int, ...] = (0,)) -> float:
    """The seconds that a command takes."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in statuses:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.decode()}")
    return seconds


def pairs(runs: int, measured: Callable[[], float], against: Callable[[], float]) -> list[float]:
    return [measured() / against() for _ in range(runs)]


def bare() -> float:
    return timed([sys.executable, "-c", "pass"], Path.cwd())


def import_libcst() -> float:
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
    yield Row(f"largest process: {of}, cold", "", "300", [peak(tree) for _ in range(runs)], " MB")


def changes(tree: Tree, file: Path) -> Callable[[], float]:
    """Check after a change of a file, a new one each time."""
    text, count = file.read_text(), iter(range(1000))

    def measured() -> float:
        file.write_text(f"{text}\nchanged = {next(count)}\n")
        seconds = tree.check()
        file.write_text(text)
        return seconds

    return measured


def settings(tree: Tree) -> Callable[[], float]:
    file, count = tree.root / tree.path / "ormlint.toml", iter(range(1000))

    def measured() -> float:
        file.write_text(f'external-tables = ["elsewhere_{next(count)}"]\n')
        seconds = tree.check()
        file.unlink()
        return seconds

    return measured


def deletions(tree: Tree, files: list[str]) -> Callable[[], float]:
    waiting = iter(files)

    def measured() -> float:
        file = Path(next(waiting))
        data = file.read_bytes()
        file.unlink()
        seconds = tree.check()
        file.write_bytes(data)
        return seconds

    return measured


def parsing(files: list[str]) -> Callable[[], float]:
    def measured() -> float:
        command = [sys.executable, "-c", PARSE]
        done = subprocess.run(command, input="\0".join(files), text=True, capture_output=True, check=True)
        return float(done.stdout)

    return measured


def peak(tree: Tree) -> float:
    command = [sys.executable, "-c", PEAK, *ORMLINT, "check", "-q", "--no-cache", tree.path]
    done = subprocess.run(command, cwd=tree.root, env=ENVIRONMENT, text=True, capture_output=True, check=True)
    return float(done.stdout) / 1024


def migrating(tree: Tree) -> float:
    """Upgrade an empty SQLite database to the heads, and let Alembic compare it with the models."""
    (tree.root / "app.db").unlink(missing_ok=True)
    alembic = [
        sys.executable,
        "-c",
        "import sys; sys.path.insert(0, '.'); from alembic.config import main; main()",
    ]
    return sum(timed([*alembic, *words], tree.root) for words in (["upgrade", "heads"], ["check"]))


def made(folder: Path, name: str, models: int, **more: int) -> Tree:
    generate(folder / name, models, **more)
    return Tree.begun(folder / name)


def growth(folder: Path, runs: int, models: int) -> Iterator[Row]:
    small, large = made(folder, "small", models // 10), made(folder, "large", models)
    ratios = [each / 10 for each in pairs(runs, large.cold, small.cold)]
    yield Row(f"growth from {models // 10:,} to {models:,} models, cold", "time per model", "1.2", ratios)
    short, long = made(folder, "short", 10, revisions=180), made(folder, "long", 10, revisions=1980)
    ratios = [each / 10 for each in pairs(runs, long.cold, short.cold)]
    yield Row("a history of 2,000 revisions, cold", "time per revision in one of 200", "1.2", ratios)
    few, many = made(folder, "few", 10, mixins=30), made(folder, "many", 10, mixins=300)
    ratios = [each / 10 for each in pairs(runs, many.cold, few.cold)]
    yield Row("a chain of 300 mixins, cold", "time per mixin in one of 30", "1.2", ratios)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("checkout", type=Path, nargs="?")
    parser.add_argument("--path", default=".")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--models", type=int, default=5_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("| state | measured against | at most | measured | spread |\n|---|---|---|---|---|", flush=True)
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
