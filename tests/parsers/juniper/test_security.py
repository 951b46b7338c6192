"""Security policies: order, zones, addresses, conditions, actions."""

from __future__ import annotations

from datetime import datetime

import pytest

from rulecheck.model.device import Device
from rulecheck.model.fields import ADDRESS_ALL, IPV4_ALL, IPV6_ALL, IPV6_BASE, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.names import name_set
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Verb
from tests.parsers.juniper.reading import codes, policy, read, sets, zone_policy

BOOK = "security address-book global"


def statements(place: str, name: str, action: str = "permit", *more: str) -> list[str]:
    start = f"security policies {place} policy {name}"
    match = [f"{start} match {word} any" for word in ("source-address", "destination-address", "application")]
    return [*match, f"{start} then {action}", *(f"{start} {one}" for one in more)]


def pair(*more: str, default: str = "") -> Device:
    return sets(
        *statements("from-zone a to-zone b", "P"),
        *more,
        *([f"security policies default-policy {default}"] if default else []),
    )


# --- order ------------------------------------------------------------------------------------------------


def test_zone_pairs_alone_are_plain_lists() -> None:
    (one,) = pair().policies
    assert (one.name, one.kind, one.default, one.entry, one.implicit) == ("a to b", "zone-pair", DENY, True, ())
    assert one.rules[0].match.constraints == ()


@pytest.mark.parametrize(("word", "outcome"), [("permit-all", PERMIT), ("deny-all", DENY)])
def test_default_policy(word: str, outcome: Outcome) -> None:
    assert pair(default=word).policies[0].default == outcome


def test_global_policies_come_behind_the_zone_pair() -> None:
    device = pair(*statements("global", "G", "deny"), default="permit-all")
    zone, shared, others = device.policies
    assert [one.name for one in device.policies] == ["a to b", "global", "other zone pairs"]
    assert [(one.entry, one.default) for one in device.policies] == [(True, PERMIT), (False, RETURN), (True, PERMIT)]
    assert {one.field: one.values for one in zone.rules[0].match.constraints} == {
        Field.SOURCE_ZONE: name_set("a"),
        Field.DESTINATION_ZONE: name_set("b"),
    }
    (passing,) = zone.implicit
    assert (passing.outcome.verb, passing.calls) == (Verb.GOTO, "global")
    assert passing.match.constraints == zone.rules[0].match.constraints
    assert [one.outcome.verb for one in others.implicit] == [Verb.RETURN, Verb.PERMIT, Verb.PERMIT, Verb.GOTO]
    assert shared.rules[0].match.constraints == ()
    assert others.kind == "dispatch"


def test_zones_of_global_policies() -> None:
    clauses = ["match from-zone a", "match from-zone c", "match to-zone any"]
    rule = zone_policy(*clauses, place="global")
    assert {one.field: one.values for one in rule.match.constraints} == {Field.SOURCE_ZONE: name_set("a", "c")}


def test_deactivated_global_policies_change_nothing() -> None:
    lines = statements("global", "G")
    device = sets(*statements("from-zone a to-zone b", "P"), *lines)
    assert len(device.policies) == 3
    text = "\n".join(f"set {one}" for one in (*statements("from-zone a to-zone b", "P"), *lines))
    device = read(f"{text}\ndeactivate security policies global")
    assert [(one.name, one.implicit, one.applied) for one in device.policies] == [
        ("a to b", (), None),
        ("global", (), False),
    ]
    assert not policy(device, "global").rules[0].enabled


def test_traffic_to_the_device_is_permitted_by_default_and_not_global() -> None:
    lines = [*statements("from-zone a to-zone junos-host", "P", "deny"), *statements("global", "G", "deny")]
    device = sets(*lines)
    host = policy(device, "a to junos-host")
    assert (host.default, host.implicit) == (PERMIT, ())
    named = sets(*lines, *statements("global", "H", "deny", "match to-zone junos-host"))
    assert [one.calls for one in policy(named, "a to junos-host").implicit] == ["global"]
    first, second = policy(named, "global").rules
    assert name_set("junos-host").intervals[0][0] not in first.match.constraints[1].values
    assert second.match.constraints[0].values == name_set("junos-host")


def test_zones_that_are_not_defined() -> None:
    device = pair("security zones security-zone a interfaces ge-0/0/0.0")
    assert codes(device) == [("RC603", 1)]
    assert device.policies[0].applied is False
    assert pair("security zones security-zone a", "security zones security-zone b").policies[0].applied is True
    assert pair().policies[0].applied is None


def test_a_zone_pair_with_any_is_in_doubt() -> None:
    device = sets(*statements("from-zone any to-zone b", "P"))
    assert device.policies[0].rules[0].match.must() == ()
    assert codes(device) == [("RC602", 1)]


