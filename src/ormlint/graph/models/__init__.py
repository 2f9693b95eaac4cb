"""Mapped classes, tables and MetaData."""

from ormlint.graph.models.names import named_tables
from ormlint.graph.models.read import read
from ormlint.graph.models.reading import Reading

__all__ = ["Reading", "named_tables", "read"]
