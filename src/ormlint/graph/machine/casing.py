"""Pydantic's alias generators, so that nothing needs to import Pydantic for them.

https://docs.pydantic.dev/latest/api/config/#pydantic.alias_generators
"""

from __future__ import annotations

import re

_AT_UNDERSCORE = re.compile("([0-9A-Za-z])_(?=[0-9A-Z])")
_FIRST_CAPITAL = re.compile("(^_*[A-Z])")
_CAMEL = re.compile("^[a-z]+[A-Za-z0-9]*$")
_LETTER_AFTER_DIGIT = re.compile(r"\d[a-z]")
_WORD_ENDS = tuple(
    map(re.compile, ("([A-Z]+)([A-Z][a-z])", "([a-z])([A-Z])", "([0-9])([A-Z])", "([a-z])([0-9])"))
)


def to_pascal(snake: str) -> str:
    """`snake_case` as `SnakeCase`."""
    return _AT_UNDERSCORE.sub(r"\1", snake.title())


def to_camel(snake: str) -> str:
    """`snake_case` as `snakeCase`; what is so already stays."""
    if _CAMEL.match(snake) and not _LETTER_AFTER_DIGIT.search(snake):
        return snake
    return _FIRST_CAPITAL.sub(lambda match: match[1].lower(), to_pascal(snake))


def to_snake(camel: str) -> str:
    """`SnakeCase`, `snakeCase` and `snake-case` as `snake_case`."""
    for word_end in _WORD_ENDS:
        camel = word_end.sub(r"\1_\2", camel)
    return camel.replace("-", "_").lower()
