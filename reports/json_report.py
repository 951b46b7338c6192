"""The JSON report, ``rulecheck.report/1``: the same facts as every other format, for machines."""

from __future__ import annotations

from collections import Counter
from typing import Any

from reports.facts import kind_counts, plan_batches
from reports.json_models import SCHEMA_NAME, ReportModel
from reports.json_observation import observation_data, rule_data
from reports.visible import encodable, json_escaped
from rulecheck.model.device import Diagnostic, SourceFile
from rulecheck.model.finding import (
    Cover,
    DeadMember,
    DeviceReport,
    Finding,
    InputError,
    Kind,
    MergedRule,
    PolicySummary,
    RemovalPlan,
    Report,
    Rewrite,
)
from rulecheck.model.observation import Topic


def render(report: Report) -> str:
    r"""Return ``report`` as JSON, indented by two spaces, with a final newline.

    Characters that could reorder or hide text on a terminal are written as JSON escapes, which changes
    no value. Lone surrogates become the text ``\udcXX``. Raises pydantic.ValidationError when the report
    breaks its own schema.
    """
    model = ReportModel.model_validate(_report(report))
    text = model.model_dump_json(indent=2, by_alias=True, exclude_unset=True)
    return json_escaped(text) + "\n"


def _report(report: Report) -> dict[str, Any]:
    data: dict[str, Any] = {
        "schema": SCHEMA_NAME,
        "tool": {"name": "rulecheck", "version": report.version},
        "devices": [_device(one) for one in report.devices],
        "findings": [
            *map(_finding, report.findings),
            *map(observation_data, report.observations),
        ],
        "removal_plan": [_plan(one) for one in report.plans],
        "summary": _summary(report),
        "errors": [_error(one) for one in report.errors],
    }
    if report.created is not None:
        data["created"] = encodable(report.created)
    return data


def _device(device: DeviceReport) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": encodable(device.name),
        "platform": encodable(device.platform),
        "source": _source(device.source),
        "policies": [_policy(one) for one in device.policies],
        "diagnostics": [_diagnostic(one) for one in device.diagnostics],
    }
    if device.reference_date is not None:
        data["reference_date"] = device.reference_date
    return data


def _source(source: SourceFile) -> dict[str, Any]:
    lines = source.lines
    return {
        "path": encodable(source.path),
        "sha256": source.sha256,
        "lines": lines.total,
        "understood_lines": lines.total - lines.unknown,
        "ignored_lines": lines.ignored,
        "blank_lines": lines.blank,
        "unknown_lines": lines.unknown,
    }


def _policy(policy: PolicySummary) -> dict[str, Any]:
    return {
        "name": encodable(policy.name),
        "kind": encodable(policy.kind),
        "applied_to": [encodable(one) for one in policy.applied_to],
        "rules": policy.rules,
        "default": encodable(policy.default),
        "ways_in": policy.ways_in,
    }


def _diagnostic(one: Diagnostic) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": one.severity,
        "line": one.line,
        "message": encodable(one.message),
        "text": encodable(one.text),
        "affects_verdicts": one.affects_verdicts,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "code": finding.code,
        "kind": finding.kind,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "device": encodable(finding.device),
        "policy": encodable(finding.policy),
        "rule": rule_data(finding.rule),
        "by": [_cover(one) for one in finding.by],
        "single_covers": list(finding.single_covers),
        "reason": None if finding.reason is None else encodable(finding.reason),
        "witness": _witness(finding),
        "caveats": [encodable(one) for one in finding.caveats],
        "removable": finding.removable,
        "message": encodable(finding.message),
        "recommendation": encodable(finding.recommendation),
        "conflict": None if finding.conflict is None else _cover(finding.conflict),
        "duplicate_of": finding.duplicate_of,
        "ways_in": finding.ways_in,
        "cluster": finding.cluster,
        "share": finding.share,
        "dead_parts": [_dead_part(one) for one in finding.dead_parts],
        "rewrite": [_rewrite(one) for one in finding.rewrite],
        "merge": None if finding.merge is None else _merge(finding.merge),
        "line": finding.rule.line,
        "object": None,
        "rules": [],
        "places": [],
    }


def _dead_part(one: DeadMember) -> dict[str, Any]:
    return {
        "operand": encodable(one.operand),
        "text": encodable(one.text),
        "line": one.line,
        "by": [_cover(cover) for cover in one.by],
    }


def _rewrite(one: Rewrite) -> dict[str, Any]:
    return {"operand": encodable(one.operand), "values": [encodable(value) for value in one.values]}


def _merge(one: MergedRule) -> dict[str, Any]:
    return {
        "rules": [rule.index for rule in one.rules],
        "lines": [rule.line for rule in one.rules],
        "operand": encodable(one.operand),
        "values": [encodable(value) for value in one.values],
        "at": one.at,
    }


def _cover(cover: Cover) -> dict[str, Any]:
    return {
        "index": cover.rule.index,
        "line": cover.rule.line,
        "text": encodable(cover.rule.text),
        "share": cover.share,
        "outcome": encodable(cover.rule.outcome),
        "policy": encodable(cover.rule.policy),
    }


def _witness(finding: Finding) -> dict[str, str | int] | None:
    if finding.witness is None:
        return None
    return {
        encodable(label): encodable(value) if isinstance(value, str) else value
        for label, value in finding.witness.items()
    }


def _plan(plan: RemovalPlan) -> dict[str, Any]:
    return {
        "device": encodable(plan.device),
        "policy": encodable(plan.policy),
        "remove": list(plan.remove),
        "batches": [list(batch) for batch in plan_batches(plan)],
        "proven": plan.proven,
    }


def _summary(report: Report) -> dict[str, Any]:
    counts = kind_counts(report.findings)
    undecided = counts.pop(Kind.UNDECIDED, 0)
    topics = Counter(one.kind for one in report.observations)
    found = {kind.value: count for kind, count in counts.items()}
    found |= {topic.value: topics[topic] for topic in Topic if topics[topic]}
    return {"rules": report.rules, "findings": found, "undecided": undecided}


def _error(error: InputError) -> dict[str, Any]:
    return {
        "path": encodable(error.path),
        "line": error.line,
        "message": encodable(error.message),
        "remedy": encodable(error.remedy),
    }
