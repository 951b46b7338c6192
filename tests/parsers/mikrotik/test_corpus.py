"""Real exports. The numbers were counted in the files with text tools, independently of the parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.mikrotik import PARSER
from parsers.reading import read_file
from rulecheck.model.device import Device

RULES = {
    "defm_CHR_firewall_only.rsc": 255,
    "oxidized_routeros_CHR_7.10.1_output.txt": 0,
    "oxidized_routeros_CHR_7.16_output.txt": 0,
    "oxidized_routeros_L009UiGS_7.15.2_output.txt": 36,
    "oxidized_routeros_RB5009UPr+S+_7.18.2_output.txt": 35,
}


def load(corpus: Path, name: str) -> Device:
    (device,) = PARSER.parse(read_file(str(corpus / "mikrotik" / name)))
    return device


@pytest.mark.parametrize("name", RULES)
def test_every_line_and_rule_is_understood(corpus: Path, name: str) -> None:
    device = load(corpus, name)
    assert sum(len(one.rules) for one in device.policies) == RULES[name]
    assert device.source.lines.unknown == 0
    assert {one.code for one in device.diagnostics} <= {"RC602", "RC603"}


def test_only_empty_states_are_in_doubt(corpus: Path) -> None:
    device = load(corpus, "defm_CHR_firewall_only.rsc")
    assert [one.line for one in device.diagnostics if one.affects_verdicts] == [79, 80]


def test_listings_are_refused(corpus: Path) -> None:
    files = sorted((corpus / "mikrotik").glob("ntc_*"))
    assert len(files) == 5
    for path in files:
        assert [one.code for one in load(corpus, path.name).diagnostics] == ["RC605"], path.name
