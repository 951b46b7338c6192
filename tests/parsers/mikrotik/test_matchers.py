"""What each matcher of a rule means."""

from __future__ import annotations

import pytest

from tests.parsers.mikrotik.reading import codes, filtered, hits, policy, rule, v6


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("src-address=10.0.0.5", "10.0.0.5", "10.0.0.6"),
        ("src-address=10.0.0.0/24", "10.0.0.255", "10.0.1.0"),
        ("src-address=10.0.0.5-10.0.1.3", "10.0.1.3", "10.0.1.4"),
        ("src-address=!10.0.0.0/24", "10.0.1.0", "10.0.0.1"),
        ("src-address=10.0.0.0/255.255.255.0", "10.0.0.9", "10.0.1.0"),
    ],
)
def test_addresses(text: str, inside: str, outside: str) -> None:
    match = rule(text).match
    assert hits(match, inside)
    assert not hits(match, outside)


def test_ipv6_addresses() -> None:
    match = rule("dst-address=2001:db8::/120", menu="/ipv6 firewall filter").match
    assert hits(match, v6(1 << 70), v6(0xFF))
    assert not hits(match, v6(1 << 70), v6(0x100))


def test_ports_of_either_side() -> None:
    match = rule("protocol=udp src-port=1024-65535 dst-port=53,123").match
    assert hits(match, protocol=17, source_port=1024, destination_port=123)
    assert not hits(match, protocol=17, source_port=1023, destination_port=123)
    either = rule("protocol=tcp port=80").match
    assert hits(either, source_port=80)
    assert hits(either, destination_port=80)
    assert not hits(either, source_port=81)
    neither = rule("protocol=tcp port=!80").match
    assert not hits(neither, source_port=80, destination_port=1)
    assert hits(neither, source_port=81, destination_port=81)
    assert not hits(rule("protocol=tcp dst-port=!22").match, destination_port=22)


def test_protocols() -> None:
    assert hits(rule("protocol=ipsec-esp").match, protocol=50)
    assert hits(rule("protocol=139").match, protocol=139)
    assert not hits(rule("protocol=!gre").match, protocol=47)


def test_icmp() -> None:
    match = rule("protocol=icmp icmp-options=3:0-1").match
    assert hits(match, protocol=1, icmp=3 * 256 + 1)
    assert not hits(match, protocol=1, icmp=3 * 256 + 2)
    six = rule("protocol=icmpv6 icmp-options=128:0-255", menu="/ipv6 firewall filter").match
    assert hits(six, v6(1), v6(2), protocol=58, icmp=128 * 256)


def test_connection_states_flags_sizes_and_hops() -> None:
    assert hits(rule("connection-state=established,related").match, connection_state=2)
    assert not hits(rule("connection-state=established,related").match, connection_state=3)
    assert hits(rule("connection-state=!invalid").match, connection_state=3)
    syn = rule("protocol=tcp tcp-flags=syn,!ack").match
    assert hits(syn, tcp_flags=0x02)
    assert not hits(syn, tcp_flags=0x12)
    assert not hits(rule("protocol=tcp tcp-flags=!syn").match, tcp_flags=0x02)
    assert hits(rule("packet-size=100-200").match, packet_length=200)
    assert not hits(rule("packet-size=!100-200").match, packet_length=200)
    assert hits(rule("ttl=less-than:5").match, ttl=4)
    assert not hits(rule("ttl=not-equal:5").match, ttl=5)
    assert hits(rule("dscp=46").match, tos=46 << 2 | 3)
    assert hits(rule("fragment=yes").match, fragment=1)
    assert hits(rule("src-mac-address=00:00:00:00:00:0A").match, source_mac=10)


INTERFACES = """/interface list
add name=LAN
add name=OTHER
add include=LAN,OTHER name=ALL-INSIDE
add exclude=OTHER include=ALL-INSIDE name=ONLY-LAN
add name=EMPTY
add include=B name=A
add include=A name=B
/interface list member
add interface=br1 list=LAN
add interface=br2 list=LAN
add disabled=yes interface=br9 list=LAN
add interface=br3 list=OTHER"""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("in-interface=br1", {"br1"}),
        ("in-interface=!br1", {"br2", "br3", "br9"}),
        ("in-interface-list=LAN", {"br1", "br2"}),
        ("in-interface-list=!LAN", {"br3", "br9"}),
        ("in-interface-list=ALL-INSIDE", {"br1", "br2", "br3"}),
        ("in-interface-list=ONLY-LAN", {"br1", "br2"}),
        ("in-interface-list=all", {"br1", "br2", "br3", "br9"}),
        ("in-interface-list=none", set()),
        ("in-interface-list=!all", set()),
    ],
)
def test_interfaces_and_their_lists(text: str, names: set[str]) -> None:
    match = rule(text, before=INTERFACES).match
    assert {name for name in ("br1", "br2", "br3", "br9") if hits(match, in_interface=name)} == names


