"""Policies: order, defaults of settings that are not written, outcomes, logging, interfaces, schedules."""

from __future__ import annotations

from datetime import datetime

import pytest

from rulecheck.model.fields import Field
from rulecheck.model.names import name_set
from rulecheck.model.rule import DENY, PERMIT, Verb
from tests.parsers.fortios.reading import BASE, codes, entry, hits, item, policies, policy, read, rule, section


def test_order_is_that_of_the_file() -> None:
    rules = policy(policies(entry(30), entry(7), entry(12))).rules
    assert [one.name for one in rules] == ["id 30", "id 7", "id 12"]
    assert [one.index for one in rules] == [0, 1, 2]


def test_omitted_action_is_deny_and_omitted_status_is_enabled() -> None:
    one = rule(action=None)
    assert one.outcome == DENY
    assert one.enabled
    assert not rule(status="disable").enabled
    assert rule(status="disable").disabled_because == "status disable"


def test_all_has_no_subnet() -> None:
    one = rule(section("firewall address", item("all")))
    assert hits(one.match, "203.0.113.9", "8.8.8.8")


def test_default_is_the_implicit_deny() -> None:
    found = policy(policies(entry()))
    assert found.default == DENY
    assert found.entry
    assert found.families == (4,)


def test_move_delete_clone_and_edit_zero() -> None:
    text = BASE + section(
        "firewall policy", entry(1), entry(2), entry(3), "move 3 before 1", "delete 2", "clone 1 to 9", entry(0)
    )
    assert [one.name for one in policy(read(text)).rules] == ["id 3", "id 1", "id 9", "id 10"]


def test_a_command_for_an_entry_that_does_not_exist_is_reported() -> None:
    device = read(BASE + section("firewall policy", entry(1), "delete 4", "move 1 after 8"))
    assert [code for code, _ in codes(device)] == ["RC601", "RC601"]
    assert all(one.affects_verdicts for one in device.diagnostics)


def test_set_append_unselect_and_unset() -> None:
    lines = [
        "    edit 1",
        *(f"        set {key} {value}" for key, value in (("srcintf", "any"), ("dstintf", "any"))),
        '        set srcaddr "net10"',
        '        append srcaddr "all"',
        '        unselect srcaddr "net10"',
        '        set dstaddr "host10"',
        '        set dstaddr "net10"',
        '        set service "ALL"',
        "        set action accept",
        "        unset action",
        "    next",
    ]
    one = policy(read(BASE + section("firewall policy", *lines))).rules[0]
    assert one.match.source.label == "all"
    assert one.match.destination.label == "net10"
    assert one.outcome == DENY


def test_interfaces_any_lists_and_zones() -> None:
    zone = section("system zone", item("dmz", 'set interface "port3" "port4"'))
    one = rule(BASE + zone, srcintf='"port1" "dmz"', dstintf='"any"')
    (constraint,) = one.match.constraints
    assert constraint.field is Field.IN_INTERFACE
    assert constraint.values == name_set("port1", "port3", "port4")


def test_a_zone_that_lets_its_interfaces_talk() -> None:
    zone = section("system zone", item("dmz", "set intrazone allow", 'set interface "a" "b"'))
    found = policy(policies(entry(), before=BASE + zone))
    (implicit,) = found.implicit
    assert implicit.outcome == PERMIT
    assert hits(implicit.match, in_interface="a", out_interface="b")
    assert not hits(implicit.match, in_interface="a", out_interface="c")


def test_sdwan_zones_have_their_members() -> None:
    sdwan = "\n".join(
        [
            "config system sdwan",
            "    config zone",
            '        edit "overlay"',
            "        next",
            "    end",
            "    config members",
            "        edit 1",
            '            set interface "wan1"',
            "        next",
            "        edit 2",
            '            set interface "tun1"',
            '            set zone "overlay"',
            "        next",
            "    end",
            "end",
            "",
        ]
    )
    first = rule(BASE + sdwan, dstintf='"virtual-wan-link"')
    second = rule(BASE + sdwan, dstintf='"overlay"')
    assert first.match.constraints[0].values == name_set("wan1")
    assert second.match.constraints[0].values == name_set("tun1")


def test_an_interface_that_the_file_does_not_have_is_reported_once() -> None:
    known = section("system interface", item("port1"))
    device = policies(entry(1, srcintf='"port9"'), entry(2, srcintf='"port9"'), before=BASE + known)
    assert [one.code for one in device.diagnostics] == ["RC603"]
    assert not device.diagnostics[0].affects_verdicts


def test_outcomes_differ_by_profiles_nat_and_shapers_only_where_they_count() -> None:
    plain = rule().outcome
    assert plain == PERMIT
    assert rule(av_profile='"x"').outcome == plain  # without utm-status
    assert rule(utm_status="enable", av_profile='"x"').outcome.details == ("av-profile x",)
    assert rule(nat="enable", ippool="enable", poolname='"p2" "p1"').outcome.details == ("nat", "poolname p1 p2")
    assert rule(nat="enable", poolname='"p1"').outcome.details == ("nat",)
    assert rule(traffic_shaper='"slow"').outcome.details == ("traffic-shaper slow",)
    assert rule(logtraffic="all", comments='"x"', label='"y"').outcome == plain


