"""What the replay says of histories that would not run, or that it cannot follow to the end."""

from __future__ import annotations

import pytest
from chains import replay
from drawing import drawn_table

from ormlint.graph.model import Environment

HEAD = "import sqlalchemy as sa\nfrom alembic import op\n\n"
PEOPLE = 'op.create_table("people", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Text))'

ADD = 'op.add_column("people", sa.Column(name, sa.Text))'


def migration(key: str, down: object, *body: str, before: str = "") -> tuple[str, str]:
    lines = "\n".join(f"    {line}" for line in body) or "    pass"
    text = f"{HEAD}revision = {key!r}\ndown_revision = {down!r}\n{before}\n\ndef upgrade():\n{lines}\n"
    return f"versions/{key}.py", text


def run(*migrations: tuple[str, str], dialect: str = "postgresql", **more: str) -> Environment:
    return replay({**dict(migrations), **{f"{name}.py": text for name, text in more.items()}}, dialect)


def drawn(environment: Environment) -> list[str]:
    return [drawn_table(table) for _, table in sorted(environment.tables.items())]


def problems(environment: Environment) -> list[tuple[str, str]]:
    return [(problem.revision, problem.message) for problem in environment.problems]


# -- what would not run --


def test_a_column_that_only_a_sibling_branch_adds() -> None:
    done = run(
        migration("a", None, PEOPLE),
        migration("b", "a", 'op.alter_column("people", "late", nullable=False, existing_type=sa.Text)'),
        migration("c", "a", 'op.add_column("people", sa.Column("late", sa.Text))'),
        migration("d", ("c", "b"), 'op.create_index("ix", "people", ["late"])'),
    )
    assert drawn(done) == ["people: id!= a late! | pk people_pkey(id) | ix ix(late)"]
    assert problems(done) == [
        (
            "b",
            "alter column needs the column `late` of `people`, which only c makes, on a branch that is no "
            "ancestor: `alembic upgrade heads` stops here with UndefinedColumn",
        )
    ]
    assert (done.operations, done.operations_known) == (4, 4)


def test_a_column_that_nothing_adds() -> None:
    done = run(
        migration("a", None, PEOPLE),
        migration(
            "b", "a", 'op.drop_column("people", "gone")', 'op.add_column("people", sa.Column("b", sa.Text))'
        ),
    )
    assert drawn(done) == ["people: id!= a b | pk people_pkey(id)"]
    assert problems(done) == [
        (
            "b",
            "drop column needs the column `gone` of `people`, which no revision makes before it: "
            "`alembic upgrade` stops here with UndefinedColumn",
        )
    ]


def test_a_table_that_is_dropped_before() -> None:
    done = run(
        migration("a", None, PEOPLE),
        migration("b", "a", 'op.drop_table("people")'),
        migration("c", "b", 'op.add_column("people", sa.Column("b", sa.Text))'),
    )
    assert done.dropped == {"people": "b"}
    assert [message for _, message in problems(done)] == [
        "add column needs the table `people`, which revision b drops or renames: "
        "`alembic upgrade` stops here with UndefinedTable"
    ]


def test_many_operations_that_would_not_run() -> None:
    drops = [f'op.drop_column("people", "c{number}")' for number in range(40)]
    done = run(migration("a", None, PEOPLE), migration("b", "a", *drops, 'op.drop_column("people", "a")'))
    assert drawn(done) == ["people: id!= | pk people_pkey(id)"]
    assert len(done.problems) == 40


def test_revisions_in_a_circle() -> None:
    done = run(migration("a", "b", PEOPLE), migration("b", "a"))
    assert [(p.kind, p.message) for p in done.problems] == [
        ("cycle", "the revisions a → b → a descend from themselves")
    ]
    assert (done.heads, done.roots) == ((), ())


# -- a past that the migrations do not tell --


