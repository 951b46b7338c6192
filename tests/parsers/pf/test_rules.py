"""Rules of pf, clause by clause, and the order in which they decide."""

from __future__ import annotations

import pytest

from rulecheck.model.fields import DOMAIN, IPV4_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS
from rulecheck.model.rule import DENY, Outcome, Verb
from tests.parsers.pf.reading import codes, four, hits, match, policy, read, rules, six, values


def test_quick_rules_in_order_and_then_the_others_from_the_last() -> None:
    found = rules("block all\npass in quick from 10.0.0.1\npass out\nblock quick to 10.0.0.2\n")
    assert [rule.origin.line for rule in found] == [2, 4, 3, 1]
    assert [rule.index for rule in found] == [0, 1, 2, 3]


def test_match_rules_act_before_the_rules_that_decide() -> None:
    found = rules("block\nmatch in scrub (no-df)\npass quick\nmatch out set prio (6, 7)\npass in\n")
    assert [rule.origin.line for rule in found] == [2, 3, 4, 5, 1]
    assert found[0].outcome == Outcome(Verb.CONTINUE, ("match", "scrub ( no-df )"))
    assert found[2].outcome == Outcome(Verb.CONTINUE, ("match", "set prio ( 6 , 7 )"))


def test_anchors_stand_where_they_are() -> None:
    text = """block all
anchor "a" in on em0 {
    pass quick from 10.0.0.1
    pass from 10.0.0.2
}
anchor "b" quick {
    pass from 10.0.0.3
    block quick from 10.0.0.4
    pass from 10.0.0.5
}
pass quick from 10.0.0.6
pass from 10.0.0.7
"""
    found = rules(text)
    assert [rule.origin.line for rule in found] == [3, 8, 9, 7, 11, 12, 4, 1]
    inside = found[0].match
    assert hits(inside, "10.0.0.1", in_interface="em0")
    assert not hits(inside, "10.0.0.1", in_interface="em1")
    assert not hits(inside, "10.0.0.1", in_interface="em0", out_interface="em1")


def test_the_default_passes() -> None:
    assert policy(read("block in quick\n")).default == Outcome(Verb.PERMIT, ("no state",))


def test_directions_and_interfaces() -> None:
    both, inside, outside = match("block on em0"), match("block in on em0"), match("block out on em0")
    incoming, outgoing = {"in_interface": "em0"}, {"in_interface": "em9", "out_interface": "em0"}
    assert hits(both, **incoming)
    assert hits(both, **outgoing)
    assert hits(inside, **incoming)
    assert not hits(inside, **outgoing)
    assert hits(outside, **outgoing)
    assert not hits(outside, **incoming)
    assert hits(match("block in on ! em0"), in_interface="em1")
    assert not hits(match("block in on ! em0"), in_interface="em0")
    assert hits(match("block in on { em0 em1 }"), in_interface="em1")
    assert hits(match("block in on lo"), in_interface="lo0")
    assert hits(match("block out on em0 received-on em1"), in_interface="em1", out_interface="em0")
    assert [one.key for one in match("block in on egress").all_conditions()] == ["in group:egress"]


def test_skipped_interfaces_come_first() -> None:
    found = rules("block quick all\nset skip on { lo em3 }\n")
    assert found[0].outcome == Outcome(Verb.PERMIT, ("no state",))
    assert hits(found[0].match, in_interface="lo0")
    assert hits(found[0].match, out_interface="em3")
    assert not hits(found[0].match, in_interface="em1")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("from 10.0.0.1", four("10.0.0.1")),
        ("from 10/8", four("10.0.0.0", "10.255.255.255")),
        ("from 10.1/16", four("10.1.0.0", "10.1.255.255")),
        ("from 10.0.0.1 - 10.0.0.9", four("10.0.0.1", "10.0.0.9")),
        ("from { 10.0.0.1, 10.0.0.4/31 10.0.0.9 }", four("10.0.0.1") | four("10.0.0.4", "10.0.0.5") | four("10.0.0.9")),
        ("from ! 10.0.0.0/8", IPV4_ALL - four("10.0.0.0", "10.255.255.255")),
        ("from !10.0.0.1", IPV4_ALL - four("10.0.0.1")),
        ("inet", IPV4_ALL),
        ("from fe80::1%em0", six(0xFE80 << 112 | 1, 0xFE80 << 112 | 1)),
        ("inet6 from { 10.0.0.1 ::1 }", six(1, 1)),
    ],
)
def test_sources(text: str, wanted: IntervalSet) -> None:
    assert values(match(f"block {text}").source) == wanted


