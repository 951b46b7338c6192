"""The tree: curly and set form, tags, comments, commands that change things, captures, broken input."""

from __future__ import annotations

import pytest

from rulecheck.model.device import Device
from rulecheck.model.rule import DENY, PERMIT
from tests.parsers.juniper.reading import codes, devices, policy, read, sets

CURLY = """\
security {
    policies {
        from-zone a to-zone b {
            /* web for
               everybody */
            policy web {
                match {
                    source-address any;
                    destination-address [ any-ipv4 any-ipv6 ];
                    application [ junos-http
                        junos-https ];
                }
                then {
                    permit;
                    log { session-init; session-close; }
                }
            }
        }
        default-policy { permit-all; }
    }
}
"""

SET = """\
set security policies from-zone a to-zone b policy web match source-address any
set security policies from-zone a to-zone b policy web match destination-address any-ipv4
set security policies from-zone a to-zone b policy web match destination-address any-ipv6
set security policies from-zone a to-zone b policy web match application [ junos-http junos-https ]
set security policies from-zone a to-zone b policy web then permit
set security policies from-zone a to-zone b policy web then log session-init
set security policies from-zone a to-zone b policy web then log session-close
set security policies default-policy permit-all
"""


def names(device: Device, name: str) -> list[str | None]:
    return [one.name for one in policy(device, name).rules]


def terms(*more: str) -> Device:
    """Read a filter with the terms t1 to t3, and more commands."""
    lines = [f"set firewall family inet filter F term t{number} then accept" for number in (1, 2, 3)]
    return read("\n".join([*lines, *more]))


def test_both_forms_are_the_same() -> None:
    curly, commands = read(CURLY), read(SET)
    for device in (curly, commands):
        (one,) = device.policies
        assert (one.name, one.default, one.families) == ("a to b", PERMIT, (4, 6))
        (rule,) = one.rules
        assert rule.outcome == PERMIT
        assert rule.logging is not None
        assert rule.logging.text == "log session-init session-close"
        assert [each.text for each in rule.match.services.elements] == ["junos-http", "junos-https"]  # type: ignore[union-attr]
        assert device.source.lines.unknown == 0
        assert not device.diagnostics
    mine, theirs = curly.policies[0].rules[0], commands.policies[0].rules[0]
    assert mine.match.terms() == theirs.match.terms()
    assert (mine.description, theirs.description) == ("web for everybody", "")
    assert mine.origin.text == theirs.origin.text


def test_a_rule_is_cited_by_its_first_line() -> None:
    rule = policy(read(CURLY), "a to b").rules[0]
    assert rule.origin.line == 6
    assert rule.origin.text.startswith("web { match { source-address any destination-address [")


@pytest.mark.parametrize(
    "command",
    [
        "deactivate firewall family inet filter F term t2",
        "deactivate firewall family inet filter F term t2\nactivate firewall family inet filter F term t3",
    ],
)
def test_a_deactivated_term_takes_part_in_nothing(command: str) -> None:
    rules = policy(terms(command), "F").rules
    assert [(one.index, one.enabled) for one in rules] == [(0, True), (1, False), (2, True)]
    assert rules[1].disabled_because == "deactivated"


def test_deactivation_before_the_statement() -> None:
    device = read(
        "deactivate firewall family inet filter F term t1\nset firewall family inet filter F term t1 then accept"
    )
    assert not policy(device, "F").rules[0].enabled


def test_deactivating_what_does_not_exist_is_reported() -> None:
    assert codes(terms("deactivate firewall family inet filter F term t9")) == [("RC603", 4)]


def test_a_deactivated_value_is_not_there() -> None:
    start = "firewall family inet filter F term T from"
    device = read(
        f"set {start} protocol tcp\nset {start} protocol udp\ndeactivate {start} protocol udp\n"
        f"set firewall family inet filter F term T then accept"
    )
    (service,) = policy(device, "F").rules[0].match.services.elements  # type: ignore[union-attr]
    assert service.protocol is not None
    assert list(service.protocol) == [(6, 6)]


def test_a_condition_without_active_values_is_no_condition() -> None:
    start = "firewall family inet filter F term T from"
    device = read(f"set {start} protocol tcp\ndeactivate {start} protocol tcp")
    assert policy(device, "F").rules[0].match.services is None


def test_a_deactivated_filter_and_zone_pair() -> None:
    device = read(
        SET
        + "deactivate security policies from-zone a to-zone b\n"
        + "set firewall filter F term t then accept\ndeactivate firewall filter F\n"
    )
    for name in ("a to b", "F"):
        one = policy(device, name)
        assert one.applied is False
        assert [rule.enabled for rule in one.rules] == [False]


