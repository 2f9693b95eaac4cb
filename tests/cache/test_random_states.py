"""Cached output is fresh output, byte for byte, after whatever happens to a work tree."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from unittest import mock

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from work_tree import FILES, WorkTree

from ormlint import own

EDITS = {
    "app/models.py": [
        ("email: Mapped[str]", "phone: Mapped[str]"),
        ("email: Mapped[str]", "email: Mapped[int]"),
        ("email: Mapped[str]", "email: Mapped[str"),
        ("email: Mapped[str]", "email: Mapped[str]  # ormlint: ignore[ORM305, ORM306]"),
        ("Visit(Base)", "Visit"),
    ],
    "app/schemas.py": [
        ("age: int", "name: str"),
        ("age: int", "aged: int"),
        ("    age: int\n", ""),
        ("age: int", "age: int  # ormlint: ignore[ORM202, ORM999]"),
    ],
    "app/api.py": [("model_validate", "model_construct")],
    "app/base.py": [
        ("    pass", '    metadata = MetaData(naming_convention={"pk": "p_%(table_name)s"})'),
        ("from sqlalchemy.orm", "from sqlalchemy import MetaData\nfrom sqlalchemy.orm"),
    ],
    "app/sums.py": [("a + b", "a - b"), ("add", "sum_of")],
    "alembic/env.py": [("Base.metadata", "None")],
    "alembic/versions/0001.py": [
        ("sa.Integer", "sa.Text"),
        ('"people"', '"persons"'),
        ("None", '"0002"'),
        (
            'op.create_table("people"',
            'from app.sums import add\n    op.create_table("people" if add(1, 1) else "nobody"',
        ),
    ],
    "alembic/versions/0002.sql": [("email", "phone"), ("TEXT", "INTEGER")],
    "alembic.ini": [("= alembic", "= elsewhere")],
}
EDIT = st.sampled_from([(path, *edit) for path, edits in EDITS.items() for edit in edits])
PATH = st.sampled_from(sorted(FILES))
SAID = (
    ('select = ["ORM1", "ORM2"]', 'select = ["ALL"]', "select = []"),
    ('extend-select = ["ORM002"]', 'extend-select = ["unheard"]'),
    ('ignore = ["ORM2"]', 'ignore = ["ORM301"]', 'ignore = ["unheard"]'),
    (
        'per-file-ignores = {"app/models.py" = ["ORM3"]}',
        'per-file-ignores = {"app/*" = ["ORM202", "ORM888"]}',
    ),
    ('severity = {ORM2 = "info"}', 'severity = {extra-field = "error"}'),
    ('fail-on = "error"',),
    ('external-tables = ["visits"]', 'external-tables = ["p*"]', 'external-tables = ["elsewhere"]'),
    ('allow-extra = ["PersonRead.age"]', 'allow-extra = ["*.aged"]', 'allow-missing = ["PersonRead.*"]'),
    ('links = {PersonRead = "Visit"}', "links = {PersonRead = false}", 'links = {Nobody = "Person"}'),
    ('naming-convention = ["pk"]', "strict-length = true", 'secret-columns = ["email"]'),
    ('dialect = "sqlite"', 'exclude = ["app/api.py"]', 'role-affixes = {create = ["Read"]}'),
    ("unheard = 1",),
)
"""Settings; of each row there is one at a time."""
SETTINGS = st.lists(st.sampled_from(SAID), max_size=3, unique=True).flatmap(
    lambda rows: st.tuples(*map(st.sampled_from, rows))
)
ARGUMENTS = st.sampled_from(
    [
        (),
        ("app",),
        ("--output-format", "json"),
        ("app/models.py", "-q"),
        ("--select", "ORM3"),
        ("--extend-select", "ORM002"),
        ("--ignore", "ORM202,ORM301"),
        ("--ignore-comments",),
        ("--select", "ORM401"),
    ]
)
CHANGES = 12
"""In a row; the answers are compared after each."""


class States(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp())
        self._version = mock.patch.object(own, "__version__", "1")
        self._version.start()
        self._branches = 1

    @initialize(arguments=ARGUMENTS)
    def begin(self, arguments: tuple[str, ...]) -> None:
        self._arguments = arguments
        self._tree = WorkTree.begun(self._folder / "project")

    @rule(edit=EDIT)
    def edit(self, edit: tuple[str, str, str]) -> None:
        path, old, new = edit
        self._tree.write(path, FILES[path].replace(old, new))

    @rule(edits=st.lists(EDIT, min_size=2, max_size=4))
    def edit_one_after_the_other(self, edits: list[tuple[str, str, str]]) -> None:
        for each in edits:
            self.edit(each)
            self.cached_is_fresh()

    @rule(path=PATH)
    def delete(self, path: str) -> None:
        (self._tree.root / path).unlink(missing_ok=True)

    @rule(path=PATH)
    def restore(self, path: str) -> None:
        self._tree.git("checkout", "-q", "main", "--", path)

    @rule(path=PATH, name=st.sampled_from(["app/moved.py", "moved.py", "alembic/versions/0003.py"]))
    def rename(self, path: str, name: str) -> None:
        if (self._tree.root / path).exists():
            (self._tree.root / path).rename(self._tree.root / name)

    @rule()
    def commit(self) -> None:
        self._tree.git("checkout", "-q", "-b", f"branch{self._branches}")
        self._branches += 1
        self._tree.commit()

    @rule(number=st.integers(0, 4))
    def switch(self, number: int) -> None:
        branch = f"branch{number % self._branches}" if number % self._branches else "main"
        self._tree.git("checkout", "-q", "-f", branch)

    @rule(said=st.lists(SETTINGS, min_size=1, max_size=3))
    def settings(self, said: list[tuple[str, ...]]) -> None:
        for each in said[:-1]:
            self.settings([each])
            self.cached_is_fresh()
        self._tree.write("ormlint.toml", "".join(f"{line}\n" for line in said[-1]))

    @rule(said=SETTINGS, name=st.sampled_from(["pyproject.toml", "app/pyproject.toml"]))
    def settings_beside_what_tells_of_the_project(self, said: tuple[str, ...], name: str) -> None:
        (self._tree.root / "ormlint.toml").unlink(missing_ok=True)
        table = "".join(f"{line}\n" for line in said)
        self._tree.write(name, f"{FILES['pyproject.toml']}\n[tool.ormlint]\n{table}")

    @rule(arguments=ARGUMENTS)
    def ask_otherwise(self, arguments: tuple[str, ...]) -> None:
        self._arguments = arguments

    @rule(version=st.sampled_from("12"))
    def upgrade(self, version: str) -> None:
        own.__version__ = version

    @invariant()
    def cached_is_fresh(self) -> None:
        if hasattr(self, "_tree"):
            self._tree.agrees(*(each for each in self._arguments if self._is_there(each)))

    def _is_there(self, word: str) -> bool:
        return not word.startswith("app") or (self._tree.root / word).exists()

    def teardown(self) -> None:
        self._version.stop()
        shutil.rmtree(self._folder)


def test_cached_output_is_fresh_output() -> None:
    run_state_machine_as_test(
        States,
        settings=settings(
            max_examples=8,
            stateful_step_count=CHANGES,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
