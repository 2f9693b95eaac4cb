"""Whether what a schema and a model have in common is enough to say that one mirrors the other.

The limits come from reading some 600 schemas of real backends by hand: a class name alone misleads every
third time, sharing most field names hardly ever.
"""

from __future__ import annotations

from itertools import takewhile

from ormlint.graph.link.evidence import Evidence
from ormlint.graph.link.fieldmatch import LEAST_NAMED, LEAST_PART, Fit
from ormlint.graph.link.names import SchemaName, of_model
from ormlint.graph.model import Model, Schema

_COMMANDS = frozenset({"request", "payload", "result", "preview", "body", "stat", "statistic", "config"})

KEYS = frozenset({"id", "uuid", "pk"})
"""Fields that say which row it is."""
_LEAST_SHOWN = ((0.3, 0.5), (0.0, 0.35), (0.0, 0.0))
"""By how much speaks of rows: the coverage that is enough where the model has all fields, or not all."""


def best(schema: Schema, name: SchemaName, fits: list[Fit]) -> Fit | None:
    """The model that names and fields together point at, if one clearly does."""
    convinces = [fit for fit in fits if convincing(schema, name, fit)]
    if not convinces:
        return None
    found = _nearest(schema, _called_so(convinces[0], convinces), convinces)
    if found.name == "none" and any(_is_kind_of(name, fit, found) for fit in fits):
        return None  # it is called like a model that has half of its fields, too
    if (
        found.hits < 3
        and found.name == "part"
        and any(fit.name == "part" for fit in fits if fit is not found)
    ):
        return None  # several are called so, and two fields tell none of them
    return None if _rivalled(schema, found, fits) else found


def _is_kind_of(name: SchemaName, fit: Fit, found: Fit) -> bool:
    """Whether a model has the schema's name, or one of several words that the schema's ends with.

    Not where the model that fits best is called like that one and more: `LimitV2` beside `Limit`.
    """
    model, other = of_model(fit.model.name), of_model(found.model.name)
    if fit.share < LEAST_PART or model in (other[: len(model)], other[-len(model) :]):
        return False
    ends = len(model) > 1 and any(core[-len(model) :] == model for core in name.cores)
    return fit.name == "same" or (ends and fit.name == "part")


def _called_so(best_fit: Fit, convinces: list[Fit]) -> Fit:
    """The model of the schema's name where that has no fewer of its fields, whatever else it has.

    Where names say nothing of the model that fits best, one that they speak of may have a field less.
    """
    namesakes = (fit for fit in convinces if fit.name == "same" and fit.hits >= best_fit.hits)
    if best_fit.name == "none":
        spoken = [fit for fit in convinces if fit.name == "part" and fit.hits >= best_fit.hits - 1]
        best_fit = spoken[0] if spoken else best_fit
    return best_fit if best_fit.name == "same" else next(namesakes, best_fit)


def is_outdone(found: Fit, fits: list[Fit]) -> bool:
    """Whether a model of the schema's name has more of its fields than one whose rows take some, too."""
    return any(fit.name == "same" and fit.hits > found.hits for fit in fits)


def takes_little(schema: Schema, said: Evidence, fit: Fit) -> bool:
    """Whether a row takes a value or two from something with another name, as it may from anything.

    Not where it takes all that is in it, whatever the model does not have.
    """
    picks = said.kind == "constructor" and not said.whole
    return picks and fit.name == "none" and fit.share < 0.6 and schema.role not in ("create", "update")


def _nearest(schema: Schema, found: Fit, convinces: list[Fit]) -> Fit:
    """Of models of one name that fit alike the one whose module is nearest to the schema's."""
    twins = [fit for fit in convinces if fit.model.name == found.model.name and fit.hits == found.hits]
    return max(twins, key=lambda fit: _nearness(schema, fit.model)) if len(twins) > 1 else found


def _nearness(schema: Schema, model: Model) -> int:
    """How many folders the modules of a schema and of a model share: those of one service share more.

    A repository may have a model twice, where services that share a database declare its tables each.
    """
    folders = (each.place.path.split("/")[:-1] for each in (schema, model))
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(*folders, strict=False))))


