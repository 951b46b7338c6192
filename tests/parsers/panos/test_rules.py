"""Zones, users and other tests of a rule, and what it does."""

from __future__ import annotations

from datetime import datetime

import pytest

from rulecheck.model.names import encode_name
from rulecheck.model.rule import Verb
from tests.parsers.panos.reading import codes, commands, device, match, policy, read, rule, takes

ZONES = "set zone a network layer3 ethernet1/1\nset zone b network layer3 ethernet1/2\nset zone c network tap x\n"


def pairs(truths: dict[str, bool] | None = None, **clauses: str) -> set[str]:
    """Return which pairs of zones a rule matches; ``x`` and ``y`` are zones that nothing names."""
    found = match(ZONES, **clauses)
    zones = "abcxy"
    return {one + two for one in zones for two in zones if takes(found, truths, source_zone=one, destination_zone=two)}


SAME = {"same-zone": True}
OTHER = {"same-zone": False}


def test_a_universal_rule_matches_every_pair_of_its_zones() -> None:
    assert pairs(from_="[ a b ]", to="[ b c ]") == {"ab", "ac", "bb", "bc"}
    assert len(pairs()) == 25
    assert pairs(from_="[ a b ]", to="[ b c ]", rule_type="universal") == {"ab", "ac", "bb", "bc"}


def test_an_intrazone_rule_matches_a_zone_with_itself() -> None:
    assert pairs(from_="[ a b ]", to="", rule_type="intrazone") == {"aa", "bb"}
    assert pairs(from_="a", to="a", rule_type="intrazone") == {"aa"}
    assert pairs(OTHER, rule_type="intrazone") == {"aa", "bb", "cc"}
    assert pairs(SAME, rule_type="intrazone") == {"aa", "bb", "cc", "xx", "xy", "yx", "yy"}


def test_an_interzone_rule_matches_different_zones() -> None:
    assert pairs(from_="[ a b ]", to="[ b c ]", rule_type="interzone") == {"ab", "ac", "bc"}
    assert pairs(from_="a", to="any", rule_type="interzone") == {"ab", "ac", "ax", "ay"}
    assert pairs(from_="any", to="a", rule_type="interzone") == {"ba", "ca", "xa", "ya"}
    every = {one + two for one in "abcxy" for two in "abcxy" if one != two} - {"xy", "yx"}
    assert pairs(SAME, rule_type="interzone") == every
    assert pairs(OTHER, rule_type="interzone") == every | {"xx", "xy", "yx", "yy"}


def test_an_intrazone_rule_with_other_destination_zones_is_inexact() -> None:
    found = device(ZONES, from_="a", to="b", rule_type="intrazone")
    assert codes(found) == [("RC602", 1)]
    assert not policy(found).rules[0].match.must()


def test_users_are_tests_by_name_of_somebody_who_is_known() -> None:
    found = match(source_user='[ "corp\\admins" unknown ]')
    key = {"user:corp\\admins": True}
    assert takes(found, key, user="corp\\someone")
    assert not takes(found, {"user:corp\\admins": False}, user="corp\\someone")
    assert takes(found, {"user:corp\\admins": False}, user="unknown")
    assert not takes(found, key, user="pre-logon")
    known = match(source_user="known-user")
    assert takes(known, user="corp\\someone")
    assert not takes(known, user="unknown")


def test_url_categories_need_a_url() -> None:
    found = match(category="[ malware custom ]")
    truths = {"url-category:malware": False, "url-category:custom": True}
    assert takes(found, truths, url_category="something")
    assert not takes(found, truths, url_category="none")
    assert not takes(found, dict.fromkeys(truths, False), url_category="something")


@pytest.mark.parametrize(
    ("clauses", "keys"),
    [
        ({"hip_profiles": "[ laptops phones ]"}, ["hip:laptops", "hip:phones"]),
        ({"source_hip": "laptops"}, ["hip:laptops"]),
        ({"destination_hip": "laptops"}, ["destination hip:laptops"]),
        ({"hip_profiles": "any"}, []),
        ({"source_imsi": "group1"}, ["source-imsi:group1"]),
    ],
)
def test_host_profiles_and_the_like_are_tests_by_name(clauses: dict[str, str], keys: list[str]) -> None:
    found = device(**clauses)
    assert [one.key for one in policy(found).rules[0].match.all_conditions()] == keys
    assert not found.diagnostics


def test_targets_are_tests_by_firewall() -> None:
    only = match("set rulebase security rules r target devices 0001 vsys vsys2\n")
    assert [(one.key, one.holds) for one in only.conditions] == [("firewall:0001/vsys2", True)]
    text = (
        "set rulebase security rules r target devices [ 0001 0002 ]\nset rulebase security rules r target negate yes\n"
    )
    but = match(text)
    assert [(one.key, one.holds) for one in but.conditions] == [("firewall:0001", False), ("firewall:0002", False)]
    assert not match("set rulebase security rules r target negate no\n").all_conditions()


SCHEDULES = """set schedule work schedule-type recurring weekly monday [ 08:00-12:00 13:00-17:00 ]
set schedule nights schedule-type recurring daily 22:00-23:59
set schedule project schedule-type non-recurring [ 2024/01/01@00:00-2024/02/01@08:30 2023/01/01@00:00-2023/01/02@00:00 ]
"""


