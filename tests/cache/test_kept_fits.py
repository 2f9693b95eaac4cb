"""What schemas' names and fields point at is kept as long as nothing that has a say in it changes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING
from unittest import mock

import msgspec
import pytest

from ormlint.cache import Cache
from ormlint.findings import Place
from ormlint.graph.layout import Layout
from ormlint.graph.link import judge, kept_fits, link
from ormlint.graph.memo import Memo, Now, Record
from ormlint.graph.model import Field, Graph, Model, Schema
from ormlint.graph.model.tables import MappedColumn
from ormlint.graph.model.types import Class, Name
from ormlint.graph.schemas import keeping
from ormlint.options import Options
from ormlint.packing import written
from ormlint.shelf import Index, Shelf

if TYPE_CHECKING:
    from work_tree import WorkTree

SCHEMAS = """\
from pydantic import BaseModel, ConfigDict


class VisitRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    person_id: int
    note: str
    room: str


class PersonCard(BaseModel):
    id: int
    email: str


class Answer(BaseModel):
    words: list[str]
    sources: int
"""


@pytest.fixture
def judging(tree: WorkTree) -> Iterator[list[str]]:
    """The schemas that are judged from now on; the project was checked once."""
    tree.write("app/visits.py", SCHEMAS)
    tree.commit()
    tree.check()
    names: list[str] = []
    best = judge.best

    def noted(schema: Schema, *given: object) -> object:
        names.append(schema.name)
        return best(schema, *given)  # type: ignore[arg-type]

    with mock.patch.object(judge, "best", noted):
        yield names


@pytest.mark.parametrize(
    ("path", "old", "new", "judged"),
    [
        ("app/sums.py", "a + b", "a - b", []),
        ("app/schemas.py", "age: int", "aged: int", []),
        ("app/visits.py", "sources", "source", ["Answer"]),
        ("app/visits.py", "    note: str", "    note: str | None", []),
        ("app/visits.py", "from_attributes=True", "from_attributes=False", ["VisitRead"]),
        ("app/models.py", "note: Mapped", "comment: Mapped", ["PersonCard", "VisitRead"]),
        ("app/models.py", "email: Mapped", "source: Mapped[str]\n    email: Mapped", ["PersonCard"]),
        ("app/models.py", "class Visit(", "class Stay(", ["PersonCard", "VisitRead"]),
        ("ormlint.toml", "", '[schemas]\nrole-affixes.read = ["read", "answer"]\n', None),
    ],
)  # fmt: skip
def test_only_what_may_point_elsewhere_is_judged_anew(
    tree: WorkTree, judging: list[str], path: str, old: str, new: str, judged: list[str] | None
) -> None:
    if old:
        tree.replace(path, old, new)
    else:
        tree.write(path, new)
    found = sorted(tree.noted(judging))
    if judged is not None:
        assert found == judged


@pytest.mark.parametrize(
    ("path", "old", "new", "asked"),
    [
        ("app/sums.py", "a + b", "a - b", []),
        ("app/models.py", "note: Mapped", "comment: Mapped", []),
        ("app/schemas.py", "age: int", "aged: int", []),
        ("app/visits.py", "sources", "source", ["Answer", "PersonCard", "VisitRead"]),
    ],
)
def test_a_schema_is_compared_where_its_module_is_read_anew(
    tree: WorkTree, judging: list[str], path: str, old: str, new: str, asked: list[str]
) -> None:
    names: list[str] = []
    digest = kept_fits._digest
    tree.replace(path, old, new)
    with mock.patch.object(kept_fits, "_digest", lambda schema: names.append(schema.name) or digest(schema)):
        tree.check()
    assert sorted(names) == asked
    tree.agrees()


@pytest.mark.parametrize("rival", ["Visit", "VisitRecord", "Stay"])
def test_a_model_that_comes_and_goes(tree: WorkTree, judging: list[str], rival: str) -> None:
    models = (tree.root / "app/models.py").read_text()
    visit = models[models.index("class Visit") :]
    head = models[: models.index("class Person")]
    first = tree.agrees()
    tree.write("app/rival.py", head + visit.replace("Visit", rival).replace('"visits"', '"rivals"'))
    tree.agrees()
    (tree.root / "app/rival.py").unlink()
    assert tree.agrees() == first
    assert judging


def test_the_fields_of_schemas_that_nothing_asks_for_rest(tree: WorkTree, judging: list[str]) -> None:
    decode, decoded = keeping._decode_fields, list[list[str]]()

    def noted(data: memoryview) -> dict[str, Field]:
        fields = decode(data)
        decoded.append([*fields])
        return fields

    page = "\n\nclass PeoplePage(BaseModel):\n    items: list[PersonCard]\n    total: int\n"
    tree.write("app/visits.py", f"{SCHEMAS}{page}")
    tree.check()
    tree.replace("app/models.py", "email: Mapped", "mail: Mapped")
    with mock.patch.object(keeping, "_decode_fields", noted):
        tree.check()
    assert decoded == [["id", "email", "age"], ["id", "email"], ["id", "person_id", "note", "room"]]
    tree.agrees()


def test_a_name_that_cannot_be_written_down(tree: WorkTree, judging: list[str]) -> None:
    tree.replace("app/visits.py", "import BaseModel,", "import BaseModel, Field,")
    tree.replace("app/visits.py", "    note: str", "    note: str = Field(alias='\\ud800')")
    tree.agrees()
    tree.replace("app/models.py", "note: Mapped", "comment: Mapped")
    tree.agrees()
    assert "VisitRead" in judging


POOL = [*"abcdefgh", "id", "name", "title"]
NAMES = ["Person", "PersonRow", "_Person", "Visit", "PersonVisit", "Thing", "OldThing"]
NOWHERE = Place("x.py", 1)
PLACES = [Place("x.py", 1), Place("s/x.py", 1), Place("t/x.py", 1)]
CARRIED = Class("app.Carried", "Carried", NOWHERE, annotated=True, roots=())
Modules = dict[str, dict[str, Schema]]
"""The schemas by path and id."""
NOW = Now(Layout(), lambda _: "", lambda _: "", lambda *_: None)


def _model(chance: random.Random, key: str) -> Model:
    names = chance.sample(POOL, chance.randint(1, 7))
    columns = {name: MappedColumn(name, name, NOWHERE) for name in names[:-1]}
    others = dict.fromkeys(names[-1:], "property")
    name, place = chance.choice(NAMES), chance.choice(PLACES)
    return Model(key, name, place, None, columns=columns, attributes=others)


def _schema(chance: random.Random, key: str, path: str) -> Schema:
    names = chance.sample([*POOL, "total"], chance.choice([1, 1, 2, 3, 4, 5, 6]))
    read = {name: (chance.choice(POOL),) if chance.random() < 0.2 else (name,) for name in names}
    kinds = {name: chance.choice([Name("builtins.str"), CARRIED]) for name in names}
    fields = {name: Field(name, NOWHERE, read_as=read[name], kind=kinds[name]) for name in names}
    name = chance.choice(NAMES) + chance.choice(["", "Read", "Create", "Base", "Payload"])
    return Schema(key, name, Place(path, 1), fields=fields, from_attributes=chance.random() < 0.5)


def _changed(chance: random.Random, graph: Graph, modules: Modules) -> None:
    """Let a model or a schema come, go, become another, or become like another."""
    key = f"m{chance.randint(0, 7)}"
    kind = chance.choice(["come", "go", "alike", "named", "moved", "schema", "wrap", "gone"])
    path = chance.choice([*modules])
    if kind == "come":
        graph.models[key] = _model(chance, key)
    elif kind == "go":
        graph.models.pop(key, None)
    elif kind == "schema":
        key = f"s{chance.randint(0, 30)}"
        modules[path][key] = _schema(chance, key, path)
    elif kind == "wrap" and modules[path]:
        schema = chance.choice([*modules[path].values()])
        fields = {name: msgspec.structs.replace(each, kind=CARRIED) for name, each in schema.fields.items()}
        modules[path][schema.id] = msgspec.structs.replace(schema, fields=fields)
    elif kind == "gone":
        modules[path].clear()
    elif graph.models:
        like = chance.choice([*graph.models.values()])
        name = chance.choice(NAMES) if kind == "named" else like.name
        place = chance.choice(PLACES) if kind != "named" else like.place
        key = key if kind == "alike" else like.id
        graph.models[key] = msgspec.structs.replace(like, id=key, name=name, place=place)


@pytest.mark.parametrize("seed", range(40))
def test_links_are_the_same_whatever_changes(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    graph = Graph(options=Options())
    graph.models = {key: _model(chance, key) for key in (f"m{n}" for n in range(6))}
    modules: Modules = {path: {} for path in ("s/a.py", "s/b.py", "t/c.py", "d.py")}
    for number in range(30):
        path = chance.choice([*modules])
        modules[path][f"s{number}"] = _schema(chance, f"s{number}", path)
    bare = msgspec.msgpack.Encoder()
    record, shelf = Record(), Shelf(Cache(None), "", Index())
    for _ in range(25):
        memo = Memo(record, NOW, shelf)
        graph.schemas = {}
        for path, schemas in modules.items():
            _recall_or_keep(memo, path, schemas)
            graph.schemas.update(schemas)  # of two with one id the last stands
        copies = [msgspec.msgpack.decode(bare.encode(graph), type=Graph) for _ in range(2)]
        link(copies[0])
        link(copies[1], memo=memo)
        assert copies[0] == copies[1]
        record = memo.record()
        for _ in range(chance.randint(0, 2)):
            _changed(chance, graph, modules)


def _recall_or_keep(memo: Memo, path: str, schemas: dict[str, Schema]) -> None:
    """Have the memo say what it says where the schemas of a module are read."""
    if memo.recall(f"schemas of {path}", "") != written(schemas):
        memo.keep(f"schemas of {path}", "", (), schemas)
