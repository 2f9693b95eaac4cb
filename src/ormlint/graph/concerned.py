"""Which MetaData rules about metadata speak of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ormlint.graph.model import Graph, MetaDataInfo


def concerned(graph: Graph) -> Iterator[MetaDataInfo]:
    """MetaData with tables that a migration history is kept for, or may be.

    Where the environments say what they migrate, another MetaData is another store's (a test's, a cache's);
    where none says so, everything outside of tests counts.
    """
    stated = any(environment.target_metadata for environment in graph.environments)
    for _, info in sorted(graph.metadatas.items()):
        if info.tables and (info.migrated_by if stated else not of_tests(info.place.path)):
            yield info


@cache
def of_tests(path: str) -> bool:
    """Whether a file belongs to a test suite, by the conventions of pytest and unittest."""
    folder, _, name = path.rpartition("/")
    by_name = name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py")
    return by_name or _holds_tests(folder)


@cache
def _holds_tests(folder: str) -> bool:
    return not {"tests", "test", "testing"}.isdisjoint(folder.split("/"))
