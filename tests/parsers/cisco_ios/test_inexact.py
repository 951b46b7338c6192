"""What cannot be computed makes a rule inexact: it still may match, and never must."""

from __future__ import annotations

import pytest

from rulecheck.model.fields import IPV4_ALL, Field
from rulecheck.model.rule import Outcome, Rule, Verb
from tests.parsers.cisco_ios.reading import codes, device, entry, field, points, policy


def keys(rule: Rule) -> list[str]:
    return [condition.key for condition in rule.match.all_conditions()]


@pytest.mark.parametrize(
    ("clause", "key"),
    [
        ("ip any any time-range WORK", "time-range:WORK"),
        ("ip any any option timestamp", "ip-option:timestamp"),
        ("igmp any any host-report", "igmp-type:host-report"),
    ],
)
def test_conditions_with_a_shared_key(clause: str, key: str) -> None:
    rule = entry(f"permit {clause}")
    assert keys(rule) == [key]
    assert rule.match.must((4,)) == ()
    assert rule.match.may((4,))


def test_a_time_range_is_also_a_schedule() -> None:
    found = device(
        """\
        time-range WORK
         periodic weekdays 8:00 to 17:00
        ip access-list extended X
         permit ip any any time-range WORK
        """
    )
    schedule = found.policies[0].rules[0].schedule
    assert schedule is not None
    assert (schedule.name, schedule.text) == ("WORK", "periodic weekdays 8:00 to 17:00")
    assert [(one.kind, one.name) for one in found.objects] == [("time-range", "WORK")]
    assert [(use.policy, use.rule, use.kind, use.name) for use in found.uses] == [("X", 0, "time-range", "WORK")]
    assert found.diagnostics == ()


def test_an_undefined_time_range_is_reported() -> None:
    assert codes("ip access-list extended X\n permit ip any any time-range GONE\n") == ["RC603"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("permit tcp any any eq 80 frobnicate 7", "RC602"),
        ("permit tcp any any eq nosuchport", "RC602"),
        ("permit tcp any any eq 70000", "RC606"),
        ("permit tcp any any range 90 80", "RC606"),
        ("permit ip 10.0.0.999 0.0.0.255 any", "RC606"),
        ("permit ip 10.0.0.1 any", "RC606"),
        ("permit ip any", "RC607"),
        ("permit frob any any", "RC603"),
        ("permit icmp any any 300", "RC606"),
        ("permit 256 any any", "RC606"),
        ("permit ip any any established", "RC602"),
        ("permit ip any any ttl eq 900", "RC606"),
        ("permit ip any any dscp purple", "RC602"),
        ("permit tcp any any match-all", "RC602"),
        ("permit ip any eq 80 any", "RC606"),
    ],
)
def test_what_is_not_understood_is_reported_and_never_narrower(line: str, code: str) -> None:
    text = f"ip access-list extended X\n {line}\n"
    found = device(text)
    assert [one.code for one in found.diagnostics] == [code]
    assert found.diagnostics[0].affects_verdicts
    assert found.diagnostics[0].line == 2
    (rule,) = found.policies[0].rules
    assert rule.match.must((4,)) == ()
    assert rule.match.may((4,))


def test_the_understood_front_of_an_entry_is_kept() -> None:
    rule = entry("permit tcp host 192.0.2.1 any eq 80 frobnicate")
    assert field(rule, Field.DESTINATION_PORT) == points(80)
    assert field(rule, Field.DESTINATION) == IPV4_ALL


def test_unknown_clauses_of_two_entries_are_two_tests() -> None:
    first, second = policy("ip access-list extended X\n permit ip any any frob\n permit ip any any frob\n").rules
    assert keys(first) != keys(second)


def test_an_incomplete_entry_in_the_middle_is_malformed_not_cut_off() -> None:
    assert codes("ip access-list extended X\n permit ip any\n deny ip any any\n") == ["RC606"]


def test_established_with_flag_words_is_not_exact() -> None:
    rule = entry("permit tcp any any established psh")
    assert rule.match.must((4,)) == ()
    values = field(rule, Field.TCP_FLAGS)
    assert values is not None
    assert [16 in values, 8 in values, 2 in values] == [True, True, False]


def test_reflect_is_part_of_the_outcome() -> None:
    rule = entry("permit tcp any any reflect SESSIONS timeout 120")
    assert rule.outcome == Outcome(Verb.PERMIT, ("reflect SESSIONS",))
    assert rule.match.must((4,))


def test_evaluate_permits_what_the_reflexive_list_holds() -> None:
    rule = entry("evaluate SESSIONS")
    assert rule.outcome == Outcome(Verb.PERMIT)
    (condition,) = rule.match.all_conditions()
    assert (condition.key, condition.fresh) == ("reflexive:SESSIONS", False)


def test_dynamic_entries() -> None:
    rule = policy("access-list 101 dynamic DOOR timeout 60 permit tcp any host 192.0.2.1 eq telnet\n").rules[0]
    assert keys(rule) == ["dynamic:DOOR"]
    assert field(rule, Field.DESTINATION_PORT) == points(23)


def test_a_line_that_is_no_entry_is_reported() -> None:
    found = device("ip access-list extended X\n permit ip any any\n redirect ip any any\n")
    assert [(one.code, one.line, one.affects_verdicts) for one in found.diagnostics] == [("RC601", 3, True)]
    assert found.source.lines.unknown == 1


def test_fragments_with_ports_is_not_exact() -> None:
    rule = entry("permit tcp any any eq 80 fragments")
    assert rule.match.must((4,)) == ()
    assert rule.match.may((4,))
