"""Links are made anew where anything that they rest on is another, and nowhere else."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from ormlint.graph.link import judge, linker
from ormlint.graph.link.kept_fits import KeptFits
from ormlint.graph.link.kept_links import Described

if TYPE_CHECKING:
    from work_tree import WorkTree


def made_anew(tree: WorkTree) -> bool:
    """Whether a check with the cache makes links; it reports what one without reports."""
    with mock.patch("ormlint.graph.link.KeptFits", wraps=KeptFits) as made:
        ended = tree.check()
    assert ended == tree.fresh()
    return made.called


def test_all_that_linking_says_of_a_schema_is_kept() -> None:
    code = ast.parse(inspect.getsource(linker))
    targets = [target for each in ast.walk(code) if isinstance(each, ast.Assign) for target in each.targets]
    names = [each for target in targets for each in getattr(target, "elts", [target])]
    said = {each.attr for each in names if ast.unparse(each).startswith(("schema.", "base."))}
    assert said == {*Described.__struct_fields__, "role", "model", "linked_by"}


def test_a_migration_has_no_say(tree: WorkTree) -> None:
    tree.check()
    tree.replace("alembic/versions/0001.py", '"id", sa.Integer', '"id", sa.String')
    assert not made_anew(tree)
    (tree.root / "alembic/versions/0001.py").unlink()
    assert not made_anew(tree)


def test_what_is_stated_in_vain_is_told_again(tree: WorkTree) -> None:
    tree.replace("pyproject.toml", "[project]", '[tool.ormlint.links]\nNobody = "Person"\n\n[project]')
    assert "names a schema `Nobody` that does not exist" in tree.check().out
    tree.replace("alembic/versions/0001.py", '"id", sa.Integer', '"id", sa.String')
    assert not made_anew(tree)


SAYS = {
    "a field": ("app/schemas.py", "    age: int\n", "    age: int\n    note: str\n"),
    "a line above a schema": ("app/schemas.py", "class PersonRead", "\nclass PersonRead"),
    "a column": ("app/models.py", "    email: ", "    age: Mapped[int]\n    email: "),
    "evidence": ("app/api.py", "model_validate(person)", "model_validate(None)"),
    "a line above evidence": ("app/api.py", "def shown", "\ndef shown"),
    "a comment": ("app/schemas.py", "(BaseModel):", "(BaseModel):  # ormlint: no-model"),
    "a setting": ("pyproject.toml", "[project]", "[tool.ormlint.links]\nPersonRead = false\n\n[project]"),
}


@pytest.mark.parametrize(("path", "old", "new"), SAYS.values(), ids=SAYS)
def test_all_that_links_rest_on_has_a_say(tree: WorkTree, path: str, old: str, new: str) -> None:
    tree.check()
    tree.replace(path, old, new)
    assert made_anew(tree)
    tree.replace("alembic/versions/0001.py", '"id", sa.Integer', '"id", sa.String')
    assert not made_anew(tree)


def test_what_was_judged_of_names_and_fields_is_kept_meanwhile(tree: WorkTree) -> None:
    tree.replace("app/api.py", "model_validate(person)", "model_validate(None)")
    tree.check()
    tree.replace("alembic/versions/0001.py", '"id", sa.Integer', '"id", sa.String')
    assert not made_anew(tree)
    tree.replace("app/api.py", "def shown", "\ndef shown")
    with mock.patch("ormlint.graph.link.judge.best", wraps=judge.best) as judged:
        tree.check()
    assert not judged.called


def test_a_file_that_cannot_be_read_has_links_made_in_each_run(tree: WorkTree) -> None:
    tree.write(
        "app/finding.py",
        "from app.models import Person\n\n\ndef find() -> Person:\n    return 1\n\n\ndef (:\n",
    )
    tree.replace("app/api.py", "from app.models", "from app.finding import find\nfrom app.models")
    tree.replace("app/api.py", "model_validate(person)", "model_validate(find())")
    tree.check()
    tree.replace("alembic/versions/0001.py", '"id", sa.Integer', '"id", sa.String')
    assert made_anew(tree)