def test_inactive_tags() -> None:
    device = read(
        "firewall { inactive: filter F { term t { then accept; } } filter G { inactive: term t { then accept; } } }"
    )
    assert [(one.name, one.rules[0].enabled, one.applied) for one in device.policies] == [
        ("F", False, False),
        ("G", False, None),
    ]


def test_replace_tags_and_repeated_sections() -> None:
    text = "firewall { filter F { term old { then accept; } } }\n"
    text += "firewall { replace: filter F { term new { then discard; } }\nfilter G { term t { then accept; } } }"
    device = read(text)
    assert names(device, "F") == ["new"]
    assert names(device, "G") == ["t"]


def test_insert_delete_rename_and_replace() -> None:
    path = "firewall family inet filter F"
    assert names(terms(f"insert {path} term t3 before term t1"), "F") == ["t3", "t1", "t2"]
    assert names(terms(f"insert {path} term t1 after term t3"), "F") == ["t2", "t3", "t1"]
    assert names(terms(f"delete {path} term t1"), "F") == ["t2", "t3"]
    assert names(terms(f"rename {path} term t1 to term first"), "F") == ["first", "t2", "t3"]
    assert names(terms(f"replace {path}", f"set {path} term new then discard"), "F") == ["new"]
    assert codes(terms(f"insert {path} term t3 before term t9")) == [("RC601", 4)]


def test_edit_moves_the_place_of_commands() -> None:
    device = read(
        "edit firewall family inet filter F\nset term a then accept\nedit term b\n"
        "set then discard\nexit\nset term c then accept\ntop\n"
        "set firewall filter H term c then accept"
    )
    assert [one.name for one in device.policies] == ["F", "H"]
    assert names(device, "F") == ["a", "b", "c"]


def test_groups_with_patterns_come_last() -> None:
    group = "groups LOG security policies from-zone <*> to-zone <*> policy log-deny"
    device = read(
        SET
        + f"set {group} match source-address any\nset {group} match destination-address any\n"
        + f"set {group} match application any\nset {group} then deny\nset apply-groups LOG\n"
    )
    rules = policy(device, "a to b").rules
    assert [(one.name, one.outcome) for one in rules] == [("web", PERMIT), ("log-deny", DENY)]
    assert rules[1].origin.line == 9
    assert device.source.lines.unknown == 0


def test_own_statements_win_over_inherited_ones() -> None:
    device = sets(
        "groups G firewall filter <F*> term t then discard",
        "groups G firewall filter <F*> term t from protocol udp",
        "apply-groups G",
        "firewall filter F1 term t then accept",
        "firewall filter X term t then accept",
    )
    assert policy(device, "F1").rules[0].outcome == PERMIT
    assert policy(device, "F1").rules[0].match.services is not None
    assert policy(device, "X").rules[0].match.services is None


def test_apply_groups_at_a_place_and_except() -> None:
    group = "groups G firewall filter <*> term last then discard"
    one = sets(
        group,
        "firewall filter F apply-groups G",
        "firewall filter F term t then accept",
        "firewall filter X term t then accept",
    )
    assert (names(one, "F"), names(one, "X")) == (["t", "last"], ["t"])
    two = sets(
        group, "apply-groups G", "firewall filter F apply-groups-except G", "firewall filter F term t then accept"
    )
    assert names(two, "F") == ["t"]


def test_groups_that_are_not_applied_do_not_matter() -> None:
    device = sets("groups G firewall filter F term t then accept", "groups G no-such-thing 1", "system host-name x")
    assert device.policies == ()
    assert device.source.lines.ignored == 3 - 1
    assert device.name == "x"


def test_a_group_that_is_not_defined() -> None:
    device = sets("apply-groups MISSING", "firewall filter F term t then accept")
    assert [(one.code, one.affects_verdicts) for one in device.diagnostics] == [("RC603", True)]


def test_what_a_group_says_in_an_unknown_way_is_reported_where_it_is_written() -> None:
    device = sets("groups G firewall no-such-thing 1", "apply-groups G", "firewall filter F term t then accept")
    assert codes(device) == [("RC601", 1)]


def test_names_of_clusters_come_from_the_first_node() -> None:
    device = sets("groups node0 system host-name fw-a", "groups node1 system host-name fw-b", 'apply-groups "${node}"')
    assert device.name == "fw-a"
    assert not device.diagnostics


def test_captures_with_prompts() -> None:
    text = "\n".join(
        [
            "{primary:node0}",
            "admin@fw1> show configuration security policies | no-more",
            *(line[8:] for line in CURLY.splitlines()[2:-2]),
            "",
            "{primary:node0}",
            "admin@fw1> ",
        ]
    )
    device = read(text)
    assert [one.name for one in device.policies] == ["a to b"]
    assert device.policies[0].default == PERMIT
    assert device.source.lines.unknown == 0


