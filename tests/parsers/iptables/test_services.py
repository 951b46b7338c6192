from __future__ import annotations

import pytest

from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import Match
from tests.parsers.iptables.reading import codes, match, table

PORTS = DOMAIN[Field.DESTINATION_PORT]
FLAGS = DOMAIN[Field.TCP_FLAGS]
SYN_ONLY = IntervalSet.points(byte for byte in range(256) if byte & 0x17 == 0x02)


def products(found: Match) -> list[dict[Field, IntervalSet]]:
    assert found.conditions == ()
    assert found.services is not None
    return [service.sets() for service in found.services.elements]


def of(*numbers: int) -> IntervalSet:
    return IntervalSet.points(numbers)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("-p tcp", of(6)),
        ("-p TCP", of(6)),
        ("-p 89", of(89)),
        ("-p gre", of(47)),
        ("! -p tcp", DOMAIN[Field.PROTOCOL] - of(6)),
        ("-p ! udp", DOMAIN[Field.PROTOCOL] - of(17)),
        ("-p icmp", of(1)),
        ("--protocol esp", of(50)),
    ],
)
def test_protocols(clause: str, expected: IntervalSet) -> None:
    assert products(match(f"{clause} -j DROP")) == [{Field.PROTOCOL: expected}]


@pytest.mark.parametrize("clause", ["", "-p all", "-p 0", "-p ip"])
def test_every_protocol(clause: str) -> None:
    assert match(f"{clause} -j DROP").services is None


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ("-p tcp -m tcp --dport 80", {Field.DESTINATION_PORT: of(80)}),
        ("-p tcp --dport 80", {Field.DESTINATION_PORT: of(80)}),
        ("-p tcp --dport=80", {Field.DESTINATION_PORT: of(80)}),
        ("-p tcp --destination-port http", {Field.DESTINATION_PORT: of(80)}),
        ("-p tcp --dport ftp-data", {Field.DESTINATION_PORT: of(20)}),
        ("-p tcp --sport 1024:", {Field.SOURCE_PORT: IntervalSet.of((1024, 65535))}),
        ("-p tcp --sport :1023", {Field.SOURCE_PORT: IntervalSet.of((0, 1023))}),
        ("-p tcp --dport ssh:smtp", {Field.DESTINATION_PORT: IntervalSet.of((22, 25))}),
        ("-p tcp ! --dport 80", {Field.DESTINATION_PORT: PORTS - of(80)}),
        ("-p tcp --dport ! 80", {Field.DESTINATION_PORT: PORTS - of(80)}),
        ("-p tcp --sport 1 --dport 2", {Field.SOURCE_PORT: of(1), Field.DESTINATION_PORT: of(2)}),
        ("-p tcp -m multiport --dports 80,443,8000:8080", {Field.DESTINATION_PORT: of(80, 443, *range(8000, 8081))}),
        ("-p tcp -m multiport ! --sports 80,443", {Field.SOURCE_PORT: PORTS - of(80, 443)}),
        (
            "-p tcp -m multiport --sports 1,2 -m multiport --dports 3,4",
            {Field.SOURCE_PORT: of(1, 2), Field.DESTINATION_PORT: of(3, 4)},
        ),
        ("-p tcp -m tcp --dport 1:100 -m multiport --dports 50,200", {Field.DESTINATION_PORT: of(50)}),
        ("-p tcp --syn", {Field.TCP_FLAGS: SYN_ONLY}),
        ("-p tcp ! --syn", {Field.TCP_FLAGS: FLAGS - SYN_ONLY}),
        ("-p tcp --tcp-flags FIN,SYN,RST,ACK SYN", {Field.TCP_FLAGS: SYN_ONLY}),
        ("-p tcp ! --tcp-flags FIN,SYN,RST,ACK SYN", {Field.TCP_FLAGS: FLAGS - SYN_ONLY}),
        ("-p tcp --tcp-flags ALL NONE", {Field.TCP_FLAGS: of(0, 64, 128, 192)}),
        ("-p tcp --tcp-flags ACK SYN", {Field.TCP_FLAGS: EMPTY}),
    ],
)
def test_tcp(clauses: str, expected: dict[Field, IntervalSet]) -> None:
    assert products(match(f"{clauses} -j DROP")) == [{Field.PROTOCOL: of(6), **expected}]


@pytest.mark.parametrize(("name", "number"), [("udp", 17), ("sctp", 132), ("dccp", 33), ("udplite", 136)])
def test_ports_of_other_protocols(name: str, number: int) -> None:
    expected = [{Field.PROTOCOL: of(number), Field.DESTINATION_PORT: of(53)}]
    assert products(match(f"-p {name} -m {name} --dport 53 -j DROP")) == expected
    assert products(match(f"-p {number} -m multiport --dports 53 -j DROP")) == expected


