"""Addresses, groups, negation, both families, internet services and virtual IPs."""

from __future__ import annotations

import pytest

from parsers.fortinet.fortios import PARSER, values
from rulecheck.model.fields import IPV4_ALL, IPV6_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses
from rulecheck.model.rule import Rule
from tests.parsers.fortios.reading import (
    BASE,
    codes,
    config,
    entry,
    hits,
    item,
    policies,
    policy,
    read,
    rule,
    section,
    v4,
    v6,
)


def address(*settings: str) -> Rule:
    before = section("firewall address", item("x", *settings))
    return rule(before, srcaddr='"x"')


def span(low: str, high: str) -> IntervalSet:
    return IntervalSet(((v4(low), v4(high)),))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["set subnet 10.1.2.3 255.255.255.0"], span("10.1.2.0", "10.1.2.255")),
        (["set subnet 10.1.2.0/25"], span("10.1.2.0", "10.1.2.127")),
        (["set type ipmask", "set subnet 10.1.2.3 255.255.255.255"], span("10.1.2.3", "10.1.2.3")),
        (["set type iprange", "set start-ip 10.0.0.5", "set end-ip 10.0.1.7"], span("10.0.0.5", "10.0.1.7")),
        (["set type wildcard", "set wildcard 10.0.0.0 255.255.255.0"], span("10.0.0.0", "10.0.0.255")),
        ([], IPV4_ALL),
    ],
)
def test_exact_addresses(settings: list[str], expected: IntervalSet) -> None:
    (element,) = address(*settings).match.source.elements
    assert element.values == expected
    assert element.condition is None


def test_wildcards_that_are_too_many_ranges_together_are_not_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MOST_TOGETHER", 400)
    wildcards = [*(f"10.0.{n}.0 255.0.255.0" for n in range(3)), "10.0.0.0 255.0.0.0"]
    objects = [f'edit "a{n}"\nset type wildcard\nset wildcard {text}\nnext' for n, text in enumerate(wildcards)]
    names = " ".join(f'"a{n}"' for n in range(len(wildcards)))
    rule = f'edit 1\nset srcintf "any"\nset dstintf "any"\nset srcaddr {names}\nset dstaddr "all"\nset service "ALL"'
    text = "\n".join(["config firewall address", *objects, "end", "config firewall policy", rule, "next", "end"])
    (device,) = PARSER.parse(config(text))
    elements = device.policies[0].rules[0].match.source.elements
    assert [one.condition is None for one in elements] == [True, True, False, True]


def test_a_wildcard_with_gaps() -> None:
    one = address("set type wildcard", "set wildcard 10.0.0.1 255.255.252.255")
    assert [hits(one.match, f"10.0.{third}.1") for third in range(5)] == [True, True, True, True, False]
    assert not hits(one.match, "10.0.0.2")


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        (["set type fqdn", 'set fqdn "WWW.Example.com"'], "fqdn:www.example.com"),
        (["set type geography", 'set country "AQ"'], "geo:AQ"),
        (["set type dynamic", "set sub-type sdn"], "dynamic:x"),
        (["set type mac", 'set macaddr "00:11:22:33:44:55"'], "mac:00:11:22:33:44:55"),
        (["set type interface-subnet", 'set interface "port9"'], "interface-subnet:port9"),
        (["set type wildcard", "set wildcard 10.0.0.1 255.0.0.1"], "wildcard:10.0.0.1 255.0.0.1"),
    ],
)
def test_addresses_that_the_file_does_not_have(settings: list[str], key: str) -> None:
    one = address(*settings)
    (element,) = one.match.source.elements
    assert element.values == IPV4_ALL
    assert element.condition is not None
    assert element.condition.key == key
    assert one.match.must((4,)) == ()


def test_the_subnet_of_an_interface() -> None:
    before = section("system interface", item("p1", "set ip 10.9.9.1 255.255.255.0")) + section(
        "firewall address", item("x", "set type interface-subnet", 'set interface "p1"')
    )
    (element,) = rule(before, srcaddr='"x"').match.source.elements
    assert element.values == span("10.9.9.0", "10.9.9.255")


