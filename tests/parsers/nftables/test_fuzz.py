"""Nothing that a file contains makes the parser raise, hang, or lose a line."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from parsers.netfilter.nftables import PARSER
from parsers.netfilter.nftables.keys import HEADS
from rulecheck.model.device import Device
from tests.parsers.nftables.reading import FIXTURES, config
from tests.strategies import thorough

LINES = (FIXTURES / "office-gateway.nft").read_text(encoding="utf-8").splitlines()
WORDS = """
accept drop return continue jump goto reject queue counter limit quota log masquerade snat dnat redirect tproxy synproxy
notrack dup fwd flow add update delete meter set vmap map comment with tcp reset icmp icmpx to rate over 5/second burst
name prefix flags packets bytes num count saddr daddr sport dport type code flags option exists missing @s @m @th,0,8
10.0.0.1 10.0.0.0/8 ::1 2001:db8::/32 22 80-90 * "eth0" $X $Y { } ( ) , ; : . - / | & ^ << >> ! != == < > >= = # \\
table chain hook input priority filter policy define include elements type ipv4_addr inet_service verdict timeout
"""
SOUP = st.sampled_from([*WORDS.split(), *sorted(HEADS), "\u00b2", "\u0663", "99999999999999999999", "0x", '"'])

words = st.lists(SOUP | st.text(max_size=6), max_size=14).map(" ".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Cut, double or overwrite a part of a line of a fixture."""
    line = draw(st.sampled_from(LINES))
    low, high = sorted((draw(st.integers(0, len(line))), draw(st.integers(0, len(line)))))
    middle = draw(st.sampled_from(["", line[low:high] * 2]) | words)
    return line[:low] + middle + line[high:]


def check(text: str) -> Device:
    source = config(text)
    assert 0 <= PARSER.score(source) <= 100
    (device,) = PARSER.parse(source)
    assert device.source.lines.total == len(source.lines)
    known = {(one.scope, one.name) for one in device.policies}
    assert len(known) == len(device.policies)
    for policy in device.policies:
        assert [rule.index for rule in policy.rules] == list(range(len(policy.rules)))
        for rule in (*policy.rules, *policy.implicit):
            assert rule.calls is None or (policy.scope, rule.calls) in known
            rule.match.terms(policy.families)
    return device


def lines_of(parts: list[str]) -> str:
    return "\n".join(part.replace("\n", " ").replace("\r", " ") for part in parts)


HEAD = [
    "define X = { 10.0.0.1, 10.0.0.2 }",
    "table inet t {",
    "set s { type ipv4_addr; elements = { 10.0.0.1 } }",
    "map m { type inet_service : verdict; elements = { 22 : accept, 23 : jump other } }",
    "chain other {",
    "}",
    "chain input {",
    "type filter hook input priority 0; policy drop;",
]


@thorough(400)
@given(st.lists(words, max_size=8))
def test_token_soup_in_a_chain(parts: list[str]) -> None:
    check(lines_of([*HEAD, *parts, "}", "}"]))


@thorough(150)
@given(st.lists(mutated() | words | st.sampled_from(LINES), max_size=25))
def test_mutated_files(parts: list[str]) -> None:
    check(lines_of(parts))


@thorough(150)
@given(mutated(), st.integers(0, len(LINES) - 1))
def test_one_damaged_line_in_a_whole_file(line: str, at: int) -> None:
    check(lines_of([*LINES[:at], line, *LINES[at + 1 :]]))


@thorough(200)
@given(words)
def test_a_rule_with_a_problem_is_never_exact(text: str) -> None:
    device = check(lines_of([*HEAD, text.replace("{", "").replace("}", ""), "}", "}"]))
    troubled = {
        one.line for one in device.diagnostics if one.affects_verdicts and one.code in ("RC602", "RC603", "RC604")
    }
    for policy in device.policies:
        for rule in policy.rules:
            assert rule.origin.line not in troubled or rule.match.must(policy.families) == ()


JSON_KEYS = """
match left right op payload protocol field set range prefix addr len vmap key data concat elem val accept jump target
counter packets limit rate log dnat meta ct & | map mangle value reject type expr
"""
KEYS = st.sampled_from(JSON_KEYS.split())
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 70000) | SOUP,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=12,
)


@thorough(200)
@given(st.lists(values, max_size=4), values)
def test_json_soup(statements: list[Any], other: object) -> None:
    place = {"family": "inet", "table": "t"}
    objects = [
        {"chain": {**place, "name": "c", "hook": "input", "type": "filter", "prio": 0}},
        {"rule": {**place, "chain": "c", "expr": statements}},
        {"set": {**place, "name": "s", "type": "ipv4_addr", "elem": other}},
        {"map": {**place, "name": "m", "type": other, "map": "verdict", "elem": other}},
        {"rule": {**place, "chain": "c", "expr": other}},
        other,
    ]
    check(json.dumps({"nftables": objects}, indent=1))
