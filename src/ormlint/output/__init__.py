"""How findings are shown: one small writer per format. A writer knows findings and nothing else."""

from ormlint.output.concise import concise
from ormlint.output.full import full
from ormlint.output.github import github
from ormlint.output.machine import machine
from ormlint.output.pages import rule_page, rule_table
from ormlint.output.result import Result, Writer

WRITERS: dict[str, Writer] = {"full": full, "concise": concise, "json": machine, "github": github}

__all__ = ["WRITERS", "Result", "rule_page", "rule_table"]
