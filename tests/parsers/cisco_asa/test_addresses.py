"""Address operands: each with the set of addresses that it must become."""

from __future__ import annotations

import pytest

from parsers.cisco.asa import networks
from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, IPV6_ALL, Field
from rulecheck.model.intervals import EMPTY, IntervalSet
from tests.parsers.cisco_asa.reading import between, codes, device, entry, field, points, policy, v4, v6

OBJECTS = """
    name 192.0.2.33 web-alias
    object network HOST
     host 192.0.2.7
     description one machine
    object network NET
     subnet 192.0.2.77 255.255.255.0
    object network SPAN
     range 192.0.2.10 192.0.2.20
    object network NET6
     subnet 2001:db8::/32
    object network VALUELESS
     nat (inside,outside) static 192.0.2.9
    object-group network INNER
     network-object object SPAN
     network-object host 198.51.100.1
    object-group network OUTER
     description text
     group-object INNER
     network-object 203.0.113.0 255.255.255.128
     network-object host web-alias
    object-group network MIXED
     network-object 2001:db8:1::/48
     network-object host 192.0.2.1
    object-group network NOTHING
    """


@pytest.mark.parametrize(
    ("operand", "expected"),
    [
        ("any4", IPV4_ALL),
        ("host 192.0.2.7", points(v4("192.0.2.7"))),
        ("host web-alias", points(v4("192.0.2.33"))),
        ("192.0.2.0 255.255.255.0", between(v4("192.0.2.0"), v4("192.0.2.255"))),
        ("192.0.2.77 255.255.255.0", between(v4("192.0.2.0"), v4("192.0.2.255"))),
        ("web-alias 255.255.255.252", between(v4("192.0.2.32"), v4("192.0.2.35"))),
        ("192.0.2.9 255.255.255.255", points(v4("192.0.2.9"))),
        ("0.0.0.0 0.0.0.0", IPV4_ALL),
        ("198.51.100.0/25", between(v4("198.51.100.0"), v4("198.51.100.127"))),
        ("10.0.0.5 255.255.252.255", points(*(v4(f"10.0.{third}.5") for third in range(4)))),
        ("object HOST", points(v4("192.0.2.7"))),
        ("object NET", between(v4("192.0.2.0"), v4("192.0.2.255"))),
        ("object SPAN", between(v4("192.0.2.10"), v4("192.0.2.20"))),
        ("object-group INNER", IntervalSet.of((v4("192.0.2.10"), v4("192.0.2.20")), (v4("198.51.100.1"),) * 2)),
        (
            "object-group OUTER",
            IntervalSet.of(
                (v4("192.0.2.10"), v4("192.0.2.20")),
                (v4("192.0.2.33"), v4("192.0.2.33")),
                (v4("198.51.100.1"), v4("198.51.100.1")),
                (v4("203.0.113.0"), v4("203.0.113.127")),
            ),
        ),
    ],
)
def test_ipv4_operands(operand: str, expected: IntervalSet) -> None:
    assert field(entry(f"permit ip {operand} any4", OBJECTS), Field.SOURCE) == expected
    assert field(entry(f"permit ip any4 {operand}", OBJECTS), Field.DESTINATION) == expected


@pytest.mark.parametrize(
    ("operand", "expected"),
    [
        ("any6", IPV6_ALL),
        ("host 2001:db8::1", points(v6("2001:db8::1"))),
        ("2001:db8:20::/64", between(v6("2001:db8:20::"), v6("2001:db8:20::ffff:ffff:ffff:ffff"))),
        ("object NET6", between(v6("2001:db8::"), v6("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"))),
    ],
)
def test_ipv6_operands(operand: str, expected: IntervalSet) -> None:
    assert field(entry(f"permit ip {operand} any6", OBJECTS), Field.SOURCE) == expected


def test_any_is_both_families() -> None:
    rule = entry("permit ip any any")
    assert [term.sets[Field.SOURCE] for term in rule.match.must()] == [IPV4_ALL, IPV6_ALL]
    assert rule.match.source.elements[0].values == ADDRESS_ALL


