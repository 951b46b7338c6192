"""Real and handmade configurations. The numbers were counted in the files with text tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.fortinet.fortios import PARSER
from parsers.reading import read_file
from rulecheck.model.device import Device
from rulecheck.model.fields import Field
from rulecheck.model.names import name_set
from tests.parsers.fortios.reading import policy

DEMO = "fortios/fortigate_cli_show_sample_0.txt"


def load(corpus: Path, name: str) -> Device:
    (device,) = PARSER.parse(read_file(str(corpus / name)))
    return device


def names(corpus: Path) -> list[str]:
    files = [*(corpus / "fortios").glob("*"), *(corpus / "syntax_fortios").glob("fortios_*")]
    return sorted(str(path.relative_to(corpus)) for path in files)


def test_every_line_is_accounted_for(corpus: Path) -> None:
    listed = names(corpus)
    assert len(listed) > 20
    for name in listed:
        assert load(corpus, name).source.lines.unknown == 0, name


def test_the_demo_configuration(corpus: Path) -> None:
    device = load(corpus, DEMO)
    assert device.name == "fortigate-01"
    rules = policy(device).rules
    assert [one.name for one in rules] == ["Test1 (id 1)", "Monitor_Servers_01 (id 10)", "Monitor_Servers_02 (id 20)"]
    assert [bool(one.match.must((4,))) for one in rules] == [True, False, False]
    assert {one.code for one in device.diagnostics} == {"RC601", "RC602"}
    assert "login.microsoft.com" not in {one.name for one in device.objects}
    assert "network_192.168.1.0/24" in {one.name for one in device.objects}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("policy_move", ["id 5", "id 1", "id 2", "id 4", "id 3"]),
        ("policy_delete", ["id 2", "id 1"]),
        ("policy_defs_refs", ["id 1", "id 2"]),
    ],
)
def test_changes_of_the_order(corpus: Path, name: str, expected: list[str]) -> None:
    device = load(corpus, f"syntax_fortios/fortios_{name}")
    assert [one.name for one in policy(device).rules] == expected


def test_interfaces_of_a_policy(corpus: Path) -> None:
    first = policy(load(corpus, "syntax_fortios/fortios_policy_defs_refs")).rules[0]
    values = {one.field: one.values for one in first.match.constraints}
    assert values[Field.IN_INTERFACE] == name_set("port1", "port3", "port2")
    assert values[Field.OUT_INTERFACE] == name_set("port1", "port2")
