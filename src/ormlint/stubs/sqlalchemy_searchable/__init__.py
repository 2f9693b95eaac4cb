"""https://sqlalchemy-searchable.readthedocs.io/"""

from dataclasses import dataclass

from sqlalchemy import Column, Index, event
from sqlalchemy.orm import Mapper
from sqlalchemy_utils import TSVectorType


@dataclass(frozen=True)
class SearchOptions:
    search_trigger_name: str = "{table}_{column}_trigger"
    search_trigger_function_name: str = "{table}_{column}_update"
    regconfig: str = "pg_catalog.english"
    weights: dict = None
    auto_index: bool = True


class SearchManager:
    def __init__(self, options=None):
        self.options = options or SearchOptions()
        self.processed_columns = []

    def process_mapper(self, mapper, cls):
        for column in mapper.persist_selectable.columns:
            if isinstance(column, Column) and isinstance(column.type, TSVectorType):
                if column not in self.processed_columns:
                    self.processed_columns.append(column)
                    if column.type.options.get("auto_index", self.options.auto_index):
                        Index("_".join(("ix", column.table.name, column.name)), column, postgresql_using="gin")


search_manager = SearchManager()


def make_searchable(metadata, mapper=Mapper, manager=search_manager, options=None):
    if options is not None:
        manager.options = options
    event.listen(mapper, "instrument_class", manager.process_mapper)
