"""https://docs.advanced-alchemy.litestar.dev/latest/reference/mixins/"""

import datetime
from uuid import UUID, uuid4

from advanced_alchemy.types import BigIntIdentity, DateTimeUTC
from sqlalchemy import Identity, Index, Integer, Sequence, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


class SentinelMixin:
    @declared_attr
    def _sentinel(cls) -> Mapped[int]:
        return mapped_column("sa_orm_sentinel", Integer, insert_default=object(), nullable=True)


class UUIDPrimaryKey(SentinelMixin):
    id: Mapped[UUID] = mapped_column(default=uuid4, primary_key=True)


class UUIDv6PrimaryKey(SentinelMixin):
    id: Mapped[UUID] = mapped_column(default=uuid4, primary_key=True)


class UUIDv7PrimaryKey(SentinelMixin):
    id: Mapped[UUID] = mapped_column(default=uuid4, primary_key=True)


class NanoIDPrimaryKey(SentinelMixin):
    id: Mapped[str] = mapped_column(default=uuid4, primary_key=True)


class BigIntPrimaryKey:
    @declared_attr
    def id(cls) -> Mapped[int]:
        return mapped_column(BigIntIdentity, Sequence(f"{cls.__tablename__}_id_seq"), primary_key=True)


class IdentityPrimaryKey:
    @declared_attr
    def id(cls) -> Mapped[int]:
        return mapped_column(BigIntIdentity, Identity(start=1, increment=1), primary_key=True)


class AuditColumns:
    created_at: Mapped[datetime.datetime] = mapped_column(
        DateTimeUTC(timezone=True), default=lambda: datetime.datetime.now(datetime.timezone.utc)
    )
    updated_at: Mapped[datetime.datetime] = mapped_column(
        DateTimeUTC(timezone=True),
        default=lambda: datetime.datetime.now(datetime.timezone.utc),
        onupdate=lambda: datetime.datetime.now(datetime.timezone.utc),
    )


class SlugKey:
    @declared_attr
    def slug(cls) -> Mapped[str]:
        return mapped_column(String(length=100), nullable=False)

    @declared_attr.directive
    def __table_args__(cls):
        return (
            UniqueConstraint(cls.slug, name=f"uq_{cls.__tablename__}_slug"),
            Index(f"ix_{cls.__tablename__}_slug_unique", cls.slug, unique=True),
        )


class UniqueMixin: ...
