from __future__ import annotations

import pytest

from rulecheck.model.fields import CONNECTION_STATES, DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition
from rulecheck.model.rule import Rule
from tests.parsers.iptables.reading import codes, match, policy, rule, table

STATES = {name: index for index, name in enumerate(CONNECTION_STATES)}


def two(clauses: str, other: str = "", *, name: str = "filter", more: tuple[str, ...] = ()) -> tuple[Rule, Rule]:
    """Read two rules with the same (or other) clauses in one chain."""
    chain = "INPUT" if name == "filter" else "PREROUTING"
    lines = (f"-A {chain} {clauses} -j ACCEPT", f"-A {chain} {other or clauses} -j ACCEPT", *more)
    rules = policy(table(*lines, name=name), chain if name == "filter" else f"{name}/{chain}").rules
    return rules[0], rules[1]


def only(found: Rule) -> Condition:
    (condition,) = found.match.all_conditions()
    return condition


def values(clauses: str, name: Field, family: int = 4) -> IntervalSet:
    found = match(f"{clauses} -j DROP", family)
    assert found.conditions == ()
    (constraint,) = found.constraints
    assert constraint.field is name
    return constraint.values


@pytest.mark.parametrize(
    ("clauses", "names"),
    [
        ("-m state --state NEW", ("NEW",)),
        ("-m state --state RELATED,ESTABLISHED", ("RELATED", "ESTABLISHED")),
        ("-m conntrack --ctstate ESTABLISHED,RELATED", ("RELATED", "ESTABLISHED")),
        ("-m conntrack ! --ctstate INVALID,UNTRACKED", ("ESTABLISHED", "RELATED", "NEW")),
        ("-m state ! --state NEW", ("INVALID", "ESTABLISHED", "RELATED", "UNTRACKED")),
    ],
)
def test_connection_states_are_exact(clauses: str, names: tuple[str, ...]) -> None:
    assert values(clauses, Field.CONNECTION_STATE) == IntervalSet.points(STATES[name] for name in names)


def test_virtual_states_are_conditions() -> None:
    one, other = two("-m conntrack --ctstate DNAT", "-m conntrack ! --ctstate DNAT")
    assert only(one).key == only(other).key
    assert (only(one).holds, only(other).holds) == (True, False)
    mixed, same = two("-m conntrack --ctstate NEW,DNAT", "-m conntrack --ctstate DNAT,NEW")
    assert only(mixed).key == only(same).key != only(one).key


@pytest.mark.parametrize(
    ("clauses", "name", "expected"),
    [
        ("-m length --length 100", Field.PACKET_LENGTH, IntervalSet.of((100, 100))),
        ("-m length ! --length 100:200", Field.PACKET_LENGTH, IntervalSet.of((0, 99), (201, 65535))),
        ("-m ttl --ttl-eq 1", Field.TTL, IntervalSet.of((1, 1))),
        ("-m ttl --ttl-lt 5", Field.TTL, IntervalSet.of((0, 4))),
        ("-m ttl --ttl-gt 5", Field.TTL, IntervalSet.of((6, 255))),
        ("-m ttl ! --ttl-eq 0", Field.TTL, IntervalSet.of((1, 255))),
        ("-m dscp --dscp 0x2e", Field.TOS, IntervalSet.of((184, 187))),
        ("-m dscp --dscp-class EF", Field.TOS, IntervalSet.of((184, 187))),
        ("-m tos --tos 0x10", Field.TOS, IntervalSet.of((16, 16))),
        ("-m tos --tos Minimize-Delay", Field.TOS, IntervalSet.points((16, 80, 144, 208))),
        ("-m tos ! --tos 0x10/0xff", Field.TOS, IntervalSet.of((0, 15), (17, 255))),
        ("-m mac --mac-source 00:00:00:00:01:02", Field.SOURCE_MAC, IntervalSet.of((258, 258))),
        ("-f", Field.FRAGMENT, IntervalSet.of((1, 1))),
        ("! -f", Field.FRAGMENT, IntervalSet.of((0, 0))),
    ],
)
def test_header_fields_are_exact(clauses: str, name: Field, expected: IntervalSet) -> None:
    assert values(clauses, name) == expected


