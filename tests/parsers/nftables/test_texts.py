"""Files as a whole: definitions, commands, includes, scripts, damage, and what detection says."""

from __future__ import annotations

import json

import pytest

from parsers.netfilter.nftables import PARSER
from parsers.registry import detect
from rulecheck.model.fields import Field
from rulecheck.model.match import Addresses
from rulecheck.model.rule import DENY, PERMIT, Verb
from tests.parsers.nftables.reading import NET10, codes, config, points, policy, read, span

HOOK = "type filter hook input priority 0; policy drop;"


def file(*rules: str, before: str = "", after: str = "") -> str:
    return "\n".join((before, "table ip t {", "chain input {", HOOK, *rules, "}", "}", after)).strip("\n")


def test_definitions() -> None:
    text = file(
        "ip saddr $LAN tcp dport $PORTS accept",
        "tcp dport $LOW-$HIGH drop",
        "ip saddr { $HOST, $LAN } iifname $WAN drop",
        before="define HOST = 10.0.0.1\ndefine LAN = { 10.0.0.0/9, 10.128.0.0/9 }\ndefine PORTS = { 22, 80 }\n"
        "define LOW = 5\ndefine HIGH = 9\ndefine WAN = eth0\ndefine ALL = { $LAN, 192.0.2.1 }",
    )
    device = read(text)
    assert not codes(device)
    first, second, third = policy(device, "ip t input").rules
    (term,) = first.match.must((4,))
    assert (term.sets[Field.SOURCE], term.sets[Field.DESTINATION_PORT]) == (NET10, points(22, 80))
    assert second.match.must((4,))[0].sets[Field.DESTINATION_PORT] == span(5, 9)
    assert third.match.must((4,))[0].sets[Field.SOURCE] == NET10
    defines = {one.name: one for one in device.objects if one.kind == "define"}
    assert isinstance(defines["LAN"].content, Addresses)
    assert defines["ALL"].members == ("LAN",)
    assert defines["PORTS"].content is None
    uses = [(one.rule, one.name) for one in device.uses if one.kind == "define"]
    assert uses == [
        (0, "LAN"),
        (0, "PORTS"),
        (1, "LOW"),
        (1, "HIGH"),
        (2, "HOST"),
        (2, "LAN"),
        (2, "WAN"),
        (None, "LAN"),
    ]


def test_a_shared_definition_is_resolved_once() -> None:
    device = read(file("ip saddr $LAN accept", "ip saddr $LAN drop", before="define LAN = { 10.0.0.0/8 }"))
    first, second = policy(device, "ip t input").rules
    assert first.match.source is second.match.source


def test_a_name_that_is_not_defined() -> None:
    device = read(file("ip saddr $NOPE accept", "tcp dport $NOPE drop", "meta mark $NOPE drop"))
    assert codes(device) == [("RC603", 4), ("RC603", 5), ("RC603", 6)]
    assert all(one.match.must((4,)) == () for one in policy(device, "ip t input").rules)


def test_definitions_within_definitions_do_not_explode() -> None:
    lines = ["define a0 = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }"]
    lines += [f"define a{n} = {{ {', '.join([f'$a{n - 1}'] * 10)} }}" for n in range(1, 12)]
    device = read(file("tcp dport $a11 accept", before="\n".join(lines)))
    assert any(one.code == "RC601" and one.affects_verdicts for one in device.diagnostics)


def test_an_included_file_is_reported() -> None:
    device = read(file("accept", before='include "/etc/nftables.d/*.nft"'))
    (found,) = device.diagnostics
    assert (found.code, found.line, found.affects_verdicts) == ("RC601", 1, True)
    assert "nft list ruleset" in found.message


def test_commands() -> None:
    device = read(
        "\n".join(
            (
                "flush ruleset",
                "add table ip t",
                f"add chain ip t input {{ {HOOK} }}",
                "add set ip t lan { type ipv4_addr; flags interval; }",
                "add element ip t lan { 10.0.0.0/8 }",
                "add rule ip t input ip saddr @lan tcp dport { 22, 80 } accept",
                "add rule ip t input drop",
                "insert rule ip t input iifname lo accept",
                "add rule ip t input index 0 ct state invalid drop",
            )
        )
    )
    assert not codes(device)
    found = policy(device, "ip t input")
    assert [one.origin.line for one in found.rules] == [8, 9, 6, 7]
    assert found.rules[2].match.must((4,))[0].sets[Field.SOURCE] == NET10


