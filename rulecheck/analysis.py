"""One device from model to report: engine, checks and rule graph put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rulecheck.checks.findings import NOTES, find
from rulecheck.checks.observing import observe
from rulecheck.checks.settings import DEFAULT_SETTINGS, Settings
from rulecheck.engine import PolicyVerdicts, analyze_policies
from rulecheck.graph import batches, build_graph, clusters, rule_node
from rulecheck.model.device import Device, Policy
from rulecheck.model.expiry import depends_on_date, without_expired
from rulecheck.model.finding import DeviceReport, Finding, PolicySummary, RemovalPlan
from rulecheck.naming import distinct_policies

if TYPE_CHECKING:
    from rulecheck.graph.build import RuleGraph
    from rulecheck.model.certificate import DeviceCertificates


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result for one device: its report, the rule graph behind it, and certificates if they were asked for."""

    report: DeviceReport
    graph: RuleGraph
    certificates: DeviceCertificates | None = None


def report_device(device: Device, settings: Settings = DEFAULT_SETTINGS) -> DeviceReport:
    """Analyse one device and return its report."""
    return analyze_device(device, settings).report


def analyze_device(device: Device, settings: Settings = DEFAULT_SETTINGS, *, certificates: bool = False) -> Analysis:
    """Analyse one device and return its report and rule graph, on request with a certificate for every verdict."""
    device = without_expired(distinct_policies(device), settings.today)
    results = analyze_policies(device.policies)
    findings = find(device, results)
    graph = build_graph(device, findings)
    report = DeviceReport(
        name=device.name,
        platform=device.platform,
        source=device.source,
        policies=tuple(_summary(policy, result) for policy, result in zip(device.policies, results, strict=True)),
        diagnostics=device.diagnostics,
        findings=_weighed(settings, _clustered(device, graph, findings)),
        plans=tuple(_plans(device, graph, results)),
        observations=observe(device, results, settings),
        reference_date=settings.today if depends_on_date(device) else None,
    )
    return Analysis(report, graph, _certificates(device, results, findings) if certificates else None)


def _certificates(device: Device, results: Sequence[PolicyVerdicts], findings: Sequence[Finding]) -> DeviceCertificates:
    from rulecheck.certificates import certify

    return certify(device, results, findings)


def _summary(policy: Policy, result: PolicyVerdicts) -> PolicySummary:
    ways = [verdict.ways_in for verdict in result.verdicts.values() if verdict.ways_in is not None]
    return PolicySummary(
        name=policy.name,
        kind=policy.kind,
        applied_to=policy.applied_to,
        rules=len(policy.rules),
        default=policy.default.label,
        ways_in=None if policy.entry else max(ways, default=0),
    )


def _clustered(device: Device, graph: RuleGraph, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Give each finding about a whole rule its cluster, where the cluster has other such findings as well."""
    clustered = clusters(graph)
    numbers = [
        None if one.kind in NOTES else clustered.get(rule_node(device.name, one.policy, one.rule.index))
        for one in findings
    ]
    sizes = Counter(numbers)
    return tuple(
        one if number is None or sizes[number] < 2 else replace(one, cluster=number)
        for one, number in zip(findings, numbers, strict=True)
    )


def _weighed(settings: Settings, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Give findings the severities that the user set."""
    wanted = settings.severities
    return tuple(replace(one, severity=wanted.get(one.code, one.severity)) for one in findings) if wanted else findings


def _plans(device: Device, graph: RuleGraph, results: Sequence[PolicyVerdicts]) -> list[RemovalPlan]:
    return [
        RemovalPlan(
            device=device.name,
            policy=result.policy,
            remove=result.removable,
            proven=result.proven,
            batches=batches(graph, device.name, result.policy, result.removable),
        )
        for result in results
        if result.removable
    ]
