"""What the model says of ASA objects and lists besides packets: contents, uses, whether applied, ends, windows."""

from __future__ import annotations

from datetime import datetime

from rulecheck.model.device import ObjectUse
from rulecheck.model.match import Addresses, Services
from tests.parsers.cisco_asa.reading import device

CONFIGURATION = """
    ASA Version 9.16(4)
    hostname fw1
    names
    name 192.0.2.9 collector
    name 192.0.2.10 nobody
    interface GigabitEthernet0/0
     nameif outside
     ip address 198.51.100.1 255.255.255.0
    time-range OVER
     absolute start 08:00 01 June 2020 end 18:00 12 June 2020
    time-range HOURS
     periodic weekdays 8:00 to 18:00
    object network WEB
     host 192.0.2.1
     nat (inside,outside) static WEB-OUTSIDE
    object network WEB-OUTSIDE
     host 203.0.113.1
    object network REAL
     host 192.0.2.2
    object network MAPPED
     host 203.0.113.2
    object network UNUSED
     host collector
    object service SMTP
     service tcp destination eq smtp
    object-group network SHUNNED
     network-object host 192.0.2.3
    object-group icmp-type PINGS
     icmp-object echo
    access-list OUT extended permit tcp any object WEB eq 80 time-range OVER
    access-list VPN extended permit ip any any
    access-list NAT extended permit ip any any
    access-list MATCH extended permit ip any any
    access-list CRYPTO extended permit ip any any
    access-list STRAY extended permit ip any any
    access-group OUT in interface outside
    nat (inside,outside) source static REAL MAPPED service SMTP SMTP
    logging host inside collector
    threat-detection scanning-threat shun except object-group SHUNNED
    class-map CM
     match access-list MATCH
    crypto map CRYPTOMAP 10 match address CRYPTO
    nat (inside) 1 access-list NAT
    group-policy GP attributes
     vpn-filter value VPN
     vpn-access-hours value HOURS
"""


def test_contents_are_resolved_and_shared() -> None:
    found = device(CONFIGURATION)
    contents = {(one.kind, one.name): one.content for one in found.objects}
    (rule,) = next(one for one in found.policies if one.name == "OUT").rules
    assert contents["object network", "WEB"] is rule.match.destination
    assert isinstance(contents["object service", "SMTP"], Services)
    assert isinstance(contents["object-group icmp-type", "PINGS"], Services)
    assert isinstance(contents["name", "collector"], Addresses)
    assert contents["time-range", "OVER"] is None


def test_uses_outside_rules() -> None:
    found = device(CONFIGURATION)
    assert {one for one in found.uses if one.rule is None} == {
        ObjectUse("object nat of WEB", None, "object network", "WEB"),
        ObjectUse("object nat of WEB", None, "object network", "WEB-OUTSIDE"),
        ObjectUse("nat (inside,outside)", None, "object network", "REAL"),
        ObjectUse("nat (inside,outside)", None, "object network", "MAPPED"),
        ObjectUse("nat (inside,outside)", None, "object service", "SMTP"),
        ObjectUse("logging host", None, "name", "collector"),
        ObjectUse("threat-detection scanning-threat", None, "object-group network", "SHUNNED"),
        ObjectUse("group-policy GP", None, "time-range", "HOURS"),
    }


def test_members_name_aliases_too() -> None:
    found = device(CONFIGURATION)
    assert {one.name: one.members for one in found.objects}["UNUSED"] == ("collector",)
    named = {one.name for one in found.uses} | {name for one in found.objects for name in one.members}
    assert {one.name for one in found.objects if one.name not in named} == {"nobody", "UNUSED", "PINGS"}


def test_which_lists_are_applied() -> None:
    found = device(CONFIGURATION)
    assert {one.name: one.applied for one in found.policies} == {
        "OUT": True,
        "VPN": True,
        "NAT": True,
        "MATCH": True,
        "CRYPTO": True,
        "STRAY": False,
    }


def test_a_part_of_a_configuration_or_a_capture_does_not_say_so() -> None:
    (part,) = device("access-list X extended permit ip any any").policies
    assert part.applied is None
    capture = (
        "access-list X; 1 elements; name hash: 0x1\naccess-list X line 1 extended permit ip any any (hitcnt=5) 0x2"
    )
    whole = "ASA Version 9.16(4)\nhostname fw1\ninterface GigabitEthernet0/0\n nameif outside\n"
    (shown,) = device(whole + capture).policies
    assert shown.applied is None


def test_when_a_time_range_is_over_for_good() -> None:
    (rule,) = next(one for one in device(CONFIGURATION).policies if one.name == "OUT").rules
    assert rule.schedule is not None
    assert rule.schedule.ends == datetime(2020, 6, 12, 18, 0)  # noqa: DTZ001


def test_the_window_of_counters() -> None:
    text = """
        fw1# show version
        fw1 up 34 days 3 hours
        fw1# show access-list
        access-list X; 1 elements; name hash: 0x1
        access-list X line 1 extended permit ip any any (hitcnt=5) 0x2
    """
    found = device(text)
    (rule,) = found.policies[0].rules
    assert rule.hits is not None
    assert (rule.hits.packets, rule.hits.window) == (5, "since the last restart at the most (34 days 3 hours ago)")
    assert found.source.lines.unknown == 0
