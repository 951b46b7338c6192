"""Base chains, calls between chains, outcomes, and the facts about objects."""

from __future__ import annotations

import pytest

from rulecheck.model.device import ObjectUse
from rulecheck.model.match import Addresses
from rulecheck.model.rule import DENY, PERMIT, RETURN, Hits, Outcome, Verb
from tests.parsers.nftables.reading import NET10, codes, policy, read, rule, rules, table


def base(name: str, hook: str, priority: str, rest: str = "") -> str:
    return f"chain {name} {{\ntype filter hook {hook} priority {priority}; {rest}\n}}"


def test_base_chains_come_by_hook_and_priority() -> None:
    text = "\n".join(
        (
            "table inet a {",
            base("late", "input", "filter + 10", "policy drop;"),
            base("fwd", "forward", "-5"),
            base("early", "input", "filter", "policy accept;"),
            "chain called {\n}",
            base("raw", "prerouting", "raw"),
            "}",
            "table ip b {",
            base("between", "input", "5"),
            "}",
        )
    )
    found = read(text).policies
    assert [one.name for one in found] == [
        "inet a raw",
        "inet a early",
        "ip b between",
        "inet a late",
        "inet a fwd",
        "inet a called",
    ]
    assert [one.default for one in found] == [PERMIT, PERMIT, PERMIT, DENY, PERMIT, RETURN]
    assert [one.entry for one in found] == [True] * 5 + [False]
    assert [one.applied for one in found] == [True] * 5 + [False]
    assert found[3].applied_to == ("inet input priority filter + 10",)
    assert found[2].families == (4,)


def test_priorities_of_bridges_have_their_own_names() -> None:
    text = "\n".join(("table bridge t {", base("b", "input", "0"), base("a", "input", "filter"), "}"))
    assert [one.name for one in read(text).policies] == ["bridge t a", "bridge t b"]


def test_devices_of_an_ingress_hook() -> None:
    text = "table netdev t {\n" + base("c", "ingress devices = { eth0, eth1 }", "0") + "\n}"
    (found,) = read(text).policies
    assert found.applied_to == ("netdev ingress on eth0, eth1 priority 0",)


def test_a_dormant_table_is_not_applied() -> None:
    (found,) = read("table ip t {\nflags dormant\n" + base("c", "input", "0") + "\n}").policies
    assert (found.applied, found.applied_to) == (False, ())


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("accept", PERMIT),
        ("drop", DENY),
        ("return", RETURN),
        ("continue", Outcome(Verb.CONTINUE, ("count",))),
        ("counter", Outcome(Verb.CONTINUE, ("count",))),
        ('log prefix "x" level warn flags all', Outcome(Verb.CONTINUE, ("log",))),
        ("meta mark set 0x1", Outcome(Verb.CONTINUE, ("meta mark set 0x1",))),
        ("ct mark set meta mark", Outcome(Verb.CONTINUE, ("ct mark set meta mark",))),
        ("meta mark set ct mark & 0xff | 0x100", Outcome(Verb.CONTINUE, ("meta mark set ct mark & 0xff | 0x100",))),
        ("tcp option maxseg size set rt mtu", Outcome(Verb.CONTINUE, ("tcp option maxseg size set rt mtu",))),
        ("notrack", Outcome(Verb.CONTINUE, ("notrack",))),
        ("meta mark set 1 accept", Outcome(Verb.PERMIT, ("meta mark set 1",))),
        ("reject", Outcome(Verb.REJECT, ("icmp port-unreachable",))),
        ("reject with icmp type host-unreachable", Outcome(Verb.REJECT, ("icmp host-unreachable",))),
        ("tcp dport 1 reject with tcp reset", Outcome(Verb.REJECT, ("tcp reset",))),
        ("masquerade random", Outcome(Verb.TRANSLATE, ("masquerade random",))),
        ("snat to 192.0.2.1-192.0.2.4", Outcome(Verb.TRANSLATE, ("snat to 192.0.2.1-192.0.2.4",))),
        ("tcp dport 80 dnat to 10.0.0.1:8080", Outcome(Verb.TRANSLATE, ("dnat to 10.0.0.1:8080",))),
        ("udp dport 53 redirect to :5353", Outcome(Verb.TRANSLATE, ("redirect to :5353",))),
        ("queue num 1-3 bypass", Outcome(Verb.OTHER, ("queue num 1-3 bypass",))),
    ],
)
def test_outcomes(text: str, outcome: Outcome) -> None:
    assert rule(text).outcome == outcome


