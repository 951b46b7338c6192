"""Any text is read without an exception, and every line of it is accounted for."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.cisco.eos import PARSER
from tests.parsers.mutation import check, mutated, soup

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "arista_eos" / "spine-edge.cfg"
LINES = FIXTURE.read_text(encoding="utf-8").splitlines()
WORDS = """
ip ipv6 access-list standard access-group permit deny remark 10 25 any host 10.0.0.0/8 192.0.2.1 0.0.0.255 tcp udp icmp
icmpv6 esp 50 eq neq gt lt range www https 80 65535 99999 established ack syn fragments tracked vlan 100 0xfff dscp ttl
hop-limit 5 log counters per-entry fragment-rules no default IP Access List Standard IPV6 [readonly] [match 3, 0:00:10
ago] [match 9 bytes in 3 packets, 0:00:10 ago] Total rules configured: Configured on Ingress: Et1 EDGE-IN nd-ns
interface Ethernet1 in out system control-plane management ssh nexthop-group mirror session udf a 0x1 0xff
"""
TOKENS = WORDS.split()


@settings(max_examples=250, deadline=None)
@given(soup(TOKENS))
def test_word_soup(lines: list[str]) -> None:
    check(PARSER, lines)


@settings(max_examples=250, deadline=None)
@given(mutated(LINES, TOKENS))
def test_mutated_configuration(lines: list[str]) -> None:
    check(PARSER, lines)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    check(PARSER, text.splitlines())
