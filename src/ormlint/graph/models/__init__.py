"""Mapped classes, tables and MetaData."""

from ormlint.graph.models.read import Reading, read

__all__ = ["Reading", "read"]
