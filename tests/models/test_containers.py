"""Lists, dicts and sets that change under conditions, or by keys, that are not settled."""

from __future__ import annotations

import pytest

from ormlint.extract import extract
from ormlint.graph.machine import Machine, Modules
from ormlint.graph.machine.doubts import merge
from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.values import Unknown
from ormlint.graph.sources import Sources


def settled(body: str, question: str) -> bool | None:
    """Whether a question is true after a function's body; `None` where it is not settled."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    source = f"def made():\n{lines}    return {question}\n\nanswer = made()\n"

    def load(path: str) -> object:
        return extract(source.encode())

    sources = Sources((), (), load, load, lambda _: None, lambda *_: None, lambda path: "made")  # type: ignore[arg-type]
    machine = Machine(Modules(sources, lambda _: None))
    module = machine.execute(machine.modules.at("made.py"))
    return truth(module.namespace["answer"])


@pytest.mark.parametrize(
    ("body", "question"),
    [
        ("d = {}\nfor x in later():\n    d[x] = 1", "'a' in d"),
        ("d = {}\nfor x in later():\n    d['a'] = 1", "'a' in d"),
        ("d = {}\nfor x in later():\n    d['a'] = 1", "d"),
        ("d = {}\nd[later()] = 1", "'a' in d"),
        ("d = {'a': 1}\nd[later()] = 2", "d['a'] == 1"),
        ("d = {}\nif later():\n    d.update(a=1)", "'a' in d"),
        ("d = {}\nd.update(later())", "len(d) == 0"),
        ("d = {'a': 1}\nd.update(later())", "d['a'] == 1"),
        ("d = {}\nfor x in later():\n    d.setdefault(x, []).append(1)", "d"),
        ("d = {}\nd[later()] = 1", "d.get('a') is None"),
        ("d = {}\nd[later()] = 1", "d == {}"),
        ("d = {}\nd[later()] = 1\ne = {'a': 1, **d}", "e['a'] == 1"),
        ("d = {'a': 1}\nif later():\n    del d['a']", "'a' in d"),
        ("d = {'a': 1}\ndel d[later()]", "'a' in d"),
        ("d = {'a': 1}\nif later():\n    d.pop('a')", "d"),
        ("d = {'a': 1}\nif later():\n    d.clear()", "d"),
        ("d = {'a': 1}\nd.popitem()", "d"),
        ("d = set()\nfor x in later():\n    d.add(x)", "'a' in d"),
        ("d = set()\nif later():\n    d.add('a')", "d"),
        ("d = set()\nd.update(later())", "len(d) == 0"),
        ("d = {'a'}\nif later():\n    d.discard('a')", "'a' in d"),
        ("d = {'a'}\nd.discard(later())", "'a' in d"),
        ("d = set()\nd.add(later())", "d & {'a'}"),
        ("d = set()\nd.add(later())", "d.intersection(['a'])"),
        ("d = ['a']\nif later():\n    d.remove('a')", "'a' in d"),
        ("d = ['a']\nd.remove(later())", "'a' in d"),
        ("d = ['a']\nif later():\n    d.clear()", "d"),
        ("d = ['a']\nd[later()] = 'b'", "'a' in d"),
        ("d = ['a']\nif later():\n    del d[0]", "d"),
    ],
)
def test_what_may_have_changed_is_not_settled(body: str, question: str) -> None:
    assert settled(body, question) is None


def test_one_unknown_key_stands_for_all() -> None:
    """Else a loop that assigns by unknown keys takes a time that grows with the square of its rounds."""
    container: dict[object, object] = {"a": 1}
    first, second = Unknown("first"), Unknown("second")
    merge(container, {first: first})
    merge(container, {"b": 2, second: second})
    assert container == {"a": second, first: second, "b": 2}


@pytest.mark.parametrize(
    ("body", "question", "answer"),
    [
        ("d = {}\nd['a'] = later()", "'a' in d", True),
        ("d = {'a': 1}\nif later():\n    d['a'] = 2", "'a' in d", True),
        ("d = {'a': 1}\nif later():\n    d.setdefault('a', 2)", "d['a'] == 1", True),
        ("d = {'a': 1}\nd.clear()", "d", False),
        ("d = {'a': 1}\nd.pop('a')", "'a' in d", False),
        ("d = {'a': 1}\ndel d['a']", "d", False),
        ("d = {'a': 1}\nd.update({'b': 2}, c=3)", "len(d) == 3", True),
        ("d = {}", "d == {'a': 1}", False),
        ("d = {'a'}\nd.discard('a')", "d", False),
        ("d = set()\nd.update(['a'], ['b'])", "d == {'a', 'b'}", True),
        ("d = {'a'}", "d.union({'b'}) == {'a', 'b'}", True),
        ("d = ['a', 'b']\ndel d[0]", "d == ['b']", True),
        ("d = ['a']\nd.clear()", "d", False),
        ("d = ['a']\nd.remove('a')", "d", False),
    ],
)
def test_what_is_certain(body: str, question: str, answer: bool) -> None:
    assert settled(body, question) is answer


def test_naming_a_value_leaves_out_its_project() -> None:
    """Items of a set come in the order of their `repr`, of which a whole module would take minutes."""
    names = "".join(f"def f{number}(): pass\n" for number in range(200))
    source = names + "chosen = tuple({f1, f2})\n"

    def load(path: str) -> object:
        return extract(source.encode())

    sources = Sources((), (), load, load, lambda _: None, lambda *_: None, lambda path: "made")  # type: ignore[arg-type]
    machine = Machine(Modules(sources, lambda _: None))
    chosen = machine.execute(machine.modules.at("made.py")).namespace["chosen"]
    assert [repr(each) for each in chosen] == ["Function(made.f1:2)", "Function(made.f2:3)"]
