"""Address lists: static, by name, temporary, written by rules, and missing."""

from __future__ import annotations

from rulecheck.engine import analyze_policies
from rulecheck.model.match import Addresses, Condition
from rulecheck.model.rule import Rule
from tests.parsers.mikrotik.reading import codes, filtered, hits, policy, read, rule

LISTS = """/ip firewall address-list
add address=10.0.0.0/24 list=net
add address=10.0.2.5 list=net
add address=10.0.3.0-10.0.3.9 list=net
add address=10.0.9.0/24 disabled=yes list=net
add address=www.Example.com list=named
add address=10.7.0.1 list=timed timeout=1d"""


def condition_of(one: Rule) -> Condition:
    (found,) = [element.condition for element in one.match.source.elements if element.condition]
    return found


def test_static_members() -> None:
    match = rule("src-address-list=net", before=LISTS).match
    assert [hits(match, text) for text in ("10.0.0.7", "10.0.2.5", "10.0.3.9", "10.0.9.1")] == [True, True, True, False]
    assert not hits(rule("src-address-list=!net", before=LISTS).match, "10.0.2.5")
    assert hits(rule("src-address-list=!net", before=LISTS).match, "10.0.2.6")


def test_a_list_and_an_address_both_have_to_fit() -> None:
    match = rule("src-address-list=net src-address=10.0.0.128/25", before=LISTS).match
    assert hits(match, "10.0.0.200")
    assert not hits(match, "10.0.0.100")
    outside = rule("dst-address-list=!net dst-address=10.0.2.0/24", before=LISTS).match
    assert hits(outside, destination="10.0.2.6")
    assert not hits(outside, destination="10.0.2.5")


def test_names_and_temporary_entries_are_conditions() -> None:
    assert condition_of(rule("src-address-list=named", before=LISTS)).key == "fqdn:www.example.com"
    assert condition_of(rule("src-address-list=timed", before=LISTS)).key == "temporary entry:timed:10.7.0.1"


def test_a_list_without_entries_is_unknown() -> None:
    device = filtered("chain=forward src-address-list=ghost", before=LISTS)
    assert [code for code, _ in codes(device)] == ["RC603"]
    condition = condition_of(policy(device).rules[0])
    assert (condition.key, condition.fresh) == ("address-list:ghost", False)


def test_bad_entries_make_the_list_inexact() -> None:
    device = filtered("chain=forward src-address-list=x", before="/ip firewall address-list\nadd address=10.0.0 list=x")
    assert [code for code, _ in codes(device)] == ["RC606"]
    assert policy(device).rules[0].match.must((4,)) == ()


TRAP = (
    "chain=input action=drop src-address-list=blocked",
    "chain=input action=add-src-to-address-list address-list=blocked protocol=tcp dst-port=22",
    "chain=input action=drop src-address-list=blocked",
    "chain=input action=accept protocol=udp",
    "chain=input action=drop src-address-list=blocked protocol=udp",
)


def test_a_list_that_rules_write_changes_between_two_tests() -> None:
    rules = policy(filtered(*TRAP), "input").rules
    before, behind, later = (condition_of(rules[index]) for index in (0, 2, 4))
    assert (before.fresh, behind.fresh) == (False, None)
    assert before.key != behind.key
    assert behind.key == later.key


def test_what_a_fresh_list_does_not_hold_is_live() -> None:
    device = filtered(*TRAP[:2], "chain=input action=drop protocol=udp dst-port=53")
    verdicts = analyze_policies(device.policies)[0].verdicts
    assert verdicts[2].kind is None


def test_lists_that_earlier_tables_write_are_not_fresh() -> None:
    text = "/ip firewall raw\nadd chain=prerouting action=add-src-to-address-list address-list=seen\n"
    device = read(text + "/ip firewall filter\nadd chain=input action=drop src-address-list=seen")
    assert condition_of(policy(device, "input").rules[0]).fresh is None


def test_lists_of_both_families_are_separate() -> None:
    text = LISTS + "\n/ipv6 firewall address-list\nadd address=2001:db8::/64 list=net\n/ipv6 firewall filter\n"
    device = read(text + "add chain=forward src-address-list=net")
    assert policy(device, "ipv6:forward").families == (6,)
    assert codes(device) == []
    assert [one.name for one in device.objects] == ["net", "named", "timed", "ipv6:net"]


def test_objects_and_uses() -> None:
    text = "\n".join(
        [
            *LISTS.splitlines(),
            "/interface list",
            "add name=LAN",
            "/ip firewall filter",
            "add chain=forward src-address-list=!net in-interface-list=LAN",
            "/ip service",
            "set ssh address-list=named",
            "/tool mac-server",
            "set allowed-interface-list=LAN",
        ]
    )
    device = read(text)
    assert {(one.policy, one.rule, one.kind, one.name) for one in device.uses} == {
        ("forward", 0, "address-list", "net"),
        ("forward", 0, "interface-list", "LAN"),
        ("/ip service", None, "address-list", "named"),
        ("/tool mac-server", None, "interface-list", "LAN"),
    }
    content = next(one.content for one in device.objects if one.name == "net")
    assert isinstance(content, Addresses)
    assert len(content.elements) == 3


def test_operands_are_shared() -> None:
    first, second = policy(
        filtered("chain=forward src-address-list=net", "chain=forward src-address-list=net", before=LISTS)
    ).rules
    assert first.match.source is second.match.source