def test_a_group_may_mix_families() -> None:
    terms = entry("permit ip object-group MIXED any", OBJECTS).match.must()
    assert [term.sets[Field.SOURCE] for term in terms] == [
        points(v4("192.0.2.1")),
        between(v6("2001:db8:1::"), v6("2001:db8:1:ffff:ffff:ffff:ffff:ffff")),
    ]


@pytest.mark.parametrize("operand", ["object-group NOTHING", "object VALUELESS"])
def test_what_has_no_value_matches_nothing(operand: str) -> None:
    assert entry(f"permit ip {operand} any", OBJECTS).match.may() == ()


def test_families_that_never_meet_match_nothing() -> None:
    assert entry("permit tcp any4 host 2001:db8::1").match.may() == ()


def test_each_member_knows_where_it_is_written() -> None:
    elements = entry("permit ip object-group OUTER any", OBJECTS).match.source.elements
    cited = [(one.text, one.origin.line, one.origin.path) for one in elements]
    assert cited == [
        ("range 192.0.2.10 192.0.2.20", 9, ("OUTER", "INNER", "SPAN")),
        ("host 198.51.100.1", 16, ("OUTER", "INNER")),
        ("203.0.113.0 255.255.255.128", 20, ("OUTER",)),
        ("host web-alias", 21, ("OUTER",)),
    ]


def test_resolved_groups_are_shared() -> None:
    first, second = policy(
        """
        object-group network G
         network-object host 192.0.2.1
        access-list X extended permit tcp object-group G any
        access-list X extended permit udp object-group G any
        """
    ).rules
    assert first.match.source is second.match.source


def test_a_later_value_replaces_the_earlier_one() -> None:
    text = """
        object network A
         host 192.0.2.1
        object network A
         host 192.0.2.2
        """
    assert field(entry("permit ip object A any4", text), Field.SOURCE) == points(v4("192.0.2.2"))


def test_a_reopened_group_grows() -> None:
    text = """
        object-group network A
         network-object host 192.0.2.1
        object-group network A
         network-object host 192.0.2.3
        """
    assert field(entry("permit ip object-group A any4", text), Field.SOURCE) == points(v4("192.0.2.1"), v4("192.0.2.3"))


def test_members_that_lost_their_indentation_still_belong() -> None:
    text = "object-group network A\nnetwork-object host 192.0.2.1\nobject network B\nhost 192.0.2.2"
    rule = entry("permit ip object-group A object B", text)
    assert field(rule, Field.SOURCE) == points(v4("192.0.2.1"))
    assert field(rule, Field.DESTINATION) == points(v4("192.0.2.2"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("fqdn www.Example.com", [IPV4_ALL, IPV6_ALL]),
        ("fqdn v4 www.example.com", [IPV4_ALL]),
        ("fqdn v6 www.example.com", [IPV6_ALL]),
    ],
)
def test_an_fqdn_is_its_family_under_a_condition(value: str, expected: list[IntervalSet]) -> None:
    rule = entry("permit ip any object W", f"object network W\n {value}")
    (element,) = rule.match.destination.elements
    assert element.condition is not None
    assert element.condition.key == "fqdn:www.example.com"
    assert [term.sets[Field.DESTINATION] for term in rule.match.may()] == expected
    assert rule.match.must() == ()


INTERFACES = """
    interface GigabitEthernet0/0
     nameif outside
     ip address 192.0.2.1 255.255.255.0 standby 192.0.2.2
    interface GigabitEthernet0/1
     nameif dmz
     ip address dhcp setroute
    """


def test_a_static_interface_address_is_exact() -> None:
    rule = entry("permit tcp any interface outside eq ssh", INTERFACES)
    assert field(rule, Field.DESTINATION) == points(v4("192.0.2.1"))


def test_a_dynamic_interface_address_is_unknown() -> None:
    rule = entry("permit tcp any interface dmz eq ssh", INTERFACES)
    assert rule.match.must() == ()
    assert [term.sets[Field.DESTINATION] for term in rule.match.may()] == [IPV4_ALL]


