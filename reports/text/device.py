"""One device as text: where it came from, its policies, its findings, and what was not understood."""

from __future__ import annotations

from collections.abc import Sequence

from reports.facts import (
    DiagnosticGroup,
    PolicyGroup,
    diagnostic_groups,
    kind_counts,
    line_words,
    plan_line,
    policy_groups,
)
from reports.text.finding import SEVERITY_STYLES, finding_lines, note_lines
from reports.text.layout import Paper, hanging, shorten, table
from reports.text.observations import observation_lines
from reports.visible import cells, visible
from reports.words import counted, is_note, number, platform_name
from rulecheck.model.finding import DeviceReport, Finding

_NOTES_SHOWN = 5
"""Notes of one kind and policy that are listed; the JSON and HTML reports have all of them."""

_SHOWN = 5
"""Diagnostics of one code that are listed; the JSON report has all of them."""


def device_lines(device: DeviceReport, paper: Paper) -> list[str]:
    """Return everything about one device, its parts separated by empty lines."""
    groups = policy_groups(device)
    lines = _head(device, paper)
    if device.policies:
        lines += ["", *_policies(groups, paper)]
    for group in groups:
        if group.findings:
            lines += _findings(group, paper)
    lines += _observations(device, paper)
    lines += _diagnostics(device, paper)
    return lines + _plans(groups, paper)


def _title(title: str, paper: Paper, fill: str) -> str:
    text = f"{fill * 2} {shorten(title, paper.width - 8)} "
    return paper.paint(text + fill * (paper.width - cells(text)), "bold")


def _head(device: DeviceReport, paper: Paper) -> list[str]:
    source = device.source
    facts = (
        ("platform", visible(platform_name(device.platform))),
        ("file", visible(source.path)),
        ("SHA-256", source.sha256),
        ("lines", line_words(source.lines)),
    )
    lines = [_title(visible(device.name), paper, "=")]
    for label, text in facts:
        lines += hanging(f"  {label:<9} ", text, paper.width)
    return lines


def _policies(groups: tuple[PolicyGroup, ...], paper: Paper) -> list[str]:
    head = ("POLICY", "KIND", "APPLIED TO", "RULES", "DEFAULT", "FINDINGS")
    rows = [
        (
            visible(group.name),
            visible(group.summary.kind),
            _applied(group),
            number(group.summary.rules),
            visible(group.summary.default),
            number(len(group.findings)) if group.findings else "none",
        )
        for group in groups
        if group.summary
    ]
    inner = Paper(paper.width - 2, paper.colour)
    return ["  " + line for line in table(inner, head, rows, frozenset({3, 5}))]


def _applied(group: PolicyGroup) -> str:
    assert group.summary is not None
    places = ", ".join(visible(place) for place in group.summary.applied_to)
    if group.summary.ways_in is None:
        return places or "no use found"
    return ", ".join(part for part in (places, f"called {counted(group.summary.ways_in, 'time')}") if part)


def _findings(group: PolicyGroup, paper: Paper) -> list[str]:
    lines = ["", _title(f"{visible(group.name)}: {counted(len(group.findings), 'finding')}", paper, "-")]
    for finding in group.findings:
        if not is_note(finding):
            lines += ["", *finding_lines(finding, paper)]
    return lines + _notes([one for one in group.findings if is_note(one)], paper)


def _notes(findings: Sequence[Finding], paper: Paper) -> list[str]:
    """Return what is for information only: the first of each kind in short, and how many there are."""
    lines: list[str] = []
    for kind, count in kind_counts(findings).items():
        mine = [one for one in findings if one.kind is kind]
        lines += ["", f"  {paper.paint(f'For information: {number(count)} {kind.value}', 'bold')}"]
        for one in mine[:_NOTES_SHOWN]:
            lines += note_lines(one, paper)
        if count > _NOTES_SHOWN:
            more = f"… and {number(count - _NOTES_SHOWN)} more (all are in the JSON and HTML reports)"
            lines += hanging("  ", more, paper.width)
    return lines


def _observations(device: DeviceReport, paper: Paper) -> list[str]:
    if not device.observations:
        return []
    title = f"Risk and hygiene: {counted(len(device.observations), 'observation')}"
    return ["", _title(title, paper, "-"), *observation_lines(device, paper)]


def _plans(groups: tuple[PolicyGroup, ...], paper: Paper) -> list[str]:
    planned = [group for group in groups if group.plan]
    if not planned:
        return []
    lines = ["", _title("Removal plan", paper, "-")]
    for group in planned:
        lines += hanging("  ", f"{visible(group.name)}: {plan_line(group)}", paper.width)
    return lines


def _diagnostics(device: DeviceReport, paper: Paper) -> list[str]:
    groups = diagnostic_groups(device.diagnostics)
    if not groups:
        return []
    lines = ["", _title(f"Not fully understood: {counted(len(device.diagnostics), 'place')}", paper, "-")]
    for group in groups:
        lines += _diagnostic_group(group, paper)
    return lines


def _diagnostic_group(group: DiagnosticGroup, paper: Paper) -> list[str]:
    affecting = f", {number(group.affecting)} of them can change a verdict" if group.affecting else ""
    severity = paper.paint(group.severity, *SEVERITY_STYLES[group.severity])
    lines = [f"  {paper.paint(group.code, 'bold')} {severity}  {counted(len(group.items), 'place')}{affecting}"]
    for one in group.items[:_SHOWN]:
        place = f"line {one.line}: " if one.line else ""
        lines += hanging("    ", f"{place}{visible(one.message)}", paper.prose)
        if one.text:
            lines.append(shorten(f"      | {visible(one.text)}", paper.width))
    if len(group.items) > _SHOWN:
        lines.append(f"    … and {number(len(group.items) - _SHOWN)} more (all are in the JSON report)")
    return lines