@pytest.mark.parametrize(
    "setting",
    ["set subnet 10.0.0.300 255.0.0.0", "set subnet 10.0.0.0 255.0.255.0", "set subnet 1.1.1.1/99", "set type cloud"],
)
def test_bad_values_are_reported_and_inexact(setting: str) -> None:
    device = policies(entry(srcaddr='"x"'), before=section("firewall address", item("x", setting)))
    assert [code for code, _ in codes(device)] == ["RC606"]
    assert policy(device).rules[0].match.must((4,)) == ()


GROUPS = section(
    "firewall address",
    item("a", "set subnet 10.0.0.0/24"),
    item("b", "set subnet 10.0.1.0/24"),
    item("c", "set subnet 10.0.0.128/25"),
    item("f", "set type fqdn", 'set fqdn "f.example"'),
)


def group_rule(*groups: str, name: str = "g") -> Rule:
    return rule(GROUPS + section("firewall addrgrp", *groups), srcaddr=f'"{name}"')


def test_nested_groups_keep_the_path() -> None:
    one = group_rule(item("inner", 'set member "b"'), item("g", 'set member "a" "inner"'))
    assert [(e.text, e.origin.path) for e in one.match.source.elements] == [("a", ("g",)), ("b", ("g", "inner"))]


def test_excluded_members() -> None:
    one = group_rule(item("g", 'set member "a" "b"', "set exclude enable", 'set exclude-member "c"'))
    assert hits(one.match, "10.0.0.127")
    assert not hits(one.match, "10.0.0.128")
    assert hits(one.match, "10.0.1.200")


def test_excluded_members_without_the_switch_stay() -> None:
    assert hits(group_rule(item("g", 'set member "a"', 'set exclude-member "c"')).match, "10.0.0.200")


def test_an_excluded_name_leaves_the_rest_under_its_negation() -> None:
    one = group_rule(item("g", 'set member "a"', "set exclude enable", 'set exclude-member "f"'))
    (element,) = one.match.source.elements
    assert element.condition is not None
    assert (element.condition.key, element.condition.holds) == ("fqdn:f.example", False)


def test_an_empty_group_matches_nothing() -> None:
    assert group_rule(item("g", 'set comment "later"')).match.may((4,)) == ()


def test_cycles_are_reported_and_inexact() -> None:
    text = GROUPS + section(
        "firewall addrgrp", item("g", 'set member "h" "a"'), item("h", 'set member "g"'), item("s", 'set member "s"')
    )
    device = read(text + section("firewall policy", entry(1, srcaddr='"g"'), entry(2, srcaddr='"s"')))
    assert {code for code, _ in codes(device)} == {"RC604"}
    first, second = policy(device).rules
    assert second.match.must((4,)) == ()
    conditional = [element.values for element in first.match.source.elements if element.condition]
    assert conditional == [IPV4_ALL]


def test_groups_that_share_members_do_not_multiply() -> None:
    lines = [item("g0", 'set member "a" "b"')]
    lines += [item(f"g{n}", f'set member "g{n - 1}" "a" "g{n - 1}"') for n in range(1, 60)]
    assert len(group_rule(*lines, name="g59").match.source.elements) == 2


def test_deep_nesting_does_not_recurse() -> None:
    lines = [item("g0", 'set member "a"')] + [item(f"g{n}", f'set member "g{n - 1}"') for n in range(1, 3000)]
    (element,) = group_rule(*reversed(lines), name="g2999").match.source.elements
    assert element.values == span("10.0.0.0", "10.0.0.255")
    assert element.origin.path[0] == "g2999"


def test_undefined_addresses_are_inexact() -> None:
    device = policies(entry(srcaddr='"ghost"'))
    assert [(one.code, one.affects_verdicts) for one in device.diagnostics] == [("RC603", True)]
    assert policy(device).rules[0].match.must((4,)) == ()


def test_problems_of_objects_that_no_rule_uses_do_not_affect_verdicts() -> None:
    device = read(section("firewall addrgrp", item("g", 'set member "ghost"')))
    assert [(one.code, one.affects_verdicts) for one in device.diagnostics] == [("RC603", False)]