def test_captures_of_display_set() -> None:
    device = read(
        "admin@fw1> show configuration security | display set | no-more\n"
        + SET
        + "\n---(more 50%)---set system host-name fw1\n[edit]\nadmin@fw1# set security policies default-policy deny-all"
    )
    assert device.name == "fw1"
    assert device.policies[0].rules[0].outcome == PERMIT
    assert device.source.lines.unknown == 0


def test_fragments_without_their_path() -> None:
    assert [one.name for one in read("\n".join(CURLY.splitlines()[2:-2])).policies] == ["a to b"]
    assert [one.name for one in read("family inet6 {\n filter F {\n term t {\n then accept;\n }\n }\n}").policies] == [
        "inet6 F"
    ]
    assert read("application x {\n protocol tcp;\n destination-port 1;\n}").objects[0].name == "x"


def test_logical_systems_and_tenants_are_devices() -> None:
    start = "set logical-systems LS1 security policies from-zone a to-zone b"
    text = "\n".join(
        [
            "set system host-name fw",
            "set firewall filter F term t then accept",
            *(line.replace("set ", "set logical-systems LS1 ") for line in SET.splitlines()),
            f"{start} policy web match destination-address nowhere",
            *(line.replace("set ", "set tenants T1 ") for line in SET.splitlines()),
        ]
    )
    main, first, second = devices(text)
    assert [one.name for one in (main, first, second)] == ["fw", "fw/LS1", "fw/T1"]
    assert [[each.name for each in one.policies] for one in (main, first, second)] == [["F"], ["a to b"], ["a to b"]]
    assert [codes(one) for one in (main, first, second)] == [[], [("RC603", 11)], []]


def test_an_unfinished_file() -> None:
    device = read("\n".join(CURLY.splitlines()[:9]))
    assert ("RC607", 9) in codes(device)
    assert any(one.affects_verdicts for one in device.diagnostics if one.code == "RC607")
    assert policy(device, "a to b").rules[0].match.conditions


def test_a_comment_without_end() -> None:
    device = read("firewall {\n filter F { term t { then accept; } }\n/* never closed\n}")
    assert [code for code, _ in codes(device)] == ["RC607", "RC607"]


@pytest.mark.parametrize(
    "text", ["{ " * 50_000, "a { " * 50_000, "set " + "x " * 50_000, "}" * 1000, "[" * 1000, '"' * 1001]
)
def test_deep_and_odd_input_is_reported(text: str) -> None:
    device = read("set system host-name x\n" + text)
    assert device.diagnostics


def test_statements_without_semicolons() -> None:
    device = read(
        "firewall {\n filter F {\n term t {\n from {\n protocol tcp\n destination-port 80;\n }\n then accept\n }\n }\n}"
    )
    (rule,) = policy(device, "F").rules
    assert rule.outcome == PERMIT
    assert [service.protocol is not None for service in rule.match.services.elements] == [True]  # type: ignore[union-attr]
    assert [code for code, _ in codes(device)] == ["RC606", "RC606"]


def test_other_text_between_statements_is_reported_line_by_line() -> None:
    device = read("Last login: today from somewhere\nfirewall { filter F { term t { then accept; } } }\n")
    assert codes(device) == [("RC601", 1)]
    assert names(device, "F") == ["t"]


def test_secrets_never_appear() -> None:
    hash_ = "$6$abcdefgh$0123456789abcdefghijklmnopqrstuvwxyz"
    key = "$9$Aq0.s4JGDik.P"
    text = f"""\
system {{
    root-authentication {{
        encrypted-password "{hash_}"; ## SECRET-DATA
    }}
    oops "{hash_}"
}}
security {{
    ike {{ policy p {{ pre-shared-key ascii-text "{key}"; }} }}
    policies {{
        from-zone a to-zone b {{
            policy p {{
                description "the password is hunter2hunter2";
                match {{ source-address "{hash_}"; destination-address any; application any; pre-shared-key {key}; }}
                then permit;
            }}
        }}
    }}
}}
"""
    shown = repr(devices(text))
    assert hash_ not in shown
    assert key not in shown
    assert "hunter2" not in shown


def test_commands_behind_up_are_not_placed_by_guessing() -> None:
    device = read(
        "edit firewall family inet filter F\nup\nset term a then accept\ntop\nset firewall filter H term c then accept"
    )
    assert [one.name for one in device.policies] == ["H"]
    assert codes(device) == [("RC601", 3)]
