from __future__ import annotations

import pytest

from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.names import name_set
from tests.parsers.checkpoint.reading import Json, codes, four, layer, match, policy, read, rule, six, thing, values

LAN = thing("network", "LAN", subnet4="10.1.0.0", mask_length4=16)
WEB = thing("host", "WEB", ipv4_address="10.1.0.80")
PRINTERS = thing("address-range", "PRINTERS", ipv4_address_first="10.1.1.0", ipv4_address_last="10.1.1.9")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (WEB, four("10.1.0.80")),
        (thing("host", "H6", ipv6_address="::5"), six(5, 5)),
        (thing("host", "BOTH", ipv4_address="10.0.0.1", ipv6_address="::1"), four("10.0.0.1") | six(1, 1)),
        (LAN, four("10.1.0.0", "10.1.255.255")),
        (thing("network", "MASK", subnet4="10.1.0.0", subnet_mask="255.255.0.0"), four("10.1.0.0", "10.1.255.255")),
        (thing("network", "N6", subnet6="::", mask_length6=120), six(0, 255)),
        (PRINTERS, four("10.1.1.0", "10.1.1.9")),
        (thing("multicast-address-range", "M", ipv4_address_first="224.0.0.5", ipv4_address_last="224.0.0.6"),
         four("224.0.0.5", "224.0.0.6")),
        (thing("wildcard", "W", ipv4_address="10.0.0.1", ipv4_mask_wildcard="0.0.255.0"),
         IntervalSet.points(0x0A000001 + 256 * one for one in range(256))),
        (thing("wildcard", "W2", ipv4_address="10.0.0.0", ipv4_mask_wildcard="0.0.0.255"),
         four("10.0.0.0", "10.0.0.255")),
        (thing("simple-gateway", "GW", ipv4_address="192.0.2.1", interfaces=[{"ipv4-address": "10.9.0.1"}]),
         four("192.0.2.1") | four("10.9.0.1")),
    ],
    ids=lambda one: one["name"] if isinstance(one, dict) else "",
)  # fmt: skip
def test_objects(found: Json, expected: IntervalSet) -> None:
    one = match(found, source=[f"uid-{found['name']}"])
    assert values(one) == expected
    assert not one.all_conditions()


def test_objects_written_out_in_the_rule_and_named_by_name() -> None:
    device = read(layer(rule(source=[WEB], destination=["LAN"]), objects=[LAN]))
    found = policy(device).rules[0].match
    assert values(found) == four("10.1.0.80")
    assert values(found, "destination") == four("10.1.0.0", "10.1.255.255")
    assert codes(device) == []


def test_negation() -> None:
    found = match(LAN, source=["uid-LAN"], source_negate=True)
    assert values(found) == ADDRESS_ALL - four("10.1.0.0", "10.1.255.255")
    assert found.source.negated


def test_groups_carry_the_path_and_are_shared() -> None:
    inner = thing("group", "INNER", members=["uid-WEB"])
    outer = thing("group", "OUTER", members=["uid-INNER", "uid-PRINTERS"])
    objects = [WEB, PRINTERS, inner, outer]
    device = read(layer(rule(1, source=["uid-OUTER"]), rule(2, destination=["uid-OUTER"]), objects=objects))
    first, second = policy(device).rules
    assert first.match.source is second.match.destination
    assert values(first.match) == four("10.1.0.80") | four("10.1.1.0", "10.1.1.9")
    assert [one.origin.path for one in first.match.source.elements] == [("OUTER", "INNER"), ("OUTER",)]


def test_a_group_with_exclusion() -> None:
    group = thing("group-with-exclusion", "G", include="uid-LAN", except_="uid-PRINTERS")
    found = match(LAN, PRINTERS, group, source=["uid-G"])
    assert values(found) == four("10.1.0.0", "10.1.255.255") - four("10.1.1.0", "10.1.1.9")
    assert not found.all_conditions()


