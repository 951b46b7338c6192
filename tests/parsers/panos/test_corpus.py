"""Real configurations. The numbers were counted in the files with text tools, independently of the parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import registry
from parsers.reading import read_file
from rulecheck.model.device import Device

FIREWALLS = {"pan-os-php_appid_stage00.xml": 58, "policy-best-practices.xml": 23, "panorama-8.1.xml": 9}
COMMANDS = {
    "palo_alto_move-rulebase-security": ["RULE3", "RULE4", "RULE1", "RULE5", "RULE2"],
    "palo_alto_panorama-rulebase": ["ALLOW-SERVICE1", "DENY-SERVICE12", "ALLOW-SERVICE23"],
    "palo_alto_security-rules": ["disabled rule", "BLOCK_TCP_1234", "PERMIT_TCP_1234", "33rd_RULE"],
}


def load(path: Path) -> Device:
    (device,) = registry.parse(read_file(str(path)), "panos")
    return device


@pytest.mark.parametrize("name", FIREWALLS)
def test_real_configurations_are_understood_completely(corpus: Path, name: str) -> None:
    device = load(corpus / "panos" / name)
    assert sum(len(one.rules) for one in device.policies) == FIREWALLS[name]
    assert device.source.lines.unknown == 0
    assert {one.code for one in device.diagnostics} <= {"RC603", "RC605"}
    assert not any(one.affects_verdicts for one in device.diagnostics if one.code == "RC605")


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_give_the_order_that_their_comments_promise(corpus: Path, name: str) -> None:
    device = load(corpus / "syntax_palo_alto" / name)
    assert [rule.name for rule in device.policies[0].rules] == COMMANDS[name]


def test_every_sample_is_read_without_an_unknown_line(corpus: Path) -> None:
    read = 0
    for path in sorted((corpus / "syntax_palo_alto").iterdir()):
        config = read_file(str(path))
        if registry.load("panos").score(config) < registry.RECOGNISED_FROM:
            continue
        device = load(path)
        assert device.source.lines.total == len(config.lines)
        assert device.source.lines.unknown == 0, path.name
        read += 1
    assert read > 80


def test_no_other_platform_is_taken_for_panos(corpus: Path) -> None:
    parser = registry.load("panos")
    ours = ("panos", "syntax_palo_alto")
    for path in sorted(corpus.glob("*/*")):
        if path.parent.name not in ours and path.is_file():
            assert parser.score(read_file(str(path))) < registry.RECOGNISED_FROM, path.name
