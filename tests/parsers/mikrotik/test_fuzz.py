"""Nothing that a file contains makes the parser raise, hang, or lose a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.mikrotik import PARSER
from parsers.mikrotik.lines import VERBS
from parsers.mikrotik.matchers import DETERMINISTIC, NEUTRAL, RATED
from rulecheck.model.device import Device
from tests.parsers.mikrotik.reading import FIXTURES, config
from tests.strategies import thorough

LINES = (FIXTURES / "edge-router.rsc").read_text(encoding="utf-8").splitlines()
_MORE = """src-address dst-address src-address-list protocol dst-port port in-interface in-interface-list
connection-state icmp-options tcp-flags ttl dscp packet-size fragment src-mac-address list address name include
interface numbers time"""
KEYS = [*sorted(DETERMINISTIC), *sorted(RATED), *sorted(NEUTRAL), *_MORE.split()]
VALUES = [
    "", "!", "yes", "no", "10.0.0.0/8", "10.0.0.1-10.0.0.9", "::1", "80", "1-2,3", "tcp", "udp", "58", "x", "forward",
    "jump", "add-src-to-address-list", "drop", "²", "٣", '"', "\\", "0", "99999999999", "equal:5", "8:0", "syn,!ack",
    "new", "-", ",", "WAN", "office", "a-b", "*1", "[find]",
]  # fmt: skip

pairs = st.tuples(
    st.sampled_from(KEYS), st.sampled_from(["=", "=!", ""]), st.sampled_from(VALUES) | st.text(max_size=5)
)
words = st.lists(pairs.map("".join) | st.sampled_from([*VALUES, "[ find", "]", "!limit"]), max_size=8).map(" ".join)
verbs = st.sampled_from(
    [*sorted(VERBS), "add chain=forward", "add chain=x", "/", "/ip firewall filter", "/interface list"]
)
commands = st.tuples(verbs, words).map(" ".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Cut, double or overwrite a part of a line of the fixture."""
    line = draw(st.sampled_from(LINES))
    low, high = sorted((draw(st.integers(0, len(line))), draw(st.integers(0, len(line)))))
    return line[:low] + draw(st.sampled_from(["", line[low:high] * 2]) | words) + line[high:]


def check(lines: list[str]) -> Device:
    source = config("\n".join(line.replace("\n", " ").replace("\r", " ") for line in lines))
    assert 0 <= PARSER.score(source) <= 100
    (device,) = PARSER.parse(source)
    assert device.source.lines.total == len(source.lines)
    known = {(one.scope, one.name) for one in device.policies}
    assert len(known) == len(device.policies)
    for policy in device.policies:
        assert [rule.index for rule in policy.rules] == list(range(len(policy.rules)))
        for rule in policy.rules:
            assert rule.calls is None or (policy.scope, rule.calls) in known
            rule.match.terms(policy.families)
    return device


@thorough(300)
@given(st.lists(commands, max_size=10))
def test_token_soup(lines: list[str]) -> None:
    check(["/ip firewall filter", *lines])


@thorough(150)
@given(st.lists(mutated() | commands | st.text(max_size=20), max_size=12))
def test_mutated_exports(lines: list[str]) -> None:
    check(["/ip firewall filter", *lines])


@thorough(100)
@given(st.integers(0, len(LINES)), st.integers(0, len(LINES)))
def test_any_part_of_an_export(one: int, two: int) -> None:
    check(LINES[min(one, two) : max(one, two)])