def test_exclusions_of_exclusions_inside_groups() -> None:
    inner = thing("group-with-exclusion", "INNER", include="uid-LAN", except_="uid-PRINTERS")
    group = thing("group", "G", members=["uid-INNER"])
    outer = thing("group-with-exclusion", "OUTER", include={"uid": "uid-G", "name": "G"}, except_="uid-WEB")
    found = match(LAN, PRINTERS, WEB, inner, group, outer, source=["uid-OUTER"])
    assert values(found) == four("10.1.0.0", "10.1.255.255") - four("10.1.1.0", "10.1.1.9") - four("10.1.0.80")


def test_what_only_may_be_excluded_stays_under_a_condition() -> None:
    domain = thing("dns-domain", ".example.com", is_sub_domain=False)
    group = thing("group-with-exclusion", "G", include="uid-LAN", except_="uid-.example.com")
    found = match(LAN, domain, group, source=["uid-G"])
    assert [one.key for one in found.all_conditions()] == ["source group-with-exclusion:G"]
    assert values(found) == four("10.1.0.0", "10.1.255.255")


@pytest.mark.parametrize(
    ("found", "key"),
    [
        (thing("dns-domain", ".example.com", is_sub_domain=False), "source fqdn:example.com"),
        (thing("dns-domain", ".example.com", is_sub_domain=True), "source domain:example.com"),
        (thing("dynamic-object", "DYN"), "source dynamic-object:DYN"),
        (thing("updatable-object", "Office365"), "source updatable-object:Office365"),
        (thing("data-center-object", "vm"), "source data-center-object:vm"),
        (thing("access-role", "Admins"), "source access-role:Admins"),
        (thing("Internet", "Internet"), "source Internet:Internet"),
    ],
    ids=lambda one: one["type"] if isinstance(one, dict) else "",
)
def test_members_that_no_export_has_are_a_test_by_name(found: Json, key: str) -> None:
    one = match(found, source=[found["uid"]])
    assert [condition.key for condition in one.all_conditions()] == [key]
    assert values(one) == ADDRESS_ALL
    assert not one.must()


def test_a_gateway_with_a_dynamic_address_and_one_without_interfaces() -> None:
    gateway = thing("simple-gateway", "GW", ipv4_address="192.0.2.1")
    one = match(gateway, destination=["uid-GW"])
    assert IntervalSet.union_of(p.values for p in one.destination.parts if not p.conditions) == four("192.0.2.1")
    assert [condition.key for condition in one.all_conditions()] == ["destination gateway:GW"]


def test_further_interfaces_of_a_host_and_a_broadcast_address_are_not_certain() -> None:
    host = thing("host", "H", ipv4_address="10.0.0.1", interfaces=[{"ipv4-address": "10.0.1.1"}])
    net = thing("network", "N", subnet4="10.0.0.0", mask_length4=24, broadcast="disallow")
    assert [one.key for one in match(host, source=["uid-H"]).all_conditions()] == ["source interfaces:H"]
    assert [one.key for one in match(net, source=["uid-N"]).all_conditions()] == ["source broadcast:N"]
    assert values(match(net, source=["uid-N"])) == four("10.0.0.0", "10.0.0.255")


def test_zones() -> None:
    zone = thing("security-zone", "ExternalZone")
    (constraint,) = match(zone, source=["uid-ExternalZone"]).constraints
    assert (constraint.field, constraint.values) == (Field.SOURCE_ZONE, name_set("ExternalZone"))
    (negated,) = match(zone, destination=["uid-ExternalZone"], destination_negate=True).constraints
    assert negated.field is Field.DESTINATION_ZONE
    assert not negated.values.meets(name_set("ExternalZone"))


def test_zones_beside_addresses_are_a_choice() -> None:
    zone = thing("security-zone", "Z")
    found = match(zone, LAN, source=["uid-Z", "uid-LAN"])
    terms = [dict(term.sets) for term in found.terms((4,))]
    assert {Field.SOURCE: four("10.1.0.0", "10.1.255.255"), Field.DESTINATION: IPV4_ALL} in terms
    assert {Field.SOURCE: IPV4_ALL, Field.DESTINATION: IPV4_ALL, Field.SOURCE_ZONE: name_set("Z")} in terms
    assert len(terms) == 2


