"""`ormlint check --fix` and `--diff`."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable
from typing import TYPE_CHECKING

from ormlint.cli.common import CLEAN, FINDINGS, say, show

if TYPE_CHECKING:
    from ormlint.pipeline import Report


def mended(options: argparse.Namespace, examine: Callable[[], Report]) -> Report:
    """Write the fixes, and look again; they are taken back unless all that they changed is for the better."""
    from ormlint import fix  # noqa: PLC0415 - it imports LibCST, which a run that mends nothing does without

    report = examine()
    made = list(fix.changes(report.root, report.findings, unsafe=options.unsafe_fixes))
    if not made:
        return report
    count = None
    try:
        fix.write(report.root, made)
        gc.collect()  # two analyses at once would take twice the memory
        after = examine()
        count = fix.fixed(made, report.findings, after.findings)
    finally:
        if count is None:
            fix.take_back(report.root, made)
    paths = ", ".join(change.path for change in made)
    if count is None:
        say(
            f"ormlint: the fixes of {paths} would not have mended all they should; nothing was changed", CLEAN
        )
        return report
    say(f"ormlint: fixed {count:,} finding{'s'[: count != 1]} in {paths}", CLEAN)
    return after


def show_fixes(options: argparse.Namespace, report: Report) -> int:
    """Print what the fixes would change; there is something to do where they would change anything."""
    from ormlint import fix  # noqa: PLC0415 - as above

    made = list(fix.changes(report.root, report.findings, unsafe=options.unsafe_fixes))
    return show([line for change in made for line in change.diff()], FINDINGS if made else CLEAN)