def test_a_history_that_starts_with_a_database() -> None:
    done = run(
        migration("a", None),
        migration("b", "a", 'op.add_column("old", sa.Column("x", sa.Text))'),
        migration(
            "c",
            "b",
            'op.create_table("new", sa.Column("id", sa.Integer, sa.ForeignKey("old.id")))',
        ),
    )
    assert (done.starts_empty, done.assumed_tables, problems(done)) == (False, {"old"}, [])
    assert drawn(done) == ["new: id | fk new_id_fkey(id > old.id)"]


def test_a_first_revision_that_alters() -> None:
    done = run(migration("a", None, 'op.add_column("old", sa.Column("x", sa.Text))', PEOPLE))
    assert (done.starts_empty, problems(done)) == (False, [])


def test_an_empty_first_revision_is_no_past_by_itself() -> None:
    done = run(migration("a", None), migration("b", "a", PEOPLE))
    assert (done.starts_empty, drawn(done)) == (True, ["people: id!= a | pk people_pkey(id)"])


def test_alembics_own_table_is_there() -> None:
    done = run(
        migration("a", None, 'op.alter_column("alembic_version", "version_num", type_=sa.String(64))', PEOPLE)
    )
    assert (done.starts_empty, problems(done), list(done.tables)) == (True, [], ["people"])


# -- what cannot be followed --


@pytest.mark.parametrize(
    ("line", "tables", "left"),
    [
        ('op.add_column("people", make())', {"people"}, "people opaque: id!= a | pk people_pkey(id)"),
        ('op.drop_column("people", name())', {"people"}, "people opaque: id!= a | pk people_pkey(id)"),
        ('op.drop_column(name(), "a")', None, "people: id!= a | pk people_pkey(id)"),
        (
            'op.drop_constraint(name(), "people")',
            {"people"},
            "people keys-uncertain: id!= a | pk people_pkey(id)",
        ),
        ("op.execute(name())", None, "people: id!= a | pk people_pkey(id)"),
        (
            'op.execute(f"ALTER TABLE people ADD COLUMN {name()} int")',
            {"people"},
            "people opaque: id!= a | pk people_pkey(id)",
        ),
        ('op.create_view("people")', {"people"}, "people opaque: id!= a | pk people_pkey(id)"),
        ("op.invoke(name())", None, "people: id!= a | pk people_pkey(id)"),
    ],
)
def test_an_unsettled_step_is_bound_to_what_it_names(line: str, tables: set[str] | None, left: str) -> None:
    done = run(
        migration("a", None, PEOPLE), migration("b", "a", line, before="from elsewhere import make, name")
    )
    assert [step.tables for step in done.opaque] == [None if tables is None else frozenset(tables)]
    assert drawn(done) == [left]
    assert (done.operations, done.operations_known) == (2, 1)


