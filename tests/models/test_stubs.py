"""Base classes of a package that holds SQLAlchemy back, so that it is not installed beside the tests.

What is expected is what fastapi-users-db-sqlalchemy 7.0 made of the same classes at run time.
"""

from __future__ import annotations

from pathlib import Path

from reading import graph_of

from ormlint.graph.model import Column

MODELS = """\
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseOAuthAccountTableUUID, SQLAlchemyBaseUserTableUUID
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyBaseAccessTokenTableUUID
from sqlalchemy.orm import DeclarativeBase, Mapped


class Base(DeclarativeBase):
    pass


class OAuthAccount(SQLAlchemyBaseOAuthAccountTableUUID, Base):
    pass


class User(SQLAlchemyBaseUserTableUUID, Base):
    name: Mapped[str | None]


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    pass
"""

EXPECTED = {
    "accesstoken": [
        "token String(length=43) NOT NULL pk",
        "created_at TIMESTAMPAware(timezone=True) NOT NULL index",
        "user_id GUID() NOT NULL -> user.id",
    ],
    "oauth_account": [
        "id GUID() NOT NULL pk",
        "oauth_name String(length=100) NOT NULL index",
        "access_token String(length=1024) NOT NULL",
        "expires_at Integer() NULL",
        "refresh_token String(length=1024) NULL",
        "account_id String(length=320) NOT NULL index",
        "account_email String(length=320) NOT NULL",
        "user_id GUID() NOT NULL -> user.id",
    ],
    "user": [
        "id GUID() NOT NULL pk",
        "email String(length=320) NOT NULL unique index",
        "hashed_password String(length=1024) NOT NULL",
        "is_active Boolean() NOT NULL",
        "is_superuser Boolean() NOT NULL",
        "is_verified Boolean() NOT NULL",
        "name String() NULL",
    ],
}


def test_fastapi_users(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS, encoding="utf-8")
    graph = graph_of(tmp_path)
    drawn = {table.key: sorted(map(draw, table.columns.values())) for table in graph.tables}
    assert drawn == {key: sorted(columns) for key, columns in EXPECTED.items()}
    assert {model.complete for model in graph.models.values()} == {True}
    assert {column.place.path for table in graph.tables for column in table.columns.values()} == {"models.py"}


def draw(column: Column) -> str:
    parts = [column.name, str(column.type), "NULL" if column.nullable else "NOT NULL"]
    parts += [
        word
        for word, flag in (("pk", column.primary_key), ("unique", column.unique), ("index", column.index))
        if flag
    ]
    return " ".join([*parts, *(f"-> {key}" for key in column.foreign_keys or ())])
