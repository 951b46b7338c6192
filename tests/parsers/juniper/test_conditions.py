"""The ``from`` of filter terms: addresses with except, numbers, flags, fragments, interfaces."""

from __future__ import annotations

import pytest

from parsers.juniper.flags import tcp_flags
from rulecheck.model.fields import IPV4_ALL, IPV6_BASE, TCP_ESTABLISHED, Field, tcp_flag_values
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Match
from rulecheck.model.names import encode_name
from tests.parsers.juniper.reading import match

NET10 = (0x0A000000, 0x0AFFFFFF)


def sources(found: Match) -> IntervalSet:
    return IntervalSet.union_of(one.values for one in found.source.elements)


def only(found: Match) -> dict[Field, IntervalSet]:
    """Return the single product of a match for IPv4."""
    (one,) = found.terms((4,))
    assert not one.conditions
    return {field: values for field, values in one.sets.items() if values != IPV4_ALL}


# --- addresses --------------------------------------------------------------------------------------------


def test_prefixes_are_alternatives() -> None:
    found = match("source-address 10.0.0.0/8", "source-address 11.0.0.0/8")
    assert list(sources(found)) == [(0x0A000000, 0x0BFFFFFF)]
    assert [one.text for one in found.source.elements] == ["10.0.0.0/8", "11.0.0.0/8"]


def test_the_longest_prefix_decides_in_any_order() -> None:
    clauses = ["source-address 10.0.0.0/8", "source-address 10.1.0.0/16 except", "source-address 10.1.2.0/24"]
    expected = [(0x0A000000, 0x0A00FFFF), (0x0A010200, 0x0A0102FF), (0x0A020000, 0x0AFFFFFF)]
    assert list(sources(match(*clauses))) == expected
    assert list(sources(match(*reversed(clauses)))) == expected


def test_what_no_prefix_holds_does_not_match() -> None:
    assert match("source-address 10.0.0.0/8 except").may() == ()


def test_a_shorter_except_does_not_count() -> None:
    found = match("source-address 10.1.0.0/16", "source-address 10.0.0.0/8 except")
    assert list(sources(found)) == [(0x0A010000, 0x0A01FFFF)]


def test_except_behind_a_prefix_list() -> None:
    more = ("policy-options prefix-list MGMT 10.1.0.0/16", "policy-options prefix-list MGMT 10.3.0.0/16")
    found = match("source-address 10.0.0.0/8", "source-prefix-list MGMT except", more=more)
    assert list(sources(found)) == [(0x0A000000, 0x0A00FFFF), (0x0A020000, 0x0A02FFFF), (0x0A040000, 0x0AFFFFFF)]


def test_masks_with_gaps() -> None:
    found = match("source-address 10.0.0.1/255.255.255.253")
    assert list(sources(found)) == [(0x0A000001, 0x0A000001), (0x0A000003, 0x0A000003)]
    unclear = match("source-address 10.0.0.0/255.0.0.255", "source-address 10.0.0.0/8 except")
    assert unclear.must() == ()


def test_masks_with_many_gaps_are_tests_with_a_key() -> None:
    one, two = match("source-address 0.0.0.1/0.0.0.1"), match("source-address 0.0.0.1/0.0.0.1", "protocol tcp")
    assert one.must() == ()
    assert one.conditions[0].key == two.conditions[0].key


def test_short_and_bare_addresses() -> None:
    assert list(sources(match("source-address 10/8"))) == [NET10]
    assert list(sources(match("source-address 10.0.0.1"))) == [(0x0A000001, 0x0A000001)]


def test_either_address() -> None:
    found = match("address 10.0.0.0/8", "address 10.1.0.0/16 except")
    (choice,) = found.choices
    assert [[one.field for one in way.constraints] for way in choice] == [[Field.SOURCE], [Field.DESTINATION]]
    assert len(found.must((4,))) == 2
    assert match("prefix-list MISSING").must() == ()


def test_prefixes_of_the_other_family_do_not_count() -> None:
    found = match("source-address 2001:db8::1/32", family="inet6")
    assert list(sources(found)) == [(IPV6_BASE + (0x20010DB8 << 96), IPV6_BASE + (0x20010DB9 << 96) - 1)]
    assert match("source-address 2001:db8::/32").may((4,)) == ()


