"""Of a migration history, those files alone are run again that may come to something else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from ormlint.graph.migrations.replay import Replay
from ormlint.graph.migrations.sql import parse

if TYPE_CHECKING:
    from work_tree import WorkTree

    from ormlint.graph.migrations.scripts import Script

Ran = list[str]


@pytest.fixture
def ran(tree: WorkTree) -> Iterator[Ran]:
    """The names of the migration files that are run from now on, each time."""
    names: Ran = []
    run = Replay._runs_through

    def runs_through(replay: Replay, script: Script) -> bool:
        names.append(script.path.rpartition("/")[2].removesuffix(".py"))
        return run(replay, script)

    with mock.patch.object(Replay, "_runs_through", runs_through):
        yield names


def revision(number: int, body: str, imports: str = "", after: int | None = None) -> tuple[str, str]:
    """The path and the text of a migration file."""
    down = number - 1 if after is None else after
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return (
        f"alembic/versions/{number:04}.py",
        f"import sqlalchemy as sa\nfrom alembic import op\n{imports}\n\n"
        f'revision = "{number:04}"\ndown_revision = "{down:04}"\n\n\ndef upgrade():\n{lines}',
    )


def add(table: str, column: str, more: str = "sa.Integer") -> str:
    return f'op.add_column("{table}", sa.Column("{column}", {more}))'


def begin(tree: WorkTree, *revisions: tuple[str, str]) -> None:
    """Add revisions to the two of the project, and check it."""
    for path, text in revisions:
        tree.write(path, text)
    tree.commit()
    tree.check()


def ran_again(tree: WorkTree, ran: Ran) -> Ran:
    """The migrations that the next check runs; it says what one without a cache says, as the graph does."""
    ran.clear()
    ended = tree.check()
    names = list(ran)
    assert ended == tree.fresh()
    assert tree.run("graph") == tree.run("graph", "--no-cache")
    return names


def test_a_revision_that_comes_changes_and_goes(tree: WorkTree, ran: Ran) -> None:
    begin(tree, revision(3, add("people", "age")), revision(4, add("people", "height")))
    path, text = revision(5, add("people", "weight"))
    tree.write(path, text)
    assert ran_again(tree, ran) == ["0005"]
    tree.write(path, text.replace("weight", "width"))
    assert ran_again(tree, ran) == ["0005"]
    tree.replace("alembic/versions/0003.py", "age", "years")
    assert ran_again(tree, ran) == ["0003"]
    (tree.root / path).unlink()
    assert ran_again(tree, ran) == []
    (tree.root / "alembic/versions/0004.py").unlink()
    assert ran_again(tree, ran) == []
    tree.write(*revision(3, add("people", "summers")))
    assert ran_again(tree, ran) == ["0003"]


def test_a_file_below_goes_on_where_the_history_ends(tree: WorkTree, ran: Ran) -> None:
    tree.replace("app/models.py", "email: Mapped[str]", "email: Mapped[str]\n    phone: Mapped[str]")
    begin(tree, ("alembic/versions/2.0/0003.py", "revision = '3'\ndown_revision = '0001'\n"))
    assert ran_again(tree, ran) == []
    tree.write("alembic/versions/2.0/0003.py", "revision = '3'\ndown_revision = None\n")
    assert ran_again(tree, ran) == []
    tree.write("alembic/versions/2.0/0003.py", "revision = '3'\ndown_revision = '0002'\n")
    assert ran_again(tree, ran) == []


def test_the_file_of_the_environment_changes(tree: WorkTree, ran: Ran) -> None:
    begin(tree)
    tree.replace("alembic/env.py", "context.run", "\n\ncontext.run")
    assert ran_again(tree, ran) == []
    tree.replace("alembic/env.py", "Base.metadata", "Base.metadata, version_table='versions'")
    assert ran_again(tree, ran) == []


def test_the_environment_moves_in_a_run_that_recalls_its_replay(tree: WorkTree, ran: Ran) -> None:
    begin(tree)
    tree.replace("app/models.py", "email: Mapped[str]", "email: Mapped[str]\n    phone: Mapped[str]")
    assert ran_again(tree, ran) == []
    tree.replace("app/sums.py", "a + b", "b + a")
    assert ran_again(tree, ran) == []
    tree.write(*revision(3, add("people", "phone")))
    assert ran_again(tree, ran) == ["0003"]


def test_names_that_no_convention_changes(tree: WorkTree, ran: Ran) -> None:
    made = 'op.create_index(op.f("ix_emails"), "people", [op.f("email")])'
    dropped = 'op.drop_index(op.f("ix_emails"), table_name="people")'
    begin(tree, revision(3, made), revision(4, dropped))
    tree.write(*revision(5, add("people", "age")))
    assert ran_again(tree, ran) == ["0005"]


MODULES = {
    "app/sizes.py": "from app.more import LARGE\n\nSMALL = 10\n",
    "app/more.py": "LARGE = 20\n\n\ndef large(op):\n    op.create_index('large', 'people', ['id'])\n",
}


@pytest.mark.parametrize(
    ("imports", "body", "path", "old", "new"),
    [
        ("from app.sizes import SMALL", add("people", "a", "sa.String(SMALL)"), "app/sizes.py", "10", "11"),
        ("from app.sizes import LARGE", add("people", "a", "sa.String(LARGE)"), "app/more.py", "20", "21"),
        ("", "from app.more import large\nlarge(op)", "app/more.py", "'large'", "'larger'"),
        ("from app import models", add("people", "a"), "app/models.py", "Visit", "Visited"),
        ("from app.models import Person", add("people", "a"), "app/models.py", "Person", "Human"),
    ],
)
def test_what_a_migration_imports(
    tree: WorkTree, ran: Ran, imports: str, body: str, path: str, old: str, new: str
) -> None:
    for name, text in MODULES.items():
        tree.write(name, text)
    begin(tree, revision(3, body, imports), revision(4, add("people", "b")))
    tree.replace(path, old, new)
    assert ran_again(tree, ran) == ["0003"]
    tree.write(*revision(5, add("people", "c")))
    assert ran_again(tree, ran) == ["0005"]


def test_a_class_that_is_mapped_elsewhere(tree: WorkTree, ran: Ran) -> None:
    tree.write("app/odd.py", "class Odd:\n    pass\n")
    tree.write("ormlint.toml", 'select = ["ALL"]\n')
    begin(tree, revision(3, add("people", "a"), "from app.odd import Odd"), revision(4, add("people", "b")))
    tree.write(
        "app/mapped.py",
        """\
