"""Rules, aliases and interfaces of pfSense."""

from __future__ import annotations

import pytest

from parsers.bsd.sense import OPNSENSE, PFSENSE
from rulecheck.model.fields import IPV4_ALL, IPV6_ALL
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Verb
from tests.parsers.pfsense.reading import FIXTURES, codes, config, four, hits, parse, policy, read, rule, six, values

ANY = "<source><any/></source><destination><any/></destination>"
FLOATING = "<floating>yes</floating>"


def alias(name: str, address: str, kind: str = "network") -> str:
    return f"<alias><name>{name}</name><type>{kind}</type><address>{address}</address></alias>"


def basic(more: str = "", kind: str = "pass", interface: str = "lan", sides: str = ANY) -> str:
    return f"<type>{kind}</type><interface>{interface}</interface>{sides}{more}"


def test_floating_then_groups_then_interfaces_and_last_match_at_the_end() -> None:
    device = read(
        basic("<descr>interface</descr>"),
        basic(f"{FLOATING}<descr>slow one</descr>"),
        basic("<descr>group</descr>", interface="INSIDE"),
        basic(f"{FLOATING}<quick>yes</quick><descr>quick</descr>"),
        basic(f"{FLOATING}<descr>slow two</descr>"),
        basic("<descr>wan</descr>", interface="wan"),
    )
    found = [one.description for one in policy(device).rules]
    assert found == ["quick", "group", "interface", "wan", "slow two", "slow one"]
    assert policy(device).default == RETURN
    assert not policy(device).entry


def test_match_rules_act_before_the_rules_that_decide() -> None:
    device = read(
        basic("<descr>pass</descr>"),
        basic(f"{FLOATING}<descr>match</descr><defaultqueue>q</defaultqueue>", kind="match"),
    )
    first, _ = policy(device).rules
    assert (first.description, first.outcome) == ("match", Outcome(Verb.CONTINUE, ("defaultqueue q", "match")))


def test_automatic_rules_around_the_written_ones() -> None:
    wan = "<interfaces><wan><if>em0</if><descr>WAN</descr><blockpriv/><blockbogons/></wan><lan><if>em1</if>"
    wan += "<ipaddr>10.1.0.1</ipaddr><subnet>24</subnet></lan></interfaces>"
    text = f"<pfsense><system><webgui><protocol>https</protocol></webgui></system>{wan}<filter></filter></pfsense>"
    firewall = policy(parse(text), "firewall")
    assert [(one.name, one.outcome.verb) for one in firewall.implicit] == [
        ("Block all IPv6", Verb.DENY),
        ("IPv6 requirements (ICMP)", Verb.PERMIT),
        ("Block bogon IPv4 networks from WAN", Verb.DENY),
        ("Block bogon IPv6 networks from WAN", Verb.DENY),
        ("Block private networks from WAN", Verb.DENY),
        ("anti-lockout rule", Verb.PERMIT),
        ("rules", Verb.CALL),
        ("let out anything from the firewall itself", Verb.PERMIT),
        ("Default deny rule", Verb.DENY),
    ]
    private, lockout, out = firewall.implicit[4].match, firewall.implicit[5].match, firewall.implicit[7].match
    assert hits(private, "192.168.3.4", in_interface="WAN")
    assert not hits(private, "192.168.3.4", in_interface="LAN")
    assert hits(lockout, destination="10.1.0.1", in_interface="LAN", destination_port=443)
    assert hits(out, out_interface="WAN")
    assert not hits(out, in_interface="WAN")


def test_rules_of_interfaces_are_for_what_comes_in() -> None:
    found = rule(basic(kind="block")).match
    assert hits(found, in_interface="LAN")
    assert not hits(found, in_interface="WAN")
    assert not hits(found, in_interface="LAN", out_interface="WAN")
    both = rule(basic(FLOATING, kind="block")).match
    assert hits(both, in_interface="LAN", out_interface="")
    assert hits(both, out_interface="LAN")
    assert hits(rule(basic(f"{FLOATING}<direction>out</direction>", kind="block")).match, out_interface="LAN")
    assert hits(rule(basic(kind="block", interface="INSIDE")).match, in_interface="VPN")
    assert hits(rule(basic(kind="block", interface="openvpn")).match, in_interface="VPN")


