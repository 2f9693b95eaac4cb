"""Version tables of SQLAlchemy-Continuum."""

from __future__ import annotations

from ormlint.graph.models.reading import Reading


def add_version_tables(reading: Reading) -> None:
    pass
