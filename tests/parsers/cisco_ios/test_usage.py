"""Where lists are applied, and what happens to the rest of a configuration."""

from __future__ import annotations

import pytest

from rulecheck.model.device import Severity
from tests.parsers.cisco_ios.reading import codes, device, policy

V4 = "access-list 10 permit 192.0.2.1\n"
V6 = "ipv6 access-list SIX\n permit ipv6 any any\n"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("interface GigabitEthernet0/0\n ip access-group 10 in\n", "GigabitEthernet0/0 in"),
        ("interface Vlan 7\n ip access-group 10 out\n", "Vlan 7 out"),
        ("interface Vlan7\n ip verify unicast source reachable-via rx allow-default 10\n", "Vlan7 uRPF"),
        ("line vty 0 4\n access-class 10 in vrf-also\n", "vty 0 4 in"),
        ("snmp-server community PUBLICWORD RO 10\n", "SNMP community"),
        ("snmp-server community PUBLICWORD view V RW 10\n", "SNMP community"),
        ("snmp-server group G v3 priv read V access 10\n", "SNMP group"),
        ("ip nat inside source list 10 interface Vlan1 overload\n", "NAT"),
        ("ntp access-group serve-only 10\n", "NTP"),
        ("ip http access-class 10\n", "HTTP server"),
        ("ip http access-class ipv4 10\n", "HTTP server"),
        ("dialer-list 1 protocol ip list 10\n", "dialer-list"),
        ("route-map RM permit 5\n match ip address 10\n", "route-map RM 5"),
        ("class-map match-all VOICE\n match access-group 10\n", "class-map VOICE"),
        ("class-map match-any VOICE\n match access-group name 10\n", "class-map VOICE"),
        ("crypto map CM 10 ipsec-isakmp\n match address 10\n", "crypto map CM 10"),
        ("router eigrp 1\n distribute-list 10 out Vlan1\n", "router eigrp 1 distribute-list out"),
        ("router bgp 65000\n address-family ipv4\n  neighbor 192.0.2.9 distribute-list 10 in\n",
         "router bgp 65000 distribute-list in"),
        ("ip pim rp-address 192.0.2.3 10\n", "PIM RP"),
    ],
)  # fmt: skip
def test_ipv4_uses(text: str, where: str) -> None:
    found = device(V4 + text)
    assert found.policies[0].applied_to == (where,)
    assert found.diagnostics == ()
    assert found.source.lines.unknown == 0


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("interface Vlan7\n ipv6 traffic-filter SIX in\n", "Vlan7 in"),
        ("line vty 5 15\n ipv6 access-class SIX in\n", "vty 5 15 in"),
        ("snmp-server community PUBLICWORD RO ipv6 SIX\n", "SNMP community"),
        ("route-map RM permit 5\n match ipv6 address SIX\n", "route-map RM 5"),
        ("class-map VOICE\n match access-group name SIX\n", "class-map VOICE"),
    ],
)
def test_ipv6_uses(text: str, where: str) -> None:
    assert policy(V6 + text).applied_to == (where,)


def test_several_uses_keep_their_order_and_are_named_once() -> None:
    text = "interface Vlan1\n ip access-group 10 in\ninterface Vlan2\n ip access-group 10 in\nip http access-class 10\n"
    assert policy(V4 + text).applied_to == ("Vlan1 in", "Vlan2 in", "HTTP server")


def test_an_undefined_list_is_reported_with_its_consequence() -> None:
    (found,) = device("interface Vlan1\n ip access-group GONE in\n").diagnostics
    assert (found.code, found.severity, found.line, found.affects_verdicts) == ("RC603", Severity.LOW, 2, False)
    assert found.message == ("access list GONE (Vlan1 in) is not defined: an undefined access list permits everything")


def test_a_common_list_and_its_own_list_are_both_applied() -> None:
    text = f"{V4}access-list 11 permit any\ninterface Vlan1\n ip access-group common 10 11 in\n"
    assert [one.applied_to for one in device(text).policies] == [("Vlan1 in",)] * 2


def test_a_list_command_that_is_not_understood_is_never_ignored() -> None:
    for line in ("ip access-list wide open X", "ipv6 access-list X permit ipv6 any any", "ip access-group 10 in"):
        assert [(one.code, one.affects_verdicts) for one in device(line).diagnostics] == [("RC601", True)]
    assert codes("ip access-list logging interval 10\nip access-list resequence X 10 10\n") == []


def test_prefix_lists_are_not_access_lists() -> None:
    assert codes("route-map RM permit 5\n match ip address prefix-list PL\n") == []


def test_no_secret_reaches_a_diagnostic() -> None:
    found = device("snmp-server community s3cr3tword RO 42\nusernome x password 0 s3cr3tword\n")
    assert [one.code for one in found.diagnostics] == ["RC603", "RC601"]
    assert "s3cr3tword" not in str(found)


def test_ordinary_commands_are_ignored() -> None:
    found = device(
        """\
        version 15.2
        service timestamps debug datetime msec
        hostname r1
        !
        aaa new-model
        interface GigabitEthernet0/0
         ip address 192.0.2.1 255.255.255.0
         no shutdown
        router ospf 1
         network 192.0.2.0 0.0.0.255 area 0

        ntp server 192.0.2.9
        end
        """
    )
    counts = found.source.lines
    assert (counts.understood, counts.ignored, counts.blank, counts.unknown) == (1, 10, 2, 0)
    assert found.name == "r1"


@pytest.mark.parametrize("mark", ["^C", "#", "%", "$"])
def test_a_banner_is_not_configuration(mark: str) -> None:
    banner = f"banner motd {mark}\naccess-list 99 permit any\n\n! permit ip any any\nhostname evil\n{mark}\n"
    found = device(f"{V4}{banner}hostname good\n")
    assert [one.name for one in found.policies] == ["10"]
    assert found.name == "good"
    assert found.source.lines.unknown == 0


def test_unknown_commands() -> None:
    found = device("frobnicate the network\n inner line\nfrobnicate access-list 7\n")
    assert [(one.code, one.line, one.severity, one.affects_verdicts) for one in found.diagnostics] == [
        ("RC601", 1, Severity.LOW, False),
        ("RC601", 2, Severity.LOW, False),
        ("RC601", 3, Severity.MEDIUM, True),
    ]
    assert found.source.lines.unknown == 3


def test_a_list_of_another_platform_is_reported() -> None:
    found = device("access-list OUTSIDE extended permit ip any any\n")
    assert [(one.code, one.affects_verdicts) for one in found.diagnostics] == [("RC601", True)]


def test_a_capture_without_its_end_may_be_cut_off() -> None:
    whole = "Current configuration : 99 bytes\naccess-list 10 permit 192.0.2.1\n"
    assert codes(whole) == ["RC607"]
    assert codes(f"{whole}end\n") == []


def test_an_empty_file() -> None:
    found = device("")
    assert (found.policies, found.diagnostics, found.source.lines.total) == ((), (), 0)
    assert found.name == "edge"


def test_pager_marks_are_removed() -> None:
    text = "Extended IP access list X\n    10 permit tcp any any\n --More--           20 deny ip any any\n"
    assert len(policy(text).rules) == 2
