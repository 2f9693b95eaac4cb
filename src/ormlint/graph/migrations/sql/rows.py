"""Rows of the system catalogues.

A row maps column names to values: `NULL`, or `None` where the value is not known. The entry `CERTAIN`
says whether the row itself is known to be there; a table whose columns are not all known has one row
more, of which nothing but the table is known.
"""

from __future__ import annotations

from typing import Final

Row = dict[str, object]


CERTAIN: Final = "(certain)"


class _Null:
    def __repr__(self) -> str:
        return "NULL"


NULL: Final = _Null()
