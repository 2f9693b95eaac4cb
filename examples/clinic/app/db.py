import os
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import DateTime, MetaData, create_engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

DATABASE_URL = os.environ.get("CLINIC_DATABASE_URL", "sqlite:///clinic.db")

AUDIT_NAMING_CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of the clinical and billing records."""

    type_annotation_map = {datetime: DateTime(timezone=True)}


class AuditBase(DeclarativeBase):
    """Base of the audit trail, which never refers to the records it outlives."""

    metadata = MetaData(naming_convention=AUDIT_NAMING_CONVENTION)


engine = create_engine(DATABASE_URL)
SessionLocal = sessionmaker(engine, expire_on_commit=False)


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session
