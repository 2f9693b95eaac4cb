"""The linked graph: what the project's models, schemas and migrations mean together.

Plain data without behaviour beyond look-ups. `None` is "the source does not settle it", everywhere
a value may be `None`; rules never report on it. Names are those of SQLAlchemy, Pydantic and Alembic.

Structs, because they are made in a tenth of a dataclass's time, at import and at run time alike, and can be
encoded as they are once the graph is settled. What holds nothing but names and places can be in no cycle, so
that the garbage collector need not look at it (`gc`). Annotations are evaluated where they stand: a decoder
takes twice as long to make where they are texts.
"""

from ormlint.graph.model.graph import (
    Base,
    Coverage,
    Graph,
    Past,
    Unreadable,
    Unresolved,
)
from ormlint.graph.model.migrations import (
    Environment,
    HistoryProblem,
    Members,
    MigratedColumn,
    MigratedEnum,
    MigratedTable,
    OpaqueStep,
    Remark,
    Revision,
    Stored,
)
from ormlint.graph.model.schemas import Field, Link, Making, Schema
from ormlint.graph.model.tables import (
    UNSEEN,
    Check,
    Column,
    ForeignKey,
    Index,
    MappedColumn,
    MetaDataInfo,
    Model,
    NamedBy,
    Relationship,
    Table,
    Unique,
    metadata_id,
    metadata_name,
)
from ormlint.options import Misstatement, Options, Role

__all__ = [
    "UNSEEN",
    "Base",
    "Check",
    "Column",
    "Coverage",
    "Environment",
    "Field",
    "ForeignKey",
    "Graph",
    "HistoryProblem",
    "Index",
    "Link",
    "Making",
    "MappedColumn",
    "Members",
    "MetaDataInfo",
    "MigratedColumn",
    "MigratedEnum",
    "MigratedTable",
    "Misstatement",
    "Model",
    "NamedBy",
    "OpaqueStep",
    "Options",
    "Past",
    "Relationship",
    "Remark",
    "Revision",
    "Role",
    "Schema",
    "Stored",
    "Table",
    "Unique",
    "Unreadable",
    "Unresolved",
    "metadata_id",
    "metadata_name",
]
