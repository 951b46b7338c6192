"""Sketches as network security groups of Azure. The default rules are not reached: sketches end with a catch-all."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.render.abstract import ANY, Line, Operand, Ports, Sketch

NAME = "sketch inbound"
_END = Line(permit=False, protocol=None, source=ANY, destination=ANY)


def fitted(sketch: Sketch) -> Sketch:
    """Return a sketch without ICMP types, which cannot be written, and with a rule at the end that denies all."""
    return Sketch((*(replace(line, icmp=None) for line in sketch.lines), _END))


def _addresses(side: str, operand: Operand) -> dict[str, Any]:
    texts = [net.prefix for net in operand.networks]
    return {f"{side}AddressPrefix": texts[0]} if len(texts) == 1 else {f"{side}AddressPrefixes": texts}


def _ports(side: str, ports: Ports) -> dict[str, Any]:
    text = "*" if ports.is_any else str(ports.low) if ports.low == ports.high else f"{ports.low}-{ports.high}"
    return {f"{side}PortRange": text}


def _rule(priority: int, line: Line) -> dict[str, Any]:
    return {
        "name": f"r{priority}",
        "priority": priority,
        "direction": "Inbound",
        "access": "Allow" if line.permit else "Deny",
        "protocol": line.protocol or "*",
        **_addresses("source", line.source),
        **_addresses("destination", line.destination),
        **_ports("source", line.source_ports),
        **_ports("destination", line.destination_ports),
    }


def azure(sketch: Sketch) -> str:
    """Return a sketch as the answer of ``az network nsg show``, with its rules in reverse order."""
    rules = [_rule(priority, line) for priority, line in enumerate(sketch.lines, start=100)]
    deny = {**_rule(65500, Line(False, None, ANY, ANY)), "sourceAddressPrefix": "*", "destinationAddressPrefix": "*"}
    found = {"name": "sketch", "type": "Microsoft.Network/networkSecurityGroups", "securityRules": rules[::-1]}
    return json.dumps({**found, "defaultSecurityRules": [deny]}, indent=1)
