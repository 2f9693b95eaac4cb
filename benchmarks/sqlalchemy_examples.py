"""How much of SQLAlchemy's own examples and documentation the graph gets as run time has it.

    python benchmarks/sqlalchemy_examples.py CHECKOUT [-v]

`CHECKOUT` is a checkout of SQLAlchemy's repository. Every module of its `examples/`, and every block of
Python in its documentation that declares a class or a table, is imported by itself in a process of its own.
Where that succeeds, all tables and mapped classes are compared with the graph, field by field; `-v` lists the
differences.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import textwrap
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "models"))

import observe
from comparing import differences
from reading import Plain, read

SECONDS = 20
"""A module that takes longer waits for a server, or for somebody to type."""
PRELUDE = """\
from __future__ import annotations
import datetime
import decimal
import enum
import uuid
from dataclasses import dataclass
from typing import Annotated, Any, Dict, List, Literal, NewType, Optional, Set, Union
{imports}


class Base(DeclarativeBase):
    pass


"""
MODULES = (
    "sqlalchemy", "sqlalchemy.orm", "sqlalchemy.dialects.postgresql", "sqlalchemy.ext.associationproxy",
    "sqlalchemy.ext.declarative", "sqlalchemy.ext.hybrid", "sqlalchemy.ext.mutable",
    "sqlalchemy.ext.orderinglist",
)  # fmt: skip
"""What blocks of the documentation take for imported."""


def main(checkout: Path, *, verbose: bool) -> None:
    warnings.simplefilter("ignore")
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(checkout / "examples", Path(name, "examples", "examples"))
        found = [("examples", Path(name, "examples"), module) for module in _modules(Path(name, "examples"))]
        for index, (title, text) in enumerate(_blocks(checkout / "doc" / "build")):
            folder = Path(name, f"block{index}")
            folder.mkdir()
            (folder / "block.py").write_text(text, encoding="utf-8")
            found.append((title, folder, "block"))
        for title, folder, module in found:
            kind = "examples" if title == "examples" else "documentation"
            total[f"{kind}: modules"] += 1
            truth = _observed(folder, module)
            if truth is None:
                continue
            total[f"{kind}: modules imported"] += 1
            where = module if title == "examples" else title
            for line in _compared(kind, folder, truth, total):
                if verbose:
                    print(f"{where}: {line}")
    for word, count in total.items():
        print(f"{word}: {count}")


def _modules(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        if path.name not in ("__init__.py", "__main__.py"):
            yield ".".join(path.relative_to(folder).with_suffix("").parts)


def _blocks(folder: Path) -> Iterator[tuple[str, str]]:
    """The blocks of Python that declare something, each a module; a session's lines follow those before."""
    lines = [f"from {module} import {name}" for module in MODULES for name in _public(module)]
    prelude = PRELUDE.format(imports="\n".join(lines))
    for path in sorted(folder.rglob("*.rst")):
        if "changelog" in path.parts:
            continue
        session = ""
        for line, block in _literal(path.read_text(encoding="utf-8").splitlines()):
            text = block
            if ">>> " in block:
                session += _typed(block)
                text = session
            if re.search(r"^class |\bTable\(", block if ">>> " not in block else _typed(block), re.MULTILINE):
                if "__future__" in text or not _parses(text):
                    continue
                yield f"{path.relative_to(folder)}:{line}", prelude + text


def _public(module: str) -> list[str]:
    found = vars(importlib.import_module(module))
    return [name for name in found if name[0] != "_" and not isinstance(found[name], ModuleType)]


def _literal(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The indented blocks below a line that ends in `::` or a directive for Python."""
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if not re.search(r"::$|^\s*\.\. (sourcecode|code-block):: *py", line):
            continue
        outer = len(line) - len(line.lstrip())
        start = index
        while index < len(lines) and (not lines[index].strip() or _indent(lines[index]) > outer):
            index += 1
        block = [each for each in lines[start:index] if not re.match(r"\s*:\w+:", each)]
        yield start + 1, textwrap.dedent("\n".join(block)).strip("\n") + "\n"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _typed(block: str) -> str:
    """What is typed in a session, without what it prints."""
    lines = (line for line in block.splitlines() if line[:4] in (">>> ", "... ", ">>>", "..."))
    return "".join(f"{line[4:]}\n" for line in lines)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _observed(folder: Path, module: str) -> Plain | None:
    """What run time says of a module, in a child process; `None` where it cannot be imported."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writer, "w") as pipe:
            json.dump(_imported(folder, module), pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    found: Plain | None = json.loads(said) if said else None
    return found


def _imported(folder: Path, module: str) -> Plain | None:
    signal.alarm(SECONDS)
    observe.TABLES.clear()  # those with which the graph's names were asked for
    observe.MAPPERS.clear()
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    os.chdir(tempfile.mkdtemp(dir=folder.parent))
    sys.path.insert(0, str(folder))
    sys.argv = [module]
    try:
        importlib.import_module(module)
        seen = observe.observed()
    except BaseException:  # noqa: BLE001 - whatever a module raises, it is not one that can be imported
        return None
    files = (getattr(each, "__file__", None) for each in list(sys.modules.values()))
    own = (Path(file) for file in files if file and Path(file).is_relative_to(folder))
    seen["files"] = [str(path.relative_to(folder)) for path in own]
    return seen


def _compared(kind: str, folder: Path, truth: Plain, total: Counter[str]) -> Iterator[str]:
    """The differences in words; counts what is equal."""
    static = _of_files(folder, set(truth.pop("files")))
    lines = sorted(differences(truth, static, unknown=False))
    for what, names in (("model", list(truth["models"])), ("table", [t["key"] for t in truth["tables"]])):
        total[f"{kind}: {what}s"] += len(names)
        different = {line.split(" ")[1].rstrip(":") for line in lines if line.startswith(f"{what} ")}
        total[f"{kind}: {what}s equal"] += sum(name not in different for name in names)
    yield from lines


def _of_files(folder: Path, files: set[str]) -> Plain:
    """What the graph says of some files of a folder: the other modules were not imported."""
    alone = Path(tempfile.mkdtemp(dir=folder.parent))
    for file in files:
        (alone / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / file, alone / file)
    seen: dict[str, Any] = read(alone)
    return seen


if __name__ == "__main__":
    if len(sys.argv) < 2 or not Path(sys.argv[1], "examples").is_dir():
        sys.exit(__doc__)
    main(Path(sys.argv[1]), verbose="-v" in sys.argv[2:])
