"""All rules, by code: a rule exists because it stands in this tuple, not because it was imported."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from ormlint.findings import Finding, Related
from ormlint.graph.model import Graph
from ormlint.raw import Identity
from ormlint.rules.analysis import unknown_code, unreadable_file, unresolved, unused_ignore
from ormlint.rules.base import RuleModule
from ormlint.rules.history import (
    broken_down_revision,
    create_all_in_migration,
    duplicate_revision,
    edited_after_merge,
    empty_downgrade,
    heads_after_merge,
    imports_application_code,
    missing_object,
    multiple_heads,
    not_null_without_default,
    revision_cycle,
    revision_id_too_long,
    unnamed_constraint_op,
)
from ormlint.rules.metadata import (
    incomplete_naming_convention,
    metadata_not_migrated,
    missing_naming_convention,
    model_unreachable_from_env,
    unknown_foreign_key_target,
    unnamed_constraint,
)
from ormlint.rules.migrations import (
    check_drift,
    enum_drift,
    foreign_key_drift,
    index_drift,
    missing_column,
    missing_table,
    nullable_drift,
    orphan_column,
    orphan_table,
    primary_key_drift,
    server_default_drift,
    type_drift,
    unique_drift,
)
from ormlint.rules.schemas import (
    alias_hides_attribute,
    enum_mismatch,
    extra_field,
    length_mismatch,
    missing_field,
    missing_from_attributes,
    nullability_mismatch,
    required_column_not_in_create,
    reserved_attribute,
    sensitive_field_exposed,
    type_mismatch,
    unknown_link,
)
from ormlint.settings import UsageError, nearest

MODULES: tuple[RuleModule, ...] = (
    unreadable_file,
    unresolved,
    unused_ignore,
    unknown_code,
    missing_naming_convention,
    incomplete_naming_convention,
    unnamed_constraint,
    model_unreachable_from_env,
    metadata_not_migrated,
    unknown_foreign_key_target,
    missing_field,
    extra_field,
    nullability_mismatch,
    type_mismatch,
    required_column_not_in_create,
    length_mismatch,
    missing_from_attributes,
    alias_hides_attribute,
    enum_mismatch,
    sensitive_field_exposed,
    unknown_link,
    reserved_attribute,
    missing_table,
    orphan_table,
    missing_column,
    orphan_column,
    nullable_drift,
    type_drift,
    index_drift,
    unique_drift,
    foreign_key_drift,
    primary_key_drift,
    enum_drift,
    server_default_drift,
    check_drift,
    multiple_heads,
    broken_down_revision,
    duplicate_revision,
    revision_id_too_long,
    missing_object,
    create_all_in_migration,
    not_null_without_default,
    unnamed_constraint_op,
    revision_cycle,
    empty_downgrade,
    imports_application_code,
    edited_after_merge,
    heads_after_merge,
)


def check(graph: Graph, codes: Collection[str]) -> Iterator[Finding]:
    """What the rules with these codes find."""
    for module in MODULES:
        if module.RULE.code in codes:
            yield from (_with_evidence(finding, graph) for finding in module.check(graph))


def _with_evidence(finding: Finding, graph: Graph) -> Finding:
    """The finding with what says that its schema mirrors its model, unless it speaks of that itself."""
    subject = finding.subject
    link = graph.links.get(subject.schema or "")
    if link is None or link.model != subject.model or link.place in {end.place for end in finding.related}:
        return finding
    schema, model = graph.schemas[link.schema], graph.models[link.model]
    words = f"`{schema.name}` mirrors `{model.name}`, by {link.by}: {link.evidence}"
    because = Related(link.place or schema.place, words, is_end=False)
    return replace(finding, related=(*finding.related, because))


def identities() -> list[Identity]:
    """What selection needs to know of every rule."""
    return [Identity(rule.code, rule.name, rule.default_on) for rule in (module.RULE for module in MODULES)]


def find(word: str) -> RuleModule:
    """The rule with this code or name, in any case."""
    for module in MODULES:
        if word.lower() in {module.RULE.code.lower(), module.RULE.name}:
            return module
    names = [name for module in MODULES for name in (module.RULE.code, module.RULE.name)]
    raise UsageError(f"there is no rule `{word}`.{nearest(word, names)}")
