"""Security groups and network ACLs: what each part of an answer means."""

from __future__ import annotations

from typing import Any

import pytest

from rulecheck.model.fields import ADDRESS_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS
from rulecheck.model.rule import DENY, PERMIT, Rule, Verb
from tests.parsers.aws.reading import FIXTURES, codes, config, four, policy, read, six, values

Json = dict[str, Any]


def group(*permissions: Json, egress: tuple[Json, ...] = (), **more: object) -> Json:
    found = {"GroupId": "sg-1", "GroupName": "web", "IpPermissions": list(permissions)}
    return {"SecurityGroups": [{**found, "IpPermissionsEgress": list(egress), **more}]}


def permission(protocol: str = "tcp", first: int | None = None, last: int | None = None, **more: object) -> Json:
    found: Json = {"IpProtocol": protocol, **more}
    if first is not None:
        found |= {"FromPort": first, "ToPort": first if last is None else last}
    return found if "IpRanges" in found or more else {**found, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}


def one(item: Json) -> Rule:
    (rule,) = policy(read(group(item)), "web (sg-1) ingress").rules
    return rule


def acl(*entries: Json, **more: object) -> Json:
    return {"NetworkAcls": [{"NetworkAclId": "acl-1", "Entries": list(entries), **more}]}


def entry(number: int, action: str = "allow", **more: object) -> Json:
    base = {"RuleNumber": number, "Protocol": "-1", "RuleAction": action, "Egress": False, "CidrBlock": "10.0.0.0/8"}
    return {**base, **more}


def test_groups_allow_only_and_have_no_order() -> None:
    device = read(group(permission("tcp", 443), egress=(permission("-1"),)))
    ingress, egress = device.policies
    assert (ingress.name, egress.name) == ("web (sg-1) ingress", "web (sg-1) egress")
    assert not ingress.ordered
    assert ingress.default == DENY
    assert ingress.applied is None
    assert ingress.rules[0].outcome == PERMIT
    assert values(ingress.rules[0].match.source) == four("10.0.0.0", "10.255.255.255")
    assert ingress.rules[0].match.destination is ANY_ADDRESS
    assert egress.rules[0].match.source is ANY_ADDRESS
    assert values(egress.rules[0].match.destination) == four("10.0.0.0", "10.255.255.255")


def test_every_range_is_a_rule_of_its_own() -> None:
    item = {
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "IpRanges": [{"CidrIp": "10.0.0.1/32", "Description": "bastion"}, {"CidrIp": "10.0.0.9/24"}],
        "Ipv6Ranges": [{"CidrIpv6": "::1/128"}],
        "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "1"}],
        "PrefixListIds": [{"PrefixListId": "pl-1"}],
    }
    device = read(group(item))
    rules = policy(device, "web (sg-1) ingress").rules
    assert [rule.index for rule in rules] == [0, 1, 2, 3, 4]
    assert rules[0].description == "bastion"
    assert values(rules[1].match.source) == four("10.0.0.0", "10.0.0.255")
    assert values(rules[2].match.source) == six(1, 1)
    keys = [[one.key for one in rule.match.all_conditions()] for rule in rules]
    assert keys == [[], [], [], ["source prefix-list:pl-1"], ["source security-group:sg-2"]]
    assert values(rules[4].match.source) == ADDRESS_ALL
    assert [(use.kind, use.name, use.rule) for use in device.uses] == [("prefix-list", "pl-1", 3)]


def test_prefix_lists_with_entries_are_resolved() -> None:
    item = permission("tcp", 22, PrefixListIds=[{"PrefixListId": "pl-1"}])
    device = read({**group(item), "PrefixLists": [{"PrefixListId": "pl-1", "Cidrs": ["10.0.0.0/24", "::/64"]}]})
    rule = policy(device, "web (sg-1) ingress").rules[0]
    assert rule.match.all_conditions() == ()
    assert values(rule.match.source) == four("10.0.0.0", "10.0.0.255") | six(0, (1 << 64) - 1)
    assert device.objects[0].content is rule.match.source


@pytest.mark.parametrize(
    ("item", "protocol", "ports", "icmp"),
    [
        (permission("tcp", 80, 90), 6, (80, 90), None),
        (permission("17", 53), 17, (53, 53), None),
        (permission("icmp", 8, -1), 1, None, (2048, 2303)),
        (permission("icmp", 3, 4), 1, None, (772, 772)),
        (permission("icmpv6", -1, -1), 58, None, None),
        (permission("50"), 50, None, None),
        (permission("50", 1, 2), 50, None, None),
    ],
)
def test_services(item: Json, protocol: int, ports: tuple[int, int] | None, icmp: tuple[int, int] | None) -> None:
    found = one(item).match.services
    assert found is not None
    (service,) = found.elements
    assert service.protocol == IntervalSet.points((protocol,))
    assert service.destination_ports == (IntervalSet((ports,)) if ports else None)
    assert service.icmp == (IntervalSet((icmp,)) if icmp else None)
    assert service.source_ports is None


