"""What EOS entries, captures and commands mean."""

from __future__ import annotations

import pytest

from rulecheck.model.fields import PORT_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.rule import DENY, PERMIT, Outcome, Verb
from tests.parsers.arista_eos.reading import codes, device, entry, field, policy, v4


def between(low: int, high: int) -> IntervalSet:
    return IntervalSet.of((low, high))


@pytest.mark.parametrize("written", ["10.1.0.0/16", "10.1.0.0 0.0.255.255"])
def test_addresses(written: str) -> None:
    assert field(entry(f"permit ip {written} any"), Field.SOURCE) == between(v4("10.1.0.0"), v4("10.1.255.255"))


def test_standard_lists() -> None:
    text = "ip access-list standard S\n 10 permit host 192.0.2.1\n 20 deny 10.0.0.0/8\n 30 permit any log"
    one, two, three = policy(text).rules
    assert field(one, Field.SOURCE) == between(v4("192.0.2.1"), v4("192.0.2.1"))
    assert two.outcome == DENY
    assert three.logging is not None
    six = policy("ipv6 access-list standard S\n permit 2001:db8::/32")
    assert (six.families, six.rules[0].outcome) == ((6,), PERMIT)


def test_lists_of_ports() -> None:
    assert field(entry("permit tcp any any eq ssh https"), Field.DESTINATION_PORT) == IntervalSet.of(
        (22, 22), (443, 443)
    )
    both = entry("deny tcp any neq www https host 192.0.2.1 range ssh telnet")
    assert field(both, Field.SOURCE_PORT) == PORT_ALL - IntervalSet.of((80, 80), (443, 443))
    assert field(both, Field.DESTINATION_PORT) == between(22, 23)


def test_names_of_ports_that_only_eos_has() -> None:
    assert field(entry("permit tcp any any eq mlag gnmi"), Field.DESTINATION_PORT) == IntervalSet.of(
        (4432, 4432), (6030, 6030)
    )


def test_ttl_and_hop_limit() -> None:
    assert field(entry("permit udp any any eq bfd ttl eq 255"), Field.TTL) == between(255, 255)
    six = entry("permit icmpv6 any any hop-limit eq 255", "ipv6 access-list X")
    (term,) = six.match.terms((6,))
    assert (term.sets[Field.TTL], Field.ICMP in term.sets) == (between(255, 255), False)


def test_vlan_in_front_of_the_protocol() -> None:
    rule = entry("5 permit vlan 123 0x000 udp any 224.0.0.0/4")
    assert [one.key for one in rule.match.conditions] == ["vlan:123 0x000"]
    assert field(rule, Field.PROTOCOL) == between(17, 17)


def test_tracked_connections_are_unknown_and_none_at_first() -> None:
    (condition,) = entry("permit ip any any tracked").match.conditions
    assert (condition.key, condition.fresh) == ("tracked", False)


def test_a_next_hop_group_is_another_outcome() -> None:
    assert entry("permit ip any any nexthop-group N").outcome == Outcome(Verb.PERMIT, ("nexthop-group N",))


def test_settings_and_removals_inside_a_list() -> None:
    text = """
        ip access-list X
           counters per-entry
           no statistics per-entry
           10 permit tcp any any eq 22
           20 permit tcp any any eq 23
           no 20
           30 remark the end
    """
    found = device(text)
    assert [rule.name for rule in found.policies[0].rules] == ["10"]
    assert found.diagnostics == ()


def test_fragment_rules_can_be_switched_off() -> None:
    text = "ip access-list X\n {}10 deny ip any host 192.0.2.1 fragments\n 20 permit tcp any any eq 80"
    with_rules = policy(text.format("")).rules[1].match.terms((4,))
    without = policy(text.format("no fragment-rules\n ")).rules[1].match.terms((4,))
    assert [term.sets[Field.FRAGMENT] for term in with_rules] == [between(0, 0), between(1, 1)]
    assert [term.sets[Field.FRAGMENT] for term in without] == [between(0, 0)]


CAPTURE = """
    switch# show ip access-lists
    Phone ACL bypass: disabled
    IP Access List default-control-plane-acl [readonly]
    Warning: displaying stale counters
            counters per-entry
            10 permit icmp any any [match 4, 11 days, 20:46:23 ago]
            20 permit ip any any tracked [match 160616 bytes in 1172 packets, 0:00:10 ago]
            30 permit udp any any eq bfd ttl eq 255

            Total rules configured: 3
            Configured on Ingress: control-plane(default VRF)
            Active on     Ingress: control-plane(default VRF)

    Standard IP Access List STATIONS
            10 permit 10.9.0.0/24 [match 7 packets, 0:00:10 ago]
    Total rules configured: 1
            Configured on Ingress: Et1,Et2
"""


def test_captures_with_counters() -> None:
    found = device(CAPTURE)
    first, second = found.policies
    hits = [rule.hits for rule in first.rules]
    assert [(one.packets, one.octets) for one in hits if one] == [(4, None), (1172, 160616)]
    assert hits[2] is None
    assert (first.name, first.applied) == ("default-control-plane-acl", True)
    assert second.applied_to == ("Et1 in", "Et2 in")
    assert second.rules[0].hits is not None
    assert found.name == "switch"
    assert found.source.lines.unknown == 0


def test_the_ends_of_lists() -> None:
    assert policy("ip access-list X\n permit ip any any").default == DENY
    six = policy("ipv6 access-list X\n permit tcp any any")
    assert len(six.implicit) == 4
    assert all(rule.match.conditions for rule in six.implicit)


def test_where_lists_are_applied() -> None:
    text = """
        hostname spine1
        ip access-list A
           permit ip any any
        ip access-list B
           permit ip any any
        ip access-list standard C
           permit any
        ip access-list D
           permit ip any any
        ip access-list UNUSED
           permit ip any any
        interface Ethernet1
           ip access-group A in
           ip nat source dynamic access-list B overload
           no ip access-group UNUSED in
        system control-plane
           ip access-group D vrf MGMT in
        snmp-server community secretword ro C
    """
    found = device(text)
    assert {one.name: one.applied_to for one in found.policies} == {
        "A": ("Ethernet1 in",),
        "B": ("Ethernet1 NAT",),
        "C": ("SNMP",),
        "D": ("system control-plane in",),
        "UNUSED": (),
    }
    assert [one.applied for one in found.policies] == [True, True, True, True, False]
    assert "secretword" not in repr(found)


def test_traffic_policies_are_set_aside_with_a_note() -> None:
    found = device("traffic-policies\n traffic-policy T\n  match A ipv4\n   actions\n    drop")
    assert [(one.code, one.affects_verdicts) for one in found.diagnostics] == [("RC601", False)]
    assert found.source.lines.unknown == 0


def test_unknown_clauses_make_the_rule_inexact() -> None:
    text = "ip access-list X\n permit tcp any any surprise"
    assert codes(text) == ["RC602"]
    assert policy(text).rules[0].match.must() == ()
