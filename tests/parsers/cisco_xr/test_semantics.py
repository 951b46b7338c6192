"""What IOS-XR entries, groups, chains and commands mean."""

from __future__ import annotations

from textwrap import dedent

import pytest

from rulecheck.engine import analyze_policies
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import Field
from rulecheck.model.finding import Kind
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Verb
from tests.parsers.cisco_xr.reading import codes, device, entry, field, policy, v4


def between(low: int, high: int) -> IntervalSet:
    return IntervalSet.of((low, high))


@pytest.mark.parametrize("written", ["10.1.0.0 0.0.255.255", "10.1.0.0/16"])
def test_a_source_alone_is_an_entry(written: str) -> None:
    rule = entry(f"10 permit {written}")
    assert field(rule, Field.SOURCE) == between(v4("10.1.0.0"), v4("10.1.255.255"))
    assert rule.match.services is None


def test_groups_with_nesting() -> None:
    text = """
        object-group network ipv4 INNER
         description inside
         host 192.0.2.1
         10.0.0.0 255.0.0.0
         172.16.0.0 0.0.255.255
        !
        object-group network ipv4 OUTER
         object-group INNER
         range 198.51.100.1 198.51.100.9
        !
        object-group port P
         eq www
         neq 8080
        !
        object-group network ipv6 SIX
         2001:db8::/32
        !
        ipv4 access-list X
         10 permit tcp net-group OUTER any port-group P
        ipv6 access-list Y
         10 permit ipv6 net-group SIX any
    """
    found = device(text)
    (term,) = found.policies[0].rules[0].match.terms()
    assert term.sets[Field.SOURCE] == IntervalSet.of(
        (v4("10.0.0.0"), v4("10.255.255.255")),
        (v4("172.16.0.0"), v4("172.16.255.255")),
        (v4("192.0.2.1"), v4("192.0.2.1")),
        (v4("198.51.100.1"), v4("198.51.100.9")),
    )
    assert 8080 not in term.sets[Field.DESTINATION_PORT]
    assert {one.name: one.members for one in found.objects} == {"INNER": (), "OUTER": ("INNER",), "P": (), "SIX": ()}
    assert all(one.content is not None for one in found.objects)
    assert codes(text) == []


def test_a_mask_that_is_neither_or_both_is_not_guessed() -> None:
    text = "object-group network ipv4 G\n 10.0.0.0 0.0.0.0\nipv4 access-list X\n permit ipv4 net-group G any"
    assert codes(text) == ["RC602"]
    assert policy(text).rules[0].match.must() == ()


def test_group_cycles_are_reported() -> None:
    text = """
        object-group network ipv4 A
         object-group B
        !
        object-group network ipv4 B
         object-group A
         host 192.0.2.1
    """
    assert codes(text) == ["RC604"]


def test_next_hops_are_part_of_what_a_permit_does() -> None:
    hop = "nexthop1 vrf V ipv4 10.0.0.1 nexthop2 ipv4 10.0.0.2"
    assert entry(f"permit tcp any host 192.0.2.1 {hop}").outcome == Outcome(Verb.PERMIT, (hop,))
    assert entry("deny tcp any host 192.0.2.1 nexthop1 ipv4 10.0.0.1").outcome == DENY


def test_other_clauses() -> None:
    assert entry("deny tcp any any icmp-off").outcome == Outcome(Verb.DENY, ("icmp-off",))
    assert entry("permit tcp any any counter C log").outcome == PERMIT
    assert entry("permit ipv4 any any set ttl 5").outcome == Outcome(Verb.PERMIT, ("set ttl 5",))
    assert field(entry("permit ipv4 any any dscp range af11 af12"), Field.TOS) == between(40, 51)
    assert field(entry("permit ipv4 any any packet-length gt 9000"), Field.PACKET_LENGTH) == between(9001, 65535)
    assert len(entry("permit ipv4 any any fragment-type is-fragment").match.conditions) == 1


def test_the_ends_of_lists() -> None:
    assert policy("ipv4 access-list X\n 10 permit tcp any any").default == DENY
    assert policy("ipv4 access-list X\n 10 remark nothing yet").default == PERMIT
    six = policy("ipv6 access-list X\n 10 permit tcp any any")
    assert [rule.match.services.label for rule in six.implicit if rule.match.services] == ["icmp nd-na", "icmp nd-ns"]
    assert not any(rule.match.conditions for rule in six.implicit)


def test_captures_with_counters() -> None:
    text = """
        RP/0/RSP0/CPU0:pe1#show access-lists ipv4
        ipv4 access-list X
         10 permit ipv4 host 192.0.2.1 any (12 matches)
         20 deny ipv4 any any (5 hw matches)
    """
    found = device(text)
    assert [rule.hits.packets for rule in found.policies[0].rules if rule.hits] == [12, 5]
    assert (found.name, found.policies[0].applied, found.source.lines.unknown) == ("pe1", None, 0)


