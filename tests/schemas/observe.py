"""What Pydantic itself makes of some folders of modules, as JSON on standard output.

    python observe.py FOLDER...

Each folder is imported for real, one after the other, so this runs in a process of its own.
"""

from __future__ import annotations

import importlib
import json
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

import pydantic
from pydantic import TypeAdapter

Plain = dict[str, Any]


def observed(folder: Path) -> Plain:
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        modules = [importlib.import_module(path.stem) for path in sorted(folder.glob("*.py"))]
        return {
            f"{thing.__module__}.{thing.__qualname__}": schema
            for module in modules
            for thing in vars(module).values()
            if isinstance(thing, type) and thing.__module__ == module.__name__ and "[" not in thing.__name__
            if (schema := described(thing)) is not None
        }
    except Exception:  # noqa: BLE001 - whatever it is goes into the report
        return {"error": traceback.format_exc()}
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
                del sys.modules[name]


def described(cls: Any) -> Plain | None:
    if issubclass(cls, pydantic.BaseModel):
        if cls.model_config.get("table"):
            return None
        return {
            "from_attributes": bool(cls.model_config.get("from_attributes")),
            "computed": sorted(cls.model_computed_fields),
            "fields": {name: field_of(field) for name, field in cls.model_fields.items()},
        }
    if hasattr(cls, "__fields__") and hasattr(cls, "__config__"):
        return {
            "from_attributes": bool(cls.__config__.orm_mode),
            "computed": [],
            "fields": {
                name: {
                    "required": bool(field.required),
                    "nullable": bool(field.allow_none),
                    "alias": field.alias if field.alias != name else None,
                }
                for name, field in cls.__fields__.items()
            },
        }
    return None


def field_of(field: Any) -> Plain:
    alias = field.validation_alias or field.alias
    return {
        "required": field.is_required(),
        "nullable": takes_none(field.annotation),
        "alias": alias if isinstance(alias, str) or alias is None else "several",
    }


def takes_none(annotation: Any) -> bool:
    try:
        TypeAdapter(annotation, config={"arbitrary_types_allowed": True}).validate_python(None)
    except pydantic.ValidationError:
        return False
    except pydantic.PydanticUserError:  # a model has its configuration already
        try:
            TypeAdapter(annotation).validate_python(None)
        except pydantic.ValidationError:
            return False
    return True


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.stdout.write(json.dumps([observed(Path(folder)) for folder in sys.argv[1:]]))
