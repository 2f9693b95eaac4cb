"""Random chains of migrations that run on SQLite: branches, merges, batch mode, renames, drops, raw SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

TYPES = ("sa.Integer", "sa.String(20)", "sa.Text()", "sa.Boolean", "sa.DateTime(timezone=True)")
_IMPORTS = "import sqlalchemy as sa\nfrom alembic import op\n"
SQL_TYPES = ("INTEGER", "VARCHAR(20)", "TEXT")


@dataclass
class Table:
    """`plain` are columns that no key, index or constraint uses, so that SQLite can drop them."""

    name: str
    plain: list[str]
    used: list[str] = field(default_factory=list)
    indexes: list[str] = field(default_factory=list)
    uniques: list[str] = field(default_factory=list)


@dataclass
class Writer:
    """Writes the body of one revision after another; tables belong to one branch each."""

    draw: st.DrawFn
    tables: list[Table] = field(default_factory=list)
    count: int = 0

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def revision(self) -> list[str]:
        return [line for _ in range(self.draw(st.integers(1, 4))) for line in self.operation()]

    def operation(self) -> list[str]:
        if not self.tables or self.draw(st.integers(0, 5)) == 0:
            return self.create_table()
        table = self.draw(st.sampled_from(self.tables))
        write: Callable[[Table], list[str]] = self.draw(
            st.sampled_from(
                [
                    self.add_column,
                    self.drop_column,
                    self.alter_column,
                    self.create_index,
                    self.drop_index,
                    self.add_unique,
                    self.drop_unique,
                    self.rename_table,
                    self.rename_column,
                    self.drop_table,
                    self.ask_first,
                ]
            )
        )
        return write(table)

    def column(self, name: str) -> str:
        nullable = self.draw(st.sampled_from(["", ", nullable=False", ", nullable=True"]))
        default = ', server_default="0"' if "False" in nullable else ""
        return f'sa.Column("{name}", {self.draw(st.sampled_from(TYPES))}{nullable}{default})'

    def create_table(self) -> list[str]:
        table = Table(self.name("t"), [self.name("c") for _ in range(self.draw(st.integers(1, 4)))])
        refers = self.draw(st.sampled_from([None, *self.tables]))
        if self.draw(st.booleans()):
            columns = [self.column(name) for name in table.plain]
            if refers is not None:
                table.used.append(self.name("r"))
                columns.append(f'sa.Column("{table.used[0]}", sa.Integer, sa.ForeignKey("{refers.name}.id"))')
            items = ", ".join(['sa.Column("id", sa.Integer, primary_key=True)', *columns])
            lines = [f'op.create_table("{table.name}", {items})']
        else:
            columns = [f"{name} {self.draw(st.sampled_from(SQL_TYPES))}" for name in table.plain]
            if refers is not None:
                table.used.append(self.name("r"))
                columns.append(f"{table.used[0]} INTEGER REFERENCES {refers.name} (id)")
            sql = f"CREATE TABLE {table.name} (id INTEGER NOT NULL PRIMARY KEY, {', '.join(columns)})"
            lines = [f'op.execute("{sql}")']
        self.tables.append(table)
        return lines

    def add_column(self, table: Table) -> list[str]:
        name = self.name("c")
        table.plain.append(name)
        kind = self.draw(st.integers(0, 2))
        if kind == 0:
            return [f'op.add_column("{table.name}", {self.column(name)})']
        if kind == 1:
            return [f"op.execute(\"ALTER TABLE {table.name} ADD COLUMN {name} TEXT DEFAULT 'x' NOT NULL\")"]
        return [f'with op.batch_alter_table("{table.name}") as b:', f"    b.add_column({self.column(name)})"]

    def drop_column(self, table: Table) -> list[str]:
        if not table.plain:
            return ["pass"]
        name = table.plain.pop(self.draw(st.integers(0, len(table.plain) - 1)))
        kind = self.draw(st.integers(0, 2))
        if kind == 0:
            return [f'op.drop_column("{table.name}", "{name}")']
        if kind == 1:
            return [f'op.execute("ALTER TABLE {table.name} DROP COLUMN {name}")']
        return [f'with op.batch_alter_table("{table.name}") as b:', f'    b.drop_column("{name}")']

    def alter_column(self, table: Table) -> list[str]:
        if not table.plain:
            return ["pass"]
        number = self.draw(st.integers(0, len(table.plain) - 1))
        changes = [f"nullable={self.draw(st.booleans())}", f"type_={self.draw(st.sampled_from(TYPES))}"]
        wanted = self.draw(st.lists(st.sampled_from(changes), min_size=1, unique=True))
        name = table.plain[number]
        if self.draw(st.booleans()):
            table.plain[number] = self.name("n")
            wanted.append(f'new_column_name="{table.plain[number]}"')
        header = f'with op.batch_alter_table("{table.name}") as b:'
        return [header, f'    b.alter_column("{name}", {", ".join(wanted)})']

    def create_index(self, table: Table) -> list[str]:
        if not table.plain:
            return ["pass"]
        name = self.name("ix")
        columns = self.draw(st.lists(st.sampled_from(table.plain), min_size=1, max_size=2, unique=True))
        unique = self.draw(st.booleans())
        table.plain = [column for column in table.plain if column not in columns]
        table.used += columns
        table.indexes.append(name)
        if self.draw(st.booleans()):
            return [f'op.create_index("{name}", "{table.name}", {columns}, unique={unique})']
        kind = "UNIQUE INDEX" if unique else "INDEX"
        return [f'op.execute("CREATE {kind} {name} ON {table.name} ({", ".join(columns)})")']

    def drop_index(self, table: Table) -> list[str]:
        if not table.indexes:
            return ["pass"]
        name = table.indexes.pop()
        if self.draw(st.booleans()):
            return [f'op.drop_index("{name}", table_name="{table.name}")']
        return [f'op.execute("DROP INDEX IF EXISTS {name}")']

    def add_unique(self, table: Table) -> list[str]:
        if not table.plain:
            return ["pass"]
        name, column = self.name("uq"), table.plain.pop()
        table.used.append(column)
        table.uniques.append(name)
        header = f'with op.batch_alter_table("{table.name}") as b:'
        return [header, f'    b.create_unique_constraint("{name}", ["{column}"])']

    def drop_unique(self, table: Table) -> list[str]:
        if not table.uniques:
            return ["pass"]
        header = f'with op.batch_alter_table("{table.name}") as b:'
        return [header, f'    b.drop_constraint("{table.uniques.pop()}", type_="unique")']

    def rename_table(self, table: Table) -> list[str]:
        old, table.name = table.name, self.name("t")
        if self.draw(st.booleans()):
            return [f'op.rename_table("{old}", "{table.name}")']
        return [f'op.execute("ALTER TABLE {old} RENAME TO {table.name}")']

    def rename_column(self, table: Table) -> list[str]:
        names = self.draw(st.sampled_from([each for each in (table.plain, table.used) if each] or [[]]))
        if not names:
            return ["pass"]
        number = self.draw(st.integers(0, len(names) - 1))
        old, names[number] = names[number], self.name("n")
        return [f'op.execute("ALTER TABLE {table.name} RENAME COLUMN {old} TO {names[number]}")']

    def drop_table(self, table: Table) -> list[str]:
        if any(other.used for other in self.tables if other is not table):
            return ["pass"]  # SQLite would not rename what refers to a table that is gone
        self.tables.remove(table)
        return [f'op.drop_table("{table.name}")']

    def ask_first(self, table: Table) -> list[str]:
        name = self.name("c")
        table.plain.append(name)
        other = self.draw(st.sampled_from([name, *table.plain]))
        return [
            f'names = [c["name"] for c in sa.inspect(op.get_bind()).get_columns("{table.name}")]',
            f'if "{name}" not in names:',
            f'    op.add_column("{table.name}", sa.Column("{name}", sa.Text))',
            f'if "{other}" in names and "{other}" not in names:',
            f'    op.drop_table("{table.name}")',
        ]


@st.composite
def chains(draw: st.DrawFn) -> dict[str, str]:
    """Migration files by path: a trunk, now and then two branches of it, and a merge."""
    files: dict[str, str] = {}
    writer = Writer(draw)
    down: tuple[str, ...] = ()
    for _ in range(draw(st.integers(1, 5))):
        if draw(st.integers(0, 3)) or not down:
            down = (_add(files, down, writer),)
            continue
        mine = [table for table in writer.tables if draw(st.booleans())]
        branches = []
        for tables in (mine, [table for table in writer.tables if table not in mine]):
            branch = Writer(draw, list(tables), writer.count + 100 * (len(branches) + 1))
            branches.append((_add(files, down, branch), branch))
        down = tuple(key for key, _ in branches)
        writer = Writer(draw, [t for _, b in branches for t in b.tables], max(b.count for _, b in branches))
        down = (_add(files, down, writer),)
    return files


def _add(files: dict[str, str], down: tuple[str, ...], writer: Writer) -> str:
    key = f"r{len(files):02}"
    body = "\n".join(f"    {line}" for line in writer.revision())
    head = f"revision = {key!r}\ndown_revision = {down or None!r}\n"
    files[f"versions/{key}.py"] = f"{_IMPORTS}\n{head}\n\ndef upgrade():\n{body}\n"
    return key