# --- addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "values"),
    [
        ("10.1.2.0/24", [(0x0A010200, 0x0A0102FF)]),
        ("10.1.2.3", [(0x0A010203, 0x0A010203)]),
        ("10.1.2.3/24", [(0x0A010200, 0x0A0102FF)]),
        ("ip-prefix 10.1.2.0/24", [(0x0A010200, 0x0A0102FF)]),
        ("range-address 10.0.0.1 to 10.0.0.9", [(0x0A000001, 0x0A000009)]),
        ("wildcard-address 10.0.0.1/255.255.255.253", [(0x0A000001, 0x0A000001), (0x0A000003, 0x0A000003)]),
        ("2001:db8::/127", [(IPV6_BASE + (0x20010DB8 << 96), IPV6_BASE + (0x20010DB8 << 96) + 1)]),
    ],
)
def test_addresses(value: str, values: list[tuple[int, int]]) -> None:
    rule = zone_policy("match source-address x", more=(f"{BOOK} address x {value}",))
    (element,) = rule.match.source.elements
    assert list(element.values) == values
    assert element.condition is None


@pytest.mark.parametrize(
    "value",
    [
        "300.1.1.1/8",
        "10.0.0.0/33",
        "range-address 10.0.0.9 to 10.0.0.1",
        "range-address 10.0.0.9",
        "x",
        "2001:db8::/129",
    ],
)
def test_malformed_addresses_make_the_rule_inexact(value: str) -> None:
    device = sets(
        f"{BOOK} address x {value}",
        *(one.replace("source-address any", "source-address x") for one in statements("from-zone a to-zone b", "P")),
    )
    (rule,) = device.policies[0].rules
    assert [code for code, _ in codes(device)] == ["RC606"]
    assert rule.match.must() == ()
    assert rule.match.may()


def test_wildcards_with_many_gaps_are_conditions() -> None:
    rule = zone_policy("match source-address x", more=(f"{BOOK} address x wildcard-address 10.0.0.1/255.0.0.255",))
    (element,) = rule.match.source.elements
    assert element.values == IPV4_ALL
    assert element.condition is not None
    assert element.condition.key == "mask 10.0.0.1/255.0.0.255"


@pytest.mark.parametrize(("name", "values"), [("any", ADDRESS_ALL), ("any-ipv4", IPV4_ALL), ("any-ipv6", IPV6_ALL)])
def test_built_in_addresses(name: str, values: IntervalSet) -> None:
    (element,) = zone_policy(f"match destination-address {name}").match.destination.elements
    assert element.values == values


def test_names_of_the_dns_are_conditions_by_name() -> None:
    more = (f"{BOOK} address x dns-name www.example.com ipv4-only", f"{BOOK} address y dns-name www.example.com")
    rule = zone_policy("match source-address x", "match destination-address y", more=more)
    one, two = rule.match.source.elements[0], rule.match.destination.elements[0]
    assert (one.values, two.values) == (IPV4_ALL, ADDRESS_ALL)
    assert one.condition is not None
    assert two.condition is not None
    assert one.condition.key == two.condition.key == "fqdn:www.example.com"


def test_nested_sets_know_their_way() -> None:
    more = (
        f"{BOOK} address h1 10.0.0.1/32",
        f"{BOOK} address h2 10.0.0.2/32",
        f"{BOOK} address-set inner address h1",
        f"{BOOK} address-set outer address-set inner",
        f"{BOOK} address-set outer address h2",
    )
    rule = zone_policy("match source-address outer", more=more)
    found = {one.text: one.origin.path for one in rule.match.source.elements}
    assert found == {"10.0.0.1/32": ("outer", "inner"), "10.0.0.2/32": ("outer",)}
    assert [one.origin.line for one in rule.match.source.elements] == [1, 2]


def test_excluded_addresses() -> None:
    more = (f"{BOOK} address h 10.0.0.1/32",)
    rule = zone_policy("match source-address h", "match source-address-excluded", more=more)
    assert rule.match.source.negated
    assert not rule.match.destination.negated


def test_books_of_zones_come_before_the_global_one() -> None:
    more = (
        f"{BOOK} address h 10.0.0.1/32",
        f"{BOOK} address only-global 10.0.0.9/32",
        "security address-book LOCAL address h 10.0.0.2/32",
        "security address-book LOCAL attach zone a",
        "security zones security-zone b address-book address h 10.0.0.3/32",
        "security zones security-zone a interfaces x",
    )
    rule = zone_policy("match source-address h", "match destination-address h", more=more)
    assert [one.values.lowest & 15 for one in (*rule.match.source.elements, *rule.match.destination.elements)] == [
        2,
        3,
    ]
    other = zone_policy("match source-address only-global", more=more)
    assert [one.values.lowest & 15 for one in other.match.source.elements] == [9]


