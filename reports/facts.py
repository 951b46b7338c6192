"""Facts that more than one writer shows, computed once from a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.words import counted, number, percent, rule_numbers
from rulecheck.model.device import Diagnostic, LineCounts, Severity
from rulecheck.model.finding import DeviceReport, Finding, Kind, PolicySummary, RemovalPlan, Report


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """What a report says about one policy. ``summary`` is None when only findings name the policy."""

    name: str
    summary: PolicySummary | None
    findings: tuple[Finding, ...]
    plan: RemovalPlan | None


@dataclass(frozen=True, slots=True)
class DiagnosticGroup:
    """Diagnostics of one code, most severe first; ``affecting`` of them can change a verdict."""

    code: str
    severity: Severity
    items: tuple[Diagnostic, ...]
    affecting: int


def kind_counts(findings: Iterable[Finding]) -> dict[Kind, int]:
    """Return how many findings there are of each kind that occurs, in the order of :class:`Kind`."""
    counts = Counter(one.kind for one in findings)
    return {kind: counts[kind] for kind in Kind if counts[kind]}


def severity_counts(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Return how many findings there are of each severity that occurs, most severe first."""
    counts = Counter(one.severity for one in findings)
    return {severity: counts[severity] for severity in Severity if counts[severity]}


def lines_of(report: Report) -> LineCounts:
    """Return the line counts of all inputs together. A file with several devices counts once."""
    files = {device.source.path: device.source.lines for device in report.devices}
    counts = files.values()
    return LineCounts(
        sum(one.understood for one in counts),
        sum(one.ignored for one in counts),
        sum(one.blank for one in counts),
        sum(one.unknown for one in counts),
    )


def understood_share(lines: LineCounts) -> float:
    """Return the part of the lines that is accounted for, 0 to 1; 1 for an input without lines."""
    return (lines.total - lines.unknown) / lines.total if lines.total else 1.0


def line_words(lines: LineCounts) -> str:
    """Return in words how the lines of an input were accounted for."""
    return (
        f"{number(lines.total)}, {percent(understood_share(lines))} accounted for:"
        f" {number(lines.understood)} understood,"
        f" {number(lines.ignored)} not about filtering, {number(lines.blank)} blank or comment,"
        f" {number(lines.unknown)} not understood"
    )


def policy_groups(device: DeviceReport) -> tuple[PolicyGroup, ...]:
    """Return findings and removal plans by policy, in the order of the device's policies."""
    summaries = {policy.name: policy for policy in reversed(device.policies)}
    plans = {plan.policy: plan for plan in device.plans if plan.remove}
    findings: dict[str, list[Finding]] = {policy.name: [] for policy in device.policies}
    for finding in device.findings:
        findings.setdefault(finding.policy, []).append(finding)
    return tuple(
        PolicyGroup(name, summaries.get(name), tuple(found), plans.get(name)) for name, found in findings.items()
    )


def diagnostic_groups(diagnostics: Iterable[Diagnostic]) -> tuple[DiagnosticGroup, ...]:
    """Return diagnostics by code, those that can change verdicts first, each in line order."""
    grouped: dict[str, list[Diagnostic]] = {}
    for one in diagnostics:
        grouped.setdefault(one.code, []).append(one)
    groups = [_diagnostic_group(code, items) for code, items in grouped.items()]
    return tuple(sorted(groups, key=lambda group: (not group.affecting, group.severity.rank, group.code)))


def _diagnostic_group(code: str, items: list[Diagnostic]) -> DiagnosticGroup:
    ordered = tuple(sorted(items, key=lambda one: (not one.affects_verdicts, one.line)))
    worst = min((one.severity for one in items), key=lambda severity: severity.rank)
    return DiagnosticGroup(code, worst, ordered, sum(one.affects_verdicts for one in items))


def plan_sentence(plan: RemovalPlan, rules: int | None) -> str:
    """Return a removal plan in one sentence, without the list of rules."""
    if rules is None:
        subject = counted(len(plan.remove), "rule")
    else:
        subject = f"{len(plan.remove):,} of {counted(rules, 'rule')}"
    if plan.proven:
        return f"{subject} can be removed together, no packet changes"
    return f"{subject} could be removed together, but this is not proven; check each before you delete it"


def plan_batches(plan: RemovalPlan) -> tuple[tuple[int, ...], ...]:
    """Return the rules of a plan in groups to review together; each alone where the plan does not group them."""
    return plan.batches or tuple((index,) for index in plan.remove)


def plan_line(group: PolicyGroup) -> str:
    """Return a policy's removal plan in one sentence with its rules; empty without a plan."""
    if group.plan is None:
        return ""
    sentence = plan_sentence(group.plan, group.summary.rules if group.summary else None)
    return f"{sentence}: {rule_numbers(group.plan.remove)}"


def total_plan_sentence(report: Report) -> str:
    """Return in one sentence how many rules of the whole report can go."""
    proven = sum(len(plan.remove) for plan in report.plans if plan.proven)
    open_ones = sum(len(plan.remove) for plan in report.plans if not plan.proven)
    if not report.rules:
        return "No rules were read."
    if proven:
        sentence = f"{proven:,} of {counted(report.rules, 'rule')} can be removed, no packet changes."
    else:
        sentence = f"None of {counted(report.rules, 'rule')} is proven to be removable."
    more = "1 more removal is" if open_ones == 1 else f"{open_ones:,} more removals are"
    return f"{sentence} {more} not proven." if open_ones else sentence


def rule_lines(findings: Iterable[Finding]) -> Mapping[int, int]:
    """Return line by rule index for the rules that findings are about."""
    return {one.rule.index: one.rule.line for one in findings}
