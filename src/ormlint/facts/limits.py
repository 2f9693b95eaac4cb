"""Where reading an expression ends."""

from __future__ import annotations

MAX_DEPTH = 120
"""Expressions within one another; no declaration needs as many."""
MAX_NUMBER = 2**64
"""Beyond any column length or version number, and what facts are written down as has none as large."""
MIN_NUMBER = -(2**63)
"""The least that facts can be written down with; the negation of a number stands as an operation below it."""
FLATTENED = frozenset({"+", "|", "and", "or"})
"""Operators that take many operands at once, so that a sum of a thousand terms is not as deep."""
