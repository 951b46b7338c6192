"""Verdict maps: the packet meets what nft does, whatever the verdicts are and whichever chain holds the map."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecheck.engine import analyze_policies
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.rule import DENY, PERMIT, Verb
from tests.differential.brute import Device
from tests.parsers.nftables.reading import policy, read, rule, rules, table
from tests.reference import decide
from tests.strategies import thorough

PORTS = range(1, 7)
TARGETS = ("yes", "no", "some", "none")
"""Chains that accept, drop, accept even ports, and do nothing."""

LEAVES = "".join(
    f"chain {name} {{\n{body}\n}}\n"
    for name, body in (("yes", "accept"), ("no", "drop"), ("some", "tcp dport { 2, 4, 6 } accept"), ("none", ""))
)


@dataclass
class Net:
    """What nft does, as a program: rules are (ports, verdict) pairs or maps from ports to verdicts."""

    chains: dict[str, list[dict[int, str]]] = field(default_factory=dict)
    default: str = "accept"

    def walk(self, chain: str, port: int) -> str:
        """Return accept, drop, or nothing for a packet that leaves the chain."""
        for one in self.chains[chain]:
            verdict = one.get(port, "continue")
            word, _, target = verdict.partition(" ")
            if word in ("accept", "drop"):
                return word
            if word == "return":
                return ""
            if word == "goto":
                return self.walk(target, port)
            if word == "jump" and (found := self.walk(target, port)):
                return found
        return ""

    def decide(self, port: int) -> str:
        return self.walk("input", port) or self.default


def every(verdict: str) -> dict[int, str]:
    return dict.fromkeys(PORTS, verdict)


verdicts = st.sampled_from(
    ["accept", "drop", "continue", "return", *(f"{word} {name}" for word in ("jump", "goto") for name in TARGETS)]
)
maps = st.dictionaries(st.sampled_from(PORTS), verdicts, min_size=1, max_size=5)


def written(found: dict[int, str], rest: str | None) -> str:
    elements = [f"{port} : {verdict}" for port, verdict in found.items()]
    elements[len(elements) // 2 : 0] = [f"* : {rest}"] if rest else []
    return f"tcp dport vmap {{ {', '.join(elements)} }}"


@given(found=maps, rest=st.none() | verdicts, default=st.sampled_from(["accept", "drop"]), called=st.booleans())
@thorough(400)
def test_every_packet_meets_what_nft_does(found: dict[int, str], rest: str | None, default: str, called: bool) -> None:
    whole = {**(every(rest) if rest else {}), **found}
    leaves = {"yes": [every("accept")], "no": [every("drop")], "some": [dict.fromkeys((2, 4, 6), "accept")], "none": []}
    body: list[dict[int, str]] = [whole, {1: "drop", 2: "accept"}]
    lines = f"{written(found, rest)}\ntcp dport 1 drop\ntcp dport 2 accept"
    if called:
        net = Net({**leaves, "input": [every("jump inner"), {3: "drop"}], "inner": body}, default)
        text = f"jump inner\ntcp dport 3 drop\n}}\nchain inner {{\n{lines}"
    else:
        net = Net({**leaves, "input": body}, default)
        text = lines
    device = table(text, chains=LEAVES, chain_policy=default)
    verbs = {verdict.partition(" ")[0] for verdict in whole.values()}
    if any(one.affects_verdicts for one in device.diagnostics):
        assert called
        assert verbs & {"jump", "continue"}
        assert verbs & {"goto", "return"}
        return
    lists = {(one.scope, one.name): one for one in device.policies}
    start = policy(device, "ip t input")
    for port in PORTS:
        packet = {name: values.lowest for name, values in DOMAIN.items()}
        packet |= {Field.PROTOCOL: 6, Field.DESTINATION_PORT: port}
        outcome = decide(start, packet, {}, lists).outcome
        assert outcome == (PERMIT if net.decide(port) == "accept" else DENY), port


def test_one_rule_stays_one_rule() -> None:
    device = table("tcp dport vmap { 22 : accept, 23 : drop }", "udp dport 53 accept", chains="")
    found = policy(device, "ip t input")
    assert [one.index for one in found.rules] == [0, 1]
    inner = policy(device, "ip t input[0] vmap")
    assert (inner.kind, inner.rules, inner.entry) == ("verdict map", (), False)
    assert [(one.outcome, one.origin.text) for one in inner.implicit] == [
        (PERMIT, "22 : accept"),
        (DENY, "23 : drop"),
    ]
    (term,) = found.rules[0].match.must((4,))
    assert term.sets[Field.DESTINATION_PORT].intervals == ((22, 23),)


def test_equal_verdicts_are_an_ordinary_rule() -> None:
    found = rule("ct state vmap { established : accept, related : accept }")
    assert found.outcome == PERMIT
    assert found.match == rule("ct state { established, related } accept").match or (
        found.match.terms((4,)) == rule("ct state { established, related } accept").match.terms((4,))
    )


def test_a_named_map_with_addresses_and_joined_keys() -> None:
    before = """map m {
type ipv4_addr . inet_service : verdict
elements = { 10.0.0.0/8 . 22 : accept, 192.0.2.1 . 80-90 counter packets 3 bytes 9 : drop }
}"""
    device = table("ip saddr . tcp dport vmap @m", before=before)
    inner = policy(device, "ip t input[0] vmap")
    plain = rules("ip saddr 10.0.0.0/8 tcp dport 22 accept", "ip saddr 192.0.2.1 tcp dport 80-90 drop")
    assert [one.match.terms((4,)) for one in inner.implicit] == [one.match.terms((4,)) for one in plain]


@pytest.mark.parametrize("body", ["", "flags timeout; elements = { 22 : accept }", "elements = { 22 : maybe }"])
def test_a_map_whose_elements_are_not_known(body: str) -> None:
    before = f"map m {{ type inet_service : verdict; {body} }}"
    device = table("tcp dport vmap @m", "accept", before=before)
    first, _ = policy(device, "ip t input").rules
    assert first.outcome.verb is Verb.OTHER
    assert first.match.must((4,)) == ()


def test_families_and_interfaces() -> None:
    text = "\n".join(
        (
            "table inet t {",
            "chain input {",
            "type filter hook input priority 0;",
            "meta nfproto vmap { ipv4 : jump four, ipv6 : jump six }",
            'iifname vmap { "lo" : accept, "eth*" : jump four }',
            "}",
            "chain four {\n}",
            "chain six {\n}",
            "}",
        )
    )
    device = read(text)
    families = policy(device, "inet t input[0] vmap").implicit
    assert [[term.sets[Field.SOURCE].lowest for term in one.match.terms()] for one in families] == [[0], [1 << 128]]
    faces = policy(device, "inet t input[1] vmap").implicit
    assert [one.outcome.verb for one in faces] == [Verb.PERMIT, Verb.CALL]
    assert not [one for one in device.diagnostics if one.affects_verdicts]


@given(found=maps, rest=st.none() | verdicts, default=st.sampled_from(["accept", "drop"]))
@thorough(150)
def test_findings_about_rules_around_a_map_are_those_of_brute_force(
    found: dict[int, str], rest: str | None, default: str
) -> None:
    lines = ["tcp dport { 1, 2 } jump some", written(found, rest), "tcp dport { 1, 3 } drop", "tcp dport 2-5 accept"]
    device = table(*lines, chains=LEAVES, chain_policy=default)
    truth = Device(device.policies)
    verdicts_of = analyze_policies(device.policies)
    for number, result in enumerate(verdicts_of):
        for index, verdict in result.verdicts.items():
            if truth.is_used((number, index)):
                assert verdict.kind == truth.kind((number, index)), (device.policies[number].name, index)


def test_a_chain_that_a_changing_map_names_is_not_reported_as_unused() -> None:
    before = "map m { type inet_service : verdict; flags timeout; elements = { 22 : jump ssh } }"
    device = table("tcp dport vmap @m", before=before, chains="chain ssh {\n}")
    assert not device.diagnostics
    assert policy(device, "ip t ssh").applied is None
