"""Git work trees that are checked, and changes to them: one file is other than the last run saw it."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from timing import ENVIRONMENT, ORMLINT, PEAK, Took, timed

_PLAIN = re.compile(r"\s+\w+(?:: ?Mapped\[[^\]\n]+\]+)? = (?:mapped_column|(?:\w+\.)?Column)\([^\n]*\)\s*")
_OWN = re.compile(r"primary_key|ForeignKey|unique|index|\bname=|column\(\s*[\"']|Column\(\s*[\"']")


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
        time.sleep(1.1)  # git reads every file that is as young as its index to tell whether it changed
        tree.git("update-index", "--refresh")
        return tree

    def git(self, *words: str) -> None:
        subprocess.run(["git", "-C", str(self.root), *words], check=True, capture_output=True)

    def check(self, *words: str) -> Took:
        return timed([*ORMLINT, "check", "-q", *words, self.path], self.root, statuses=(0, 1))

    def cold(self) -> Took:
        """Without a cache, which is written."""
        with tempfile.TemporaryDirectory() as folder:
            return self.check("--cache-dir", folder)

    def peak(self) -> Took:
        """Megabytes of the largest process."""
        command = [sys.executable, "-c", PEAK, *ORMLINT, "check", "-q", "--no-cache", self.path]
        done = subprocess.run(
            command, cwd=self.root, env=ENVIRONMENT, text=True, capture_output=True, check=True
        )
        return Took(float(done.stdout) / 1024, 0)


class Found(NamedTuple):
    """What a project has: files that declare something, those that do not, and lines of columns by file."""

    declaring: list[str]
    others: list[str]
    columns: dict[str, list[int]]

    @classmethod
    def of(cls, tree: Tree) -> Found:
        from ormlint import pipeline  # noqa: PLC0415 - nothing of it is to be in this process before

        root, paths = pipeline.files_of([tree.root / tree.path])
        graph = pipeline.linked(tree.root / tree.path)
        revisions = [each for environment in graph.environments for each in environment.revisions]
        declared = [*graph.models.values(), *graph.tables, *graph.schemas.values(), *revisions]
        own = {str(root / path) for path in paths}
        declaring = own & {str(root / each.place.path) for each in declared}
        columns: dict[str, list[int]] = {}
        for table in graph.tables:
            for column in table.columns.values():
                columns.setdefault(str(root / column.place.path), []).append(column.place.line)
        columns = {file: lines for file, lines in columns.items() if file in own}
        return cls(sorted(declaring), sorted(own - declaring), columns)


def added_columns(tree: Tree, found: Found) -> Callable[[], Took]:
    """Check after a model got one more column: the copy of another, under a name of its own."""
    plain = [
        (file, line)
        for file, lines in sorted(found.columns.items())
        for line in lines
        if _is_plain(_lines(file)[line - 1])
    ]
    file, line = plain[len(plain) // 2]
    count = iter(range(1000))

    def measured() -> Took:
        lines = _lines(file)
        lines.insert(line, re.sub(r"\w+", rf"added_{next(count)}", lines[line - 1], count=1))
        Path(file).write_text("".join(lines), encoding="utf-8")
        return tree.check()

    return measured


def _lines(file: str) -> list[str]:
    return Path(file).read_text(encoding="utf-8").splitlines(keepends=True)


def _is_plain(line: str) -> bool:
    """Whether it is a whole statement that declares a column with nothing that its name is bound to."""
    return _PLAIN.fullmatch(line) is not None and line.count("(") == line.count(")") and not _OWN.search(line)


def settings(tree: Tree, texts: Iterator[str]) -> Callable[[], Took]:
    """Check after the settings changed."""

    def measured() -> Took:
        (tree.root / tree.path / "ormlint.toml").write_text(next(texts))
        return tree.check()

    return measured


def deletions(tree: Tree, files: Sequence[str]) -> Callable[[], Took]:
    """Check after one more of the files was deleted."""
    waiting = iter(files)

    def measured() -> Took:
        Path(next(waiting)).unlink()
        return tree.check()

    return measured


def spread(files: Sequence[str], count: int) -> list[str]:
    """So many of the files, from all over."""
    return [files[len(files) * number // count] for number in range(count)]
