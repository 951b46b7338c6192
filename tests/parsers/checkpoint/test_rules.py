from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from rulecheck.model.device import ObjectUse
from rulecheck.model.match import Addresses
from rulecheck.model.rule import DENY, PERMIT, Hits, Logging, Outcome, Verb
from tests.parsers.checkpoint.reading import ANY, Json, codes, four, layer, one_rule, policy, read, rule, thing, values

WEB = thing("host", "WEB", ipv4_address="10.1.0.80")


@pytest.mark.parametrize(
    ("action", "outcome"),
    [
        ("Accept", PERMIT),
        ("6c488338-8eec-4103-ad21-cd461ac2c473", DENY),
        ("Reject", Outcome(Verb.REJECT)),
        ({"uid": "u", "name": "Drop", "type": "RulebaseAction"}, DENY),
        ({"uid": "u", "name": "Inform", "type": "RulebaseAction"}, Outcome(Verb.PERMIT, ("inform",))),
        ({"uid": "u", "name": "Ask", "type": "RulebaseAction"}, Outcome(Verb.OTHER, ("ask",))),
    ],
)
def test_actions(action: object, outcome: Outcome) -> None:
    assert one_rule(thing("RulebaseAction", "Reject"), action=action).outcome == outcome


def test_settings_of_an_action_are_part_of_the_outcome() -> None:
    limit = thing("limit", "Upload_1Gbps")
    settings = {"enable-identity-captive-portal": True, "limit": "uid-Upload_1Gbps"}
    found = one_rule(limit, action_settings=settings)
    assert found.outcome == Outcome(Verb.PERMIT, ("captive portal", "limit Upload_1Gbps"))


def test_an_unknown_action_is_reported() -> None:
    device = read(layer(rule(action="uid-x"), objects=[thing("RulebaseAction", "x")]))
    assert [one.code for one in device.diagnostics] == ["RC602"]
    assert policy(device).rules[0].outcome.verb is Verb.OTHER


@pytest.mark.parametrize(
    ("columns", "key", "holds"),
    [
        ({"vpn": ["uid-V"]}, "vpn:V", True),
        ({"vpn": [{"from": "uid-V", "to": ANY}]}, "vpn:V to Any", True),
        ({"content": ["uid-V"], "content-direction": "up"}, "content:up:V", True),
        ({"content": ["uid-V"], "content-negate": True}, "content:any:V", False),
        ({"time": ["uid-V"]}, "time-range:V", True),
        ({"install-on": ["uid-V"]}, "install-on:V", True),
        ({"magic": ["uid-V"]}, "unread:Network:0:magic", True),
    ],
)
def test_further_columns_are_conditions(columns: dict[str, Any], key: str, holds: bool) -> None:
    device = read(layer({**rule(), **columns}, objects=[thing("vpn-community-star", "V")]))
    (found,) = policy(device).rules[0].match.conditions
    assert (found.key, found.holds) == (key, holds)
    assert [one.code for one in device.diagnostics if one.affects_verdicts] == (["RC602"] if "magic" in columns else [])


def test_columns_that_say_any_or_nothing_are_no_condition() -> None:
    columns: dict[str, Any] = {
        "vpn": [ANY], "content": [ANY], "time": [ANY], "install-on": ["Policy Targets"], "content-direction": "any",
        "service-resource": "", "user-check": {"confirm": "per rule"}, "new": [ANY], "more": [], "off": False,
    }  # fmt: skip
    device = read(layer({**rule(), **columns}))
    assert policy(device).rules[0].match.conditions == ()
    assert codes(device) == []


def test_times() -> None:
    end = {"date": "31-Dec-2024", "time": "23:59", "iso-8601": "2024-12-31T23:59+0100", "posix": 1}
    hours = [{"enabled": True, "from": "08:00", "to": "18:00"}, {"enabled": False, "from": "00:00", "to": "00:00"}]
    project = thing("time", "PROJECT", start_now=True, end_never=False, end=end, hours_ranges=hours)
    found = one_rule(project, time=["uid-PROJECT"])
    assert found.schedule is not None
    assert (found.schedule.name, found.schedule.ends) == ("PROJECT", datetime.fromisoformat("2024-12-31T23:59"))
    assert found.schedule.text == "end 2024-12-31 23:59 08:00 to 18:00"
    plain = thing("time", "P2", end_never=False, end={"date": "01-Feb-2025", "time": "08:30"})
    group = thing("time-group", "G", members=["uid-PROJECT", "uid-P2"])
    both = one_rule(project, plain, group, time=["uid-G"]).schedule
    assert both is not None
    assert (both.name, both.ends) == ("PROJECT, P2", datetime.fromisoformat("2025-02-01T08:30"))
    never = one_rule(project, thing("time", "ALWAYS", end_never=True), time=["uid-PROJECT", "uid-ALWAYS"]).schedule
    assert never is not None
    assert never.ends is None


