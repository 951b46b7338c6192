"""The hand-written campus edge: what the parser makes of it, and the findings derived by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rulecheck.engine.analyze import analyze_policies
from rulecheck.model.device import Device, Severity
from rulecheck.model.finding import Kind
from tests.parsers.cisco_ios.reading import device

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "cisco_ios"
EXACT_KINDS = {Kind.EMPTY, Kind.SHADOWED, Kind.COVERED, Kind.REDUNDANT}


@pytest.fixture(scope="module")
def campus() -> Device:
    return device((FOLDER / "campus-edge.cfg").read_text(encoding="utf-8"))


def test_everything_is_accounted_for(campus: Device) -> None:
    assert campus.name == "campus-edge1"
    assert campus.source.lines.unknown == 0
    assert [(one.code, one.severity) for one in campus.diagnostics] == [("RC601", Severity.INFO)]
    assert sum(len(policy.rules) for policy in campus.policies) == 94


def test_where_the_lists_are_applied(campus: Device) -> None:
    assert {policy.name: policy.applied_to for policy in campus.policies} == {
        "MGMT-STATIONS": ("vty 0 4 in",),
        "OUTSIDE-IN": ("GigabitEthernet0/0/0 in",),
        "STUDENT-IN": ("GigabitEthernet0/0/2 in",),
        "LAB-IN": ("GigabitEthernet0/0/3 in",),
        "FRAGMENT-GUARD": (),
        "10": ("HTTP server",),
        "20": ("router ospf 1 distribute-list in",),
        "99": ("SNMP community", "NTP"),
        "101": ("NAT",),
        "120": ("GigabitEthernet0/0/1 in",),
        "OUTSIDE6-IN": ("GigabitEthernet0/0/0 in",),
        "INSIDE6-IN": ("GigabitEthernet0/0/1 in",),
    }


def test_findings_are_those_derived_by_hand(campus: Device) -> None:
    text = (FOLDER / "campus-edge.expected.json").read_text(encoding="utf-8")
    expected = {(one["policy"], one["index"]): one["kind"] for one in json.loads(text)["findings"]}
    found = {
        (one.policy, index): verdict.kind.value
        for one in analyze_policies(campus.policies)
        for index, verdict in one.verdicts.items()
        if verdict.kind in EXACT_KINDS
    }
    assert found == expected


def test_nothing_is_undecided_not_even_the_scheduled_entry(campus: Device) -> None:
    (scheduled,) = (rule for policy in campus.policies for rule in policy.rules if rule.schedule is not None)
    assert scheduled.match.all_conditions()
    undecided = [
        (one.policy, index)
        for one in analyze_policies(campus.policies)
        for index, verdict in one.verdicts.items()
        if verdict.kind is Kind.UNDECIDED
    ]
    assert undecided == []
