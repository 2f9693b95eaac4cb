"""The revision graph, and its order against Alembic's own."""

from __future__ import annotations

import pytest
from alembic.script.revision import Revision as AlembicRevision
from alembic.script.revision import RevisionMap
from hypothesis import given, settings
from hypothesis import strategies as st

from ormlint.findings import Place
from ormlint.graph.migrations.history import History, history_of, resolved, upgrade_order
from ormlint.graph.model import Revision


def revision(
    key: str, *down: str, depends_on: tuple[str, ...] = (), labels: tuple[str, ...] = ()
) -> Revision:
    return Revision(key, f"{key}.py", Place(f"{key}.py", 1), down, depends_on, labels)


def history(*revisions: Revision) -> History:
    return history_of(revisions)


def order_by_alembic(revisions: list[Revision]) -> list[str]:
    made = [AlembicRevision(r.id, r.down or None, r.depends_on or None, r.labels or None) for r in revisions]
    walk = RevisionMap(lambda: made).iterate_revisions("heads", "base")
    return [each.revision for each in walk][::-1]


@st.composite
def dags(draw: st.DrawFn) -> list[Revision]:
    """Revisions with branches, merges, several bases and dependencies, their files in any order."""
    size = draw(st.integers(1, 14))
    revisions: list[Revision] = []
    for number in range(size):
        earlier = [each.id for each in revisions]
        count = draw(st.sampled_from([0, 1, 1, 1, 1, 2, 3]))
        down = draw(st.permutations(earlier))[:count] if earlier else []
        others = [each for each in earlier if each not in down]
        depends = [draw(st.sampled_from(others))] if others and draw(st.integers(0, 5)) == 0 else []
        revisions.append(revision(f"r{number:02}", *down, depends_on=tuple(depends)))
    return draw(st.permutations(revisions))


@given(dags())
@settings(max_examples=300)
def test_order_is_that_of_alembic(revisions: list[Revision]) -> None:
    assert upgrade_order(history_of(revisions)) == order_by_alembic(revisions)


@given(dags())
@settings(max_examples=100)
def test_heads_and_roots_are_those_of_alembic(revisions: list[Revision]) -> None:
    made = [AlembicRevision(r.id, r.down or None, r.depends_on or None) for r in revisions]
    theirs = RevisionMap(lambda: made)
    ours = history_of(revisions)
    assert (sorted(ours.heads), sorted(ours.roots)) == (sorted(theirs.heads), sorted(theirs.bases))


def test_a_line() -> None:
    found = history(revision("c", "b"), revision("a"), revision("b", "a"))
    assert (found.heads, found.roots, upgrade_order(found)) == (("c",), ("a",), ["a", "b", "c"])


def test_up_to_a_revision() -> None:
    found = history(revision("a"), revision("b", "a"), revision("c", "b"), revision("x", "a"))
    assert upgrade_order(found, ["b"]) == ["a", "b"]


def test_nothing() -> None:
    found = history()
    assert (found.heads, upgrade_order(found)) == ((), [])


def test_a_parent_that_no_file_has() -> None:
    found = history(revision("a"), revision("b", "gone"), revision("c", "b", depends_on=("lost",)))
    assert [(each.id, name) for each, name in found.missing] == [("b", "gone"), ("c", "lost")]
    assert (found.heads, found.roots) == (("a", "c"), ("a",))
    assert sorted(upgrade_order(found)) == ["a", "b", "c"]


def test_two_files_with_one_revision() -> None:
    first, second = revision("a"), Revision("a", "other.py", Place("other.py", 3))
    found = history(first, revision("b", "a"), second)
    assert found.duplicates == {"a": [first, second]}
    assert found.revisions["a"] is second
    assert upgrade_order(found) == ["a", "b"]


def test_labels_stand_for_revisions() -> None:
    found = history(revision("a", labels=("core",)), revision("b", depends_on=("core",)))
    assert (found.missing, found.parents["b"]) == ([], ("a",))
    assert (found.heads, upgrade_order(found)) == (("a", "b"), ["a", "b"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("heads", ("abcdef2",)),
        ("base", ()),
        ("abcdef1", ("abcdef1",)),
        ("main", ("abcdef1",)),
        ("abcdef", ()),
        ("abcdef2", ("abcdef2",)),
        ("abc", ()),
        ("zzzz", ()),
    ],
)
def test_names_on_the_command_line(name: str, expected: tuple[str, ...]) -> None:
    found = history(revision("abcdef1", labels=("main",)), revision("abcdef2", "abcdef1"))
    assert resolved(found, name) == expected


def test_the_beginning_of_an_id() -> None:
    assert resolved(history(revision("1a2b3c"), revision("ffff", "1a2b3c")), "1a2b") == ("1a2b3c",)


@pytest.mark.parametrize(
    ("revisions", "cycles"),
    [
        ([revision("a", "a")], [("a",)]),
        ([revision("a", "b"), revision("b", "a")], [("a", "b")]),
        ([revision("r"), revision("a", "r", "c"), revision("b", "a"), revision("c", "b")], [("a", "c", "b")]),
        ([revision("a", depends_on=("b",)), revision("b", "a")], [("a", "b")]),
    ],
)
def test_revisions_that_descend_from_themselves(
    revisions: list[Revision], cycles: list[tuple[str, ...]]
) -> None:
    found = history_of(revisions)
    assert found.cycles == cycles
    assert sorted(upgrade_order(found)) == sorted(each.id for each in revisions)


def test_ten_thousand_revisions() -> None:
    line = [revision(f"{n:05}", *([f"{n - 1:05}"] if n else [])) for n in range(10_000)]
    assert upgrade_order(history_of(line)) == [each.id for each in line]


def test_thousands_of_branches_and_merges() -> None:
    revisions = [revision("m0")]
    for n in range(2_000):
        revisions += [revision(f"a{n}", f"m{n}"), revision(f"b{n}", f"m{n}")]
        revisions.append(revision(f"m{n + 1}", f"a{n}", f"b{n}"))
    order = upgrade_order(history_of(revisions))
    assert (order[0], order[-1], len(order)) == ("m0", "m2000", len(revisions))