def test_what_was_read_can_be_removed_again() -> None:
    text = file("accept", after="flush chain ip t input\nadd rule ip t input drop")
    (rule,) = policy(read(text), "ip t input").rules
    assert rule.outcome == DENY
    assert read(file("accept", after="delete table ip t")).policies == ()
    assert read(file("accept", after="flush ruleset")).policies == ()


def test_a_chain_in_two_blocks_is_one_chain() -> None:
    text = file("accept", after="table ip t {\nchain input {\ndrop\n}\n}")
    assert [one.outcome for one in policy(read(text), "ip t input").rules] == [PERMIT, DENY]


def test_rules_on_several_lines_and_several_on_one() -> None:
    text = file("ip saddr {\n10.0.0.1, # one\n10.0.0.2\n} accept; tcp dport 22 \\\n drop")
    device = read(text)
    first, second = policy(device, "ip t input").rules
    assert (first.origin.line, first.origin.text) == (
        4,
        "ip saddr { 10.0.0.1, # one 10.0.0.2 } accept; tcp dport 22 \\",
    )
    assert second.origin.line == 7
    assert device.source.lines.unknown == 0


def test_a_shell_script_with_rules_in_a_here_document() -> None:
    text = "#!/bin/sh\nIF=eth0\nnft -f - <<EOF\n" + file("iifname $IF accept", "drop") + "\nEOF\necho done\n"
    device = read(text)
    assert [one.code for one in device.diagnostics] == ["RC605", "RC603"]
    assert len(policy(device, "ip t input").rules) == 2
    assert device.source.lines.ignored == 4


def test_nft_commands_of_a_shell() -> None:
    text = "\n".join(
        (
            "nft add table ip t",
            f"nft add chain ip t input '{{ {HOOK} }}'",
            'sudo /usr/sbin/nft add rule ip t input iifname "eth0" tcp dport \\{ 22, 80 \\} accept',
        )
    )
    (rule,) = policy(read(text), "ip t input").rules
    assert rule.outcome == PERMIT


def test_the_prompt_of_a_capture() -> None:
    device = read("root@gw:~# nft list ruleset\n" + file("accept"))
    assert (device.source.lines.ignored, codes(device)) == (1, [])


# --- damage ---------------------------------------------------------------------------------------------------


def test_a_file_that_is_cut_off() -> None:
    device = read("\n".join(file("accept", "drop").splitlines()[:-2]))
    assert [(one.code, one.affects_verdicts) for one in device.diagnostics] == [("RC607", True)]
    assert len(policy(device, "ip t input").rules) == 2


@pytest.mark.parametrize(
    ("clause", "code"),
    [
        ("frobnicate 7 accept", "RC602"),
        ("tcp dport 99999 accept", "RC606"),
        ("ip saddr 10.0.0.300 accept", "RC606"),
        ("ip saddr 10.0.0.9-10.0.0.1 accept", "RC606"),
        ("ip saddr fe80::1 accept", "RC606"),
        ("tcp dport { 22, x y } accept", "RC602"),
        ("tcp dport accept", "RC606"),
        ("accept drop", "RC602"),
        ("ip saddr . tcp dport { 10.0.0.1 } accept", "RC606"),
        ("tcp flags bogus accept", "RC606"),
    ],
)
def test_a_clause_that_is_not_understood_makes_the_rule_inexact(clause: str, code: str) -> None:
    device = read(file(clause, "drop"))
    assert (code, 4) in [(one.code, one.line) for one in device.diagnostics if one.affects_verdicts]
    assert policy(device, "ip t input").rules[0].match.must((4,)) == ()


def test_the_verdict_behind_a_clause_that_is_not_understood() -> None:
    device = read(file("frobnicate 7 tcp dport 22 accept", "frobnicate 8"))
    first, second = policy(device, "ip t input").rules
    assert first.outcome == PERMIT
    assert Field.DESTINATION_PORT not in first.match.may((4,))[0].sets
    assert second.outcome.verb is Verb.OTHER