import sqlalchemy as sa
from sqlalchemy.orm import registry

from app.odd import Odd

mapper_registry = registry()
odd = sa.Table("odd", mapper_registry.metadata, sa.Column("id", sa.Integer, primary_key=True))
mapper_registry.map_imperatively(Odd, odd)
""",
    )
    assert ran_again(tree, ran) == ["0003"]


def test_a_file_of_sql(tree: WorkTree, ran: Ran) -> None:
    path, text = revision(3, "op.execute(SQL)", "from pathlib import Path")
    text = text.replace("revision =", 'SQL = Path(__file__).with_name("0003.sql").read_text()\nrevision =', 1)
    tree.write("alembic/versions/0003.sql", "ALTER TABLE people ADD COLUMN a TEXT;\n")
    begin(tree, (path, text), revision(4, add("people", "b")))
    tree.replace("alembic/versions/0002.sql", "email", "phone")
    assert ran_again(tree, ran) == ["0002"]
    tree.replace("alembic/versions/0003.sql", "TEXT", "INTEGER")
    assert ran_again(tree, ran) == ["0003"]
    (tree.root / "alembic/versions/0003.sql").unlink()
    ran_again(tree, ran)
    tree.replace("app/models.py", "email", "mail")
    assert "0003" in ran_again(tree, ran)
    tree.write("alembic/versions/0003.sql", "ALTER TABLE people ADD COLUMN c TEXT;\n")
    assert "0003" in ran_again(tree, ran)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("pyproject.toml", "psycopg", "asyncmy"),
        (
            "app/base.py",
            "    pass",
            "    from sqlalchemy import MetaData\n    metadata = MetaData(naming_convention={'pk': 'p'})",
        ),
    ],
)
def test_what_all_migrations_rest_on(tree: WorkTree, ran: Ran, path: str, old: str, new: str) -> None:
    begin(tree, revision(3, add("people", "age")))
    tree.replace(path, old, new)
    assert ran_again(tree, ran) == ["0001", "0002", "0003"]
    tree.replace("alembic/versions/0003.py", "age", "years")
    assert ran_again(tree, ran) == ["0003"]
    tree.replace(path, new, old)
    assert ran_again(tree, ran) == ["0001", "0002", "0003"]


CATALOGUE = "SELECT 1 FROM information_schema.columns WHERE table_name = 'people' AND column_name = 'age'"
BY_NAME = CATALOGUE.replace("'age'", ":name")
AGES = """\
op.create_table("ages", sa.Column("id", sa.Integer))
op.create_index("ages", "people", ["id"])"""
ASKING = {
    "columns": 'names = [each["name"] for each in sa.inspect(op.get_bind()).get_columns("people")]\n'
    'if "age" not in names:\n    ' + add("people", "known"),
    "table": 'if sa.inspect(op.get_bind()).has_table("ages"):\n    ' + add("ages", "known"),
    "indexes": 'if not sa.inspect(op.get_bind()).has_index("people", "ages"):\n    ' + add("people", "known"),
    "no table": "try:\n"
    '    sa.inspect(op.get_bind()).get_columns("ages")\n'
    "except sa.exc.NoSuchTableError:\n    " + add("people", "known"),
    "catalogue": f'if not op.get_bind().execute(sa.text("{CATALOGUE}")).scalar():\n    '
    + add("people", "known"),
    "parameters": f'asked = sa.text("{BY_NAME}")\n'
    'if not op.get_bind().execute(asked, {"name": "age"}).scalar():\n    ' + add("people", "known"),
    "block": 'op.execute("""DO $$ BEGIN IF NOT EXISTS ('
    + CATALOGUE
    + ') THEN ALTER TABLE people ADD COLUMN known INT; END IF; END $$""")',
}


