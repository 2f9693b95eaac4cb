"""The models' metadata against the migrated database, as Alembic's autogenerate compares them."""

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Enum, MetaData, Table, create_engine
from sqlalchemy.orm import DeclarativeBase, class_mapper, configure_mappers

from observed.history import Migrated, Observation, primary_keys

FIVE_KEYS = {"ix", "uq", "ck", "fk", "pk"}

CODES = {
    "add_table": "ORM301",
    "remove_table": "ORM302",
    "add_column": "ORM303",
    "remove_column": "ORM304",
    "modify_nullable": "ORM305",
    "modify_type": "ORM306",
    "modify_default": "ORM312",
    "add_index": "ORM307",
    "remove_index": "ORM307",
    "add_constraint": "ORM308",
    "remove_constraint": "ORM308",
    "add_fk": "ORM309",
    "remove_fk": "ORM309",
}


def drift(models: list[ModuleType], migrated: Migrated, reached: list[Any]) -> Iterator[Observation]:
    configure_mappers()
    bases = DeclarativeBase.__subclasses__()
    mapped = mapped_classes()
    metadata = [base.metadata for base in bases]
    homes = {
        thing.name: module.__file__ or ""
        for module in models
        for thing in vars(module).values()
        if isinstance(thing, Table)
    } | {table_of(class_): home_of(class_) for class_ in mapped}
    yield from conventions(bases)
    yield from unreached(mapped, reached)
    for code, subject in [*differences(metadata, migrated), *beyond_autogenerate(metadata, migrated)]:
        places = migrated.origins if code in {"ORM302", "ORM304"} else homes
        yield code, places.get(subject) or homes[subject.partition(".")[0]], subject


def mapped_classes() -> list[type]:
    return [mapper.class_ for base in DeclarativeBase.__subclasses__() for mapper in base.registry.mappers]


def table_of(class_: type) -> str:
    return str(class_mapper(class_).local_table)


def home_of(class_: type) -> str:
    return sys.modules[class_.__module__].__file__ or ""


def conventions(bases: list[type[DeclarativeBase]]) -> Iterator[Observation]:
    for base in bases:
        convention = base.metadata.naming_convention
        if convention == MetaData().naming_convention:
            yield "ORM101", home_of(base), base.__name__
        elif not convention.keys() >= FIVE_KEYS:
            yield "ORM102", home_of(base), base.__name__


def unreached(mapped: list[type], reached: list[Any]) -> Iterator[Observation]:
    """Mapped classes whose tables `alembic check` would drop, for want of an import."""
    dropped = {difference[1].name for difference in reached if difference[0] == "remove_table"}
    for class_ in mapped:
        if table_of(class_) in dropped:
            yield "ORM104", home_of(class_), class_.__name__


def differences(metadata: Any, migrated: Migrated) -> Iterator[tuple[str, str]]:
    """All that autogenerate finds; it takes a list too, as from `env.py`, though its annotation does not."""
    engine = create_engine(f"sqlite:///{migrated.database}")
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()
    for difference in found:
        # Changes of one column come as a list of its own.
        for change in difference if isinstance(difference, list) else [difference]:
            yield CODES[change[0]], subject_of(*change)


def subject_of(kind: str, *about: Any) -> str:
    match kind.partition("_"):
        case _, _, "table":
            return str(about[0].name)
        case _, _, "column":
            return f"{about[1]}.{about[2].name}"
        case "modify", _, _:
            return f"{about[1]}.{about[2]}"
        case _:
            columns = ", ".join(column.name for column in about[0].columns)
            return f"{about[0].table.name}.{columns}"


def beyond_autogenerate(metadata: list[MetaData], migrated: Migrated) -> Iterator[tuple[str, str]]:
    """Primary keys and enum members, which autogenerate never compares."""
    keys = primary_keys(migrated.database)
    for table in [table for each in metadata for table in each.tables.values()]:
        if table.name in keys and keys[table.name] != [column.name for column in table.primary_key]:
            yield "ORM310", table.name
        for column in table.columns:
            members = migrated.enums.get(f"{table.name}.{column.name}")
            if isinstance(column.type, Enum) and members not in (None, column.type.enums):
                yield "ORM311", f"{table.name}.{column.name}"
