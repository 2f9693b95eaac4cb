from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ormlint.discover import Project, discover

Write = Callable[[Mapping[str, str]], Path]


def modules_of(found: Project) -> dict[str, str | None]:
    """Path → module name."""
    return {path: named.module for path in found.paths if (named := found.named(path)) is not None}


@pytest.fixture
def named(project: Write) -> Callable[..., dict[str, str | None]]:
    """Path → module name, of a project with these files."""

    def names(files: Mapping[str, str], *roots: str) -> dict[str, str | None]:
        return modules_of(discover([project(files)], roots=roots))

    return names


Named = Callable[..., dict[str, str | None]]


def test_packages_are_named_from_the_folder_above_the_outermost(named: Named) -> None:
    assert named(
        {
            "main.py": "",
            "src/shop/__init__.py": "",
            "src/shop/models/__init__.py": "",
            "src/shop/models/order.py": "",
            "backend/api/__init__.py": "",
        }
    ) == {
        "main.py": "main",
        "src/shop/__init__.py": "shop",
        "src/shop/models/__init__.py": "shop.models",
        "src/shop/models/order.py": "shop.models.order",
        "backend/api/__init__.py": "api",
    }


def test_imports_name_folders_without_an_init_file(named: Named) -> None:
    assert named(
        {
            "backend/main.py": "from app.api.routes import router\n",
            "backend/app/api/routes.py": "import os\nfrom app.models.user import User\n",
            "backend/app/models/user.py": "",
            "backend/app/never/imported.py": "",
        }
    ) == {
        "backend/main.py": "main",
        "backend/app/api/routes.py": "app.api.routes",
        "backend/app/models/user.py": "app.models.user",
        "backend/app/never/imported.py": "app.never.imported",
    }


def test_imports_name_the_folders_of_a_flat_program(named: Named) -> None:
    files = {
        "backend/main.py": "from models.user import User\nfrom config import DEBUG\n",
        "backend/config/__init__.py": "",
        "backend/models/user.py": "from models.base import Base\n",
        "backend/models/base.py": "",
    }

    assert named(files) == {
        "backend/config/__init__.py": "config",
        "backend/main.py": "main",
        "backend/models/base.py": "models.base",
        "backend/models/user.py": "models.user",
    }


def test_the_program_decides_against_its_tests(named: Named) -> None:
    """`src` is a package only by the looks; tests that run from above it do not say how the program runs."""
    names = named(
        {
            "src/__init__.py": "",
            "src/app/__init__.py": "",
            "src/app/main.py": "from .models import User\n",
            "src/app/models.py": "",
            "src/migrations/env.py": "from app.models import Base\n",
            "tests/test_main.py": "from src.app.main import app\nfrom src.app.models import User\n",
        }
    )

    assert names["src/app/models.py"] == "app.models"
    assert names["src/migrations/env.py"] == "migrations.env"


def test_what_only_tests_import_is_named_as_they_do(named: Named) -> None:
    names = named(
        {
            "src/__init__.py": "",
            "src/app/__init__.py": "",
            "src/app/models.py": "from . import base\n",
            "src/app/base.py": "",
            "tests/test_models.py": "from src.app.models import User\n",
        }
    )

    assert names["src/app/models.py"] == "src.app.models"


@pytest.mark.parametrize(
    "line",
    [
        "import redis",
        "from redis import Redis",
        "from redis.cluster import RedisCluster",
        "import logging",
        "from logging.handlers import RotatingFileHandler",
    ],
)
def test_a_library_with_the_name_of_a_module_says_nothing(named: Named, line: str) -> None:
    names = named(
        {
            "src/shop/__init__.py": "",
            "src/shop/redis.py": f"{line}\n",
            "src/shop/logging/__init__.py": "",
            "src/shop/logging/handlers.py": "",
        }
    )

    assert names["src/shop/redis.py"] == "shop.redis"
    assert names["src/shop/logging/handlers.py"] == "shop.logging.handlers"


def test_a_name_that_no_import_can_say(named: Named) -> None:
    assert named(
        {
            "alembic/env.py": "from alembic import context\n",
            "alembic/versions/0001_first.py": "",
            "alembic/versions/first.py": "",
            "my-scripts/run.py": "",
            "my-scripts/2024.py": "",
            "web-app/__init__.py": "",
            "web-app/views.py": "",
        }
    ) == {
        "alembic/env.py": None,
        "alembic/versions/0001_first.py": None,
        "alembic/versions/first.py": None,
        "my-scripts/2024.py": None,
        "my-scripts/run.py": "run",
        "web-app/__init__.py": None,
        "web-app/views.py": "views",
    }


def test_loose_scripts_are_named_from_the_closest_project(named: Named) -> None:
    assert named({"backend/pyproject.toml": "", "backend/tools/seed.py": "", "tools/seed.py": ""}) == {
        "backend/tools/seed.py": "tools.seed",
        "tools/seed.py": "seed",
    }


def test_alembic_puts_a_folder_on_the_path(named: Named) -> None:
    files = {
        "alembic.ini": "[alembic]\nscript_location = migrations\nprepend_sys_path = lib\n",
        "lib/shop/models.py": "",
        "migrations/env.py": "",
    }

    assert named(files)["lib/shop/models.py"] == "shop.models"


def test_stated_roots_hold_for_all_below(named: Named) -> None:
    files = {"legacy/code/shop/__init__.py": "", "legacy/code/shop/models.py": ""}

    assert named(files)["legacy/code/shop/models.py"] == "shop.models"
    assert named(files, "legacy")["legacy/code/shop/models.py"] == "code.shop.models"


