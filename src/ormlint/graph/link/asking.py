"""Whether what was asked for the evidence in a file would be told in this run, too."""

from __future__ import annotations

from collections.abc import Mapping

from ormlint.facts.code import Attr, Expr, Name
from ormlint.graph.link.answers import Answers, Said, import_of, imports_of, stands_for
from ormlint.graph.link.returns import Returns
from ormlint.graph.link.told import Told
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import ModuleValue, Value
from ormlint.graph.memo import Memo
from ormlint.graph.model import Graph


class Asking:
    """Asks again."""

    def __init__(self, told: Told, graph: Graph, returns: Returns, memo: Memo) -> None:
        self._told, self._graph, self._returns, self._memo = told, graph, returns, memo

    def graph_says(self, answers: Answers) -> bool:
        """Whether classes are what they were, and lead where they did; names are taken to be the same."""
        are_run = all(self._told.ran(path) == was for path, was in answers.ran.items())
        is_known = are_run and self._name_as_before(answers.named)
        return is_known and answers.holds_in(self._graph, self._returns.models)

    def all_say(self, path: str, answers: Answers) -> bool:
        """Whether evidence in a file that is as it was rests on what is as it was."""
        is_run = self._told.ran(path)
        if answers.closed or is_run != (answers.names is not None) or not self.graph_says(answers):
            return False
        from ormlint.graph.link.known import Known  # noqa: PLC0415 - most files need not be asked for all

        module = self._told.machine.modules.at(path) if is_run else self._told.bare(path)
        if is_run and sorted(module.namespace) != answers.names:
            return False
        now = imports_of(module)
        same = {name: asked for name, asked in answers.imports.items() if now.get(name) == asked}
        known = Known(self._told, self._graph, module, self._returns, _imports(answers, module))
        values = {name: was for name, was in answers.values.items() if not self._holds(name, path, same)}
        returned = {name: was for name, was in answers.returned.items() if not self._holds(name, path, same)}
        return (
            not any(map(self._memo.is_stale, answers.explored.values()))
            and all(stands_for(known.value(_written(name))) == was for name, was in values.items())
            and all(" ".join(known.returned(_written(name))) == was for name, was in returned.items())
            and all(self._says(said, path) for said in answers.said.values())
        )

    def _name_as_before(self, named: Mapping[str, bool]) -> bool:
        """Whether files name models that did; what changed files say is asked again.

        No name leads to one that went before the last run, which may have found that nothing rests on it.
        """
        there = filter(self._memo.is_there, named)
        same = ((path, named[path]) for path in there if not self._memo.is_stale(path))
        return all(self._told.names_model(path) == was for path, was in same)

    def _says(self, said: Said, path: str) -> bool:
        """Whether an annotation in a file whose module was not run speaks of the same classes."""
        if all(self._holds(name, path, {}) for name in said.imports.values()):
            return True
        from ormlint.graph.link.known import ids_in  # noqa: PLC0415 - as above

        expression = said.expression
        if expression is None:
            return False
        bare = self._told.bare(path)
        bare.namespace.update({name: import_of(asked, bare) for name, asked in said.imports.items()})
        annotation = self._told.machine.evaluate(expression, Scope("module", bare.namespace, bare))
        return ids_in(annotation) == said.classes

    def _holds(self, name: str, path: str, imports: Mapping[str, str]) -> bool:
        """Whether a name is imported, as such or by one of `imports`, from what is as it was."""
        first = _parts(name)[0]
        module, colon, attribute = imports.get(first, first).partition(":")
        inner = f"{module}.{attribute}"
        return bool(colon) and all(self._memo.leads_as_before(each, path) for each in (module, inner))


def _imports(answers: Answers, importer: ModuleValue) -> dict[str, Value]:
    """What was asked for as an import, by the name that it was asked for."""
    firsts = {_parts(name)[0] for name in (*answers.values, *answers.returned)}
    found = ((name, import_of(name, importer)) for name in firsts)
    return {name: ref for name, ref in found if ref is not None}


def _written(name: str) -> Expr:
    """A name that was asked for, as code."""
    first, *others = _parts(name)
    expr: Expr = Name(0, first)
    for other in others:
        expr = Attr(0, expr, other)
    return expr


def _parts(name: str) -> list[str]:
    module, colon, rest = name.rpartition(":")
    first, *others = rest.split(".")
    return [f"{module}{colon}{first}", *others]
