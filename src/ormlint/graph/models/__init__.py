"""Mapped classes, tables and MetaData."""
