"""The schemas against the models they mirror, as Pydantic validates them."""

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from annotated_types import MaxLen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from sqlalchemy.orm import class_mapper

from observed import samples
from observed.history import Observation
from observed.metadata import mapped_classes

SECRET = {"hashed_password"}
SOFT_DELETION = {"deleted_at"}


def drift(modules: list[ModuleType]) -> Iterator[Observation]:
    models = {class_.__name__: class_ for class_ in mapped_classes()}
    for module in modules:
        for schema in schemas_of(module):
            for role, observe in (("Read", of_read), ("Create", of_create), ("Update", of_lengths)):
                stem = schema.__name__.removesuffix(role)
                if stem == schema.__name__ or stem not in models:
                    continue
                for code, field in observe(schema, models[stem]):
                    subject = f"{schema.__name__}.{field}" if field else schema.__name__
                    yield code, module.__file__ or "", subject


def schemas_of(module: ModuleType) -> list[type[BaseModel]]:
    return [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, BaseModel) and thing.__module__ == module.__name__
    ]


def columns_of(model: type) -> dict[str, Any]:
    return {attribute.key: attribute.columns[0] for attribute in class_mapper(model).column_attrs}


def of_read(schema: type[BaseModel], model: type) -> Iterator[tuple[str, str]]:
    for column in columns_of(model).keys() - schema.model_fields.keys() - SECRET - SOFT_DELETION:
        yield "ORM201", column
    for field in schema.model_fields.keys() & SECRET:
        yield "ORM210", field
    try:
        schema.model_validate(samples.instance(model))
    except ValidationError as refused:
        for error in refused.errors():
            yield code_of(error, schema), field_read_as(error["loc"], schema)


def code_of(error: Any, schema: type[BaseModel]) -> str:
    match error["type"]:
        case "model_type":
            return "ORM207"
        case "missing":
            return "ORM202" if error["loc"][0] in schema.model_fields else "ORM208"
        case "literal_error" | "enum":
            return "ORM209"
        case _:
            return "ORM203" if error["input"] is None else "ORM204"


def field_read_as(location: tuple[Any, ...], schema: type[BaseModel]) -> str:
    for name, field in schema.model_fields.items():
        if location and location[0] in (name, field.validation_alias):
            return name
    return ""


def of_create(schema: type[BaseModel], model: type) -> Iterator[tuple[str, str]]:
    for name, column in columns_of(model).items():
        supplied = column.nullable or column.default or column.server_default or column.primary_key
        if not supplied and name not in schema.model_fields.keys() | SECRET:
            yield "ORM205", name
    yield from of_lengths(schema, model)


def of_lengths(schema: type[BaseModel], model: type) -> Iterator[tuple[str, str]]:
    columns = columns_of(model)
    for name, field in schema.model_fields.items():
        column = columns.get(name)
        if column is not None and max_length(field) > (getattr(column.type, "length", None) or sys.maxsize):
            yield "ORM206", name


def max_length(field: FieldInfo) -> int:
    return max((limit.max_length for limit in field.metadata if isinstance(limit, MaxLen)), default=0)
