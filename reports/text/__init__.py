"""The text report: for people at a terminal, readable from 60 columns upwards."""

from __future__ import annotations

from reports.facts import kind_counts, lines_of, severity_counts, total_plan_sentence, understood_share
from reports.observed import observation_counts
from reports.text.device import device_lines
from reports.text.layout import Paper, hanging
from reports.visible import encodable, visible
from reports.words import counted, percent
from rulecheck.model.finding import InputError, Kind, Report

_NARROWEST = 40


def render(report: Report, *, colour: bool, width: int) -> str:
    """Return ``report`` as text for a terminal of ``width`` columns, with a final newline.

    Without ``colour`` it contains no escape code at all. Whatever a configuration contains, it cannot move
    the cursor or change colours: see :mod:`reports.visible`.
    """
    paper = Paper(max(width, _NARROWEST), colour)
    lines = [paper.paint(f"rulecheck {visible(report.version)}", "bold") + _created(report), ""]
    for device in report.devices:
        lines += [*device_lines(device, paper), ""]
    if report.errors:
        lines += [*_errors(report.errors, paper), ""]
    lines += _summary(report, paper)
    return encodable("\n".join(lines)) + "\n"


def _created(report: Report) -> str:
    return f"  {visible(report.created)}" if report.created else ""


def _errors(errors: tuple[InputError, ...], paper: Paper) -> list[str]:
    lines = [paper.paint(f"Could not be analysed: {counted(len(errors), 'input')}", "bold", "red")]
    for one in errors:
        place = f"{visible(one.path)}:{one.line}" if one.line else visible(one.path)
        lines += hanging("  ", f"{place}: {visible(one.message)}", paper.width)
        lines += hanging("    What to do: ", visible(one.remedy), paper.width)
    return lines


def _summary(report: Report, paper: Paper) -> list[str]:
    lines = [paper.paint("Summary", "bold")]
    for label, text in _summary_facts(report):
        lines += hanging(f"  {label:<11} ", text, paper.width)
    if report.findings:
        lines += ["", *hanging("", "#n is a rule's position in its policy, counted from #0.", paper.width)]
    return lines


def _summary_facts(report: Report) -> list[tuple[str, str]]:
    counts = kind_counts(report.findings)
    undecided = counts.pop(Kind.UNDECIDED, 0)
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    severities = ", ".join(f"{count:,} {severity}" for severity, count in severity_counts(report.findings).items())
    lines = lines_of(report)
    facts = [
        ("read", f"{counted(len(report.devices), 'device')}, {counted(report.rules, 'rule')}"),
        ("findings", kinds or "none"),
        ("undecided", f"{undecided:,}" if undecided else "none"),
    ]
    if severities:
        facts.append(("severity", severities))
    if report.observations:
        noticed = ", ".join(f"{count:,} {one}" for one, count in observation_counts(report.observations).items())
        facts.append(("besides", f"risk and hygiene: {noticed}"))
    if lines.total:
        facts.append(("understood", f"{percent(understood_share(lines))} of {counted(lines.total, 'line')}"))
    facts.append(("removal", total_plan_sentence(report)))
    return facts
