"""The graph and the findings about it, by what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from ormlint.findings import Finding, Place, Severity
from ormlint.graph.drift import migrated_table, model_of, targets
from ormlint.graph.mirror import Mirror
from ormlint.graph.model import Environment, Graph, Link, MigratedTable, Model, Relationship, Table

CONTINUUM = {"transaction_id", "end_transaction_id", "operation_type"}
"""https://sqlalchemy-continuum.readthedocs.io/en/latest/intro.html#versions-table"""
SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class Subjects:
    """Look-ups that every section needs."""

    def __init__(self, graph: Graph, findings: Sequence[Finding]) -> None:
        self.graph = graph
        self.findings = findings
        self.links: dict[str, list[Link]] = defaultdict(list)
        for link in sorted(graph.links.values(), key=lambda each: each.schema):
            self.links[link.model].append(link)
        self._of_table: dict[str, Table] = {}
        for table in graph.tables:
            self._of_table.setdefault(table.key, table)

    def named(self, *names: str) -> list[Finding]:
        """The findings of rules with these names."""
        return [finding for finding in self.findings if finding.name in names]

    @cached_property
    def by_schema(self) -> dict[str, list[Finding]]:
        return self._by("schema")

    @cached_property
    def by_table(self) -> dict[str, list[Finding]]:
        return self._by("table")

    def _by(self, key: str) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            value = getattr(finding.subject, key)
            if value is not None:
                found[value].append(finding)
        return found

    def about(self, model: Model) -> list[Finding]:
        """The findings about a model, its table and the schemas that mirror it."""
        schemas = {link.schema for link in self.links[model.id]}
        return [each for each in self.findings if self._concerns(each, model, schemas)]

    @staticmethod
    def _concerns(finding: Finding, model: Model, schemas: set[str]) -> bool:
        subject = finding.subject
        if subject.schema is not None:
            return subject.schema in schemas
        return subject.model == model.id or (model.table is not None and subject.table == model.table)

    def model_of(self, finding: Finding) -> str | None:
        """The id of the model that a finding is about, if it is about one."""
        subject = finding.subject
        if subject.model is not None:
            return subject.model
        if subject.schema is not None and subject.schema in self.graph.links:
            return self.graph.links[subject.schema].model
        table = self._of_table.get(subject.table or "")
        model = model_of(self.graph, table) if table is not None else None
        return model.id if model is not None else None

    def table(self, key: str | None) -> Table | None:
        return self._of_table.get(key) if key is not None else None

    @cached_property
    def _migrated(self) -> dict[str, tuple[Environment, MigratedTable | None]]:
        found: dict[str, tuple[Environment, MigratedTable | None]] = {}
        for environment in self.graph.environments:
            for table in targets(self.graph, environment):
                migrated = migrated_table(environment, table)
                if table.key not in found or found[table.key][1] is None:
                    found[table.key] = environment, migrated
        return found

    def environment_of(self, key: str | None) -> Environment | None:
        """The environment that migrates a model's table."""
        return self._migrated[key][0] if key in self._migrated else None

    def migrated(self, key: str | None) -> MigratedTable | None:
        """The table as the migrations leave it."""
        return self._migrated[key][1] if key in self._migrated else None

    @property
    def compared_tables(self) -> list[str]:
        """Keys of the models' tables that an environment migrates."""
        return sorted(self._migrated)

    def mirror(self, link: Link) -> Mirror:
        schema, model = self.graph.schemas[link.schema], self.graph.models[link.model]
        return Mirror(schema, model, link, self.graph.options)

    def relationships(self, model: Model) -> list[Relationship]:
        """The relationships that a running program would have.

        A backref comes into being when its other side is configured, which fails where that side's foreign
        key has no target.
        """
        broken = {each.subject.table for each in self.named("unknown-foreign-key-target")}
        return [
            each
            for each in model.relationships.values()
            if not (self._is_backref(model, each) and self.graph.models[each.target or ""].table in broken)
        ]

    def _is_backref(self, model: Model, relationship: Relationship) -> bool:
        other = self.graph.models.get(relationship.target or "")
        if other is None or other is model:
            return False
        place = relationship.place
        shared = any(each.place == place for each in other.relationships.values())
        return shared and _above(model, place) < _above(other, place)


def _above(model: Model, place: Place) -> int:
    """The line of the class statement, or 0 where it cannot be the one that holds the place."""
    return model.place.line if model.place.path == place.path and model.place.line <= place.line else 0
