"""The renderer writes what EOS would; :mod:`tests.differential.test_rendered` draws policies for it."""

from __future__ import annotations

from tests.render.abstract import ANY, Line, Network, Operand, Ports, Sketch
from tests.render.eos import eos


def test_what_is_written() -> None:
    host, net = Operand((Network(0x0A000001, 32),)), Operand((Network(0x0A000000, 8),))
    line = Line(True, "tcp", host, net, Ports(0, 9), Ports(80, 81), log=True)
    assert eos(Sketch((line, Line(False, None, Operand((Network(0x0A000000, 9),)), ANY)))).splitlines()[4:] == [
        "ip access-list RANDOM",
        "   10 permit tcp host 10.0.0.1 lt 10 10.0.0.0 0.255.255.255 eq 80 81 log",
        "   20 deny ip 10.0.0.0/9 any",
        "!",
        "end",
    ]
