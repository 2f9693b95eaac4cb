"""What Pydantic says of folders of modules, what the graph says, and where the two differ."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ormlint import pipeline

OBSERVE = Path(__file__).with_name("observe.py")
PARTS = ("required", "nullable", "alias", "type", "exclude")
Plain = dict[str, Any]
_PYDANTICS = {
    "positiveint": "int",
    "strictbool": "bool",
    "strictstr": "str",
    "uuid4": "uuid",
    "httpurl": "url",
    "bytesize": "int",
}
_WRAPPERS = {"annotated", "final", "initvar", "skipjsonschema", "skipvalidation", "serializeasany", "json"}
"""What stands behind names of Pydantic's that are types with a constraint."""


def observed(folders: list[Path], python: str = sys.executable) -> list[Plain]:
    """What Pydantic makes of each folder, in a process of an interpreter that has it."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("COV", "PYTHONPATH"))
    }
    command = [python, "-B", OBSERVE, *folders]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stderr
    seen: list[Plain] = json.loads(ran.stdout)
    return seen


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in {"ormlint.toml": "", **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def read(folder: Path) -> Plain:
    return {
        schema["id"]: {
            "from_attributes": schema["from_attributes"],
            "computed": sorted(schema["computed"]),
            "fields": {
                field["name"]: {part: field.get(part) for part in PARTS} for field in schema["fields"]
            },
            "complete": schema["complete"],
        }
        for schema in pipeline.graph(folder, isolated=True)["schemas"]
    }


def differences(truth: Plain, static: Plain, *, unknown: bool) -> Iterator[str]:
    """Each difference in words; `unknown` lets the graph leave open what the source does not settle."""
    for name in truth.keys() ^ static.keys():
        if not (unknown and name in truth):
            yield f"{name}: only {'at run time' if name in truth else 'in the graph'}"
    for name in truth.keys() & static.keys():
        mine, real = static[name], truth[name]
        if not mine["complete"] and not unknown:
            yield f"{name}: not complete"
        for part in ("from_attributes", "computed"):
            if mine[part] != real[part] and not (unknown and mine[part] is None):
                yield f"{name}.{part}: run time {real[part]}, static {mine[part]}"
        if list(mine["fields"]) != list(real["fields"]) and not unknown:
            yield f"{name}: fields at run time {list(real['fields'])}, static {list(mine['fields'])}"
        for field in mine["fields"].keys() & real["fields"].keys():
            for line in _of_field(field, real["fields"][field], mine["fields"][field], unknown=unknown):
                yield f"{name}.{line}"


def _of_field(name: str, real: Plain, mine: Plain, *, unknown: bool) -> Iterator[str]:
    for part, value in real.items():
        said = mine[part]
        if part == "type":
            agree = said is None or _alike(_form(value), _form(said))
        elif part == "alias":
            agree = value in (said, "several") or (value == "any" and said in (None, name))
        else:
            agree = said == value or (unknown and said is None)
        if not agree:
            yield f"{name}.{part}: run time {value}, static {said}"


def _form(text: str) -> Any:
    """A type as nested lists: `Optional[X]`, `Union[X, None]` and `X | None` are one."""
    return _tree(ast.parse(text.strip(), mode="eval").body)


def _tree(node: ast.expr) -> Any:
    if isinstance(node, ast.BinOp):
        return _union([_tree(node.left), _tree(node.right)])
    if isinstance(node, ast.Subscript):
        name = ast.unparse(node.value).lower()
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "literal":
            return ["literal", sorted(ast.unparse(part) for part in parts)]
        args = [_tree(part) for part in parts]
        if name in _WRAPPERS:
            return args[0]
        if name in ("optional", "union"):
            return _union([*args, *(["none"] if name == "optional" else [])])
        return [name, args]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _form(node.value)
    name = ast.unparse(node).lower()
    return "..." if isinstance(node, ast.Constant) and node.value is ... else _PYDANTICS.get(name, name)


def _union(parts: list[Any]) -> Any:
    flat: list[Any] = []
    for part in parts:
        flat += part[1] if isinstance(part, list) and part[0] == "|" else [part]
    kept = [part for index, part in enumerate(flat) if part not in flat[:index]]
    return ["|", kept] if len(kept) > 1 else kept[0]


def _alike(left: Any, right: Any) -> bool:
    """Whether two types are one, as far as both are told; `...` stands for what is not."""
    if "..." in (left, right):
        return True
    if isinstance(left, list) and isinstance(right, list) and left[0] == right[0] == "|":
        return all(any(_alike(a, b) for b in right[1]) for a in left[1]) and len(left[1]) == len(right[1])
    if isinstance(left, list) and isinstance(right, list):
        pairs = zip(left[1], right[1], strict=False)
        return left[0] == right[0] and len(left[1]) == len(right[1]) and all(_alike(a, b) for a, b in pairs)
    for one, other in ((left, right), (right, left)):  # a generic that is given nothing is the generic itself
        if isinstance(one, list) and set(map(str, one[1])) == {"..."} and other == one[0]:
            return True
    return bool(left == right)
