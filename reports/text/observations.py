"""Observations on one device as text: the first of each code in short."""

from __future__ import annotations

from reports.observed import ObservationGroup, observation_groups, sources, subject_words
from reports.text.finding import SEVERITY_STYLES
from reports.text.layout import Paper, hanging, shorten
from reports.visible import visible
from reports.words import number
from rulecheck.model.finding import DeviceReport
from rulecheck.model.observation import Observation

_SHOWN = 5
"""Observations of one code that are listed; the JSON and HTML reports have all of them."""

_SOURCES = 2
"""Places that are cited for one observation."""


def observation_lines(device: DeviceReport, paper: Paper) -> list[str]:
    """Return the observations on a device by code, the worst first; nothing where there are none."""
    lines: list[str] = []
    for group in observation_groups(device.observations):
        lines += ["", *_group(group, paper)]
    return lines


def _group(group: ObservationGroup, paper: Paper) -> list[str]:
    severity = paper.paint(group.severity, *SEVERITY_STYLES[group.severity])
    head = f"  {paper.paint(group.code, 'bold')} {severity}  {group.title}: {number(len(group.items))}"
    plain = f"  {group.code} {group.severity}  {group.title}: {number(len(group.items))}"
    lines = [head] if len(plain) <= paper.width else hanging("  ", plain.strip(), paper.width)
    for one in group.items[:_SHOWN]:
        lines += _one(one, paper)
    lines += hanging("    What to do: ", visible(_advice(group)), paper.prose)
    if len(group.items) > _SHOWN:
        more = f"… and {number(len(group.items) - _SHOWN)} more (all are in the JSON and HTML reports)"
        lines += hanging("    ", more, paper.width)
    return lines


def _advice(group: ObservationGroup) -> str:
    """Return the recommendation; that of many is in the documentation of their code."""
    if len({one.recommendation for one in group.items}) == 1:
        return group.items[0].recommendation
    return f"see `rulecheck explain {group.code}`; the JSON and HTML reports say it for each."


def _one(one: Observation, paper: Paper) -> list[str]:
    subject = subject_words(one)
    place = f" [{visible(subject)}]" if subject else ""
    lines = hanging("    - ", f"{visible(one.message)}{place}", paper.prose)
    return lines + [shorten(f"      | {visible(text)}", paper.width) for _, text in sources(one)[:_SOURCES]]
