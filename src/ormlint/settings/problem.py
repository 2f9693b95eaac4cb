"""What a user can put right."""

from __future__ import annotations

from collections.abc import Iterable


class UsageError(Exception):
    """What the user asked for cannot be done, and the message says what to change: exit status 2."""


def nearest(word: str, choices: Iterable[str]) -> str:
    """A sentence with the choice that was probably meant, or nothing."""
    from difflib import get_close_matches  # noqa: PLC0415 - for mistakes alone

    in_small = {choice.lower(): choice for choice in choices}
    close = get_close_matches(word.lower(), in_small, n=1, cutoff=0.7)
    return f" Did you mean `{in_small[close[0]]}`?" if close else ""
