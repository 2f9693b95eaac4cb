"""What Pydantic makes of schemas, and which model each mirrors."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.model.types import Type
from ormlint.options import Role


class Field(Struct, array_like=True):
    """A field of a schema; `alias` is the name read at validation where the source gives one."""

    name: str
    place: Place
    required: bool | None = None
    nullable: bool | None = None
    alias: str | None = None
    type: str | None = None
    excluded: bool | None = False
    has_default: bool | None = None
    validated_before: bool = False
    """A before-validator or a root validator can mend what comes in."""
    declared_in: str = ""
    """The id of the class that declares it."""
    type_value: object = None
    """The evaluated annotation; nothing once the graph is settled."""
    kind: Type = None
    """The annotation as plain data, once the graph is settled."""
    read_as: tuple[str, ...] | None = None
    """Every name that validation reads, in order; `None` where they are not settled."""
    own_validator: bool = False
    """A validator of this one field runs before its type is checked, on given values and not on defaults."""
    defaults_checked: bool = False
    """A validator of it runs on its default, too, and may put something else there."""
    default: Type = None
    """The evaluated default, where `has_default`."""
    max_length: int | None = None
    """The longest text that it takes, where it says so."""
    any_text: bool = False
    """It takes every text: it is a `str`, and no limit, pattern or validator says otherwise."""
    strict: bool | None = False
    """Validated in strict mode: by its own settings or the configuration."""
    deprecated: bool = False
    """It says so itself: `Field(deprecated=…)`."""
    generated: bool = False
    """Its alias is what an alias generator gives."""
    set_by_code: bool | None = None
    """Somewhere in the sources a name like this is set on an object; `None` where nobody looked."""

    @property
    def renamed(self) -> str | None:
        """The alias, where it is another name than the field's own."""
        return self.alias if self.alias != self.name else None


class Making(Struct, frozen=True, gc=False, array_like=True):
    """A place where a schema's values become a row's, and what else the function names there.

    `whole` says that the schema is handed on as it is, so that any of its fields may be used; `open` that
    the row is given a `**` of something else, which may bring any name, or that an update passes over what
    the row does not have.
    """

    place: Place
    names: frozenset[str]
    whole: bool
    open: bool = False


class Schema(Struct, array_like=True):
    """A Pydantic model, or a SQLModel class without a table."""

    id: str
    name: str
    place: Place
    bases: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()
    """Ids of the project's classes among its MRO, itself left out."""
    from_attributes: bool | None = False
    populate_by_name: bool | None = False
    complete: bool = True
    role: Role = "other"
    model: str | None = None
    linked_by: str | None = None
    called_otherwise: bool = False
    """Its fields alone link it: nothing in its name speaks of the model."""
    fields: Mapping[str, Field] = {}
    told: int = 0
    """How many of its fields are known to be required or not, and to take `None` or not."""
    computed: tuple[str, ...] = ()
    custom_build: bool = False
    """It overrides `from_orm`/`model_validate` or validates the whole object before its fields."""
    kind: Literal["model", "root", "settings", "sqlmodel", "dataclass"] = "model"
    built_by_code: bool | None = None
    """Somewhere in the sources it is constructed by hand; `None` where nobody looked."""
    given_dicts: bool = False
    """Somewhere in the sources stand the keys of a dict that has all that it needs."""
    pydantic_1: bool = False
    coerces_numbers: bool | None = False
    """A number is taken where a text is asked for."""
    made: tuple[Making, ...] = ()
    """Where rows of its model are made from it."""
    updates: tuple[Making, ...] = ()
    """Where its values are set on rows of its model one by one, by name."""
    built: tuple[Making, ...] = ()
    """Where it is built from a row of its model by hand, and the keywords that ask the row in vain."""
    unread: tuple[Making, ...] = ()
    """Functions that read a field only where a row of its model had what the model does not have."""
    unfilled: frozenset[str] = frozenset()
    """Fields that come from no row though code asks for them: the model has nothing of that name."""
    completed: frozenset[str] = frozenset()
    """Attributes that rows of its model need, it does not give, and the sources assign somewhere."""
    never_set: frozenset[str] = frozenset()
    """Attributes for columns of reserved names that it has a field for, and that the sources set nowhere."""
    named_elsewhere: bool | None = None
    """The sources name it beyond where rows are made from it; `None` where nobody looked."""
    validated: Place | None = None
    """Where `model_validate` or `from_orm` is given a row without saying `from_attributes`."""
    reached: Place | None = None
    """Where a row of its model is validated with it, as far as the sources show."""
    never_null: frozenset[str] = frozenset()
    """Attributes of which each place that validates a row asks whether they are NULL."""
    read_by_name: bool | None = None
    """Each place that validates a row says `by_name=True`, or some call does where no such place is seen;
    `None` where nobody looked."""


class Link(Struct, frozen=True, gc=False, array_like=True):
    """A schema mirrors a model; `by` is the kind of evidence, `evidence` says it in words."""

    schema: str
    model: str
    by: str
    evidence: str = ""
    place: Place | None = None
