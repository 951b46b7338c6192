"""Real and hand-made configurations. The numbers were counted in the files, independently of the parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.juniper import PARSER
from parsers.reading import read_file
from rulecheck.model.device import Device
from rulecheck.model.rule import PERMIT, Verb
from tests.parsers.juniper.reading import policy

FOLDERS = ("srx", "junos", "syntax_juniper")
RULES = {
    "srx/aerleon_multitarget_simple.srx": 17,
    "srx/aerleon_sample_srx.srx": 3,
    "srx/oxidized_junos_srx300_22.4_output.txt": 2,
    "junos/aerleon_multitarget.jcl": 10,
    "junos/ciscoconfparse_sample_03.junos": 0,
    "junos/internet2_atla.conf": 0,
    "syntax_juniper/lab-validation_snapshots_junos_then_action_conflicts_source_sender.cfg": 0,
    "syntax_juniper/tests_parsing-tests_networks_srx-testbed_junos-srx-1.cfg": 7,
}


def load(path: Path) -> Device:
    return PARSER.parse(read_file(str(path)))[0]


def test_every_file_is_read_and_understood(corpus: Path) -> None:
    paths = [path for folder in FOLDERS for path in sorted((corpus / folder).iterdir())]
    assert len(paths) > 60
    for path in paths:
        device = load(path)
        lines = device.source.lines
        assert lines.unknown == 0, path.name


@pytest.mark.parametrize("name", RULES)
def test_number_of_rules(corpus: Path, name: str) -> None:
    device = load(corpus / name)
    assert sum(len(one.rules) for one in device.policies) == RULES[name]


def test_policies_from_a_generator(corpus: Path) -> None:
    device = load(corpus / "srx" / "aerleon_multitarget_simple.srx")
    assert [one.name for one in device.policies] == [
        "internal to external",
        "external to internal",
        "unknown to internal",
    ]
    rules = policy(device, "internal to external").rules
    assert rules[0].description == "Testing log-both for tcp."
    assert not any(one.match.conditions for one in rules)
    assert not device.diagnostics


def test_a_filter_from_a_generator(corpus: Path) -> None:
    device = load(corpus / "junos" / "aerleon_multitarget.jcl")
    inbound = policy(device, "edge-inbound")
    assert [one.name for one in inbound.rules][-1] == "default-deny"
    assert [one.outcome.verb for one in inbound.rules].count(Verb.DENY) == 4
    assert policy(device, "edge-outbound").rules[-1].outcome == PERMIT
    assert not device.diagnostics


def test_deactivated_zone_pairs(corpus: Path) -> None:
    device = load(corpus / "syntax_juniper" / "tests_parsing-tests_networks_srx-testbed_junos-srx-2.cfg")
    assert [(one.name, one.rules[0].enabled) for one in device.policies] == [
        ("trust to trust", True),
        ("untrust to untrust", False),
        ("untrust to junos-host", False),
    ]
    assert {one.default for one in device.policies} == {PERMIT}
