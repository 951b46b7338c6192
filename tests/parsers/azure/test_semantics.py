"""Network security groups: what each part of an export means."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.cloud.azure import PARSER
from rulecheck.model.fields import ADDRESS_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS
from rulecheck.model.rule import DENY, PERMIT, Rule, Verb
from tests.parsers.azure.reading import FIXTURES, codes, config, four, policy, read, values

Json = dict[str, Any]


def rule(priority: int = 100, /, **more: object) -> Json:
    base = {"name": f"r{priority}", "priority": priority, "direction": "Inbound", "access": "Allow", "protocol": "Tcp"}
    base |= {"sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*"}
    return {**base, "destinationPortRange": "*", **more}


def nsg(*rules: Json, **more: object) -> Json:
    return {"type": "Microsoft.Network/networkSecurityGroups", "name": "web", "securityRules": list(rules), **more}


def one(**more: object) -> Rule:
    (found,) = policy(read(nsg(rule(100, **more))), "web inbound").rules
    return found


def test_priorities_by_direction() -> None:
    device = read(nsg(rule(200, access="Deny"), rule(100), rule(150, direction="outbound")))
    inbound, outbound = device.policies
    assert [(found.name, found.outcome) for found in inbound.rules] == [("r100", PERMIT), ("r200", DENY)]
    assert [found.name for found in outbound.rules] == ["r150"]
    assert inbound.default == DENY


def test_default_rules_are_there_without_being_written() -> None:
    inbound, outbound = read(nsg(rule())).policies
    assert [(found.name, found.outcome) for found in inbound.implicit] == [
        ("AllowVnetInBound", PERMIT),
        ("AllowAzureLoadBalancerInBound", PERMIT),
        ("DenyAllInBound", DENY),
    ]
    keys = [sorted(one.key for one in found.match.all_conditions()) for found in outbound.implicit]
    assert keys == [
        ["destination service-tag:virtualnetwork", "source service-tag:virtualnetwork"],
        ["destination service-tag:internet"],
        [],
    ]


def test_default_rules_as_written_count() -> None:
    written = [rule(65500, name="DenyAllInBound", access="Deny", protocol="*")]
    inbound = read(nsg(rule(), defaultSecurityRules=written)).policies[0]
    assert [found.name for found in inbound.implicit] == ["DenyAllInBound"]


@pytest.mark.parametrize("text", ["*", "Any", "any"])
def test_any_address(text: str) -> None:
    assert one(sourceAddressPrefix=text).match.source is ANY_ADDRESS


def test_addresses_of_both_fields() -> None:
    found = one(sourceAddressPrefix="10.0.0.1", sourceAddressPrefixes=["10.0.0.4/31", "10.0.0.8-10.0.0.9"])
    wanted = four("10.0.0.1") | four("10.0.0.4", "10.0.0.5") | four("10.0.0.8", "10.0.0.9")
    assert values(found.match.source) == wanted


def test_tags_are_conditions_by_name() -> None:
    conditions = one(sourceAddressPrefix="VIRTUALNETWORK", destinationAddressPrefix="Internet").match.all_conditions()
    assert [found.key for found in conditions] == [
        "source service-tag:virtualnetwork",
        "destination service-tag:internet",
    ]
    assert values(one(sourceAddressPrefix="Internet").match.source) == ADDRESS_ALL
    assert four("168.63.129.16") <= values(one(sourceAddressPrefix="AzureLoadBalancer").match.source)
    assert values(one(sourceAddressPrefix="AzureLoadBalancer").match.source) != ADDRESS_ALL


def test_application_security_groups() -> None:
    path = "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/applicationSecurityGroups/Web-Servers"
    item = rule(sourceApplicationSecurityGroups=[{"id": path}])
    del item["sourceAddressPrefix"]
    group = {"type": "Microsoft.Network/applicationSecurityGroups", "name": "Web-Servers"}
    device = read([nsg(item), group])
    conditions = device.policies[0].rules[0].match.all_conditions()
    assert [found.key for found in conditions] == ["source asg:web-servers"]
    assert [found.name for found in device.objects] == [use.name for use in device.uses] == ["Web-Servers"]


@pytest.mark.parametrize(
    ("fields", "protocol", "wanted"),
    [
        ({"destinationPortRange": "443"}, 6, ((443, 443),)),
        ({"protocol": "UDP", "destinationPortRange": "80-90"}, 17, ((80, 90),)),
        ({"destinationPortRange": "", "destinationPortRanges": ["22", "80-81"]}, 6, ((22, 22), (80, 81))),
        ({"destinationPortRange": "22,3389"}, 6, ((22, 22), (3389, 3389))),
    ],
)
def test_ports(fields: Json, protocol: int, wanted: tuple[tuple[int, int], ...]) -> None:
    found = one(**fields).match.services
    assert found is not None
    (service,) = found.elements
    assert service.protocol == IntervalSet.points((protocol,))
    assert service.destination_ports == IntervalSet(wanted)


def test_source_ports() -> None:
    found = one(sourcePortRange="1024-65535", destinationPortRange="53").match.services
    assert found is not None
    assert found.elements[0].source_ports == IntervalSet(((1024, 65535),))


def test_protocols_without_ports() -> None:
    for text, number in (("Icmp", 1), ("ESP", 50), ("Ah", 51)):
        found = one(protocol=text).match.services
        assert found is not None
        assert found.elements[0].protocol == IntervalSet.points((number,))
    assert one(protocol="*").match.services is None


def test_any_protocol_with_ports_is_exact_for_tcp_and_udp() -> None:
    found = one(protocol="*", destinationPortRange="53").match.services
    assert found is not None
    exact, doubtful = found.elements
    assert exact.protocol == IntervalSet.points((6, 17))
    assert exact.condition is None
    assert doubtful.condition is not None


def test_keys_and_values_in_any_case_and_under_properties() -> None:
    inner = {key.upper(): value for key, value in rule().items() if key != "name"}
    device = read({"TYPE": "microsoft.network/NETWORKSECURITYGROUPS", "Name": "web", "Properties": {
        "SecurityRules": [{"name": "x", "properties": inner}]}})  # fmt: skip
    assert [found.name for found in policy(device, "web inbound").rules] == ["x"]
    assert device.diagnostics == ()


def test_rules_beside_their_group() -> None:
    path = "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/networkSecurityGroups/edge/securityRules/r1"
    assert [one.name for one in read([{**rule(), "id": path}]).policies] == ["edge inbound", "edge outbound"]
    template = {
        "type": "Microsoft.Network/networkSecurityGroups/securityRules",
        "name": "edge/r2",
        "properties": rule(),
    }
    assert read({"resources": [template]}).policies[0].name == "edge inbound"


def test_groups_of_one_name_in_two_resource_groups_stay_apart() -> None:
    paths = [
        f"/subscriptions/x/resourceGroups/{one}/providers/Microsoft.Network/networkSecurityGroups/web" for one in "ab"
    ]
    device = read([nsg(rule(), id=path) for path in paths])
    assert [one.name for one in device.policies] == [
        "web inbound",
        "web outbound",
        "web (b) inbound",
        "web (b) outbound",
    ]


def test_places_of_use() -> None:
    path = "/subscriptions/x/virtualNetworks/v/subnets/front"
    assert read(nsg(rule(), subnets=[{"id": path}])).policies[0].applied_to == ("front",)
    assert read(nsg(rule(), subnets=[], networkInterfaces=None)).policies[0].applied is False
    assert read(nsg(rule())).policies[0].applied is None


@pytest.mark.parametrize(
    "fields",
    [
        {"sourceAddressPrefix": "[parameters('source')]"},
        {"sourceAddressPrefix": "10.0.0.0/99"},
        {"destinationPortRange": "90-80"},
        {"destinationPortRange": "x"},
        {"protocol": "bogus"},
        {"sourceAddressPrefix": ""},
        {"novelty": True},
    ],
)
def test_what_is_not_understood_makes_the_rule_inexact(fields: Json) -> None:
    device = read(nsg(rule(**fields)))
    assert device.policies[0].rules[0].match.all_conditions()
    assert any(found.affects_verdicts for found in device.diagnostics)


def test_bad_places_in_the_order_are_reported() -> None:
    assert codes(read(nsg(rule(100), rule(100)))) == ["RC606"]
    assert codes(read(nsg(rule(100, direction="sideways")))) == ["RC601"]
    device = read(nsg(rule(access="Maybe")))
    assert codes(device) == ["RC602"]
    assert device.policies[0].rules[0].outcome.verb is Verb.OTHER


def test_other_resources_have_no_rules() -> None:
    device = read({"type": "Microsoft.Compute/virtualMachines", "name": "vm", "properties": {}})
    assert (device.policies, device.diagnostics) == ((), ())


def test_the_fixture_is_recognised() -> None:
    assert PARSER.score(config((FIXTURES / "hub-nsgs.json").read_text(encoding="utf-8"))) == 95
    assert PARSER.score(config('{"SecurityGroups": []}')) == 0
