"""Base classes of a package that holds SQLAlchemy back, so that it is not installed beside the tests.

What is expected is what fastapi-users-db-sqlalchemy 7.0 made of the same classes at run time.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import graph_of

from ormlint.graph.model import Column

MODELS = """\
from fastapi_users.db import SQLAlchemyBaseUserTable
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseOAuthAccountTableUUID, SQLAlchemyBaseUserTableUUID
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyBaseAccessTokenTableUUID
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column


class Base(DeclarativeBase):
    pass


class OAuthAccount(SQLAlchemyBaseOAuthAccountTableUUID, Base):
    pass


class User(SQLAlchemyBaseUserTableUUID, Base):
    name: Mapped[str | None]


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    pass


class Member(SQLAlchemyBaseUserTable[int], Base):
    __tablename__ = "members"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(99), unique=True)

    @declared_attr
    def user_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("user.id"))
"""

EXPECTED = {
    "accesstoken": [
        "token String(length=43) NOT NULL pk",
        "created_at TIMESTAMPAware(timezone=True) NOT NULL index",
        "user_id GUID() NOT NULL -> user.id",
    ],
    "members": [
        "id Integer() NOT NULL pk",
        "email String(99) NOT NULL unique",
        "hashed_password String(length=1024) NOT NULL",
        "is_active Boolean() NOT NULL",
        "is_superuser Boolean() NOT NULL",
        "is_verified Boolean() NOT NULL",
        "user_id GUID() NULL -> user.id",
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


@pytest.mark.parametrize("package", ["fastapi_users_db_sqlalchemy", "fastapi_users.db"])
def test_fastapi_users(tmp_path: Path, package: str) -> None:
    models = MODELS.replace("from fastapi_users_db_sqlalchemy import", f"from {package} import")
    (tmp_path / "models.py").write_text(models, encoding="utf-8")
    graph = graph_of(tmp_path)
    drawn = {table.key: sorted(map(draw, table.columns.values())) for table in graph.tables}
    assert drawn == {key: sorted(columns) for key, columns in EXPECTED.items()}
    assert {model.complete for model in graph.models.values()} == {True}
    assert {column.place.path for table in graph.tables for column in table.columns.values()} == {"models.py"}


OAUTH = """\
from authlib.integrations.sqla_oauth2 import OAuth2AuthorizationCodeMixin, OAuth2ClientMixin, OAuth2TokenMixin
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Client(db.Model, OAuth2ClientMixin):
    id = db.Column(db.Integer, primary_key=True)


class Token(db.Model, OAuth2TokenMixin):
    id = db.Column(db.Integer, primary_key=True)


class Code(db.Model, OAuth2AuthorizationCodeMixin):
    id = db.Column(db.Integer, primary_key=True)
"""


def test_authlib(tmp_path: Path) -> None:
    """What is expected is what Authlib 1.6 made of the classes at run time."""
    (tmp_path / "models.py").write_text(OAUTH, encoding="utf-8")
    graph = graph_of(tmp_path)
    drawn = {table.key: sorted(map(draw, table.columns.values())) for table in graph.tables if table.complete}
    assert drawn == {
        "client": [
            "client_id String(48) NULL index",
            "client_id_issued_at Integer() NOT NULL",
            "client_metadata Text() NULL",
            "client_secret String(120) NULL",
            "client_secret_expires_at Integer() NOT NULL",
            "id Integer() NOT NULL pk",
        ],
        "token": [
            "access_token String(255) NOT NULL unique",
            "access_token_revoked_at Integer() NOT NULL",
            "client_id String(48) NULL",
            "expires_in Integer() NOT NULL",
            "id Integer() NOT NULL pk",
            "issued_at Integer() NOT NULL",
            "refresh_token String(255) NULL index",
            "refresh_token_revoked_at Integer() NOT NULL",
            "scope Text() NULL",
            "token_type String(40) NULL",
        ],
    }
    assert [model.id for model in graph.models.values() if not model.complete] == ["models.Code"]


def draw(column: Column) -> str:
    parts = [column.name, str(column.type), "NULL" if column.nullable else "NOT NULL"]
    parts += [
        word
        for word, flag in (("pk", column.primary_key), ("unique", column.unique), ("index", column.index))
        if flag
    ]
    return " ".join([*parts, *(f"-> {key}" for key in column.foreign_keys or ())])


def test_the_metadata_of_a_package_goes_by_the_packages_name(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text("""\
from advanced_alchemy.base import orm_registry
from sqlalchemy import Column, Integer, Table

teams = Table("teams", orm_registry.metadata, Column("id", Integer, primary_key=True))
""")
    (metadata,) = {table.metadata or "" for table in graph_of(tmp_path).tables}
    assert metadata.rpartition(":")[0] == "advanced_alchemy.base"
