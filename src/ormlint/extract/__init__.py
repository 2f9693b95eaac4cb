"""One file → what it says: LibCST trees turned into `facts`."""

from ormlint.extract.module import extract

__all__ = ["extract"]
