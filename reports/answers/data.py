"""Answers as JSON: the same facts as the text, for machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reports.answers.common import packets_text
from reports.answers.models import SCHEMA_NAME, AnswerModel
from reports.visible import encodable, json_escaped
from rulecheck.model.answer import (
    Case,
    ComparisonAnswer,
    Decider,
    DifferenceAnswer,
    EquivalenceAnswer,
    ListRef,
    Packets,
    PolicyAnswer,
    QueryAnswer,
    RegionAnswer,
)
from rulecheck.model.finding import RuleRef


def query(answer: QueryAnswer, version: str) -> str:
    """Return the answer to a query as JSON, with a final newline."""
    return _write(
        {
            **_head("query", version),
            "path": encodable(answer.path),
            "question": {name: encodable(text) for name, text in answer.question},
            "allowed": answer.allowed,
            "policies": [_policy(one) for one in answer.policies],
            "notes": _texts(answer.notes),
        }
    )


def equivalence(answer: EquivalenceAnswer, version: str) -> str:
    """Return the result of a comparison or simulation as JSON, with a final newline."""
    return _write(
        {
            **_head("simulation" if answer.edits else "equivalence", version),
            "answer": answer.answer,
            "edits": _texts(answer.edits),
            "comparisons": [_comparison(one) for one in answer.comparisons],
            "unmatched": [_list(one) for one in answer.unmatched],
            "notes": _texts(answer.notes),
        }
    )


def _head(kind: str, version: str) -> dict[str, Any]:
    return {"schema": SCHEMA_NAME, "kind": kind, "tool": {"name": "rulecheck", "version": version}}


def _write(data: dict[str, Any]) -> str:
    model = AnswerModel.model_validate(data)
    return json_escaped(model.model_dump_json(indent=2, by_alias=True)) + "\n"


def _texts(texts: Iterable[str]) -> list[str]:
    return [encodable(text) for text in texts]


def _policy(one: PolicyAnswer) -> dict[str, Any]:
    return {
        "device": encodable(one.device),
        "policy": encodable(one.policy),
        "kind": encodable(one.kind),
        "applied_to": _texts(one.applied_to),
        "families": list(one.families),
        "regions": [_region(region) for region in one.regions],
        "limit": encodable(one.limit) or None,
    }


def _region(one: RegionAnswer) -> dict[str, Any]:
    return {
        "packets": _packets(one.packets),
        "sure": one.sure,
        "cases": [_case(case) for case in one.cases],
        "share": one.share,
        "example": _example(one.example),
        "called_by": [_rule(rule) for rule in one.path],
        "passed": [_rule(rule) for rule in one.passed],
        "near": [{"rule": _rule(miss.rule), "fails": _texts(miss.fails)} for miss in one.near],
        "rules": [_decider(rule) for rule in one.rules],
    }


def _case(case: Case) -> dict[str, Any]:
    return {"only_if": _texts(case.only_if), "decider": _decider(case.decider)}


def _packets(packets: Packets) -> dict[str, Any]:
    return {
        "summary": encodable(packets_text(packets)),
        "fields": {field.name: _texts(field.members) for field in packets.fields},
        "only_if": _texts(packets.only_if),
    }


def _decider(one: Decider) -> dict[str, Any]:
    return {
        "policy": encodable(one.policy),
        "outcome": encodable(one.outcome),
        "effect": encodable(one.effect),
        "rule": None if one.rule is None else _rule(one.rule),
        "implicit": encodable(one.implicit) or None,
    }


def _rule(rule: RuleRef) -> dict[str, Any]:
    return {
        "policy": encodable(rule.policy),
        "index": rule.index,
        "line": rule.line,
        "text": encodable(rule.text),
        "name": None if rule.name is None else encodable(rule.name),
    }


def _example(example: Mapping[str, str | int]) -> dict[str, str | int]:
    return {encodable(k): encodable(v) if isinstance(v, str) else v for k, v in example.items()}


def _list(one: ListRef) -> dict[str, Any]:
    return {
        "path": encodable(one.path),
        "device": encodable(one.device),
        "platform": encodable(one.platform),
        "policy": encodable(one.policy),
    }


def _comparison(one: ComparisonAnswer) -> dict[str, Any]:
    return {
        "before": _list(one.before),
        "after": _list(one.after),
        "answer": one.answer,
        "differences": [_difference(difference) for difference in one.differences],
        "reason": encodable(one.reason) or None,
        "limit": encodable(one.limit) or None,
        "notes": _texts(one.notes),
    }


def _difference(one: DifferenceAnswer) -> dict[str, Any]:
    return {
        "packets": _packets(one.packets),
        "certain": one.certain,
        "cases": [
            {
                "only_if": _texts(case.only_if),
                "before": None if case.before is None else encodable(case.before),
                "after": None if case.after is None else encodable(case.after),
            }
            for case in one.cases
        ],
        "share": one.share,
        "example": _example(one.example),
        "before": [_decider(rule) for rule in one.before],
        "after": [_decider(rule) for rule in one.after],
    }
