"""Pydantic's alias generators, so that nothing needs to import Pydantic for them.

https://docs.pydantic.dev/latest/api/config/#pydantic.alias_generators
"""

from __future__ import annotations

import re

# Patterns are compiled where a project asks for them: most runs need none.
_WORD_ENDS = ("([A-Z]+)([A-Z][a-z])", "([a-z])([A-Z])", "([0-9])([A-Z])", "([a-z])([0-9])")


def to_pascal(snake: str) -> str:
    """`snake_case` as `SnakeCase`."""
    return re.sub("([0-9A-Za-z])_(?=[0-9A-Z])", r"\1", snake.title())


def to_camel(snake: str) -> str:
    """`snake_case` as `snakeCase`; what is so already stays."""
    if re.match("^[a-z]+[A-Za-z0-9]*$", snake) and not re.search(r"\d[a-z]", snake):
        return snake
    return re.sub("(^_*[A-Z])", lambda match: match[1].lower(), to_pascal(snake))


def to_snake(camel: str) -> str:
    """`SnakeCase`, `snakeCase` and `snake-case` as `snake_case`."""
    for word_end in _WORD_ENDS:
        camel = re.sub(word_end, r"\1_\2", camel)
    return camel.replace("-", "_").lower()
