"""Firewall rules and policies: what each part of an export means."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.cloud.gcp import PARSER
from rulecheck.model.fields import IPV4_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS
from rulecheck.model.rule import DENY, PERMIT, RETURN, Rule, Verb
from tests.parsers.gcp.reading import FIXTURES, codes, config, four, policy, read, six, values

Json = dict[str, Any]


def rule(name: str = "r", /, **more: object) -> Json:
    base: Json = {"name": name, "network": "global/networks/net", "direction": "INGRESS", "priority": 1000}
    action = {} if "denied" in more else {"allowed": [{"IPProtocol": "tcp", "ports": ["443"]}]}
    return {**base, **action, **more}


def one(**more: object) -> Rule:
    (found,) = policy(read([rule(**more)]), "net ingress").rules
    return found


def test_priority_first_and_then_deny() -> None:
    everything = [{"IPProtocol": "all"}]
    device = read([rule("a"), rule("b", denied=everything), rule("c", priority=5), rule("d", priority=65535)])
    assert [(found.name, found.outcome) for found in policy(device, "net ingress").rules] == [
        ("c", PERMIT),
        ("b", DENY),
        ("a", PERMIT),
        ("d", PERMIT),
    ]


def test_implied_rules() -> None:
    device = read([rule(), rule("out", direction="EGRESS")])
    assert policy(device, "net ingress").default == DENY
    assert policy(device, "net egress").default == PERMIT


def test_networks_are_apart() -> None:
    names = [found.name for found in read([rule(), rule(network="projects/p/global/networks/other")]).policies]
    assert names == ["net ingress", "other ingress"]


def test_sources() -> None:
    assert values(one().match.source) == IPV4_ALL
    assert values(one(sourceRanges=["10.0.0.0/24", "10.0.1.1"]).match.source) == four("10.0.0.0", "10.0.0.255") | four(
        "10.0.1.1"
    )
    assert values(one(sourceRanges=["::"]).match.source) == six(0, 0)
    found = one(sourceRanges=["10.0.0.1"], sourceTags=["web"], sourceServiceAccounts=["a@b.iam"])
    assert [test.key for test in found.match.all_conditions()] == ["source tag:web", "source service-account:a@b.iam"]
    assert four("10.0.0.1") <= found.match.must((4,))[0].sets[next(iter(found.match.must((4,))[0].sets))]


def test_destinations() -> None:
    assert one().match.destination is ANY_ADDRESS
    assert values(one(destinationRanges=["10.0.0.1"]).match.destination) == four("10.0.0.1")
    device = read([rule(direction="EGRESS"), rule("x", direction="EGRESS", destinationRanges=["10.0.0.9"])])
    first, second = policy(device, "net egress").rules
    assert values(first.match.destination) == IPV4_ALL
    assert values(second.match.destination) == four("10.0.0.9")
    assert first.match.source is ANY_ADDRESS


def test_targets_are_a_choice() -> None:
    (choice,) = one(targetTags=["web", "db"]).match.choices
    assert [test.conditions[0].key for test in choice] == ["target-tag:web", "target-tag:db"]
    assert choice[0].conditions[0].independent
    device = read([rule(targetTags=["web"]), rule("x", destinationRanges=["10.0.0.1"])])
    assert not policy(device, "net ingress").rules[0].match.all_conditions()[0].independent


@pytest.mark.parametrize(
    ("entry", "protocol", "wanted"),
    [
        ({"IPProtocol": "tcp", "ports": ["22", "80-90"]}, 6, ((22, 22), (80, 90))),
        ({"IPProtocol": "UDP", "ports": [53]}, 17, ((53, 53),)),
        ({"IPProtocol": "icmp"}, 1, None),
        ({"IPProtocol": 2}, 2, None),
        ({"IPProtocol": "58"}, 58, None),
        ({"IPProtocol": "sctp", "ports": ["1"]}, 132, ((1, 1),)),
        ({"IPProtocol": "6", "ports": ["1"]}, 6, ((1, 1),)),
    ],
)
def test_services(entry: Json, protocol: int, wanted: tuple[tuple[int, int], ...] | None) -> None:
    found = one(allowed=[entry]).match.services
    assert found is not None
    (service,) = found.elements
    assert service.protocol == IntervalSet.points((protocol,))
    assert service.destination_ports == (IntervalSet(wanted) if wanted else None)
    assert service.condition is None


def test_all_protocols() -> None:
    assert one(allowed=[{"IPProtocol": "all"}]).match.services is None


def test_a_port_in_the_place_of_a_protocol_is_pointed_out() -> None:
    device = read([rule(allowed=[{"IPProtocol": "80"}])])
    found = device.policies[0].rules[0].match.services
    assert found is not None
    assert found.elements[0].protocol == IntervalSet.points((80,))
    assert [(one.code, one.affects_verdicts) for one in device.diagnostics] == [("RC606", False)]


@pytest.mark.parametrize(
    "more",
    [
        {"allowed": [{"IPProtocol": "tcp", "ports": ["90-80"]}]},
        {"allowed": [{"IPProtocol": "8080"}]},
        {"allowed": [{"IPProtocol": "bogus"}]},
        {"allowed": [{"IPProtocol": "icmp", "ports": ["1"]}]},
        {"allowed": []},
        {"sourceRanges": ["10.0.0.0/99"]},
        {"novelty": 1},
        {"denied": [{"IPProtocol": "all"}], "allowed": [{"IPProtocol": "all"}]},
    ],
)
def test_what_is_not_understood_makes_the_rule_inexact(more: Json) -> None:
    device = read([rule(**more)])
    assert device.policies[0].rules[0].match.all_conditions()
    assert any(found.affects_verdicts for found in device.diagnostics)


def test_facts() -> None:
    found = one(disabled=True, logConfig={"enable": True}, description="web")
    assert (found.enabled, found.disabled_because, found.description) == (False, "disabled", "web")
    assert found.logging is not None
    assert one(logConfig={"enable": False}).logging is None


def policy_rule(priority: int, action: str, **more: object) -> Json:
    match = {"srcIpRanges": ["10.0.0.0/8"], "layer4Configs": [{"ipProtocol": "tcp", "ports": ["22"]}]}
    return {"priority": priority, "action": action, "direction": "INGRESS", "match": match, **more}


def test_policies_around_a_network_are_followed_in_order() -> None:
    hierarchy = {"name": "org", "type": "HIERARCHY", "rules": [policy_rule(2, "goto_next"), policy_rule(1, "deny")]}
    network = {"name": "np", "type": "NETWORK", "rules": [policy_rule(1, "allow")]}
    device = read({"firewalls": [rule()], "firewallPolicys": [network, hierarchy]})
    effective = policy(device, "net effective ingress")
    called = [found.calls for found in effective.implicit]
    assert called == ["policy org ingress", "net ingress", "policy np ingress"]
    assert effective.default == DENY
    org = policy(device, "policy org ingress")
    assert [found.outcome for found in org.rules] == [DENY, RETURN]
    assert not org.entry
    assert not policy(device, "net ingress").entry
    assert policy(device, "net ingress").default == RETURN


def test_a_policy_alone_hands_on() -> None:
    found = read({"name": "org", "rules": [policy_rule(1, "apply_security_profile_group")]}).policies[0]
    assert found.default.verb is Verb.OTHER
    assert found.rules[0].outcome.verb is Verb.OTHER


def test_names_in_policies_are_conditions() -> None:
    match = {"srcRegionCodes": ["DE"], "destFqdns": ["a.example"], "layer4Configs": [{"ipProtocol": "all"}]}
    found = read({"rules": [{**policy_rule(1, "deny"), "match": match}]}).policies[0].rules[0]
    assert [test.key for test in found.match.all_conditions()] == ["source region:DE", "destination fqdn:a.example"]


def test_other_json_is_reported() -> None:
    assert codes(read({"hello": 1})) == ["RC601"]


def test_the_fixture_is_recognised() -> None:
    assert PARSER.score(config((FIXTURES / "shop-network.json").read_text(encoding="utf-8"))) == 95
    assert PARSER.score(config('{"SecurityGroups": []}')) == 0
