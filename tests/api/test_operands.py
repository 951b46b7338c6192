"""Operands of questions: what each text means, and what is said about texts that mean nothing."""

from __future__ import annotations

import contextlib
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecheck import api
from rulecheck.api.asking import Question
from rulecheck.api.objects import Objects
from rulecheck.api.operands import words
from rulecheck.model.fields import ADDRESS_ALL, IPV6_BASE, PORT_ALL, TCP_ESTABLISHED, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Match
from rulecheck.model.names import encode_name, prefix_set

CONFIG = api.loads(api.EXAMPLE)
DPORT = Field.DESTINATION_PORT
OBJECTS = Objects(CONFIG.devices[0])


def _match(**operands: object) -> Match:
    return Question.of(operands.items()).match(OBJECTS)


def _ip(text: str) -> int:
    return int(IPv4Address(text)) if "." in text else IPV6_BASE + int(IPv6Address(text))


def _source(text: object) -> IntervalSet:
    operand = _match(source=text).source
    return IntervalSet.union_of(part.values for part in operand.parts)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("10.1.2.3", [("10.1.2.3", "10.1.2.3")]),
        ("10.0.0.0/8", [("10.0.0.0", "10.255.255.255")]),
        ("10.0.0.0/255.0.0.0", [("10.0.0.0", "10.255.255.255")]),
        ("10.1.0.5-10.1.0.20", [("10.1.0.5", "10.1.0.20")]),
        ("10.1.0.5 - 10.1.0.20", [("10.1.0.5", "10.1.0.20")]),
        ("any4", [("0.0.0.0", "255.255.255.255")]),
        ("0.0.0.0/0", [("0.0.0.0", "255.255.255.255")]),
        ("::/0", [("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]),
        ("2001:db8::/32", [("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")]),
        ("2001:db8::1-2001:db8::9", [("2001:db8::1", "2001:db8::9")]),
        ("10.0.0.1, 10.0.0.3", [("10.0.0.1", "10.0.0.1"), ("10.0.0.3", "10.0.0.3")]),
        (["10.0.0.1", "10.0.0.3,10.0.0.2"], [("10.0.0.1", "10.0.0.3")]),
        ("WEB", [("192.0.2.10", "192.0.2.11")]),
        ("APP, 192.0.2.21", [("192.0.2.20", "192.0.2.21")]),
        (IPv4Address("10.0.0.1"), [("10.0.0.1", "10.0.0.1")]),
        (ip_network("10.0.0.0/30"), [("10.0.0.0", "10.0.0.3")]),
    ],
)
def test_addresses(text: object, pairs: list[tuple[str, str]]) -> None:
    assert _source(text) == IntervalSet.of(*((_ip(low), _ip(high)) for low, high in pairs))


def test_negated_addresses() -> None:
    inside = _source("10.0.0.0/8,WEB")
    assert _source("!10.0.0.0/8,WEB") == ADDRESS_ALL - inside


@given(st.lists(st.ip_addresses(v=4), min_size=2, max_size=2))
def test_any_range_of_addresses(ends: list[IPv4Address]) -> None:
    low, high = sorted(ends)
    assert _source(f"{low}-{high}") == IntervalSet.of((int(low), int(high)))


@pytest.mark.parametrize(
    ("operands", "sets"),
    [
        ({"protocol": "tcp"}, {Field.PROTOCOL: [(6, 6)]}),
        ({"protocol": 47}, {Field.PROTOCOL: [(47, 47)]}),
        ({"protocol": "udp", "destination_port": "domain"}, {Field.PROTOCOL: [(17, 17)], DPORT: [(53, 53)]}),
        ({"protocol": "tcp", "destination_port": "80,443"}, {Field.PROTOCOL: [(6, 6)], DPORT: [(80, 80), (443, 443)]}),
        ({"protocol": "tcp", "source_port": "1-9"}, {Field.PROTOCOL: [(6, 6)], Field.SOURCE_PORT: [(1, 9)]}),
        ({"icmp": "echo-request"}, {Field.PROTOCOL: [(1, 1)], Field.ICMP: [(2048, 2303)]}),
        ({"icmp": "3/1"}, {Field.PROTOCOL: [(1, 1)], Field.ICMP: [(769, 769)]}),
        ({"icmp": "echo-request", "protocol": "icmpv6"}, {Field.PROTOCOL: [(58, 58)], Field.ICMP: [(32768, 33023)]}),
        ({"protocol": "any"}, None),
        ({"destination_port": "any", "protocol": "tcp"}, {Field.PROTOCOL: [(6, 6)]}),
    ],
)  # fmt: skip
def test_services(operands: dict[str, object], sets: dict[Field, list[tuple[int, int]]] | None) -> None:
    found = _match(**operands).services
    if sets is None:
        assert found is None
        return
    assert found is not None
    (one,) = found.elements
    assert one.sets() == {name: IntervalSet.of(*pairs) for name, pairs in sets.items()}


def test_ports_without_a_protocol_mean_those_that_have_ports() -> None:
    found = _match(destination_port="!80").services
    assert found is not None
    assert found.elements[0].protocol == IntervalSet.points([6, 17, 33, 132, 136])
    assert found.elements[0].destination_ports == PORT_ALL - IntervalSet.points([80])


def test_a_service_object_is_what_the_configuration_says() -> None:
    config = api.load("fixtures/cisco_asa/dc-edge.cfg")
    found = Question.of([("service", "WEB_PORTS")]).match(Objects(config.devices[0])).services
    assert found is not None
    ports = IntervalSet.union_of(one.destination_ports or IntervalSet() for one in found.elements)
    assert ports == IntervalSet.points([80, 443])


def test_names_states_and_flags() -> None:
    match = _match(in_interface="eth0,ppp*", state="new", tcp_flags="SYN,!ACK")
    sets = {one.field: one.values for one in match.constraints}
    assert encode_name("eth0") in sets[Field.IN_INTERFACE]
    assert prefix_set("ppp") <= sets[Field.IN_INTERFACE]
    assert encode_name("eth1") not in sets[Field.IN_INTERFACE]
    assert sets[Field.CONNECTION_STATE] == IntervalSet.points([3])
    assert match.services is not None
    flags = match.services.elements[0].tcp_flags
    assert flags is not None
    assert (0x02 in flags, 0x12 in flags, 0x00 in flags) == (True, False, False)


def test_a_question_is_about_first_packets_unless_it_says_otherwise() -> None:
    def fields(**operands: object) -> set[Field]:
        question = Question.of(operands.items(), first_packets=True)
        return {one.field for one in question.match(OBJECTS).constraints}

    assert fields() == {Field.CONNECTION_STATE, Field.TCP_FLAGS, Field.FRAGMENT}
    assert fields(state="ESTABLISHED") == {Field.CONNECTION_STATE}
    assert fields(tcp_flags="ACK") == set()
    assert not TCP_ESTABLISHED.meets(IntervalSet.points([0x02]))


@pytest.mark.parametrize(
    ("operands", "words_in_it"),
    [
        ({"source": "WEBB"}, ("source", "'WEBB'", "did you mean WEB")),
        ({"source": "zzzzz"}, ("source", "'zzzzz'", "10.0.0.0/8")),
        ({"destination": "10.1.2.3/8"}, ("destination", "10.0.0.0/8", "10.1.2.3")),
        ({"source": "10.0.0.0/33"}, ("prefix length",)),
        ({"source": "10.0.0.9-10.0.0.1"}, ("upside down",)),
        ({"source": "10.0.0.1-2001:db8::1"}, ("mixes",)),
        ({"source": "300.1.1.1"}, ("'300.1.1.1'",)),
        ({"protocol": "tpc"}, ("protocol", "did you mean", "tcp")),
        ({"protocol": "999"}, ("'999'",)),
        ({"protocol": "gre", "destination_port": "80"}, ("gre has no ports",)),
        ({"protocol": "udp", "tcp_flags": "SYN"}, ("udp has no TCP flags",)),
        ({"destination_port": "70000"}, ("destination port", "'70000'")),
        ({"destination_port": "90-80"}, ("80-90",)),
        ({"destination_port": "htpps"}, ("'htpps'", "https")),
        ({"destination_port": "-"}, ("'-'",)),
        ({"icmp": "eco-request"}, ("did you mean echo-request",)),
        ({"icmp": "8/x"}, ("'8/x'",)),
        ({"icmp": "8", "destination_port": "80"}, ("no ports",)),
        ({"icmp": "8", "protocol": "tcp"}, ("icmp or icmpv6",)),
        ({"service": "NOPE"}, ("service", "'NOPE'")),
        ({"service": "X", "protocol": "tcp"}, ("do not give those as well",)),
        ({"state": "OLD"}, ("state", "ESTABLISHED")),
        ({"tcp_flags": "SYN,XYZ"}, ("'XYZ'",)),
        ({"sauce": "any"}, ("sauce", "there is no such operand")),
    ],
)
def test_what_means_nothing_is_refused_with_a_remedy(operands: dict[str, object], words_in_it: tuple[str, ...]) -> None:
    with pytest.raises(api.QuestionError) as caught:
        _match(**operands)
    for one in words_in_it:
        assert one in str(caught.value)


@given(st.text(max_size=40))
def test_no_text_raises_anything_else(text: str) -> None:
    for name in ("source", "protocol", "destination_port", "icmp", "tcp_flags", "state", "service", "in_interface"):
        with contextlib.suppress(api.QuestionError):
            _match(**{name: text})


def test_lists_commas_and_repetitions_add_up() -> None:
    assert words(["80, 443", 8080, ("a",)]) == ("80", "443", "8080", "a")
    assert words(None) == words("") == words(" , ") == ()
