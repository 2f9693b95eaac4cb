from __future__ import annotations

from pathlib import Path

import pytest

from ormlint.annotate import Annotated, annotate, with_comments
from ormlint.findings import Finding, Place, Severity
from ormlint.settings import UsageError


def at(line: int, code: str = "ORM201", path: str = "a.py") -> Finding:
    return Finding(code, "name", Severity.WARNING, "m", Place(path, line))


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("x = 1\n", 1, "x = 1  # ormlint: ignore[ORM201] why\n"),
        ("x = 1", 1, "x = 1  # ormlint: ignore[ORM201] why"),
        ("x = 1\r\ny = 2\r\n", 1, "x = 1  # ormlint: ignore[ORM201] why\r\ny = 2\r\n"),
        ("x = 1  # so\n", 1, "x = 1  # so  # ormlint: ignore[ORM201] why\n"),
        ("x = 1  # ormlint: ignore[ORM3] so\n", 1, "x = 1  # ormlint: ignore[ORM3, ORM201] so\n"),
        ("f(\n    1,\n)\n", 2, "f(\n    1,  # ormlint: ignore[ORM201] why\n)\n"),
        (
            "if x:\n    f('''\n    ''')\n",
            2,
            "if x:\n    # ormlint: ignore[ORM201] why\n    f('''\n    ''')\n",
        ),
        ("x = 1 + \\\n    2\n", 1, "# ormlint: ignore[ORM201] why\nx = 1 + \\\n    2\n"),
        (
            "x = '# ormlint: ignore[ORM3]'\n",
            1,
            "x = '# ormlint: ignore[ORM3]'  # ormlint: ignore[ORM201] why\n",
        ),
    ],
)
def test_a_comment_is_written_where_it_counts(text: str, line: int, expected: str) -> None:
    assert with_comments(text, {line: ["ORM201"]}, "why ") == expected


def test_all_findings_of_a_file_are_silenced_at_once(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"\xef\xbb\xbfclass A:\n    x = '''\n    '''\n    y = 2\n")
    file.chmod(0o640)
    done = annotate(tmp_path, [at(1), at(2, "ORM303"), at(1, "ORM202"), at(1), at(4)])
    assert done == Annotated(4, 1, ())
    assert file.read_bytes() == (
        b"\xef\xbb\xbfclass A:  # ormlint: ignore[ORM201, ORM202]\n    # ormlint: ignore[ORM303]\n"
        b"    x = '''\n    '''\n    y = 2  # ormlint: ignore[ORM201]\n"
    )
    assert file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["a.py"]


def test_the_encoding_of_a_file_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes("# coding: latin-1\nx = 'é'\n".encode("latin-1"))
    assert annotate(tmp_path, [at(2)], "année") == Annotated(1, 1, ())
    expected = "# coding: latin-1\nx = 'é'  # ormlint: ignore[ORM201] année\n"
    assert (tmp_path / "a.py").read_bytes() == expected.encode("latin-1")
    assert annotate(tmp_path, [at(2, "ORM1")], "→").findings == 1  # the comment is there: only its codes grow


@pytest.mark.parametrize(
    ("path", "text", "code", "why"),
    [
        ("a.py", "x = = 1\n", "ORM001", "a.py: cannot be parsed, and stays as it is"),
        ("alembic.ini", "[alembic]\n", "ORM401", "alembic.ini: is no Python file, and takes no comments"),
        ("a.py", "x = 1\n", "ORM003", "a.py:1: ORM003 is about a comment itself"),
        ("a.py", "x = '\\\n'\n", "ORM201", ""),
    ],
)
def test_a_file_that_takes_no_comment_stays(
    tmp_path: Path, path: str, text: str, code: str, why: str
) -> None:
    (tmp_path / path).write_text(text)
    done = annotate(tmp_path, [at(1, code, path)])
    assert done.refused == ((why,) if why else ())
    assert ((tmp_path / path).read_text() == text) is bool(why)


def test_a_reason_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one line"):
        annotate(tmp_path, [], "a\nb")
