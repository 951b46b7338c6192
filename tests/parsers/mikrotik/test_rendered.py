"""The renderer writes what RouterOS exports; :mod:`tests.differential.test_rendered` draws policies for it."""

from __future__ import annotations

from tests.render.abstract import ANY, Line, Network, Operand, Ports, Sketch
from tests.render.mikrotik import mikrotik


def test_the_renderer_writes_what_the_router_exports() -> None:
    host = Operand((Network(0x0A000001, 32),))
    group = Operand((Network(0x0A010000, 16),), group="GROUP-0")
    lines = (
        Line(True, "tcp", host, group, Ports(1024, 65535), Ports(443, 443), log=True),
        Line(False, "icmp", ANY, host, icmp=8),
    )
    assert mikrotik(Sketch(lines, permit_by_default=True)).splitlines()[2:] == [
        "/ip firewall address-list",
        "add address=10.1.0.0/16 list=GROUP-0",
        "/ip firewall filter",
        "add action=accept chain=forward dst-port=443 dst-address-list=GROUP-0 \\",
        "    log=yes protocol=tcp src-address=10.0.0.1 src-port=1024-65535",
        "add action=drop chain=forward dst-address=10.0.0.1 \\",
        "    icmp-options=8:0-255 protocol=icmp",
    ]
