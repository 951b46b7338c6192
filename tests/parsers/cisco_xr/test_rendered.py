"""Random policies written for IOS-XR are parsed to the same packets, and judged as brute force judges the sketch."""

from __future__ import annotations

from hypothesis import given

from tests.differential.test_rendered import check_platform, parsed
from tests.render.abstract import ANY, Line, Network, Operand, Ports, Sketch
from tests.render.xr import XR_LIST, xr
from tests.strategies import sketches, thorough


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


@given(sketch=sketches(groups=True))
@thorough(150)
def test_xr(sketch: Sketch) -> None:
    check_platform(sketch, parsed(xr(sketch), XR_LIST))
