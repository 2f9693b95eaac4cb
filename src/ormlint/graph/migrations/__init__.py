"""Migrations: the revision graph, and the database that replaying it gives."""
