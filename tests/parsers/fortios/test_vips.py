"""Virtual IPs: policies see the mapped address, and ordinary destinations only what was not translated."""

from __future__ import annotations

from rulecheck.engine import analyze_policies
from rulecheck.model.device import Device
from rulecheck.model.fields import IPV4_ALL
from rulecheck.model.intervals import IntervalSet
from tests.parsers.fortios.reading import BASE, codes, entry, item, policies, policy, section, v4

VIPS = section(
    "firewall vip",
    item("web", "set extip 203.0.113.9", 'set mappedip "10.0.0.5"', 'set extintf "any"'),
    item("range", "set extip 203.0.113.10-203.0.113.11", 'set mappedip "10.0.0.6-10.0.0.7"'),
    item("named", "set type fqdn", 'set mapped-addr "srv"'),
) + section("firewall vipgrp", item("both", 'set member "web" "range"'))

OLD = "#config-version=FGVM64-7.0.9-FW-build1-1:opmode=0:vdom=0:user=a\n"
NEW = "#config-version=FGVM64-7.4.1-FW-build1-1:opmode=0:vdom=0:user=a\n"


def kinds(device: Device) -> list[str | None]:
    found = policy(device)
    verdicts = analyze_policies(device.policies)[device.policies.index(found)].verdicts
    return [verdicts[rule.index].kind for rule in found.rules]


def two(header: str, first: str, second: str) -> Device:
    return policies(first, second, before=header + BASE + VIPS)


def test_a_virtual_ip_stands_for_the_mapped_address() -> None:
    device = policies(entry(dstaddr='"both"'), before=BASE + VIPS)
    rule = policy(device).rules[0]
    assert [(e.values, e.condition.key if e.condition else "") for e in rule.match.destination.elements] == [
        (IntervalSet.points([v4("10.0.0.5")]), "vip:web"),
        (IntervalSet(((v4("10.0.0.6"), v4("10.0.0.7")),)), "vip:range"),
    ]
    assert [(c.key, c.holds) for c in rule.match.conditions] == [("destination translated by a virtual IP", True)]
    assert codes(device) == []


def test_a_mapped_name_is_any_address() -> None:
    rule = policy(policies(entry(dstaddr='"named"'), before=BASE + VIPS)).rules[0]
    assert rule.match.destination.elements[0].values == IPV4_ALL


def test_an_ordinary_destination_does_not_hide_a_virtual_ip() -> None:
    accept_all, web = entry(1), entry(2, dstaddr='"web"')
    assert kinds(two(OLD, accept_all, web)) == [None, None]
    assert kinds(two(OLD, entry(1, action="deny"), web)) == ["redundant", None]


def test_deny_policies_match_virtual_ips_by_default_since_7_2_3() -> None:
    assert kinds(two(NEW, entry(1, action="deny"), entry(2, dstaddr='"web"')))[1] == "shadowed"
    assert kinds(two(NEW, entry(1), entry(2, dstaddr='"web"')))[1] is None
    assert kinds(two(NEW, entry(1, action="deny", match_vip="disable"), entry(2, dstaddr='"web"')))[1] is None


def test_match_vip_makes_a_deny_policy_match() -> None:
    assert kinds(two(OLD, entry(1, action="deny", match_vip="enable"), entry(2, dstaddr='"web"')))[1] == "shadowed"


def test_match_vip_only_takes_nothing_else() -> None:
    only = entry(1, action="deny", match_vip_only="enable")
    assert kinds(two(OLD, only, entry(2, dstaddr='"web"')))[1] == "shadowed"
    ordinary, web = entry(2, dstaddr='"net10"'), entry(3, dstaddr='"web"')
    assert kinds(policies(only, ordinary, web, before=OLD + BASE + VIPS))[1:] == [None, "shadowed"]


def test_a_mapped_name_counts_as_a_member() -> None:
    device = policies(entry(), before=BASE + VIPS)
    assert next(one.members for one in device.objects if one.name == "named") == ("srv",)


def test_without_a_version_the_default_is_not_known() -> None:
    assert kinds(two("", entry(1, action="deny"), entry(2, dstaddr='"web"')))[1] == "undecided"


def test_two_virtual_ips_with_one_mapped_address_are_different() -> None:
    more = section("firewall vip", item("web2", "set extip 203.0.113.20", 'set mappedip "10.0.0.5"'))
    first, second = entry(1, dstaddr='"web"'), entry(2, dstaddr='"web2"')
    device = policies(first, second, before=OLD + BASE + VIPS + more)
    assert kinds(device)[1] != "covered"
    assert kinds(two(OLD, first, entry(2, dstaddr='"web"')))[1] == "covered"


def test_ordinary_policies_still_cover_each_other() -> None:
    device = policies(entry(1), entry(2, dstaddr='"net10"'), entry(3, dstaddr='"web"'), before=OLD + BASE + VIPS)
    assert kinds(device)[1] == "covered"


def test_virtual_ips_that_no_policy_names_change_nothing() -> None:
    rule = policy(policies(entry(), before=BASE + VIPS)).rules[0]
    assert rule.match.all_conditions() == ()


def test_central_nat_has_no_virtual_ips_in_policies() -> None:
    settings = section("system settings", "    set central-nat enable")
    device = policies(entry(1, action="deny"), before=settings + BASE + VIPS)
    assert policy(device).rules[0].match.all_conditions() == ()
