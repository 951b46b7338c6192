from __future__ import annotations

import csv
from pathlib import Path

import pytest

from parsers import registry
from parsers.checkpoint import PARSER
from parsers.reading import read_file
from tests.parsers.checkpoint.reading import FIXTURES, config, layer, read, rule, thing

GAIA = "\n".join((
    "# Configuration of fw1", "# Language version: 14.1v1", "#", "set hostname fw1",
    "set interface eth0 state on", "set interface eth0 ipv4-address 192.0.2.1 mask-length 24",
    "set user admin password-hash $1$abcdefgh$0123456789abcdefghijkl", "",
))  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        '{"objects": [], "from": 0, "to": 0, "total": 0}',
        '{"code": "generic_err_command_not_found", "message": "Requested API command not found"}',
        GAIA,
    ],
)
def test_small_answers_are_recognised(text: str) -> None:
    assert 40 <= PARSER.score(config(text)) <= 95


def test_rulebases_and_objects_are_recognised() -> None:
    assert PARSER.score(config((FIXTURES / "edge-policy.json").read_text(encoding="utf-8"))) > 90
    for value in (
        layer(rule()),
        [layer(rule())],
        thing("network", "N", subnet4="10.0.0.0", domain={"domain-type": "domain"}),
    ):
        assert PARSER.score(config(str(value).replace("'", '"'))) >= 60


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"nftables": []}', '{"SecurityGroups": []}', '{"value": [{"type": "Microsoft.Network/x"}]}',
     '{"code": 7}', "set interfaces ge-0/0/0 unit 0", "set hostname x", "access-list a permit ip any any"],
)  # fmt: skip
def test_other_texts_are_not(text: str) -> None:
    assert PARSER.score(config(text)) < 20


def test_gaia_has_no_rules_and_no_secrets() -> None:
    device = read(GAIA)
    assert (device.name, device.policies, device.diagnostics) == ("fw1", (), ())
    assert device.source.lines.unknown == 0
    assert "0123456789abc" not in repr(device)


def test_real_files(corpus: Path) -> None:
    with (corpus / "INDEX.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["vendor"] == "check_point"]
    own = [row["file"] for row in rows if not row["file"].endswith("show_running-config.txt")]
    assert own
    for name in own:
        found = read_file(str(corpus / name))
        assert registry.detect(found) == "checkpoint", name
        (device,) = PARSER.parse(found)
        assert device.source.lines.unknown == 0, name
        assert not [one for one in device.diagnostics if one.affects_verdicts], name
        assert bool(device.policies) == ("access-rulebase" in name), name
