"""RC3xx and RC4xx: objects, references and the life of rules."""

from __future__ import annotations

from datetime import date

import pytest

from rulecheck.checks.settings import Settings
from rulecheck.model.device import Severity
from rulecheck.model.finding import Confidence, Kind
from rulecheck.model.observation import Observation
from tests.checks.noticing import asa, iptables, noticed, report

HOST = "host 192.0.2.10"
WEB = "object network WEB\n host 192.0.2.10\n"
SAME = "object network WEB2\n subnet 192.0.2.10 255.255.255.255\n"
TODAY = Settings(today=date(2025, 6, 1))


def _names(found: list[Observation]) -> list[str]:
    return [one.object.name for one in found if one.object is not None]


# RC301, RC302


def test_undefined_references_are_named_once_with_their_places() -> None:
    text = asa("permit ip object-group GONE any", "permit tcp object-group GONE any eq https")
    found = noticed("RC301", text)
    assert found
    assert all("GONE" in one.message for one in found)
    assert len({one.message for one in found}) == len(found)
    assert {place.line for one in found for place in one.places} <= {3, 4}
    assert noticed("RC301", asa("permit ip object WEB any", objects=WEB)) == []


def test_cycles() -> None:
    groups = "object-group network A\n group-object B\nobject-group network B\n group-object A\n"
    found = noticed("RC302", asa("permit ip object-group A any", objects=groups))
    assert [(one.line, one.policy, one.rule) for one in found] == [(4, None, None), (6, None, None)]
    assert noticed("RC302", asa("permit ip object WEB any", objects=WEB)) == []


# RC303


def test_empty_groups() -> None:
    text = asa("permit ip object-group NOBODY any", objects="object-group network NOBODY\n description left\n" + WEB)
    (one,) = noticed("RC303", text)
    assert (_names([one]), one.line) == (["NOBODY"], 3)


def test_a_group_whose_content_is_not_known_is_not_empty() -> None:
    name = "object network FEED\n fqdn v4 feed.example.net\n"
    assert noticed("RC303", asa("permit ip object FEED any", objects=name)) == []


# RC304


def test_objects_with_the_same_content() -> None:
    other = "object network MAIL\n host 192.0.2.11\n"
    (one,) = noticed("RC304", asa("permit ip object WEB object MAIL", objects=WEB + other + SAME))
    assert one.line == 3
    assert [place.line for place in one.places] == [3, 7]
    assert "WEB and WEB2" in one.message


def test_an_object_and_a_group_of_it_are_different_kinds() -> None:
    group = "object-group network WEBS\n network-object object WEB\n"
    assert noticed("RC304", asa("permit ip object-group WEBS any", objects=WEB + group)) == []


def test_the_id_of_duplicates_does_not_depend_on_their_place() -> None:
    rule = "permit ip object WEB object WEB2"
    (one,) = noticed("RC304", asa(rule, objects=WEB + SAME))
    (other,) = noticed("RC304", asa(rule, objects=f"object network A\n host 192.0.2.99\n{WEB}{SAME}"))
    assert one.line != other.line
    assert one.id == other.id


# RC305


GROUP = "object-group network ALL\n network-object object WEB\n"


@pytest.mark.parametrize(
    ("entry", "objects", "unused"),
    [
        ("permit ip object WEB any", WEB, []),
        ("permit ip any any", WEB, ["WEB"]),
        ("permit ip object-group ALL any", WEB + GROUP, []),
        ("permit ip any any", WEB + GROUP, ["WEB", "ALL"]),
        ("permit ip object WEB any", WEB + GROUP, ["ALL"]),
        ("permit ip any any", WEB + "object network NATTED\n host 10.0.0.1\n nat (inside,outside) static WEB\n", []),
    ],
)
def test_objects_without_use(entry: str, objects: str, unused: list[str]) -> None:
    found = noticed("RC305", asa(entry, objects=objects))
    assert _names(found) == [name for name in unused if name != "NATTED"]
    assert all((one.severity, one.confidence) == (Severity.LOW, Confidence.EXACT) for one in found)


