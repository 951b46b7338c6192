"""Any text is read without an exception, and every line of it is accounted for."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.cisco.ios import PARSER
from tests.parsers.cisco_ios.reading import config

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "cisco_ios" / "campus-edge.cfg"
LINES = FIXTURE.read_text(encoding="utf-8").splitlines()

WORDS = """
access-list ip ipv6 extended standard permit deny remark evaluate dynamic 10 101 700 any host 192.0.2.1
0.0.0.255  255.255.0.0 object-group network service X Y group-object tcp udp icmp esp 50 eq neq gt lt range
www 80 65535 99999  established ack match-any +syn -fin fragments dscp ef precedence tos ttl option log
log-input time-range sequence  reflect timeout 2001:db8::/32 ::1 ::/0 nd-na echo 3 (12 matches) (active)
class-map type inspect match-all match  access-group name protocol http policy-map class class-default drop
pass zone-pair security source destination  service-policy interface Vlan1 access-group in out traffic-filter
no banner motd ^C ! # hostname Extended IP access  list IPv6 Standard wildcard bits 0.0.0.1, crypto end line
vty 0 4 access-class
"""
TOKENS = WORDS.split()

soup = st.lists(
    st.tuples(st.integers(0, 3), st.lists(st.sampled_from(TOKENS), max_size=12)).map(
        lambda parts: " " * parts[0] + " ".join(parts[1])
    ),
    max_size=15,
)


@st.composite
def mutated(draw: st.DrawFn) -> list[str]:
    """Return lines of the fixture with words removed, doubled, replaced, or lines cut off and moved."""
    start = draw(st.integers(0, len(LINES) - 1))
    lines = list(LINES[start : start + draw(st.integers(1, 40))])
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        words = lines[at].split(" ")
        place = draw(st.integers(0, len(words) - 1))
        what = draw(st.sampled_from(["drop", "double", "replace", "cut", "junk"]))
        if what == "drop":
            del words[place]
        elif what == "double":
            words.insert(place, words[place])
        elif what == "replace":
            words[place] = draw(st.sampled_from(TOKENS))
        elif what == "junk":
            words[place] = draw(st.text(max_size=8).filter(lambda text: len(text.splitlines()) < 2))
        lines[at] = " ".join(words) if what != "cut" else lines[at][: draw(st.integers(0, len(lines[at])))]
    return lines


def check(lines: list[str]) -> None:
    text = config("\n".join(lines))
    (found,) = PARSER.parse(text)
    assert found.source.lines.total == len(text.lines)
    assert 0 <= PARSER.score(text) <= 100
    for policy in found.policies:
        assert [rule.index for rule in policy.rules] == list(range(len(policy.rules)))
        for rule in policy.rules:
            assert 1 <= rule.origin.line <= len(text.lines)
            rule.match.terms(policy.families)


@settings(max_examples=300, deadline=None)
@given(soup)
def test_word_soup(lines: list[str]) -> None:
    check(lines)


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_mutated_configuration(lines: list[str]) -> None:
    check(lines)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    check(text.splitlines())
