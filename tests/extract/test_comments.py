from __future__ import annotations

import time
from textwrap import dedent

import pytest

from ormlint.extract import extract
from ormlint.extract.comments import comments
from ormlint.facts.comments import Comment, tells


def covered(text: str) -> list[tuple[str, list[str], int, int, int]]:
    found = comments(dedent(text))
    return [(each.kind, each.words, each.first, each.last, each.target) for each in found]


def test_a_comment_knows_its_place() -> None:
    assert comments("x = 1\ny = 2  # ormlint: ignore[ORM201]  why \n") == [
        Comment("ignore", ["ORM201"], 2, 8, 38, 2, 2)
    ]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("# ormlint: ignore[ORM201, missing-field]", "ignore", ["ORM201", "missing-field"]),
        ("#ormlint:ignore[ORM2] they know", "ignore", ["ORM2"]),
        ("# ormlint: ignore", "ignore", []),
        ("# type: ignore[misc]  # ormlint: ignore[ORM2]", "ignore", ["ORM2"]),
        ("# noqa: E501, ORM201", "noqa", ["ORM201"]),
        ("# NOQA:orm201", "noqa", ["ORM201"]),
        ("# ormlint: model=Person", "model", ["Person"]),
        ("# ormlint: model = app.models.Person", "model", ["app.models.Person"]),
        ("# ormlint: no-model", "no-model", []),
    ],
)
def test_what_a_comment_says(text: str, kind: str, words: list[str]) -> None:
    assert [(each.kind, each.words) for each in comments(f"x = 1  {text}\n")] == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "x = '# ormlint: ignore[ORM201]'",
        '"""\n# ormlint: ignore[ORM201]\n"""',
        "x = 1  # noqa",
        "x = 1  # noqa: E501",
        "x = 1  # ormlint: ignored[ORM201]",
        "x = 1  # ormlint is told elsewhere to ignore[ORM201]",
        "x = 1  # noqa: ORM20",
    ],
)
def test_what_is_no_comment_for_ormlint(text: str) -> None:
    assert comments(text) == []


def test_a_file_comment_covers_the_file() -> None:
    assert covered("x = 1\n# ormlint: file-ignore[ORM3]\ny = 2") == [("file-ignore", ["ORM3"], 1, 3, 0)]


def test_a_statement_is_covered_from_either_end_of_it() -> None:
    text = """\
    op.create_table(  # ormlint: ignore[ORM302]
        "people",
    )
    op.drop_table(
        "people",
    )  # ormlint: ignore[ORM405]
    op.execute('''
    ''')  # ormlint: ignore[ORM406]
    """
    assert covered(text) == [
        ("ignore", ["ORM302"], 1, 3, 0),
        ("ignore", ["ORM405"], 4, 6, 0),
        ("ignore", ["ORM406"], 7, 8, 0),
    ]


def test_within_brackets_an_item_is_covered() -> None:
    text = """\
    op.create_table(
        "people",
        sa.Column("a", sa.Integer),  # ormlint: ignore[ORM304]
        sa.Column(  # ormlint: ignore[ORM305]
            "b",
        ),
        sa.Column(
            "c",
        ),  # ormlint: ignore[ORM306]
        # ormlint: ignore[ORM307]
        # because

        sa.Column(
            "d"),
    )
    """
    assert covered(text) == [
        ("ignore", ["ORM304"], 3, 3, 0),
        ("ignore", ["ORM305"], 4, 6, 0),
        ("ignore", ["ORM306"], 7, 9, 0),
        ("ignore", ["ORM307"], 13, 14, 0),
    ]


def test_a_class_and_a_function_are_covered_with_their_blocks() -> None:
    text = """\
    # ormlint: ignore[ORM201]
    @final
    class A(Base):  # ormlint: model=Person

        def f(self):  # ormlint: ignore[ORM2]
            return 1

        x = 1

    y = 2
    # ormlint: ignore[ORM4]
    """
    assert covered(text) == [
        ("ignore", ["ORM201"], 2, 8, 3),
        ("model", ["Person"], 3, 8, 3),
        ("ignore", ["ORM2"], 5, 6, 0),
        ("ignore", ["ORM4"], 11, 10, 0),
    ]


def test_a_comment_in_a_body_that_is_left_out_is_kept() -> None:
    body = "\n".join(f"    x{number} = {number}" for number in range(100))
    facts = extract(f"def f():\n{body}\n    y = 1  # ormlint: ignore[ORM405]\n".encode())
    assert [(each.line, each.first, each.last) for each in facts.comments] == [(102, 102, 102)]


def test_a_file_that_cannot_be_parsed_keeps_its_comments() -> None:
    facts = extract(b"# ormlint: file-ignore[ORM001]\nx = = 1\n")
    assert facts.problem is not None
    assert [each.kind for each in facts.comments] == ["file-ignore"]


def test_only_what_may_hold_a_comment_is_scanned() -> None:
    assert tells(b"# ormlint: no-model")
    assert tells(b"x  # noqa: E1, ORM201")
    assert not tells(b"import ormlint  # noqa: E501")


def test_many_comments_take_no_time() -> None:
    text = "class A:  # ormlint: ignore[ORM2]\n" + "    # ormlint: ignore[ORM2]\n" * 20_000 + "    x = (\n"
    text += (
        "        # ormlint: ignore[ORM2]\n" * 20_000
        + "    )\n"
        + "    y = 1  # ormlint: ignore[ORM2]\n" * 20_000
    )
    started = time.process_time()
    assert len(comments(text)) == 60_001
    assert time.process_time() - started < 10