def test_multiport_ports_means_either_side() -> None:
    assert products(match("-p udp -m multiport --ports 53,123 -j DROP")) == [
        {Field.PROTOCOL: of(17), Field.SOURCE_PORT: of(53, 123)},
        {Field.PROTOCOL: of(17), Field.DESTINATION_PORT: of(53, 123)},
    ]
    rest = PORTS - of(53, 123)
    assert products(match("-p udp -m multiport ! --ports 53,123 -j DROP")) == [
        {Field.PROTOCOL: of(17), Field.SOURCE_PORT: rest, Field.DESTINATION_PORT: rest}
    ]


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("8", 2048, 2303),
        ("echo-request", 2048, 2303),
        ("ping", 2048, 2303),
        ("3/4", 772, 772),
        ("fragmentation-needed", 772, 772),
        ("destination-unreachable", 768, 1023),
        ("any", 0, 65535),
    ],
)
def test_icmp(written: str, low: int, high: int) -> None:
    values = IntervalSet.of((low, high))
    icmp = {} if written == "any" else {Field.ICMP: values}
    assert products(match(f"-p icmp -m icmp --icmp-type {written} -j DROP")) == [{Field.PROTOCOL: of(1), **icmp}]
    (negated,) = products(match(f"-p icmp -m icmp ! --icmp-type {written} -j DROP"))
    assert negated[Field.ICMP] == DOMAIN[Field.ICMP] - values


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [("128", 32768, 33023), ("echo-request", 32768, 33023), ("135/0", 34560, 34560), ("no-route", 256, 256)],
)
def test_icmp6(written: str, low: int, high: int) -> None:
    expected = [{Field.PROTOCOL: of(58), Field.ICMP: IntervalSet.of((low, high))}]
    assert products(match(f"-p ipv6-icmp -m icmp6 --icmpv6-type {written} -j DROP", 6)) == expected
    assert products(match(f"-p icmpv6 --icmpv6-type {written} -j DROP", 6)) == expected


@pytest.mark.parametrize(
    "clauses",
    [
        "-m tcp --dport 80",
        "-m multiport --dports 80",
        "! -p tcp -m tcp --dport 80",
        "-p udp -m tcp --dport 80",
        "-p tcp --dport 70000",
        "-p tcp --dport 90:80",
        "-p tcp --dport no-such-service",
        "-p tcp --dport 80 --dport 81",
        "-p tcp --tcp-flags SYN",
        "-p tcp --tcp-flags SIN,ACK ACK",
        "-p 256",
        "! -p all",
        "-p icmp --icmp-type 300",
        "-p tcp ! ! --dport 80",
        "-p tcp ! --dport ! 80",
    ],
)
def test_malformed_service_makes_the_rule_inexact(clauses: str) -> None:
    device = table(f"-A INPUT {clauses}")
    assert codes(device)[0] == ("RC606", 5)
    assert device.diagnostics[0].affects_verdicts
    assert device.policies[0].rules[0].match.must((4,)) == ()


@pytest.mark.parametrize("clauses", ["-p tcp --dports 80", "--dport 80", "-p tcp -m multiport --dport", "-p tcp extra"])
def test_option_that_does_not_belong_there_is_reported(clauses: str) -> None:
    device = table(f"-A INPUT {clauses} -j ACCEPT")
    assert {code for code, _ in codes(device)} <= {"RC602", "RC606"}
    assert codes(device)
    assert device.policies[0].rules[0].match.must((4,)) == ()


def test_a_tcp_option_is_a_condition_of_its_own() -> None:
    one = match("-p tcp --tcp-option 8 -j DROP").conditions
    two = match("-p tcp ! --tcp-option 8 -j DROP").conditions
    assert len(one) == len(two) == 1
    assert one[0].key != two[0].key


def test_ports_keep_out_of_later_fragments_only_where_the_table_tests_fragments() -> None:
    ported = "-A INPUT -p udp --dport 53 -j ACCEPT"
    fragment = IntervalSet.of((0, 0))
    alone = table(ported).policies[0].rules[0].match.terms((4,))
    assert all(Field.FRAGMENT not in term.sets for term in alone)
    beside = table(ported, "-A INPUT -p udp -f -j DROP", "-A INPUT ! -f -j DROP", "-A INPUT -p udp -j DROP")
    sets = [one.match.terms((4,))[0].sets.get(Field.FRAGMENT) for one in beside.policies[0].rules]
    assert sets == [fragment, IntervalSet.of((1, 1)), fragment, None]
