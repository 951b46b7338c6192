"""Lists as a whole: options, order, remarks, places of use, objects and uses, the ledger."""

from __future__ import annotations

import pytest

from rulecheck.model.device import ObjectUse
from rulecheck.model.fields import Field
from rulecheck.model.rule import DENY, PERMIT, Logging, Schedule, Verb
from tests.parsers.cisco_asa.reading import codes, device, entry, field, points, policy, v4


def test_actions_and_indexes() -> None:
    rules = policy(
        """
        access-list X extended permit tcp any any eq 80
        access-list X remark nothing else
        access-list X remark at all
        access-list X extended deny ip any any inactive
        access-list X permit udp any any
        """
    ).rules
    assert [(one.index, one.outcome, one.enabled, one.origin.line) for one in rules] == [
        (0, PERMIT, True, 2),
        (1, DENY, False, 5),
        (2, PERMIT, True, 6),
    ]
    assert [one.description for one in rules] == ["", "nothing else at all", ""]
    assert rules[1].disabled_because == "inactive"
    assert rules[1].origin.text == "access-list X extended deny ip any any inactive"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("log", Logging("log")),
        ("log warnings interval 60", Logging("log warnings interval 60")),
        ("log 6", Logging("log 6")),
        ("log disable", None),
        ("", None),
    ],
)
def test_logging(options: str, expected: Logging | None) -> None:
    rule = entry(f"permit ip any any {options} inactive")
    assert rule.logging == expected
    assert not rule.enabled


def test_a_time_range_is_a_schedule_and_a_condition() -> None:
    rule = entry("permit ip any4 any4 time-range NIGHT", "time-range NIGHT\n periodic daily 22:00 to 23:59")
    assert rule.schedule == Schedule("NIGHT", "periodic daily 22:00 to 23:59")
    assert [dict(one.conditions) for one in rule.match.terms()] == [{"time-range:NIGHT": True}]


def test_line_numbers_insert() -> None:
    rules = policy(
        """
        access-list X extended permit tcp any any eq 1
        access-list X remark text
        access-list X extended permit tcp any any eq 2
        access-list X line 1 extended permit tcp any any eq 3
        access-list X line 4 extended permit tcp any any eq 4
        access-list X line 9 extended permit tcp any any eq 5
        """
    ).rules
    assert [one.origin.line for one in rules] == [5, 2, 6, 4, 7]
    assert [one.description for one in rules] == ["", "", "text", "", ""]


def test_a_standard_list_tests_the_destination() -> None:
    found = policy("access-list S standard permit host 192.0.2.1\naccess-list S standard deny any4\n")
    assert found.families == (4,)
    assert field(found.rules[0], Field.DESTINATION) is not None
    assert [t.sets[Field.DESTINATION] for t in found.rules[0].match.must(found.families)] == [points(v4("192.0.2.1"))]


def test_lists_of_one_name_continue() -> None:
    found = device(
        "access-list A extended permit ip any any\naccess-list B extended deny ip any any\n"
        "access-list A extended deny ip any any\n"
    )
    assert [(one.name, len(one.rules)) for one in found.policies] == [("A", 2), ("B", 1)]


USES = """
    access-list A extended permit ip any any
    access-list B standard permit any4
    access-group A in interface outside
    access-group A out interface inside per-user-override
    nat (inside) 0 access-list A
    crypto map M 10 match address A
    class-map C
     match access-list A
    route-map R permit 10
     match ip address A
    group-policy G attributes
     vpn-filter value A
     split-tunnel-network-list value B
    aaa authentication match A outside LOCAL
    command-alias exec x show access-list A
    """


def test_places_of_use() -> None:
    found = device(USES)
    assert found.policies[0].applied_to == (
        "outside in",
        "inside out",
        "nat (inside)",
        "crypto map M 10",
        "class-map C",
        "route-map R permit",
        "vpn-filter of group-policy G",
        "aaa authentication",
    )
    assert found.policies[1].applied_to == ("split-tunnel-network-list of group-policy G",)
    assert found.source.lines.unknown == 0


