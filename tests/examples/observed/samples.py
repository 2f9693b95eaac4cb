"""Plausible values for columns: the last member of an enum, none where NULL is allowed."""

import uuid
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

from sqlalchemy import Enum
from sqlalchemy.orm import Mapper, RelationshipDirection, class_mapper

BY_TYPE: dict[type, Any] = {
    bool: True,
    int: 1,
    float: 1.5,
    str: "x",
    Decimal: Decimal("1.50"),
    date: date(2024, 2, 29),
    datetime: datetime(2024, 2, 29, 12, tzinfo=timezone.utc),
    uuid.UUID: uuid.UUID(int=1),
}


def value(column: Any) -> Any:
    if column.nullable:
        return None
    if isinstance(column.type, Enum):
        return list(column.type.enum_class or column.type.enums)[-1]
    return BY_TYPE[column.type.python_type]


def instance(model: type) -> Any:
    """An object of the model that no session knows, with the objects it belongs to."""
    mapper: Mapper[Any] = class_mapper(model)
    values = {attribute.key: value(attribute.columns[0]) for attribute in mapper.column_attrs}
    owners = {
        relationship.key: instance(relationship.mapper.class_)
        for relationship in mapper.relationships
        if relationship.direction is RelationshipDirection.MANYTOONE
    }
    return model(**values, **owners)