@pytest.mark.parametrize("text", ["in-interface-list=EMPTY", "in-interface=all-ppp", "in-interface-list=dynamic"])
def test_interfaces_that_the_file_does_not_name(text: str) -> None:
    one = rule(text, before=INTERFACES)
    assert one.match.must((4,)) == ()
    assert one.match.may((4,)) != ()


def test_interface_lists_that_are_missing_or_go_in_circles() -> None:
    device = filtered("chain=forward in-interface-list=GHOST", "chain=forward in-interface-list=A", before=INTERFACES)
    assert sorted(code for code, _ in codes(device)) == ["RC603", "RC604"]
    assert all(one.match.must((4,)) == () for one in policy(device).rules)


@pytest.mark.parametrize(
    ("text", "key", "holds"),
    [
        ("connection-nat-state=!dstnat", "connection-nat-state:dstnat", False),
        ("packet-mark=m1", "packet-mark:m1", True),
        ("ipsec-policy=in,ipsec", "ipsec-policy:in,ipsec", True),
        ("src-address-type=!local,broadcast", "src-address-type:broadcast,local", False),
        ("content=evil", "content:evil", True),
        ("time=9h-17h,mon,tue", "time-range:9h-17h,mon,tue", True),
    ],
)
def test_tests_that_are_shared_by_name(text: str, key: str, holds: bool) -> None:
    (condition,) = rule(text).match.conditions
    assert (condition.key, condition.holds) == (key, holds)


def test_a_rule_with_a_time_has_a_schedule() -> None:
    schedule = rule("time=9h-17h,mon").schedule
    assert schedule is not None
    assert schedule.text == "9h-17h,mon"


def test_limits_differ_from_rule_to_rule() -> None:
    first, second = policy(filtered("chain=forward limit=5,5:packet", "chain=forward limit=5,5:packet")).rules
    assert first.match.conditions[0].key != second.match.conditions[0].key
    assert first.match.conditions[0].fresh is True
    assert rule("connection-limit=100,32").match.conditions[0].fresh is False
    assert rule("connection-limit=!100,32").match.conditions[0].fresh is True
    assert rule("protocol=tcp psd=21,3s,3,1").match.conditions[0].fresh is False


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("src-address=10.0.0.300", "RC606"),
        ("src-address=10.0.0.0/33", "RC606"),
        ("src-address=10.0.0.9-10.0.0.1", "RC606"),
        ("src-address=www.example.com", "RC606"),
        ("dst-port=80", "RC606"),
        ("protocol=tcp dst-port=99999", "RC606"),
        ("protocol=tcp dst-port=²", "RC606"),
        ("protocol=nonsense", "RC606"),
        ("connection-state=happy", "RC606"),
        ('connection-state=""', "RC602"),
        ("future-matcher=1", "RC602"),
        ("action=teleport", "RC602"),
        ("ttl=above:3", "RC606"),
        ("src-mac-address=00:11", "RC606"),
        ("fragment=maybe", "RC606"),
    ],
)
def test_what_is_not_understood_is_reported_and_inexact(text: str, code: str) -> None:
    device = filtered(f"chain=forward {text}")
    assert [one.code for one in device.diagnostics] == [code]
    assert device.diagnostics[0].affects_verdicts
    assert policy(device).rules[0].match.must((4,)) == ()


def test_problems_of_disabled_rules_do_not_affect_verdicts() -> None:
    device = filtered("chain=forward disabled=yes protocol=nonsense")
    assert [one.affects_verdicts for one in device.diagnostics] == [False]
    assert not policy(device).rules[0].enabled
    assert policy(device).rules[0].disabled_because == "disabled=yes"


def test_a_verbose_export_writes_what_is_not_set() -> None:
    text = (
        "action=accept chain=forward !connection-bytes !connection-mark !content disabled=no !dst-address dst-port=80"
        ' !limit log=no log-prefix="" protocol=tcp !src-address src-address-list="" !time'
    )
    one = policy(filtered(text)).rules[0]
    assert one.match.all_conditions() == ()
    assert hits(one.match, destination_port=80)
    assert one.logging is None