def test_a_stated_root_that_is_not_there_is_a_problem(project: Write) -> None:
    found = discover([project({"a.py": ""})], roots=["bakend"])

    assert [(problem.path, problem.reason) for problem in found.problems] == [
        ("bakend", "`roots` in the settings names it, and it is not there")
    ]


def test_a_name_starts_from_a_root(project: Write) -> None:
    found = discover([project({"main.py": "", "src/shop/__init__.py": ""})])

    assert found.named("main.py") == ("main", "")
    assert found.named("src/shop/__init__.py") == ("shop", "src/")
    assert found.named("src/shop/nothing.py") is None


def test_an_import_means_the_same_whoever_asked_before(project: Write) -> None:
    """Files of one folder may start from different roots."""
    files = {
        "pyproject.toml": "",
        "shared.py": "",
        "tools/shared.py": "",
        "tools/tool.py": "",
        "tools/main.py": "from tool import run\n",
    }
    root = project(files)
    means = {
        "tools/tool.py": ("tools/shared.py", "shared.py"),
        "tools/main.py": ("shared.py", "tools/shared.py"),
    }
    for importers in (list(means), list(reversed(means))):
        found = discover([root])
        assert {path: found.find("shared", path) for path in importers} == means


@pytest.fixture
def services(project: Write) -> Project:
    """Two services with a package `app` each, and a library that both import."""
    files = {"libs/common/pyproject.toml": "", "libs/common/src/common/__init__.py": ""}
    for name in ("billing", "orders"):
        files |= {
            f"services/{name}/pyproject.toml": "",
            f"services/{name}/app/__init__.py": "",
            f"services/{name}/app/main.py": "from app.models import Base\nfrom common import Base\n",
            f"services/{name}/app/models.py": "",
            f"services/{name}/tests/test_app.py": "from app.models import Base\n",
        }
    files["services/orders/app/cart.py"] = "from app.models import Base\n"
    return discover([project(files)])


@pytest.mark.parametrize(
    ("module", "importer", "files"),
    [
        ("app.models", "services/billing/app/main.py", ["services/billing/app/models.py"]),
        ("app.models", "services/orders/app/main.py", ["services/orders/app/models.py"]),
        ("app", "services/orders/tests/test_app.py", ["services/orders/app/__init__.py"]),
        # What its own package does not have is not taken from another service.
        ("app.cart", "services/billing/app/main.py", []),
        ("app.cart", "services/orders/app/main.py", ["services/orders/app/cart.py"]),
        ("common", "services/billing/app/main.py", ["libs/common/src/common/__init__.py"]),
        ("app.nothing", "services/billing/app/main.py", []),
        ("nothing.at.all", "services/billing/app/main.py", []),
        ("json", "services/billing/app/main.py", []),
    ],
)
def test_imports_mean_the_importing_files_own_project_first(
    services: Project, module: str, importer: str, files: list[str]
) -> None:
    assert list(services.find(module, importer)) == files


def test_the_same_name_in_two_services_is_told_apart_by_path(services: Project) -> None:
    assert [path for path, module in modules_of(services).items() if module == "app.models"] == [
        "services/billing/app/models.py",
        "services/orders/app/models.py",
    ]


def test_a_file_is_found_under_each_of_its_names(project: Write) -> None:
    found = discover(
        [
            project(
                {
                    "src/app/main.py": "from app.models import User\n",
                    "src/app/models.py": "",
                    "tests/test_models.py": "from src.app.models import User\n",
                    "scripts/seed.py": "",
                }
            )
        ]
    )

    assert found.find("src.app.models", "tests/test_models.py") == ("src/app/models.py",)
    assert found.find("app.models", "tests/test_models.py") == ("src/app/models.py",)
    assert found.find("app.models", "src/app/main.py") == ("src/app/models.py",)
    assert found.find("seed", "src/app/main.py") == ()


def test_alembic_itself_is_never_the_folder_of_migrations(project: Write) -> None:
    found = discover(
        [project({"alembic/__init__.py": "", "alembic/env.py": "", "alembic/op.py": "", "app.py": ""})]
    )

    assert found.find("alembic", "app.py") == ()
    assert found.find("alembic.op", "alembic/env.py") == ()


def test_a_package_goes_before_a_module_of_its_name(project: Write) -> None:
    found = discover([project({"models.py": "", "models/__init__.py": "", "main.py": ""})])

    assert found.find("models", "main.py") == ("models/__init__.py",)


def test_naming_many_files_reads_few(project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        f"app/part{part}/{name}.py": f"from app.part{part}.a import x\n"
        for part in range(40)
        for name in "abcd"
    }
    root = project(files)
    read: list[str] = []

    def counting(folder: str) -> Callable[[str, int], bytes]:
        def head(path: str, size: int) -> bytes:
            read.append(path)
            return Path(folder, path).read_bytes()[:size]

        return head

    monkeypatch.setattr("ormlint.discover.project.read_head", counting)
    names = {*modules_of(discover([root])).values()}

    assert names == {f"app.part{part}.{name}" for part in range(40) for name in "abcd"}
    assert len(read) <= 8


def test_a_file_that_cannot_be_read_is_still_named(ordinary_user: Path) -> None:
    (ordinary_user / "a.py").touch(mode=0o000)

    assert discover([ordinary_user]).named("a.py") == ("a", "")