@pytest.mark.parametrize("kind", ASKING)
def test_what_a_migration_asks_the_database(tree: WorkTree, ran: Ran, kind: str) -> None:
    begin(
        tree, revision(3, add("people", "height")), revision(4, ASKING[kind]), revision(5, add("people", "b"))
    )
    before = tree.run("graph").out
    tree.replace("alembic/versions/0005.py", '"b"', '"c"')
    assert ran_again(tree, ran) == ["0005"]
    tree.write(*revision(3, f"{add('people', 'age')}\n{AGES}"))
    # Steps of SQL that ask by themselves are the same whatever the answer is.
    assert ran_again(tree, ran) == (["0003"] if kind == "block" else ["0003", "0004"])
    assert tree.run("graph").out != before


@pytest.mark.parametrize("made", ["create", "alter"])
def test_what_the_catalogue_calls_a_type(tree: WorkTree, ran: Ran, made: str) -> None:
    """`code` is dropped and `numbers` is not, whether the migration that made them was run or recalled."""
    columns = 'sa.Column("code", sa.String(9)), sa.Column("numbers", sa.ARRAY(sa.Integer))'
    if made == "alter":
        columns = 'sa.Column("code", sa.Integer), sa.Column("numbers", sa.Integer)'
    body = f'op.create_table("t", {columns})'
    if made == "alter":
        body += '\nop.alter_column("t", "code", type_=sa.String(9))'
        body += '\nop.alter_column("t", "numbers", type_=sa.ARRAY(sa.Integer))'
    asked = "SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = '{}'"
    dropping = "\n".join(
        f'op.execute("""DO $$ BEGIN IF EXISTS ({asked.format(column)} AND data_type = \'character varying\') '
        f'THEN ALTER TABLE t DROP COLUMN {column}; END IF; END $$""")'
        for column in ("code", "numbers")
    )
    begin(tree, revision(3, body), revision(4, dropping), revision(5, add("people", "b")))
    tree.replace("alembic/versions/0005.py", '"b"', '"c"')
    assert ran_again(tree, ran) == ["0005"]
    migrated = json.loads(tree.run("graph", "--format", "json").out)["migrations"]["tables"]
    found = next(table for table in migrated if table["name"] == "t")
    assert [(column["name"], column["type"]) for column in found["columns"]] == [
        ("numbers", "ARRAY(Integer())")
    ]


