"""Sketches as firewall rules of Google Cloud, which have no ports of sources."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.render.abstract import ANY_PORT, Line, Operand, Sketch

NAME = "sketch ingress"


def _ranges(operand: Operand) -> list[str]:
    return [net.prefix for net in operand.networks]


def _entry(line: Line) -> dict[str, Any]:
    if line.protocol is None:
        return {"IPProtocol": "all"}
    number = "47" if line.protocol == "gre" else line.protocol
    ports = line.destination_ports
    if ports.is_any:
        return {"IPProtocol": number}
    return {"IPProtocol": number, "ports": [str(ports.low) if ports.low == ports.high else f"{ports.low}-{ports.high}"]}


def fitted(sketch: Sketch) -> Sketch:
    """Return a sketch without what rules of Google Cloud cannot say: ports of sources, and ICMP types."""
    return Sketch(tuple(replace(line, source_ports=ANY_PORT, icmp=None) for line in sketch.lines))


def gcp(sketch: Sketch) -> str:
    """Return a sketch as the list of ``gcloud compute firewall-rules list``, in reverse order."""
    rules = [
        {
            "name": f"r{number}",
            "network": "global/networks/sketch",
            "direction": "INGRESS",
            "priority": number,
            "sourceRanges": _ranges(line.source),
            "destinationRanges": _ranges(line.destination),
            "allowed" if line.permit else "denied": [_entry(line)],
            "logConfig": {"enable": line.log},
            "disabled": line.disabled,
        }
        for number, line in enumerate(sketch.lines)
    ]
    return json.dumps(rules[::-1], indent=1)
