from __future__ import annotations

import pytest

from parsers.netfilter.iptables import draft
from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, IPV6_ALL, IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Match
from rulecheck.model.names import encode_name
from tests.parsers.iptables.reading import codes, match, policy, table

TEN = 10 << 24


def exact(operand: Addresses) -> IntervalSet:
    assert all(element.condition is None for element in operand.elements)
    return IntervalSet.union_of(element.values for element in operand.elements)


def field(found: Match, name: Field) -> IntervalSet:
    (values,) = (one.values for one in found.constraints if one.field is name)
    return values


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("10.0.0.1", IntervalSet.of((TEN + 1, TEN + 1))),
        ("10.0.0.1/32", IntervalSet.of((TEN + 1, TEN + 1))),
        ("10.0.0.77/24", IntervalSet.of((TEN, TEN + 255))),
        ("10.0.0.0/255.255.255.0", IntervalSet.of((TEN, TEN + 255))),
        ("0.0.0.0/0", IPV4_ALL),
        ("10/8", IntervalSet.of((TEN, TEN + (1 << 24) - 1))),
        ("10.0.0.1/255.255.254.255", IntervalSet.points((TEN + 1, TEN + 257))),
        ("10.0.0.0/255.0.0.254", IntervalSet.merged((TEN + 256 * n, TEN + 256 * n + 1) for n in range(65_536))),
        ("10.0.0.1,10.0.0.9", IntervalSet.points((TEN + 1, TEN + 9))),
    ],
)
def test_source_addresses(written: str, expected: IntervalSet) -> None:
    assert exact(match(f"-s {written} -j DROP").source) == expected


def test_no_address_is_any() -> None:
    found = match("-j DROP")
    assert found.source is ANY_ADDRESS
    assert found.destination is ANY_ADDRESS


@pytest.mark.parametrize("clause", ["! -d 10.0.0.0/8", "-d ! 10.0.0.0/8", "! --destination 10.0.0.0/8", "! --dst 10/8"])
def test_negated_destination(clause: str) -> None:
    inside = IntervalSet.of((TEN, TEN + (1 << 24) - 1))
    assert exact(match(f"{clause} -j DROP").destination) == IPV4_ALL - inside


def test_ipv6_address_and_suffix_mask() -> None:
    base = IPV6_BASE + (0x20010DB8 << 96)
    assert exact(match("-s 2001:db8::/32 -j DROP", 6).source) == IntervalSet.of((base, base + (1 << 96) - 1))
    (element,) = match("-s ::1/::ffff:ffff:ffff:ffff -j DROP", 6).source.elements
    assert element.values == IntervalSet.of((IPV6_BASE + 1, IPV6_BASE + 1)) or element.condition is not None


def test_mask_with_too_many_ranges_is_a_condition_shared_by_equal_masks() -> None:
    (one,) = match("-s 10.0.0.1/255.0.0.85 -j DROP").source.elements
    (two,) = match("-i eth1 -s 10.0.0.1/255.0.0.85 -j DROP").source.elements
    assert one.values == IPV4_ALL
    assert one.condition is not None
    assert two.condition is not None
    assert one.condition.key == two.condition.key


def test_masks_that_are_too_many_ranges_together_are_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MOST_OF_A_TABLE", 600)
    masks = [*(f"10.0.{n}.1/255.0.255.255" for n in range(4)), "10.0.0.0/255.0.0.0"]
    found = policy(table(*(f"-A INPUT -s {mask} -j DROP" for mask in masks)), "INPUT")
    elements = [rule.match.source.elements[0] for rule in found.rules]
    assert [one.condition is None for one in elements] == [True, True, False, False, True]
    assert [len(one.values.intervals) for one in elements] == [256, 256, 1, 1, 1]


def test_host_name_is_a_condition() -> None:
    (element,) = match("-s www.example.com -j DROP").source.elements
    assert element.values == IPV4_ALL
    assert element.condition is not None
    assert element.condition.key == "fqdn:www.example.com"
    (other,) = match("! -s WWW.example.com -j DROP").source.elements
    assert other.condition is not None
    assert (other.condition.key, other.condition.holds) == ("fqdn:www.example.com", False)


@pytest.mark.parametrize(
    "clause",
    ["-s 10.0.0.300", "-s 10.0.0.0/33", "-s 2001:db8::1", "! -s 10.0.0.1,10.0.0.2", "-s 10.0.0.1 -s 10.0.0.2", "-s"],
)
def test_malformed_address_makes_the_rule_inexact(clause: str) -> None:
    device = table(f"-A INPUT {clause}")
    assert ("RC606", 5) in codes(device)
    assert all(one.affects_verdicts for one in device.diagnostics)
    (found,) = device.policies[0].rules
    assert len(found.match.conditions) >= 1
    assert found.match.must((4,)) == ()


def test_ranges_and_prefixes_are_intersected() -> None:
    assert exact(match("-m iprange --src-range 10.0.0.5-10.0.0.9 -j DROP").source) == IntervalSet.of((TEN + 5, TEN + 9))
    assert exact(match("-m iprange ! --src-range 10.0.0.5-10.0.0.9 -j DROP").source) == IPV4_ALL - IntervalSet.of(
        (TEN + 5, TEN + 9)
    )
    both = match("-s 10.0.0.0/29 -m iprange --src-range 10.0.0.5-10.0.0.9 -j DROP")
    assert exact(both.source) == IntervalSet.of((TEN + 5, TEN + 7))
    assert match("-s 10.1.0.0/16 -m iprange --src-range 10.0.0.5-10.0.0.9 -j DROP").terms((4,)) == ()


def test_upside_down_range_is_malformed() -> None:
    assert codes(table("-A INPUT -m iprange --src-range 10.0.0.9-10.0.0.5 -j DROP")) == [("RC606", 5)]


def test_interfaces() -> None:
    assert field(match("-i eth0 -j DROP"), Field.IN_INTERFACE) == IntervalSet.points([encode_name("eth0")])
    prefix = field(match("-o eth+ -j DROP"), Field.OUT_INTERFACE)
    for name, inside in (("eth0", True), ("eth0.10", True), ("eth", True), ("ppp0", False), ("", False)):
        assert (encode_name(name) in prefix) is inside, name
    assert match("-i + -j DROP").terms((4,)) == match("-j DROP").terms((4,))
    negated = field(match("! -i lo -j DROP"), Field.IN_INTERFACE)
    assert encode_name("lo") not in negated
    assert encode_name("") in negated


def test_tokens_cite_their_line() -> None:
    device = table("-A INPUT -j ACCEPT", "-A INPUT -s 10.0.0.1/32 -j DROP")
    second = device.policies[0].rules[1]
    assert (second.origin.line, second.origin.text) == (6, "-A INPUT -s 10.0.0.1/32 -j DROP")
    (element,) = second.match.source.elements
    assert (element.origin.file, element.origin.line, element.text) == ("gw.rules", 6, "10.0.0.1/32")


def test_families_keep_to_their_own_addresses() -> None:
    assert exact(match("-s ::/0 -j DROP", 6).source) == IPV6_ALL
    assert exact(match("! -s ::1 -j DROP", 6).source) == IPV6_ALL - IntervalSet.points([IPV6_BASE + 1])
    assert ADDRESS_ALL == IPV4_ALL | IPV6_ALL
