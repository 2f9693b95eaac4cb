"""What the settings say of the project, what of it was asked for, and what is said that does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Literal, Union

import msgspec
from msgspec import Struct, structs

from ormlint.findings import Place

Role = Literal["read", "create", "update", "base", "filter", "envelope", "other"]
"""What a schema is for."""
Key = Literal["allow_missing", "allow_extra", "external_tables", "secret_columns"]
PATTERNS: tuple[Key, ...] = ("allow_missing", "allow_extra", "external_tables", "secret_columns")
"""Options that are asked about one name after the other."""


class Options(Struct, frozen=True, array_like=True):
    """What the settings say of the project. Patterns take `*`; a class goes by its name or its id."""

    links: Mapping[str, str | bool] = {}
    """Schema → the model that it mirrors, or `False` for none."""
    link_places: Mapping[str, Place] = {}
    """Where `links` says so, by schema."""
    allow_missing: tuple[str, ...] = ()
    allow_extra: tuple[str, ...] = ()
    external_tables: tuple[str, ...] = ()
    secret_columns: tuple[str, ...] = ()
    role_affixes: Mapping[Role, tuple[str, ...]] = {}
    """What a schema is for → words of class names that say so."""
    required_conventions: tuple[str, ...] = ("ix", "uq", "ck", "fk", "pk")
    strict_length: bool = False
    """Whether an input field without any limit is longer than its column."""

    @property
    def of_linking(self) -> Options:
        """Those that the graph is linked by; rules alone look at the others."""
        return Options(self.links, self.link_places, role_affixes=self.role_affixes)

    def may_miss(self, schema: str, attribute: str) -> bool:
        """Whether a schema (by its id) leaves a column out on purpose."""
        return self.fits("allow_missing", *_names(schema, attribute))

    def may_add(self, schema: str, name: str) -> bool:
        """Whether a schema (by its id) has a field of its own on purpose."""
        return self.fits("allow_extra", *_names(schema, name))

    def is_secret(self, column: str, *owners: str | None) -> bool:
        """Whether a column (of a model or table by these names) holds a secret."""
        if not self.secret_columns:
            return False  # as a rule; each column of each schema is asked about
        return self.fits("secret_columns", column, *(f"{owner}.{column}" for owner in owners if owner))

    def is_external(self, table: str) -> bool:
        """Whether a table (by its key) lives in the database and belongs to no model."""
        return self.fits("external_tables", table)

    def fits(self, key: Key, *names: str) -> bool:
        """Whether one of an option's patterns fits one of the names."""
        patterns: tuple[str, ...] = getattr(self, key)
        return bool(patterns) and any(fnmatchcase(name, each) for each in patterns for name in names)


def _names(owner: str, name: str) -> Iterator[str]:
    yield f"{owner}.{name}"
    yield f"{owner.rpartition('.')[2]}.{name}"


Question = tuple[Union[str, None], ...]
"""What one of the options is asked about."""
_SAYS: dict[Key, Callable[..., bool]] = {
    "allow_missing": Options.may_miss,
    "allow_extra": Options.may_add,
    "external_tables": Options.is_external,
    "secret_columns": Options.is_secret,
}
"""How each of `PATTERNS` is asked."""


class Noting(Options, frozen=True, array_like=True):
    """Options that note what their patterns are asked."""

    asked: dict[Key, dict[Question, bool]] = {}

    @classmethod
    def of(cls, options: Options) -> Noting:
        """The same options, of which nothing was asked yet."""
        return cls(*structs.astuple(options))

    def may_miss(self, schema: str, attribute: str) -> bool:
        return self._noted("allow_missing", schema, attribute)

    def may_add(self, schema: str, name: str) -> bool:
        return self._noted("allow_extra", schema, name)

    def is_secret(self, column: str, *owners: str | None) -> bool:
        return self._noted("secret_columns", column, *owners)

    def is_external(self, table: str) -> bool:
        return self._noted("external_tables", table)

    def _noted(self, key: Key, *question: str | None) -> bool:
        """What any options say."""
        known = self.asked.setdefault(key, {})
        answer = known.get(question)
        if answer is None:
            answer = known[question] = _SAYS[key](self, *question)
        return answer

    @property
    def answers(self) -> Answers:
        """What was said so far."""
        options = Options(*(getattr(self, key) for key in Options.__struct_fields__))
        said = {key: msgspec.Raw(_encode([*found.items()])) for key, found in self.asked.items()}
        return Answers(options, said)


class Answers(Struct, frozen=True, array_like=True):
    """What options said of a project. Of the patterns only what they were asked counts."""

    options: Options
    said: dict[Key, msgspec.Raw]
    """Read only where another pattern may answer otherwise."""

    def hold_for(self, options: Options) -> bool:
        """Whether other options would have said the same."""
        patterns = {key: getattr(options, key) for key in PATTERNS}
        if _encode(structs.replace(self.options, **patterns)) != _encode(options):
            return False
        changed = (key for key in self.said if patterns[key] != getattr(self.options, key))
        return all(
            _SAYS[key](options, *question) == answer
            for key in changed
            for question, answer in _said.decode(self.said[key])
        )


_encode = msgspec.msgpack.Encoder().encode
_said = msgspec.msgpack.Decoder(list[tuple[Question, bool]])


class Misstatement(Struct, frozen=True, gc=False, array_like=True):
    """A comment or a setting that says something of ormlint's rules or links which does not hold."""

    kind: Literal["unused-ignore", "unknown-code", "unknown-link"]
    place: Place
    name: str
    """The word that is wrong."""
    message: str
    help: str = ""
