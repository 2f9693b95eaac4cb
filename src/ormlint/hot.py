"""Hot: the same command on the same content prints what it printed before, and nothing else happens.

Content is compared through git, whose index knows the blob of every file that its stat data says is
unchanged; files that are changed or not yet added are read. Outside a work tree, and for anything that is
not plainly the same, the command runs as usual. This module imports next to nothing, since starting the
interpreter is most of what a hot run costs.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping

from ormlint import worktree
from ormlint.cache import FOLDER, TAG, Cache, state
from ormlint.own import stamp

_SOURCES = ("*.py", "*.toml", "*.ini", "*.cfg", "*.txt", "*.sql", "*.gitignore", "*.gitattributes")
"""What an answer may depend on."""
_MARKERS = (".ormlint.toml", "ormlint.toml", "pyproject.toml", "alembic.ini", "__init__.py", ".git")
"""What tells where a project begins and what its settings are, even where git ignores it."""
_ENVIRONMENT = (
    "CI", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "NO_COLOR",
    "HOME", "ORMLINT_TRACEBACK", "PRE_COMMIT", "PYTHONIOENCODING", "PYTHONUTF8", "TERM", "VIRTUAL_ENV",
)  # fmt: skip
_LISTING = (
    "ls-files", "-z", "-v", "--stage", "--cached", "--modified", "--others", "--exclude-standard",
)  # fmt: skip
_ELSEWHERE = (
    "--config", "--no-cache", "-n", "--add-ignore", "--baseline", "--diff-base", "-o", "--output-file",
    "--show", "--write-baseline",
)  # fmt: skip
"""With these an answer depends on more than the work tree, or the command writes files."""


def run() -> int:
    """The console script: one command, and the process ends with it.

    Looking for garbage after an analysis, and again at the end, takes a sixth of a warm run, and finds only
    what is given back with the process.
    """
    gc.disable()
    status = main()
    gc.freeze()
    return status


def main() -> int:
    """The answer of the last run where it still holds, else the command itself."""
    argv = sys.argv[1:]
    key = _key(argv) if argv[:1] == ["check"] else None
    if key is not None:
        for folder in _folders(argv):
            record = Cache(folder).recall("answer", key)
            answer = _read(record[0]) if record is not None else None
            if answer is not None:
                return _show(*answer)
    from ormlint import cli  # noqa: PLC0415 - what a hot run does without

    def keep(text: str, status: int, folder: str, besides: Mapping[str, str]) -> None:
        if key is not None and _key(argv) == key:  # else somebody changed files meanwhile
            answer = b"%d\n" % status + text.encode("utf-8", "surrogatepass")
            Cache(folder).remember("answer", key, answer, besides)

    return cli.main(argv, keep=keep)


def _read(answer: bytes) -> tuple[str, int] | None:
    status, _, text = answer.partition(b"\n")
    try:
        return text.decode("utf-8", "surrogatepass"), int(status)
    except ValueError:
        return None


def _show(text: str, status: int) -> int:
    try:
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _folders(argv: list[str]) -> list[str]:
    """Where an answer may be kept: the folder that is named, else those from here and the paths upward."""
    named = os.environ.get("ORMLINT_CACHE_DIR")
    for index, word in enumerate(argv):
        if word.startswith("--cache-dir"):
            named = word.partition("=")[2] or next(iter(argv[index + 1 :]), None)
    if named:
        return [named]
    found: list[str] = []
    for start in [os.getcwd(), *(os.path.realpath(word) for word in argv[1:] if os.path.exists(word))]:
        folder = start
        while folder not in found:
            found.append(folder)
            folder = os.path.dirname(folder)
    return [f"{folder}/{FOLDER}" for folder in found if os.path.exists(f"{folder}/{FOLDER}/{TAG}")]


def _key(argv: list[str]) -> str | None:
    """A digest of everything that the answer depends on; `None` where git cannot tell."""
    try:
        here = os.getcwd()
    except FileNotFoundError:
        return None  # it is gone, which the command says
    top = worktree.top_of(here)
    words = [word for word, before in zip(argv, ["", *argv], strict=False) if before != "--cache-dir"]
    paths = [here, *(os.path.realpath(word) for word in words[1:] if os.path.exists(word))]
    if (
        top is None
        or any(word.startswith(_ELSEWHERE) for word in words)
        or any(worktree.top_of(path) != os.path.realpath(top) for path in paths)
    ):
        return None
    answer = worktree.ask(top, [*_LISTING, "--", *_SOURCES])
    if answer is None or answer[1]:
        return None
    return _digest([*_circumstances(argv), *_marked(paths, top)], top, answer[0].split(b"\0"))


def _digest(circumstances: list[object], top: str, entries: list[bytes]) -> str | None:
    import hashlib  # noqa: PLC0415 - only where there is a work tree

    attributes = [os.fsdecode(_path(entry)) for entry in entries if entry.endswith(b".gitattributes")]
    converted = worktree.converted(top, attributes, _SOURCES)
    if converted is None:
        return None
    digest = hashlib.sha256(repr(circumstances).encode("utf-8", "surrogatepass"))
    for entry in entries:
        digest.update(entry + b"\0")
        # Changed, or not in the index as a plain file, or not the content of its blob.
        if entry and (not entry.startswith(b"H 100") or (converted and _path(entry) in converted)):
            digest.update(_content(os.path.join(os.fsencode(top), _path(entry))))
    return digest.hexdigest()


def _path(entry: bytes) -> bytes:
    return entry[2:] if entry.startswith(b"? ") else entry.partition(b"\t")[2]


def _content(path: bytes) -> bytes:
    """What is read under a name, and where a link leads."""
    link = os.path.realpath(path) if os.path.islink(path) else b""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as problem:
        return b"%b\0-%d" % (link, problem.errno or 0)
    return b"%b\0%d\0%b" % (link, len(data), data)


def _marked(paths: list[str], top: str) -> Iterator[tuple[str, str]]:
    """The markers from the paths up to the top of the work tree."""
    seen = set()
    for path in paths:
        folder = path
        while folder not in seen:
            seen.add(folder)
            for name in _MARKERS:
                yield f"{folder}/{name}", state(f"{folder}/{name}")
            if folder == top:
                break
            folder = os.path.dirname(folder)


def _circumstances(argv: list[str]) -> list[object]:
    """What besides the project's content an answer depends on."""
    return [
        stamp(),
        argv,
        os.getcwd(),
        sys.stdout.isatty(),
        sys.stdout.encoding,
        [os.environ.get(name) for name in _ENVIRONMENT],
    ]
