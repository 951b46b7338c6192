"""Sketches as network ACLs of AWS. Only sources can be written: destinations are the subnet."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.render.abstract import ANY, ANY_PORT, NUMBERS, Line, Operand, Sketch

NAME = "acl-1 ingress"


def fitted(sketch: Sketch) -> Sketch:
    """Return a sketch without what a network ACL cannot say: destinations, several networks, ports of sources."""
    return Sketch(
        tuple(
            replace(line, source=Operand(line.source.networks[:1]), destination=ANY, source_ports=ANY_PORT)
            for line in sketch.lines
        )
    )


def _entry(number: int, line: Line) -> dict[str, Any]:
    network = line.source.networks[0]
    entry: dict[str, Any] = {
        "RuleNumber": number,
        "Egress": False,
        "RuleAction": "allow" if line.permit else "deny",
        "Ipv6CidrBlock" if network.family == 6 else "CidrBlock": network.prefix,
        "Protocol": "-1" if line.protocol is None else str(NUMBERS[line.protocol]),
    }
    if not line.destination_ports.is_any:
        entry["PortRange"] = {"From": line.destination_ports.low, "To": line.destination_ports.high}
    if line.icmp is not None:
        entry["IcmpTypeCode"] = {"Type": line.icmp, "Code": -1}
    return entry


def aws(sketch: Sketch) -> str:
    """Return a sketch as the answer of ``describe-network-acls``, with its entries in reverse order."""
    entries = [_entry(number, line) for number, line in enumerate(sketch.lines, start=1)]
    return json.dumps({"NetworkAcls": [{"NetworkAclId": "acl-1", "Entries": entries[::-1]}]}, indent=1)
