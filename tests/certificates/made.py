"""Devices with their report and certificates, as ``analyze`` makes them, and what the checker says about them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from reports import json_report
from rulecheck.analysis import report_device
from rulecheck.audit import ACCEPTED, UNCHECKED, Answer, audit
from rulecheck.certificates import DEFAULT_BOUNDS, Bounds, certify
from rulecheck.checks.findings import find
from rulecheck.engine import PolicyVerdicts, analyze_policies
from rulecheck.model.certificate import DeviceCertificates
from rulecheck.model.device import Device, LineCounts, Policy, SourceFile
from rulecheck.model.finding import DeviceReport, Finding, Kind, PolicySummary, RemovalPlan, Report

SOURCE = SourceFile("random.cfg", "0" * 64, LineCounts(1, 0, 0, 0))


@dataclass(frozen=True)
class Made:
    """A device, the report on it as JSON data, and its certificates."""

    device: Device
    report: dict[str, Any]
    proof: DeviceCertificates

    def answers(self) -> list[Answer]:
        return list(audit(self.report, self.report["devices"][0], self.device, self.proof))

    def with_proof(self, proof: DeviceCertificates) -> Made:
        return replace(self, proof=proof)


def device_of(policies: Sequence[Policy]) -> Device:
    return Device("fw", "cisco_asa", SOURCE, tuple(policies))


def made(policies: Sequence[Policy], bounds: Bounds = DEFAULT_BOUNDS) -> Made:
    return made_of(device_of(policies), analyze_policies(policies), bounds)


def made_of(device: Device, results: Sequence[PolicyVerdicts], bounds: Bounds = DEFAULT_BOUNDS) -> Made:
    """Return a device with the report and the certificates for given verdicts, right or wrong."""
    return made_of_findings(device, results, find(device, results), bounds)


def made_of_findings(
    device: Device, results: Sequence[PolicyVerdicts], findings: Sequence[Finding], bounds: Bounds = DEFAULT_BOUNDS
) -> Made:
    """Return a device with the report of given findings, right or wrong."""
    summaries = tuple(
        PolicySummary(one.name, one.kind, (), len(one.rules), one.default.label, None) for one in device.policies
    )
    plans = tuple(RemovalPlan("fw", one.policy, one.removable, one.proven) for one in results if one.removable)
    report = DeviceReport("fw", device.platform, device.source, summaries, (), tuple(findings), plans)
    return Made(device, data(report), certify(device, results, findings, bounds))


def data(report: DeviceReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json_report.render(Report("0", (report,))))
    return found


def analysed(device: Device) -> Made:
    """Return a device with its report and certificates, the report as the analysis makes it."""
    results = analyze_policies(device.policies)
    report = report_device(device)
    return Made(device, data(report), certify(device, results, report.findings))


def not_accepted(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers to claims that were checked and do not hold, or should have been proven."""
    return [one for one in answers if one.status not in (ACCEPTED, UNCHECKED)]


def judging(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers about the one verdict that each rule has; what else is said of a rule is left out."""
    return [one for one in answers if one.status != UNCHECKED and one.kind != Kind.PARTIALLY_SHADOWED.value]
