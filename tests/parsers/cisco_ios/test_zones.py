"""The zone-based firewall: each zone pair is a policy, its classes are the rules."""

from __future__ import annotations

from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.rule import DENY, RETURN, Outcome, Verb
from tests.parsers.cisco_ios.reading import codes, device, points

LISTS = """
access-list 101 permit tcp any any eq 22
access-list 101 deny ip host 192.0.2.1 any
access-list 101 permit ip any any
ip access-list extended ADMINS
 permit ip 192.0.2.0 0.0.0.255 any
"""
PAIR = """
zone security IN
zone security OUT
zone-pair security IN-OUT source IN destination OUT
 service-policy type inspect P
"""
INSPECT = Outcome(Verb.PERMIT, ("inspect",))
PASS = Outcome(Verb.PERMIT, ("pass",))


def firewall(classes: str, policy_map: str) -> Device:
    return device(f"{classes}\npolicy-map type inspect P\n{policy_map}\n{LISTS}{PAIR}")


def named(found: Device, name: str) -> Policy:
    return next(one for one in found.policies if one.name == name)


def test_actions_and_the_default() -> None:
    found = firewall(
        """\
class-map type inspect match-any WEB
 match protocol http
 match protocol https
class-map type inspect match-all NAMES
 match protocol dns""",
        """\
 class type inspect WEB
  inspect
 class type inspect NAMES
  pass log
 class class-default
  drop log""",
    )
    pair = named(found, "IN-OUT")
    assert (pair.kind, pair.applied_to, pair.default) == ("zone-pair", ("IN -> OUT",), DENY)
    assert [(rule.name, rule.outcome) for rule in pair.rules] == [
        ("WEB", INSPECT),
        ("NAMES", PASS),
        ("class-default", DENY),
    ]
    assert [rule.logging is not None for rule in pair.rules] == [False, True, True]
    web, names, rest = (rule.match.terms((4,)) for rule in pair.rules)
    assert [term.sets[Field.DESTINATION_PORT] for term in web] == [points(80, 443)]
    assert IntervalSet.union_of(term.sets[Field.PROTOCOL] for term in names) == points(6, 17)
    assert {term.sets[Field.DESTINATION_PORT] for term in names} == {points(53)}
    assert set(rest[0].sets) == {Field.SOURCE, Field.DESTINATION}
    assert found.diagnostics == ()
    assert found.source.lines.unknown == 0


def test_an_access_list_becomes_a_called_list() -> None:
    found = firewall(
        "class-map type inspect match-all SSH\n match access-group 101\n match protocol ssh",
        " class type inspect SSH\n  inspect",
    )
    (rule,) = named(found, "IN-OUT").rules
    assert (rule.outcome.verb, rule.calls) == (Verb.CALL, "IN-OUT/SSH/101")
    (term,) = rule.match.terms((4,))
    assert term.sets[Field.DESTINATION_PORT] == points(22)
    called = named(found, "IN-OUT/SSH/101")
    assert [one.outcome for one in called.rules] == [INSPECT, RETURN, INSPECT]
    assert (called.default, called.entry) == (RETURN, False)
    assert named(found, "101").applied_to == ("class-map SSH",)


def test_match_any_with_a_list_tries_each_criterion() -> None:
    found = firewall(
        "class-map type inspect match-any MIX\n match access-group 101\n match protocol icmp",
        " class type inspect MIX\n  pass",
    )
    (rule,) = named(found, "IN-OUT").rules
    assert rule.calls == "IN-OUT/MIX"
    first, second = named(found, "IN-OUT/MIX").rules
    assert first.calls == "IN-OUT/MIX/101"
    assert second.outcome == PASS


def test_match_all_of_two_lists_goes_from_one_to_the_other() -> None:
    found = firewall(
        "class-map type inspect match-all BOTH\n match access-group 101\n match access-group name ADMINS",
        " class type inspect BOTH\n  inspect",
    )
    first = named(found, "IN-OUT/BOTH/101")
    assert [(one.outcome.verb, one.calls) for one in first.rules] == [
        (Verb.GOTO, "IN-OUT/BOTH+1"),
        (Verb.RETURN, None),
        (Verb.GOTO, "IN-OUT/BOTH+1"),
    ]
    assert [one.calls for one in named(found, "IN-OUT/BOTH+1").rules] == ["IN-OUT/BOTH/ADMINS"]
    assert [one.outcome for one in named(found, "IN-OUT/BOTH/ADMINS").rules] == [INSPECT]


def test_nested_class_maps() -> None:
    found = firewall(
        """\
class-map type inspect match-any WEB
 match protocol http
class-map type inspect match-any OUTER
 match class-map WEB
 match access-group 101""",
        " class type inspect OUTER\n  inspect",
    )
    assert [one.calls for one in named(found, "IN-OUT/OUTER").rules] == [None, "IN-OUT/OUTER/101"]


def test_what_a_class_matches_may_be_unknown() -> None:
    found = firewall(
        """\
class-map type inspect match-any APP
 match protocol bittorrent
class-map type inspect match-any WHO
 match user-group staff""",
        " class type inspect APP\n  drop\n class type inspect WHO\n  pass\n class type inspect GONE\n  pass",
    )
    for rule in named(found, "IN-OUT").rules:
        assert rule.match.must((4,)) == ()
        assert rule.match.may((4,))
    assert sorted(one.code for one in found.diagnostics) == ["RC602", "RC602", "RC603"]


def test_a_remapped_protocol_is_not_exact() -> None:
    found = device(
        "ip port-map http port tcp 8081\nclass-map type inspect match-any WEB\n match protocol http\n"
        f"policy-map type inspect P\n class type inspect WEB\n  inspect\n{PAIR}"
    )
    assert named(found, "IN-OUT").rules[0].match.must((4,)) == ()


def test_class_maps_in_a_circle_end() -> None:
    found = firewall(
        "class-map type inspect A\n match class-map B\nclass-map type inspect B\n match class-map A",
        " class type inspect A\n  inspect",
    )
    assert [one.code for one in found.diagnostics] == ["RC604"]
    assert named(found, "IN-OUT").rules[0].match.must((4,)) == ()


def test_class_maps_that_double_at_every_level_end() -> None:
    levels = [
        f"class-map type inspect match-all L{n}\n match class-map L{n + 1}\n match class-map L{n + 1}"
        for n in range(40)
    ]
    found = firewall(
        "\n".join([*levels, "class-map type inspect L40\n match protocol http"]),
        " class type inspect L0\n  inspect",
    )
    assert "RC602" in {one.code for one in found.diagnostics}


def test_a_pair_without_policy_drops_and_an_undefined_policy_is_reported() -> None:
    text = "zone-pair security Z source A destination B\n"
    (pair,) = device(text).policies
    assert (pair.rules, pair.default) == ((), DENY)
    assert codes(f"{text} service-policy type inspect GONE\n") == ["RC603"]
