"""The hand-written data centre edge: read completely, and the findings that were derived by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parsers.cisco.asa import PARSER
from rulecheck.engine.analyze import analyze_policies
from rulecheck.model.device import Device
from rulecheck.model.finding import Kind
from tests.parsers.cisco_asa.reading import config

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "cisco_asa"


@pytest.fixture(scope="module")
def edge() -> Device:
    text = (FIXTURES / "dc-edge.cfg").read_text(encoding="utf-8")
    (found,) = PARSER.parse(config(text, "dc-edge.cfg"))
    return found


def test_it_is_recognised_and_read_completely(edge: Device) -> None:
    assert edge.name == "dc-edge-fw1"
    assert edge.source.lines.unknown == 0
    assert [one.code for one in edge.diagnostics] == ["RC601"]
    assert "LAYER2" in edge.diagnostics[0].message
    assert sum(len(one.rules) for one in edge.policies) == 100


def test_no_secret_is_kept(edge: Device) -> None:
    text = repr(edge)
    assert "ExampleNotReal" not in text
    assert "example-not-real" not in text
    assert "example-community" not in text


def test_findings_as_derived_by_hand(edge: Device) -> None:
    expected = json.loads((FIXTURES / "dc-edge.expected.json").read_text(encoding="utf-8"))["findings"]
    found = {
        (one.policy, index, verdict.kind.value)
        for one in analyze_policies(edge.policies)
        for index, verdict in one.verdicts.items()
        if verdict.kind not in (None, Kind.UNDECIDED)
    }
    assert found == {(one["policy"], one["index"], one["kind"]) for one in expected}


def test_only_rules_with_conditions_are_undecided(edge: Device) -> None:
    undecided = {
        (one.policy, index)
        for one in analyze_policies(edge.policies)
        for index, verdict in one.verdicts.items()
        if verdict.kind is Kind.UNDECIDED
    }
    inexact = {(one.name, rule.index) for one in edge.policies for rule in one.rules if rule.match.all_conditions()}
    assert undecided <= inexact