def test_brackets_that_do_not_match() -> None:
    device = read(file("accept", after="}"))
    assert [one.code for one in device.diagnostics] == ["RC601"]


def test_deep_nesting_is_refused() -> None:
    device = read(file("tcp dport " + "{" * 5000 + "22" + "}" * 5000 + " accept"))
    assert "RC605" in [one.code for one in device.diagnostics]


def test_secrets_in_free_text_are_hidden() -> None:
    rule = 'tcp dport 22 accept comment "password: hunter2hunter2"'
    device = read(file(rule))
    (found,) = policy(device, "ip t input").rules
    assert "hunter2" not in found.description
    assert "hunter2" not in found.origin.text


# --- JSON -----------------------------------------------------------------------------------------------------


def listing(*objects: dict[str, object]) -> str:
    return json.dumps({"nftables": [{"metainfo": {"json_schema_version": 1}}, *objects]}, indent=1)


CHAIN: dict[str, object] = {"family": "ip", "table": "t", "name": "input", "type": "filter", "hook": "input", "prio": 0}


def expression(*statements: object) -> dict[str, object]:
    return {"rule": {"family": "ip", "table": "t", "chain": "input", "handle": 7, "expr": list(statements)}}


PAYLOAD = {"payload": {"protocol": "tcp", "field": "dport"}}


@pytest.mark.parametrize(
    ("statements", "text"),
    [
        (
            [{"match": {"op": "==", "left": PAYLOAD, "right": {"set": [22, {"range": [80, 90]}]}}}, {"accept": None}],
            "tcp dport { 22, 80-90 } accept",
        ),
        (
            [
                {"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established", "related"]}},
                {"drop": None},
            ],
            "ct state established,related drop",
        ),
        (
            [
                {
                    "match": {
                        "op": "!=",
                        "left": {"payload": {"protocol": "ip", "field": "saddr"}},
                        "right": {"prefix": {"addr": "10.0.0.0", "len": 8}},
                    }
                },
                {"drop": None},
            ],
            "ip saddr != 10.0.0.0/8 drop",
        ),
        (
            [
                {
                    "match": {
                        "op": "==",
                        "left": {"&": [{"payload": {"protocol": "tcp", "field": "flags"}}, {"|": ["fin", "syn"]}]},
                        "right": "syn",
                    }
                },
                {"drop": None},
            ],
            "tcp flags & (fin | syn) == syn drop",
        ),
        (
            [
                {"match": {"op": "==", "left": {"fib": {"result": "oif", "flags": ["saddr", "iif"]}}, "right": False}},
                {"drop": None},
            ],
            "fib saddr . iif oif missing drop",
        ),
        (
            [{"limit": {"rate": 5, "burst": 5, "per": "second"}}, {"log": {"prefix": "x y"}}, {"accept": None}],
            'limit rate 5/second burst 5 packets log prefix "x y" accept',
        ),
        (
            [{"match": {"op": "==", "left": PAYLOAD, "right": 80}}, {"dnat": {"addr": "10.0.0.1", "port": 8080}}],
            "tcp dport 80 dnat to 10.0.0.1:8080",
        ),
        ([{"masquerade": {"flags": ["random", "persistent"]}}], "masquerade random,persistent"),
        ([{"reject": {"type": "icmp", "expr": "host-unreachable"}}], "reject with icmp host-unreachable"),
        ([{"mangle": {"key": {"meta": {"key": "mark"}}, "value": 7}}, {"accept": None}], "meta mark set 7 accept"),
        (
            [{"ct helper": "ftp"}, {"counter": {"packets": 3, "bytes": 4}}],
            'ct helper set "ftp" counter packets 3 bytes 4',
        ),
        (
            [{"dnat": {"addr": {"map": {"key": PAYLOAD, "data": {"set": [[80, "10.0.0.1"]]}}}}}],
            "dnat to tcp dport map { 80 : 10.0.0.1 }",
        ),
        ([{"quota": {"val": 25, "val_unit": "mbytes", "inv": True}}, {"drop": None}], "quota over 25 mbytes drop"),
        ([{"ct count": {"val": 9, "inv": True}}, {"drop": None}], "ct count over 9 drop"),
        (
            [{"set": {"op": "add", "elem": {"payload": {"protocol": "ip", "field": "saddr"}}, "set": "@s"}}],
            "add @s { ip saddr }",
        ),
    ],
)
def test_json_means_what_the_text_means(statements: list[object], text: str) -> None:
    device = read(listing({"chain": CHAIN}, expression(*statements)))
    (mine,) = policy(device, "ip t input").rules
    (theirs,) = policy(read(file(text)), "ip t input").rules
    assert mine.match.may((4,)) == theirs.match.may((4,))
    assert [one.fresh for one in mine.match.all_conditions()] == [one.fresh for one in theirs.match.all_conditions()]
    assert (mine.outcome, mine.logging, mine.hits) == (theirs.outcome, theirs.logging, theirs.hits)
    assert mine.origin.text.endswith("# handle 7")