def test_not_seen_used_where_a_line_was_not_understood() -> None:
    (one,) = noticed("RC305", asa("permit ip any any", "permit frobnicate", objects=WEB))
    assert (one.severity, one.confidence) == (Severity.INFO, Confidence.UNDECIDED)
    assert "was not seen used" in one.message
    assert one.reason


def test_a_doubtful_finding_stays_information_whatever_the_settings_say() -> None:
    settings = Settings(severities={"RC305": Severity.HIGH})
    for entry, severity in (("permit frobnicate", Severity.INFO), ("permit ip any any", Severity.HIGH)):
        assert [one.severity for one in noticed("RC305", asa(entry, objects=WEB), settings)] == [severity]


# RC306, RC307


def test_policies_that_are_not_applied() -> None:
    interface = "interface GigabitEthernet0/0\n nameif outside\n ip address 203.0.113.1 255.255.255.0\n"
    text = asa(f"permit tcp any {HOST} eq https", objects=interface)
    text += "access-list OTHER extended permit ip any any\n"
    (one,) = noticed("RC306", text)
    assert (one.policy, one.line, one.severity) == ("OTHER", 8, Severity.LOW)
    assert noticed("RC307", text) == []


def test_a_capture_does_not_show_where_a_list_is_applied() -> None:
    assert noticed("RC306", asa(f"permit tcp any {HOST} eq https", interface="")) == []


def test_chains_that_nothing_calls() -> None:
    text = iptables("-A OLD -j ACCEPT", "-A FORWARD -j USED", "-A USED -j ACCEPT", chains=("OLD", "USED"))
    assert [one.policy for one in noticed("RC307", text)] == ["OLD"]
    assert noticed("RC306", text) == []


# RC401, RC402

RANGE = "time-range T\n absolute start 08:00 1 January 2025 end 18:00 31 May 2025\n"
FOREVER = "time-range T\n periodic weekdays 8:00 to 18:00\n"


def test_disabled_rules() -> None:
    (one,) = noticed("RC401", asa(f"permit tcp any {HOST} eq https inactive", "permit ip any any"))
    assert one.rule is not None
    assert (one.rule.index, one.line, one.severity) == (0, 3, Severity.INFO)


@pytest.mark.parametrize(
    ("today", "over"),
    [(None, False), (date(2025, 5, 31), False), (date(2025, 6, 1), True), (date(2026, 1, 1), True)],
)
def test_a_schedule_is_over_on_the_day_behind_its_end(today: date | None, *, over: bool) -> None:
    text = asa(f"permit tcp any {HOST} eq https time-range T", objects=RANGE)
    found = noticed("RC402", text, Settings(today=today))
    assert [one.line for one in found] == ([5] if over else [])
    assert noticed("RC401", text, Settings(today=today)) == []
    assert report(text, Settings(today=today)).reference_date == today


def test_a_schedule_that_recurs_is_never_over() -> None:
    text = asa(f"permit tcp any {HOST} eq https time-range T", objects=FOREVER)
    assert noticed("RC402", text, TODAY) == []
    assert report(text, TODAY).reference_date is None


def test_an_expired_rule_takes_part_in_nothing() -> None:
    text = asa(f"deny tcp any {HOST} time-range T", f"permit tcp any {HOST} eq https", objects=RANGE)
    before = [(one.rule.index, one.kind) for one in report(text, Settings(today=date(2025, 1, 2))).findings]
    after = [(one.rule.index, one.kind) for one in report(text, TODAY).findings]
    assert any(kind is Kind.UNDECIDED for _, kind in before)
    assert after == []


# RC403, RC404


