"""How findings are shown: one small writer per format. A writer knows findings and nothing else."""

from importlib import import_module

from ormlint.output.result import Result, RuleText, Writer

WRITERS = {
    "full": "full",
    "concise": "concise",
    "grouped": "grouped",
    "json": "machine",
    "json-lines": "lines.json_lines",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "sarif": "sarif",
    "rdjson": "rdjson",
    "pylint": "lines.pylint",
    "azure": "lines.azure",
}
"""Format → the module of its writer, and the writer's name where it is another."""
STATISTICS = {
    "full": "statistics",
    "concise": "statistics",
    "grouped": "statistics",
    "json": "statistics.json_statistics",
}
"""The same of those that count findings."""

__all__ = ["STATISTICS", "WRITERS", "Result", "RuleText", "Writer", "writer"]


def writer(of: str) -> Writer:
    """A writer by its entry in the tables above; its module is imported now."""
    module, _, name = of.partition(".")
    found: Writer = getattr(import_module(f"ormlint.output.{module}"), name or module)
    return found
