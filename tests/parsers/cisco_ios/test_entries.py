"""Single entries: each line with the sets that it must become."""

from __future__ import annotations

import pytest

from parsers.cisco.acl import entries
from rulecheck.model.fields import IPV4_ALL, PORT_ALL, Field
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.rule import DENY, PERMIT
from tests.parsers.cisco_ios.reading import between, codes, device, entry, field, points, policy, v4

EVEN_HOSTS = IntervalSet.points(v4("10.0.0.0") + n for n in range(0, 256, 2))


@pytest.mark.parametrize(
    ("operand", "expected"),
    [
        ("any", IPV4_ALL),
        ("host 192.0.2.7", points(v4("192.0.2.7"))),
        ("192.0.2.0 0.0.0.255", between(v4("192.0.2.0"), v4("192.0.2.255"))),
        ("192.0.2.77 0.0.0.255", between(v4("192.0.2.0"), v4("192.0.2.255"))),
        ("192.0.2.9 0.0.0.0", points(v4("192.0.2.9"))),
        ("0.0.0.0 255.255.255.255", IPV4_ALL),
        ("10.0.0.0 0.0.0.128", points(v4("10.0.0.0"), v4("10.0.0.128"))),
        ("10.0.0.0 0.0.0.254", EVEN_HOSTS),
        ("10.1.0.5 0.0.3.0", points(*(v4(f"10.1.{n}.5") for n in range(4)))),
        ("10.1.0.0 0.0.1.255", between(v4("10.1.0.0"), v4("10.1.1.255"))),
        ("198.51.100.0/25", between(v4("198.51.100.0"), v4("198.51.100.127"))),
    ],
)
def test_addresses(operand: str, expected: IntervalSet) -> None:
    assert field(entry(f"permit ip {operand} any"), Field.SOURCE) == expected
    assert field(entry(f"permit ip any {operand}"), Field.DESTINATION) == expected


def test_a_wildcard_over_a_whole_octet_is_exact() -> None:
    found = field(entry("permit ip 10.0.3.0 0.255.0.255 any"), Field.SOURCE)
    assert found is not None
    assert len(found.intervals) == 256
    assert v4("10.200.3.9") in found
    assert v4("10.200.4.9") not in found


def test_the_largest_wildcard_is_exact_and_one_bit_more_is_not() -> None:
    exact = entry("permit ip 10.0.0.0 1.255.254.1 any")
    assert exact.match.must((4,))
    large = entry("permit ip 10.0.0.0 3.255.254.1 any")
    assert large.match.must((4,)) == ()
    assert large.match.may((4,))
    assert codes("ip access-list extended X\n permit ip 10.0.0.0 3.255.254.1 any\n") == ["RC606"]


def test_wildcards_that_are_too_many_ranges_together_are_not_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_PIECES", 500)
    lines = [f" permit ip 10.0.{n}.0 0.255.0.255 any" for n in range(3)]
    text = "\n".join(["ip access-list extended X", *lines, " permit ip 10.0.0.0 0.255.255.255 any", ""])
    exact = [bool(rule.match.must((4,))) for rule in policy(text).rules]
    assert exact == [True, True, False, True]
    assert policy(text).rules[2].match.may((4,))
    assert codes(text) == ["RC606"]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("eq 80", points(80)),
        ("eq www 443 8080", points(80, 443, 8080)),
        ("neq 22", PORT_ALL - points(22)),
        ("neq telnet 22", PORT_ALL - points(22, 23)),
        ("gt 1023", between(1024, 65535)),
        ("lt 1024", between(0, 1023)),
        ("range 20 ftp", points(20, 21)),
    ],
)
def test_ports(clause: str, expected: IntervalSet) -> None:
    rule = entry(f"permit tcp any any {clause}")
    assert field(rule, Field.DESTINATION_PORT) == expected
    assert field(rule, Field.PROTOCOL) == points(6)
    assert field(entry(f"permit tcp any {clause} any"), Field.SOURCE_PORT) == expected


@pytest.mark.parametrize("clause", ["gt 65535", "lt 0"])
def test_ports_that_do_not_exist_match_nothing(clause: str) -> None:
    assert entry(f"permit udp any any {clause}").match.terms((4,)) == ()


def test_both_port_slots() -> None:
    rule = entry("permit udp any eq snmp bootpc 192.0.2.0 0.0.0.255 range 16384 32767 log")
    assert field(rule, Field.SOURCE_PORT) == points(68, 161)
    assert field(rule, Field.DESTINATION_PORT) == between(16384, 32767)
    assert rule.logging is not None
    assert rule.match.services is not None
    assert rule.match.services.label == "udp source eq snmp bootpc range 16384 32767"


@pytest.mark.parametrize(
    ("word", "number"),
    [("tcp", 6), ("17", 17), ("esp", 50), ("50", 50), ("ahp", 51), ("gre", 47), ("ospf", 89), ("ipinip", 4), ("0", 0)],
)
def test_protocols(word: str, number: int) -> None:
    assert field(entry(f"permit {word} any any"), Field.PROTOCOL) == points(number)


