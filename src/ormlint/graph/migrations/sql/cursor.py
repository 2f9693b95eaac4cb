"""A hand that goes along the tokens of one statement."""

from __future__ import annotations

from ormlint.graph.migrations.specs import TableName
from ormlint.graph.migrations.sql.text import Token, closing, parts, tokens

_DEFAULT_SCHEMA = {"postgresql": "public", "sqlite": "main"}


class UnreadableError(Exception):
    """The statement is not one that this reader knows; the message says where it stopped."""


class Cursor:
    """The tokens of a statement, and how far they are read."""

    def __init__(self, text: str, dialect: str) -> None:
        self.text = text
        self.dialect = dialect
        self.tokens = tokens(text, dialect)
        self.position = 0

    @property
    def token(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    @property
    def keyword(self) -> str:
        """The next token as a keyword; an empty string at the end."""
        return self.token.upper if self.token is not None else ""

    @property
    def rest(self) -> str:
        """The text from here on."""
        return self.text[self.token.start :] if self.token is not None else ""

    def accept(self, *keywords: str) -> bool:
        """Step over these keywords if all of them come next."""
        upcoming = [token.upper for token in self.tokens[self.position : self.position + len(keywords)]]
        if upcoming != list(keywords):
            return False
        self.position += len(keywords)
        return True

    def accept_any(self, *keywords: str) -> str:
        """Step over one of these keywords, and say which it was."""
        word = self.keyword
        if word not in keywords:
            return ""
        self.position += 1
        return word

    def expect(self, *keywords: str) -> None:
        if not self.accept(*keywords):
            raise UnreadableError(f"expected {' '.join(keywords)} at {self.rest[:30]!r}")

    def skip_to(self, *keywords: str) -> bool:
        """Go on to the first of these keywords outside brackets; to the end where none comes."""
        while self.token is not None:
            if self.keyword in keywords:
                return True
            self.step()
        return False

    def step(self) -> None:
        """Step over a token, or over a bracket and all that it holds."""
        self.position = (closing(self.tokens, self.position) if self.keyword == "(" else self.position) + 1

    def identifier(self) -> str:
        """A name; PostgreSQL folds one without quotes to small letters."""
        token = self.token
        if token is None or token.kind not in ("word", "name", "string"):
            raise UnreadableError(f"expected a name at {self.rest[:30]!r}")
        self.position += 1
        return token.value.lower() if token.kind == "word" and self.dialect == "postgresql" else token.value

    def table_name(self) -> TableName:
        names = [self.identifier()]
        while self.accept("."):
            names.append(self.identifier())
        schema = names[-2] if len(names) > 1 else None
        if schema == _DEFAULT_SCHEMA.get(self.dialect):
            schema = None
        return TableName(names[-1], schema)

    def string(self) -> str:
        token = self.token
        if token is None or token.kind != "string":
            raise UnreadableError(f"expected a string at {self.rest[:30]!r}")
        self.position += 1
        return token.value

    def bracketed(self) -> list[Cursor]:
        """The parts of the bracket that comes next, one cursor for each."""
        if self.keyword != "(":
            raise UnreadableError(f"expected a bracket at {self.rest[:30]!r}")
        end = closing(self.tokens, self.position)
        inside = self.tokens[self.position + 1 : end]
        self.position = end + 1
        return [self.within(part[0].start, part[-1].end) for part in parts(inside) if part]

    def bracketed_text(self) -> str:
        start, end = self.position, closing(self.tokens, self.position)
        self.position = end + 1
        stop = self.tokens[end].start if end < len(self.tokens) else len(self.text)
        return self.text[self.tokens[start].end : stop].strip()

    def names(self) -> tuple[str, ...]:
        """The names in the bracket that comes next."""
        return tuple(part.identifier() for part in self.bracketed())

    def within(self, start: int, end: int) -> Cursor:
        return Cursor(self.text[start:end], self.dialect)