def test_defaults_of_a_full_configuration_change_nothing() -> None:
    full = rule(
        nat="disable", utm_status="disable", traffic_shaper="''", per_ip_shaper="''", tos="0x00", tos_mask="0x00",
        vlan_filter="''", reputation_minimum="0", tcp_mss_sender="0", diffserv_forward="disable",
        internet_service="disable",
        diffservcode_forward="000000", inspection_mode="flow", profile_protocol_options='"default"', logtraffic="utm",
        ssl_ssh_profile='"no-inspection"', vlan_cos_fwd="255", policy_expiry="disable", srcaddr_negate="disable",
        policy_expiry_date="0000-00-00 00:00:00",
    )  # fmt: skip
    assert full.outcome == PERMIT
    assert full.match.all_conditions() == ()
    assert full.schedule is None


def test_ipsec_and_unknown_actions() -> None:
    assert rule(action="ipsec", vpntunnel='"site"').outcome.details == ("ipsec", "vpntunnel site")
    strange = policies(entry(action="teleport"))
    assert policy(strange).rules[0].outcome.verb is Verb.OTHER
    assert policy(strange).rules[0].match.must((4,)) == ()
    assert [code for code, _ in codes(strange)] == ["RC602"]


def test_a_denied_packet_that_is_answered_is_rejected() -> None:
    assert rule(action="deny", send_deny_packet="enable").outcome.verb is Verb.REJECT


def test_logging() -> None:
    all_sessions = rule(logtraffic="all", logtraffic_start="enable").logging
    assert all_sessions is not None
    assert all_sessions.text == "logtraffic all, logtraffic-start"
    assert rule().logging is None
    assert rule(logtraffic="disable").logging is None
    assert rule(utm_status="enable").logging is not None


def test_names_and_descriptions() -> None:
    one = rule(name='"Web to \\"A\\""', comments='"first line\nsecond line"')
    assert one.name == 'Web to "A" (id 1)'
    assert one.description == "first line\nsecond line"


def test_a_setting_that_is_not_known_makes_the_rule_inexact() -> None:
    device = policies(entry(quantum_mode="enable"))
    assert codes(device)[0][0] == "RC602"
    assert policy(device).rules[0].match.must((4,)) == ()


def test_a_table_inside_of_a_policy_makes_the_rule_inexact() -> None:
    inner = "        config identity-based-policy\n            edit 1\n            next\n        end\n"
    nested = entry().replace("    next", f"{inner}    next")
    device = policies(nested)
    assert [code for code, _ in codes(device)] == ["RC602"]
    assert policy(device).rules[0].match.must((4,)) == ()


@pytest.mark.parametrize("missing", ["srcintf", "dstintf", "srcaddr", "dstaddr", "service"])
def test_a_policy_without_an_operand_is_inexact(missing: str) -> None:
    device = policies(entry(**{missing: None}))
    assert [one.code for one in device.diagnostics] == ["RC602"]
    assert policy(device).rules[0].match.must((4,)) == ()


def test_users_groups_and_tags_are_conditions() -> None:
    one = rule(groups='"staff" "admins"', users='"eve"')
    two = rule(users='"eve"', groups='"admins" "staff"')
    assert one.match.must((4,)) == ()
    assert [c.key for c in one.match.conditions] == [c.key for c in two.match.conditions]
    assert rule(ztna_ems_tag='"TAG"').match.conditions[0].key == "ztna-ems-tag TAG"


def test_type_of_service_is_exact() -> None:
    one = rule(tos="0xb8", tos_mask="0xfc")
    assert hits(one.match, tos=0xB9)
    assert not hits(one.match, tos=0xBC)
    assert not hits(rule(tos="0xb8", tos_mask="0xfc", tos_negate="enable").match, tos=0xB8)


SCHEDULES = section(
    "firewall schedule recurring",
    item("always", "set day sunday monday tuesday wednesday thursday friday saturday"),
    item("never"),
    item("work", "set start 08:00", "set end 17:00", "set day monday"),
) + section(
    "firewall schedule onetime",
    item("old", "set start 00:00 2020/01/01", "set end 23:59 2020/12/31"),
    item("older", "set start 00:00 2019/01/01", "set end 23:59:30 2019/12/31"),
    item("broken", "set end 25:99 2020/13/41"),
) + section(
    "firewall schedule group",
    item("both", 'set member "old" "older"'),
    item("mixed", 'set member "old" "work"'),
    item("open", 'set member "old" "always"'),
)  # fmt: skip


def test_schedules() -> None:
    assert rule(BASE + SCHEDULES).schedule is None
    work = rule(BASE + SCHEDULES, schedule='"work"')
    assert work.schedule is not None
    assert (work.schedule.name, work.schedule.ends) == ("work", None)
    assert [c.key for c in work.match.conditions] == ["time-range:work"]
    assert work.match.conditions[0].independent


def test_schedules_that_end() -> None:
    for name, ends in (
        ("old", datetime.fromisoformat("2020-12-31T23:59")),
        ("both", datetime.fromisoformat("2020-12-31T23:59")),
        ("mixed", None),
    ):
        schedule = rule(BASE + SCHEDULES, schedule=f'"{name}"').schedule
        assert schedule is not None
        assert schedule.ends == ends
    assert rule(BASE + SCHEDULES, schedule='"open"').schedule is None
    assert rule(policy_expiry="enable", policy_expiry_date="2021-02-03 04:05:06").schedule is not None


def test_a_schedule_without_days_disables_the_rule() -> None:
    one = rule(BASE + SCHEDULES, schedule='"never"')
    assert not one.enabled
    assert one.disabled_because == "schedule never is never active"


def test_bad_and_undefined_schedules_are_reported() -> None:
    device = policies(entry(1, schedule='"broken"'), entry(2, schedule='"nope"'), before=BASE + SCHEDULES)
    assert sorted(code for code, _ in codes(device)) == ["RC603", "RC606"]
    assert all(one.match.must((4,)) == () for one in policy(device).rules)
