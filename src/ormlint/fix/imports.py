"""ORM104: imports the models that `env.py` does not reach."""

from __future__ import annotations

from collections.abc import Sequence

from ormlint.findings import Finding
from ormlint.fix.lines import after_imports, names_in, newline_of, parsed, split


def with_imports(text: str, findings: Sequence[Finding]) -> str:
    """The text of `env.py` with an import of each model, below the imports that it has."""
    tree = parsed(text)
    if tree is None or not findings:
        return text
    taken, new = names_in(tree), []
    for finding in findings:
        module, _, name = (finding.subject.model or "").rpartition(".")
        if module and name not in taken:
            taken.add(name)
            new.append(f"from {module} import {name}  # noqa: F401")
    lines, end = split(text), newline_of(text)
    at = after_imports(tree, len(lines) + 1)
    if at and not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += end
    return "".join([*lines[:at], *(line + end for line in sorted(new)), *lines[at:]])
