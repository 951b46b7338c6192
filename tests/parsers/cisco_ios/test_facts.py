"""What the model says of IOS objects and lists besides packets: contents, uses, whether applied, ends, windows."""

from __future__ import annotations

from datetime import datetime

import pytest

from rulecheck.model.device import ObjectUse
from rulecheck.model.match import Addresses, Services
from tests.parsers.cisco_ios.reading import codes, device, policy

CONFIGURATION = """
    hostname edge1
    !
    time-range WORK
     absolute start 08:00 01 June 2026 end 18:00 12 June 2026
     periodic weekdays 8:00 to 18:00
    !
    object-group network HOSTS
     host 192.0.2.1
    !
    object-group service WEB
     tcp eq www
    !
    object-group network LONELY
     group-object MISSING
    !
    interface GigabitEthernet0/0
     ip access-group FILTER in
    !
    ip nat inside source list 101 interface GigabitEthernet0/0 overload
    !
    class-map match-any QOS
     match access-group name MARKING
    !
    ip access-list extended FILTER
     permit object-group WEB any object-group HOSTS time-range WORK
    ip access-list extended MARKING
     permit ip any any
    ip access-list extended UNUSED
     permit ip any any
    access-list 101 permit ip any any
    access-list 23 permit 192.0.2.0 0.0.0.255
    !
    line vty 0 4
     access-class 23 in
    !
    policy-map type control PM
     class X
      activate time-range WORK
    end
"""


def test_contents_are_resolved_and_shared() -> None:
    found = device(CONFIGURATION)
    contents = {one.name: one.content for one in found.objects}
    (rule,) = next(one for one in found.policies if one.name == "FILTER").rules
    assert contents["HOSTS"] is rule.match.destination
    assert isinstance(contents["LONELY"], Addresses)
    web = contents["WEB"]
    assert isinstance(web, Services)
    assert rule.match.services is not None
    assert web.elements == rule.match.services.elements
    assert contents["WORK"] is None


def test_what_only_an_unused_group_lacks_changes_no_verdict() -> None:
    (diagnostic,) = [one for one in device(CONFIGURATION).diagnostics if one.code == "RC603"]
    assert "MISSING" in diagnostic.message
    assert not diagnostic.affects_verdicts


def test_uses_inside_and_outside_rules() -> None:
    found = device(CONFIGURATION)
    assert set(found.uses) == {
        ObjectUse("FILTER", 0, "service-group", "WEB"),
        ObjectUse("FILTER", 0, "network-group", "HOSTS"),
        ObjectUse("FILTER", 0, "time-range", "WORK"),
        ObjectUse("policy-map type control", None, "time-range", "WORK"),
    }


def test_which_lists_are_applied() -> None:
    found = device(CONFIGURATION)
    assert {one.name: one.applied for one in found.policies} == {
        "FILTER": True,
        "MARKING": True,
        "UNUSED": False,
        "101": True,
        "23": True,
    }


def test_a_part_of_a_configuration_or_a_capture_does_not_say_so() -> None:
    assert policy("hostname edge1\nip access-list extended X\n permit ip any any").applied is None
    shown = "Extended IP access list X\n    10 permit ip any any (5 matches)"
    assert policy(shown).applied is None
    assert policy(f"hostname edge1\ninterface Vlan1\n ip address 192.0.2.1 255.255.255.0\n{shown}").applied is None


def test_a_configuration_that_is_cut_off_does_not_say_so() -> None:
    text = (
        "Current configuration : 999 bytes\nhostname edge1\ninterface Vlan1\n no ip address\n"
        "ip access-list extended X\n permit ip any any"
    )
    assert policy(text).applied is None
    assert "RC607" in codes(text)


def test_zone_pairs_are_applied() -> None:
    text = """
        class-map type inspect match-any C
         match protocol http
        policy-map type inspect P
         class type inspect C
          inspect
        zone-pair security Z source IN destination OUT
         service-policy type inspect P
    """
    assert {one.applied for one in device(text).policies} == {True}


@pytest.mark.parametrize(
    ("lines", "ends"),
    [
        (["absolute start 08:00 01 June 2026 end 18:00 12 June 2026"], datetime(2026, 6, 12, 18, 0)),  # noqa: DTZ001
        (["absolute end 23:59 31 December 2020", "periodic daily 8:00 to 9:00"], datetime(2020, 12, 31, 23, 59)),  # noqa: DTZ001
        (["absolute start 08:00 01 June 2026"], None),
        (["absolute end 25:00 01 June 2026"], None),
        (["absolute end 08:00 31 Juno 2026"], None),
        (["periodic daily 8:00 to 9:00"], None),
        ([], None),
    ],
)
def test_when_a_time_range_is_over_for_good(lines: list[str], ends: datetime | None) -> None:
    body = "".join(f"\n {line}" for line in lines)
    text = f"time-range T{body}\nip access-list extended X\n permit ip any any time-range T"
    schedule = policy(text).rules[0].schedule
    assert schedule is not None
    assert schedule.ends == ends
    assert schedule.text == "; ".join(lines)


def test_the_window_of_counters() -> None:
    text = """
        edge1#show version | include uptime
        edge1 uptime is 5 weeks, 2 days
        edge1#show ip access-lists
        Extended IP access list X
            10 permit tcp any any eq www (12 matches)
            20 permit udp any any
    """
    counted, silent = policy(text).rules
    assert counted.hits is not None
    assert counted.hits.window == "since the last restart at the most (5 weeks, 2 days ago)"
    assert silent.hits is None
    assert device(text).source.lines.unknown == 0
