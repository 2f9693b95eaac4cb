"""What Pydantic itself makes of some folders of modules, as JSON on standard output.

    python observe.py FOLDER...

Each folder is imported for real, one after the other, so this runs in a process of its own, with Pydantic 2
or with Pydantic 1.
"""

from __future__ import annotations

import importlib
import json
import sys
import traceback
import warnings
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import pydantic

Plain = dict[str, Any]
TWO = pydantic.VERSION.startswith("2.")


def observed(folder: Path) -> Plain:
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        modules = [importlib.import_module(path.stem) for path in sorted(folder.glob("*.py"))]
        found = {name: thing for module in modules for name, thing in classes_in(module, module.__name__)}
        for thing in found.values():
            settle(thing)
        described_ = {name: described(thing) for name, thing in found.items()}
        return {name: each for name, each in described_.items() if each is not None}
    except Exception:  # noqa: BLE001 - whatever it is goes into the report
        return {"error": traceback.format_exc()}
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
                del sys.modules[name]


def classes_in(holder: Any, module: str) -> Iterator[tuple[str, Any]]:
    """The classes that a module declares, those within classes included."""
    for thing in list(vars(holder).values()):
        if isinstance(thing, type) and thing.__module__ == module and "[" not in thing.__name__:
            yield f"{module}.{thing.__qualname__}", thing
            if thing.__qualname__.count(".") < 3 and thing is not holder:
                yield from classes_in(thing, module)


def settle(cls: Any) -> None:
    """Let a class look its forward references up again, now that its module is whole."""
    if is_two(cls):
        cls.model_rebuild(raise_errors=False)
    elif hasattr(cls, "update_forward_refs"):
        cls.update_forward_refs()


def is_two(cls: Any) -> bool:
    return TWO and issubclass(cls, pydantic.BaseModel)


def described(cls: Any) -> Plain | None:
    if is_two(cls):
        if cls.model_config.get("table"):
            return None
        return {
            "from_attributes": bool(cls.model_config.get("from_attributes")),
            "computed": sorted(cls.model_computed_fields),
            "fields": {name: field_of(cls, name, field) for name, field in cls.model_fields.items()},
        }
    if TWO and "__pydantic_fields__" in vars(cls):
        config = getattr(cls, "__pydantic_config__", {})
        return {
            "from_attributes": bool(config.get("from_attributes")),
            "computed": sorted(cls.__pydantic_decorators__.computed_fields),
            "fields": {name: field_of(cls, name, field) for name, field in cls.__pydantic_fields__.items()},
        }
    if hasattr(cls, "__pydantic_model__"):
        cls = cls.__pydantic_model__
    if hasattr(cls, "__fields__") and hasattr(cls, "__config__"):
        return {
            "from_attributes": bool(cls.__config__.orm_mode),
            "computed": [],
            "fields": {name: field_of_1(name, field) for name, field in cls.__fields__.items()},
        }
    return None


def field_of(cls: Any, name: str, field: Any) -> Plain:
    alias = field.validation_alias or field.alias
    try:
        nullable = takes_none(field.annotation)
    except pydantic.errors.PydanticUndefinedAnnotation:  # old releases keep the text of what comes later
        nullable = takes_none(get_type_hints(cls)[name])
    return {
        "required": field.is_required(),
        "nullable": nullable,
        "alias": alias if isinstance(alias, str) or alias is None else "several",
        "type": text(field.annotation),
        "exclude": bool(field.exclude),
    }


def field_of_1(name: str, field: Any) -> Plain:
    return {
        "required": bool(field.required),
        "nullable": bool(field.allow_none),
        "alias": field.alias if field.alias != name else "any",  # it has one, given or not
        "type": text(field.annotation),
        "exclude": bool(field.field_info.exclude),
    }


def takes_none(annotation: Any) -> bool:
    while hasattr(annotation, "__metadata__"):  # what a validator makes of `None` is not the type's answer
        annotation = get_args(annotation)[0]
    try:
        pydantic.TypeAdapter(annotation, config={"arbitrary_types_allowed": True}).validate_python(None)
    except pydantic.ValidationError:
        return False
    except pydantic.PydanticUserError:  # a model has its configuration already
        try:
            pydantic.TypeAdapter(annotation).validate_python(None)
        except pydantic.ValidationError:
            return False
    return True


def text(annotation: Any) -> str:
    """An annotation as a person would write it, names without their module, `Annotated` left out."""
    if type(annotation).__name__ == "JsonWrapperValue" or hasattr(annotation, "inner_type"):
        return f"Json[{text(annotation.inner_type)}]"
    origin, args = get_origin(annotation), get_args(annotation)
    if annotation is None or annotation is type(None):
        return "None"
    if annotation is ...:
        return "..."
    if isinstance(annotation, str):
        return annotation
    if origin is Literal:
        return f"Literal[{', '.join(value(each) for each in args)}]"
    if hasattr(annotation, "__metadata__"):
        return text(args[0])
    if origin is Union or type(annotation).__name__ == "UnionType":
        return " | ".join(text(each) for each in args)
    if isinstance(annotation, TypeVar) or hasattr(annotation, "__value__"):  # of a `type` statement
        return "..."
    generic = getattr(annotation, "__pydantic_generic_metadata__", {})
    if generic.get("args"):
        origin, args = generic["origin"], generic["args"]
    name = getattr(origin or annotation, "__name__", None) or getattr(annotation, "_name", None) or "..."
    if hasattr(annotation, "__forward_arg__"):
        return str(annotation.__forward_arg__)
    if name.startswith("Constrained"):
        return "..."
    return f"{name}[{', '.join(text(each) for each in args)}]" if args else str(name)


def value(given: Any) -> str:
    return f"{type(given).__name__}.{given.name}" if isinstance(given, Enum) else repr(given)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.stdout.write(json.dumps([observed(Path(folder)) for folder in sys.argv[1:]]))
