"""What NX-OS entries, groups, captures and commands mean."""

from __future__ import annotations

from datetime import datetime

import pytest

from rulecheck.model.device import ObjectUse
from rulecheck.model.fields import IPV4_ALL, PORT_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Services
from rulecheck.model.rule import DENY, PERMIT, Outcome, Verb
from tests.parsers.cisco_nxos.reading import codes, device, entry, field, policy, v4


def between(low: int, high: int) -> IntervalSet:
    return IntervalSet.of((low, high))


def test_addresses_are_prefixes_wildcards_hosts_and_any() -> None:
    assert field(entry("permit ip 10.1.0.0/16 any"), Field.SOURCE) == between(v4("10.1.0.0"), v4("10.1.255.255"))
    rule = entry("permit ip 10.1.0.1 0.0.255.0 host 192.0.2.1")
    sources = field(rule, Field.SOURCE)
    assert sources is not None
    assert (v4("10.1.77.1") in sources, v4("10.1.77.2") in sources) == (True, False)
    assert field(rule, Field.DESTINATION) == between(v4("192.0.2.1"), v4("192.0.2.1"))


def test_masks_of_group_members_are_wildcards() -> None:
    text = """
        object-group ip address G
          10 10.0.0.0 0.255.0.255
          20 host 192.0.2.1
          192.0.2.128/25
        ip access-list X
          permit ip addrgroup G any
    """
    found = device(text)
    values = field(found.policies[0].rules[0], Field.SOURCE)
    assert values is not None
    assert [v4(one) in values for one in ("10.9.0.200", "10.9.1.0", "192.0.2.1", "192.0.2.200")] == [
        True,
        False,
        True,
        True,
    ]
    (group,) = found.objects
    assert (group.name, group.kind) == ("G", "network-group")
    assert isinstance(group.content, Addresses)
    assert group.content is found.policies[0].rules[0].match.source
    assert found.uses == (ObjectUse("X", 0, "network-group", "G"),)


def test_port_groups() -> None:
    text = """
        object-group ip port P
          10 eq 80
          20 range 90 85
          30 gt 65533
          40 lt 0
        ip access-list X
          permit tcp any portgroup P any portgroup P
    """
    found = device(text)
    ports = IntervalSet.of((80, 80), (85, 90), (65534, 65535))
    (rule,) = found.policies[0].rules
    assert (field(rule, Field.SOURCE_PORT), field(rule, Field.DESTINATION_PORT)) == (ports, ports)
    assert isinstance(found.objects[0].content, Services)
    assert codes(text) == []


def test_an_undefined_port_group_makes_the_rule_inexact_for_each_side_by_itself() -> None:
    text = """
        ip access-list X
          permit tcp any portgroup P any
          permit tcp any any portgroup P
          permit udp any portgroup P any
    """
    found = device(text)
    one, two, three = ({c.key for c in rule.match.all_conditions()} for rule in found.policies[0].rules)
    assert one == three
    assert one != two
    assert codes(text) == ["RC603"]
    assert found.policies[0].rules[0].match.must() == ()


def test_a_doubtful_member_of_a_port_group_belongs_to_that_group_alone() -> None:
    text = """
        object-group ip port P
          eq nonsense
          eq 80
        object-group ip port Q
          eq nonsense
        ip access-list X
          permit tcp any any portgroup P
          permit tcp any any portgroup Q
    """
    one, two = ({c.key for c in rule.match.all_conditions()} for rule in policy(text).rules)
    assert one.isdisjoint(two)


def test_ranges_upside_down_are_put_right() -> None:
    assert field(entry("permit tcp any any range 60 50"), Field.DESTINATION_PORT) == between(50, 60)
    assert codes("ip access-list X\n permit tcp any any range 60 50") == []


@pytest.mark.parametrize(
    ("clause", "name", "values"),
    [
        ("ttl 5", Field.TTL, between(5, 5)),
        ("ttl eq 5", Field.TTL, between(5, 5)),
        ("packet-length range 100 200", Field.PACKET_LENGTH, between(100, 200)),
        ("packet-length neq 100", Field.PACKET_LENGTH, PORT_ALL - between(100, 100)),
        ("dscp default", Field.TOS, between(0, 3)),
        ("precedence critical", Field.TOS, between(160, 191)),
    ],
)
def test_clauses_with_values(clause: str, name: Field, values: IntervalSet) -> None:
    assert field(entry(f"permit ip any any {clause}"), name) == values


