"""https://sqlalchemy-utils.readthedocs.io/en/latest/models.html"""

from datetime import datetime

from sqlalchemy import Column, DateTime


class Timestamp:
    created = Column(DateTime, default=datetime.utcnow, nullable=False)
    updated = Column(DateTime, default=datetime.utcnow, nullable=False)