@pytest.mark.parametrize("kind", ["catalogue", "parameters", "block"])
def test_a_query_is_parsed_once(tree: WorkTree, ran: Ran, kind: str) -> None:
    begin(tree, revision(3, ASKING[kind]), revision(4, add("people", "b")))
    with mock.patch.object(parse, "parsed_select") as parsed:
        tree.replace("alembic/versions/0004.py", '"b"', '"c"')
        tree.check()
        tree.replace("alembic/versions/0003.py", "op\n", "op\n\n")
        tree.check()
        parsed.assert_not_called()
    assert ran[-2:] == ["0004", "0003"]
    assert ran_again(tree, ran) == []


def test_an_operation_that_stops(tree: WorkTree, ran: Ran) -> None:
    begin(tree, revision(3, 'op.create_table("t", sa.Column("id", sa.Integer))'), revision(4, add("t", "a")))
    (tree.root / "alembic/versions/0003.py").unlink()
    assert ran_again(tree, ran) == []
    tree.replace("alembic/versions/0001.py", "people", "persons")
    assert ran_again(tree, ran) == ["0001"]
    tree.replace("alembic/versions/0004.py", '"a"', '"b"')
    assert ran_again(tree, ran) == ["0004", "0004"]
    tree.write(*revision(5, add("t", "c")))
    assert ran_again(tree, ran) == ["0005"]
    tree.write(*revision(3, 'op.create_table("t", sa.Column("id", sa.Integer))'))
    assert ran_again(tree, ran) == ["0003"]


@pytest.mark.parametrize(
    "body",
    [
        f"try:\n    {add('t', 'a')}\nfinally:\n    {add('people', 'a')}",
        f"if unknown():\n    {add('t', 'a')}\n{add('people', 'a')}",
        f"class A:\n    @property\n    def a(self):\n        {add('t', 'a')}\nA().a\n{add('people', 'a')}",
        f"if sa.inspect(op.get_bind()).has_table('t'):\n    {add('t', 'a')}\n{add('u', 'a')}",
    ],
)
def test_an_operation_that_stops_where_the_program_may_have_a_say(
    tree: WorkTree, ran: Ran, body: str
) -> None:
    begin(
        tree,
        revision(3, 'op.create_table("t", sa.Column("id", sa.Integer))'),
        revision(4, 'op.create_table("u", sa.Column("id", sa.Integer))'),
        revision(5, body),
        revision(6, add("people", "b")),
    )
    (tree.root / "alembic/versions/0003.py").unlink()
    assert "0005" in ran_again(tree, ran)
    (tree.root / "alembic/versions/0004.py").unlink()
    assert "0006" not in ran_again(tree, ran)


