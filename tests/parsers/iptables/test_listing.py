"""Listings of ``iptables -L``: with -v they say what a dump says; without it no rule is exact."""

from __future__ import annotations

import pytest

from rulecheck.model.device import Device, Policy
from rulecheck.model.rule import DENY, PERMIT, RETURN, Verb
from tests.parsers.iptables.reading import policy, read, table

HEAD = " pkts bytes target     prot opt in     out     source               destination"
ANY = "0.0.0.0/0            0.0.0.0/0"


def listing(*rules: str, head: str = HEAD, chain: str = "Chain INPUT (policy DROP 12 packets, 720 bytes)") -> Device:
    return read("\n".join((chain, head, *rules, "", "Chain OTHER (0 references)", head)))


@pytest.mark.parametrize(
    ("row", "option"),
    [
        (f"1 2 ACCEPT all -- lo * {ANY}", "-i lo -j ACCEPT"),
        (f"1 2 ACCEPT all -- !eth0 eth+ {ANY}", "! -i eth0 -o eth+ -j ACCEPT"),
        ("1 2 DROP all -- * * !10.0.0.0/8 192.0.2.1", "! -s 10.0.0.0/8 -d 192.0.2.1 -j DROP"),
        (f"1 2 ACCEPT tcp -- * * {ANY} tcp dpt:22", "-p tcp --dport 22 -j ACCEPT"),
        (f"1 2 ACCEPT tcp -- * * {ANY} tcp spts:1024:65535 dpt:!22", "-p tcp --sport 1024: ! --dport 22 -j ACCEPT"),
        (f"1 2 ACCEPT 6 -- * * {ANY} tcp flags:!0x17/0x02", "-p tcp ! --syn -j ACCEPT"),
        (f"1 2 ACCEPT udp -- * * {ANY} multiport dports 53,123", "-p udp -m multiport --dports 53,123 -j ACCEPT"),
        (f"1 2 ACCEPT icmp -- * * {ANY} icmptype 3 code 4", "-p icmp --icmp-type 3/4 -j ACCEPT"),
        (
            f"1 2 ACCEPT all -- * * {ANY} ctstate RELATED,ESTABLISHED",
            "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        ),
        (
            f"1 2 ACCEPT all -- * * {ANY} source IP range 10.0.0.1-10.0.0.9",
            "-m iprange --src-range 10.0.0.1-10.0.0.9 -j ACCEPT",
        ),
        (f"1 2 ACCEPT all -f * * {ANY}", "-f -j ACCEPT"),
        (f"1 2 REJECT tcp -- * * {ANY} reject-with tcp-reset", "-p tcp -j REJECT --reject-with tcp-reset"),
        (f"1 2 all -- * * {ANY}", ""),
    ],
)
def test_a_row_means_what_its_options_mean(row: str, option: str) -> None:
    (mine,) = policy(listing(row), "INPUT").rules
    (theirs,) = policy(table(f"-A INPUT {option}"), "INPUT").rules
    assert mine.match.terms((4,)) == theirs.match.terms((4,))
    assert mine.outcome == theirs.outcome
    assert mine.match.all_conditions() == ()


def chains(device: Device) -> dict[str, Policy]:
    return {one.name: one for one in device.policies}


def test_policies_and_counters() -> None:
    found = chains(listing(f"120K 12M ACCEPT all -- lo * {ANY}"))
    assert (found["INPUT"].default, found["INPUT"].applied) == (DENY, True)
    assert (found["OTHER"].default, found["OTHER"].applied) == (RETURN, False)
    hits = found["INPUT"].rules[0].hits
    assert hits is not None
    assert (hits.packets, hits.octets) == (120_000, 12_000_000)


def test_targets_with_options() -> None:
    log, nat, goto = policy(
        listing(
            f'0 0 LOG all -- * * {ANY} limit: avg 5/min burst 5 LOG flags 0 level 4 prefix "drop: "',
            f"0 0 DNAT tcp -- * * {ANY} /* web */ tcp dpt:80 to:10.0.0.2:8080",
            f"0 0 OTHER all -- * * {ANY} [goto]",
        ),
        "INPUT",
    ).rules
    assert log.logging is not None
    assert [one.fresh for one in log.match.all_conditions()] == [True]
    assert nat.outcome.label == "dnat --to-destination 10.0.0.2:8080"
    assert nat.description == "web"
    assert (goto.outcome.verb, goto.calls) == (Verb.GOTO, "OTHER")


def test_line_numbers_are_not_counters() -> None:
    (rule,) = policy(listing(f"1 7 420 ACCEPT all -- lo * {ANY}", head=f"num {HEAD}"), "INPUT").rules
    assert rule.outcome == PERMIT
    assert rule.hits is not None
    assert rule.hits.packets == 7


def test_without_v_no_rule_is_exact() -> None:
    head = "target     prot opt source               destination"
    device = listing(f"ACCEPT all -- {ANY}", f"DROP tcp -- {ANY} tcp dpt:23", head=head)
    rules = policy(device, "INPUT").rules
    assert [one.outcome for one in rules] == [PERMIT, DENY]
    assert all(one.match.must((4,)) == () for one in rules)
    keys = [condition.key for one in rules for condition in one.match.all_conditions()]
    assert len(set(keys)) == 2
    (hidden,) = [one for one in device.diagnostics if one.code == "RC602"]
    assert hidden.affects_verdicts
    assert "-v" in hidden.message


def test_an_option_that_is_not_known_makes_the_rule_inexact() -> None:
    device = listing(f"0 0 DROP all -- * * {ANY} FANCY match")
    (rule,) = policy(device, "INPUT").rules
    assert rule.match.must((4,)) == ()
    assert [(one.code, one.line) for one in device.diagnostics if one.affects_verdicts] == [("RC602", 3)]


def test_the_table_follows_from_the_chains() -> None:
    names = ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING")
    text = "\n".join(f"Chain {name} (policy ACCEPT 0 packets, 0 bytes)\n{HEAD}\n" for name in names)
    assert [one.name for one in read(text).policies] == [f"nat/{name}" for name in names]


def test_ipv6() -> None:
    head = " pkts bytes target     prot opt in     out     source               destination"
    device = listing("1 2 ACCEPT tcp eth0 * ::/0 2001:db8::/32 tcp dpt:22", head=head)
    (rule,) = policy(device, "INPUT").rules
    assert policy(device, "INPUT").families == (6,)
    (theirs,) = policy(
        table("-A INPUT -i eth0 -d 2001:db8::/32 -p tcp --dport 22 -j ACCEPT", header="# Generated by ip6tables-save"),
        "INPUT",
    ).rules
    assert rule.match.terms((6,)) == theirs.match.terms((6,))


def test_the_date_of_a_dump_ends_the_window_of_its_counters() -> None:
    header = "# Generated by iptables-save v1.8.9 on Mon Mar  2 10:00:00 2026"
    (rule,) = policy(table("[3:180] -A INPUT -j ACCEPT", header=header), "INPUT").rules
    assert rule.hits is not None
    assert rule.hits.window == "until Mon Mar  2 10:00:00 2026"
