"""What several rules ask of a graph is worked out once, and of a graph with other options again."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from ormlint import pipeline
from ormlint.graph.drift import pairs, targeted
from ormlint.graph.key_drift import key_pairs
from ormlint.graph.mirror import mirrors
from ormlint.options import Options

CLINIC = Path(__file__).parents[2] / "examples" / "clinic"


def test_rules_share_what_they_ask_for() -> None:
    graph = pipeline.linked(CLINIC)
    for asked in (mirrors, targeted, pairs, key_pairs):
        assert asked(graph)
        assert asked(graph) is asked(graph)


def test_a_graph_with_other_options_is_asked_anew() -> None:
    graph = pipeline.linked(CLINIC)
    before = [mirror.is_secret("name") for mirror in mirrors(graph)]
    other = replace(graph, options=Options(secret_columns=("name",)))
    assert not any(before)
    assert all(mirror.is_secret("name") for mirror in mirrors(other))


def test_what_is_worked_out_is_no_part_of_the_graph() -> None:
    asked, other = pipeline.linked(CLINIC), pipeline.linked(CLINIC)
    mirrors(asked)
    assert asked == other
