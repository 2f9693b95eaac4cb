from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from ormlint.discover import AlembicEnvironment, Problem, discover

Write = Callable[[Mapping[str, str]], Path]

ENV = "from alembic import context\n"


def tree(*folders: str) -> dict[str, str]:
    """An environment per folder, with a migration each."""
    files = {}
    for folder in folders:
        files[f"{folder}/env.py"] = ENV
        files[f"{folder}/versions/0001_first.py"] = "revision = 'a'\ndown_revision = None\n"
    return files


def ini(*lines: str, section: str = "alembic") -> str:
    return "\n".join((f"[{section}]", *lines, ""))


def found(root: Path) -> list[tuple[str, str | None, str | None]]:
    environments = discover([root]).environments
    return [(environment.path, environment.config, environment.section) for environment in environments]


def test_everything_that_a_configuration_says(project: Write) -> None:
    root = project(
        {
            **tree("backend/migrations"),
            "backend/migrations/versions/__init__.py": "",
            "backend/migrations/versions/.#0001.py": "",
            "backend/migrations/versions/old/0000.py": "",
            "backend/alembic.ini": ini(
                "script_location = migrations",
                "prepend_sys_path = . lib",
                "sqlalchemy.url = postgresql+asyncpg://u:%(password)s@h/db",
                "version_table = shop_version",
                "file_template = %%(year)d_%%(rev)s",
            ),
        }
    )

    project_found = discover([root])

    assert project_found.problems == ()
    assert project_found.environments == (
        AlembicEnvironment(
            path="backend/migrations",
            env_py="backend/migrations/env.py",
            version_locations=("backend/migrations/versions",),
            revision_files=("backend/migrations/versions/0001_first.py",),
            recursive=False,
            config="backend/alembic.ini",
            section="alembic",
            prepend_sys_path=(".", "lib"),
            sqlalchemy_url="postgresql+asyncpg://u:%(password)s@h/db",
            dialect="postgresql",
            options={
                "script_location": "migrations",
                "prepend_sys_path": ". lib",
                "version_table": "shop_version",
                "file_template": "%(year)d_%(rev)s",
                "here": str(root / "backend"),
            },
        ),
    )


def test_a_folder_below_with_a_history_of_its_own_goes_on_nowhere(project: Write) -> None:
    files = {
        "a.py": "revision = 'a'\ndown_revision = None\n",
        ".before/a.py": "revision = 'a'\ndown_revision = None\n",
        ".before/b.py": "revision = 'b'\ndown_revision = 'a'\n",
        "later/d.py": "revision = 'd'\ndown_revision = 'a'\n",
    }
    versions = {f"migrations/versions/{path}": text for path, text in files.items()}
    [environment] = discover([project({**tree("migrations"), **versions})]).environments
    assert environment.continued_in == ("migrations/versions/later/d.py",)


def test_files_below_that_go_on_where_the_migrations_end(project: Write) -> None:
    files = {
        "versions/1.0/b.py": "revision: str = 'b'\ndown_revision: str | None = 'a'\n",
        "versions/1.0/c.py": "revision = 'c'\ndown_revision = 'b'\n",
        "versions/2.0/d.py": "revision = 'd'\ndown_revision = (\n    'c',\n    'a',\n)\n",
        "versions/old/z.py": "revision = 'z'\ndown_revision = None\n",
        "versions/help/names.py": "NAMES = ['a']\n",
    }
    root = project({**tree("migrations"), **{f"migrations/{path}": text for path, text in files.items()}})
    [environment] = discover([root]).environments
    assert environment.continued_in == ("migrations/versions/1.0/b.py", "migrations/versions/2.0/d.py")

    (root / "alembic.ini").write_text(
        ini("script_location = migrations", "recursive_version_locations = true")
    )
    [environment] = discover([root]).environments
    assert environment.continued_in == ()


