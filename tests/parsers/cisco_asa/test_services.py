"""Service operands: protocols, ports, ICMP and groups in every slot."""

from __future__ import annotations

import pytest

from tests.parsers.cisco_asa.reading import codes, device, entry, policy, services

ALL = ((0, 65535),)
TCP, UDP = ((6, 6),), ((17, 17),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tcp any any", (TCP, None, None, None)),
        ("47 any any", (((47, 47),), None, None, None)),
        ("ah any any", (((51, 51),), None, None, None)),
        ("tcp any any eq 443", (TCP, None, ((443, 443),), None)),
        ("tcp any any eq https", (TCP, None, ((443, 443),), None)),
        ("tcp any eq ftp-data any", (TCP, ((20, 20),), None, None)),
        ("udp any range 100 200 any gt 1023", (UDP, ((100, 200),), ((1024, 65535),), None)),
        ("udp any lt 1024 any neq ntp", (UDP, ((0, 1023),), ((0, 122), (124, 65535)), None)),
        ("tcp any any range www 88", (TCP, None, ((80, 88),), None)),
        ("icmp any any echo", (((1, 1),), None, None, ((2048, 2303),))),
        ("icmp any any 3 4", (((1, 1),), None, None, ((772, 772),))),
        ("icmp any any unreachable 1", (((1, 1),), None, None, ((769, 769),))),
        ("icmp any any echo log", (((1, 1),), None, None, ((2048, 2303),))),
        ("icmp any any log", (((1, 1),), None, None, None)),
        ("icmp6 any6 any6 echo", (((58, 58),), None, None, ((32768, 33023),))),
        ("1 any any 8", (((1, 1),), None, None, ((2048, 2303),))),
    ],
)
def test_literal_services(text: str, expected: tuple[object, ...]) -> None:
    assert services(entry(f"permit {text}")) == [expected]


def test_ip_is_every_service() -> None:
    assert entry("permit ip any any").match.services is None


GROUPS = """
    object service WEB
     service tcp destination eq 8080
    object service FROM_NTP
     service udp source eq ntp destination gt 1023
    object service PING
     service icmp echo 0
    object service GRE
     service gre
    object-group service PORTS tcp
     port-object eq www
     port-object range 8000 8010
    object-group service BOTH tcp-udp
     port-object eq domain
    object-group service MIXED
     service-object tcp destination eq ssh
     service-object udp source eq 68 destination eq 67
     service-object object WEB
     service-object icmp echo
     service-object tcp-udp destination eq 5060
     service-object udp eq 1235   ! the word destination may be missing
     service-object esp
    object-group service OUTER
     group-object INNER
     service-object ip
    object-group service INNER
     service-object tcp destination lt 5
    object-group service TYPED_OUTER tcp
     group-object PORTS
     port-object eq 22
    object-group protocol PROTOS
     protocol-object tcp
     protocol-object udp
    object-group icmp-type TYPES
     icmp-object echo-reply
     group-object MORE_TYPES
    object-group icmp-type MORE_TYPES
     icmp-object unreachable
    """


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("object WEB any any", [(TCP, None, ((8080, 8080),), None)]),
        ("object FROM_NTP any any", [(UDP, ((123, 123),), ((1024, 65535),), None)]),
        ("object PING any any", [(((1, 1),), None, None, ((2048, 2048),))]),
        ("object GRE any any", [(((47, 47),), None, None, None)]),
        ("object icmp-echo any any", [(((1, 1),), None, None, ((2048, 2303),))]),
        ("object ospf any any", [(((89, 89),), None, None, None)]),
        (
            "object-group MIXED any any",
            [
                (TCP, None, ((22, 22),), None),
                (UDP, ((68, 68),), ((67, 67),), None),
                (TCP, None, ((8080, 8080),), None),
                (((1, 1),), None, None, ((2048, 2303),)),
                (((6, 6), (17, 17)), None, ((5060, 5060),), None),
                (UDP, None, ((1235, 1235),), None),
                (((50, 50),), None, None, None),
            ],
        ),
        ("object-group OUTER any any", [(TCP, None, ((0, 4),), None), (None, None, None, None)]),
        ("object-group PROTOS any any", [(TCP, None, None, None), (UDP, None, None, None)]),
        (
            "object-group PROTOS any any eq 53",
            [(TCP, None, ((53, 53),), None), (UDP, None, ((53, 53),), None)],
        ),
        (
            "tcp any any object-group PORTS",
            [(TCP, None, ((80, 80),), None), (TCP, None, ((8000, 8010),), None)],
        ),
        (
            "tcp any object-group PORTS any",
            [(TCP, ((80, 80),), None, None), (TCP, ((8000, 8010),), None, None)],
        ),
        (
            "tcp any object-group BOTH any object-group PORTS",
            [(TCP, ((53, 53),), ((80, 80),), None), (TCP, ((53, 53),), ((8000, 8010),), None)],
        ),
        ("udp any any object-group BOTH", [(UDP, None, ((53, 53),), None)]),
        ("object-group BOTH any any", [(((6, 6), (17, 17)), None, ((53, 53),), None)]),
        ("udp any any object-group PORTS", []),
        (
            "tcp any any object-group TYPED_OUTER",
            [(TCP, None, ((80, 80),), None), (TCP, None, ((8000, 8010),), None), (TCP, None, ((22, 22),), None)],
        ),
        (
            "tcp any any object-group MIXED",
            [
                (TCP, None, ((22, 22),), None),
                (TCP, None, ((8080, 8080),), None),
                (TCP, None, ((5060, 5060),), None),
            ],
        ),
        ("object-group PROTOS any any object WEB", [(TCP, None, ((8080, 8080),), None)]),
        (
            "icmp any any object-group TYPES",
            [(((1, 1),), None, None, ((0, 255),)), (((1, 1),), None, None, ((768, 1023),))],
        ),
        (
            "icmp6 any6 any6 object-group TYPES",
            [(((58, 58),), None, None, ((33024, 33279),)), (((58, 58),), None, None, ((256, 511),))],
        ),
    ],
)
def test_named_services(text: str, expected: list[tuple[object, ...]]) -> None:
    assert services(entry(f"permit {text}", GROUPS)) == expected


