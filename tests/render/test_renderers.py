"""The renderers write what an administrator would: worked examples, so that a parser cannot hide their mistakes."""

from __future__ import annotations

from tests.render.abstract import ANY, ANY_PORT, Line, Network, Operand, Ports, Sketch
from tests.render.cisco import asa, ios
from tests.render.netfilter import iptables

_HOST = Operand((Network(0x0A000001, 32),))
_NET = Operand((Network(0x0A000100, 24),))
_GROUP = Operand((Network(0x0A000001, 32), Network(0x0A010000, 16)), group="GROUP-0")

_LINES = (
    Line(permit=True, protocol="tcp", source=_HOST, destination=_NET, destination_ports=Ports(443, 443)),
    Line(permit=False, protocol="udp", source=ANY, destination=_NET, source_ports=Ports(1024, 65535)),
    Line(permit=True, protocol="icmp", source=ANY, destination=_HOST, icmp=8, log=True),
    Line(permit=True, protocol="tcp", source=_NET, destination=ANY, destination_ports=Ports(80, 1023)),
    Line(permit=False, protocol=None, source=ANY, destination=ANY),
)


def test_asa() -> None:
    assert [line for line in asa(Sketch(_LINES)).splitlines() if line.startswith("access-list")] == [
        "access-list RANDOM extended permit tcp host 10.0.0.1 10.0.1.0 255.255.255.0 eq 443",
        "access-list RANDOM extended deny udp any4 gt 1023 10.0.1.0 255.255.255.0",
        "access-list RANDOM extended permit icmp any4 host 10.0.0.1 8 log",
        "access-list RANDOM extended permit tcp 10.0.1.0 255.255.255.0 any4 range 80 1023",
        "access-list RANDOM extended deny ip any4 any4",
    ]


def test_asa_groups() -> None:
    text = asa(Sketch((Line(permit=True, protocol=None, source=_GROUP, destination=ANY),)))
    assert text.splitlines()[3:] == [
        "object-group network GROUP-0",
        " network-object host 10.0.0.1",
        " network-object 10.1.0.0 255.255.0.0",
        "access-list RANDOM extended permit ip object-group GROUP-0 any4",
        "access-group RANDOM in interface outside",
    ]


def test_ios() -> None:
    assert ios(Sketch(_LINES)).splitlines()[3:] == [
        "ip access-list extended RANDOM",
        " permit tcp host 10.0.0.1 10.0.1.0 0.0.0.255 eq 443",
        " deny udp any gt 1023 10.0.1.0 0.0.0.255",
        " permit icmp any host 10.0.0.1 8 log",
        " permit tcp 10.0.1.0 0.0.0.255 any range 80 1023",
        " deny ip any any",
    ]


def test_ios_numbered_with_groups() -> None:
    below = Ports(0, 79)
    line = Line(permit=True, protocol="tcp", source=_GROUP, destination=ANY, destination_ports=below)
    assert ios(Sketch((line,)), numbered=True).splitlines()[3:] == [
        "object-group network GROUP-0",
        " host 10.0.0.1",
        " 10.1.0.0 255.255.0.0",
        "!",
        "access-list 101 permit tcp object-group GROUP-0 any lt 80",
    ]


def test_iptables() -> None:
    assert iptables(Sketch(_LINES)).splitlines()[1:-1] == [
        "*filter",
        ":INPUT ACCEPT [0:0]",
        ":FORWARD DROP [0:0]",
        ":OUTPUT ACCEPT [0:0]",
        "-A FORWARD -s 10.0.0.1/32 -d 10.0.1.0/24 -p tcp -m tcp --dport 443 -j ACCEPT",
        "-A FORWARD -d 10.0.1.0/24 -p udp -m udp --sport 1024:65535 -j DROP",
        "-A FORWARD -d 10.0.0.1/32 -p icmp -m icmp --icmp-type 8 -j ACCEPT",
        "-A FORWARD -s 10.0.1.0/24 -p tcp -m tcp --dport 80:1023 -j ACCEPT",
        "-A FORWARD -j DROP",
        "COMMIT",
    ]


def test_any_port_is_no_clause() -> None:
    text = iptables(Sketch((Line(True, "tcp", ANY, ANY, ANY_PORT, ANY_PORT),), permit_by_default=True))
    assert "-A FORWARD -p tcp -j ACCEPT" in text.splitlines()
    assert ":FORWARD ACCEPT [0:0]" in text.splitlines()
