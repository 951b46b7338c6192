"""Nothing that a file contains makes the parser raise, hang, or lose a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.netfilter.iptables import PARSER
from parsers.netfilter.iptables.modules import BASE_OPTIONS, COMMANDS, MODULES, OPTION_ALIASES
from parsers.netfilter.iptables.targets import TARGETS
from rulecheck.model.device import Device
from tests.parsers.iptables.reading import FIXTURES, config
from tests.strategies import thorough

LINES = [
    line
    for name in ("small-office.rules", "office-v6.rules")
    for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines()
]
OPTIONS = sorted(
    {*COMMANDS, *BASE_OPTIONS, *OPTION_ALIASES, "-m", "-j", "-g"}
    | {option for module in MODULES.values() for option in module.options}
    | {option for target in TARGETS.values() for option in target.options}
)
VALUES = [
    "\u00b2",
    "\u0663",
    "10.0.0.0/8",
    "::1",
    "80",
    "1:2",
    "a,b",
    ",",
    ":",
    "/",
    "-",
    "+",
    "",
    "0x",
    "INPUT",
    "X",
    "tcp",
    "icmp",
    "58",
]
SOUP = st.sampled_from([*OPTIONS, *sorted(MODULES), *sorted(TARGETS), *VALUES, "!", '"', "'", "\\", "--", "[1:2]"])

words = st.lists(SOUP | st.text(max_size=6), max_size=12).map(" ".join)
rules = st.tuples(st.sampled_from(["-A INPUT ", "-A X ", "-I INPUT ", ":", ""]), words).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Cut, double or overwrite a part of a line of a fixture."""
    line = draw(st.sampled_from(LINES))
    low, high = sorted((draw(st.integers(0, len(line))), draw(st.integers(0, len(line)))))
    middle = draw(st.sampled_from(["", line[low:high] * 2]) | words)
    return line[:low] + middle + line[high:]


def check(lines: list[str]) -> Device:
    text = "\n".join(line.replace("\n", " ").replace("\r", " ") for line in lines)
    source = config(text)
    assert 0 <= PARSER.score(source) <= 100
    (device,) = PARSER.parse(source)
    assert device.source.lines.total == len(source.lines)
    assert len({(one.scope, one.name) for one in device.policies}) == len(device.policies)
    known = {(one.scope, one.name) for one in device.policies}
    for policy in device.policies:
        assert [rule.index for rule in policy.rules] == list(range(len(policy.rules)))
        for rule in policy.rules:
            assert rule.calls is None or (policy.scope, rule.calls) in known
            rule.match.terms(policy.families)
    return device


@thorough(300)
@given(st.lists(rules, max_size=8))
def test_token_soup(lines: list[str]) -> None:
    check(["*filter", ":INPUT DROP [0:0]", ":X - [0:0]", *lines, "COMMIT"])


@thorough(150)
@given(st.lists(mutated() | rules | st.text(max_size=20), max_size=10))
def test_mutated_dumps(lines: list[str]) -> None:
    check(["*filter", *lines])


@thorough(100)
@given(st.lists(mutated() | words, max_size=6))
def test_fragments_without_a_table(lines: list[str]) -> None:
    check(lines)


@thorough(200)
@given(mutated())
def test_a_damaged_rule_is_never_exact_and_different_in_silence(line: str) -> None:
    """A rule with a problem is inexact: it has a condition that no other rule has."""
    device = check(["*filter", ":INPUT DROP [0:0]", line, "COMMIT"])
    troubled = {one.line for one in device.diagnostics if one.code in ("RC602", "RC603", "RC604")}
    for policy in device.policies:
        for rule in policy.rules:
            if rule.origin.line in troubled and policy.name in ("INPUT",):
                assert rule.match.must(policy.families) == ()


LISTED_WORDS = """
DROP 1 20K 300M ACCEPT X tcp all 0 -- -f * eth0 !eth0 0.0.0.0/0 !10.0.0.0/8 ::/0 anywhere dpt:22 spts:1:2
flags:0x17/0x02 ctstate NEW multiport dports 80,443 icmptype 8 /* */ limit: avg 5/sec burst 5 [goto] to:1.2.3.4
reject-with tcp-reset LOG flags level prefix match-set
"""
LISTED = st.sampled_from(["Chain INPUT (policy", *LISTED_WORDS.split()])
rows = st.lists(LISTED | st.text(max_size=5), max_size=16).map(" ".join)


@thorough(200)
@given(st.lists(rows, max_size=8), st.booleans())
def test_damaged_listings(lines: list[str], verbose: bool) -> None:
    faces = "in out " if verbose else ""
    head = f"{'pkts bytes ' if verbose else ''}target prot opt {faces}source destination"
    check(["Chain INPUT (policy DROP)", head, *lines, "", "Chain X (1 references)", head])