def test_an_operation_that_stops_and_is_caught(tree: WorkTree, ran: Ran) -> None:
    caught = f"try:\n    {add('people', 'email')}\nexcept Exception:\n    {add('people', 'other')}"
    begin(tree, revision(3, caught), revision(4, add("people", "b")))
    tree.replace("alembic/versions/0004.py", '"b"', '"c"')
    assert ran_again(tree, ran) == ["0003", "0004"]
    tree.replace("alembic/versions/0002.sql", "email", "phone")
    assert ran_again(tree, ran) == ["0002", "0003"]
    tree.replace("alembic/versions/0002.sql", "ALTER", "ALTER TABLE people ADD COLUMN email TEXT;\nALTER")
    assert ran_again(tree, ran) == ["0002", "0003"]


@pytest.mark.parametrize(
    "body",
    [
        f"if unknown():\n    {add('people', 'a')}",
        f"if unknown():\n    return\n{add('people', 'a')}",
        'op.execute("DELETE FROM people")\n' + add("people", "a", "sa.Integer, nullable=False"),
        "sa.MetaData().create_all(op.get_bind())",
        'sa.Enum("a", "b", name="kinds").create(op.get_bind())',
        'op.alter_column("people", "email", type_=sa.String(30), nullable=False)',
        "raise RuntimeError",
        'op.drop_constraint("people_pkey", "people")\nop.execute("ALTER TABLE people ADD PRIMARY KEY (id)")',
    ],
)
def test_what_is_done_again_without_a_run(tree: WorkTree, ran: Ran, body: str) -> None:
    tree.write("ormlint.toml", 'select = ["ALL"]\n')
    begin(tree, revision(3, body), revision(4, add("people", "b")))
    tree.replace("alembic/versions/0004.py", '"b"', '"c"')
    assert ran_again(tree, ran) == ["0004"]
    tree.replace("alembic/versions/0002.sql", "TEXT", "INTEGER")
    assert ran_again(tree, ran) == ["0002"]


def test_revisions_of_two_branches(tree: WorkTree, ran: Ran) -> None:
    """One waits for what only the other one makes."""
    other = 'op.create_table("t", sa.Column("id", sa.Integer))'
    begin(tree, revision(3, add("t", "a")), revision(4, other, after=2))
    tree.write(*revision(5, add("t", "b"), after=3))
    assert ran_again(tree, ran) == ["0005"]


TALLY = "SEEN = []\n\n\ndef next_name():\n    SEEN.append(1)\n    return f'c{len(SEEN)}'\n"
BY_TALLY = 'op.add_column("people", sa.Column(next_name(), sa.Integer))'


def test_what_one_migration_changes_for_another(tree: WorkTree, ran: Ran) -> None:
    tree.write("app/tally.py", TALLY)
    tallied = [revision(number, BY_TALLY, "from app.tally import next_name") for number in (3, 4)]
    begin(tree, *tallied, revision(5, add("people", "b")))
    tree.replace("alembic/versions/0005.py", '"b"', '"c"')
    assert ran_again(tree, ran) == ["0003", "0004", "0005"]
    tree.write(*revision(3, add("people", "a")))
    assert ran_again(tree, ran) == ["0003", "0004"]


def test_what_a_new_migration_changes_for_another(tree: WorkTree, ran: Ran) -> None:
    tree.write("app/tally.py", TALLY)
    reading = 'op.add_column("people", sa.Column(f"d{len(SEEN)}", sa.Integer))'
    begin(tree, revision(3, add("people", "a")), revision(4, reading, "from app.tally import SEEN"))
    tree.write(*revision(3, BY_TALLY, "from app.tally import next_name"))
    assert ran_again(tree, ran) == ["0003", "0001", "0002", "0003", "0004"]
    tree.write(*revision(3, add("people", "c")))
    assert ran_again(tree, ran) == ["0003", "0004"]
    tree.replace("alembic/versions/0003.py", '"c"', '"b"')
    assert ran_again(tree, ran) == ["0003"]


