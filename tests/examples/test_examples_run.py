import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

OBSERVE = Path(__file__).with_name("observe.py")
EXAMPLES = Path(__file__).parents[2] / "examples"
PROJECTS = [EXAMPLES / "clinic", EXAMPLES / "clinic-healthy"]


def observed(project: Path, scratch: Path) -> list[list[str]]:
    """What SQLAlchemy, Alembic and Pydantic see in the imported and migrated project."""
    ran = subprocess.run(
        [sys.executable, "-B", OBSERVE, project, scratch], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    observations: list[list[str]] = json.loads(ran.stdout)
    return observations


def promised() -> list[list[str]]:
    """The rows of the README's table; a row with two files counts once for each."""
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (ORM\d{3}) \| (.+?) \| (.+?) \|", readme, re.MULTILINE)
    return sorted(
        [code, path, subject.replace("`", "")]
        for code, paths, subject in rows
        for path in re.findall(r"`(.+?)`", paths)
    )


def test_the_healthy_clinic_is_in_step_everywhere(tmp_path: Path) -> None:
    assert observed(EXAMPLES / "clinic-healthy", tmp_path) == []


def test_the_clinic_has_the_drift_of_the_readme_and_no_other(tmp_path: Path) -> None:
    assert observed(EXAMPLES / "clinic", tmp_path) == promised()


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_the_source_gives_nothing_away(project: Path) -> None:
    sources = [path for path in project.rglob("*") if path.suffix in {".py", ".ini", ".toml", ".mako"}]
    telling = re.compile(r"ormlint|\bORM\d|drift", re.IGNORECASE)
    assert [path for path in sources if telling.search(path.read_text(encoding="utf-8"))] == []


def test_the_two_clinics_are_one_project() -> None:
    """Only the last migrations go by different names."""
    clinic, healthy = (
        {path.relative_to(project).as_posix() for path in project.rglob("*.py")} for project in PROJECTS
    )
    assert clinic ^ healthy == {
        "alembic/versions/0009_practitioner_license_number_required.py",
        "alembic/versions/0009_practitioner_licenses.py",
        "alembic/versions/0010_patient_search.py",
        "alembic/versions/0010_waitlist.py",
    }


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_the_routes_compile(project: Path) -> None:
    """FastAPI is no dependency of these tests, so the routes are compiled and not imported."""
    for source in [project / "app/main.py", *(project / "app/api").glob("*.py")]:
        compile(source.read_bytes(), source, "exec")
