"""Any text is read without an exception, and every line of it is accounted for."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.cisco.xr import PARSER
from tests.parsers.mutation import check, mutated, soup

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "cisco_xr" / "pe-router.cfg"
LINES = FIXTURE.read_text(encoding="utf-8").splitlines()
WORDS = """
ipv4 ipv6 access-list access-group common ingress egress permit deny remark 10 25 any host net-group port-group
10.0.0.0/8 192.0.2.1 0.0.0.255 tcp udp icmp icmpv6 esp 50 eq neq gt lt range www 80 65535 99999 established match-any
+syn -ack fragments dscp default ef ttl 5 packet-length log log-input icmp-off nexthop1 vrf X 198.51.100.9 track set
police 10 mbps counter capture object-group network port G WEB EMPTY MGMT COMMON-IN CUSTOMER-A 2001:db8::/32 (5 hw
matches) (12 matches) interface GigabitEthernet0/0/0/0 line default access-class no # ! fragment-type is-fragment
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
