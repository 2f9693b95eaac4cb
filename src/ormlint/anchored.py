"""Searches for many words at once.

A search that starts with one letter skips to it fast. So words that have a letter in common are looked for
from there, in one pass for all of them, where looking for each takes a pass for each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable


def patterns(words: Iterable[str], anchors: str, *, whole: bool = False) -> list[str]:
    """Patterns that find any of the words, each from the first anchor that it has, or its own first letter.

    Not within longer words where they are to be whole.
    """
    edge = r"\b" if whole else ""
    by_anchor: dict[str, list[str]] = defaultdict(list)
    for word in words:
        anchor = next((each for each in anchors if each in word), word[0])
        rest = re.escape(word.partition(anchor)[2])
        by_anchor[anchor].append(f"{rest}{edge}(?<={edge}{re.escape(word)})")
    return [f"{re.escape(anchor)}(?:{'|'.join(rests)})" for anchor, rests in by_anchor.items()]