# --- numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        (["protocol tcp"], {Field.PROTOCOL: [(6, 6)]}),
        (["protocol [ tcp udp 47 ]"], {Field.PROTOCOL: [(6, 6), (17, 17), (47, 47)]}),
        (["protocol-except [ tcp udp ]"], {Field.PROTOCOL: [(0, 5), (7, 16), (18, 255)]}),
        (["protocol tcp", "destination-port [ 80 https 8000-8080 ]"],
         {Field.PROTOCOL: [(6, 6)], Field.DESTINATION_PORT: [(80, 80), (443, 443), (8000, 8080)]}),
        (["protocol tcp", "source-port-except 0-1023"], {Field.PROTOCOL: [(6, 6)], Field.SOURCE_PORT: [(1024, 65535)]}),
        (["destination-port 53"], {Field.PROTOCOL: [(6, 6), (17, 17)], Field.DESTINATION_PORT: [(53, 53)]}),
        (["destination-port bgp-no", "protocol tcp"], None),
        (["protocol icmp", "icmp-type echo-request"], {Field.PROTOCOL: [(1, 1)], Field.ICMP: [(2048, 2303)]}),
        (["icmp-type [ 0 8 ]"], {Field.PROTOCOL: [(1, 1)], Field.ICMP: [(0, 255), (2048, 2303)]}),
        (["protocol icmp", "icmp-type unreachable", "icmp-code port-unreachable"],
         {Field.PROTOCOL: [(1, 1)], Field.ICMP: [(771, 771)]}),
        (["protocol icmp", "icmp-type 3", "icmp-code-except 4"],
         {Field.PROTOCOL: [(1, 1)], Field.ICMP: [(768, 771), (773, 1023)]}),
        (["ttl 1"], {Field.TTL: [(1, 1)]}),
        (["ttl-except 0-254"], {Field.TTL: [(255, 255)]}),
        (["packet-length 0-64"], {Field.PACKET_LENGTH: [(0, 64)]}),
        (["packet-length 100 - 200"], {Field.PACKET_LENGTH: [(100, 200)]}),
        (["dscp ef"], {Field.TOS: [(184, 187)]}),
        (["dscp [ 0 cs1 ]"], {Field.TOS: [(0, 3), (32, 35)]}),
        (["dscp 001010"], {Field.TOS: [(40, 43)]}),
        (["precedence [ internet-control 7 ]"], {Field.TOS: [(192, 255)]}),
        (["is-fragment"], {Field.FRAGMENT: [(1, 1)]}),
        (["fragment-offset 1-8191"], {Field.FRAGMENT: [(1, 1)]}),
        (["fragment-offset 0"], {Field.FRAGMENT: [(0, 0)]}),
        (["fragment-offset-except 0"], {Field.FRAGMENT: [(1, 1)]}),
        (["tcp-established", "protocol tcp"], {Field.PROTOCOL: [(6, 6)], Field.TCP_FLAGS: list(TCP_ESTABLISHED)}),
        (["tcp-initial"], {Field.PROTOCOL: [(6, 6)], Field.TCP_FLAGS: list(tcp_flag_values(0x12, 0x02))}),
        (['tcp-flags "syn & !ack"', "protocol tcp"],
         {Field.PROTOCOL: [(6, 6)], Field.TCP_FLAGS: list(tcp_flag_values(0x12, 0x02))}),
        (["source-port-range-optimize"], {}),
    ],
)  # fmt: skip
def test_conditions(clauses: list[str], expected: dict[Field, list[tuple[int, int]]] | None) -> None:
    found = match(*clauses)
    if expected is None:
        assert found.must() == ()
        assert found.may()
    else:
        assert {field: list(values) for field, values in only(found).items()} == expected


def test_ports_of_either_direction() -> None:
    found = match("protocol tcp", "port 179", "source-port 1024-65535")
    products = [one.sets for one in found.must((4,))]
    assert len(products) == 1
    assert list(products[0][Field.DESTINATION_PORT]) == [(179, 179)]
    assert len(match("protocol udp", "port ntp").must((4,))) == 2