def test_minus_one_is_every_protocol() -> None:
    assert one(permission("-1")).match.services is None


@pytest.mark.parametrize(
    "item",
    [
        permission("tcp", 90, 80),
        permission("tcp", 1, 70000),
        permission("bogus", 1),
        permission("icmp", 300, 0),
        permission("tcp", 1, IpRanges=[{"CidrIp": "10.0.0.0/40"}]),
        permission("tcp", 1, IpRanges=[{"CidrIp": "10.0.0.0/8"}], Novelty=1),
    ],
)
def test_what_is_not_understood_makes_the_rule_inexact(item: Json) -> None:
    device = read(group(item))
    rule = policy(device, "web (sg-1) ingress").rules[0]
    assert rule.match.all_conditions()
    assert any(found.affects_verdicts for found in device.diagnostics)


def test_rules_one_by_one() -> None:
    flat = {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-9", "IsEgress": True, "IpProtocol": "tcp", "FromPort": 443}
    other = {**flat, "SecurityGroupRuleId": "sgr-2", "ReferencedGroupInfo": {"GroupId": "sg-3"}}
    device = read(
        {"SecurityGroupRules": [{**flat, "ToPort": 443, "CidrIpv4": "10.1.0.0/16"}, {**other, "ToPort": 443}]}
    )
    rules = policy(device, "sg-9 egress").rules
    assert [rule.name for rule in rules] == ["sgr-1", "sgr-2"]
    assert values(rules[0].match.destination) == four("10.1.0.0", "10.1.255.255")
    assert [one.key for one in rules[1].match.all_conditions()] == ["destination security-group:sg-3"]


def test_interfaces_show_where_groups_are_used() -> None:
    used = {"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": "sg-1"}]}]}
    device = read({**group(permission("tcp", 1)), **used})
    assert device.policies[0].applied_to == ("eni-1",)
    assert device.policies[0].applied is True
    other = {"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "Groups": []}]}
    assert read({**group(permission("tcp", 1)), **other}).policies[0].applied is False


def test_entries_are_evaluated_by_number() -> None:
    device = read(acl(entry(200, "deny"), entry(100), entry(100, Egress=True), entry(32767, "deny")))
    ingress, egress = device.policies
    assert [(rule.name, rule.outcome) for rule in ingress.rules] == [("rule 100", PERMIT), ("rule 200", DENY)]
    assert [rule.name for rule in ingress.implicit] == ["rule *"]
    assert len(egress.rules) == 1
    assert egress.rules[0].match.source is ANY_ADDRESS
    assert ingress.ordered
    assert ingress.default == DENY


def test_entries_with_ports_types_and_ipv6() -> None:
    device = read(
        acl(
            entry(1, Protocol="6", PortRange={"From": 80, "To": 81}),
            entry(2, Protocol="1", IcmpTypeCode={"Type": 8, "Code": -1}),
            {**entry(3, Protocol="58"), "CidrBlock": None, "Ipv6CidrBlock": "::/0"},
        )
    )
    one_, two, three = policy(device, "acl-1 ingress").rules
    assert one_.match.services is not None
    assert one_.match.services.elements[0].destination_ports == IntervalSet(((80, 81),))
    assert two.match.services is not None
    assert two.match.services.elements[0].icmp == IntervalSet(((2048, 2303),))
    assert values(three.match.source) == six(0, (1 << 128) - 1)


def test_associations_show_where_an_acl_is_used() -> None:
    assert read(acl(entry(1))).policies[0].applied is None
    assert read(acl(entry(1), Associations=[])).policies[0].applied is False
    found = read(acl(entry(1), Associations=[{"SubnetId": "subnet-1"}])).policies[0]
    assert (found.applied, found.applied_to) == (True, ("subnet-1",))


def test_bad_entries() -> None:
    device = read(acl(entry(1, "maybe"), entry(1), entry(3, Protocol="6", PortRange={"From": 9, "To": 1})))
    assert codes(device) == ["RC602", "RC606", "RC606"]
    assert device.policies[0].rules[0].outcome.verb is Verb.OTHER


def test_wrapped_and_repeated_answers() -> None:
    inner = group(permission("tcp", 443))
    assert len(read({"status_code": 200, "data": inner}).policies) == 2
    assert len(read({"one": inner, "two": inner}).policies) == 2
    assert read({"SecurityGroups": []}).policies == ()
    assert read(inner["SecurityGroups"]).policies[0].rules


def test_other_json_is_reported() -> None:
    assert codes(read({"Vpcs": [{"VpcId": "vpc-1"}]})) == ["RC601"]


def test_the_fixture_is_recognised() -> None:
    from parsers.cloud.aws import PARSER

    assert PARSER.score(config((FIXTURES / "shop-vpc.json").read_text(encoding="utf-8"))) == 95
    assert PARSER.score(config('{"NetworkAcls": []}')) == 60
    assert PARSER.score(config('{"securityRules": []}')) == 0