def test_all_and_any_are_everything() -> None:
    assert match("block all").source is ANY_ADDRESS
    assert match("block from any to any").destination is ANY_ADDRESS


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("from em0:network", "source address:em0:network"),
        ("from (em0)", "source address:em0"),
        ("from self", "source address:self"),
        ("from www.example.com", "source fqdn:www.example.com"),
        ("from no-route", "source no-route"),
        ("from urpf-failed", "source urpf-failed"),
        ("to <nowhere>", "destination table:nowhere"),
        ("proto tcp user root", "user:root"),
        ("tagged GUEST", "tagged:GUEST"),
        ("from any os Linux", "os:Linux"),
    ],
)
def test_what_is_not_known_is_a_condition(text: str, key: str) -> None:
    assert key in [one.key for one in match(f"block {text}").all_conditions()]


def test_negated_tags() -> None:
    (test,) = match("block ! tagged GUEST").all_conditions()
    assert (test.key, test.holds) == ("tagged:GUEST", False)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("80", (80,), (79, 81)),
        ("= 80", (80,), (79, 81)),
        ("!= 80", (79, 81), (80,)),
        ("< 1024", (0, 1023), (1024,)),
        ("<= 1024", (1024,), (1025,)),
        ("> 1023", (1024, 65535), (1023,)),
        (">= 1024", (1024,), (1023,)),
        ("80:90", (80, 90), (79, 91)),
        (":90", (0, 90), (91,)),
        ("1 >< 5", (2, 4), (1, 5)),
        ("1 <> 5", (0, 6), (1, 5)),
        ("{ 22, http 8000:8100 }", (22, 80, 8050), (23, 443)),
    ],
)
def test_ports(text: str, inside: tuple[int, ...], outside: tuple[int, ...]) -> None:
    found = match(f"block proto tcp to any port {text}")
    assert all(hits(found, destination_port=one) for one in inside)
    assert not any(hits(found, destination_port=one) for one in outside)


def test_ports_on_both_sides() -> None:
    found = match("block proto { tcp udp } from any port 53 to port 1024:65535")
    assert hits(found, source_port=53, destination_port=2000, protocol=17)
    assert not hits(found, source_port=54, destination_port=2000)
    assert not hits(found, source_port=53, destination_port=2000, protocol=1)


def test_icmp() -> None:
    found = match("block inet proto icmp icmp-type { echoreq code 0, unreach }")
    assert hits(found, protocol=1, icmp=0x800)
    assert not hits(found, protocol=1, icmp=0x801)
    assert hits(found, protocol=1, icmp=0x304)
    assert hits(match("block inet6 proto icmp6 icmp6-type 135"), six(1, 1).lowest, six(2, 2).lowest, protocol=58,
                icmp=135 * 256)  # fmt: skip


def test_rules_that_keep_state_match_new_connections() -> None:
    for text in ("pass", "pass proto tcp", "pass keep state"):
        assert hits(match(text), tcp_flags=0x02), text
        assert not hits(match(text), tcp_flags=0x10), text
    for text in ("pass flags any", "pass no state", "block", "block proto tcp"):
        assert hits(match(text), tcp_flags=0x10), text
    assert hits(match("pass"), protocol=17)
    assert hits(match("block proto tcp flags S/SAFR"), tcp_flags=0x02)
    assert not hits(match("block proto tcp flags S/SAFR"), tcp_flags=0x03)


