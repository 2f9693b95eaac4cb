from __future__ import annotations

import io

from ormlint.output.progress import progress


def test_a_long_run_shows_where_it_is_and_wipes_it() -> None:
    stream, times = io.StringIO(), iter([0.0, 0.1, 1.0, 1.05, 1.2, 1.3])
    report = progress(stream, lambda: next(times))
    for done in (1, 2, 3, 1500, 2000):
        report(done, 2000)
    assert stream.getvalue() == "\r\x1b[KReading 2 of 2,000 files\r\x1b[KReading 1,500 of 2,000 files\r\x1b[K"


def test_a_short_run_shows_nothing() -> None:
    stream, times = io.StringIO(), iter([0.0, 0.1, 0.2])
    report = progress(stream, lambda: next(times))
    report(1, 2)
    report(2, 2)
    assert stream.getvalue() == ""