def test_one_tcp_flag_is_exact_and_a_mask_says_which_matter() -> None:
    syn = field(entry("permit tcp any any syn"), Field.TCP_FLAGS)
    assert syn is not None
    assert (0x02 in syn, 0x12 in syn, 0x10 in syn) == (True, True, False)
    masked = field(entry("permit tcp any any syn tcp-flags-mask 45"), Field.TCP_FLAGS)
    assert masked is not None
    assert (0x02 in masked, 0x12 in masked, 0x03 in masked) == (True, False, True)


def test_several_tcp_flags_must_all_or_may_any_be_set() -> None:
    rule = entry("permit tcp any any ack psh")
    (must,) = [one.sets[Field.TCP_FLAGS] for one in rule.match.must((4,))]
    assert (0x18 in must, 0x10 in must) == (True, False)
    may = IntervalSet.union_of(one.sets[Field.TCP_FLAGS] for one in rule.match.may((4,)))
    assert (0x10 in may, 0x08 in may, 0x02 in may) == (True, True, False)


@pytest.mark.parametrize("clause", ["http-method get", "tcp-option-length 8", "vlan 5", "cos 3"])
def test_tests_that_are_not_modelled_are_shared_by_what_they_test(clause: str) -> None:
    found = policy(f"ip access-list X\n permit tcp any any {clause}\n permit tcp any any {clause}")
    one, two = ([c.key for c in rule.match.all_conditions()] for rule in found.rules)
    assert one == two
    assert len(one) == 1


def test_unknown_clauses_make_the_rule_inexact() -> None:
    text = "ip access-list X\n permit tcp any any surprise 1\n permit tcp any any surprise 1"
    one, two = ([c.key for c in rule.match.all_conditions()] for rule in policy(text).rules)
    assert one != two
    assert codes(text) == ["RC602", "RC602"]


def test_redirection_is_another_outcome_and_a_capture_session_is_not() -> None:
    assert entry("permit ip any any redirect Ethernet1/1").outcome == Outcome(Verb.PERMIT, ("redirect Ethernet1/1",))
    assert entry("permit ip any any capture session 2").outcome == PERMIT


def test_entries_are_in_the_order_of_their_numbers_and_remarks_take_numbers() -> None:
    text = """
        ip access-list X
          deny 1 any any
          15 deny 2 any any
          remark the next one
          deny 3 any any
          13 deny 4 any any
          no 15
    """
    rules = policy(text).rules
    assert [rule.origin.text for rule in rules] == ["deny 1 any any", "13 deny 4 any any", "deny 3 any any"]
    assert rules[2].description == "the next one"


def test_the_ends_of_lists() -> None:
    assert policy("ip access-list X\n permit ip any any").default == DENY
    six = policy("ipv6 access-list X\n permit tcp any any")
    assert (six.default, six.families) == (DENY, (6,))
    assert [rule.match.services.label for rule in six.implicit if rule.match.services] == [
        "icmp nd-na",
        "icmp nd-ns",
        "icmp router-advertisement",
        "icmp router-solicitation",
    ]
    assert all(rule.match.conditions for rule in six.implicit)


def test_fragments_of_lists_that_mention_them() -> None:
    text = (
        "ip access-list X\n permit ip any host 192.0.2.1 fragments\n permit tcp any any eq 80\n deny tcp any any eq 81"
    )
    first, second, third = policy(text).rules
    assert field(first, Field.FRAGMENT) == between(1, 1)
    assert [term.sets[Field.FRAGMENT] for term in second.match.terms((4,))] == [between(0, 0), between(1, 1)]
    assert [term.sets[Field.FRAGMENT] for term in third.match.terms((4,))] == [between(0, 0)]


@pytest.mark.parametrize(("word", "outcome"), [("permit-all", PERMIT), ("deny-all", DENY)])
def test_fragments_all(word: str, outcome: Outcome) -> None:
    found = policy(f"ip access-list X\n fragments {word}\n permit ip host 192.0.2.1 any\n deny tcp any any eq 80")
    (rule,) = found.implicit
    assert rule.outcome == outcome
    assert {term.sets[Field.FRAGMENT] for term in rule.match.terms()} == {between(1, 1)}
    first, rest = found.rules[0].match.terms((4,))
    assert (first.sets[Field.FRAGMENT], dict(first.conditions)) == (between(0, 0), {})
    assert rest.sets[Field.FRAGMENT] == between(1, 1)
    assert len(rest.conditions) == 1
    assert [term.sets[Field.FRAGMENT] for term in found.rules[1].match.terms((4,))] == [between(0, 0)]


