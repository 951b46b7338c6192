"""Firewall filters: actions, where filters are used, lists, nested filters, prefix lists."""

from __future__ import annotations

import pytest

from rulecheck.model.device import Device
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Verb
from tests.parsers.juniper.reading import codes, policy, read, sets, term

FILTER = "firewall family inet filter"
UNIT = "interfaces ge-0/0/0 unit 0 family inet filter"


def two(*more: str) -> Device:
    return sets(f"{FILTER} F term a then accept", f"{FILTER} G term b then discard", *more)


@pytest.mark.parametrize(
    ("actions", "outcome"),
    [
        ([], PERMIT),
        (["then accept"], PERMIT),
        (["then count c"], PERMIT),
        (["then discard"], DENY),
        (["then discard accounting c"], DENY),
        (["then reject"], Outcome(Verb.REJECT)),
        (["then reject tcp-reset"], Outcome(Verb.REJECT, ("tcp-reset",))),
        (["then next term"], Outcome(Verb.CONTINUE, ("next term",))),
        (["then next term", "then forwarding-class ef"], Outcome(Verb.CONTINUE, ("forwarding-class ef",))),
        (["then loss-priority high", "then accept"], Outcome(Verb.PERMIT, ("loss-priority high",))),
        (["then routing-instance R"], Outcome(Verb.PERMIT, ("routing-instance R",))),
        (["then policer P", "then accept"], Outcome(Verb.PERMIT, ("policer P",))),
        (["then decapsulate gre"], Outcome(Verb.OTHER, ("decapsulate gre",))),
    ],
)
def test_actions(actions: list[str], outcome: Outcome) -> None:
    rule = term("from protocol tcp", *actions)
    assert rule.outcome == outcome
    assert rule.match.conditions == ()


def test_a_policer_before_the_next_term_drops_what_exceeds_it() -> None:
    rule = term("then policer P", "then next term", more=("firewall policer P then discard",))
    assert rule.outcome == DENY
    (condition,) = rule.match.conditions
    assert (condition.fresh, condition.holds) == (False, True)
    marking = term("then policer P", "then next term", more=("firewall policer P then loss-priority high",))
    assert marking.outcome == Outcome(Verb.CONTINUE, ("policer P",))


def test_logging_is_not_an_outcome() -> None:
    rule = term("then syslog", "then log", "then accept")
    assert rule.outcome == PERMIT
    assert rule.logging is not None
    assert rule.logging.text == "syslog log"


@pytest.mark.parametrize("action", ["then no-such-action", "then next no-such-thing"])
def test_unknown_actions_make_the_rule_inexact(action: str) -> None:
    rule = term(action, "then accept")
    assert rule.match.must() == ()


def test_every_filter_ends_in_a_discard() -> None:
    device = two()
    assert [(one.name, one.default, one.entry, one.applied, one.kind) for one in device.policies] == [
        ("F", DENY, True, None, "filter inet"),
        ("G", DENY, True, None, "filter inet"),
    ]


def test_filters_of_the_families() -> None:
    device = sets(
        "firewall filter A term t then accept",
        "firewall family inet6 filter A term t then accept",
        "firewall family any filter B term t then accept",
    )
    assert {(one.name, one.families) for one in device.policies} == {("A", (4,)), ("inet6 A", (6,)), ("any B", (4, 6))}


def test_filters_of_other_families_are_left_out_with_a_note() -> None:
    device = sets(
        "firewall family ethernet-switching filter E term t then discard",
        "firewall family inet service-filter S term t then skip",
    )
    assert device.policies == ()
    assert [(one.code, one.line, one.affects_verdicts) for one in device.diagnostics] == [
        ("RC602", 1, False),
        ("RC602", 2, False),
    ]


def test_where_filters_are_applied() -> None:
    device = two(f"{UNIT} input F", "interfaces lo0 unit 0 family inet filter output F")
    assert policy(device, "F").applied_to == ("ge-0/0/0.0 input", "lo0.0 output")
    assert (policy(device, "F").applied, policy(device, "G").applied) == (True, False)


def test_a_filter_that_is_not_defined() -> None:
    device = two(f"{UNIT} input MISSING")
    assert codes(device) == [("RC603", 3)]


def test_filter_lists() -> None:
    device = two(
        f"{UNIT} input-list F", f"{UNIT} input-list G", "interfaces ge-0/0/1 unit 0 family inet filter input F"
    )
    one, other, listed = device.policies
    assert (one.entry, one.default, one.applied) == (True, DENY, True)
    assert (other.entry, other.default, other.applied) == (False, RETURN, True)
    assert (listed.kind, listed.default, listed.applied_to) == ("filter list", DENY, ("ge-0/0/0.0 input",))
    assert [(rule.outcome.verb, rule.calls) for rule in listed.implicit] == [(Verb.CALL, "F"), (Verb.CALL, "G")]


def test_equal_lists_are_one_policy() -> None:
    lists = [
        f"interfaces ge-0/0/{number} unit 0 family inet filter input-list {name}" for number in (0, 1) for name in "FG"
    ]
    listed = two(*lists).policies[-1]
    assert listed.applied_to == ("ge-0/0/0.0 input", "ge-0/0/1.0 input")


