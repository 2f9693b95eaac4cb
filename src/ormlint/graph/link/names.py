"""Class names as words: what a schema is called after its part is taken off, and which part that is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from ormlint.graph.model import Role

Words = tuple[str, ...]
Relation = Literal["same", "part", "none"]

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+")
_ROLES: dict[str, Role] = {
    "create": "create", "creation": "create", "new": "create", "add": "create", "insert": "create",
    "save": "create", "register": "create", "ingest": "create", "post": "create", "in": "create",
    "input": "create", "upload": "create", "update": "update", "patch": "update", "edit": "update",
    "modify": "update", "put": "update", "upsert": "update", "change": "update", "filter": "filter",
    "filters": "filter", "query": "filter", "params": "filter", "criteria": "filter", "base": "base",
    "common": "base", "shared": "base", "mixin": "base", "response": "read", "read": "read",
    "out": "read", "output": "read", "public": "read", "view": "read", "detail": "read",
    "details": "read", "detailed": "read", "summary": "read", "brief": "read", "info": "read",
    "ref": "read", "reference": "read", "minimal": "read", "mini": "read", "short": "read",
    "simple": "read", "full": "read", "extended": "read", "nested": "read", "basic": "read",
    "db": "read", "row": "read", "entry": "read", "item": "read", "dto": "read", "resource": "read",
    "representation": "read", "get": "read", "display": "read", "result": "read", "slim": "read",
    "lite": "read", "export": "read", "pagination": "read", "schema": "other", "model": "other",
    "pydantic": "other", "internal": "other", "request": "other", "payload": "other", "body": "other",
    "data": "other", "form": "other", "delete": "other", "list": "other", "record": "other",
    "io": "other", "indb": "read",
}  # fmt: skip
"""Words that say what a schema is for, not what it mirrors."""
_JOINED: tuple[Words, ...] = (("in", "db"),)
"""Those of several words: a `UserInDB` is what the database has, no input.

https://fastapi.tiangolo.com/tutorial/extra-models/
"""
_ANSWERS = frozenset({"response", "out", "read", "output", "public"})
"""As the last word: `DeviceCreateResponse` is what comes back, whatever was asked."""
_OF_MODELS = frozenset({"model", "models", "orm", "table", "entity", "db", "sql", "record", "row"})
_STRONG: tuple[Role, ...] = ("update", "create", "filter", "base", "read")

_WORDS, _NAMES = "\x1f", "\x1e"
"""What ASCII has for between units and between records of them, and no class in its name."""


class SchemaName(Struct, frozen=True, gc=False, array_like=True):
    """Many are kept, and few are asked for more than their role: their words stand in one text."""

    told: str
    role: Role

    @classmethod
    def of(cls, found: Words, cores: Iterable[Words], role: Role) -> SchemaName:
        return cls(_NAMES.join(map(_WORDS.join, (found, *cores))), role)

    @property
    def words(self) -> Words:
        """All words of it."""
        return tuple(self.told.partition(_NAMES)[0].split(_WORDS))

    @property
    def cores(self) -> list[Words]:
        """The names left as the words that tell its part come off, longest first."""
        return [tuple(core.split(_WORDS)) for core in self.told.split(_NAMES)[1:]]


def words(name: str) -> Words:
    """`RotationHalfDayRequirementOut` → rotation, half, day, requirement, out; plurals in the singular."""
    return tuple(map(_lowered, _WORD.findall(name)))


@lru_cache(maxsize=10_000)
def _lowered(word: str) -> str:
    return singular(word.lower())


def singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


class Affixes(Struct, frozen=True):
    """Words that say what a schema is for: the usual ones, and a project's own."""

    roles: Mapping[str, Role]
    leading: frozenset[str]
    answers: frozenset[str]
    joined: tuple[Words, ...]
    """Those of several words, which count as one."""


def affixes(stated: Mapping[Role, Iterable[str]]) -> Affixes:
    """The usual words, and those of the settings' `role-affixes`."""
    own = {words(each): role for role, some in stated.items() for each in some if words(each)}
    roles = {"".join(affix): role for affix, role in own.items()}
    joined = (*(affix for affix in own if len(affix) > 1), *_JOINED)
    return Affixes({**_ROLES, **roles}, _LEADING | roles.keys(), _ANSWERS - roles.keys(), joined)


def _joined(found: Words, own: Affixes) -> Words:
    """The words with each affix of several words as one."""
    for affix in own.joined:
        for start in range(len(found) - len(affix), -1, -1):
            if found[start : start + len(affix)] == affix:
                found = (*found[:start], "".join(affix), *found[start + len(affix) :])
    return found


