"""What reading the evidence in a file asks of the rest of the project, and what it is told."""

from __future__ import annotations

from functools import cache

import msgspec

from ormlint.facts.code import Expr
from ormlint.graph.machine.values import ClassValue, Function, ImportRef, ModuleValue, Value
from ormlint.graph.model import Graph


class Said(msgspec.Struct, frozen=True, array_like=True):
    """What an annotation of the file itself speaks of: ids of classes."""

    annotation: msgspec.Raw
    """An expression, which is read where it is asked for again."""
    imports: dict[str, str]
    """Those of its names that are imports, and what they are asked for as."""
    classes: str

    @property
    def expression(self) -> Expr | None:
        """The annotation itself."""
        try:
            return _expressions().decode(self.annotation)
        except msgspec.MsgspecError:
            return None


@cache
def _expressions() -> msgspec.msgpack.Decoder[Expr]:
    return msgspec.msgpack.Decoder(Expr)


class Answers(msgspec.Struct, array_like=True):
    """All that the evidence in a file rests on besides the file itself, unless it is `closed`.

    A name is asked for as `Name.attribute` where the file's module was run, or as
    `module:Name.attribute` where it is an import.
    """

    closed: bool = False
    """Something was asked that is not noted here."""
    names: list[str] | None = None
    """All names of the module, where it was run."""
    imports: dict[str, str] = {}
    """Those of them that were imports, and what they are asked for as."""
    values: dict[str, str] = {}
    """Name → what it stands for."""
    returned: dict[str, str] = {}
    """Name of a function → ids of the classes that it says it returns."""
    said: dict[str, Said] = {}
    """Function of the file, where its module was not run → what it says that it returns."""
    explored: dict[str, str] = {}
    """Id of a class of which was asked what it does not have → the file that it is in."""
    classes: dict[str, str] = {}
    """Id of a class → whether it is a schema (`s`), a model (`m`), both, or neither."""
    ran: dict[str, bool] = {}
    """File → whether its module was run."""
    named: dict[str, bool] = {}
    """File whose module was not run → whether it names a model."""
    methods: dict[str, str] = {}
    """Name of a method → the model whose rows it returns."""
    related: dict[str, str] = {}
    """Relationship of a model → the model that it leads to."""

    def note_class(self, key: str, graph: Graph) -> None:
        self.classes[key] = kind_of(key, graph)

    def holds_in(self, graph: Graph, models: dict[str, str]) -> bool:
        """Whether the graph, and what methods return (`models`), say the same still."""
        return (
            all(kind_of(key, graph) == kind for key, kind in self.classes.items())
            and all(models.get(name, "") == model for name, model in self.methods.items())
            and all(related(name, graph) == model for name, model in self.related.items())
        )


def imported(ref: ImportRef) -> str:
    """An import as it is asked for."""
    return f"{ref.module}:{ref.attr or ''}"


def imports_of(module: ModuleValue) -> dict[str, str]:
    """The names of a module that are imports of its own, as they are asked for."""
    return {
        name: imported(ref)
        for name, ref in module.namespace.items()
        if isinstance(ref, ImportRef) and ref.importer.path == module.path
    }


def import_of(name: str, importer: ModuleValue) -> ImportRef | None:
    """The import that is asked for by such a name, if it is one."""
    module, colon, attr = name.partition(":")
    return ImportRef(module, attr or None, importer, 0) if colon else None


def stands_for(value: Value) -> str:
    """As much of a value as has a say in evidence: the id of a class, the path of a module."""
    if isinstance(value, ClassValue):
        return value.id
    if isinstance(value, ModuleValue):
        return f"module {value.path}"
    return "function" if isinstance(value, Function) else ""


def kind_of(key: str, graph: Graph) -> str:
    return f"{'s' * (key in graph.schemas)}{'m' * (key in graph.models)}"


def related(name: str, graph: Graph) -> str:
    """The id of the model that a relationship, `model.attribute`, leads to."""
    key, _, attribute = name.rpartition(".")
    model = graph.models.get(key)
    relationship = model.relationships.get(attribute) if model is not None else None
    return (relationship.target if relationship is not None else None) or ""
