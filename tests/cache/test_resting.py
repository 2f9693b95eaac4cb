"""A module of schemas that is as it was is not run again, unless something asks for it."""

from collections.abc import Iterator
from unittest import mock

import pytest
from work_tree import WorkTree

from ormlint import pipeline
from ormlint.graph.machine.machine import Machine
from ormlint.graph.machine.values import ModuleValue
from ormlint.runs import Caching

READ = """\
from pydantic import BaseModel


class Later(BaseModel):
    late: str
"""
SCHEMAS = {
    "app/fields.py": "NAMES = ['first']\n\n\ndef make():\n    return NAMES\n",
    "app/made.py": """\
from pydantic import create_model

from app.fields import NAMES, make

Made = create_model("Made", **{name: (str, ...) for name in NAMES})
Same = create_model("Same", **{name: (str, ...) for name in make()})
""",
    "app/based.py": """\
from app.late import Later


class Based(Later):
    phone: str
""",
    "app/late.py": READ,
}


@pytest.fixture
def ran(tree: WorkTree) -> Iterator[list[str]]:
    """The modules that are run from now on; the project was checked once."""
    for path, text in SCHEMAS.items():
        tree.write(path, text)
    tree.commit()
    pipeline.graph(tree.root, caching=Caching())
    paths: list[str] = []
    execute = Machine.execute

    def executed(machine: Machine, module: ModuleValue) -> ModuleValue:
        if module.state == "new" and not module.is_stub and module.path.startswith("app/"):
            paths.append(module.path.removeprefix("app/"))
        return execute(machine, module)

    with mock.patch.object(Machine, "execute", executed):
        yield paths


def run_by(tree: WorkTree, ran: list[str]) -> list[str]:
    """The modules without models that are run for a graph with the cache; it is the graph without."""
    ran.clear()
    graph = pipeline.graph(tree.root, caching=Caching())
    found = sorted({*ran} - {"base.py", "models.py", "schemas.py"})  # which `app/api.py` tells of
    assert graph == pipeline.graph(tree.root)
    return found


@pytest.mark.parametrize(
    ("path", "old", "new", "asked"),
    [
        ("app/models.py", "email: Mapped[str]", "phone: Mapped[str]", []),
        ("app/based.py", "phone: str", "email: int", ["based.py", "late.py"]),
        ("app/late.py", "late: str", "phone: str", ["based.py", "late.py"]),
        ("app/made.py", "create_model(", "create_model(*[], ", ["fields.py", "made.py"]),
        ("app/fields.py", "first", "email", ["fields.py", "made.py"]),
    ],
)
def test_only_what_changed_and_what_it_asks_for_is_run(
    tree: WorkTree, ran: list[str], path: str, old: str, new: str, asked: list[str]
) -> None:
    tree.replace(path, old, new)
    assert run_by(tree, ran) == asked


@pytest.mark.parametrize("name", ["early", "zuletzt"])
@pytest.mark.parametrize(
    "change",
    [
        "from app.fields import NAMES\nNAMES.append('third')",
        "from app import fields\nfields.NAMES = ['email']",
        "from app.late import Later\nLater.model_config = {'from_attributes': False}",
        "from app.schemas import PersonRead\nPersonRead.age = 3",
    ],
)
def test_a_module_that_comes_and_changes_what_others_rest_on(
    tree: WorkTree, ran: list[str], name: str, change: str
) -> None:
    others = "from pydantic import BaseModel\nclass Other(BaseModel):\n    pass\n"
    tree.write(f"app/{name}.py", f"{others}{change}\n")
    run_by(tree, ran)
    tree.replace("app/models.py", "email: Mapped[str]", "phone: Mapped[str]")
    run_by(tree, ran)
    tree.write(f"app/{name}.py", others)
    run_by(tree, ran)
    tree.replace("app/models.py", "phone: Mapped[str]", "email: Mapped[str]")
    assert run_by(tree, ran) == []


def test_a_class_that_a_function_of_another_module_makes(tree: WorkTree, ran: list[str]) -> None:
    maker = """\
from pydantic import BaseModel, create_model


def make(name, field):
    class Local(BaseModel):
        pass

    return create_model(name, **{field: (str, ...)})
"""
    user = "from app.maker import make\nMine = make('Mine', 'email')\n"
    tree.write("app/maker.py", maker)
    tree.write("app/user.py", f"from pydantic import BaseModel\n{user}class User(BaseModel):\n    pass\n")
    run_by(tree, ran)
    tree.replace("app/user.py", "'email'", "'phone'")
    assert {"maker.py", "user.py"} <= set(run_by(tree, ran))
    tree.replace("app/models.py", "email: Mapped[str]", "phone: Mapped[str]")
    assert {"maker.py", "user.py"}.isdisjoint(run_by(tree, ran))
    tree.write("app/user.py", "")
    run_by(tree, ran)


def test_modules_that_import_each_other(tree: WorkTree, ran: list[str]) -> None:
    one = "from pydantic import BaseModel\nimport app.two\nclass One(BaseModel):\n    x: app.two.Two\n"
    two = "from app import one\nclass Two(one.BaseModel):\n    email: str\n    y: one.One\n"
    tree.write("app/one.py", one)
    tree.write("app/two.py", two)
    tree.write("app/three.py", "from app.two import Two\nclass Three(Two):\n    phone: str\n")
    for old, new in (("email: Mapped", "phone: Mapped"), ("phone: Mapped", "email: Mapped")):
        tree.replace("app/models.py", old, new)
        run_by(tree, ran)
    tree.replace("app/three.py", "phone: str", "email: int")
    run_by(tree, ran)


def test_what_tables_live_on_is_made_in_a_module_without_any(tree: WorkTree, ran: list[str]) -> None:
    tree.write(
        "app/store.py",
        "from sqlalchemy.orm import registry\nfrom pydantic import BaseModel\nreg = registry()\n",
    )
    tree.write("app/base.py", "from app.store import reg\nBase = reg.generate_base()\n")
    run_by(tree, ran)
    tree.replace("app/models.py", "email: Mapped[str]", "phone: Mapped[str]")
    assert "store.py" in run_by(tree, ran)


def test_a_class_that_says_of_which_module_it_is(tree: WorkTree, ran: list[str]) -> None:
    tree.write(
        "app/named.py",
        "from pydantic import create_model\nN = create_model('N', __module__='app.late', email=(int, ...))\n",
    )
    run_by(tree, ran)
    tree.replace("app/models.py", "email: Mapped[str]", "phone: Mapped[str]")
    assert {"late.py", "named.py"}.isdisjoint(run_by(tree, ran))
    (tree.root / "app/late.py").unlink()
    assert "named.py" in run_by(tree, ran)


def test_a_class_that_says_of_which_module_it_is_where_models_rest(tree: WorkTree, ran: list[str]) -> None:
    tree.write(
        "app/named.py",
        "from pydantic import create_model\nN = create_model('N', __module__='app.late', email=(int, ...))\n",
    )
    run_by(tree, ran)
    tree.replace("app/api.py", "model_validate", "model_construct")
    run_by(tree, ran)
