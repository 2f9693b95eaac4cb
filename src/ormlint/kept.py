"""Findings and their summary as bytes, and back: what a hot run prints."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from msgspec import structs

from ormlint.findings import Applicability, Covered, Finding, Fix, Place, Related, Severity, Subject, Summary
from ormlint.graph.model import Past, Revision


def encode(findings: list[Finding], summary: Summary) -> bytes:
    """Plain JSON, which cannot run code."""
    return json.dumps({"findings": [asdict(each) for each in findings], "summary": asdict(summary)}).encode()


def decode(data: bytes) -> tuple[list[Finding], Summary] | None:
    """The findings and summary that `encode` was given; `None` for what it did not make."""
    try:
        document = json.loads(data)
        summary = document["summary"]
        summary["coverage"] = tuple(Covered(**each) for each in summary["coverage"])
        return [_finding(each) for each in document["findings"]], Summary(**summary)
    except (KeyError, TypeError, ValueError):
        return None


def encode_past(past: Past) -> bytes:
    """As above, of migration histories."""
    return json.dumps(
        {
            "revisions": {key: list(map(structs.asdict, some)) for key, some in past.revisions.items()},
            "meanings": dict(past.meanings),
        }
    ).encode()


def decode_past(data: bytes) -> Past:
    """The histories that `encode_past` was given."""
    document = json.loads(data)
    return Past(
        {key: tuple(map(_revision, some)) for key, some in document["revisions"].items()},
        document["meanings"],
    )


def _revision(plain: dict[str, Any]) -> Revision:
    down = plain["place_of_down"]
    plain.update({key: tuple(plain[key]) for key in ("down", "depends_on", "labels")})
    plain.update(place=Place(*plain["place"]), place_of_down=Place(*down) if down else None)
    return Revision(**plain)


def _finding(plain: dict[str, Any]) -> Finding:
    fix = plain["fix"]
    plain["severity"] = Severity(plain["severity"])
    plain["place"] = Place(*plain["place"])
    plain["subject"] = Subject(**plain["subject"])
    plain["related"] = tuple(
        Related(Place(*each["place"]), each["message"], each["is_end"]) for each in plain["related"]
    )
    plain["fix"] = Fix(**{**fix, "applicability": Applicability(fix["applicability"])}) if fix else None
    return Finding(**plain)