def of_schema(name: str, own: Affixes | None = None) -> SchemaName:
    """Take the words off that say what the schema is for; what follows `With` describes it further."""
    own = own or _USUAL
    found = _joined(words_of(name), own)
    rest = found[: found.index("with")] if "with" in found[1:] else found
    cores = [rest]
    while len(rest) > 1 and rest[-1] in own.roles:
        rest = rest[:-1]
        cores.append(rest)
    for core in list(cores):
        for start in range(1, len(core)):
            if core[start - 1] not in own.leading:
                break
            cores.append(core[start:])
    # `UserCreateInternal`, `RecipeStepUpdateRequest`: the word may stand inside.
    cores += [tuple(word for word in rest if word not in ("create", "update"))]
    # The last is what is left as words come off the end: of `PostRead` that is `post`, not `read`.
    order = {core: number for number, core in enumerate(dict.fromkeys(filter(None, cores)))}
    by_length = sorted(order, key=lambda core: (len(core), order[core]), reverse=True)
    return SchemaName.of(found, by_length, role_of(found, own=own))


def role_of(found: Words, model: Words = (), own: Affixes | None = None) -> Role:
    """What a schema is for, by its words; those of its model say nothing of that (`UserSave` of `Save`)."""
    own = own or _USUAL
    roles, leading = own.roles, own.leading
    for start in range(len(found) - len(model) + 1) if model else ():
        if found[start : start + len(model)] == model:
            found = (*found[:start], *found[start + len(model) :])
            break
    else:
        model = ()
    told = found[: found.index("with")] if "with" in found[1:] else found
    last = next((word for word in reversed(told) if roles.get(word) != "other" and word != "dto"), None)
    if last in own.answers and (model or len(told) > 1):
        return "read"
    first = 0 if model else 1
    seen = [roles[word] for word in told[first:] if word in ("create", "update")]
    end = len(told)
    while end > first and told[end - 1] in roles:
        seen.append(roles[told[end - 1]])
        end -= 1
    start = 0
    while start < len(told) - (0 if model else 1) and told[start] in leading:
        seen.append(roles[told[start]])
        start += 1
    return next((each for each in _STRONG if each in seen), "other")


_LEADING = frozenset({
    "create", "new", "add", "save", "update", "patch", "edit", "read", "get", "base", "public",
    "register", "upsert", "put", "post", "modify", "insert", "simple", "detailed", "full", "minimal",
    "basic", "extended", "nested",
})  # fmt: skip
_USUAL = affixes({})


def of_model(name: str) -> Words:
    """A model's words without `Model`, `Table` and the like."""
    found = words_of(name)
    while len(found) > 1 and found[-1] in _OF_MODELS:
        found = found[:-1]
    return found


def words_of(name: str) -> Words:
    """The words of a class; a name that has none (`_`, `球隊`) is one."""
    return words(name) or (name,)


def relation(schema: SchemaName, model: Words, whole: Words = ()) -> Relation:
    """How a schema's name relates to a model's; `whole` are the words with `Model` and the like."""
    cores = schema.cores
    if whole in cores or model in cores or any("".join(core) == "".join(model) for core in cores):
        return "same"
    if any(_overlap(model, core) or _overlap(core, model) for core in cores):
        return "part"
    return "none"


def _overlap(long: Words, short: Words) -> bool:
    """Whether the words of one end or start the other."""
    return 0 < len(short) < len(long) and (long[-len(short) :] == short or long[: len(short)] == short)


class ModelNames:
    """The names of all models, indexed by their words: which of them a schema's name may speak of."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names
        self._words = {key: (of_model(name), words_of(name)) for key, name in names.items()}
        self._joined: dict[str, set[str]] = defaultdict(set)
        self._ends: dict[Words, list[str]] = defaultdict(list)
        for key, (told, whole) in self._words.items():
            self._joined["".join(told)].add(key)
            self._joined["".join(whole)].add(key)
            for end in _ends(told):
                self._ends[end].append(key)

    def related(self, name: SchemaName) -> dict[str, Relation]:
        """The models whose name is the same, or where one name is a part of the other, in order."""
        found: set[str] = set()
        for core in name.cores:
            found.update(self._joined.get("".join(core), ()), self._ends.get(core, ()))
            for end in _ends(core):
                found.update(self._joined.get("".join(end), ()))
        relations = ((key, self.relation(name, key)) for key in sorted(found))
        return {key: called for key, called in relations if called != "none"}

    def relation(self, name: SchemaName, key: str) -> Relation:
        """How a schema's name relates to that of one model."""
        said = relation(name, *self._words[key])
        if said == "same" and self._names[key].startswith("_"):
            return "part"  # the class that goes by the name without the underscore is the one to mean
        return said


def _ends(told: Words) -> set[Words]:
    """What starts or ends a name, without the whole of it."""
    return {end for at in range(1, len(told)) for end in (told[:at], told[at:])}