@pytest.mark.parametrize(
    ("side", "wanted"),
    [
        ("<network>lan</network>", four("10.1.0.0", "10.1.255.255")),
        ("<network>lanip</network>", four("10.1.0.1")),
        ("<address>192.0.2.0/24</address>", four("192.0.2.0", "192.0.2.255")),
        ("<address>192.0.2.7</address><not/>", IPV4_ALL - four("192.0.2.7")),
        ("<address>NETS</address>", four("10.0.0.0", "10.0.0.255") | four("10.2.0.1", "10.2.0.9")),
        ("<address>NESTED</address>", four("10.0.0.0", "10.0.0.255") | four("10.2.0.1", "10.2.0.9") | four("10.7.0.1")),
    ],
)
def test_sources(side: str, wanted: object) -> None:
    aliases = alias("NETS", "10.0.0.0/24 10.2.0.1-10.2.0.9") + alias("NESTED", "NETS 10.7.0.1", "host")
    sides = f"<source>{side}</source><destination><any/></destination>"
    found = rule(basic(sides=sides), before=f"<aliases>{aliases}</aliases>")
    assert values(found.match.source) == wanted
    assert found.match.all_conditions() == ()


@pytest.mark.parametrize(
    ("side", "key"),
    [
        ("<network>wan</network>", "source address:WAN net"),
        ("<network>wanip</network>", "source address:WAN address"),
        ("<network>(self)</network>", "source address:self"),
        ("<address>TABLE</address>", "source alias:TABLE"),
        ("<address>NAMES</address>", "source fqdn:www.example.com"),
    ],
)
def test_what_the_file_does_not_have_is_a_condition(side: str, key: str) -> None:
    aliases = alias("NAMES", "www.example.com", "host")
    aliases += "<alias><name>TABLE</name><type>urltable</type><url>https://example.com/x</url></alias>"
    sides = f"<source>{side}</source><destination><any/></destination>"
    found = rule(basic(sides=sides), before=f"<aliases>{aliases}</aliases>")
    assert key in [one.key for one in found.match.all_conditions()]


def test_families() -> None:
    assert values(rule(basic("<ipprotocol>inet</ipprotocol>")).match.source) == IPV4_ALL
    assert values(rule(basic()).match.source) == IPV4_ALL
    assert values(rule(basic("<ipprotocol>inet6</ipprotocol>")).match.source) == IPV6_ALL
    assert values(rule(basic("<ipprotocol>inet46</ipprotocol>")).match.source) == IPV4_ALL | IPV6_ALL


def test_services() -> None:
    ports = "<source><any/></source><destination><any/><port>PORTS</port></destination>"
    before = f"<aliases>{alias('PORTS', '80 8000:8100 MORE', 'port')}{alias('MORE', '443', 'port')}</aliases>"
    found = rule(basic("<protocol>tcp/udp</protocol>", kind="block", sides=ports), before=before).match
    for port in (80, 443, 8050):
        assert hits(found, in_interface="LAN", destination_port=port)
        assert hits(found, in_interface="LAN", destination_port=port, protocol=17)
    assert not hits(found, in_interface="LAN", destination_port=81)
    plain = "<source><any/></source><destination><any/><port>90-99</port></destination>"
    found = rule(basic("<protocol>tcp</protocol>", kind="block", sides=plain)).match
    assert hits(found, in_interface="LAN", destination_port=95)
    icmp = rule(basic("<protocol>icmp</protocol><icmptype>echoreq,unreach</icmptype>", kind="block")).match
    assert hits(icmp, in_interface="LAN", protocol=1, icmp=0x800)
    assert not hits(icmp, in_interface="LAN", protocol=1, icmp=0)


def test_passing_rules_match_new_connections() -> None:
    assert not hits(rule(basic()).match, in_interface="LAN", tcp_flags=16)
    assert hits(rule(basic()).match, in_interface="LAN", tcp_flags=2)
    assert hits(rule(basic("<tcpflags_any/>")).match, in_interface="LAN", tcp_flags=16)
    assert hits(rule(basic("<statetype>none</statetype>")).match, in_interface="LAN", tcp_flags=16)
    assert hits(rule(basic(kind="block")).match, in_interface="LAN", tcp_flags=16)