@pytest.mark.parametrize("end", [{"date": "45-Foo-2024"}, {"iso-8601": "2024-13-45T99:99"}, {}, 7, None])
def test_odd_ends_of_times_are_not_known(end: object) -> None:
    found = one_rule(thing("time", "T", end_never=False, end=end), time=["uid-T"]).schedule
    assert found is not None
    assert found.ends is None


def test_facts_about_a_rule() -> None:
    found = one_rule(
        name="Web",
        enabled=False,
        comments="Public site",
        custom_fields={"field-1": "CHG-7", "field-2": ""},
        track={"type": "Log", "accounting": True, "alert": "mail"},
        hits={
            "value": 7,
            "first-date": {"iso-8601": "2026-03-01T00:00Z"},
            "last-date": {"iso-8601": "2026-04-02T10:00Z"},
        },
    )
    assert (found.name, found.enabled, found.disabled_because) == ("Web", False, "disabled")
    assert found.description == "Public site; CHG-7"
    assert found.logging == Logging("Log, alert mail, accounting")
    assert found.hits == Hits(7, window="first hit 2026-03-01, last hit 2026-04-02")
    assert found.origin.text == 'rule 1 "Web": source Any; destination Any; service Any; action Accept'


@pytest.mark.parametrize(
    "track", [None, {"type": "None", "alert": "none"}, {"type": "29e53e3d-23bf-48fe-b6b1-d59bd88036f9"}]
)
def test_rules_without_a_log(track: Json | None) -> None:
    assert one_rule(track=track).logging is None


def test_a_rule_without_its_columns_is_inexact() -> None:
    bare = {"uid": "r", "type": "access-rule", "rule-number": 1, "action": "Accept"}
    device = read(layer(bare))
    assert [one.code for one in device.diagnostics] == ["RC602"] * 3
    assert not policy(device).rules[0].match.must()


def test_one_line_is_enough() -> None:
    two = layer({**rule(1), "magic": "x"}, {**rule(2), "magic": "x"}, objects=[WEB])
    device = read(two, indent=None)
    assert device.source.lines.total == 1
    keys = [one.match.conditions[0].key for one in policy(device).rules]
    assert len(set(keys)) == 2


def test_objects_and_their_uses() -> None:
    group = thing("group", "WEBS", members=["uid-WEB"])
    system = {
        **thing("service-tcp", "http", port="80"),
        "domain": {"name": "Check Point Data", "domain-type": "data domain"},
    }
    own = thing("service-tcp", "tcp_81", port="81")
    nat = {
        "rulebase": [{"type": "nat-rule", "rule-number": 3, "original-source": "uid-WEB", "translated-source": ANY}],
        "uid": "n",
    }
    rules = layer(rule(destination=["uid-WEBS"], service=["uid-http", "uid-tcp_81"]), objects=[WEB, group, system, own])
    device = read([rules, nat])
    assert [(one.name, one.kind, one.members) for one in device.objects] == [
        ("WEB", "host", ()),
        ("WEBS", "group", ("WEB",)),
        ("tcp_81", "service-tcp", ()),
    ]
    assert isinstance(device.objects[1].content, Addresses)
    assert device.objects[1].content is policy(device).rules[0].match.destination
    assert device.uses == (
        ObjectUse("Network", 0, "group", "WEBS"),
        ObjectUse("Network", 0, "service-tcp", "tcp_81"),
        ObjectUse("nat rule 3", None, "host", "WEB"),
    )
    assert codes(device) == []


def test_the_fullest_of_several_definitions_counts() -> None:
    short = {"uid": "uid-WEB", "name": "WEB", "type": "host"}
    device = read([layer(rule(source=[short]), objects=[]), {"objects": [WEB], "from": 1, "to": 1, "total": 1}])
    assert values(policy(device).rules[0].match) == four("10.1.0.80")


def test_secrets_are_not_kept() -> None:
    found = rule(name="password: hunter22x", comments="snmp community s3cretx7")
    device = read(layer(found, objects=[thing("host", "secret=abc123def", ipv4_address="10.0.0.1")]))
    assert "hunter22x" not in repr(device)
    assert "s3cretx7" not in repr(device)
    assert "abc123def" not in repr(device)