@pytest.mark.parametrize(
    ("name", "text", "ends"),
    [
        ("work", "weekly monday 08:00-12:00, 13:00-17:00", None),
        ("nights", "daily 22:00-23:59", None),
        ("project", "once 2024/01/01@00:00-2024/02/01@08:30, 2023/01/01@00:00-2023/01/02@00:00", (2024, 2, 1, 8, 30)),
    ],
)
def test_schedules(name: str, text: str, ends: tuple[int, int, int, int, int] | None) -> None:
    found = rule(SCHEDULES, schedule=name)
    assert found.schedule is not None
    assert (found.schedule.name, found.schedule.text) == (name, text)
    assert found.schedule.ends == (datetime(*ends) if ends else None)  # noqa: DTZ001
    assert [one.key for one in found.match.conditions] == [f"time-range:vsys1/{name}"]


def test_a_schedule_that_is_not_defined_is_reported() -> None:
    found = device(schedule="gone")
    assert codes(found) == [("RC603", 8)]
    assert policy(found).rules[0].schedule is not None


@pytest.mark.parametrize(
    ("clauses", "verb", "details"),
    [
        ({"action": "allow"}, Verb.PERMIT, ()),
        ({"action": "deny"}, Verb.DENY, ()),
        ({"action": "drop"}, Verb.DENY, ("drop",)),
        ({"action": "drop", "icmp_unreachable": "yes"}, Verb.REJECT, ("icmp-unreachable",)),
        ({"action": "reset-client"}, Verb.REJECT, ("reset-client",)),
        ({"action": "reset-server"}, Verb.REJECT, ("reset-server",)),
        ({"action": "reset-both"}, Verb.REJECT, ("reset-both",)),
        ({"profile_setting": "group strict"}, Verb.PERMIT, ("profile group strict",)),
        ({"profile_setting": "profiles virus default"}, Verb.PERMIT, ("virus profile default",)),
        ({"action": "deny", "profile_setting": "group strict"}, Verb.DENY, ()),
        ({"option": "disable-server-response-inspection yes"}, Verb.PERMIT, ("disable-server-response-inspection",)),
        ({"option": "disable-server-response-inspection no"}, Verb.PERMIT, ()),
        ({"qos": "marking ip-dscp af11"}, Verb.PERMIT, ("marking ip-dscp af11",)),
    ],
)
def test_actions(clauses: dict[str, str], verb: Verb, details: tuple[str, ...]) -> None:
    found = device(**clauses)
    assert (policy(found).rules[0].outcome.verb, policy(found).rules[0].outcome.details) == (verb, details)
    assert not found.diagnostics


def test_an_action_that_is_not_known_is_reported() -> None:
    found = device(action="teleport")
    assert codes(found) == [("RC602", 7)]
    assert policy(found).rules[0].outcome.verb is Verb.OTHER


@pytest.mark.parametrize(
    ("clauses", "text"),
    [
        ({}, "log at session end"),
        ({"log_end": "no"}, None),
        ({"log_end": "no", "log_start": "yes"}, "log at session start"),
        ({"log_start": "yes", "log_setting": "siem"}, "log at session start, at session end, forward with siem"),
    ],
)
def test_logging(clauses: dict[str, str], text: str | None) -> None:
    logging = rule(**clauses).logging
    assert (logging.text if logging else None) == text


def test_what_else_a_rule_says() -> None:
    found = rule(description='"for the web, ticket 7"', disabled="yes", tag="[ web prod ]", group_tag="web")
    assert found.name == "r"
    assert found.description == "for the web, ticket 7"
    assert (found.enabled, found.disabled_because) == (False, "disabled")
    assert found.origin.line == 1
    text = "r: from any to any source any destination any application any service any disabled yes action allow"
    assert found.origin.text == text


def test_a_clause_that_is_not_known_makes_the_rule_inexact() -> None:
    found = device(flavour="sour")
    assert codes(found) == [("RC601", 8), ("RC602", 8)]
    assert found.source.lines.unknown == 1
    assert not policy(found).rules[0].match.must()
    twice = read(commands("a", {"flavour": "sour"}) + commands("b", {"flavour": "sour"}))
    keys = {one.match.conditions[0].key for one in policy(twice).rules}
    assert len(keys) == 2


def test_a_rule_that_is_cut_off_is_inexact() -> None:
    found = device(source="", service="")
    assert [(one.code, one.line) for one in found.diagnostics] == [("RC602", 1)]
    assert found.diagnostics[0].message == "the rule says nothing about source, service; it may be cut off"
    assert not policy(found).rules[0].match.must()


def test_default_rules_allow_within_a_zone_and_deny_between_zones() -> None:
    found = policy(device())
    (intrazone,) = found.implicit
    assert (intrazone.name, intrazone.outcome.verb, intrazone.logging) == ("intrazone-default", Verb.PERMIT, None)
    assert takes(intrazone.match, SAME, source_zone="x", destination_zone="x")
    assert not takes(intrazone.match, OTHER, source_zone="x", destination_zone="y")
    assert found.default.verb is Verb.DENY
    assert found.default.details == ()


def test_default_rules_can_be_overridden() -> None:
    more = """set rulebase default-security-rules rules intrazone-default action drop
set rulebase default-security-rules rules intrazone-default log-end yes
set rulebase default-security-rules rules interzone-default action allow
set rulebase default-security-rules rules interzone-default profile-setting group strict
"""
    found = policy(device(more))
    (intrazone,) = found.implicit
    assert intrazone.outcome.label == "deny drop"
    assert intrazone.logging is not None
    assert found.default.label == "permit profile group strict"


def test_zone_names_are_told_apart() -> None:
    found = match(from_="a")
    assert [one.text for one in found.constraints] == ["a"]
    assert encode_name("a") in found.constraints[0].values