def test_renamed_objects_are_found_under_their_old_name() -> None:
    text = BASE + section("firewall policy", entry(srcaddr='"host10"'))
    text += section("firewall address", '    rename "host10" to "server"')
    device = read(text)
    assert codes(device) == []
    assert hits(policy(device).rules[0].match, "10.0.0.5")
    assert [one.name for one in device.uses if one.kind == "address" and one.name != "all"] == ["server"]


def test_negation() -> None:
    one = rule(srcaddr='"net10"', srcaddr_negate="enable", dstaddr='"host10"', dstaddr_negate="enable")
    assert hits(one.match, "10.0.1.0", "10.0.0.6")
    assert not hits(one.match, "10.0.0.1", "10.0.0.6")
    assert not hits(one.match, "10.0.1.0", "10.0.0.5")
    assert not one.match.may((6,))


V6 = section(
    "firewall address6",
    item("all"),
    item("net6", "set ip6 2001:db8::/64"),
    item("range6", "set type iprange", "set start-ip 2001:db8::10", "set end-ip 2001:db8::1f"),
)


def test_unified_policies_match_both_families_side_by_side() -> None:
    device = policies(
        entry(srcaddr='"net10"', srcaddr6='"net6"', dstaddr='"all"', dstaddr6='"range6"'), before=BASE + V6
    )
    found = policy(device)
    assert found.families == (4, 6)
    match = found.rules[0].match
    assert hits(match, "10.0.0.1", "8.8.8.8")
    assert hits(match, v6(1), v6(0x1F))
    assert not hits(match, v6(1), v6(0x20))
    assert not hits(match, v6(1 << 64), v6(0x1F))


def test_unified_negation_of_one_family() -> None:
    one = rule(BASE + V6, srcaddr='"net10"', srcaddr_negate="enable", srcaddr6='"net6"', dstaddr6='"all"')
    assert hits(one.match, "10.0.1.1", "8.8.8.8")
    assert not hits(one.match, "10.0.0.1", "8.8.8.8")
    assert hits(one.match, v6(1), v6(2))
    assert not hits(one.match, v6(1 << 64), v6(2))


def test_policy6_is_a_table_of_its_own() -> None:
    device = read(
        BASE + V6 + section("firewall policy", entry()) + section("firewall policy6", entry(srcaddr='"net6"'))
    )
    assert [(one.name, one.families) for one in device.policies] == [("policy", (4,)), ("policy6", (6,))]
    assert hits(policy(device, "policy6").rules[0].match, v6(5), v6(1 << 90))


def test_internet_services_replace_destination_and_service() -> None:
    names = section("firewall internet-service-name", item("Google-DNS", "set internet-service-id 65539"))
    named = rule(
        BASE + names, internet_service="enable", internet_service_name='"Google-DNS"', dstaddr=None, service=None
    )
    by_id = rule(BASE + names, internet_service="enable", internet_service_id="65539", dstaddr=None, service=None)
    for one in (named, by_id):
        (element,) = one.match.destination.elements
        assert element.condition is not None
        assert element.condition.key == "internet-service:Google-DNS"
        assert one.match.services is None
    negated = rule(
        internet_service_src="enable",
        internet_service_src_name='"A" "B"',
        internet_service_src_negate="enable",
        srcaddr=None,
    )
    assert negated.match.source.negated
    assert {c.holds for part in negated.match.source.parts for c in part.conditions} == {False}


def test_threat_feeds_are_conditions() -> None:
    feed = section("system external-resource", item("bad", "set type address"))
    (element,) = rule(BASE + feed, srcaddr='"bad"').match.source.elements
    assert element.condition is not None
    assert element.condition.key == "threat-feed:bad"


def test_objects_carry_their_content() -> None:
    device = read(GROUPS + section("firewall addrgrp", item("g", 'set member "a" "b"')))
    found = {one.name: one for one in device.objects}
    content = found["g"].content
    assert isinstance(content, Addresses)
    assert IntervalSet.union_of(e.values for e in content.elements) == span("10.0.0.0", "10.0.1.255")
    assert found["g"].members == ("a", "b")
    assert IPV6_ALL not in [e.values for e in content.elements]