CHAIN = """
    hostname pe1
    ipv4 access-list COMMON
     10 deny ipv4 10.0.0.0/8 any
     20 permit tcp any any eq 22
    !
    ipv4 access-list OWN
     10 permit tcp any any eq 80
     20 permit tcp any any eq 22
     30 permit ipv4 10.9.0.0/16 any
    !
    interface GigabitEthernet0/0/0/0
     ipv4 access-group common COMMON OWN ingress
    !
"""


def verdicts(found: Device) -> dict[tuple[str, int], Kind | None]:
    return {
        (one.policy, index): verdict.kind
        for one in analyze_policies(found.policies)
        for index, verdict in one.verdicts.items()
    }


def by_name(found: Device) -> dict[str, Policy]:
    return {one.name: one for one in found.policies}


def test_a_common_list_goes_on_to_the_interface_list() -> None:
    found = device(CHAIN)
    policies = by_name(found)
    assert set(policies) == {"COMMON", "OWN", "COMMON + OWN"}
    assert (policies["COMMON"].default, policies["OWN"].default) == (RETURN, DENY)
    assert not policies["COMMON"].entry
    assert not policies["OWN"].entry
    assert [rule.calls for rule in policies["COMMON + OWN"].implicit] == ["COMMON", "OWN"]
    assert policies["COMMON + OWN"].applied_to == ("GigabitEthernet0/0/0/0 ingress",)
    judged = verdicts(found)
    assert judged["OWN", 1] is Kind.SHADOWED
    assert judged["OWN", 2] is Kind.SHADOWED
    assert judged["OWN", 0] is None


def test_a_rule_that_counts_where_its_list_stands_alone_is_not_dead() -> None:
    alone = dedent(CHAIN) + "interface GigabitEthernet0/0/0/1\n ipv4 access-group OWN egress\n"
    found = device(alone)
    assert by_name(found)["OWN alone"].applied_to == ("GigabitEthernet0/0/0/1 egress",)
    judged = verdicts(found)
    assert judged["OWN", 1] is None
    assert judged["OWN", 2] is None


def test_a_list_that_is_common_only_keeps_its_end() -> None:
    text = dedent(CHAIN).replace("common COMMON OWN ingress", "common COMMON ingress")
    policies = by_name(device(text))
    assert set(policies) == {"COMMON", "OWN"}
    assert (policies["COMMON"].default, policies["COMMON"].applied_to) == (DENY, ("GigabitEthernet0/0/0/0 ingress",))
    assert policies["OWN"].applied is False


def test_a_chain_to_a_list_that_is_not_defined() -> None:
    text = dedent(CHAIN).replace("common COMMON OWN", "common COMMON MISSING")
    assert by_name(device(text))["COMMON"].default.verb is Verb.OTHER
    assert "RC603" in codes(text)


def test_chains_of_ipv6_lists_that_share_a_name_with_ipv4_ones() -> None:
    text = """
        hostname pe1
        ipv4 access-list OWN
         10 permit ipv4 any any
        !
        ipv6 access-list COMMON
         10 permit tcp any any eq 22
        !
        ipv6 access-list OWN
         10 permit tcp any any eq 22
        !
        interface GigabitEthernet0/0/0/0
         ipv6 access-group common COMMON OWN ingress
        !
    """
    found = device(text)
    assert {(one.scope, one.name) for one in found.policies} == {
        ("", "OWN"),
        ("ipv6", "COMMON"),
        ("ipv6", "OWN"),
        ("ipv6", "COMMON + OWN"),
    }
    own = next(one for one in analyze_policies(found.policies) if one.policy == "OWN" and one.verdicts[0].kind)
    assert own.verdicts[0].kind is Kind.COVERED


def test_where_lists_are_applied() -> None:
    text = """
        hostname pe1
        ipv4 access-list A
         10 permit ipv4 any any
        ipv4 access-list B
         10 permit 10.0.0.0/8
        ipv4 access-list C
         10 permit ipv4 any any
        ipv6 access-list D
         10 permit ipv6 any any
        ipv4 access-list UNUSED
         10 permit ipv4 any any
        interface Loopback0
         ipv4 address 192.0.2.1 255.255.255.255
        line default
         access-class ingress A
        router ospf 1
         area 0
          distribute-list B in
        snmp-server community secretword RO IPv4 C IPv6 D
        ssh server vrf default ipv4 access-list C
    """
    found = device(text)
    assert {one.name: one.applied_to for one in found.policies} == {
        "A": ("line default ingress",),
        "B": ("router ospf 1 distribute-list in",),
        "C": ("SNMP", "SSH"),
        "D": ("SNMP",),
        "UNUSED": (),
    }
    assert [one.applied for one in found.policies] == [True, True, True, True, False]
    assert "secretword" not in repr(found)
