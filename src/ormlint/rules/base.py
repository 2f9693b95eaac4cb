"""What a rule is: a module with a page (its docstring), a `RULE` and a `check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from ormlint.findings import Applicability, Finding, Fix, Place, Related, Severity, Subject

if TYPE_CHECKING:
    from ormlint.graph.model import Graph


class Rule(Struct, frozen=True):
    """A rule's identity and defaults. `summary` is one line in plain words, without a full stop."""

    code: str
    name: str
    severity: Severity
    default_on: bool
    summary: str
    fix: Applicability | None = None

    def finding(
        self,
        place: Place,
        message: str,
        *,
        subject: Subject | None = None,
        severity: Severity | None = None,
        related: tuple[Related, ...] = (),
        help: str = "",  # noqa: A002 - the name of the field, and of the line it becomes
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of this rule, with the rule's severity unless another is given."""
        return Finding(
            code=self.code,
            name=self.name,
            severity=severity or self.severity,
            message=message,
            place=place,
            subject=subject or Subject(),
            related=related,
            help=help,
            fix=fix,
        )


class RuleModule(Protocol):
    """A module under `rules/<family>/`; its docstring is the rule's page."""

    RULE: Rule

    def check(self, graph: Graph) -> Iterator[Finding]: ...