def test_a_migration_that_another_one_imports(tree: WorkTree, ran: Ran) -> None:
    tree.write("alembic/__init__.py", "")
    tree.write("alembic/versions/__init__.py", "")
    path, text = revision(3, 'op.add_column("people", sa.Column(NAMES.pop(), sa.Integer))')
    text = text.replace("revision =", 'NAMES = ["a", "b"]\nrevision =', 1)
    importing = (
        'from alembic.versions.m0003 import NAMES\nop.add_column("people", sa.Column(NAMES[0], sa.Integer))'
    )
    begin(tree, (path.replace("0003", "m0003"), text), revision(4, importing))
    tree.write(*revision(5, add("people", "c")))
    assert ran_again(tree, ran)[-1] == "0005"
    tree.replace("alembic/versions/m0003.py", '"b"', '"d"')
    ran_again(tree, ran)


OPERATION = """\
from alembic.operations import MigrateOperation, Operations


@Operations.register_operation("add_much")
class AddMuch(MigrateOperation):
    @classmethod
    def add_much(cls, operations, table):
        operations.execute(f"ALTER TABLE {table} ADD COLUMN much INT")
"""


def test_an_operation_of_the_project(tree: WorkTree, ran: Ran) -> None:
    """It is looked for in all modules, whoever imported them."""
    tree.write("app/operations.py", OPERATION)
    importing = revision(3, add("people", "a"), "import app.operations")
    begin(tree, importing, revision(4, 'op.add_much("people")'), revision(5, add("people", "b")))
    tree.replace("alembic/versions/0005.py", '"b"', '"c"')
    assert ran_again(tree, ran) == ["0001", "0002", "0003", "0004", "0005"]
    tree.write(*revision(4, add("people", "d")))
    assert ran_again(tree, ran) == ["0001", "0002", "0003", "0004", "0005"]
    tree.write(*revision(4, add("people", "e")))
    assert ran_again(tree, ran) == ["0004"]
    tree.write(*revision(4, '\nop.add_much("people")'))
    assert ran_again(tree, ran) == ["0004", "0001", "0002", "0003", "0004", "0005"]


EARLY = """\
from app.lent import op

COLUMN = "early"
op.execute("ALTER TABLE people ADD COLUMN early INT")
"""


def test_what_happens_where_a_module_is_imported(tree: WorkTree, ran: Ran) -> None:
    tree.write("app/lent.py", "from alembic import op\n")
    tree.write("app/early.py", EARLY)
    importing = 'from app.early import COLUMN\nop.drop_column("people", COLUMN)'
    begin(tree, revision(3, importing), revision(4, importing))
    (tree.root / "alembic/versions/0003.py").unlink()
    tree.replace("alembic/versions/0004.py", '"0003"', '"0002"')
    assert ran_again(tree, ran) == ["0001", "0002", "0004"]
    tree.replace("app/early.py", "op.execute", "# op.execute")
    ran_again(tree, ran)


def test_two_files_of_one_revision(tree: WorkTree, ran: Ran) -> None:
    path, text = revision(3, add("people", "a"))
    begin(tree, (path, text), (path.replace("0003", "0003_again"), text.replace('"a"', '"b"')))
    tree.write(*revision(4, add("people", "c")))
    ran_again(tree, ran)
    (tree.root / "alembic/versions/0003_again.py").unlink()
    ran_again(tree, ran)


def test_a_file_that_cannot_be_read(tree: WorkTree, ran: Ran) -> None:
    path, text = revision(3, add("people", "a"))
    begin(tree, (path, text))
    tree.write(path, text + "(")
    assert ran_again(tree, ran) == ["0003"]
    tree.write(*revision(4, add("people", "b")))
    ran_again(tree, ran)
    tree.write(path, text)
    assert ran_again(tree, ran) == ["0003"]


def test_what_cannot_be_written_down(tree: WorkTree, ran: Ran) -> None:
    odd = add("people", "a", "sa.Enum('a', values_callable=lambda each: each)")
    huge = add("people", "b", "sa.String(2**70)")
    begin(tree, revision(3, odd), revision(4, huge))
    tree.write(*revision(5, add("people", "c")))
    assert ran_again(tree, ran) == ["0003", "0004", "0005"]
