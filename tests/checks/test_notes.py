"""Findings about rules that stay: what others take of them, exceptions, merges, and members that never matter."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from rulecheck.checks.findings import find
from rulecheck.checks.rewrite import narrowed
from rulecheck.engine.verdict import DeadPart, Merge, Packet, Partial, PolicyVerdicts, Verdict
from rulecheck.model.device import Policy, Severity
from rulecheck.model.fields import IPV6_BASE, TCP_ESTABLISHED, Field
from rulecheck.model.finding import Finding, Kind
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.rule import Logging
from tests.checks.hand import device, finding, findings, taker
from tests.engine.notation import chain, policy

LIST = policy(
    [
        "deny 1-3 > any tcp 80",
        "reject 4 > any tcp 80",
        "deny 9 > 5",
        "permit 1-9 > any tcp 80",
        "permit 1-9 > any tcp 443",
        "deny 0-20 > any tcp 1-600",
        "permit 1-9 > any tcp 8080",
        "deny any > any",
    ]
)
PACKET = Packet(dict.fromkeys(Field, 0) | {Field.SOURCE: 2, Field.PROTOCOL: 6, Field.DESTINATION_PORT: 80})
PARTIAL = Partial(0.4444, PACKET, (taker(LIST, 0, 0.3333), taker(LIST, 1, 0.1111)), 2)
DEAD = DeadPart("source", "1-3", LIST.rules[3].origin, (taker(LIST, 0),))
GENERAL = Verdict(None, generalized_by=taker(LIST, 5))


def _partial(**changes: object) -> Verdict:
    return Verdict(None, partial=replace(PARTIAL, **changes))  # type: ignore[arg-type]


def _merged(merge: Merge, rules: Policy = LIST, verdict: Verdict | None = None) -> Finding:
    result = PolicyVerdicts(rules.name, rules.scope, {merge.at: verdict or Verdict(None)}, merges=(merge,))
    (found,) = (one for one in find(device(rules), [result]) if one.kind is Kind.MERGEABLE)
    return found


def test_a_partial_shadow() -> None:
    found = finding(3, _partial(), LIST)
    assert (found.code, found.kind, found.severity) == ("RC105", Kind.PARTIALLY_SHADOWED, Severity.LOW)
    assert found.message == (
        "Line 4 is not in force for 44.4% of its packets: earlier rules decide them otherwise "
        "(denied by line 1, 33.3%; rejected by line 2, 11.1%)."
    )
    assert [(one.rule.line, one.share) for one in found.by] == [(1, 0.3333), (2, 0.1111)]
    assert found.witness is not None
    assert (found.share, found.witness["source"]) == (0.4444, "0.0.0.2")
    assert not found.removable
    assert "move line 4 above it" in found.recommendation
    assert "no short way" in found.recommendation


def test_more_takers_than_a_sentence_holds_are_counted() -> None:
    takers = tuple(taker(LIST, index, 0.1) for index in (0, 1, 2, 5))
    assert "; 4 more rules)" in finding(6, _partial(takers=takers, rules=7), LIST).message
    assert "; 1 more rule)" in finding(6, _partial(takers=takers, rules=4), LIST).message


def test_exceptions_are_for_information() -> None:
    found = finding(3, _partial(exceptions=True), LIST)
    assert found.severity is Severity.INFO
    assert "exceptions before it" in found.message
    assert found.recommendation.startswith("Nothing is to be done if the earlier rules are meant as exceptions")
    one = finding(3, _partial(exceptions=True, takers=PARTIAL.takers[:1], rules=1), LIST)
    assert "an exception before it decides them otherwise (denied by line 1)" in one.message


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "fewer than 0.1%"),
        (0.000001, "fewer than 0.1%"),
        (0.25, "25%"),
        (0.9994, "more than 99.9%"),
        (1.0, "more than 99.9%"),
    ],
)
def test_a_part_is_never_none_and_never_all(share: float, words: str) -> None:
    message = finding(3, _partial(share=share), LIST).message
    assert f"for {words} of its packets" in message
    every = tuple(replace(one, share=share) for one in PARTIAL.takers)
    found = finding(3, _partial(share=share, takers=every), LIST)
    assert all(one is not None and 0 < one < 1 for one in (found.share, *(cover.share for cover in found.by)))
    assert not re.search(r"\b(0|100)%", message)


def test_a_rewrite_is_given_where_it_is_short() -> None:
    short = ((Field.SOURCE, IntervalSet.of((5, 9))), (Field.DESTINATION_PORT, IntervalSet.of((80, 81))))
    found = finding(3, replace(_partial(), narrowed=short), LIST)
    assert [(one.operand, one.values) for one in found.rewrite] == [
        ("source", ("range 0.0.0.5 0.0.0.9",)),
        ("destination_port", ("80-81",)),
    ]
    assert "With source range 0.0.0.5 0.0.0.9 and destination port 80-81, line 4" in found.recommendation
    long = ((Field.SOURCE, IntervalSet.points(range(0, 40, 2))),)
    found = finding(3, replace(_partial(), narrowed=long), LIST)
    assert found.rewrite == ()
    assert "no short way" in found.recommendation


@pytest.mark.parametrize(
    ("platform", "values"),
    [
        ("cisco_asa", ("10.0.0.0 255.255.255.0", "host 10.0.1.7", "range 10.0.2.1 10.0.2.6")),
        (
            "cisco_ios",
            (
                "10.0.0.0 0.0.0.255",
                "host 10.0.1.7",
                "host 10.0.2.1",
                "10.0.2.2 0.0.0.1",
                "10.0.2.4 0.0.0.1",
                "host 10.0.2.6",
            ),
        ),
        ("iptables", ("10.0.0.0/24", "10.0.1.7", "10.0.2.1-10.0.2.6")),
    ],
)
def test_addresses_are_written_as_the_platform_does(platform: str, values: tuple[str, ...]) -> None:
    ten = 10 << 24
    listed = IntervalSet.of((ten, ten + 255), (ten + 263, ten + 263), (ten + 513, ten + 518))
    (found,) = narrowed(((Field.SOURCE, listed),), platform)
    assert found.values == values


def test_other_operands_are_written_in_words() -> None:
    six = IntervalSet.of((IPV6_BASE + (0x20010DB8 << 96), IPV6_BASE + (0x20010DB9 << 96) - 1))
    fields = ((Field.DESTINATION, six), (Field.PROTOCOL, IntervalSet.points([6, 17])))
    assert [one.values for one in narrowed(fields, "cisco_ios")] == [("2001:db8::/32",), ("tcp", "udp")]
    assert narrowed(((Field.TCP_FLAGS, TCP_ESTABLISHED),), "iptables")
    assert narrowed((), "iptables") == ()
    assert narrowed(((Field.PROTOCOL, IntervalSet.of((10, 200))),), "iptables") == ()


def test_dead_members_are_named_with_who_takes_them() -> None:
    found = finding(3, replace(_partial(), dead_parts=(DEAD,)), LIST)
    assert found.code == "RC105"
    assert "Source 1-3 in it is already taken by line 1." in found.message
    assert [(one.operand, one.text, one.line) for one in found.dead_parts] == [("source", "1-3", 4)]
    assert [one.rule.line for one in found.dead_parts[0].by] == [1]


def test_dead_members_alone_are_for_information() -> None:
    found = finding(3, Verdict(None, dead_parts=(DEAD,)), LIST)
    assert (found.code, found.kind, found.severity) == ("RC108", Kind.DEAD_PART, Severity.INFO)
    assert found.message == "A member of line 4 never matters. Source 1-3 in it is already taken by line 1."
    assert not found.removable
    many = finding(3, Verdict(None, dead_parts=(DEAD,) * 5), LIST)
    assert "So are 2 more members of its operands." in many.message


def test_a_generalization() -> None:
    found = finding(3, GENERAL, LIST)
    assert (found.code, found.severity, found.removable) == ("RC106", Severity.INFO, False)
    assert found.message == (
        "Line 4 is an exception to line 6: it permits packets, and line 6 denies everything around them."
    )
    assert [one.rule.line for one in found.by] == [6]


def test_a_merge() -> None:
    found = _merged(Merge((3, 4, 6), "service", 3))
    assert (found.code, found.severity, found.rule.line, found.removable) == ("RC107", Severity.INFO, 4, False)
    assert found.message == (
        "Lines 4, 5 and 7 differ only in their service and can be one rule at line 4: "
        "the same packets would be permitted."
    )
    assert "with service tcp 80, tcp 443, tcp 8080, and delete lines 5 and 7" in found.recommendation
    assert found.merge is not None
    assert [one.line for one in found.merge.rules] == [4, 5, 7]
    assert (found.merge.at, found.merge.values) == (3, ("tcp 80", "tcp 443", "tcp 8080"))


def test_a_merge_of_addresses_is_written_as_short_as_it_can_be() -> None:
    rules = policy([f"permit {number} > 8 tcp 80" for number in range(4, 8)])
    found = _merged(Merge((0, 1, 2, 3), "source", 3), rules)
    assert found.merge is not None
    assert found.merge.values == ("0.0.0.4 255.255.255.252",)
    assert found.rule.line == 4
    assert "delete lines 1, 2 and 3" in found.recommendation


@pytest.mark.parametrize(
    ("first", "second", "operand", "found"),
    [("tcp 80", "tcp 443", "service", 1), ("tcp 53", "udp 53", "service", 0), ("tcp 53", "", "service", 0)],
)
def test_a_merge_that_the_platform_cannot_write_is_not_reported(
    first: str, second: str, operand: str, found: int
) -> None:
    rules = policy([f"permit 1 > 8 {first}", f"permit 1 > 8 {second}".strip()])
    merge = PolicyVerdicts(rules.name, rules.scope, {0: Verdict(None)}, merges=(Merge((0, 1), operand, 0),))
    assert len(find(replace(device(rules), platform="iptables"), [merge])) == found
    assert len(find(device(rules), [merge])) == 1


def test_what_exceptions_leave_of_everything_is_no_rewrite() -> None:
    rest = IntervalSet.of((0, 99), (200, (1 << 32) - 1))
    assert narrowed(((Field.SOURCE, rest),), "iptables") == ()


def test_a_merge_of_many_is_counted() -> None:
    rules = policy([f"permit {number} > 8 tcp 80" for number in range(2, 42, 2)])
    found = _merged(Merge(tuple(range(20)), "source", 0), rules)
    assert found.merge is not None
    assert found.merge.values == ()
    assert found.message.startswith("Lines 1, 2, 3, 4 and 16 more differ only in their source")
    assert "one source that holds those of all of them" in found.recommendation


def test_a_merge_of_what_is_not_known_keeps_the_words_of_the_rules() -> None:
    rules = policy(["permit 1 > 8", "permit !2 > 8"])
    assert _merged(Merge((0, 1), "source", 0), rules).merge is not None


def test_a_merge_warns_of_what_it_cannot_keep() -> None:
    logs = replace(LIST.rules[3], logging=Logging("log"), description="ticket 7")
    rules = replace(LIST, rules=(*LIST.rules[:3], logs, *LIST.rules[4:]))
    caveats = _merged(Merge((3, 4), "service", 3), rules).caveats
    assert len(caveats) == 2
    assert any("log" in one for one in caveats)
    assert not _merged(Merge((3, 4), "service", 3)).caveats


def test_a_rule_can_have_several_notes_in_the_order_of_their_codes() -> None:
    verdict = replace(_partial(), generalized_by=taker(LIST, 5), dead_parts=(DEAD,))
    result = PolicyVerdicts(LIST.name, LIST.scope, {3: verdict, 6: _partial()}, merges=(Merge((3, 4), "service", 3),))
    found = find(device(LIST), [result])
    assert [(one.rule.index, one.code) for one in found] == [(3, "RC105"), (3, "RC106"), (3, "RC107"), (6, "RC105")]
    assert len({one.id for one in found}) == 4


@pytest.mark.parametrize("kind", [Kind.REDUNDANT, Kind.UNDECIDED])
def test_a_rule_that_may_go_has_no_notes(kind: Kind) -> None:
    verdict = replace(_partial(), kind=kind, generalized_by=taker(LIST, 5), by_default=True)
    assert [one.kind for one in findings({3: verdict}, LIST)] == [kind]


def test_a_note_says_in_how_many_places_its_list_is_called() -> None:
    called = chain("CALLED", ["deny 1 > any", "permit 1-2 > any"])
    partial = replace(PARTIAL, takers=(taker(called, 0, 0.5),), rules=1)
    found = finding(1, Verdict(None, partial=partial, ways_in=3), called)
    assert found.caveats == ("the list is called in 3 places; the verdict holds for all of them",)


@pytest.mark.parametrize("verdict", [_partial(), replace(_partial(), dead_parts=(DEAD,)), GENERAL])
def test_sentences_are_whole(verdict: Verdict) -> None:
    found = finding(3, verdict, LIST)
    for text in (found.message, found.recommendation):
        assert re.fullmatch(r"[A-Z].*\.", text)
        assert "None" not in text
        assert "  " not in text
        assert ".." not in text
