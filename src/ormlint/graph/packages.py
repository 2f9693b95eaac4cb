"""Packages that everything is known of that matters here."""

from __future__ import annotations

import sys

KNOWN = sys.stdlib_module_names | {
    "alembic", "fastapi", "flask", "flask_sqlalchemy", "pydantic", "pydantic_core", "pydantic_settings",
    "sqlalchemy", "sqlalchemy_continuum", "sqlmodel", "starlette", "typing_extensions",
}  # fmt: skip
"""Their source is never read."""
VENDORED = KNOWN - sys.stdlib_module_names - {"alembic"}
"""Those that a module of that name in the project is a copy of; `alembic` is a folder of migrations."""