def test_logs_are_missed_where_others_log() -> None:
    text = asa(f"permit tcp any {HOST} eq https log", "deny ip any any")
    (one,) = noticed("RC403", text)
    assert (one.rules, one.severity) == ((1,), Severity.INFO)
    assert "1 of 2 rules of LIST does not log: line 4." in one.message
    silent = asa(f"permit tcp any {HOST} eq https", "deny ip any any")
    assert noticed("RC403", silent) == []
    assert [one.rules for one in noticed("RC403", silent, Settings(log_everywhere=True))] == [(0, 1)]


def test_descriptions_are_missed_where_others_have_one() -> None:
    bare = asa(f"permit tcp any {HOST} eq https", "deny ip any any")
    described = bare.replace("access-list", "access-list LIST remark web shop\naccess-list", 1)
    assert noticed("RC404", bare) == []
    assert [one.rules for one in noticed("RC404", described)] == [(1,)]
    assert [one.rules for one in noticed("RC404", bare, Settings(describe_everywhere=True))] == [(0, 1)]


def test_a_sequence_number_is_no_name() -> None:
    text = "hostname r1\nip access-list extended A\n remark web\n 10 permit tcp any any eq 80\n 20 deny ip any any\n"
    text += "interface Gi0/0\n ip access-group A in\n"
    assert [one.rules for one in noticed("RC404", text)] == [(1,)]


# RC405


def _counted(*rules: str) -> str:
    return "# Generated by iptables-save v1.8.7\n" + iptables(*rules)


def test_rules_without_hits() -> None:
    text = _counted(
        "[12:720] -A INPUT -s 10.0.0.1/32 -j ACCEPT",
        "[0:0] -A INPUT -s 10.0.0.2/32 -j ACCEPT",
        "[0:0] -A INPUT -s 10.0.0.1/32 -p tcp -j ACCEPT",
        "[0:0] -A INPUT -j DROP",
    )
    assert [one.line for one in noticed("RC405", text)] == [7]


def test_counters_that_were_all_reset_say_nothing() -> None:
    assert noticed("RC405", _counted("[0:0] -A INPUT -s 10.0.0.2/32 -j ACCEPT")) == []
    assert noticed("RC405", _counted("-A INPUT -s 10.0.0.2/32 -j ACCEPT")) == []


def test_the_window_is_said() -> None:
    text = "policy,source,destination,service,action,hits\np,10.0.0.1,any,any,permit,5\np,10.0.0.2,any,any,permit,0\n"
    assert [one.reason for one in noticed("RC405", text)] == [None]


# Identity


def test_ids_survive_lines_above_and_are_unique() -> None:
    objects = WEB + SAME + GROUP
    entries = [f"permit tcp any {HOST} eq telnet", "permit ip any any", "permit ip any any inactive"]
    one = report(asa(*entries, objects=objects)).observations
    two = report(asa("deny tcp any host 192.0.2.99 eq 9", *entries, objects="! remark\n" + objects)).observations
    ids = [each.id for each in one]
    assert len(set(ids)) == len(ids) > 4
    about_rules = {each.id for each in one if each.rule or each.object}
    assert about_rules <= {each.id for each in two}


def test_equal_rules_have_different_ids() -> None:
    found = noticed("RC401", asa(*["permit ip any any inactive"] * 3))
    assert len({one.id for one in found}) == 3


def test_every_message_is_a_sentence_that_a_person_can_act_on() -> None:
    objects = WEB + SAME + GROUP + "object-group network NOBODY\n" + RANGE
    entries = (
        f"permit tcp any {HOST} eq telnet",
        f"deny tcp any {HOST} eq telnet",
        f"permit tcp any {HOST} range 1 2000 log",
        "permit ip object-group GONE any",
        f"permit ip any {HOST} time-range T",
        "permit ip any any",
        "deny ip any any inactive",
    )
    found = report(asa(*entries, objects=objects), TODAY).observations
    assert len({one.code for one in found}) > 9
    for one in found:
        for text in (one.message, one.recommendation):
            assert text.endswith(".")
            assert text[0].isupper() or text.startswith(("WEB", "LIST")) or text[0].isdigit()
            assert "None" not in text
            assert "  " not in text