@pytest.mark.parametrize(
    ("more", "kind", "outcome"),
    [
        ("", "pass", PERMIT),
        ("", "block", DENY),
        ("", "reject", Outcome(Verb.REJECT, ("return",))),
        ("<gateway>WAN2</gateway>", "pass", Outcome(Verb.PERMIT, ("gateway WAN2",))),
        ("<tag>X</tag><statetype>none</statetype>", "pass", Outcome(Verb.PERMIT, ("no state", "tag X"))),
        ("<statetype>keep state</statetype>", "pass", PERMIT),
    ],
)
def test_outcomes(more: str, kind: str, outcome: Outcome) -> None:
    assert rule(basic(more, kind=kind)).outcome == outcome


def test_facts() -> None:
    schedules = (
        "<schedules><schedule><name>WORK</name><timerange><hour>7:00-18:00</hour></timerange></schedule></schedules>"
    )
    found = rule(basic("<disabled/><log/><descr>x</descr><sched>WORK</sched>"), before=schedules)
    assert (found.enabled, found.disabled_because, found.description) == (False, "disabled", "x")
    assert found.logging is not None
    assert found.schedule is not None
    assert found.schedule.name == "WORK"
    assert [one.key for one in found.match.all_conditions()] == ["time-range:WORK"]
    assert rule(basic()).enabled


def test_objects_and_uses() -> None:
    aliases = (alias("A", "B 10.0.0.1", "host"), alias("B", "10.0.0.2", "host"), alias("C", "1", "port"))
    before = f"<aliases>{''.join(aliases)}</aliases>"
    before += "<nat><rule><target>C</target></rule></nat>"
    device = read(basic(sides="<source><address>A</address></source><destination><any/></destination>"), before=before)
    assert [(one.name, one.members) for one in device.objects][:3] == [("A", ("B",)), ("B", ()), ("C", ())]
    assert [(one.name, one.rule) for one in device.uses] == [("A", 0), ("C", None)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (basic(sides="<source><address>NOWHERE</address></source><destination><any/></destination>"), "RC603"),
        (basic(interface="opt9"), "RC603"),
        (basic("<sched>NEVER</sched>"), "RC603"),
        (basic("<protocol>bogus</protocol>"), "RC606"),
        (basic("<ipprotocol>inet5</ipprotocol>"), "RC602"),
        (basic(kind="maybe"), "RC602"),
        (basic("<novelty>1</novelty>"), "RC601"),
        (basic(sides="<source><any/></source><destination><any/><port>1-70000</port></destination>"), "RC606"),
    ],
)
def test_what_is_not_understood_is_reported(text: str, code: str) -> None:
    device = read(text)
    assert code in codes(device)
    found = policy(device).rules[0]
    assert found.match.all_conditions() or found.outcome.verb is Verb.OTHER


def test_aliases_that_contain_each_other() -> None:
    device = read(before=f"<aliases>{alias('A', 'B', 'host')}{alias('B', 'A', 'host')}</aliases>")
    assert codes(device) == ["RC604"]


def test_long_chains_of_aliases_end() -> None:
    chain = "".join(alias(f"A{n}", f"A{n + 1} 10.0.0.{n % 250}", "host") for n in range(3000))
    device = read(before=f"<aliases>{chain}{alias('A3000', '10.9.9.9', 'host')}</aliases>")
    assert device.objects[0].content is not None


def test_a_section_alone() -> None:
    (device,) = PFSENSE.parse(config(f"<filter>\n<rule><tracker>1</tracker>{basic()}</rule>\n</filter>\n"))
    assert len(policy(device).rules) == 1
    assert PFSENSE.score(config(f"<filter>\n<rule><tracker>1</tracker>{basic()}</rule>\n</filter>\n")) == 60


def test_detection() -> None:
    text = config((FIXTURES / "office.xml").read_text(encoding="utf-8"))
    assert (PFSENSE.score(text), OPNSENSE.score(text)) == (95, 0)
    assert six(1, 1)
