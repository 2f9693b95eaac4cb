"""Names by usual conventions are those that SQLAlchemy gives."""

from __future__ import annotations

import pytest
import sqlalchemy  # noqa: F401 - so that no test waits for it
from hypothesis import given
from hypothesis import strategies as st

from ormlint.graph.models.names import Asked, Described, DescribedTable, named
from ormlint.graph.models.usual import usual_names

TOKENS = ("table_name", "column_0_name", "column_0_label", "referred_table_name", "constraint_name")
OTHERS = (
    "%(column_0_key)s", "%(column_0_N_name)s", "%(referred_column_0_name)s", "%(other)s",
    "constraint_name", "%%", "%",
)  # fmt: skip
PIECE = st.sampled_from(TOKENS).map("%({})s".format) | st.sampled_from(["ix", "_"])
PATTERN = st.lists(PIECE, min_size=1, max_size=3).map("".join)
ODD_PATTERN = st.lists(PIECE | st.sampled_from(OTHERS), min_size=1, max_size=3).map("".join)
NAMES = ["a", "b", "t_a", "id", "B"]
GIVEN = st.sampled_from([None, None, "given", "a%b", ""])
TARGETS = ["t.a", "people.id", "s.people.id", "people"]


def few(values: list[str], size: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=size, max_size=size).map(tuple)


def constraints(columns: list[str]) -> st.SearchStrategy[Described]:
    """As they are in projects, and a few that are not."""
    sized = st.integers(1, 2)
    keys = st.sampled_from(["Index", "Unique"]), GIVEN, st.booleans()
    return st.one_of(
        st.builds(Described, *keys, sized.flatmap(lambda size: few(columns, size)), st.just(())),
        st.builds(Described, st.just("Check"), GIVEN, st.booleans(), st.just(()), st.just(())),
        st.builds(
            Described, st.just("ForeignKey"), GIVEN, st.booleans(), few(columns, 1), few(TARGETS[:2], 1)
        ),
        st.builds(
            Described,
            st.sampled_from(["Index", "Unique", "Check", "ForeignKey"]),
            GIVEN,
            st.booleans(),
            sized.flatmap(lambda size: few(NAMES, size)),
            sized.flatmap(lambda size: few(TARGETS, size)),
        ),
    )


def tables(columns: list[str]) -> st.SearchStrategy[Asked]:
    described = st.builds(
        DescribedTable,
        st.sampled_from(["t", "people", "odd%name"]),
        st.sampled_from([None, None, "s"]),
        st.just([(name, None) for name in columns]) | st.just([(name, "k") for name in columns]),
    )
    return st.builds(Asked, described, st.lists(constraints(columns), min_size=1, max_size=3), st.just([]))


TABLES = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).flatmap(tables)
KINDS = st.sampled_from(["ix", "uq", "ck", "fk"])
USUAL = [
    ("ck", "ck_%(table_name)s_%(constraint_name)s"),
    ("fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"),
    ("ix", "ix_%(column_0_label)s"),
    ("uq", "uq_%(table_name)s_%(column_0_name)s"),
]


@pytest.mark.filterwarnings("ignore")
@given(st.dictionaries(KINDS, PATTERN) | st.dictionaries(KINDS, ODD_PATTERN), TABLES)
def test_any_convention(patterns: dict[str, str], asked: Asked) -> None:
    found = usual_names(sorted(patterns.items()), asked)
    assert found is None or found == named(sorted(patterns.items()), asked)


def _asked(constraint: Described) -> Asked:
    return Asked(DescribedTable("visits", None, [("id", None), ("person", None)]), [constraint], [])


@pytest.mark.parametrize(
    ("constraint", "name"),
    [
        (Described("Index", None, False, ("person",), ()), "ix_visits_person"),
        (Described("Unique", None, False, ("person", "id"), ()), "uq_visits_person"),
        (Described("ForeignKey", None, False, ("person",), ("people.id",)), "fk_visits_person_people"),
        (Described("Check", "kind", False, (), ()), "ck_visits_kind"),
        (Described("Check", "kind", True, (), ()), "kind"),
        (Described("Check", None, False, (), ()), None),
        (Described("Unique", "own", False, ("id",), ()), "own"),
    ],
)
def test_the_usual_convention(constraint: Described, name: str | None) -> None:
    asked = _asked(constraint)
    assert usual_names(USUAL, asked) == [name] == named(USUAL, asked)


@pytest.mark.parametrize(
    "constraint",
    [
        Described("Index", None, False, ("lower(person)",), ()),
        Described("ForeignKey", None, False, ("person",), ("hr.people.id",)),
        Described("ForeignKey", None, False, ("person",), ()),
        Described("Unique", None, False, (), ()),
    ],
)
def test_what_sqlalchemy_has_to_say(constraint: Described) -> None:
    assert usual_names(USUAL, _asked(constraint)) is None