def test_json_sets_maps_and_comments() -> None:
    objects: list[dict[str, object]] = [
        {"table": {"family": "ip", "name": "t"}},
        {"chain": {**CHAIN, "policy": "drop"}},
        {
            "set": {
                "family": "ip",
                "table": "t",
                "name": "s",
                "type": "ipv4_addr",
                "flags": ["interval"],
                "elem": [{"prefix": {"addr": "10.0.0.0", "len": 8}}],
            }
        },
        {
            "map": {
                "family": "ip",
                "table": "t",
                "name": "m",
                "type": "inet_service",
                "map": "verdict",
                "elem": [[22, {"accept": None}], [23, {"drop": None}]],
            }
        },
        {
            "rule": {
                "family": "ip",
                "table": "t",
                "chain": "input",
                "comment": "from home",
                "expr": [
                    {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@s"}},
                    {"accept": None},
                ],
            }
        },
        expression({"vmap": {"key": PAYLOAD, "data": "@m"}}),
        {"add": {"rule": {"family": "ip", "table": "t", "chain": "input", "expr": [{"drop": None}]}}},
    ]
    device = read(listing(*objects))
    assert not codes(device)
    found = policy(device, "ip t input")
    assert found.default == DENY
    assert found.rules[0].description == "from home"
    assert found.rules[0].match.must((4,))[0].sets[Field.SOURCE] == NET10
    assert [one.outcome.verb for one in found.rules] == [Verb.PERMIT, Verb.CALL, Verb.DENY]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"nftables": [{"metainfo": {}}, {"rule"', "RC607"),
        ('{"nftables": [' + "[" * 1000 + "]}", "RC605"),
        ('{"nftables": [{"weird": {"table": "t"}}]}', "RC601"),
        ('{"nftables": [{"rule": {"family": "xx", "table": "t"}}]}', "RC601"),
        ('{"other": 1, "nftables": 3}', ""),
    ],
)
def test_json_that_cannot_be_read(text: str, code: str) -> None:
    found = [one.code for one in read(text).diagnostics if one.affects_verdicts]
    assert found == ([code] if code else [])


# --- detection ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (file("accept"), 80, 95),
        ('{"nftables": [{"metainfo": {}}]}', 90, 95),
        ("add rule inet filter input tcp dport 22 accept", 40, 95),
        ('flush ruleset\ninclude "./x.nft"\n', 30, 60),
        ("#!/usr/sbin/nft -f\nflush ruleset\n", 50, 95),
        ("*filter\n:INPUT DROP [0:0]\n-A INPUT -j DROP\nCOMMIT\n", 0, 0),
        ("pass in quick on em0 from any to any\ntable <bad> { 10.0.0.1 }\n", 0, 0),
        ("ip access-list extended X\n permit ip any any\n", 0, 0),
        ('{"Rules": []}', 0, 0),
        ("", 0, 0),
    ],
)
def test_score(text: str, low: int, high: int) -> None:
    assert low <= PARSER.score(config(text)) <= high
    if low:
        assert detect(config(text)) == "nftables"