@pytest.mark.parametrize(
    "line",
    [
        'op.execute(f"UPDATE people SET a = {name()}")',
        'op.execute("UPDATE people SET a = %s" % name())',
        'op.execute("UPDATE people SET a = " + str(name()) + " WHERE id = " + str(name()))',
        'op.execute(op.create_table("t", sa.Column("a"), prefixes=["TEMPORARY"]).insert().values(a=1))',
        "op.execute(table.insert().values(a=name()))",
        "op.bulk_insert(table, rows())",
        'op.get_bind().execute(sa.text("DELETE FROM people"), {"x": name()})',
        'op.create_table_comment("people", name())',
        'print(f"{name()}")',
    ],
)
def test_unknown_data_is_no_unsettled_step(line: str) -> None:
    before = 'from elsewhere import name, rows\n\ntable = sa.table("people", sa.column("a"))'
    done = run(migration("a", None, PEOPLE), migration("b", "a", line, before=before))
    assert (done.opaque, drawn(done)) == ([], ["people: id!= a | pk people_pkey(id)"])


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (["if flag():", '    op.add_column("people", sa.Column("b", sa.Text))'], "id!= a b?"),
        (["if flag():", '    op.drop_column("people", "a")'], "id!= a?"),
        (["if flag():", "    return", 'op.drop_column("people", "a")'], "id!= a?"),
        (["for _ in rows():", '    op.add_column("people", sa.Column("b", sa.Text))'], "id!= a b?"),
        (["if flag():", "    raise ValueError", 'op.drop_column("people", "a")'], "id!="),
        (["if not flag():", '    op.alter_column("people", "a", nullable=False)'], "id!= a¿"),
        (
            ["for name in ('b', 'c'):", "    if flag():", "        continue", f"    {ADD}"],
            "id!= a b? c?",
        ),
        (
            ["for name in ('b', 'c'):", f"    {ADD}", "    if flag():", "        break"],
            "id!= a b c?",
        ),
        (["if flag() and False:", '    op.drop_column("people", "a")'], "id!= a"),
        (["@flag", "def drop():", '    op.drop_column("people", "a")', "drop()"], "id!= a?"),
        (
            [
                "def twice(f):",
                "    return lambda: f()",
                "@twice",
                "def drop():",
                '    op.drop_column("people", "a")',
                "drop()",
            ],
            "id!=",
        ),
    ],
)
def test_a_condition_that_is_not_settled(body: list[str], left: str) -> None:
    done = run(
        migration("a", None, PEOPLE), migration("b", "a", *body, before="from elsewhere import flag, rows")
    )
    assert drawn(done) == [f"people: {left} | pk people_pkey(id)"]
    assert (done.opaque, problems(done)) == ([], [])


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ("'postgresql' in str(URL)", "id!= a b"),
        ("str(URL).startswith('sqlite') is False", "id!= a b"),
        ("URL.drivername.startswith(('sqlite', 'mysql'))", "id!= a"),
        ("'sqlite' not in URL.render_as_string().lower()", "id!= a b"),
        ("URL.drivername == 'sqlite'", "id!= a"),
        ("URL.get_backend_name() == 'postgresql'", "id!= a b"),
        ("URL.get_dialect().name == 'mysql'", "id!= a"),
        ("'cache' in str(URL)", "id!= a b?"),
        ("URL.drivername == 'postgresql+asyncpg'", "id!= a b?"),
    ],
)
def test_the_address_of_the_database(condition: str, left: str) -> None:
    body = [
        f"if {condition.replace('URL', 'op.get_bind().engine.url')}:",
        '    op.add_column("people", sa.Column("b", sa.Text))',
    ]
    done = run(migration("a", None, PEOPLE), migration("b", "a", *body))
    assert drawn(done) == [f"people: {left} | pk people_pkey(id)"]
    assert (done.opaque, problems(done)) == ([], [])


def test_a_migration_that_refuses_the_database() -> None:
    done = run(
        migration("a", None, PEOPLE),
        migration(
            "b",
            "a",
            'if op.get_bind().dialect.name != "mysql":',
            '    raise NotImplementedError("unsupported")',
            'op.rename_table("people", "persons")',
        ),
        migration("c", "b", 'op.add_column("persons", sa.Column("b", sa.Text))'),
    )
    assert problems(done) == []
    assert [(each.revision, each.reason, each.tables) for each in done.opaque] == [
        ("b", "the migration raises an exception", None)
    ]


def test_a_loop_that_may_return() -> None:
    rounds = [
        "while True:",
        '    rows = op.get_bind().execute(sa.text("SELECT id FROM people")).fetchall()',
        "    if not rows:",
        "        return",
        "    op.get_bind().execute(some.insert(), rows)",
    ]
    done = run(migration("a", None, PEOPLE), migration("b", "a", *rounds, before="some = object()"))
    assert len(done.opaque) < 5


