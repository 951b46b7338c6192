"""The renderer writes what NX-OS would; :mod:`tests.differential.test_rendered` draws policies for it."""

from __future__ import annotations

from tests.render.abstract import ANY, Line, Network, Operand, Ports, Sketch
from tests.render.nxos import nxos


def test_what_is_written() -> None:
    group = Operand((Network(0x0A000001, 32), Network(0x0A010000, 16)), group="G")
    line = Line(True, "tcp", group, Operand((Network(0x0A000000, 8),)), Ports(1, 9), Ports(80, 80), log=True)
    assert nxos(Sketch((line, Line(False, None, ANY, ANY)))).splitlines()[4:] == [
        "object-group ip address G",
        "  host 10.0.0.1",
        "  10.1.0.0 0.0.255.255",
        "object-group ip port PORTS-80-80",
        "  10 range 80 80",
        "ip access-list RANDOM",
        "  permit tcp addrgroup G range 1 9 10.0.0.0/8 portgroup PORTS-80-80 log",
        "  deny ip any any",
    ]