@pytest.mark.parametrize(
    "clauses",
    [
        ["protocol icmp", "destination-port 80"],
        ["protocol udp", "tcp-established"],
        ["protocol tcp", "icmp-type 8"],
        ["protocol no-such-protocol"],
        ["ttl 300"],
        ["packet-length 200-100"],
        ["dscp no-such-class"],
        ["fragment-offset 3-12"],
        ['tcp-flags "syn & ("'],
        ["no-such-condition x"],
        ["ip-options any"],
        ["source-class gold"],
        ["interface-set MISSING"],
        ["source-address 10.0.0.0/8 no-such-word"],
    ],
)
def test_what_cannot_be_computed_makes_the_rule_inexact(clauses: list[str]) -> None:
    found = match(*clauses)
    assert found.must() == ()
    assert found.may()


def test_conditions_that_exclude_each_other_match_nothing() -> None:
    assert match("source-port 1", "source-port-except 1").may() == ()


def test_ipv6_conditions() -> None:
    found = match("next-header icmp6", "icmp-type [ neighbor-solicit 136 ]", family="inet6")
    (one,) = found.must((6,))
    assert list(one.sets[Field.ICMP]) == [(135 * 256, 136 * 256 + 255)]
    (hop,) = match("hop-limit 255", "traffic-class ef", family="inet6").must((6,))
    assert list(hop.sets[Field.TTL]) == [(255, 255)]
    assert list(hop.sets[Field.TOS]) == [(184, 187)]


def test_names_of_code_points() -> None:
    found = match("dscp mine", more=("class-of-service code-point-aliases dscp mine 001000",))
    assert {field: list(values) for field, values in only(found).items()} == {Field.TOS: [(32, 35)]}


def test_equal_tests_share_a_key_and_except_refuses_them() -> None:
    (one,) = match("ip-options any").conditions
    (choice,) = match("ip-options [ router-alert any ]").choices
    assert one.key in {way.conditions[0].key for way in choice}
    first, second = match("forwarding-class-except [ a b ]").conditions
    assert (first.holds, second.holds) == (False, False)
    assert first.key == match("forwarding-class a").conditions[0].key


def test_interfaces() -> None:
    values = only(match("interface ge-0/0/0.0"))[Field.IN_INTERFACE]
    assert encode_name("ge-0/0/0.0") in values
    assert encode_name("ge-0/0/0.1") not in values
    every = only(match("interface ge-0/0/0"))[Field.IN_INTERFACE]
    assert encode_name("ge-0/0/0.1") in every
    more = ("firewall interface-set S xe-*", "firewall interface-set S lo0.0")
    listed = only(match("interface-set S", "interface ge-0/0/0.0", more=more))[Field.IN_INTERFACE]
    assert all(encode_name(name) in listed for name in ("xe-1/2/3.4", "lo0.0", "ge-0/0/0.0"))
    assert encode_name("lo0.1") not in listed


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("syn", tcp_flag_values(2, 2)),
        ("0x02", tcp_flag_values(2, 2)),
        ("!rst", tcp_flag_values(4, 0)),
        ("ack | rst", TCP_ESTABLISHED),
        ("(ack,rst)", TCP_ESTABLISHED),
        ("syn + fin", tcp_flag_values(3, 3)),
        ("syn & !(ack | rst)", tcp_flag_values(0x16, 2)),
        ("fin | syn & ack", tcp_flag_values(1, 1) | tcp_flag_values(0x12, 0x12)),
        ("tcp-initial", tcp_flag_values(0x12, 2)),
    ],
)
def test_flag_expressions(text: str, values: IntervalSet) -> None:
    assert tcp_flags(text) == values


@pytest.mark.parametrize(
    "text",
    ["", "(", ")", "syn ack", "& syn", "syn &", "!", "(syn", "syn)", "no-such-flag", "0x1ff", "999", "!" * 500 + "syn"],
)
def test_malformed_flag_expressions(text: str) -> None:
    assert tcp_flags(text) is None
