"""The renderer writes what FortiOS would; :mod:`tests.differential.test_rendered` draws policies for it."""

from __future__ import annotations

from tests.render.abstract import ANY, Line, Network, Operand, Ports, Sketch
from tests.render.fortios import fortios


def test_the_renderer_writes_what_an_administrator_would() -> None:
    group = Operand((Network(0x0A000001, 32), Network(0x0A010000, 16)), group="GROUP-0")
    line = Line(
        permit=True,
        protocol="tcp",
        source=group,
        destination=ANY,
        source_ports=Ports(1024, 65535),
        destination_ports=Ports(443, 443),
    )
    text = fortios(Sketch((line,)))
    assert '        set member "net_10.0.0.1_32" "net_10.1.0.0_16"' in text.splitlines()
    assert "        set tcp-portrange 443:1024-65535" in text.splitlines()
    assert text.splitlines()[-10:] == [
        "    edit 1000",
        '        set srcintf "any"',
        '        set dstintf "any"',
        '        set srcaddr "GROUP-0"',
        '        set dstaddr "all"',
        "        set action accept",
        '        set schedule "always"',
        '        set service "service 0"',
        "    next",
        "end",
    ]
