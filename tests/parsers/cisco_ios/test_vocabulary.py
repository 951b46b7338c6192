"""Names and the numbers that they stand for."""

from __future__ import annotations

import pytest

from parsers.cisco import vocabulary as names
from rulecheck.model.intervals import EMPTY
from tests.parsers.cisco_ios.reading import between, points


def test_protocols() -> None:
    assert [names.protocol_number(word) for word in ("tcp", "TCP", "esp", "255", "256", "frob")] == [
        6, 6, 50, 255, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "protocol", "number"),
    [
        ("www", names.TCP, 80),
        ("syslog", names.UDP, 514),
        ("cmd", names.TCP, 514),
        ("login", names.TCP, 513),
        ("who", names.UDP, 513),
        ("bootps", None, 67),
        ("65535", None, 65535),
        ("65536", None, None),
        ("frob", names.TCP, None),
    ],
)
def test_ports(word: str, protocol: int | None, number: int | None) -> None:
    assert names.port_number(word, protocol) == number


def test_icmp_names_differ_by_family() -> None:
    assert names.icmp_message("packet-too-big") == (3, 4)
    assert names.icmp_message("packet-too-big", 6) == (2, None)
    assert names.icmp_message("nd-na") is None


def test_port_operators() -> None:
    assert names.port_set("eq", [80, 81]) == between(80, 81)
    assert names.port_set("gt", [65535]) == EMPTY
    with pytest.raises(ValueError, match="range does not take 1 ports"):
        names.port_set("range", [1])
    with pytest.raises(ValueError, match="near is not a port operator"):
        names.port_set("near", [1])


def test_type_of_service_bytes() -> None:
    assert names.dscp_set("af41") == between(136, 139)
    assert names.precedence_set("network") == between(224, 255)
    assert names.tos_set("16") is None
    assert names.dscp_set("64") is None


def test_inspected_protocols() -> None:
    assert names.inspected_services("dns") == ((6, 53), (17, 53))
    assert names.inspected_services("tcp") == ((6, None),)
    assert names.inspected_services("bittorrent") is None


def test_icmp_values() -> None:
    assert names.icmp_set(3) == between(768, 1023)
    assert names.icmp_set(3, 4) == points(772)
