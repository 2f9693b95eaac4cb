"""Digests of everything that an answer depends on."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ormlint.discover import discover
from ormlint.discover.contents import content_ids, digest


def test_sources_configuration_and_sql_are_known_by_their_content(tmp_path: Path) -> None:
    files = {
        "models.py": "a = 1\n",
        "pyproject.toml": "",
        "sql/view.sql": "CREATE VIEW v AS SELECT 1;\n",
        "x.md": "#",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)

    assert content_ids(discover([tmp_path])) == {
        path: digest(text.encode()) for path, text in files.items() if path != "x.md"
    }


def test_git_is_asked_for_what_it_knows(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text("a = 1\n")
    (tmp_path / "schemas.py").write_text("b = 1\n")
    subprocess.run(["git", "-C", str(tmp_path), "init", "-q"], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "-A"], check=True)
    (tmp_path / "schemas.py").write_text("b = 22\n")
    blob = subprocess.run(
        ["git", "-C", str(tmp_path), "rev-parse", ":models.py"], check=True, capture_output=True, text=True
    )

    assert content_ids(discover([tmp_path])) == {
        "models.py": blob.stdout.strip(),
        "schemas.py": digest(b"b = 22\n"),
    }