def test_captures_with_counters() -> None:
    text = """
        leaf1# show access-lists
        leaf1 uptime is 12 days, 3 hours
        IPV4 ACL X
                statistics per-entry
                10 permit ip 10.0.0.0/8 any [match=66]
                20 deny ip any any log [match=0]
        IPv6 access list Y
                10 permit icmp any any router-advertisement [match=5]
    """
    found = device(text)
    first, second = found.policies
    assert found.name == "leaf1"
    assert [rule.hits.packets for rule in first.rules if rule.hits] == [66, 0]
    assert {rule.hits.window for rule in second.rules if rule.hits} == {
        "since the last restart at the most (12 days, 3 hours ago)"
    }
    assert (first.applied, second.families) == (None, (6,))
    assert found.source.lines.unknown == 0


def test_a_capture_gives_counters_to_the_configured_list() -> None:
    text = "ip access-list X\n 10 permit tcp any any\nIP access list X\n 10 permit tcp any any [match=7]"
    (found,) = device(text).policies
    assert [rule.hits.packets for rule in found.rules if rule.hits] == [7]
    assert found.rules[0].origin.line == 2


USES = """
    hostname leaf1
    ip access-list A
      permit ip any any
    ip access-list B
      permit ip any any
    ip access-list C
      permit ip any any
    ip access-list D
      permit ip any any
    ip access-list E
      permit ip any any
    ip access-list UNUSED
      permit ip any any
    ipv6 access-list S
      permit ipv6 any any
    vlan access-map V 10
      match ip address A
      action drop
    interface Ethernet1/1
      ip port access-group B in
      ipv6 traffic-filter S out
    line vty
      access-class C in
    class-map type control-plane match-any COPP
      match access-group name D
    snmp-server community secretword use-ipv4acl E
"""


def test_where_lists_are_applied() -> None:
    found = device(USES)
    assert {one.name: one.applied_to for one in found.policies} == {
        "A": ("vlan access-map V 10",),
        "B": ("Ethernet1/1 in",),
        "C": ("vty in",),
        "D": ("class-map type control-plane COPP",),
        "E": ("SNMP community",),
        "UNUSED": (),
        "S": ("Ethernet1/1 out",),
    }
    assert {one.name for one in found.policies if one.applied is False} == {"UNUSED"}
    assert {one.applied for one in found.policies if one.name != "UNUSED"} == {True}


def test_a_fragment_of_a_file_does_not_say_whether_a_list_is_applied() -> None:
    assert policy("ip access-list X\n permit ip any any").applied is None


def test_time_ranges_end() -> None:
    text = """
        time-range T
          10 absolute start 17:00:00 1 March 2026 end 23:59:59 31 March 2026
          20 absolute start 17:00:00 1 May 2026 end 12:00:00 2 May 2026
        time-range U
          absolute start 17:00:00 1 March 2026
        ip access-list X
          permit ip any any time-range T
          permit ip any any time-range U
          permit ip any any time-range V
    """
    one, two, three = (rule.schedule for rule in policy(text).rules)
    assert one is not None
    assert one.ends == datetime(2026, 5, 2, 12, 0)  # noqa: DTZ001
    assert two is not None
    assert two.ends is None
    assert three is not None
    assert codes(text) == ["RC603"]


def test_secrets_are_not_shown() -> None:
    found = device(USES)
    assert "secretword" not in repr(found)


def test_names_of_two_kinds_are_refused() -> None:
    text = """
        object-group ip address G
          host 192.0.2.1
        object-group ip port G
          eq 80
        ip access-list X
          permit tcp addrgroup G any
    """
    assert codes(text) == ["RC601", "RC601"]
    assert field(policy(text).rules[0], Field.SOURCE) == between(v4("192.0.2.1"), v4("192.0.2.1"))


def test_an_undefined_address_group_is_every_address_under_a_condition() -> None:
    (term,) = entry("permit ip addrgroup NOWHERE any").match.terms()
    assert term.sets[Field.SOURCE] == IPV4_ALL
    assert list(term.conditions) == ["source object-group:NOWHERE"]


def test_a_list_that_is_cut_off_in_the_middle_of_an_entry() -> None:
    assert codes("ip access-list X\n 10 permit tcp any any\n 20 deny tcp") == ["RC607"]
