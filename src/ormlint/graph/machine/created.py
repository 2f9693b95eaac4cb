"""Classes that a call makes: `create_model("Page", total=(int, 0))`, `type("Page", (Base,), {})`.

https://docs.pydantic.dev/latest/concepts/models/#dynamic-model-creation
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.facts.code import ClassDef, Const, Name
from ormlint.findings import Place
from ormlint.graph.machine.definitions import announce, announcer
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import (
    Alternatives,
    Binding,
    ClassValue,
    External,
    Made,
    ModuleValue,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


_TYPES = (ClassValue, External, Subscripted, Alternatives, Made, Unknown)


def makes_model(callee: External) -> bool:
    """Whether a call of the name makes a schema."""
    return callee.name == "create_model" and callee.root == "pydantic"


def create_model(
    machine: Machine, callee: External, args: list[Value], kwargs: dict[str, Value], place: Place, open_: bool
) -> Value:
    """The class that the call makes; unknown keywords leave it incomplete."""
    name = args[0] if args else kwargs.get("model_name", kwargs.get("__model_name"))
    if not isinstance(name, str):
        return Unknown("a schema whose name is computed", place)
    module = _module(machine, kwargs.get("__module__"), place)
    keywords = kwargs.get("__cls_kwargs__")
    bases = _bases(callee, kwargs)
    changes = (Unknown("fields that are given by unknown keywords", place),) if open_ else ()
    node = ClassDef(place.line, place.column, place.end_column, name, [], [], [], [])
    cls = ClassValue(
        node, module, name, place, bases, keywords if isinstance(keywords, dict) else {}, changes
    )
    cls.conditional = machine.maybe > 0
    cls.scope = Scope("class", cls.namespace, module, Scope("module", module.namespace, module), owner=cls)
    config = kwargs.get("__config__")
    if config is not None:
        cls.namespace["Config" if isinstance(config, ClassValue) else "model_config"] = config
    validators = kwargs.get("__validators__")
    if isinstance(validators, dict):
        cls.namespace.update(validators)
    for key, given in kwargs.items():
        if not key.startswith("__") and key != "model_name":
            _declare(cls, key, given)
    machine.declare(cls)
    return cls


def _module(machine: Machine, stated: Value, place: Place) -> ModuleValue:
    """The module that the class says it is of, else the one whose code makes it."""
    own = machine.modules.at(place.path)
    if not isinstance(stated, str) or stated == own.name:
        return own
    return machine.modules.find(stated, own) or own


def _bases(callee: External, kwargs: dict[str, Value]) -> tuple[Value, ...]:
    given = kwargs.get("__base__")
    if given is None:
        return (External(f"{callee.module.removesuffix('.main')}.BaseModel"),)
    return tuple(given) if isinstance(given, (tuple, list)) else (given,)


def _declare(cls: ClassValue, name: str, given: Value) -> None:
    """A field from `(type, default)`, from a type alone (Pydantic 2), or from a default alone (1)."""
    pair = isinstance(given, tuple) and len(given) == 2
    if not pair and not isinstance(given, _TYPES):
        cls.namespace[name] = given
        return
    annotation = given[0] if pair else given
    scope = Scope("function", {name: annotation}, cls.module, cls.scope)
    cls.annotations[name] = Binding(Name(cls.place.line, name), cls.place, scope, pair)
    cls.places[name] = cls.place
    if pair:
        cls.namespace[name] = given[1]


def made_class(
    machine: Machine,
    name: str,
    bases: tuple[Value, ...],
    namespace: dict[str, Value],
    keywords: dict[str, Value],
    place: Place,
) -> ClassValue:
    """What `type(name, bases, namespace)` makes, in the module whose code makes it."""
    module = machine.modules.at(place.path)
    node = ClassDef(place.line, place.column, place.end_column, name, [], [], [], [])
    cls = ClassValue(node, module, name, place, bases, keywords, (), dict(namespace))
    cls.conditional = machine.maybe > 0
    cls.scope = Scope("class", cls.namespace, module, owner=cls, receiver_class=cls)
    annotations = namespace.get("__annotations__")
    for key, value in annotations.items() if isinstance(annotations, dict) else ():
        cls.annotations[key] = Binding(Const(place.line, value), place, cls.scope, key in namespace)
    cls.places = dict.fromkeys(namespace, place)
    machine.declare(cls)
    announce(machine, cls, announcer(cls))
    return cls