def test_global_policies_use_the_global_book_alone() -> None:
    more = ("security address-book LOCAL address h 10.0.0.2/32", "security address-book LOCAL attach zone a")
    rule = zone_policy("match source-address h", place="global", more=more)
    assert rule.match.must() == ()


def test_undefined_addresses_and_members() -> None:
    more = (f"{BOOK} address-set s address missing", f"{BOOK} address-set s address-set nowhere")
    device = sets(
        *more,
        *(one.replace("source-address any", "source-address s") for one in statements("from-zone a to-zone b", "P")),
    )
    assert codes(device) == [("RC603", 1), ("RC603", 2)]
    assert policy(device, "a to b").rules[0].match.must() == ()


def test_sets_that_contain_themselves() -> None:
    more = (
        f"{BOOK} address-set s address-set t",
        f"{BOOK} address-set t address-set s",
        f"{BOOK} address-set t address h",
        f"{BOOK} address h 10.0.0.1/32",
    )
    device = sets(
        *more,
        *(one.replace("source-address any", "source-address s") for one in statements("from-zone a to-zone b", "P")),
    )
    assert codes(device) == [("RC604", 2)]
    match = policy(device, "a to b").rules[0].match
    assert [term.sets[Field.SOURCE] for term in match.must((4,))] == [IntervalSet(((0x0A000001, 0x0A000001),))]


def test_feeds_are_conditions() -> None:
    rule = zone_policy(
        "match source-address FEED", more=("security dynamic-address address-name FEED profile category x",)
    )
    assert [one.condition.key for one in rule.match.source.elements if one.condition] == ["dynamic-address:FEED"]


def test_equal_operands_are_one_object() -> None:
    lines = [
        one.replace("source-address any", "source-address h")
        for name in ("P", "Q")
        for one in statements("from-zone a to-zone b", name)
    ]
    one, two = sets(f"{BOOK} address h 10.0.0.1/32", *lines).policies[0].rules
    assert one.match.source is two.match.source


def test_large_sets_stay_small() -> None:
    lines = [f"{BOOK} address-set s address h{number}" for number in range(2500)]
    book = [f"{BOOK} address h{number} 10.0.{number >> 8}.{number & 255}/32" for number in range(2500)]
    nested = [
        f"{BOOK} address-set n{number + 1} address-set {'s' if number == 0 else f'n{number}'}" for number in range(50)
    ]
    device = sets(*book, *lines, *nested)
    contents = [one.content for one in device.objects if one.name == "n50"]
    assert [len(one.elements) for one in contents if one] == [1]


# --- other conditions, actions ----------------------------------------------------------------------------


def test_schedulers() -> None:
    more = ("schedulers scheduler S start-date 2024-01-01.00:00 stop-date 2024-06-30.23:59",)
    rule = zone_policy("scheduler-name S", more=more)
    assert rule.schedule is not None
    assert (rule.schedule.name, rule.schedule.ends) == ("S", datetime(2024, 6, 30, 23, 59))  # noqa: DTZ001
    (condition,) = rule.match.conditions
    assert (condition.key, condition.independent) == ("scheduler:S", True)


@pytest.mark.parametrize(
    "text", ["daily all-day", "start-date 2024-01-01.00:00", "start-date 2024-01-01.00:00 stop-date 06-30.23:59"]
)
def test_schedulers_that_do_not_end(text: str) -> None:
    rule = zone_policy("scheduler-name S", more=(f"schedulers scheduler S {text}",))
    assert rule.schedule is not None
    assert rule.schedule.ends is None


def test_an_undefined_scheduler() -> None:
    device = sets(*statements("from-zone a to-zone b", "P", "permit", "scheduler-name S"))
    assert [code for code, _ in codes(device)] == ["RC603"]
    assert device.policies[0].rules[0].match.must() == ()


def test_single_dynamic_applications_are_values() -> None:
    rule = zone_policy("match dynamic-application junos:SSL", "match dynamic-application junos:HTTP")
    ((way,),) = rule.match.choices
    assert way.constraints[0].values == name_set("junos:SSL", "junos:HTTP")
    assert zone_policy("match dynamic-application any").match.choices == ()


def test_groups_of_applications_users_and_categories_are_conditions() -> None:
    rule = zone_policy(
        "match dynamic-application junos:web",
        "match source-identity alice",
        "match source-identity bob",
        "match url-category Enhanced_Games",
    )
    keys = [[way.conditions[0].key for way in choice] for choice in rule.match.choices]
    assert keys == [
        ["dynamic-application junos:web"],
        ["source-identity alice", "source-identity bob"],
        ["url-category Enhanced_Games"],
    ]


def test_the_default_ports_of_dynamic_applications_are_not_known() -> None:
    rule = zone_policy("match application junos-defaults", "match dynamic-application junos:SSL")
    assert rule.match.services is None
    assert [one.key for one in rule.match.conditions] == ["application:junos-defaults"]


