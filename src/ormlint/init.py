"""Switches ormlint on: adds the hook to `.pre-commit-config.yaml`, and leaves the rest as it is."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ormlint.atomic import replace_file
from ormlint.settings import UsageError

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

CONFIG = ".pre-commit-config.yaml"
_LOCAL = """\
- repo: local
  hooks:
    - id: ormlint
      name: ormlint
      entry: ormlint check
      language: system
      always_run: true
      pass_filenames: false
      require_serial: true
"""
_REMOTE = """\
- repo: {repo}
  rev: {rev}
  hooks:
    - id: ormlint
"""


def add_hook(top: Path, repo: str | None = None, rev: str | None = None) -> str:
    """Add the hook, from a repository or as the command that is installed; says in words what was done."""
    if (repo is None) != (rev is None):
        raise UsageError("--repo and --rev go together")
    file = top / CONFIG
    if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(top)):
        raise UsageError(f"{file}: a link out of the repository is not followed")
    entry = _LOCAL if repo is None else _REMOTE.format(repo=repo, rev=rev)
    if not file.exists():
        replace_file(file, f"repos:\n{_indented(entry, 2)}".encode())
        return f"Wrote {CONFIG} with the hook. `pre-commit install` or `prek install` switches it on."
    text = file.read_bytes().decode("utf-8")
    data = _loaded(text, file)
    repos = data.get("repos") if isinstance(data, dict) else None
    if not isinstance(repos, list):
        raise UsageError(f"{file}: there is no list `repos` in it")
    if any(hook.get("id") == "ormlint" for each in repos for hook in each.get("hooks") or ()):
        return f"{CONFIG} has the hook already."
    new = _with_entry(text, data, entry)
    expected = _plain(data) | {"repos": [*_plain(repos), *_plain(_loaded(entry, file))]}
    if _parsed(new) != expected:
        raise UsageError(f"{file}: its `repos` are in a form that cannot be added to; add this:\n{entry}")
    replace_file(file, new.encode())
    return f"Added the hook to {CONFIG}."


def _with_entry(text: str, data: CommentedMap, entry: str) -> str:
    """The text with an entry at the end of `repos`, indented as the others are."""
    repos: CommentedSeq = data["repos"]
    lines = text.splitlines(keepends=True)
    end = len(lines)
    following = [
        line for key in data if key != "repos" and (line := data.lc.key(key)[0]) > data.lc.key("repos")[0]
    ]
    if following:
        end = min(following)
    while end and (not lines[end - 1].strip() or (following and lines[end - 1].startswith("#"))):
        end -= 1
    indent = repos.lc.item(0)[1] - 2 if repos else 2
    if end and not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    if not repos:
        lines[data.lc.key("repos")[0]] = "repos:\n"
    newline = "\r\n" if lines[0].endswith("\r\n") else "\n"
    return "".join([*lines[:end], _indented(entry, max(indent, 0)).replace("\n", newline), *lines[end:]])


def _indented(entry: str, width: int) -> str:
    return "".join(f"{' ' * width}{line}" for line in entry.splitlines(keepends=True))


def _loaded(text: str, file: Path) -> Any:
    from ruamel.yaml import YAML  # noqa: PLC0415 - only this command reads YAML
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        return YAML(typ="rt").load(StringIO(text))
    except YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark is not None else str(file)
        raise UsageError(f"{where}: not valid YAML: {getattr(problem, 'problem', None) or problem}") from None


def _parsed(text: str) -> Any:
    """What a text says, `None` where it is no YAML."""
    try:
        return _plain(_loaded(text, Path(CONFIG)))
    except UsageError:
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