def test_models_of_today() -> None:
    models = """
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base
Base = declarative_base()
class Cat(Base):
    __tablename__ = "cats"
    id = Column(Integer, primary_key=True)
"""
    done = run(
        migration("a", None, "Cat.__table__.create(op.get_bind())", before="from models import Base, Cat"),
        migration(
            "b",
            "a",
            "Base.metadata.create_all(op.get_bind(), tables=[Cat.__table__])",
            before="from models import Base, Cat",
        ),
        migration(
            "c", "b", "Base.metadata.create_all(bind=op.get_bind())", before="from models import Base, Cat"
        ),
        models=models,
    )
    assert [(step.revision, step.tables) for step in done.opaque] == [
        ("a", {"cats"}),
        ("b", {"cats"}),
        ("c", None),
    ]


# -- PostgreSQL --


def test_enumerated_types() -> None:
    done = run(
        migration(
            "a",
            None,
            'mood = sa.Enum("ok", "sad", name="mood")',
            'op.create_table("t", sa.Column("id", sa.Integer), sa.Column("mood", mood))',
            'postgresql.ENUM("x", name="kind").create(op.get_bind(), checkfirst=True)',
            'op.add_column("t", sa.Column("kind", postgresql.ENUM("x", name="kind", create_type=False)))',
            "op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad'\")",
            'sa.Enum(name="gone").create(op.get_bind())',
            'sa.Enum(name="gone").drop(op.get_bind(), checkfirst=False)',
            before="from sqlalchemy.dialects import postgresql",
        )
    )
    assert {name: enum.members for name, enum in done.enums.items()} == {
        "mood": ("ok", "sad", "glad"),
        "kind": ("x",),
    }
    assert [column.enum for column in done.tables["t"].columns.values()] == [None, "mood", "kind"]


def test_enumerated_types_of_classes() -> None:
    done = run(
        migration(
            "a",
            None,
            'op.create_table("t", sa.Column("a", sa.Enum(Mood)), sa.Column("b", named))',
            before="from moods import Mood, values\n\n"
            'named = sa.Enum(Mood, name="b", values_callable=values)',
        ),
        moods="import enum\nclass Mood(enum.Enum):\n    GLAD = 'glad'\n    SAD = 'sad'\n"
        "def values(cls):\n    return [member.value for member in cls]\n",
    )
    assert {name: enum.members for name, enum in done.enums.items()} == {
        "mood": ("GLAD", "SAD"),
        "b": ("glad", "sad"),
    }


def test_schemas() -> None:
    done = run(
        migration(
            "a",
            None,
            'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), schema="app")',
            'op.create_table("u", sa.Column("t_id", sa.Integer, sa.ForeignKey("app.t.id")), schema="app")',
            'op.create_index("ix", "t", ["id"], schema="app")',
            'op.add_column("t", sa.Column("a", sa.Text), schema="app")',
            'with op.batch_alter_table("t", schema="app") as b:',
            '    b.alter_column("a", nullable=False)',
            'op.create_unique_constraint("uq", "t", ["a"], schema="app")',
            'op.drop_index("ix", table_name="t", schema="app")',
        )
    )
    assert drawn(done) == [
        "app.t: id!= a! | pk t_pkey(id) | uq uq(a)",
        "app.u: t_id | fk u_t_id_fkey(t_id > app.t.id)",
    ]


def test_names_that_the_database_makes_up() -> None:
    done = run(
        migration(
            "a",
            None,
            'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), '
            'sa.Column("a", sa.Text, unique=True), sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id")))',
        ),
        migration(
            "b",
            "a",
            'op.drop_constraint("t_a_key", "t", type_="unique")',
            'op.drop_constraint("t_t_id_fkey", "t", type_="foreignkey")',
            'op.drop_constraint("t_pkey", "t")',
            'op.create_primary_key("pk_t", "t", ["a"])',
        ),
    )
    assert drawn(done) == ["t: id!= a! t_id | pk pk_t(a)"]