def test_a_map_of_a_translation_restricts_the_rule_to_its_keys() -> None:
    plain = rule("tcp dport { 80, 443 } accept").match
    mapped = rule("dnat to tcp dport map { 80 : 10.0.0.1, 443 : 10.0.0.2 }")
    assert mapped.match.terms((4,)) == plain.terms((4,))
    assert mapped.outcome.verb is Verb.TRANSLATE


def test_comment_log_and_counter() -> None:
    found = rule('tcp dport 22 log prefix "ssh " counter packets 5 bytes 300 accept comment "from home"')
    assert found.description == "from home"
    assert found.logging is not None
    assert found.logging.text == 'log prefix "ssh "'
    assert found.hits == Hits(5, 300)


def test_a_counter_before_a_test_does_not_count_the_rule() -> None:
    assert rule("counter packets 9 bytes 9 tcp dport 22 accept").hits is None


def test_calls() -> None:
    device = table("jump web", "tcp dport 22 goto ssh", chains="chain web {\naccept\n}\nchain ssh {\nreturn\n}")
    first, second = policy(device, "ip t input").rules
    assert (first.outcome, first.calls) == (Outcome(Verb.CALL, ("ip t web",)), "ip t web")
    assert (second.outcome, second.calls) == (Outcome(Verb.GOTO, ("ip t ssh",)), "ip t ssh")
    web = policy(device, "ip t web")
    assert (web.applied_to, web.applied, web.default) == (("called from ip t input",), True, RETURN)
    assert ObjectUse("ip t input", 0, "chain", "ip t web") in device.uses


def test_a_chain_written_in_place() -> None:
    device = table("tcp dport 53 jump {\nip saddr 10.0.0.0/8 accept\ndrop\n}", "accept")
    outer, inner = policy(device, "ip t input"), policy(device, "ip t input[0]")
    assert [one.outcome.verb for one in outer.rules] == [Verb.CALL, Verb.PERMIT]
    assert outer.rules[0].calls == inner.name
    assert [one.outcome for one in inner.rules] == [PERMIT, DENY]
    assert not codes(device)


def test_a_call_with_a_side_effect_is_never_superfluous() -> None:
    (found,) = rules("meta mark set 1 jump other", chains="chain other {\n}")
    assert [one.fresh for one in found.match.all_conditions()] == [True]


@pytest.mark.parametrize(
    ("text", "chains", "code"),
    [
        ("jump nowhere", "", "RC603"),
        ("jump input2", "chain input2 {\ntype filter hook input priority 5;\n}", "RC606"),
        ("tcp dport vmap { 1 : accept, 2 : jump nowhere }", "", "RC603"),
    ],
)
def test_calls_that_cannot_be_followed(text: str, chains: str, code: str) -> None:
    device = table(text, chains=chains)
    (found,) = policy(device, "ip t input").rules
    assert found.outcome.verb is Verb.OTHER
    assert found.calls is None
    assert found.match.must((4,)) == ()
    assert [one.code for one in device.diagnostics if one.affects_verdicts] == [code]


def test_loops_of_chains_are_cut() -> None:
    device = table("jump a", chains="chain a {\ntcp dport vmap { 1 : jump b, 2 : accept }\n}\nchain b {\ngoto a\n}")
    assert [one.code for one in device.diagnostics] == ["RC604"]
    assert policy(device, "ip t b").rules[0].calls is None


def test_a_chain_that_is_never_called() -> None:
    device = table("accept", chains="chain spare {\ndrop\n}")
    assert [one.code for one in device.diagnostics] == ["RC608"]
    assert policy(device, "ip t spare").applied is False


# --- sets -----------------------------------------------------------------------------------------------------

SET = "set lan {\ntype ipv4_addr\nflags interval\nelements = { 10.0.0.0/9,\n 10.128.0.0/9 }\n}"