def test_an_undefined_object_could_be_any_address() -> None:
    found = device("access-list X extended permit ip object GONE host 192.0.2.1\n")
    (rule,) = found.policies[0].rules
    assert codes(found) == [("RC603", 1)]
    assert found.diagnostics[0].affects_verdicts
    assert rule.match.must() == ()
    assert [term.sets[Field.SOURCE] for term in rule.match.may()] == [IPV4_ALL]


def test_an_undefined_member_leaves_the_others_certain() -> None:
    rule = entry(
        "permit ip object-group G host 192.0.2.9",
        "object-group network G\n network-object host 192.0.2.1\n group-object GONE",
    )
    assert [term.sets[Field.SOURCE] for term in rule.match.must()] == [points(v4("192.0.2.1"))]
    assert IPV4_ALL in [term.sets[Field.SOURCE] for term in rule.match.may()]


CYCLE = """
    object-group network A
     network-object host 192.0.2.1
     group-object B
    object-group network B
     network-object host 192.0.2.2
     group-object A
    """


def test_a_cycle_adds_nothing_and_makes_the_rule_inexact() -> None:
    rule = entry("permit ip object-group A any4", CYCLE)
    assert rule.match.must() == ()
    assert [term.sets[Field.SOURCE] for term in rule.match.may()] == [between(v4("192.0.2.1"), v4("192.0.2.2"))]
    found = device(f"{CYCLE}\n    access-list X extended permit ip object-group A any4\n")
    assert ("RC604", 7) in codes(found)


def test_a_group_inside_itself_is_reported_even_if_unused() -> None:
    found = device("object-group network A\n group-object A\n")
    assert codes(found) == [("RC604", 2)]
    assert not found.diagnostics[0].affects_verdicts


def test_a_wildcard_mask_makes_the_rule_inexact() -> None:
    found = device("access-list X extended permit ip 10.0.0.0 0.0.0.255 any\n")
    assert codes(found) == [("RC606", 1)]
    assert found.policies[0].rules[0].match.must() == ()


def test_identities_are_conditions_with_a_side() -> None:
    rule = entry(r"permit tcp user LAB\joe any4 security-group name HR any4 eq https")
    assert [dict(term.conditions) for term in rule.match.terms()] == [
        {"source:user:LAB\\joe": True, "destination:security-group:name HR": True}
    ]


def test_an_identity_group_is_a_use() -> None:
    found = device(
        r"""
        object-group user STAFF
         user LAB\joe
        access-list X extended permit ip object-group-user STAFF any any
        """
    )
    assert [(one.kind, one.name) for one in found.uses] == [("object-group user", "STAFF")]
    assert found.policies[0].rules[0].match.must() == ()
    assert found.source.lines.unknown == 0


def test_before_9_0_any_is_ipv4() -> None:
    text = "ASA Version 8.4(2)\naccess-list X extended permit ip any any\nipv6 access-list Y permit tcp any any eq 80\n"
    assert [(one.name, one.scope, one.families) for one in device(text).policies] == [
        ("X", "", (4,)),
        ("Y", "ipv6", (6,)),
    ]


@pytest.mark.parametrize("version", ["", "ASA Version 9.0(1)\n", "ASA Version 9.16(4)\n"])
def test_from_9_0_on_any_is_both(version: str) -> None:
    assert policy(f"{version}access-list X extended permit ip any any\n").families == (4, 6)


def test_no_element_for_a_valueless_object() -> None:
    elements = entry("permit ip object VALUELESS any", OBJECTS).match.source.elements
    assert IntervalSet.union_of(one.values for one in elements) == EMPTY


def test_masks_with_holes_that_are_too_many_ranges_together_are_not_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "MAX_PIECES", 400)
    masks = [*(f"10.0.{n}.0 255.0.255.0" for n in range(3)), "10.0.0.0 255.0.0.0", "0.0.0.0 0.0.0.0"]
    found = policy("\n".join(f"access-list A extended permit ip {mask} any4" for mask in masks) + "\n")
    exact = [bool(rule.match.must((4,))) for rule in found.rules]
    assert exact == [True, True, False, True, True]
