"""How findings are shown: one small writer per format. A writer knows findings and nothing else."""

from ormlint.output.concise import concise
from ormlint.output.full import full
from ormlint.output.github import github, step_summary
from ormlint.output.gitlab import gitlab
from ormlint.output.grouped import grouped
from ormlint.output.junit import junit
from ormlint.output.lines import azure, json_lines, pylint
from ormlint.output.machine import machine
from ormlint.output.pages import json_rules, rule_page, rule_table
from ormlint.output.rdjson import rdjson
from ormlint.output.result import Result, RuleText, Writer
from ormlint.output.sarif import sarif
from ormlint.output.statistics import json_statistics, statistics

WRITERS: dict[str, Writer] = {
    "full": full,
    "concise": concise,
    "grouped": grouped,
    "json": machine,
    "json-lines": json_lines,
    "github": github,
    "gitlab": gitlab,
    "junit": junit,
    "sarif": sarif,
    "rdjson": rdjson,
    "pylint": pylint,
    "azure": azure,
}

STATISTICS: dict[str, Writer] = {
    "full": statistics,
    "concise": statistics,
    "grouped": statistics,
    "json": json_statistics,
}

__all__ = [
    "STATISTICS",
    "WRITERS",
    "Result",
    "RuleText",
    "json_rules",
    "rule_page",
    "rule_table",
    "step_summary",
]
