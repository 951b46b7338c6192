"""Any text is read without an exception, and every line of it is accounted for."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.cisco.nxos import PARSER
from tests.parsers.mutation import check, mutated, soup

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "cisco_nxos" / "dc-leaf.cfg"
LINES = FIXTURE.read_text(encoding="utf-8").splitlines()
WORDS = """
ip ipv6 access-list access-group port permit deny remark 10 25 any host addrgroup portgroup 10.0.0.0/8 192.0.2.1
0.0.0.255 tcp udp icmp esp 50 eq neq gt lt range www 80 65535 99999 established ack syn tcp-flags-mask 45 fragments
permit-all deny-all dscp default ef ttl 5 packet-length http-method get log time-range MAINT statistics per-entry
object-group address G WEB-PORTS RETIRED SERVERS-IN 2001:db8::/32 nd-na [match=66] (5 matches) redirect Ethernet1/1
no IP access list IPv6 MAC interface Vlan1 in out line vty access-class match name class-map route-map address nve vni
capture session udf a 0x1 0xff extension-header ignore routable
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
