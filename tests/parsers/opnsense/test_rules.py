"""What OPNsense has besides: newer rules and aliases, quick as a setting, disabled as a value."""

from __future__ import annotations

import pytest

from parsers.bsd.sense import OPNSENSE, PFSENSE
from rulecheck.model.device import Device
from rulecheck.model.fields import IPV4_ALL
from rulecheck.model.rule import Verb
from tests.parsers.opnsense.reading import FIXTURES, config, four, hits, policy, read, values

ANY = "<source><any>1</any></source><destination><any>1</any></destination>"


def classic(name: str, more: str = "", interface: str = "lan") -> str:
    return f"<type>pass</type><interface>{interface}</interface>{ANY}<descr>{name}</descr>{more}"


def modern(name: str, sequence: int = 1, interface: str = "lan", **more: str) -> str:
    columns = {"action": "pass", "source_net": "any", "destination_net": "any", "enabled": "1", **more}
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in columns.items())
    place = f"<sequence>{sequence}</sequence><interface>{interface}</interface>"
    return f'<rule uuid="{name}">{place}{inner}<description>{name}</description></rule>'


def mvc(*rules: str, aliases: str = "") -> str:
    listed = "\n".join(rules)
    return (
        f"<OPNsense><Firewall><Alias><aliases>\n{aliases}\n</aliases></Alias>"
        f"<Filter><rules>\n{listed}\n</rules></Filter></Firewall></OPNsense>"
    )


def names(device: Device) -> list[str]:
    return [one.description for one in policy(device).rules]


def test_newer_rules_by_sequence_before_classic_ones_of_their_rank() -> None:
    device = read(
        classic("classic"),
        classic("classic group", interface="INSIDE"),
        before=mvc(
            modern("b", 20), modern("a", 10), modern("several", 30, "lan,wan"), modern("everywhere", 5, ""),
            modern("group", 9, "INSIDE"), modern("last", 1, quick="0"),
        ),
    )  # fmt: skip
    assert names(device) == ["everywhere", "several", "group", "classic group", "a", "b", "classic", "last"]


def test_rules_of_interfaces_can_be_slow() -> None:
    device = read(classic("slow", "<quick>0</quick>"), classic("plain"), classic("quick", "<quick>1</quick>"))
    assert names(device) == ["plain", "quick", "slow"]


def test_newer_rules() -> None:
    device = read(
        before=mvc(
            modern("a", 1, source_net="lan,NETS", source_not="1", protocol="UDP", destination_port="https", log="1"),
            modern("b", 2, interfacenot="1", action="block", direction="any", ipprotocol="inet46"),
            modern("c", 3, enabled="0", action="reject"),
            aliases="<alias><name>NETS</name><type>network</type><content>192.0.2.0/24</content></alias>",
        )
    )
    outside, first, off = policy(device).rules
    assert values(first.match.source) == IPV4_ALL - four("10.1.0.0", "10.1.255.255") - four("192.0.2.0", "192.0.2.255")
    assert hits(first.match, "198.51.100.1", in_interface="LAN", protocol=17, destination_port=443)
    assert first.logging is not None
    assert hits(outside.match, in_interface="WAN")
    assert hits(outside.match, in_interface="LAN", out_interface="WAN")
    assert not hits(outside.match, in_interface="LAN")
    assert not off.enabled
    assert off.outcome.verb is Verb.REJECT


@pytest.mark.parametrize(
    ("alias", "wanted"),
    [
        ("<type>host</type><content>10.0.0.1\n10.0.0.2</content>", four("10.0.0.1", "10.0.0.2")),
        ("<type>network</type><content>10.0.0.0/24\n!10.0.0.128/25</content>", four("10.0.0.0", "10.0.0.127")),
        ("<type>networkgroup</type><content>OTHER</content>", four("10.5.0.0", "10.5.255.255")),
    ],
)
def test_newer_aliases(alias: str, wanted: object) -> None:
    listed = f"<alias><name>X</name>{alias}</alias>"
    listed += "<alias><name>OTHER</name><type>network</type><content>10.5.0.0/16</content></alias>"
    found = policy(read(before=mvc(modern("a", source_net="X"), aliases=listed))).rules[0]
    assert values(found.match.source) == wanted
    assert found.match.source.elements[0].origin.line > 1


@pytest.mark.parametrize(
    "alias",
    ["<type>geoip</type><content>DE</content>", "<type>host</type><enabled>0</enabled><content>10.0.0.1</content>"],
)
def test_aliases_that_are_not_in_the_file(alias: str) -> None:
    listed = f"<alias><name>X</name>{alias}</alias>"
    found = policy(read(before=mvc(modern("a", source_net="X"), aliases=listed))).rules[0]
    assert [one.key for one in found.match.all_conditions()] == ["source alias:X"]


def test_disabled_as_a_value() -> None:
    device = read(classic("a", "<disabled>1</disabled>"), classic("b", "<disabled>0</disabled>"))
    assert [one.enabled for one in policy(device).rules] == [False, True]


def test_detection() -> None:
    text = config((FIXTURES / "branch.xml").read_text(encoding="utf-8"))
    assert (OPNSENSE.score(text), PFSENSE.score(text)) == (95, 0)
