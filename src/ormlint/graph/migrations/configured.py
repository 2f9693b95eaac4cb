"""What `env.py` says, as plain data."""

from __future__ import annotations

from typing import Union

from msgspec import Struct

from ormlint.findings import Place


class Configured(Struct, frozen=True, array_like=True):
    """What `env.py` says that has a say in the environment."""

    place: Union[Place, None]
    version_table: str
    version_table_schema: Union[str, None]
    compares_types: bool
    convention: dict[str, str]
    """Of the first MetaData that has one."""
    convention_known: bool
    target_metadata: Union[tuple[str, ...], None]
    hides: bool
    """It has a filter, which is asked for each object."""
    names: bool = False
    """It gives the MetaData a naming convention of its own."""
    plugs_in: bool = False
    """Packages that are not at hand may put models of theirs on the MetaData."""
