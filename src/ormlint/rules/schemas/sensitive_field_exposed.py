"""A read schema shows a column that holds a secret: a password, its hash, a key.

What a read schema declares goes out with every answer that uses it.

Silent for fields that are excluded, for `SecretStr`, and for schemas whose name says that they stay inside
(`UserInDB`, `UserInternal`, `PrivateUser`). The setting `secret-columns` names columns that do not sound
like it.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    hashed_password: Mapped[str]
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict


class UserRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    email: str
    hashed_password: str  # error: [sensitive-field-exposed] "`UserRead` shows `hashed_password`"
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    hashed_password: Mapped[str]
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict, Field


class UserRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    email: str


class UserInDB(UserRead):
    hashed_password: str = Field(repr=False)
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.mirror import Mirror, mirrors
from ormlint.graph.model import Field, Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM210",
    "sensitive-field-exposed",
    Severity.WARNING,
    default_on=True,
    summary="a read schema shows a column that holds a secret",
)

_HASHES = frozenset({"hash", "hashed", "salt", "digest"})
_SECRETS = frozenset({"password", "passwd", "pwd", "secret", "token", "key", "otp", "totp", "mfa", "pin"})
_ALONE = frozenset({
    "password", "passwd", "pwd", "totp_secret", "otp_secret", "mfa_secret", "two_factor_secret",
    "private_key", "password_salt", "encryption_key",
})  # fmt: skip
_INSIDE = re.compile(r"InDB|InDb|Internal|Private|Secret|Credential|Auth|Login|Token|Admin|Full")


def check(graph: Graph) -> Iterator[Finding]:
    for mirror in mirrors(graph):
        if mirror.schema.role == "read" and not _INSIDE.search(mirror.schema.name):
            for field in mirror.schema.fields.values():
                if _is_exposed(mirror, field):
                    yield _finding(mirror, field)


def _is_exposed(mirror: Mirror, field: Field) -> bool:
    """Whether the field shows a secret as it is in the table."""
    if field.excluded is not False or "Secret" in (field.type or "") or field.validated_before:
        return False
    attribute = mirror.attribute_of(field)
    if attribute not in mirror.model.columns:
        return False
    return _sounds_secret(field.name.lower()) or mirror.is_stated_secret(attribute)


def _sounds_secret(name: str) -> bool:
    """Whether a name says password, or the hash of a key: a `hash_key` is a key that is a hash."""
    words = name.replace("hash_key", "hash").split("_")
    return name in _ALONE or not (_HASHES.isdisjoint(words) or _SECRETS.isdisjoint(words))


def _finding(mirror: Mirror, field: Field) -> Finding:
    schema, model = mirror.schema, mirror.model
    mapped = model.columns[mirror.attribute_of(field) or field.name]
    return RULE.finding(
        field.place,
        f"`{schema.name}` shows `{field.name}`, a secret of `{model.name}`",
        subject=Subject(
            schema=schema.id, field=field.name, model=model.id, table=model.table, column=mapped.column
        ),
        related=(Related(mapped.place, "the column is declared here"),),
        help="drop the field, or set `exclude=True`",
    )
