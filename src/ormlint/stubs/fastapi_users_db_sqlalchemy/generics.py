from datetime import datetime, timezone

from sqlalchemy import CHAR, TIMESTAMP, TypeDecorator
from sqlalchemy.dialects.postgresql import UUID


class GUID(TypeDecorator):
    impl = CHAR

    def load_dialect_impl(self, dialect):
        return UUID() if dialect.name == "postgresql" else CHAR(36)


class TIMESTAMPAware(TypeDecorator):
    impl = TIMESTAMP


def now_utc():
    return datetime.now(timezone.utc)