def test_fragments_and_tos() -> None:
    assert hits(match("block fragment"), fragment=1)
    assert not hits(match("block fragment"), fragment=0)
    assert hits(match("block tos 0x10"), tos=16)
    assert hits(match("block tos lowdelay"), tos=16)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("block", DENY),
        ("block drop in", DENY),
        ("block return", Outcome(Verb.REJECT, ("return",))),
        ("block return-rst proto tcp", Outcome(Verb.REJECT, ("return-rst",))),
        ("set block-policy return\nblock", Outcome(Verb.REJECT, ("return",))),
        ("pass", Outcome(Verb.PERMIT)),
        ("pass no state", Outcome(Verb.PERMIT, ("no state",))),
        ("pass synproxy state", Outcome(Verb.PERMIT, ("synproxy state",))),
        ("pass route-to (em1 10.0.0.1) tag A", Outcome(Verb.PERMIT, ("route-to ( em1 10.0.0.1 )", "tag A"))),
        ("pass rdr-to 10.0.0.1 port 80", Outcome(Verb.PERMIT, ("rdr-to 10.0.0.1 port 80",))),
        ("match log", Outcome(Verb.CONTINUE, ("match",))),
    ],
)
def test_outcomes(text: str, outcome: Outcome) -> None:
    assert rules(text)[-1].outcome == outcome


def test_facts() -> None:
    (rule,) = rules('# the web\npass in log (all) proto tcp to port 80 label "web"\n')
    assert (rule.name, rule.description) == ("web", "the web")
    assert rule.logging is not None


def test_translations_are_lists_of_their_own() -> None:
    text = "nat on em0 inet from 10.0.0.0/8 to any -> (em0)\nrdr pass on em0 proto tcp to port 80 -> 10.0.0.1\n"
    device = read(text)
    assert [one.name for one in device.policies] == ["nat", "rdr"]
    (nat,), (rdr,) = (one.rules for one in device.policies)
    assert nat.outcome == Outcome(Verb.TRANSLATE, ("nat", "-> ( em0 )"))
    assert rdr.outcome.details[0] == "rdr pass"
    assert hits(nat.match, "10.0.0.1", out_interface="em0")
    assert hits(rdr.match, in_interface="em0", destination_port=80)


def test_antispoof() -> None:
    found = match("antispoof for em0 inet")
    keys = {one.key for one in found.all_conditions()}
    assert keys == {"source address:em0:network", "source address:em0"}
    assert DOMAIN[Field.OUT_INTERFACE]


def test_unknown_rules_may_decide() -> None:
    found = rules('anchor "ftp/*"\nblock\n')
    assert found[0].outcome == Outcome(Verb.OTHER, ("anchor ftp/*",))
    assert found[0].match.all_conditions()[0].fresh is False
    assert codes(read('include "/etc/more"\nblock\n')) == ["RC607"]


def test_counters() -> None:
    text = """@0 block drop in log all
  [ Evaluations: 13        Packets: 7         Bytes: 900         States: 0     ]
  [ Inserted: uid 0 pid 1 State Creations: 0     ]
"""
    (rule,) = rules(text)
    assert rule.hits is not None
    assert (rule.hits.packets, rule.hits.octets) == (7, 900)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("block from 10.0.0.300", "RC606"),
        ("block proto bogus", "RC606"),
        ("block proto tcp port 70000", "RC602"),
        ("block proto tcp to port 70000", "RC606"),
        ("block proto tcp to port 9:1", "RC606"),
        ("block to port 80", "RC602"),
        ("block frobnicate", "RC602"),
        ("block from { 10.0.0.1", "RC602"),
        ("block from $nowhere", "RC603"),
        ("block from <nowhere>", "RC603"),
        ("frobnicate on", "RC601"),
    ],
)
def test_what_is_not_understood_is_reported(text: str, code: str) -> None:
    device = read(f"{text}\npass quick\n")
    assert code in codes(device)
    for rule in (one for one in policy(device).rules if one.origin.line == 1):
        assert rule.match.all_conditions()
