from __future__ import annotations

from pathlib import Path

import pytest

from ormlint.findings import Finding, Place, Related, Severity
from ormlint.output.shown import lines_of, seen_from_here


@pytest.mark.parametrize(
    ("here", "path", "other"),
    [("", "app/a.py", "b.py"), ("app", "a.py", "../b.py"), ("docs", "../app/a.py", "../b.py")],
)
def test_paths_start_at_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str, path: str, other: str
) -> None:
    (tmp_path / here).mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path / here)

    def finding(path: str, other: str) -> Finding:
        ends = (Related(Place(other, 2), "here"),)
        return Finding("ORM301", "missing-table", Severity.ERROR, "m", Place(path, 1), related=ends)

    assert seen_from_here([finding("app/a.py", "b.py")], tmp_path) == [finding(path, other)]


def test_paths_of_a_project_elsewhere_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    found = Finding("ORM301", "missing-table", Severity.ERROR, "m", Place("a.py", 1))
    (shown,) = seen_from_here([found], tmp_path / "there")
    assert shown.place == Place(f"{tmp_path.as_posix()}/there/a.py", 1)


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\r\nb\rc\x0cd\n", ("a", "b", "c\x0cd", "")),
        ("# coding: latin-1\nü".encode("latin-1"), ("# coding: latin-1", "ü")),
        ("\ufeffé\u2028".encode(), ("é\u2028",)),
        (b"x\n\xff", ("x", "\ufffd")),
        (b"# coding: nonsense\nx", ("# coding: nonsense", "x")),
    ],
)
def test_lines_as_python_counts_them(tmp_path: Path, data: bytes, lines: tuple[str, ...]) -> None:
    (tmp_path / "a.py").write_bytes(data)
    assert lines_of(str(tmp_path / "a.py")) == lines


def test_a_file_that_is_gone_has_no_lines(tmp_path: Path) -> None:
    assert lines_of(str(tmp_path / "a.py")) == ()
