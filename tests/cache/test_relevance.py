"""The test of which files are read loses none: the graph is as if every file were read."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from generate import generate
from relevance import both, differences

EXAMPLE = Path(__file__).parents[2] / "examples" / "clinic"
ROOTS = {
    "model": ("from sqlalchemy.orm import DeclarativeBase as Root", "Root"),
    "function": ("from sqlalchemy.orm import declarative_base\n\nRoot = declarative_base()", "Root"),
    "schema": ("import pydantic", "pydantic.BaseModel"),
    "generic": ("from pydantic import BaseModel as Root\nfrom typing import Generic, TypeVar", "Root"),
}
WAYS = (
    "from pkg.m{n} import C{n}\n\n\nclass C{m}(C{n}):",
    "from .m{n} import C{n} as Other\n\n\nclass C{m}(Other):",
    "import pkg.m{n}\n\n\nclass C{m}(pkg.m{n}.C{n}):",
    "from pkg import m{n} as there\n\n\nclass C{m}(\n    there.C{n},  # a base\n):",
    "from .m{n} import *\n\nBase{m} = C{n}\n\n\nclass C{m}(Base{m}):",
    "from .m{n} import (\n    C{n},\n)\n\n\nclass Mixin{m}:\n    pass\n\n\nclass C{m}(Mixin{m}, C{n}):",
    "from pkg.m{n} import C{n}\n\nmade = C{n}\n\n\nclass C{m}(made):",
    "from .m{n} import C{n}\n\n\nif True:\n    class C{m}(C{n}):",
)
"""How a module comes by the base of its class."""
BODIES = ("pass", "name: str", "__abstract__ = True", '"""Says nothing."""', "id = 1")
MODULE = st.tuples(st.integers(0, 20), st.sampled_from(WAYS), st.sampled_from(BODIES))


def lost(folder: Path) -> list[str]:
    return list(differences(*both(folder)))


def test_the_example(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "clinic", ignore=shutil.ignore_patterns("*.db", ".ormlint_cache"))
    assert lost(tmp_path / "clinic") == []


def test_a_generated_project(tmp_path: Path) -> None:
    generate(tmp_path, 6, others=3, revisions=4, mixins=5)
    quick, whole = both(tmp_path)
    assert list(differences(quick, whole)) == []
    assert (len(quick["models"]), len(quick["schemas"]), len(quick["links"])) == (7, 24, 24)


def test_a_function_in_a_file_that_is_not_read_for_itself(tmp_path: Path) -> None:
    """What it returns says which model a response mirrors."""
    generate(tmp_path, 1)
    (tmp_path / "app/store.py").write_text(
        "from app.models.thing_0 import Thing0\n\n\ndef get(id: int) -> Thing0 | None:\n    return None\n"
    )
    (tmp_path / "app/routes/other.py").write_text(
        "from fastapi import APIRouter\n\n"
        "from app.models.thing_0 import Thing0\nfrom app.schemas.thing_0 import Thing0Update\n"
        "from app import store\n\nrouter = APIRouter()\n\n\n"
        '@router.get("/{id}", response_model=Thing0Update)\ndef show(id: int):\n'
        "    found = store.get(id)\n    return found\n"
    )
    quick, whole = both(tmp_path)
    assert list(differences(quick, whole)) == []
    found = {link["schema"]: link["by"] for link in quick["links"]}
    assert found["app.schemas.thing_0.Thing0Update"] == "response_model"


@settings(max_examples=25, derandomize=True)
@given(st.sampled_from(sorted(ROOTS)), st.lists(MODULE, min_size=1, max_size=6))
def test_classes_all_over_a_package(root: str, modules: list[tuple[int, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        package = Path(name, "pkg")
        package.mkdir()
        (package / "__init__.py").write_text("")
        text, base = ROOTS[root]
        (package / "m0.py").write_text(f"{text}\n\n\nclass C0({base}):\n    pass\n")
        for m, (number, way, body) in enumerate(modules, 1):
            head = way.format(n=number % m, m=m)
            inner = "        " if head.startswith("from") and "if True" in head else "    "
            (package / f"m{m}.py").write_text(
                f"{head}\n{inner}{body}\n\n\nclass Unrelated{m}:\n    other = {m}\n"
            )
        assert lost(Path(name)) == []
