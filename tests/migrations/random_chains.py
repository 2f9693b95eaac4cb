"""Random chains of migrations: branches, merges, batch mode, renames, drops, raw SQL, programs.

What is written runs on SQLite, or on PostgreSQL: the writer keeps track of what each table has.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from hypothesis import strategies as st

_HEAD = """import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def columns_of(table):
    return [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]


def add(table, *columns):
    for column in columns:
        op.add_column(table, column)

"""

_DEFAULTS = {
    "sa.Integer": '"0"',
    "sa.BigInteger()": 'sa.text("(1 + 1)")',
    "sa.String(20)": '"x"',
    "sa.String(length=40)": "sa.text(\"'y'\")",
    "sa.Text()": '""',
    "sa.Boolean": "sa.false()",
    "sa.Date": '"2020-01-01"',
    "sa.DateTime(timezone=True)": "sa.func.now()",
    "sa.DateTime()": 'sa.text("CURRENT_TIMESTAMP")',
    "sa.Numeric(10, 2)": '"0.5"',
    "sa.Float()": '"1.5"',
    "sa.JSON()": '"{}"',
    "sa.LargeBinary": '"x"',
    "sa.Time()": '"10:00"',
    "sa.Uuid()": '"00000000-0000-0000-0000-000000000000"',
}
_SQL_TYPES = {"INTEGER": "0", "VARCHAR(20)": "'x'", "TEXT": "'x'", "BIGINT": "7", "NUMERIC(8, 3)": "1.5"}
_POSTGRESQL_TYPES = {
    "timestamptz": "now()",
    "double precision": "1.5",
    "uuid": "gen_random_uuid()",
    "jsonb": "'{}'",
    "int4[]": "'{}'",
    "bool": "true",
    "character varying (9)": "'x'",
}
_TEXTS = ("sa.Text()", "sa.String(20)", "sa.String(length=40)")


@dataclass
class Table:
    """`plain` are columns that nothing else uses, so that every database can drop them.

    `referring` are the `number`s of tables with a foreign key to this one.
    """

    number: int
    name: str
    plain: list[str]
    used: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """Those of `plain` that hold text."""
    indexes: list[str] = field(default_factory=list)
    uniques: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """Foreign keys that can be dropped."""
    referring: set[int] = field(default_factory=set)


@dataclass
class Enum:
    name: str
    members: list[str]


@dataclass
class Writer:
    """Writes the body of one revision after another; tables and types belong to one branch each."""

    draw: st.DrawFn
    dialect: str
    tables: list[Table] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    count: int = 0

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def chance(self, one_in: int = 2) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def pick(self, *values: str) -> str:
        return self.draw(st.sampled_from(values))

    def revision(self) -> list[str]:
        lines = [line for _ in range(self.draw(st.integers(1, 4))) for line in self.operation()]
        return lines or ["pass"]

    def operation(self) -> list[str]:
        if not self.tables or self.chance(6):
            return self.create_table()
        writes: list[Callable[[Table], list[str]]] = [
            self.add_column,
            self.add_column,
            self.add_columns,
            self.drop_column,
            self.alter_column,
            self.change_type,
            self.create_index,
            self.drop_index,
            self.add_unique,
            self.drop_unique,
            self.add_check,
            self.drop_check,
            self.add_foreign_key,
            self.drop_foreign_key,
            self.rename_table,
            self.rename_column,
            self.drop_table,
            self.copy_table,
            self.ask_first,
            self.ask_sql,
        ]
        if self.dialect == "postgresql":
            writes += [self.use_enum, self.use_enum, self.change_enum, self.rename_key, self.do_block]
        write = self.draw(st.sampled_from(writes))
        return write(self.draw(st.sampled_from(self.tables)))

    # -- columns --

    def column(self, table: Table, name: str, *, plain: bool = True) -> str:
        """`sa.Column(…)`; of a table that has rows or not, so NOT NULL comes with a default."""
        type_ = self.pick(*_DEFAULTS)
        given = [f'"{name}"', type_]
        if self.chance(3):
            given += ["nullable=False", f"server_default={_DEFAULTS[type_]}"]
        elif self.chance():
            given.append(self.pick("nullable=True", f"server_default={_DEFAULTS[type_]}", 'comment="x"'))
        if plain:
            table.plain.append(name)
            if type_ in _TEXTS:
                table.texts.append(name)
        return f"sa.Column({', '.join(given)})"

    def sql_column(self, table: Table, name: str) -> str:
        types = {**_SQL_TYPES, **(_POSTGRESQL_TYPES if self.dialect == "postgresql" else {})}
        type_ = self.pick(*types)
        table.plain.append(name)
        if type_ in ("TEXT", "VARCHAR(20)"):
            table.texts.append(name)
        default = types[type_]
        return (
            f"{name} {type_}{self.pick('', ' NULL', f' DEFAULT {default}', f' NOT NULL DEFAULT {default}')}"
        )

    def take(self, table: Table, *, text: bool = False) -> str | None:
        """A plain column, which is not plain any more."""
        if not (names := table.texts if text else table.plain):
            return None
        name = self.pick(*names)
        self.forget(table, name)
        return name

    def forget(self, table: Table, name: str) -> None:
        table.plain.remove(name)
        table.texts = [each for each in table.texts if each != name]

    # -- tables --

    def create_table(self) -> list[str]:
        number = self.count
        table = Table(number, self.name("t"), [])
        lines = self.lines_of_table(table)
        self.tables.append(table)
        return lines

    def lines_of_table(self, table: Table) -> list[str]:
        names = [self.name("c") for _ in range(self.draw(st.integers(1, 4)))]
        refers = self.draw(st.sampled_from([None, *self.tables]))
        if self.chance(3):
            return self.create_by_sql(table, names, refers)
        items = [
            'sa.Column("id", sa.Integer, primary_key=True)',
            *(self.column(table, name) for name in names),
        ]
        if refers is not None:
            column = self.name("r")
            table.used.append(column)
            refers.referring.add(table.number)
            by_column = self.chance()
            inside = f', sa.ForeignKey("{refers.name}.id")' if by_column else ""
            items.append(f'sa.Column("{column}", sa.Integer{inside})')
            if not by_column:
                key = self.name("fk")
                table.keys.append(key)
                items.append(f'sa.ForeignKeyConstraint(["{column}"], ["{refers.name}.id"], name="{key}")')
        items += self.inline_keys(table)
        if self.chance(4):
            return [
                f"columns = [{', '.join(items[1:])}]",
                f'op.create_table("{table.name}", {items[0]}, *columns)',
            ]
        option = self.pick("", "", ", if_not_exists=True")
        return [f'op.create_table("{table.name}", {", ".join(items)}{option})']

    def inline_keys(self, table: Table) -> list[str]:
        items = []
        if table.plain and self.chance(4):
            name, column = self.name("uq"), self.pick(*table.plain)
            if column in table.texts:
                self.forget(table, column)
                table.used.append(column)
                table.uniques.append(name)
                items.append(f'sa.UniqueConstraint("{column}", name="{name}")')
        if self.chance(6):
            name = self.name("ck")
            table.checks.append(name)
            items.append(f'sa.CheckConstraint("id > 0", name="{name}")')
        if self.chance(6):
            column = self.name("x")
            table.used.append(column)
            items.append(f'sa.Column("{column}", sa.String(9), {self.pick("index=True", "unique=True")})')
        return items

    def create_by_sql(self, table: Table, names: list[str], refers: Table | None) -> list[str]:
        key = "id SERIAL PRIMARY KEY" if self.dialect == "postgresql" else "id INTEGER NOT NULL PRIMARY KEY"
        columns = [self.sql_column(table, name) for name in names]
        if refers is not None:
            table.used.append(self.name("r"))
            refers.referring.add(table.number)
            columns.append(f"{table.used[-1]} INTEGER REFERENCES {refers.name} (id)")
        if self.chance(4) and table.texts:
            name, column = self.name("uq"), self.take(table, text=True)
            table.used.append(str(column))
            table.uniques.append(name)
            columns.append(f"CONSTRAINT {name} UNIQUE ({column})")
        start = self.pick("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", "create table")
        return [f'op.execute("""{start} {table.name} ({key}, {", ".join(columns)})""")']

    def copy_table(self, table: Table) -> list[str]:
        """`CREATE TABLE … AS`; nothing else happens to the copy."""
        if not table.plain:
            return []
        name, column = self.name("copy"), self.pick(*table.plain)
        copied = self.pick(f"{column} AS {self.name('c')}", f"id, {column}")
        return [f'op.execute("CREATE TABLE {name} AS SELECT {copied} FROM {table.name}")']

    def rename_table(self, table: Table) -> list[str]:
        old, table.name = table.name, self.name("t")
        return [
            self.pick(
                f'op.rename_table("{old}", "{table.name}")',
                f'op.execute("ALTER TABLE {old} RENAME TO {table.name}")',
            )
        ]

    def drop_table(self, table: Table) -> list[str]:
        if table.referring - {table.number}:
            return []
        self.tables.remove(table)
        for other in self.tables:
            other.referring.discard(table.number)
        return [
            self.pick(
                f'op.drop_table("{table.name}")',
                f'op.drop_table("{table.name}", if_exists=True)',
                f'op.execute("DROP TABLE {table.name}")',
            )
        ]

    # -- columns of a table --

    def batch(self, table: Table) -> str:
        option = self.pick("", "", "", ', recreate="always"' if self.dialect == "sqlite" else ", schema=None")
        return f'with op.batch_alter_table("{table.name}"{option}) as b:'

    def add_column(self, table: Table) -> list[str]:
        name = self.name("c")
        if self.chance(3):
            if self.dialect == "sqlite":  # which takes only constants for defaults here
                table.plain.append(name)
                table.texts.append(name)
                return [
                    f"op.execute(\"ALTER TABLE {table.name} ADD COLUMN {name} TEXT DEFAULT 'x' NOT NULL\")"
                ]
            return [f'op.execute("""ALTER TABLE {table.name} ADD {self.sql_column(table, name)}""")']
        if self.chance() and self.dialect == "postgresql":
            option = self.pick("", "", ", if_not_exists=True")
            return [f'op.add_column("{table.name}", {self.column(table, name)}{option})']
        header = f'with op.batch_alter_table("{table.name}", recreate="always") as b:'
        if self.dialect == "postgresql":  # which cannot recreate a table that others refer to
            header = self.batch(table)
        return [header, f"    b.add_column({self.column(table, name)})"]

    def add_columns(self, table: Table) -> list[str]:
        names = [self.name("c") for _ in range(self.draw(st.integers(1, 3)))]
        table.plain += names
        table.texts += names
        return self.draw(
            st.sampled_from(
                [
                    [
                        f"for name in {names}:",
                        f'    op.add_column("{table.name}", sa.Column(name, sa.Text()))',
                    ],
                    [f'add("{table.name}", *[sa.Column(name, sa.String(20)) for name in {names}])'],
                    [
                        f"for name in {names}:",
                        f'    op.execute(f"ALTER TABLE {table.name} ADD COLUMN {{name}} TEXT")',
                    ],
                ]
            )
        )

    def drop_column(self, table: Table) -> list[str]:
        if (name := self.take(table)) is None:
            return []
        return self.draw(
            st.sampled_from(
                [
                    [f'op.drop_column("{table.name}", "{name}")'],
                    [f'op.execute("ALTER TABLE {table.name} DROP COLUMN {name}")'],
                    [self.batch(table), f'    b.drop_column("{name}")'],
                ]
            )
        )

    def alter_column(self, table: Table) -> list[str]:
        """NULL, the default, or the name."""
        if not table.plain:
            return []
        name = self.pick(*table.plain)
        changes = [f"nullable={self.chance()}"]
        if self.chance(3):
            changes = ["server_default=None", "existing_nullable=True"]
        if self.chance(3):
            new = self.name("n")
            changes.append(f'new_column_name="{new}"')
            for names in (table.plain, table.texts):
                names[:] = [new if each == name else each for each in names]
        if self.dialect == "postgresql" and self.chance():
            return [f'op.alter_column("{table.name}", "{name}", {", ".join(changes)})']
        return [self.batch(table), f'    b.alter_column("{name}", {", ".join(changes)})']

    def change_type(self, table: Table) -> list[str]:
        """To a type that everything can be turned into."""
        if not table.plain:
            return []
        name = self.pick(*table.plain)
        wide = "sa.Text()" if name not in table.texts else self.pick(*_TEXTS)
        if name not in table.texts:
            table.texts.append(name)
        drop = f'op.alter_column("{table.name}", "{name}", server_default=None)'
        if self.dialect == "sqlite":
            return [self.batch(table), f'    b.alter_column("{name}", type_={wide})']
        using = f', postgresql_using="{name}::text"'
        if self.chance():
            return [drop, f'op.alter_column("{table.name}", "{name}", type_={wide}{using})']
        sql = f"ALTER {name} DROP DEFAULT, ALTER COLUMN {name} TYPE text USING {name}::text"
        return [f'op.execute("ALTER TABLE {table.name} {sql}")']

    def rename_column(self, table: Table) -> list[str]:
        names = self.draw(st.sampled_from([each for each in (table.plain, table.used) if each] or [[]]))
        if not names:
            return []
        old, new = self.pick(*names), self.name("n")
        for each in (table.plain, table.used, table.texts):
            each[:] = [new if name == old else name for name in each]
        if self.dialect == "postgresql" and self.chance():
            return [f'op.alter_column("{table.name}", "{old}", new_column_name="{new}")']
        return [f'op.execute("ALTER TABLE {table.name} RENAME COLUMN {old} TO {new}")']

    # -- indexes and constraints --

    def create_index(self, table: Table) -> list[str]:
        if not table.texts:
            return []
        name = self.name("ix")
        columns = self.draw(st.lists(st.sampled_from(table.texts), min_size=1, max_size=2, unique=True))
        unique = self.chance()
        for column in columns:
            self.forget(table, column)
        table.used += columns
        table.indexes.append(name)
        kind = "UNIQUE INDEX" if unique else "INDEX"
        return self.draw(
            st.sampled_from(
                [
                    [f'op.create_index("{name}", "{table.name}", {columns}, unique={unique})'],
                    [f'op.create_index(op.f("{name}"), "{table.name}", {columns}, if_not_exists=True)'],
                    [f'op.execute("CREATE {kind} {name} ON {table.name} ({", ".join(columns)})")'],
                    [self.batch(table), f'    b.create_index("{name}", {columns}, unique={unique})'],
                ]
            )
        )

    def drop_index(self, table: Table) -> list[str]:
        if not table.indexes:
            return []
        name = table.indexes.pop()
        return self.draw(
            st.sampled_from(
                [
                    [f'op.drop_index("{name}", table_name="{table.name}")'],
                    [f'op.drop_index("{name}", "{table.name}", if_exists=True)'],
                    [f'op.execute("DROP INDEX IF EXISTS {name}")'],
                    [self.batch(table), f'    b.drop_index("{name}")'],
                ]
            )
        )

    def add_unique(self, table: Table) -> list[str]:
        if (column := self.take(table, text=True)) is None:
            return []
        name = self.name("uq")
        table.used.append(column)
        table.uniques.append(name)
        if self.dialect == "postgresql" and self.chance():
            return [
                self.pick(
                    f'op.create_unique_constraint("{name}", "{table.name}", ["{column}"])',
                    f'op.execute("ALTER TABLE {table.name} ADD CONSTRAINT {name} UNIQUE ({column})")',
                )
            ]
        return [self.batch(table), f'    b.create_unique_constraint("{name}", ["{column}"])']

    def drop_unique(self, table: Table) -> list[str]:
        return self.drop_constraint(table, table.uniques, "unique")

    def add_check(self, table: Table) -> list[str]:
        name = self.name("ck")
        table.checks.append(name)
        if self.dialect == "postgresql" and self.chance():
            return [f'op.create_check_constraint("{name}", "{table.name}", "id > 1")']
        return [self.batch(table), f'    b.create_check_constraint("{name}", "id > 1")']

    def drop_check(self, table: Table) -> list[str]:
        return self.drop_constraint(table, table.checks, "check")

    def drop_constraint(self, table: Table, names: list[str], kind: str) -> list[str]:
        if not names:
            return []
        name = names.pop()
        if self.dialect == "postgresql" and self.chance():
            return [
                self.pick(
                    f'op.drop_constraint("{name}", "{table.name}", type_="{kind}")',
                    f'op.drop_constraint("{name}", "{table.name}")',
                    f'op.execute("ALTER TABLE {table.name} DROP CONSTRAINT {name}")',
                )
            ]
        return [self.batch(table), f'    b.drop_constraint("{name}", type_="{kind}")']

    def add_foreign_key(self, table: Table) -> list[str]:
        other = self.draw(st.sampled_from(self.tables))
        column, name = self.name("r"), self.name("fk")
        table.used.append(column)
        table.keys.append(name)
        other.referring.add(table.number)
        if self.dialect == "postgresql" and self.chance():
            return [
                f'op.add_column("{table.name}", sa.Column("{column}", sa.Integer))',
                f'op.create_foreign_key("{name}", "{table.name}", "{other.name}", ["{column}"], ["id"])',
            ]
        return [
            self.batch(table),
            f'    b.add_column(sa.Column("{column}", sa.Integer))',
            f'    b.create_foreign_key("{name}", "{other.name}", ["{column}"], ["id"])',
        ]

    def drop_foreign_key(self, table: Table) -> list[str]:
        return self.drop_constraint(table, table.keys, "foreignkey")

    # -- programs --

    def ask_first(self, table: Table) -> list[str]:
        name = self.name("c")
        other = self.pick(name, *table.plain) if table.plain else name
        table.plain.append(name)
        table.texts.append(name)
        return [
            f'names = columns_of("{table.name}")',
            f'if "{name}" not in names:',
            f'    op.add_column("{table.name}", sa.Column("{name}", sa.Text))',
            f'if "{other}" in names and "{other}" not in names:',
            f'    op.drop_table("{table.name}")',
        ]

    def ask_sql(self, table: Table) -> list[str]:
        name = self.name("c")
        table.plain.append(name)
        table.texts.append(name)
        question = {
            "sqlite": f"SELECT name FROM sqlite_master WHERE type = 'table' AND name = '{table.name}'",
            "postgresql": f"SELECT 1 FROM information_schema.tables WHERE table_name = '{table.name}'",
        }[self.dialect]
        return [
            f'if op.get_bind().execute(sa.text("{question}")).fetchone() is None:',
            f'    op.create_table("{table.name}", sa.Column("never", sa.Integer))',
            "else:",
            f'    op.add_column("{table.name}", sa.Column("{name}", sa.Text))',
        ]

    # -- PostgreSQL --

    def use_enum(self, table: Table) -> list[str]:
        column = self.name("e")
        if not self.enums or self.chance(3):
            enum = Enum(self.name("kind"), [self.name("m") for _ in range(self.draw(st.integers(1, 3)))])
            self.enums.append(enum)
            made = f"sa.Enum({', '.join(map(repr, enum.members))}, name={enum.name!r})"
            create = self.pick(
                f"{made}.create(op.get_bind())",
                f"postgresql.{made[3:].replace('Enum', 'ENUM')}.create(op.get_bind(), checkfirst=True)",
                f'op.execute("CREATE TYPE {enum.name} AS ENUM ({", ".join(map(repr, enum.members))})")',
            )
            table.used.append(column)
            return [create, f'op.add_column("{table.name}", sa.Column("{column}", {made}))']
        enum = self.draw(st.sampled_from(self.enums))
        table.used.append(column)
        return [
            self.pick(
                f'op.add_column("{table.name}", sa.Column("{column}", '
                f"postgresql.ENUM(name={enum.name!r}, create_type=False), nullable=True))",
                f'op.execute("ALTER TABLE {table.name} ADD COLUMN {column} {enum.name}")',
                f'op.execute("ALTER TABLE {table.name} ADD COLUMN {column} {enum.name}[]")',
            )
        ]

    def change_enum(self, table: Table) -> list[str]:
        if not self.enums:
            return self.use_enum(table)
        enum, new = self.draw(st.sampled_from(self.enums)), self.name("m")
        kind = self.draw(st.integers(0, 2))
        if kind == 0:
            enum.members.append(new)
            return [
                f"op.execute(\"ALTER TYPE {enum.name} ADD VALUE {self.pick('', 'IF NOT EXISTS ')}'{new}'\")"
            ]
        if kind == 1:
            number = self.draw(st.integers(0, len(enum.members) - 1))
            old, enum.members[number] = enum.members[number], new
            return [f"op.execute(\"ALTER TYPE {enum.name} RENAME VALUE '{old}' TO '{new}'\")"]
        old, enum.name = enum.name, self.name("kind")
        return [f'op.execute("ALTER TYPE {old} RENAME TO {enum.name}")']

    def rename_key(self, table: Table) -> list[str]:
        kinds = [names for names in (table.indexes, table.uniques, table.checks) if names]
        if not kinds:
            return []
        names = self.draw(st.sampled_from(kinds))
        old, names[-1] = names[-1], self.name("k")
        if names is table.indexes:
            return [f'op.execute("ALTER INDEX {old} RENAME TO {names[-1]}")']
        return [f'op.execute("ALTER TABLE {table.name} RENAME CONSTRAINT {old} TO {names[-1]}")']

    def do_block(self, table: Table) -> list[str]:
        name = self.name("c")
        table.plain.append(name)
        table.texts.append(name)
        add = f"ALTER TABLE {table.name} ADD COLUMN {name} text;"
        of_table = f"information_schema.columns WHERE table_name = '{table.name}'"
        asks = f"SELECT 1 FROM {of_table} AND column_name = '{name}'"
        body = self.pick(
            f"{add} EXCEPTION WHEN duplicate_column THEN NULL;",
            f"{add} {add} EXCEPTION WHEN duplicate_column THEN {add}",
            f"IF NOT EXISTS ({asks}) THEN {add} END IF;",
            f"IF EXISTS ({asks}) THEN DROP TABLE {table.name}; ELSE {add} END IF;",
        )
        return [f'op.execute("""DO $$ BEGIN {body} END $$;""")']


@st.composite
def chains(draw: st.DrawFn, dialect: str) -> dict[str, str]:
    """Migration files by path: a trunk, now and then two branches of it, and a merge."""
    files: dict[str, str] = {}
    writer = Writer(draw, dialect)
    down: tuple[str, ...] = ()
    for _ in range(draw(st.integers(1, 6))):
        if draw(st.integers(0, 3)) or not down:
            down = (_add(files, down, writer),)
            continue
        mine = {table.number for table in writer.tables if draw(st.booleans())}
        heads, branches = [], []
        for side in (True, False):
            branch = Writer(draw, dialect, count=writer.count + 100 * (len(branches) + 1))
            branch.tables = deepcopy([table for table in writer.tables if (table.number in mine) is side])
            branch.enums = writer.enums if side else []
            key = _add(files, down, branch)
            if draw(st.integers(0, 2)) == 0:
                key = _add(files, (key,), branch)
            heads.append(key)
            branches.append(branch)
        writer = Writer(draw, dialect, count=max(branch.count for branch in branches))
        writer.tables = [table for branch in branches for table in branch.tables]
        writer.enums = [enum for branch in branches for enum in branch.enums]
        down = (_add(files, tuple(heads), writer),)
    return files


def _add(files: dict[str, str], down: tuple[str, ...], writer: Writer) -> str:
    key = f"r{len(files):02}"
    body = "\n".join(f"    {line}" for line in writer.revision())
    parents = down[0] if len(down) == 1 else down or None
    files[f"versions/{key}.py"] = (
        f"{_HEAD}\nrevision = {key!r}\ndown_revision = {parents!r}\n\n\ndef upgrade():\n{body}\n"
    )
    return key
