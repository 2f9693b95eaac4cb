"""A field that the schema's model does not have: nobody supplies it, or nobody keeps it.

`from_attributes` reads every field from the row. A required field that the row lacks is a ValidationError;
one with a default never is anything but its default, so the API answers with a value that nothing ever sets.

A field of an input schema that the model does not have is lost where an update sets each value by name
(`setattr(row, name, value)`), and where the one function that makes rows from the schema never looks at it.

Code that asks a row first (`getattr(user, "nick", None)`, `if hasattr(user, "nick"):`) does not fail on what
the model lacks, and so hides it: such a field is told where nothing sets an attribute of that name.

Silent where something supplies the field: a column, relationship, property, hybrid, synonym or proxy of the
model or of one that inherits from it (a query gives rows of these, too), a validator of the whole input, code
that builds the schema by hand, or code that sets an attribute, a keyword or a key of that name anywhere in
the project. A validator of the field alone does not supply it, for Pydantic does not run it on a default
where neither `validate_default` nor `always=True` says so: there only a name counts that no model has, for
code may mean a row of another by it. Silent too for `Field(deprecated=…)` with a
default, which stays for those who still read it, and for what a class adds to a read schema of the same model
where no row is seen to reach that class.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict


class PersonRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    given_name: str
    family_name: str
    full_name: str  # error: [extra-field] "`Person` has nothing of that name"
    nick_name: str | None = None  # error: [extra-field] "always has its default"
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str]
    family_name: Mapped[str]

    @property
    def full_name(self):
        return f"{self.given_name} {self.family_name}"
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict


class PersonRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    given_name: str
    family_name: str
    full_name: str
    nick_name: str | None = None
```

```python title="routes.py"
from schemas import PersonRead


def show(person, nick):
    person.nick_name = nick
    return PersonRead.model_validate(person)
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.mirror import Mirror, mirrors
from ormlint.graph.model import Field, Graph, Schema
from ormlint.graph.supplied import key_without_relationship, lost, unsupplied
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM202",
    "extra-field",
    Severity.ERROR,
    default_on=True,
    summary="a field that its model does not have: nobody supplies it, or its value is lost",
)

_ALIKE = 0.88
"""The part of two names that is the same where one may be a slip of the other."""


def check(graph: Graph) -> Iterator[Finding]:
    families: dict[tuple[str, str, str], list[Mirror]] = defaultdict(list)
    linked = {mirror.schema.id: mirror for mirror in mirrors(graph)}
    missing = {(mirror.schema.id, field.name) for mirror, field in unsupplied(linked, graph)}
    for mirror in linked.values():
        schema = mirror.schema
        read = (name for name in schema.fields if (schema.id, name) in missing)
        for name in (*read, *lost(mirror), *(schema.unfilled & schema.fields.keys())):
            if not graph.options.may_add(schema.id, name):
                families[schema.fields[name].declared_in, name, mirror.model.id].append(mirror)
    for (owner, name, model), family in families.items():
        declaring = linked.get(owner)
        same = declaring is not None and declaring.model.id == model
        yield _finding(name, family, declaring.schema if declaring is not None and same else None)


def _finding(name: str, family: list[Mirror], declaring: Schema | None) -> Finding:
    """The finding names the class that declares the field, unless the model lacks a relationship."""
    inherited = {ancestor for mirror in family for ancestor in mirror.schema.ancestors}
    first = min(family, key=lambda mirror: (mirror.schema.id not in inherited, mirror.schema.id))
    field, reached = first.schema.fields[name], first.schema.reached
    keyed = key_without_relationship(first, field) is not None
    schema, model = first.schema if declaring is None or keyed else declaring, first.model
    column = _near_miss(first, name)
    return RULE.finding(
        field.place,
        f"`{schema.name}.{name}` {_fate(first, field)}",
        severity=_severity(first, field),
        subject=Subject(schema=schema.id, field=name, model=model.id, table=model.table),
        related=(
            Related(model.place, "the model is declared here"),
            *((Related(reached, "a row is validated here"),) if reached is not None else ()),
            *((Related(first.model.columns[column].place, f"did you mean `{column}`?"),) if column else ()),
            *(
                Related(mirror.schema.place, f"`{mirror.schema.name}` has it too")
                for mirror in family
                if mirror.schema.id != schema.id
            ),
        ),
        help=f"did you mean `{column}`?"
        if column
        else "give the model a column or a property of that name, or drop the field",
    )


def _fate(mirror: Mirror, field: Field) -> str:
    """What becomes of the field."""
    schema, model = mirror.schema, mirror.model
    nothing = f"`{model.name}` has nothing of that name"
    key = key_without_relationship(mirror, field)
    if field.name in schema.unfilled and not mirror.writes:
        return f"never is anything but a default: {nothing}, though code asks for it"
    if mirror.writes and schema.updates:
        return f"is set on a `{model.name}` by name, and is lost: {nothing}"
    if mirror.writes:
        return f"is taken and never used: {nothing}"
    if field.required:
        return f"is required, and {nothing}"
    if field.own_validator:
        return f"always has its default: {nothing}, and no validator runs on a default"
    if key is not None:
        return f"is not read from a row: `{model.name}` has `{key}` and no relationship"
    return f"always has its default: {nothing}"


def _severity(mirror: Mirror, field: Field) -> Severity:
    fails = mirror.reads and field.required and mirror.schema.reached is not None
    return Severity.ERROR if fails or mirror.schema.updates else Severity.WARNING


def _near_miss(mirror: Mirror, name: str) -> str | None:
    """A column that the schema lacks and whose name differs by a slip."""
    columns = mirror.model.columns
    near = [each for each in columns if each not in mirror.shown and _may_be_alike(name, each)]
    if not near:
        return None
    from difflib import get_close_matches  # noqa: PLC0415 - for what may be a slip alone

    return next(iter(get_close_matches(name, near, n=1, cutoff=_ALIKE)), None)


def _may_be_alike(one: str, other: str) -> bool:
    """Whether two names have enough letters in common, in whatever order: it takes longer to see in which."""
    total = len(one) + len(other)
    if 2.0 * min(len(one), len(other)) / total < _ALIKE:
        return False
    shared = sum(min(one.count(letter), other.count(letter)) for letter in set(one))
    return 2.0 * shared / total >= _ALIKE