def test_defaults() -> None:
    text = "access-list A extended permit tcp any any\n"
    assert policy(text).default == DENY
    assert policy(f"{text}access-group A in interface o\n").default == DENY
    assert policy(f"{text}access-group A global\n").default == DENY
    with_global = (
        f"{text}access-list G extended permit udp any any\naccess-group A in interface o\naccess-group G global\n"
    )
    assert policy(with_global, "A").default.verb is Verb.OTHER
    assert policy(with_global, "G").default == DENY
    assert policy(f"{text}access-group A in interface o control-plane\n").default.verb is Verb.OTHER


def test_control_plane_and_global_are_named() -> None:
    text = """
        access-list A extended permit tcp any any
        access-group A in interface o control-plane
        access-group A global
        """
    assert policy(text).applied_to == ("o in control-plane", "global")


def test_a_use_of_a_list_without_rules_is_reported() -> None:
    assert codes(device("access-group GONE in interface outside\n")) == [("RC603", 1)]


def test_objects_and_uses() -> None:
    found = device(
        """
        name 192.0.2.1 alias
        object network A
         host 192.0.2.2
        object-group network G
         network-object object A
         group-object H
        object-group network H
         network-object host alias
        object-group service S tcp
         port-object eq 80
        time-range T
         periodic daily 1:00 to 2:00
        access-list X extended permit tcp object-group G host alias object-group S time-range T
        """
    )
    assert [(one.kind, one.name, one.members) for one in found.objects] == [
        ("name", "alias", ()),
        ("object network", "A", ()),
        ("object-group network", "G", ("A", "H")),
        ("object-group network", "H", ("alias",)),
        ("object-group service", "S", ()),
        ("time-range", "T", ()),
    ]
    assert found.uses == (
        ObjectUse("X", 0, "object-group network", "G"),
        ObjectUse("X", 0, "name", "alias"),
        ObjectUse("X", 0, "object-group service", "S"),
        ObjectUse("X", 0, "time-range", "T"),
    )


def test_hostname_and_file_name() -> None:
    assert device("hostname fw1\n").name == "fw1"
    assert device("ASA Version 9.1\n").name == "edge"


def test_other_lists_are_left_out_with_one_note_each() -> None:
    found = device(
        "access-list E ethertype permit bpdu\naccess-list E ethertype deny any\naccess-list W webtype permit url any\n"
    )
    assert found.policies == ()
    assert codes(found) == [("RC601", 1), ("RC601", 3)]
    assert found.source.lines.ignored == 3


def test_every_line_is_accounted_for() -> None:
    found = device(
        """
        : Saved
        !
        ASA Version 9.1
        banner motd access-list is only a word here
        ntp server 192.0.2.1
        interface GigabitEthernet0/0
         nameif outside
         speed 100
        access-list X extended permit ip any any
        frobnicate the firewall
        access-list X
        fw1/act# show running-config
        Cryptochecksum:0123
        : end
        """
    )
    counts = found.source.lines
    assert (counts.understood, counts.ignored, counts.blank, counts.unknown) == (4, 3, 6, 2)
    assert codes(found) == [("RC601", 11), ("RC601", 12)]


@pytest.mark.parametrize(
    "command",
    ["no access-list X extended permit ip any any", "clear configure access-list X", "no object-group network G"],
)
def test_removal_commands_make_the_result_uncertain(command: str) -> None:
    found = device(f"access-list X extended permit ip any any\n{command}\n")
    assert codes(found) == [("RC601", 2)]
    assert found.diagnostics[0].affects_verdicts


def test_a_paged_terminal_capture() -> None:
    found = device(
        "access-list X extended permit tcp any any\n<--- More --->         access-list X extended deny ip any any\n"
    )
    assert len(found.policies[0].rules) == 2
    assert found.source.lines.unknown == 0


def test_an_overlong_line_is_refused() -> None:
    found = device("access-list X extended permit ip any any " + "log " * 50_000 + "\n")
    assert codes(found) == [("RC601", 1)]
    assert len(found.diagnostics[0].text) <= 1_000


def test_secrets_do_not_reach_the_model() -> None:
    found = device(
        "username joe password Hunter2secret encrypted\nfrobnicate password Hunter2secret\n"
        "access-list X remark password: Hunter2secret\naccess-list X extended permit ip any any\n"
    )
    assert "Hunter2secret" not in repr(found)
