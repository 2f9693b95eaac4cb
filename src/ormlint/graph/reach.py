"""Which modules an `env.py` imports, directly and through others: the models that Alembic can see.

Told from the import statements at module level, those under `if` and `try` included, in the bytes of each
file: the whole application may be reached, and most of it declares nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from ormlint.graph.sources import Sources

_STATEMENT = re.compile(
    r"^([ \t]*)(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n#;]+)|import[ \t]+([^\n#;]+))",
    re.MULTILINE,
)
_IMPORTERS = frozenset(
    {"import_module", "__import__", "walk_packages", "iter_modules", "find_modules", "import_string"}
)
_DYNAMIC = re.compile(rf"\b(?:{'|'.join(sorted(_IMPORTERS))})\s*\(")
_CALL = re.compile(r"\b(\w+)\s*\(")
_HEADER = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)
_TYPING = re.compile(r"^if[ \t]+(?:typing\.)?TYPE_CHECKING\b", re.MULTILINE)
_UNINDENTED = re.compile(r"^[^\s#)\]}]", re.MULTILINE)

Read = Callable[[str], "bytes | None"]


def reached(sources: Sources, env_py: str) -> frozenset[str] | None:
    """The files that running `env.py` imports; `None` where an import is computed at run time."""
    texts: dict[str, str] = {}
    queue = [env_py]
    while queue:
        path = queue.pop()
        if path in texts:
            continue
        text = texts[path] = (sources.read(path) or b"").decode("utf-8", "replace")
        if _DYNAMIC.search(text) and (path == env_py or path.endswith("__init__.py") or "models" in path):
            return None
        for name in _imported(text, sources.module_name(path), path, everywhere=path == env_py):
            queue += _files(sources, name, path)
    return None if _imports_by_calls(texts.values()) else frozenset(texts)


def _imports_by_calls(texts: Iterable[str]) -> bool:
    """Whether what runs at import calls, through whatever functions, one that computes what it imports."""
    if not any(map(_DYNAMIC.search, texts)):
        return False
    called: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        end = 0
        for name, start, stop in _definitions(text):
            called[""].update(_CALL.findall(text, end, start))
            called[name].update(_CALL.findall(text, start, stop))
            end = stop
        called[""].update(_CALL.findall(text, end))
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
    for match in _HEADER.finditer(text):
        after = _UNINDENTED.search(text, match.end())
        yield match[1], match.end(), after.start() if after is not None else len(text)


def _files(sources: Sources, name: str, importer: str) -> Iterator[str]:
    """The file of a module and of every package above it."""
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        found = sources.find(".".join(parts[:end]), importer)
        if found is not None:
            yield found


def _imported(text: str, module: str, path: str, *, everywhere: bool) -> Iterator[str]:
    skipped = [] if everywhere else list(_bodies(text))
    package = module if path.endswith("__init__.py") else module.rpartition(".")[0]
    for match in _STATEMENT.finditer(text):
        if match[1] and any(start <= match.start() < end for start, end in skipped):
            continue
        if match[4] is not None:
            for item in match[4].split(","):
                yield item.split(" as ")[0].strip()
            continue
        base = _absolute(match[2], package)
        if base is None:
            continue
        yield base
        for item in match[3].strip("()").replace("\\", "").split(","):
            name = item.split("#")[0].split(" as ")[0].strip()
            if name.isidentifier():
                yield f"{base}.{name}"


def _bodies(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of functions, classes and `if TYPE_CHECKING` blocks, whose imports do not run at import."""
    for pattern in (_HEADER, _TYPING):
        for match in pattern.finditer(text):
            after = _UNINDENTED.search(text, match.end())
            yield match.start(), after.start() if after is not None else len(text)


def _absolute(name: str, package: str) -> str | None:
    level = len(name) - len(name.lstrip("."))
    if level == 0:
        return name
    parts = package.split(".") if package else []
    if level - 1 > len(parts):
        return None
    parts = parts[: len(parts) - (level - 1)]
    return ".".join([*parts, *filter(None, [name.lstrip(".")])])


def folders(paths: Iterable[str]) -> set[str]:
    """The folders of files."""
    return {path.rpartition("/")[0] for path in paths}