@pytest.mark.parametrize(
    ("action", "outcome"),
    [
        ("permit", PERMIT),
        ("deny", DENY),
        ("reject", Outcome(Verb.REJECT)),
        ("permit application-services utm-policy web", Outcome(Verb.PERMIT, ("application-services utm-policy web",))),
        ("permit tunnel ipsec-vpn V", Outcome(Verb.PERMIT, ("tunnel ipsec-vpn V",))),
    ],
)
def test_actions(action: str, outcome: Outcome) -> None:
    assert zone_policy(f"then {action}").outcome == outcome


def test_logging_and_description() -> None:
    rule = zone_policy("then permit", "then log session-close", "then count", 'description "web for all"')
    assert rule.logging is not None
    assert rule.logging.text == "log session-close"
    assert rule.description == "web for all"
    assert rule.outcome == PERMIT


@pytest.mark.parametrize(
    "clause", ["match no-such-condition x", "then permit no-such-setting", "then no-such-action", "no-such-statement"]
)
def test_what_is_not_understood_makes_the_rule_inexact(clause: str) -> None:
    device = sets(
        *statements("from-zone a to-zone b", "P"), f"security policies from-zone a to-zone b policy P {clause}"
    )
    assert codes(device) == [("RC602", 5)]
    assert device.policies[0].rules[0].match.must() == ()
    assert device.policies[0].rules[0].match.may()


def test_a_policy_without_everything_that_junos_asks_for() -> None:
    device = sets("security policies from-zone a to-zone b policy P match application any")
    (rule,) = device.policies[0].rules
    assert {code for code, _ in codes(device)} == {"RC606"}
    assert rule.match.must() == ()
    assert rule.outcome.verb is Verb.OTHER


def test_uses_and_objects() -> None:
    more = (
        f"{BOOK} address h 10.0.0.1/32",
        f"{BOOK} address-set s address h",
        "applications application x protocol tcp",
        "security nat source rule-set R rule N match source-address-name h",
        "security nat source rule-set R rule N match application x",
    )
    lines = [
        one.replace("source-address any", "source-address s").replace("application any", "application x")
        for one in statements("from-zone a to-zone b", "P")
    ]
    device = sets(*more, *lines)
    assert {(one.policy, one.rule, one.kind, one.name) for one in device.uses} == {
        ("a to b", 0, "address-set", "s"),
        ("a to b", 0, "application", "x"),
        ("source nat rule N", None, "address", "h"),
        ("source nat rule N", None, "application", "x"),
    }
    assert {one.name: (one.kind, one.members) for one in device.objects} == {
        "h": ("address", ()),
        "s": ("address-set", ("h",)),
        "x": ("application", ()),
    }
    assert all(one.content is not None for one in device.objects)


def test_unknown_statements_beside_policies_are_reported() -> None:
    device = pair("security policies no-such-statement 1", "security no-such-section 1", "no-such-section 1")
    assert codes(device) == [("RC601", 5), ("RC601", 6), ("RC601", 7)]
    assert [one.affects_verdicts for one in device.diagnostics] == [True, False, False]


HITS = """\
admin@fw1> show security policies hit-count
Logical system: root-logical-system
 Index   From zone        To zone           Name           Policy count  Action
 1       a                b                 P              40            Permit
 2       junos-global     junos-global      G              0             Deny

Number of policy: 2
"""


def test_hit_counts() -> None:
    lines = [
        *statements("from-zone a to-zone b", "P"),
        *statements("from-zone a to-zone b", "Q"),
        *statements("global", "G"),
    ]
    device = read("\n".join(f"set {one}" for one in lines) + "\n" + HITS)
    found = [rule.hits.packets if rule.hits else None for one in device.policies for rule in one.rules]
    assert found == [40, None, 0]
    assert device.policies[0].rules[0].hits.window  # type: ignore[union-attr]
    assert device.source.lines.unknown == 0


def test_what_is_wrong_in_deactivated_rules_changes_no_verdict() -> None:
    start = "security policies from-zone a to-zone b policy P"
    lines = [
        one.replace("source-address any", "source-address missing") for one in statements("from-zone a to-zone b", "P")
    ]
    text = "\n".join(f"set {one}" for one in (*lines, f"{start} then no-such-action"))
    assert [one.affects_verdicts for one in read(text).diagnostics] == [True, True]
    assert [one.affects_verdicts for one in read(f"{text}\ndeactivate {start}").diagnostics] == [False, False]


def test_what_is_wrong_in_unused_objects_changes_no_verdict() -> None:
    device = pair(f"{BOOK} address-set s address missing", "applications application x protocol no-such-protocol")
    assert [(one.code, one.affects_verdicts) for one in device.diagnostics] == [
        ("RC603", False),
        ("RC602", False),
        ("RC606", False),
    ]