def test_hop_limit_is_exact() -> None:
    assert values("-m hl --hl-eq 255", Field.TTL, 6) == IntervalSet.of((255, 255))


def test_negated_mac_does_not_speak_about_packets_without_one() -> None:
    found = rule("-m mac ! --mac-source 00:00:00:00:01:02 -j DROP")
    (constraint,) = found.match.constraints
    assert constraint.values == DOMAIN[Field.SOURCE_MAC] - IntervalSet.of((258, 258))
    assert only(found).fresh is None


def test_masked_mac_is_unknown_and_reported_once() -> None:
    device = table(*["-A INPUT -m mac --mac-source XX:XX:XX:XX:XX:XX -j ACCEPT"] * 3)
    keys = {only(one).key for one in policy(device, "INPUT").rules}
    assert len(keys) == 3
    (diagnostic,) = device.diagnostics
    assert (diagnostic.code, diagnostic.line, diagnostic.affects_verdicts) == ("RC606", 5, False)
    assert "3 rules" in diagnostic.message


@pytest.mark.parametrize(
    "clause",
    [
        "-m pkttype --pkt-type broadcast",
        "-m addrtype --dst-type LOCAL",
        "-m owner --uid-owner 101",
        "-m physdev --physdev-in eth0",
        "-m mark --mark 0x1/0xff",
        "-m helper --helper ftp",
        "-m realm --realm 3",
    ],
)
def test_shared_test_and_its_negation(clause: str) -> None:
    module, option = clause.split(" --")
    one, other = two(clause, f"-i eth9 {module} ! --{option}")
    assert only(one).key == only(other).key
    assert (only(one).holds, only(other).holds) == (True, False)
    assert only(one).fresh is None


@pytest.mark.parametrize(
    "clause",
    [
        "-m connmark --mark 0x1",
        "-m conntrack --ctproto 6",
        "-m conntrack --ctorigdst 10.0.0.1",
    ],
)
def test_a_packet_without_connection_answers_neither_test_nor_negation(clause: str) -> None:
    module, option = clause.split(" --")
    one, same = two(clause)
    assert only(one).key == only(same).key
    _, other = two(clause, f"{module} ! --{option}")
    assert only(other).key != only(one).key
    assert only(other).holds


def test_conntrack_options_keep_their_key_beside_a_state_that_needs_a_connection() -> None:
    plain, new = two("-m conntrack --ctproto 6", "-m conntrack --ctstate NEW --ctproto 6")
    assert only(plain).key == only(new).key
    _, invalid = two("-m conntrack --ctproto 6", "-m conntrack --ctstate INVALID --ctproto 6")
    assert only(plain).key != only(invalid).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("-m time --timestart 08:00 --timestop 17:00", "-m time --timestop 17:00 --timestart 08:00"),
        ("-m u32 --u32 0x0=1", "-m u32 --u32 0x0=1"),
        ("-m set --match-set bad src", "-i eth0 -m set --match-set bad src"),
        ("-m rt --rt-type 0", "-m rt --rt-type 0"),
    ],
)
def test_whole_tests_are_shared_whatever_the_order_of_options(one: str, other: str) -> None:
    first, second = two(one, other)
    assert only(first).key == only(second).key


def test_ipsec_policies_keep_the_order_of_their_elements() -> None:
    text = "-m policy --dir in --pol ipsec --strict --proto esp --next --proto ah"
    first, second = two(text, "-m policy --dir in --pol ipsec --strict --proto ah --next --proto esp")
    assert only(first).key != only(second).key
    assert only(first).fresh is False


