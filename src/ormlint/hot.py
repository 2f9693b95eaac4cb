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
from contextlib import suppress

from ormlint import worktree

_MARKERS = (".ormlint.toml", "ormlint.toml", "pyproject.toml", "alembic.ini", "__init__.py", ".git")
"""What tells where a project begins and what its settings are, even where git ignores it."""
_ENVIRONMENT = (
    "CI", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "NO_COLOR",
    "HOME", "ORMLINT_TRACEBACK", "PRE_COMMIT", "PYTHONIOENCODING", "PYTHONUTF8", "TERM", "VIRTUAL_ENV",
)  # fmt: skip
_ELSEWHERE = (
    "--config", "--no-cache", "-n", "--add-ignore", "--baseline", "--diff-base", "--fix", "-o",
    "--output-file", "--show", "--write-baseline",
)  # fmt: skip
"""With these an answer depends on more than the work tree, or the command writes files."""


def run() -> int:
    """The console script: one command, and the process ends with it.

    Looking for garbage after an analysis, and again at the end, takes a sixth of a warm run, and finds only
    what is given back with the process. So does giving back one object after the other.
    """
    gc.disable()
    _open_streams()
    status = main()
    gc.freeze()
    _wait_for_others()
    with suppress(AttributeError, OSError, ValueError):  # which the interpreter knows how to say
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


def _open_streams() -> None:
    """Print nowhere what nobody is there to read: a stream that is closed at the start is `None`."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - until the end


def _wait_for_others() -> None:
    """A thread ends the pool of other processes; beside it the interpreter ends with a traceback at times."""
    if "threading" in sys.modules:
        import threading  # noqa: PLC0415 - where there is one, it is there

        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join()


def main() -> int:
    """The answer of the last run where it still holds, else the command itself."""
    argv = sys.argv[1:]
    paths = _paths(argv) if argv[:1] == ["check"] else []
    watched = worktree.Watched(paths[0]) if paths else None
    from ormlint.cache import Cache  # noqa: PLC0415 - git looks while this is imported

    key = _key(argv, paths, watched) if watched is not None else None
    if key is not None:
        for folder in _folders(argv):
            record = Cache(folder).recall("answer", key)
            answer = _read(record[0]) if record is not None else None
            if answer is not None:
                return _show(*answer)
    _import_msgspec()
    from ormlint import cli  # noqa: PLC0415 - what a hot run does without

    def keep(text: str, status: int, folder: str, besides: Mapping[str, str]) -> None:
        if watched is None or key is None:
            return
        if watched.is_unchanged and _key(argv, paths, watched) == key:  # else somebody changed files
            answer = b"%d\n" % status + text.encode("utf-8", "surrogatepass")
            Cache(folder).remember("answer", key, answer, besides)

    return cli.main(argv, keep=keep, watched=watched)


def _import_msgspec() -> None:
    """Have it take from `typing` what it takes from `typing_extensions` where there is such a package.

    Importing that, and `inspect` with it, takes a thirtieth of a warm run.
    """
    import typing  # noqa: PLC0415 - as above

    name = "typing_extensions"
    if name in sys.modules or not hasattr(typing, "NotRequired"):  # which it has since Python 3.11
        return
    sys.modules[name] = None  # type: ignore[assignment]
    with suppress(ImportError):  # which is told where its names are asked for
        import msgspec  # noqa: F401, PLC0415 - as above
    del sys.modules[name]


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
    from ormlint.cache import FOLDER, TAG  # noqa: PLC0415 - as above

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


def _paths(argv: list[str]) -> list[str]:
    """The top of the work tree, the current folder and the named paths; none where git cannot tell."""
    try:
        here = os.getcwd()
    except FileNotFoundError:
        return []  # it is gone, which the command says
    top = worktree.top_of(here)
    words = [word for word, before in zip(argv, ["", *argv], strict=False) if before != "--cache-dir"]
    paths = [here, *(os.path.realpath(word) for word in words[1:] if os.path.exists(word))]
    if (
        top is None
        or any(word.startswith(_ELSEWHERE) for word in words)
        or any(worktree.top_of(path) != os.path.realpath(top) for path in paths)
    ):
        return []
    return [top, *paths]


def _key(argv: list[str], paths: list[str], watched: worktree.Watched) -> str | None:
    """A digest of everything that the answer depends on; `None` where git cannot tell."""
    import hashlib  # noqa: PLC0415 - only where there is a work tree

    # Git looks while this does.
    around = repr([*_circumstances(argv), *_marked(paths[1:], watched.folder)])
    listed = watched.first
    if listed is None or listed.complaints:
        return None
    return hashlib.sha256(f"{around}{listed.digest}".encode("utf-8", "surrogatepass")).hexdigest()


def _marked(paths: list[str], top: str) -> Iterator[tuple[str, str]]:
    """The markers from the paths up to the top of the work tree."""
    from ormlint.cache import state  # noqa: PLC0415 - as above

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
    from ormlint.own import stamp  # noqa: PLC0415 - as above

    return [
        stamp(),
        argv,
        os.getcwd(),
        sys.stdout.isatty(),
        sys.stdout.encoding,
        [os.environ.get(name) for name in _ENVIRONMENT],
    ]
