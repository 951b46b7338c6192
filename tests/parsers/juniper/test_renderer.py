"""The renderer writes what an administrator would: worked examples, so that the parser cannot hide its mistakes."""

from __future__ import annotations

from tests.render.abstract import ANY, Line, Network, Operand, Ports, Sketch
from tests.render.juniper import curly, junos_filter, srx

HOST = Operand((Network(0x0A000001, 32),))
GROUP = Operand((Network(0x0A000001, 32), Network(0x0A010000, 16)), group="GROUP-0")
LINES = (
    Line(permit=True, protocol="tcp", source=GROUP, destination=HOST, destination_ports=Ports(80, 443)),
    Line(permit=False, protocol=None, source=ANY, destination=ANY, log=True),
)


def test_srx() -> None:
    start = "set security policies from-zone inside to-zone outside policy"
    assert srx(Sketch(LINES)).splitlines()[4:] == [
        "set security address-book global address N-10.0.0.1-32 10.0.0.1/32",
        "set security address-book global address N-10.1.0.0-16 10.1.0.0/16",
        "set security address-book global address-set GROUP-0 address N-10.0.0.1-32",
        "set security address-book global address-set GROUP-0 address N-10.1.0.0-16",
        "set applications application A0 protocol tcp",
        "set applications application A0 destination-port 80-443",
        f"{start} P0 match source-address GROUP-0",
        f"{start} P0 match destination-address N-10.0.0.1-32",
        f"{start} P0 match application A0",
        f"{start} P0 then permit",
        f"{start} P1 match source-address any-ipv4",
        f"{start} P1 match destination-address any-ipv4",
        f"{start} P1 match application any",
        f"{start} P1 then deny",
        f"{start} P1 then log session-init",
    ]
    assert "set security policies global policy P1 then deny" in srx(Sketch(LINES), local=1).splitlines()


def test_filter() -> None:
    start = "set firewall family inet filter RANDOM term"
    assert junos_filter(Sketch(LINES)).splitlines()[1:] == [
        "set policy-options prefix-list GROUP-0 10.0.0.1/32",
        "set policy-options prefix-list GROUP-0 10.1.0.0/16",
        f"{start} T0 from source-prefix-list GROUP-0",
        f"{start} T0 from destination-address 10.0.0.1/32",
        f"{start} T0 from protocol tcp",
        f"{start} T0 from destination-port 80-443",
        f"{start} T0 then accept",
        f"{start} T1 then syslog",
        f"{start} T1 then discard",
        "set interfaces ge-0/0/0 unit 0 family inet filter input RANDOM",
    ]


def test_curly() -> None:
    assert curly(["a b c", "a b d e", "f"]).splitlines() == [
        "a {",
        "    b {",
        "        c;",
        "        d e;",
        "    }",
        "}",
        "f;",
    ]
