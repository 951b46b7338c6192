"""The renderer writes what IOS-XR would; :mod:`tests.differential.test_rendered` draws policies for it."""

from __future__ import annotations

from tests.render.abstract import ANY, Line, Network, Operand, Ports, Sketch
from tests.render.xr import xr


def test_what_is_written() -> None:
    group = Operand((Network(0x0A000001, 32), Network(0x0A010000, 16)), group="G")
    line = Line(True, "tcp", group, Operand((Network(0x0A000000, 8),)), Ports(1, 9), Ports(80, 80), log=True)
    assert xr(Sketch((line, Line(False, None, ANY, ANY)))).splitlines()[3:] == [
        "object-group network ipv4 G",
        " host 10.0.0.1",
        " 10.1.0.0/16",
        "!",
        "object-group port PORTS-80-80",
        " range 80 80",
        "!",
        "ipv4 access-list RANDOM",
        " 10 permit tcp net-group G range 1 9 10.0.0.0 0.255.255.255 port-group PORTS-80-80 log",
        " 20 deny ipv4 any any",
        "!",
    ]
