"""Observations as entries of the JSON report's ``findings``."""

from __future__ import annotations

from typing import Any

from reports.visible import encodable
from rulecheck.model.finding import RuleRef
from rulecheck.model.observation import Observation, Place


def observation_data(one: Observation) -> dict[str, Any]:
    """Return an observation in the shape of a finding: what only proofs have is null or empty."""
    return {
        "id": one.id,
        "code": one.code,
        "kind": one.kind,
        "severity": one.severity,
        "confidence": one.confidence,
        "device": encodable(one.device),
        "policy": None if one.policy is None else encodable(one.policy),
        "rule": None if one.rule is None else rule_data(one.rule),
        "by": [],
        "single_covers": [],
        "reason": None if one.reason is None else encodable(one.reason),
        "witness": None,
        "caveats": [],
        "removable": False,
        "message": encodable(one.message),
        "recommendation": encodable(one.recommendation),
        "conflict": None,
        "duplicate_of": None,
        "ways_in": None,
        "cluster": None,
        "share": None,
        "dead_parts": [],
        "rewrite": [],
        "merge": None,
        "line": one.line,
        "object": None
        if one.object is None
        else {"kind": encodable(one.object.kind), "name": encodable(one.object.name)},
        "rules": list(one.rules),
        "places": [_place(place) for place in one.places],
    }


def rule_data(rule: RuleRef) -> dict[str, Any]:
    """Return a rule that a finding is about."""
    return {
        "index": rule.index,
        "name": None if rule.name is None else encodable(rule.name),
        "line": rule.line,
        "text": encodable(rule.text),
        "hits": rule.hits,
    }


def _place(place: Place) -> dict[str, Any]:
    return {"line": place.line, "text": encodable(place.text), "index": place.index}