def convincing(schema: Schema, name: SchemaName, fit: Fit) -> bool:
    """Whether the fields confirm what the name says, or say enough on their own."""
    if fit.name == "same":
        return _confirms_name(schema, name, fit)
    if not fit.telling:
        return False
    if fit.name == "part":
        if _is_a_value(schema, name, fit):
            return fit.share >= 0.7 and fit.hits >= 5
        return (
            (fit.share >= 0.7 and fit.hits >= 3)
            or (fit.share >= 0.8 and fit.hits >= 2 and fit.coverage >= 0.2)
            or (fit.share >= 0.5 and fit.hits >= 6 and fit.coverage >= 0.6)
        )
    if name.words[-1] in _COMMANDS and name.role not in ("create", "update"):
        return fit.share == 1 and fit.hits >= 3 and fit.coverage >= 0.5
    enough = fit.telling >= 3 or (fit.telling >= 2 and fit.coverage >= 0.5)
    if fit.hits < 4:  # three names of four are what any payload has
        return enough and fit.share == 1 and fit.coverage >= 0.3
    return enough and fit.share >= 0.75 and fit.coverage >= _least_shown(schema, name, fit)


def _least_shown(schema: Schema, name: SchemaName, fit: Fit) -> float:
    """The part of a model's columns that a schema has to show of which only the fields tell.

    What neither says which row it is nor reads attributes is a value of some kind more often than a view:
    a place, the claims of a token, what a query counts by.
    """
    if name.role in ("base", "create", "update"):
        return 0.0
    of_rows = bool(KEYS & schema.fields.keys()) + (schema.from_attributes is True)
    whole, other = _LEAST_SHOWN[of_rows]
    return whole if fit.share == 1 else other


def _confirms_name(schema: Schema, name: SchemaName, fit: Fit) -> bool:
    writes = name.role in ("create", "update")
    if name.words[-1] in _COMMANDS and not writes:
        return fit.share >= 0.9 and fit.hits >= (3 if schema.from_attributes else 4) and fit.coverage >= 0.3
    if writes:
        enough = fit.share == 1 and (fit.coverage >= 0.2 or name.role == "update")
        return enough or (fit.share >= 0.6 and fit.hits >= 2) or (fit.share >= LEAST_NAMED and fit.hits >= 4)
    if fit.share < 1 and fit.hits < (3 if schema.from_attributes else 4):
        return False
    if fit.share < 0.7:
        return fit.share >= 0.5 and (fit.hits >= 5 or fit.coverage >= 0.75)
    if _is_a_value(schema, name, fit):
        return fit.hits >= 5
    return fit.hits >= 3 or fit.coverage >= 0.2


def _is_a_value(schema: Schema, name: SchemaName, fit: Fit) -> bool:
    """Whether nothing but its name says that a schema comes from a row, or becomes one."""
    has_key = bool(KEYS & schema.fields.keys())
    rows = name.role in ("base", "create", "update") or has_key or schema.from_attributes is True
    return not rows and fit.coverage < 0.5


def supported(schema: Schema, fit: Fit) -> bool:
    """Whether fields are enough where other evidence speaks for the model already."""
    if fit.share == 1:
        return True
    inputs = schema.role in ("create", "update")
    return fit.share >= 0.6 and fit.hits >= (2 if inputs or schema.from_attributes else 4)


def is_kin(schema: Schema, fit: Fit) -> bool:
    """Whether fields are enough where the schema inherits from one of the model, or is called like one."""
    if fit.hits < 2:
        return False
    called_so = fit.name == "same" and schema.role in ("create", "update")
    return supported(schema, fit) or (called_so and fit.share >= LEAST_PART)


def is_filled(schema: Schema, fit: Fit) -> bool:
    """Whether rows fill all of a schema that reads them: enough beside a namesake that code links."""
    reads = schema.role in ("read", "base") and schema.from_attributes is True
    return reads and fit.share == 1 and fit.hits >= 2


def _rivalled(schema: Schema, chosen: Fit, fits: list[Fit]) -> bool:
    """Whether another model fits about as well and its name is no further off, nor its module."""
    strength = {"same": 2, "part": 1, "none": 0}
    near = _nearness(schema, chosen.model)
    return any(
        other.hits >= chosen.hits and other.rank > chosen.rank - 0.25
        for other in fits
        if other.model is not chosen.model
        and strength[other.name] >= strength[chosen.name]
        and not (other.model.name == chosen.model.name and _nearness(schema, other.model) < near)
    )