def test_neither_zone_nor_address() -> None:
    zone = thing("security-zone", "Z")
    found = match(zone, LAN, source=["uid-Z", "uid-LAN"], source_negate=True)
    (term,) = found.terms((4,))
    assert term.sets[Field.SOURCE] == IPV4_ALL - four("10.1.0.0", "10.1.255.255")
    assert not term.sets[Field.SOURCE_ZONE].meets(name_set("Z"))


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (thing("host", "H"), "RC606"),
        (thing("host", "H", ipv4_address="10.0.0.256"), "RC606"),
        (thing("network", "N", subnet4="10.0.0.0", mask_length4=33), "RC606"),
        (thing("network", "N", subnet4="10.0.0.0", subnet_mask="255.0.255.0"), "RC606"),
        (thing("address-range", "R", ipv4_address_first="10.0.0.9", ipv4_address_last="10.0.0.1"), "RC606"),
        (thing("address-range", "R", ipv4_address_first="10.0.0.9"), "RC606"),
        (thing("wildcard", "W", ipv4_address="10.0.0.0", ipv4_mask_wildcard="x"), "RC606"),
        (thing("hologram", "X"), "RC602"),
        (thing("group", "G", members=["uid-none"]), "RC603"),
        (thing("group", "G"), "RC603"),
        (thing("group", "G", members=["uid-G"]), "RC604"),
        (thing("group-with-exclusion", "G", include="uid-G", except_="uid-G"), "RC604"),
        (thing("group-with-exclusion", "G", include="Any"), "RC606"),
    ],
    ids=lambda one: f"{one['type']} {len(one)}" if isinstance(one, dict) else one,
)
def test_objects_that_are_not_clear_make_the_rule_inexact(found: Json, code: str) -> None:
    device = read(layer(rule(source=[found["uid"]]), objects=[found]))
    (one,) = policy(device).rules
    assert [diagnostic.code for diagnostic in device.diagnostics] == [code]
    assert all(diagnostic.affects_verdicts for diagnostic in device.diagnostics)
    assert one.match.all_conditions()
    assert not one.match.must()
    assert values(one.match) == ADDRESS_ALL


def test_two_groups_in_a_cycle_keep_their_members() -> None:
    a = thing("group", "A", members=["uid-B", "uid-WEB"])
    b = thing("group", "B", members=["uid-A"])
    device = read(layer(rule(source=["uid-A"]), objects=[a, b, WEB]))
    assert {one.code for one in device.diagnostics} == {"RC604"}
    (found,) = policy(device).rules
    assert IntervalSet.union_of(p.values for p in found.match.source.parts if not p.conditions) == four("10.1.0.80")


def test_an_undefined_uid_is_reported_once() -> None:
    device = read(layer(rule(1, source=["uid-x"]), rule(2, destination=["uid-x"]), objects=[WEB]))
    assert [one.code for one in device.diagnostics] == ["RC603"]
    assert "uid-x is not defined" in device.diagnostics[0].message
    keys = [[c.key for c in one.match.all_conditions()] for one in policy(device).rules]
    assert keys == [["source undefined:uid-x"], ["destination undefined:uid-x"]]


def test_an_empty_group_matches_nothing() -> None:
    found = match(thing("group", "EMPTY", members=[]), source=["uid-EMPTY"])
    assert found.terms() == ()
    assert not found.all_conditions()


def test_a_negated_group_of_many_tests_stays_small() -> None:
    hosts = [
        thing("host", f"H{n}", ipv4_address="10.0.0.1", interfaces=[{"ipv4-address": f"10.0.1.{n}"}]) for n in range(40)
    ]
    group = thing("group", "G", members=[one["uid"] for one in hosts])
    found = match(*hosts, group, source=["uid-G"], source_negate=True)
    assert len(found.source.parts) < 10
    assert not values(found).meets(four("10.0.0.1"))