def test_ip_is_every_protocol() -> None:
    assert field(entry("permit ip any any"), Field.PROTOCOL) is None


def test_a_numbered_protocol_takes_ports() -> None:
    assert field(entry("permit 6 any any eq 25"), Field.DESTINATION_PORT) == points(25)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("echo", between(8 * 256, 8 * 256 + 255)),
        ("8", between(8 * 256, 8 * 256 + 255)),
        ("8 0", points(8 * 256)),
        ("unreachable", between(3 * 256, 3 * 256 + 255)),
        ("port-unreachable", points(3 * 256 + 3)),
        ("packet-too-big", points(3 * 256 + 4)),
        ("ttl-exceeded", points(11 * 256)),
        ("administratively-prohibited", points(3 * 256 + 13)),
    ],
)
def test_icmp(clause: str, expected: IntervalSet) -> None:
    rule = entry(f"permit icmp any any {clause}")
    assert field(rule, Field.ICMP) == expected
    assert field(rule, Field.PROTOCOL) == points(1)


FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


@pytest.mark.parametrize(
    ("clause", "matching", "other"),
    [
        ("established", [ACK, RST, SYN | ACK, ACK | FIN], [SYN, FIN, 0, PSH]),
        ("ack syn", [ACK, SYN, ACK | SYN, SYN | FIN], [FIN, 0, RST]),
        ("match-any +ack -syn", [ACK, ACK | SYN, 0, FIN], [SYN, SYN | FIN]),
        ("match-all +ack -fin", [ACK, ACK | SYN], [0, ACK | FIN, FIN]),
        ("syn", [SYN, SYN | ACK], [ACK, 0]),
    ],
)
def test_tcp_flags(clause: str, matching: list[int], other: list[int]) -> None:
    values = field(entry(f"permit tcp any any {clause}"), Field.TCP_FLAGS)
    assert values is not None
    assert [flag in values for flag in matching] == [True] * len(matching)
    assert [flag in values for flag in other] == [False] * len(other)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("dscp ef", between(184, 187)),
        ("dscp 10", between(40, 43)),
        ("precedence critical", between(160, 191)),
        ("precedence 0", between(0, 31)),
        ("tos min-delay", IntervalSet.points(b for p in range(8) for b in (p * 32 + 16, p * 32 + 17))),
        ("precedence critical tos min-delay", points(176, 177)),
    ],
)
def test_type_of_service(clause: str, expected: IntervalSet) -> None:
    assert field(entry(f"permit ip any any {clause}"), Field.TOS) == expected


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("ttl eq 1", points(1)),
        ("ttl lt 5", between(0, 4)),
        ("ttl gt 250", between(251, 255)),
        ("ttl neq 255", between(0, 254)),
        ("ttl range 10 20", between(10, 20)),
    ],
)
def test_ttl(clause: str, expected: IntervalSet) -> None:
    assert field(entry(f"deny ip any any {clause}"), Field.TTL) == expected


def test_ttl_above_the_highest_matches_nothing() -> None:
    assert entry("deny ip any any ttl gt 255").match.terms((4,)) == ()


def test_outcomes_and_log_words() -> None:
    assert entry("permit ip any any").outcome == PERMIT
    assert entry("deny ip any any").outcome == DENY
    assert entry("deny ip any any").logging is None
    logging = [entry(f"deny ip any any {word}").logging for word in ("log", "log-input", "log COOKIE1")]
    assert [one.text for one in logging if one] == ["log", "log-input", "log COOKIE1"]


def test_a_standard_list_tests_sources_only() -> None:
    found = policy(
        """\
        access-list 10 permit 10.0.0.0 0.0.0.255 log
        access-list 10 permit 192.0.2.1
        access-list 10 permit host 192.0.2.2
        access-list 10 deny   any
        """
    )
    sources = [field(rule, Field.SOURCE) for rule in found.rules]
    assert sources == [
        between(v4("10.0.0.0"), v4("10.0.0.255")),
        points(v4("192.0.2.1")),
        points(v4("192.0.2.2")),
        IPV4_ALL,
    ]
    assert [field(rule, Field.DESTINATION) for rule in found.rules] == [IPV4_ALL] * 4
    assert found.rules[0].logging is not None
    assert all(rule.match.services is None for rule in found.rules)


def test_origin_of_operands_is_the_line() -> None:
    rule = policy("hostname r\nip access-list extended X\n permit ip host 192.0.2.1 any\n").rules[0]
    assert rule.origin.line == 3
    assert rule.origin.text == "permit ip host 192.0.2.1 any"
    assert rule.match.source.elements[0].origin.line == 3
    assert rule.match.source.label == "host 192.0.2.1"


def test_nothing_is_reported_for_valid_entries() -> None:
    found = device("access-list 101 permit tcp any any eq 22 log\naccess-list 101 deny ip any any\n")
    assert found.diagnostics == ()
    assert found.source.lines.understood == 2


def test_empty_is_the_empty_set() -> None:
    rule = entry("permit tcp any any gt 65535")
    assert rule.match.services is not None
    assert rule.match.services.elements[0].destination_ports == EMPTY