def test_group_order_does_not_matter_for_the_port_slot() -> None:
    rule = entry(
        "permit tcp object-group HOSTS object-group PORTS object-group HOSTS",
        f"{GROUPS}\n    object-group network HOSTS\n     network-object host 192.0.2.1\n",
    )
    assert services(rule)[0] == (TCP, ((80, 80),), None, None)
    assert rule.match.destination.label == "object-group HOSTS"


def test_service_members_know_where_they_are_written() -> None:
    rule = entry("permit tcp any any object-group TYPED_OUTER", GROUPS)
    assert rule.match.services is not None
    assert [one.origin.path for one in rule.match.services.elements] == [
        ("TYPED_OUTER", "PORTS"),
        ("TYPED_OUTER", "PORTS"),
        ("TYPED_OUTER",),
    ]


def test_combined_groups_are_shared_between_rules() -> None:
    first, second = policy(
        """
        object-group service PORTS tcp
         port-object eq www
        access-list X extended permit tcp host 192.0.2.1 any object-group PORTS
        access-list X extended permit tcp host 192.0.2.2 any object-group PORTS
        """
    ).rules
    assert first.match.services is second.match.services


def test_an_undefined_port_group_is_some_port() -> None:
    rule = entry("permit tcp any4 any4 object-group GONE")
    (term,) = rule.match.terms()
    assert dict(term.conditions) == {"undefined:object-group service:GONE": True}


def test_an_undefined_group_before_an_address_is_the_source_port() -> None:
    rule = entry("permit tcp any4 object-group GONE host 192.0.2.1 eq 80")
    assert rule.match.destination.label == "host 192.0.2.1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tcp any any eq nosuchport", "RC606"),
        ("tcp any any eq 70000", "RC606"),
        ("tcp any any eq", "RC606"),
        ("nosuchprotocol any any", "RC606"),
        ("icmp any any nosuchtype", "RC606"),
        ("icmp any any 300", "RC606"),
        ("ip any any eq 80", "RC602"),
        ("gre any any eq 80", "RC602"),
        ("tcp any any eq 80 surprise", "RC602"),
        ("tcp any", "RC606"),
        ("tcp host 192.0.2.1", "RC606"),
        ("tcp host 192.0.2.300 any", "RC606"),
        ("tcp", "RC606"),
        ("tcp any any time-range", "RC606"),
    ],
)
def test_what_is_not_clear_makes_the_rule_inexact(text: str, code: str) -> None:
    found = device(f"access-list X extended permit {text}\n")
    assert codes(found) == [(code, 1)]
    assert found.diagnostics[0].affects_verdicts
    (rule,) = found.policies[0].rules
    assert rule.match.must() == ()
    assert "unclear:1" in [one.key for one in rule.match.conditions]


def test_a_broken_member_leaves_the_others_certain() -> None:
    text = "object-group service P tcp\n port-object eq www\n port-object eq nosuchport"
    rule = entry("permit tcp any4 any4 object-group P", text)
    assert len(rule.match.must()) == 1
    assert len(rule.match.terms()) == 2