def test_a_named_set_is_shared_and_its_content_is_known() -> None:
    device = table("ip saddr @lan accept", "ip daddr @lan accept", "ip saddr @lan drop", before=SET)
    first, second, third = policy(device, "ip t input").rules
    assert first.match.source is third.match.source is second.match.destination
    assert first.match.source.elements[0].origin.path == ("lan",)
    assert first.match.source.elements[1].origin.line == 6
    (lan,) = [one for one in device.objects if one.kind == "set"]
    assert lan.content is first.match.source
    assert isinstance(lan.content, Addresses)
    assert first.match.must((4,))[0].sets == rule("ip saddr 10.0.0.0/8 accept").match.must((4,))[0].sets
    assert [one.name for one in device.uses if one.kind == "set"] == ["ip t lan"] * 3


@pytest.mark.parametrize(
    "body",
    [
        "type ipv4_addr",
        "type ipv4_addr; flags dynamic; elements = { 10.0.0.1 }",
        "type ipv4_addr; flags timeout; elements = { 10.0.0.1 timeout 1h expires 3m }",
        "type ipv4_addr; elements = { 10.0.0.1.2 }",
    ],
)
def test_a_set_whose_members_are_not_known_is_a_condition(body: str) -> None:
    before = f"set s {{\n{body}\n}}"
    first, second = rules("ip saddr @s accept", "ip saddr != @s drop", before=before)
    mine, theirs = first.match.all_conditions(), second.match.all_conditions()
    assert [(one.key, one.holds) for one in mine] == [("source set ip t @s", True)]
    assert [(one.key, one.holds) for one in theirs] == [("source set ip t @s", False)]


def test_a_set_that_rules_write_to_is_not_known() -> None:
    before = "set s {\ntype ipv4_addr\nelements = { 10.0.0.1 }\n}"
    first, _ = rules("ip saddr @s accept", "add @s { ip saddr }", before=before)
    assert first.match.must((4,)) == ()


def test_sets_of_ports_names_and_joined_keys() -> None:
    before = """set p { type inet_service; elements = { 22, 80-90 }; }
set n { type ifname; flags interval; elements = { "eth*", "lo" }; }
set j { type ipv4_addr . inet_service; elements = { 10.0.0.1 . 22 }; }"""
    named = rules("tcp dport @p accept", "iifname @n accept", "ip saddr . tcp dport @j accept", before=before)
    plain = rules(
        "tcp dport { 22, 80-90 } accept", 'iifname { "eth*", "lo" } accept', "ip saddr 10.0.0.1 tcp dport 22 accept"
    )
    assert [one.match.must((4,)) for one in named] == [one.match.must((4,)) for one in plain]


def test_a_set_that_does_not_exist() -> None:
    device = table("ip saddr @nowhere accept")
    assert [one.code for one in device.diagnostics] == ["RC603"]
    assert policy(device, "ip t input").rules[0].match.must((4,)) == ()


def test_objects_and_their_uses() -> None:
    before = """counter c { packets 1 bytes 2; }
limit l { rate 5/second; }
ct helper h { type "ftp" protocol tcp; }
map m { type inet_service : verdict; elements = { 22 : jump ssh }; }"""
    device = table(
        "counter name c accept",
        'limit name "l" accept',
        'ct helper set "h"',
        "tcp dport vmap @m",
        before=before,
        chains="chain ssh {\n}",
    )
    kinds = {(one.kind, one.name) for one in device.objects}
    assert {("counter", "ip t c"), ("limit", "ip t l"), ("ct helper", "ip t h"), ("map", "ip t m")} <= kinds
    uses = {(one.rule, one.kind, one.name) for one in device.uses}
    assert {(0, "counter", "ip t c"), (1, "limit", "ip t l"), (2, "ct helper", "ip t h"), (3, "map", "ip t m")} <= uses
    assert (None, "chain", "ip t ssh") in uses


def test_arp_tables_are_reported_and_not_analysed() -> None:
    device = read("table arp t {\n" + base("c", "input", "0", "arp operation request accept") + "\n}")
    assert device.policies == ()
    assert codes(device) == [("RC602", 1)]


def test_members_of_a_set_are_joined() -> None:
    assert rule("ip saddr @lan accept", before=SET).match.source.parts[0].values == NET10
