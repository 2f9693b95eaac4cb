"""Which modules an `env.py` imports, directly and through others: the models that Alembic can see.

Told from the import statements at module level, those under `if` and `try` included, in the bytes of each
file: the whole application may be reached, and most of it declares nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from ormlint.graph.sources import Sources

_STATEMENT = (
    r"(?m)^([ \t]*)(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n#;]+)|import[ \t]+([^\n#;]+))"
)
_IMPORTERS = frozenset((
    *("import_module", "__import__", "walk_packages", "iter_modules", "find_modules", "import_string"),
    *("entry_points", "iter_entry_points"),
))  # fmt: skip
_CALL = r"\(\s*(\w+)"
"""For a text from its end to its start: a search that starts with one letter takes a tenth of the time."""
_HEADER = r"(?m)^(?:async[ \t]+def|def|class)[ \t]+(\w+)"
_TYPING = r"(?m)^if[ \t]+(?:typing\.)?TYPE_CHECKING\b"
_UNINDENTED = r"(?m)^[^\s#)\]}]"


class Imports(msgspec.Struct, frozen=True, array_like=True):
    """What a file's bytes say of what importing it imports."""

    names: list[tuple[str, str, bool]] = []
    """(module as it is written, name imported from it or nothing, whether that happens at import)."""
    computes: bool = False
    """It has a call that computes what is imported."""


Calls = dict[str, list[str]]
"""Function or class at a module's own level, or nothing for the module → what its body calls."""


def imports_of(data: bytes) -> Imports:
    """Read the imports of a file."""
    text = data.decode("utf-8", "replace")
    skipped = list(_bodies(text))
    names = []
    for match in re.finditer(_STATEMENT, text):
        runs = not match[1] or not any(start <= match.start() < end for start, end in skipped)
        if match[4] is not None:
            names += [(item.split(" as ")[0].strip(), "", runs) for item in match[4].split(",")]
            continue
        names.append((match[2], "", runs))
        items = match[3].strip("()").replace("\\", "").split(",")
        found = (item.split("#")[0].split(" as ")[0].strip() for item in items)
        names += [(match[2], name, runs) for name in found if name.isidentifier()]
    return Imports(names, not _IMPORTERS.isdisjoint(_calls_in(text)))


def calls_of(data: bytes) -> Calls:
    """Read what a file calls."""
    text = data.decode("utf-8", "replace")
    called: dict[str, set[str]] = defaultdict(set)
    end = 0
    for name, start, stop in _definitions(text):
        called[""].update(_calls_in(text[end:start]))
        called[name].update(_calls_in(text[start:stop]))
        end = stop
    called[""].update(_calls_in(text[end:]))
    return {name: sorted(calls) for name, calls in called.items()}


def _calls_in(text: str) -> Iterator[str]:
    """The names that stand before parentheses."""
    return (name[::-1] for name in set(re.findall(_CALL, text[::-1])))


class Walk:
    """Follows imports: `seen` has the files that they lead to, `names` the modules that were looked for."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.seen: dict[str, Imports] = {}
        self.names: set[str] = set()

    @property
    def computes(self) -> bool:
        """Whether one of the files has a call that computes what is imported."""
        return any(each.computes for each in self.seen.values())

    def follow(self, env_py: str) -> bool:
        """Follow those of an `env.py`; false where an import is computed at run time."""
        queue = [env_py]
        while queue:
            path = queue.pop()
            if path in self.seen:
                continue
            found = self.seen[path] = self._sources.imports(path)
            if found.computes and (path == env_py or path.endswith("__init__.py") or "models" in path):
                return False
            module = self._sources.module_name(path)
            package = module if path.endswith("__init__.py") else module.rpartition(".")[0]
            for written, item, runs in found.names:
                name = _absolute(package, written) if runs or path == env_py else None
                if name is not None:
                    queue += self._files(f"{name}.{item}" if item else name, path)
        return not (self.computes and self._imports_by_calls())

    def _files(self, name: str, importer: str) -> Iterator[str]:
        """The file of a module and of every package above it."""
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            module = ".".join(parts[:end])
            self.names.add(module)
            found = self._sources.find(module, importer)
            if found is not None:
                yield found

    def _imports_by_calls(self) -> bool:
        """Whether what runs at import calls, through whatever functions, one that computes an import."""
        called: dict[str, set[str]] = defaultdict(set)
        for path in self.seen:
            for name, calls in self._sources.calls(path).items():
                called[name].update(calls)
        seen: set[str] = set()
        queue = [""]
        while queue:
            name = queue.pop()
            if name not in seen:
                seen.add(name)
                queue += called.get(name, ())
        return not _IMPORTERS.isdisjoint(seen)


def _definitions(text: str) -> Iterator[tuple[str, int, int]]:
    """The functions and classes at a module's own level: name, and where the body starts and ends."""
    for match in re.finditer(_HEADER, text):
        after = re.compile(_UNINDENTED).search(text, match.end())
        yield match[1], match.end(), after.start() if after is not None else len(text)


def _bodies(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of functions, classes and `if TYPE_CHECKING` blocks, whose imports do not run at import."""
    for pattern in (_HEADER, _TYPING):
        for match in re.finditer(pattern, text):
            after = re.compile(_UNINDENTED).search(text, match.end())
            yield match.start(), after.start() if after is not None else len(text)


def _absolute(package: str, name: str) -> str | None:
    level = len(name) - len(name.lstrip("."))
    if level == 0:
        return name
    parts = package.split(".") if package else []
    if level - 1 > len(parts):
        return None
    parts = parts[: len(parts) - (level - 1)]
    return ".".join([*parts, *filter(None, [name.lstrip(".")])])