def test_nested_filters() -> None:
    device = two(f"{FILTER} H term n filter F", f"{FILTER} H term rest then accept", f"{UNIT} input H")
    first, _ = policy(device, "H").rules
    assert (first.outcome, first.calls) == (Outcome(Verb.CALL, ("F",)), "F")
    assert (policy(device, "F").entry, policy(device, "F").default) == (False, RETURN)
    undefined = sets(f"{FILTER} H term n filter MISSING")
    assert codes(undefined) == [("RC603", 1)]


def test_prefix_lists() -> None:
    more = ("policy-options prefix-list P 10.0.0.0/8", "policy-options prefix-list P 2001:db8::/32")
    four = term("from source-prefix-list P", more=more)
    six = term("from source-prefix-list P", family="inet6", more=more)
    assert [(one.text, one.origin.path, one.origin.line) for one in four.match.source.elements] == [
        ("10.0.0.0/8", ("P",), 2)
    ]
    assert [one.text for one in six.match.source.elements] == ["2001:db8::/32"]


def test_an_empty_prefix_list_accepts_nothing() -> None:
    rule = term("from source-prefix-list P", more=("policy-options prefix-list P",))
    assert rule.match.may() == ()


def test_an_undefined_prefix_list_makes_the_rule_inexact() -> None:
    device = sets(f"{FILTER} F term T from source-prefix-list P", f"{FILTER} F term T then accept")
    assert codes(device) == [("RC603", 1)]
    assert device.policies[0].rules[0].match.must() == ()


def test_apply_path_gathers_addresses() -> None:
    more = (
        'policy-options prefix-list PEERS apply-path "protocols bgp group <*> neighbor <10.*>"',
        "protocols bgp group A neighbor 10.0.0.1",
        "protocols bgp group A type external",
        "protocols bgp group B neighbor 10.0.0.2 description x",
        "protocols bgp group B neighbor 192.0.2.1",
        'policy-options prefix-list NETS apply-path "interfaces <*> unit <*> family inet address <*>"',
        "interfaces ge-0/0/0 unit 0 family inet address 10.9.0.1/24",
    )
    peers = term("from source-prefix-list PEERS", more=more).match.source.elements
    nets = term("from source-prefix-list NETS", more=more).match.source.elements
    assert [(one.text, one.origin.line) for one in peers] == [("10.0.0.1", 3), ("10.0.0.2", 5)]
    assert [list(one.values) for one in nets] == [[(0x0A090000, 0x0A0900FF)]]


def test_uses_of_prefix_lists() -> None:
    more = (
        "policy-options prefix-list P 10.0.0.0/8",
        "policy-options policy-statement S term t from prefix-list P",
        "snmp client-list-name P",
    )
    device = sets(*more, f"{FILTER} F term T from source-prefix-list P", f"{FILTER} F term T then policer X")
    assert {(one.policy, one.rule, one.kind, one.name) for one in device.uses} == {
        ("a routing policy", None, "prefix-list", "P"),
        ("snmp", None, "prefix-list", "P"),
        ("F", 0, "prefix-list", "P"),
        ("F", 0, "policer", "X"),
    }


def test_routing_policies_are_no_filters() -> None:
    device = sets(
        "policy-options policy-statement S term t from protocol bgp",
        "policy-options policy-statement S term t then accept",
    )
    assert device.policies == ()
    assert device.source.lines.unknown == 0


def test_conditions_outside_a_term_are_reported() -> None:
    device = sets(f"{FILTER} F from protocol tcp", f"{FILTER} F term t then accept")
    assert codes(device) == [("RC606", 1)]


def test_comments_describe_terms() -> None:
    lines = [
        "firewall {",
        "filter F {",
        "/* web,",
        " ** as agreed",
        " */",
        "term t {",
        "then accept; /* not this */",
        "}",
    ]
    device = read(
        "\n".join([*lines, "/* mail */ term u {", "then accept;", "}", "term v {", "then accept;", "}", "}", "}"])
    )
    assert [one.description for one in device.policies[0].rules] == ["web, as agreed", "mail", ""]


def test_the_name_of_a_term_may_be_a_keyword_or_have_spaces() -> None:
    device = sets(
        f"{FILTER} F term from from protocol tcp",
        f"{FILTER} F term then then discard",
        f'{FILTER} F term "two words" then accept',
    )
    assert [one.name for one in device.policies[0].rules] == ["from", "then", "two words"]
    assert device.policies[0].rules[1].outcome == DENY


def test_a_filter_may_have_the_name_of_the_global_policies() -> None:
    start = "security policies global policy P"
    match = [f"{start} match {word} any" for word in ("source-address", "destination-address", "application")]
    device = sets(*match, f"{start} then permit", f"{FILTER} global term t then discard")
    assert len({(one.scope, one.name) for one in device.policies}) == 3


def test_lists_of_filters_for_any_family_know_their_family() -> None:
    place = "interfaces ge-0/0/0 unit 0 family"
    device = sets(
        "firewall family any filter F term t then accept",
        f"{place} inet filter input-list F",
        f"{place} inet6 filter input-list F",
    )
    assert [(one.name, one.families) for one in device.policies[1:]] == [
        ("list any F (inet)", (4,)),
        ("list any F (inet6)", (6,)),
    ]


def test_profiles_may_apply_filters_that_nothing_else_does() -> None:
    assert policy(two(f"{UNIT} input F", "dynamic-profiles P variables x"), "G").applied is None
