"""Where files come and go, names that are not looked up again lead where they led."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ormlint.discover.evidence import Tree, imported_at_top
from ormlint.discover.roots import Names
from ormlint.graph.layout import Layout, Moves

PARTS = ("app", "api", "alembic", "env", "json", "__init__")
NAMES = [".".join(parts) for length in (1, 2, 3) for parts in product(PARTS, repeat=length)]
FOLDERS = [
    "",
    "app/",
    "api/",
    "src/",
    "app/api/",
    "app/app/",
    "alembic/",
    "src/app/",
    "api/alembic/",
    "my-api/app/",
]
PATHS = [f"{folder}{part}.py" for folder in FOLDERS for part in (*PARTS, "a-b")]
IMPORTS = ("", "import app\n", "from app.api import x\n", "from api.app import x\n", "import src.app.api\n")


class Project(NamedTuple):
    files: dict[str, str]
    stated: list[str]
    likely: list[str]

    @property
    def names(self) -> Names:
        def imported(path: str) -> list[str]:
            return imported_at_top(lambda path, size: self.files[path].encode()[:size], path)

        return Names(Tree(sorted(self.files)), imported, stated=self.stated, likely=self.likely)

    def layout(self, names: Names) -> Layout:
        return Layout(sorted(self.files), sorted(names.roots), sorted(names.likely), names.shown)


FILES = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(IMPORTS), min_size=1, max_size=14)
ROOTS = st.lists(st.sampled_from(FOLDERS), max_size=2)
CHANGES = st.dictionaries(st.sampled_from(PATHS), st.none() | st.sampled_from(IMPORTS), max_size=3)


@st.composite
def two_states(draw: st.DrawFn) -> tuple[Project, Project]:
    """A project, and what it is once files came, changed or went."""
    files, stated, likely = draw(FILES), draw(ROOTS.filter(lambda roots: len(roots) < 2)), draw(ROOTS)
    then = {**files, **draw(CHANGES)}
    left = {path: text for path, text in then.items() if text is not None}
    return Project(files, stated, likely), Project(left, stated, draw(st.just(likely) | ROOTS))


def without(path: str, *others: str) -> tuple[Project, Project]:
    """A project of some empty files, and the same without the first of them."""
    files = dict.fromkeys([path, *others], "")
    return Project(files, [], [""]), Project(dict.fromkeys(others, ""), [], [""])


@settings(max_examples=300)
@given(two_states())
@example(without("app/api.py", "api.py"))
@example(without("api/app/__init__.py", "api/app/api.py"))
@example(without("alembic/env.py", "alembic/api.py", "app/app.py"))  # the folder is no environment any more
@example(without("env.py", "app/api.py", "src/env/app.py"))  # `env.app` is looked for elsewhere
@example(without("api/app.py", "app/api.py", "src/api/env.py"))  # and so is `api.env`
def test_names_that_are_not_looked_up_again(states: tuple[Project, Project]) -> None:
    before, now = states
    was, found = before.names, now.names
    moves = Moves(before.layout(was), now.layout(found))
    again = moves.among(NAMES)
    both = before.files.keys() & now.files.keys()
    alike = {path for path in both if was.named(path) == found.named(path)}
    assert alike == both or not moves.are_named_alike
    for importer, name in product(alike, NAMES):
        if name not in again:
            assert was.find(name, importer)[:1] == found.find(name, importer)[:1], (name, importer)


@given(two_states())
def test_roots_are_those_of_all_names(states: tuple[Project, Project]) -> None:
    for project in states:
        names = project.names
        named = [named for path in project.files if (named := names.named(path)) is not None]
        assert names.roots == names.likely | {root for _, root in named}


def test_few_names_are_looked_up_again() -> None:
    paths = sorted(PATHS)
    layout = Layout(paths, [""], [""])
    assert not Moves(layout, layout).among(NAMES)
    without = Layout([path for path in paths if path != "app/api/json.py"], [""], [""])
    names = ["app", "app.api", "app.api.json", "app.api.env", "json.api", "api.app"]
    assert Moves(layout, without).among(names) == {"app.api.json", "json.api"}
    assert Moves(layout, without).are_named_alike
    assert Moves(layout, Layout(paths, [""], ["", "app/"])).among(["app", "api"]) == {"app", "api"}
