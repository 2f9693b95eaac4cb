"""https://docs.advanced-alchemy.litestar.dev/latest/reference/base.html"""

import datetime
import re
from typing import Any, Optional
from uuid import UUID

from advanced_alchemy.mixins import (
    AuditColumns,
    BigIntPrimaryKey,
    IdentityPrimaryKey,
    NanoIDPrimaryKey,
    SlugKey,
    UUIDPrimaryKey,
    UUIDv6PrimaryKey,
    UUIDv7PrimaryKey,
)
from advanced_alchemy.types import GUID, DateTimeUTC, JsonB
from pydantic import AnyHttpUrl, AnyUrl, EmailStr
from sqlalchemy import Date, MetaData, String
from sqlalchemy.orm import DeclarativeBase, declared_attr, registry

convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def create_registry(custom_annotation_map=None):
    type_annotation_map = {
        UUID: GUID,
        datetime.datetime: DateTimeUTC,
        datetime.date: Date,
        dict: JsonB,
        dict[str, Any]: JsonB,
        dict[str, str]: JsonB,
        EmailStr: String,
        AnyUrl: String,
        AnyHttpUrl: String,
    }
    if custom_annotation_map:
        type_annotation_map.update(custom_annotation_map)
    return registry(metadata=MetaData(naming_convention=convention), type_annotation_map=type_annotation_map)


orm_registry = create_registry()


class BasicAttributes: ...


class CommonTableAttributes(BasicAttributes):
    def __init_subclass__(cls, **kwargs):
        own = cls.__dict__.get("__mapper_args__")
        own = own if isinstance(own, dict) else {}
        if not ("__tablename__" in cls.__dict__ or own.get("concrete", False) or "polymorphic_on" in own):
            for parent in cls.__mro__[1:]:
                args = getattr(parent, "__mapper_args__", None)
                if isinstance(args, dict) and "polymorphic_on" in args:
                    cls.__tablename__ = None
                    break
        super().__init_subclass__(**kwargs)

    @declared_attr.directive
    def __tablename__(cls) -> Optional[str]:
        return re.sub("((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", cls.__name__).lower()


class MetadataRegistry:
    _registry = {None: orm_registry.metadata}

    def get(self, bind_key=None):
        return self._registry.setdefault(bind_key, MetaData(naming_convention=convention))


metadata_registry = MetadataRegistry()


class AdvancedDeclarativeBase(DeclarativeBase):
    registry = orm_registry
    __abstract__ = True
    __metadata_registry__ = metadata_registry
    __bind_key__ = None

    def __init_subclass__(cls, **kwargs):
        bind_key = getattr(cls, "__bind_key__", None)
        if bind_key is not None:
            cls.metadata = cls.__metadata_registry__.get(bind_key)
        super().__init_subclass__(**kwargs)


class UUIDBase(UUIDPrimaryKey, CommonTableAttributes, AdvancedDeclarativeBase):
    __abstract__ = True


class UUIDAuditBase(CommonTableAttributes, UUIDPrimaryKey, AuditColumns, AdvancedDeclarativeBase):
    __abstract__ = True


class UUIDv6Base(UUIDv6PrimaryKey, CommonTableAttributes, AdvancedDeclarativeBase):
    __abstract__ = True


class UUIDv6AuditBase(CommonTableAttributes, UUIDv6PrimaryKey, AuditColumns, AdvancedDeclarativeBase):
    __abstract__ = True


class UUIDv7Base(UUIDv7PrimaryKey, CommonTableAttributes, AdvancedDeclarativeBase):
    __abstract__ = True


class UUIDv7AuditBase(CommonTableAttributes, UUIDv7PrimaryKey, AuditColumns, AdvancedDeclarativeBase):
    __abstract__ = True


class NanoIDBase(NanoIDPrimaryKey, CommonTableAttributes, AdvancedDeclarativeBase):
    __abstract__ = True


class NanoIDAuditBase(CommonTableAttributes, NanoIDPrimaryKey, AuditColumns, AdvancedDeclarativeBase):
    __abstract__ = True


class BigIntBase(BigIntPrimaryKey, CommonTableAttributes, AdvancedDeclarativeBase):
    __abstract__ = True


class BigIntAuditBase(CommonTableAttributes, BigIntPrimaryKey, AuditColumns, AdvancedDeclarativeBase):
    __abstract__ = True


class IdentityBase(IdentityPrimaryKey, CommonTableAttributes, AdvancedDeclarativeBase):
    __abstract__ = True


class IdentityAuditBase(CommonTableAttributes, IdentityPrimaryKey, AuditColumns, AdvancedDeclarativeBase):
    __abstract__ = True


class DefaultBase(CommonTableAttributes, AdvancedDeclarativeBase):
    __abstract__ = True


class SQLQuery(BasicAttributes, AdvancedDeclarativeBase):
    __abstract__ = True
