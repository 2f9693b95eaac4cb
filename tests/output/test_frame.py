from __future__ import annotations

from ormlint.findings import Place
from ormlint.output.frame import clean, frame
from ormlint.output.paint import painter


def framed(place: Place, *lines: str, around: int = 0) -> list[str]:
    return list(frame(place, lines, painter(False), mark="^", ink="red", around=around))


def test_only_what_is_written_is_underlined_where_columns_are_unknown() -> None:
    assert framed(Place("a.py", 1), "    x = 1  ") == ["  |", "1 |     x = 1", "  |     ^^^^^"]


def test_an_empty_line_gets_one_mark() -> None:
    assert framed(Place("a.py", 1), "") == ["  |", "1 |", "  | ^"]


def test_columns_past_the_end_are_held_back() -> None:
    assert framed(Place("a.py", 1, 9, 1, 20), "x = 1") == ["  |", "1 | x = 1", "  |      ^"]


def test_a_range_over_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    assert framed(Place("a.py", 1, 5, 2, 3), "x = f(", "  )") == ["  |", "1 | x = f(", "  |     ^^"]


def test_the_gutter_fits_the_largest_number() -> None:
    assert framed(Place("a.py", 9, 1, 9, 2), *"abcdefghij", around=1) == [
        "   |",
        " 8 | h",
        " 9 | i",
        "   | ^",
        "10 | j",
    ]


def test_the_gutter_may_be_wider() -> None:
    rows = frame(Place("a.py", 1), ["x"], painter(False), mark="-", ink="blue", label="here", gutter=3)
    assert list(rows) == ["    |", "  1 | x", "    | - here"]


def test_wide_characters_and_tabs_keep_the_mark_in_place() -> None:
    assert framed(Place("a.py", 1, 2, 1, 3), "\t列列x") == ["  |", "1 |     列列x", "  |     ^^"]
    assert framed(Place("a.py", 1, 4, 1, 5), "\t列列x") == ["  |", "1 |     列列x", "  |         ^"]
    assert framed(Place("a.py", 1, 3, 1, 4), "e\u0301x") == ["  |", "1 | e\u0301x", "  |  ^"]


def test_a_long_line_is_cut_around_the_mark() -> None:
    line = "a" * 1000 + "b" + "c" * 1000
    _, text, mark = framed(Place("a.py", 1, 1001, 1, 1002), line)
    assert text == "1 | …" + "a" * 40 + "b" + "c" * 119 + "…"
    assert mark == "  | " + " " * 41 + "^"


def test_a_terminal_is_never_steered() -> None:
    assert clean("a\x1b[31mb\x07\u202ec\nd") == "a\ufffd[31mb\ufffd\ufffdc d"
    assert framed(Place("a.py", 1), "x = '\x1b]0;title\x07'")[1] == "1 | x = '\ufffd]0;title\ufffd'"
