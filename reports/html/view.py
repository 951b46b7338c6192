"""What the page shows, computed from a report: the template only arranges it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.facts import (
    DiagnosticGroup,
    PolicyGroup,
    diagnostic_groups,
    kind_counts,
    lines_of,
    policy_groups,
    severity_counts,
    total_plan_sentence,
    understood_share,
)
from reports.html.compare import Comparison, comparison
from reports.html.strip import Mark, marks
from reports.words import is_note
from rulecheck.model.device import LineCounts, Severity
from rulecheck.model.finding import DeviceReport, Finding, Kind, RemovalPlan, Report

DIAGNOSTICS_SHOWN = 500
"""Diagnostics of one code and device that are listed; the JSON report has all of them."""

OBSERVATIONS_SHOWN = 500
"""Observations of one code and device that are listed; the JSON report has all of them."""

OPEN_AT_MOST = 12
"""With up to this many findings all are shown unfolded."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding; ``anchor`` is its id on the page, unique even where two findings share an id."""

    finding: Finding
    anchor: str
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class PolicyView:
    """One policy with its findings, and where in the policy they lie."""

    anchor: str
    group: PolicyGroup
    findings: tuple[FindingView, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One device. ``number`` makes its anchors unique on the page."""

    number: int
    device: DeviceReport
    policies: tuple[PolicyView, ...]
    diagnostics: tuple[DiagnosticGroup, ...]
    undecided: int

    @property
    def understood(self) -> float:
        """Return the part of the device's lines that is accounted for."""
        return understood_share(self.device.source.lines)

    @property
    def rules(self) -> int:
        """Return how many rules the device has."""
        return sum(policy.rules for policy in self.device.policies)

    @property
    def plans(self) -> tuple[PolicyView, ...]:
        """Return the policies that have a removal plan."""
        return tuple(policy for policy in self.policies if policy.group.plan)


@dataclass(frozen=True, slots=True)
class Tally:
    """Findings of one kind by severity, for the table on the first screen."""

    kind: Kind
    total: int
    by_severity: Mapping[Severity, int]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page. ``total``, ``undecided`` and ``notes`` (information only) are numbers of findings."""

    report: Report
    title: str
    devices: tuple[DeviceView, ...]
    tallies: tuple[Tally, ...]
    severities: tuple[Severity, ...]
    lines: LineCounts
    plan_sentence: str
    removable: int
    total: int
    undecided: int
    notes: int

    @property
    def decided(self) -> int:
        """Return the number of findings that are proven, without those for information only."""
        return self.total - self.undecided - self.notes

    @property
    def understood(self) -> float:
        """Return the part of all lines that is accounted for."""
        return understood_share(self.lines)

    @property
    def unfolded(self) -> bool:
        """Return whether findings are shown unfolded from the start."""
        return self.total <= OPEN_AT_MOST

    @property
    def affecting(self) -> int:
        """Return how many diagnostics can change a verdict."""
        return sum(group.affecting for device in self.devices for group in device.diagnostics)

    @property
    def observations(self) -> int:
        """Return the number of observations on risk and hygiene."""
        return len(self.report.observations)

    @property
    def diagnostics(self) -> int:
        """Return the number of diagnostics."""
        return sum(len(device.device.diagnostics) for device in self.devices)

    @property
    def plans(self) -> tuple[RemovalPlan, ...]:
        """Return the removal plans that remove something."""
        return tuple(plan for plan in self.report.plans if plan.remove)


def page(report: Report) -> Page:
    """Return the page for ``report``."""
    findings = report.findings
    anchors = _anchors(findings)
    return Page(
        report=report,
        title=_title(report),
        devices=tuple(_device(number, device, anchors) for number, device in enumerate(report.devices, 1)),
        tallies=_tallies(findings),
        severities=tuple(severity_counts(findings)),
        lines=lines_of(report),
        plan_sentence=total_plan_sentence(report),
        removable=sum(len(plan.remove) for plan in report.plans if plan.proven),
        total=len(findings),
        undecided=report.count(Kind.UNDECIDED),
        notes=sum(map(is_note, findings)),
    )


def _title(report: Report) -> str:
    names = [device.name for device in report.devices]
    if not names:
        return "No device was analysed"
    return names[0] if len(names) == 1 else f"{len(names)} devices"


def _anchors(findings: tuple[Finding, ...]) -> Iterator[str]:
    """Yield an anchor for every finding in order: its id, numbered where the id occurred before."""
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.id] += 1
        count = seen[finding.id]
        yield f"f-{finding.id}" if count == 1 else f"f-{finding.id}-{count}"


def _device(number: int, device: DeviceReport, anchors: Iterator[str]) -> DeviceView:
    named = {id(finding): anchor for finding, anchor in zip(device.findings, anchors, strict=False)}
    policies = tuple(
        PolicyView(
            f"d{number}-p{position}",
            group,
            tuple(
                FindingView(one, named[id(one)], None if is_note(one) else comparison(one))
                for one in sorted(group.findings, key=is_note)
            ),
            marks(group),
        )
        for position, group in enumerate(policy_groups(device), 1)
    )
    undecided = sum(one.kind is Kind.UNDECIDED for one in device.findings)
    return DeviceView(number, device, policies, diagnostic_groups(device.diagnostics), undecided)


def _tallies(findings: tuple[Finding, ...]) -> tuple[Tally, ...]:
    return tuple(
        Tally(kind, total, severity_counts(one for one in findings if one.kind is kind))
        for kind, total in kind_counts(findings).items()
    )