LOCATIONS = [
    pytest.param("script_location = migrations", id="relative"),
    pytest.param("script_location = ./migrations/", id="dot"),
    pytest.param("script_location = %(here)s/migrations", id="here"),
    pytest.param("script_location = shop:db/migrations", id="package"),
    pytest.param("script_location = shop:db:migrations", id="package and parts"),
    pytest.param("script_location = shop.db:migrations", id="package in a package"),
    pytest.param("script_location = migrations\nversion_locations = migrations/versions other", id="spaces"),
    pytest.param("script_location = migrations\nversion_locations = migrations/versions, other", id="commas"),
    pytest.param(
        "script_location = migrations\nversion_path_separator = :\n"
        "version_locations = %(here)s/migrations/versions:%(here)s/other",
        id="colon",
    ),
    pytest.param(
        "script_location = migrations\npath_separator = os\nversion_path_separator = ;\n"
        "version_locations = %(here)s/other:%(here)s/migrations/versions",
        id="os, which wins over the older key",
    ),
    pytest.param(
        "script_location = migrations\npath_separator = newline\n"
        "version_locations =\n  migrations/versions\n  other",
        id="newline",
    ),
    pytest.param(
        "script_location = migrations\npath_separator = space\n"
        "version_locations = shop:db/migrations/versions other",
        id="package in version_locations",
    ),
    pytest.param(
        "script_location = migrations\npath_separator = space\nversion_locations = migrations/versions gone",
        id="a version location that is not there",
    ),
    pytest.param("script_location = migrations\nrecursive_version_locations = true", id="recursive"),
    pytest.param(
        "script_location = migrations\nrecursive_version_locations = True", id="not quite recursive"
    ),
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:.*path_separator.*")
@pytest.mark.parametrize("lines", LOCATIONS)
def test_agrees_with_alembic(project: Write, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    root = project(
        {
            **tree("migrations", "src/shop/db/migrations"),
            "migrations/versions/deep/0002_second.py": "revision = 'b'\ndown_revision = 'a'\n",
            "other/0003_third.py": "revision = 'c'\ndown_revision = 'a'\n",
            "src/shop/__init__.py": "",
            "src/shop/db/__init__.py": "",
            "alembic.ini": ini(lines),
        }
    )
    monkeypatch.chdir(root)
    monkeypatch.syspath_prepend(str(root / "src"))
    for name in ("shop", "shop.db"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    script = ScriptDirectory.from_config(Config("alembic.ini"))
    loaded = {Path(revision.path).resolve() for revision in script.walk_revisions()}

    environment = next(each for each in discover([root]).environments if each.config)

    assert root / environment.path == Path(script.dir).resolve()
    assert {root / path for path in environment.revision_files} == loaded
    there = [Path(path).resolve() for path in script._version_locations if Path(path).exists()]
    assert [root / path for path in environment.version_locations] == there


@pytest.mark.parametrize(
    "location",
    ['"migrations"', '"%(here)s/migrations"', '"shop:migrations"', "'%(here)s/../backend/migrations'"],
)
def test_pyproject(project: Write, location: str) -> None:
    root = project(
        {
            **tree("backend/migrations", "backend/src/shop/migrations"),
            "backend/src/shop/__init__.py": "",
            "backend/more/0002_second.py": "",
            "backend/pyproject.toml": f"""\
                [tool.alembic]
                script_location = {location}
                version_locations = ["%(here)s/migrations/versions", "%(here)s/more"]
                prepend_sys_path = ["."]
                recursive_version_locations = true
            """,
        }
    )

    [environment] = (each for each in discover([root]).environments if each.config)

    assert environment.config == "backend/pyproject.toml"
    assert environment.section == "tool.alembic"
    assert environment.version_locations == ("backend/migrations/versions", "backend/more")
    assert environment.prepend_sys_path == (".",)
    assert environment.recursive


def test_an_ini_file_and_the_pyproject_beside_it_are_one_configuration(project: Write) -> None:
    root = project(
        {
            **tree("migrations"),
            "alembic.ini": ini("sqlalchemy.url = mysql://h/db"),
            "pyproject.toml": "[tool.alembic]\nprepend_sys_path = ['lib']\n"
            "script_location = '%(here)s/migrations'\n",
        }
    )

    [environment] = discover([root]).environments

    assert environment.path == "migrations"
    assert (environment.config, environment.section) == ("pyproject.toml", "alembic")
    assert (environment.dialect, environment.prepend_sys_path) == ("mysql", ("lib",))
    assert environment.options["script_location"] == f"{root}/migrations"


def test_named_sections_are_environments_of_their_own(project: Write) -> None:
    root = project(
        {
            **tree("src/shop/revisions/core", "src/shop/revisions/tenant"),
            "src/shop/__init__.py": "",
            "src/shop/alembic.ini": ini("file_template = %%(rev)s")
            + ini("script_location = shop:revisions/core", section="core")
            + ini("script_location = shop:revisions/tenant", section="tenant")
            + "[loggers]\nkeys = root\n",
        }
    )

    assert discover([root]).problems == ()
    assert found(root) == [
        ("src/shop/revisions/core", "src/shop/alembic.ini", "core"),
        ("src/shop/revisions/tenant", "src/shop/alembic.ini", "tenant"),
    ]


def test_sections_that_share_a_script_and_differ_in_their_versions(project: Write) -> None:
    root = project(
        {
            "migrations/env.py": ENV,
            "migrations/versions/one/0001.py": "",
            "migrations/versions/two/0001.py": "",
            "alembic.ini": "[DEFAULT]\nscript_location = migrations\n[alembic]\n"
            + ini("version_locations = migrations/versions/one", section="one")
            + ini("version_locations = migrations/versions/two", section="two")
            + "[loggers]\nkeys = root\n",
        }
    )

    environments = discover([root]).environments

    assert [(each.section, each.revision_files) for each in environments] == [
        ("one", ("migrations/versions/one/0001.py",)),
        ("two", ("migrations/versions/two/0001.py",)),
    ]


def test_two_files_that_name_one_folder_are_one_environment(project: Write) -> None:
    root = project(
        {
            **tree("backend/migrations"),
            "backend/alembic.ini": ini("script_location = migrations"),
            "backend/alembic.test.ini": ini("script_location = %(here)s/migrations"),
            "setup.cfg": ini("script_location = backend/migrations"),
        }
    )

    assert found(root) == [("backend/migrations", "backend/alembic.ini", "alembic")]


@pytest.mark.parametrize("location", ["backend/migrations", "migrations"])
def test_alembic_may_be_started_from_a_folder_above_or_beside(project: Write, location: str) -> None:
    root = project(
        {**tree("backend/migrations"), "deploy/prod/alembic.ini": ini(f"script_location = {location}")}
    )

    assert found(root) == [("backend/migrations", "deploy/prod/alembic.ini", "alembic")]
    assert discover([root]).problems == ()


def test_without_configuration_a_folder_with_env_py_and_versions(project: Write) -> None:
    root = project(
        {
            **tree("backend/migrations"),
            "tox/env.py": "import os\n",
            "tox/versions/a.py": "",
            "templates/env.py": ENV,
        }
    )

    assert discover([root]).environments == (
        AlembicEnvironment(
            path="backend/migrations",
            env_py="backend/migrations/env.py",
            version_locations=("backend/migrations/versions",),
            revision_files=("backend/migrations/versions/0001_first.py",),
        ),
    )


def test_an_environment_without_a_migration_yet(project: Write) -> None:
    root = project({"migrations/env.py": ENV, "migrations/versions/README": ""})

    [environment] = discover([root]).environments
    assert (environment.path, environment.revision_files) == ("migrations", ())


def test_flask_migrate_keeps_its_configuration_in_the_folder(project: Write) -> None:
    root = project({**tree("migrations"), "migrations/alembic.ini": ini("sqlalchemy.url = sqlite://")})

    assert found(root) == [("migrations", "migrations/alembic.ini", "alembic")]
    assert discover([root]).problems == ()


def test_settings_add_files_and_folders(project: Write) -> None:
    root = project(
        {
            "db/scripts/env.py": ENV,
            "db/other/env.py": ENV,
            "conf/alembic.conf": ini("script_location = db/other"),
            "a.py": "",
        }
    )

    project_found = discover([root], alembic=["db/scripts", "conf/alembic.conf", "gone.ini"])

    assert [each.path for each in project_found.environments] == ["db/scripts"]
    assert [problem.path for problem in project_found.problems] == ["gone.ini"]


BROKEN = [
    pytest.param(
        "script_location = migrations\n",
        1,
        "not a valid ini file: the line stands before the first [section]",
        id="no section",
    ),
    pytest.param(
        "[alembic]\nscript_location = migrations\nscript_location = x\n",
        3,
        "not a valid ini file: option 'script_location' in section 'alembic' already exists",
        id="an option twice",
    ),
    pytest.param(
        "[alembic]\n\n[alembic]\n",
        3,
        "not a valid ini file: section 'alembic' already exists",
        id="a section twice",
    ),
    pytest.param(
        "[alembic]\nscript_location = migrations\nwhat is this\n",
        3,
        "not a valid ini file: `what is this` sets no value",
        id="a line without a value",
    ),
    pytest.param(
        "[alembic]\n# where\nscript_location = %(root)s/migrations\n",
        3,
        "`script_location` of [alembic] cannot be interpolated: '%(root)s/migrations'",
        id="an unknown name",
    ),
    pytest.param(
        "[alembic]\nscript_location = 50%/migrations\n",
        2,
        "`script_location` of [alembic] cannot be interpolated: '50%/migrations'",
        id="a bare percent sign",
    ),
    pytest.param(
        "[alembic]\nscript_location = %(here)s/x\n",
        2,
        "`script_location = %(here)s/x` of [alembic] names no folder that is here",
        id="no such folder here",
    ),
    pytest.param(
        "[alembic]\nscript_location = nowhere\n",
        2,
        "`script_location = nowhere` of [alembic] names no folder that is here",
        id="no such folder",
    ),
]


@pytest.mark.parametrize(("text", "line", "reason"), BROKEN)
def test_a_broken_alembic_ini_is_a_problem_and_the_folder_is_found_by_its_looks(
    project: Write, text: str, line: int, reason: str
) -> None:
    root = project({**tree("backend/migrations"), "backend/alembic.ini": text})

    project_found = discover([root])

    [problem] = project_found.problems
    assert (problem.path, problem.line, problem.reason) == ("backend/alembic.ini", line, reason)
    assert problem.what_to_do
    assert [each.path for each in project_found.environments] == ["backend/migrations"]


def test_a_location_that_a_program_fills_in_is_no_problem(project: Write) -> None:
    root = project({**tree("migrations"), "alembic.ini": "[alembic]\nscript_location = {folder}\n"})

    project_found = discover([root])

    assert project_found.problems == ()
    assert [each.path for each in project_found.environments] == ["migrations"]


def test_a_separator_that_alembic_does_not_know(project: Write) -> None:
    lines = ("script_location = migrations", "path_separator = |", "version_locations = migrations/versions")
    root = project({**tree("migrations"), "alembic.ini": ini(*lines)})

    project_found = discover([root])

    assert [each.version_locations for each in project_found.environments] == [("migrations/versions",)]
    assert project_found.problems == (
        Problem(
            "alembic.ini",
            3,
            "`path_separator = |` of [alembic] is not one of `space`, `newline`, `os`, `:`, `;`",
            "write one of them",
        ),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[tool.alembic]\nscript_location = migrations\n", 2),
        ("[tool.alembic]\nscript_location = [\n", 2),
        ('[tool.alembic]\nx = 1\nscript_location = "%(root)s/migrations"\n', 3),
    ],
)
def test_a_broken_pyproject_is_a_problem(project: Write, text: str, line: int) -> None:
    root = project({**tree("backend/migrations"), "backend/pyproject.toml": text})

    project_found = discover([root])

    assert [(problem.path, problem.line) for problem in project_found.problems] == [
        ("backend/pyproject.toml", line)
    ]
    assert [each.path for each in project_found.environments] == ["backend/migrations"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ini("script_location = /srv/app/migrations"), id="a path in a container"),
        pytest.param(
            ini("script_location = %(here)s/../../../elsewhere/migrations"), id="a path above the project"
        ),
        pytest.param(ini("script_location = shop:migrations") + "\nkey: café\n", id="an encoding of its own"),
        pytest.param("﻿" + ini("script_location = migrations"), id="a byte order mark"),
        pytest.param(
            ini("sqlalchemy.url = sqlite:///%(missing)s", "script_location = migrations"), id="a URL"
        ),
        pytest.param(
            ini("script_location = migrations", "version_path_separator = os  # Use os.pathsep."),
            id="a comment",
        ),
    ],
)
def test_what_is_no_problem(project: Write, text: str) -> None:
    root = project({**tree("src/shop/migrations"), "src/shop/__init__.py": "", "src/shop/alembic.ini": text})

    project_found = discover([root])

    assert project_found.problems == ()
    assert [each.path for each in project_found.environments] == ["src/shop/migrations"]


def test_other_programs_ini_files_are_their_own_business(project: Write) -> None:
    root = project({"tox.ini": "broken\n", "setup.cfg": "[a]\n[a]\n", "app/odd.ini": "# script_location\nx"})

    assert discover([root]).problems == ()


def test_a_percent_sign_in_the_path_of_the_project(project: Write) -> None:
    root = project(
        {**tree("50%/migrations"), "50%/alembic.ini": ini("script_location = %(here)s/migrations")}
    )

    assert found(root) == [("50%/migrations", "50%/alembic.ini", "alembic")]
