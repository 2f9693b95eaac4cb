from __future__ import annotations

import io

import pytest

from ormlint.output.paint import painter, wanted


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("when", "stream", "environ", "colour"),
    [
        ("auto", Terminal(), {}, True),
        ("auto", io.StringIO(), {}, False),
        ("auto", Terminal(), {"TERM": "dumb"}, False),
        ("auto", Terminal(), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", Terminal(), {"NO_COLOR": ""}, True),
        ("auto", io.StringIO(), {"FORCE_COLOR": "1"}, True),
        ("always", io.StringIO(), {"NO_COLOR": "1"}, True),
        ("never", Terminal(), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_who_decides(when: str, stream: io.StringIO, environ: dict[str, str], colour: bool) -> None:
    assert wanted(when, stream, environ) is colour


def test_paint() -> None:
    assert (painter(True)("a", "red"), painter(True)("", "red"), painter(False)("a", "red")) == (
        "\x1b[1;31ma\x1b[0m",
        "",
        "a",
    )
