"""Hot: the same command on the same content prints what it printed before, and nothing else happens.

Content is compared through git, whose index knows the blob of every file that its stat data says is
unchanged; files that are changed or not yet added are read. Outside a work tree, and for anything that is
not plainly the same, the command runs as usual. This module imports next to nothing, since starting the
interpreter is most of what a hot run costs.
"""

from __future__ import annotations

import os
import sys

from ormlint.cache import FOLDER, TAG, Cache
from ormlint.own import stamp

_SOURCES = ("*.py", "*.toml", "*.ini", "*.cfg", "*.txt", "*.sql", ".gitignore")
"""What an answer may depend on."""
_ENVIRONMENT = (
    "CI", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "NO_COLOR",
    "ORMLINT_TRACEBACK", "PRE_COMMIT", "PYTHONIOENCODING", "PYTHONUTF8", "TERM", "VIRTUAL_ENV",
)  # fmt: skip
_LOCAL = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX")
"""`git commit` exports these to its hooks. The files are what counts, whichever index tells of them."""
_ELSEWHERE = (
    "--config", "--no-cache", "-n", "--add-ignore", "--baseline", "--diff-base", "-o", "--output-file",
    "--show", "--write-baseline",
)  # fmt: skip
"""With these an answer depends on more than the work tree, or the command writes files."""


def main() -> int:
    """The console script: the answer of the last run where it still holds, else the command itself."""
    argv = sys.argv[1:]
    key = _key(argv) if argv[:1] == ["check"] else None
    if key is not None:
        for folder in _folders(argv):
            answer = Cache(folder).recall("answer", key)
            if answer is not None:
                return _show(answer)
    from ormlint import cli  # noqa: PLC0415 - what a hot run does without

    def keep(text: str, status: int, folder: str) -> None:
        if key is not None:
            Cache(folder).remember("answer", key, b"%d\n" % status + text.encode("utf-8", "surrogatepass"))

    return cli.main(argv, keep=keep)


def _show(answer: bytes) -> int:
    status, _, text = answer.partition(b"\n")
    try:
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        sys.stdout.write(text.decode("utf-8", "surrogatepass"))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(status)


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
    top = _work_tree(os.getcwd())
    paths = [word for word, before in zip(argv, ["", *argv], strict=False) if before != "--cache-dir"]
    if top is None or any(word.startswith(_ELSEWHERE) or _leads_out(word, top) for word in paths):
        return None
    listing = _listing(top)
    if listing is None:
        return None
    import hashlib  # noqa: PLC0415 - as above

    digest = hashlib.sha256(repr(_circumstances(argv)).encode())
    for entry in listing.split(b"\0"):
        digest.update(entry + b"\0")
        if entry and not entry.startswith(b"H 100"):  # changed, or not in the index as a plain file
            path = entry[2:] if entry.startswith(b"? ") else entry.partition(b"\t")[2]
            digest.update(_content(os.path.join(os.fsencode(top), path)))
    return digest.hexdigest()


def _content(path: bytes) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return b"-"
    return b"%d\0" % len(data) + data


def _work_tree(folder: str) -> str | None:
    while not os.path.exists(f"{folder}/.git"):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def _leads_out(word: str, top: str) -> bool:
    """Whether an argument is a path out of the work tree."""
    real = os.path.realpath(word)
    return (
        os.path.exists(real) and real != top and not real.startswith(os.path.join(os.path.realpath(top), ""))
    )


def _listing(top: str) -> bytes | None:
    import subprocess  # noqa: PLC0415 - only where there is a work tree

    command = ["git", "-C", top, "ls-files", "-z", "-t", "--stage", "--cached", "--modified"]
    command += ["--others", "--exclude-standard", "--", *_SOURCES]
    environment = {name: value for name, value in os.environ.items() if name not in _LOCAL}
    try:
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 and not done.stderr else None


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