def test_names_that_the_convention_of_env_py_makes_up() -> None:
    env = """
from alembic import context
from sqlalchemy import MetaData
target_metadata = MetaData(naming_convention={
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "ix": "ix_%(column_0_label)s",
    "pk": "pk_%(table_name)s",
})
context.configure(target_metadata=target_metadata)
"""
    done = run(
        migration(
            "a",
            None,
            'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), '
            'sa.Column("a", sa.Text, unique=True, index=False), '
            'sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id"), index=True), '
            'sa.CheckConstraint("a > 1", name="size"))',
            'op.create_check_constraint(op.f("as_it_is"), "t", "a > 2")',
            'op.create_index(None, "t", ["a"])',
        ),
        env=env,
    )
    assert drawn(done) == [
        "t: id!= a t_id | pk pk_t(id) | uq uq_t_a(a) | fk fk_t_t_id_t(t_id > t.id) | ck as_it_is"
        " | ck ck_t_size | ix ix_t_a(a) | ix ix_t_t_id(t_id)"
    ]


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ("engine_name", 'globals()["upgrade_%s" % engine_name]()'),
        ("engine_name=''", 'globals().get(f"upgrade_{engine_name}", lambda: None)()'),
    ],
)
def test_a_template_for_several_databases(given: str, called: str) -> None:
    text = f"""{HEAD}revision = "a"
down_revision = None

def upgrade({given}):
    {called}

def upgrade_():
    {PEOPLE}

def upgrade_logs():
    op.create_table("logs", sa.Column("id", sa.Integer))
"""
    done = run(("versions/a.py", text))
    assert sorted(done.tables) == ["logs", "people"]


def test_a_helper_is_run_where_it_is_called() -> None:
    text = f"""{HEAD}revision = "a"
down_revision = None

def upgrade(again=False):
    upgrade_people()
    if again:
        upgrade_people()

def upgrade_people():
    {PEOPLE}
"""
    done = run(("versions/a.py", text))
    assert (sorted(done.tables), done.problems) == (["people"], [])


# -- bad input --


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}down_revision = None\ndef upgrade():\n    {PEOPLE}\n",
        f"{HEAD}import os\nrevision = os.environ['X']\ndown_revision = None\ndef upgrade():\n    {PEOPLE}\n",
        f"{HEAD}import os\nrevision = 'a'\ndown_revision = os.environ['X']\ndef upgrade():\n    {PEOPLE}\n",
    ],
)
def test_a_revision_that_is_missing_or_computed(text: str) -> None:
    done = run(("versions/0001_people.py", text))
    assert [revision.known for revision in done.revisions] == [False]
    assert list(done.tables) == ["people"]
    assert [step.reason for step in done.opaque] == [
        "its `revision` or `down_revision` is missing or computed at run time"
    ]


def test_a_migration_that_cannot_be_read() -> None:
    done = run(migration("a", None, PEOPLE), ("versions/b.py", "revision = 'b'\ndef upgrade(:\n"))
    assert list(done.tables) == ["people"]
    assert [step.reason for step in done.opaque] == [
        "the file cannot be read",
        "its `revision` or `down_revision` is missing or computed at run time",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "upgrade()",
        "while True: pass",
        "return upgrade",
        "raise NotImplementedError",
        "op.create_table()",
        "op.add_column()",
        "op.batch_alter_table()",
        "op.alter_column(1, 2, 3, 4, 5)",
        "op.create_index(None, None, None)",
        "op.drop_constraint(None, 'people')",
        "op.get_bind().execute()",
        "op.execute()",
        "sa.inspect(op.get_bind()).get_columns()",
        "op.execute('(' * 100000)",
        "sa.Enum().create(op.get_bind())",
        "op.f()",
        "with op.batch_alter_table('gone') as b: b.create_foreign_key()",
    ],
)
def test_nonsense_is_no_crash(body: str) -> None:
    done = run(migration("a", None, PEOPLE), migration("b", "a", body))
    assert "people" in done.tables