@pytest.mark.parametrize(
    ("clause", "fresh"),
    [
        ("-m limit --limit 3/min --limit-burst 5", True),
        ("-m hashlimit --hashlimit-upto 1/sec --hashlimit-name a", True),
        ("-m hashlimit --hashlimit-above 1/sec --hashlimit-name a", False),
        ("-m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr", False),
        ("-m connlimit ! --connlimit-above 5", True),
        ("-m connlimit --connlimit-upto 5", True),
        ("-m recent --rcheck --name a --rsource", False),
        ("-m recent --update --seconds 60 --hitcount 4 --name a", False),
        ("-m recent --remove --name a", False),
        ("-m recent ! --rcheck --name a", None),
        ("-m statistic --mode random --probability 0.5", None),
        ("-m quota --quota 1000", None),
    ],
)
def test_rates_and_history_differ_from_rule_to_rule(clause: str, fresh: bool | None) -> None:
    one, other = two(clause)
    assert only(one).key != only(other).key
    assert only(one).fresh is only(other).fresh is fresh


def test_recent_set_always_holds_but_changes_the_outcome() -> None:
    found = rule("-m recent --set --name SSH --rsource -j ACCEPT")
    assert found.match.all_conditions() == ()
    assert found.outcome.details == ("recent --set --name SSH --rsource",)
    assert rule("-m recent --rcheck --name SSH -j ACCEPT").outcome.details == ()


@pytest.mark.parametrize(
    ("clause", "changing"),
    [
        ("-m mark --mark 1", "-j MARK --set-mark 1"),
        ("-m connmark --mark 1", "-j CONNMARK --set-mark 1"),
        ("-m tos --tos 0x10", "-j TOS --set-tos 0x10"),
        ("-m dscp --dscp 1", "-j DSCP --set-dscp 1"),
        ("-m ttl --ttl-eq 1", "-j TTL --ttl-set 1"),
        ("-m conntrack --ctstate UNTRACKED", "-j CT --notrack"),
        ("-m set --match-set a src", "-j SET --add-set a src"),
        ("-p tcp -m tcpmss --mss 1:500", "-p tcp -j TCPMSS --set-mss 1400"),
    ],
)
def test_what_the_table_changes_on_the_way_is_not_compared(clause: str, changing: str) -> None:
    one, other = two(clause, name="mangle", more=(f"-A PREROUTING {changing}",))
    assert only(one).key != only(other).key
    assert "changes" in only(one).reason


def test_comment_and_accounting_restrict_nothing() -> None:
    found = rule('-m comment --comment "two words -j DROP" -m nfacct --nfacct-name x -j ACCEPT')
    assert found.match.terms((4,)) == match("-j ACCEPT").terms((4,))
    assert found.description == "two words -j DROP"


@pytest.mark.parametrize(
    "clauses",
    ["-m frobnicate --level 3 --deep", "-m tcp --frobnicate 3", "--frobnicate", "-m limit --rate 3", "stray"],
)
def test_what_is_not_known_makes_the_rule_inexact_on_its_own(clauses: str) -> None:
    device = table(f"-A INPUT -s 10.0.0.1/32 {clauses} -j ACCEPT", f"-A INPUT -s 10.0.0.1/32 {clauses} -j ACCEPT")
    assert {("RC602", 5), ("RC602", 6)} <= set(codes(device))
    assert all(one.affects_verdicts for one in device.diagnostics)
    one, other = policy(device, "INPUT").rules
    assert {c.key for c in one.match.conditions}.isdisjoint(c.key for c in other.match.conditions)
    assert one.match.must((4,)) == ()
    assert one.match.may((4,)) == match("-s 10.0.0.1/32 -j ACCEPT").may((4,))


def test_ipsets_are_named_as_used() -> None:
    device = table("-A INPUT -m set --match-set bad src -j DROP")
    assert [(use.policy, use.rule, use.kind, use.name) for use in device.uses] == [("INPUT", 0, "ipset", "bad")]
