"""RC2xx: what each check finds in lists that a person can work out, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rulecheck.checks.services import services_at_risk
from rulecheck.checks.settings import DEFAULT_SETTINGS, Settings, Thresholds
from rulecheck.model.device import Severity
from rulecheck.model.intervals import IntervalSet
from tests.checks.noticing import asa, iptables, noticed, report

HOST = "host 192.0.2.10"


def _severities(code: str, text: str, settings: Settings = DEFAULT_SETTINGS) -> list[tuple[int, str]]:
    return [(one.line, one.severity.value) for one in noticed(code, text, settings)]


# RC201


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (asa("permit ip any any"), [(3, "high")]),
        (asa("permit ip any4 any4"), [(3, "high")]),
        (asa("permit ip any any", interface="inside"), [(3, "medium")]),
        (asa("permit ip any any", interface="segment7"), [(3, "high")]),
        (asa("permit ip any any", interface=""), [(3, "high")]),
        (asa("permit tcp any any"), []),
        (asa(f"permit ip any {HOST}"), []),
        (asa("deny ip any any"), []),
        (asa("permit ip any any inactive"), []),
        (asa("deny ip any any", "permit ip any any"), []),
        (iptables("-A FORWARD -j ACCEPT"), [(5, "high")]),
        (iptables("-A FORWARD -i wan0 -j ACCEPT"), [(5, "high")]),
        (iptables("-A FORWARD -i eth7 -j ACCEPT"), [(5, "medium")]),
        (iptables("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"), []),
        (iptables("-A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT"), [(5, "high")]),
        (iptables("-A INPUT -i lo -j ACCEPT"), []),
        (iptables("-A OUTPUT -j ACCEPT"), [(5, "low")]),
        (iptables("-A FORWARD -m limit --limit 5/sec -j ACCEPT"), []),
    ],
)
def test_permits_from_any_to_any(text: str, found: list[tuple[int, str]]) -> None:
    assert _severities("RC201", text) == found


def test_a_called_list_is_judged_by_what_its_calls_bring() -> None:
    narrow = iptables("-A FORWARD -s 10.0.0.0/8 -j USER", "-A USER -j ACCEPT", chains=("USER",))
    wide = iptables("-A FORWARD -j USER", "-A USER -j ACCEPT", chains=("USER",))
    never = iptables("-A USER -j ACCEPT", chains=("USER",))
    assert noticed("RC201", narrow) == noticed("RC201", never) == []
    assert _severities("RC201", wide) == [(7, "high")]


def test_a_list_that_only_outgoing_traffic_reaches_is_for_outgoing_traffic() -> None:
    text = iptables("-A OUTPUT -j USER", "-A USER -j ACCEPT", chains=("USER",))
    assert _severities("RC201", text) == [(7, "low")]
    both = text.replace("-A USER", "-A FORWARD -j USER\n-A USER")
    assert _severities("RC201", both) == [(8, "high")]
    ssh = text.replace("-j ACCEPT", "-p tcp -m tcp --dport 22 -j ACCEPT")
    assert noticed("RC205", ssh) == []


# RC202, RC203, RC204


def test_any_in_one_field_is_listed_by_policy() -> None:
    text = asa(
        f"permit tcp any {HOST} eq https",
        f"permit tcp host 203.0.113.7 {HOST} eq ssh",
        "permit tcp 10.0.0.0 255.0.0.0 any eq https",
        f"permit ip host 203.0.113.8 {HOST}",
        f"permit icmp any {HOST}",
        "permit ip any any",
    )
    found = {code: noticed(code, text) for code in ("RC202", "RC203", "RC204")}
    assert {code: [one.rules for one in items] for code, items in found.items()} == {
        "RC202": [(0,)],
        "RC203": [(2,)],
        "RC204": [(3,)],
    }
    (one,) = found["RC202"]
    assert (one.policy, one.rule, one.line, one.severity) == ("LIST", None, 3, Severity.LOW)
    assert [(place.line, place.index) for place in one.places] == [(3, 0)]


def test_a_field_that_no_rule_restricts_is_not_what_the_list_is_about() -> None:
    standard = (
        "hostname r1\nip access-list standard VTY\n permit 10.0.0.0 0.255.255.255\nline vty 0 4\n access-class VTY in\n"
    )
    found = report(standard)
    assert found.policies[0].rules == 1
    assert [one.code for one in found.observations if one.code < "RC205"] == []


def test_a_list_for_traffic_that_leaves_is_not_about_its_sources() -> None:
    entries = f"permit tcp any {HOST} eq https", "permit tcp host 10.0.0.1 host 192.0.2.11 eq https"
    assert len(noticed("RC202", asa(*entries))) == 1
    assert noticed("RC202", asa(*entries).replace(" in interface", " out interface")) == []


def test_all_rules_are_counted_and_the_first_are_cited() -> None:
    text = asa(*(f"permit tcp any host 192.0.2.{number} eq https" for number in range(1, 10)), f"permit ip {HOST} any")
    (one,) = noticed("RC202", text, Settings(thresholds=Thresholds(examples=3)))
    assert one.rules == tuple(range(9))
    assert [place.index for place in one.places] == [0, 1, 2]
    assert "9 rules" in one.message
    assert "lines 3, 4, 5, 6 and 5 more" in one.message


def test_all_but_the_private_networks_is_any() -> None:
    text = iptables("-A FORWARD ! -s 10.0.0.0/8 -d 192.0.2.10/32 -j ACCEPT", "-A FORWARD -s 10.0.0.1/32 -j DROP")
    assert [one.rules for one in noticed("RC202", text)] == [(0,)]


# RC205


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (asa(f"permit tcp any {HOST} eq telnet"), [(3, "high")]),
        (asa(f"permit tcp any {HOST} eq ssh"), [(3, "medium")]),
        (asa(f"permit tcp any {HOST} eq https"), []),
        (asa(f"permit udp any {HOST} eq telnet"), []),
        (asa(f"permit tcp any {HOST} eq 3389", interface="inside"), []),
        (asa(f"permit tcp any {HOST} eq 3389", interface="port7"), [(3, "high")]),
        (asa(f"permit tcp 10.0.0.0 255.0.0.0 {HOST} eq 3389"), []),
        (asa(f"permit tcp 203.0.0.0 255.255.0.0 {HOST} eq 3389"), [(3, "medium")]),
        (asa(f"permit tcp 203.0.113.0 255.255.255.0 {HOST} eq 3389"), []),
        (asa(f"permit tcp 203.0.112.0 255.255.254.0 {HOST} eq 3389"), [(3, "medium")]),
        (asa(f"permit tcp host 203.0.113.9 {HOST} eq telnet"), [(3, "medium")]),
        (asa(f"permit tcp any {HOST} range 3300 3400"), [(3, "high")]),
        (asa(f"permit tcp any {HOST} range 1024 65535"), []),
        (asa(f"permit ip any {HOST}"), []),
        (asa(f"deny tcp any {HOST} eq telnet"), []),
        (asa("deny tcp any any eq 3389", f"permit tcp any {HOST} range 3380 3399"), []),
        (asa("deny tcp any host 192.0.2.11 eq 3389", f"permit tcp any {HOST} range 3380 3399"), [(4, "high")]),
        (asa(f"permit tcp any {HOST} range 3380 3399", "deny tcp any any eq 3389"), [(3, "high")]),
        (iptables("-A FORWARD -p tcp -m tcp --sport 3389 -j ACCEPT"), []),
        (iptables("-A INPUT -i lan0 -p tcp -m tcp --dport 22 -j ACCEPT"), []),
        (iptables("-A INPUT -i wan0 -p tcp -m tcp --dport 22 -j ACCEPT"), [(5, "medium")]),
        (iptables("-A OUTPUT -p tcp -m tcp --dport 22 -j ACCEPT"), []),
        (iptables("-A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate ESTABLISHED -j ACCEPT"), []),
    ],
)
def test_services_that_are_open_to_the_outside(text: str, found: list[tuple[int, str]]) -> None:
    assert _severities("RC205", text) == found


def test_services_are_named() -> None:
    objects = "object-group service RISKY tcp\n port-object eq telnet\n port-object eq 3306\n port-object eq https\n"
    (one,) = noticed("RC205", asa(f"permit tcp any {HOST} object-group RISKY", objects=objects))
    assert one.message == "Line 7 opens Telnet and MySQL to any address through an outside zone or interface."
    assert "Telnet" in one.recommendation
    assert "MySQL" not in one.recommendation


def test_own_addresses_and_zones_are_settings() -> None:
    text = asa(f"permit tcp 203.0.112.0 255.255.254.0 {HOST} eq 3389", interface="port7")
    own = IntervalSet.of((0xCB007000, 0xCB0071FF))
    assert len(noticed("RC205", text)) == 1
    assert noticed("RC205", text, Settings(own=own)) == []
    assert noticed("RC205", text, Settings(inside=frozenset({"port7"}))) == []
    assert noticed("RC205", asa(f"permit tcp any {HOST} eq 22", interface="inside"), Settings(inside=frozenset()))


def test_a_zone_is_known_by_its_whole_name_or_by_a_word_of_it() -> None:
    text = iptables("-A INPUT -i eth0.7 -p tcp -m tcp --dport 22 -j ACCEPT")
    assert len(noticed("RC205", text)) == 1
    assert noticed("RC205", text, Settings(inside=frozenset({"eth0.7"}))) == []
    assert noticed("RC205", asa(f"permit tcp any {HOST} eq ssh", interface="lan-2")) == []


def test_every_service_at_risk_has_ports_and_a_source() -> None:
    names = [one.name for one in services_at_risk()]
    assert len(set(names)) == len(names) > 30
    assert all(one.source and one.ports and all(ports for _, ports in one.ports) for one in services_at_risk())


@pytest.mark.parametrize("service", services_at_risk(), ids=lambda one: one.name)
def test_every_service_at_risk_is_found_on_each_of_its_ports(service: object) -> None:
    from rulecheck.checks.services import ServiceAtRisk

    assert isinstance(service, ServiceAtRisk)
    entries = [
        f"permit {'tcp' if protocol == 6 else 'udp'} any host 192.0.2.{number} eq {port}"
        for protocol, ports in service.ports
        for number, port in enumerate((ports.lowest, ports.intervals[-1][1]), start=1)
    ]
    found = noticed("RC205", asa(*entries))
    assert {one.line - 3 for one in found} >= {number for number in range(len(entries)) if number % 2 == 0}
    assert all(service.name in one.message for one in found)


# RC206


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (asa(f"permit tcp host 10.0.0.1 {HOST} range 2000 2999"), "1,000 TCP ports (2000-2999)"),
        (asa(f"permit tcp host 10.0.0.1 {HOST} range 2000 2998"), ""),
        (asa(f"permit udp host 10.0.0.1 {HOST}"), "all UDP ports"),
        (asa(f"permit ip host 10.0.0.1 {HOST}"), ""),
        (asa(f"permit tcp 64.0.0.0 254.0.0.0 {HOST} eq https"), "from 64.0.0.0-65.255.255.255"),
        (asa(f"permit tcp 64.0.0.0 255.0.0.0 {HOST} eq https"), ""),
        (asa(f"permit tcp any {HOST} eq https"), ""),
        (asa(f"deny tcp host 10.0.0.1 {HOST}"), ""),
        (asa("permit tcp 2000::/3 host 2001:db8::1 eq https"), "from 2000::-3fff:"),
        (asa("permit tcp 2001::/16 host 2001:db8::1 eq https"), ""),
    ],
)
def test_wide_ranges(text: str, words: str) -> None:
    found = noticed("RC206", text)
    assert [words in one.message for one in found] == ([True] if words else [])


def test_the_width_of_a_range_is_a_setting() -> None:
    text = asa(f"permit tcp host 10.0.0.1 {HOST} range 2000 2998")
    assert noticed("RC206", text, Settings(thresholds=Thresholds(ports=999)))


# RC207


def test_a_deny_behind_the_permit_that_bypasses_it() -> None:
    text = asa("permit tcp any 192.0.2.0 255.255.255.0 eq www", f"deny tcp any {HOST} eq www")
    (one,) = noticed("RC207", text)
    assert (one.line, one.severity) == (4, Severity.MEDIUM)
    assert [(place.line, place.index) for place in one.places] == [(3, 0)]
    assert "line 3 before it permits its packets" in one.message


@pytest.mark.parametrize(
    "entries",
    [
        (f"deny tcp any {HOST} eq www", "permit tcp any 192.0.2.0 255.255.255.0 eq www"),
        (f"permit tcp any {HOST} eq www", "deny tcp any 192.0.2.0 255.255.255.0 eq www"),
        ("deny tcp any 192.0.2.0 255.255.255.0", f"deny tcp any {HOST} eq www"),
        ("deny tcp any 192.0.2.0 255.255.255.0", f"permit tcp any {HOST} eq www"),
    ],
)
def test_what_is_no_bypass(entries: tuple[str, str]) -> None:
    assert noticed("RC207", asa(*entries)) == []


# RC208


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (iptables("-A FORWARD -s 10.0.0.1/32 -j DROP", forward="ACCEPT"), [3]),
        (iptables("-A FORWARD -s 10.0.0.1/32 -j DROP", "-A FORWARD -j DROP", forward="ACCEPT"), []),
        (iptables(forward="ACCEPT"), [3]),
        (iptables(), []),
        (asa("deny tcp any any eq telnet", "permit ip any any"), [4]),
        (asa("permit tcp any any eq https", "permit ip any any"), []),
        (asa("deny tcp any any eq telnet", "permit ip any4 any4"), []),
    ],
)
def test_the_default(text: str, lines: list[int]) -> None:
    assert [one.line for one in noticed("RC208", text)] == lines


def test_lists_that_do_not_filter_are_left_out() -> None:
    text = asa("deny tcp any any eq telnet", "permit ip any any", interface="")
    text += "crypto map OUTSIDE 10 match address LIST\ncrypto map OUTSIDE interface outside\n"
    assert [one.code for one in report(text).observations if one.code < "RC3" and one.code != "RC207"] == []


def test_severities_and_switches_are_settings() -> None:
    text = asa("permit ip any any")
    assert noticed("RC201", text, replace(DEFAULT_SETTINGS, disabled=frozenset({"RC201"}))) == []
    (one,) = noticed("RC201", text, replace(DEFAULT_SETTINGS, severities={"RC201": Severity.CRITICAL}))
    assert one.severity is Severity.CRITICAL
