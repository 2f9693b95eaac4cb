"""Base classes and alias generators of a package whose source lies in the project's environment."""

from __future__ import annotations

from pathlib import Path

from ormlint import pipeline

PACKAGE = """\
import re

from pydantic import BaseModel, ConfigDict


def lower_camel(name: str) -> str:
    return re.sub(r"_(\\w)", lambda match: match.group(1).upper(), name)


class ApiModel(BaseModel):
    model_config = ConfigDict(from_attributes=True, alias_generator=lower_camel)
    made_by: str | None = None
"""
SCHEMAS = """\
from corp import ApiModel, lower_camel
from pydantic import BaseModel


class Known(ApiModel):
    first_name: str


class Own(BaseModel, alias_generator=lower_camel):
    first_name: str
"""


def test_the_package_is_read(tmp_path: Path) -> None:
    site = tmp_path / ".venv/lib/python3.12/site-packages/corp"
    site.mkdir(parents=True)
    (tmp_path / ".venv/pyvenv.cfg").write_text("")
    (site / "__init__.py").write_text(PACKAGE)
    (tmp_path / "schemas.py").write_text(SCHEMAS)
    (tmp_path / "ormlint.toml").write_text("")
    found = {
        schema["id"]: (
            schema["from_attributes"],
            {field["name"]: field["alias"] for field in schema["fields"]},
        )
        for schema in pipeline.graph(tmp_path)["schemas"]
    }
    assert found == {
        "schemas.Known": (True, {"made_by": "madeBy", "first_name": "firstName"}),
        "schemas.Own": (False, {"first_name": "firstName"}),
    }
