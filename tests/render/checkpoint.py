"""Sketches as a Check Point access layer: the answer of ``show access-rulebase`` with its objects."""

from __future__ import annotations

import json
from typing import Any

from tests.render.abstract import Line, Network, Operand, Ports, Sketch

LAYER = "Sketch"
ANY = "97aeb369-9aea-11d5-bd16-0090272ccb30"
ACCEPT = "6c488338-8eec-4103-ad21-cd461ac2c472"
DROP = "6c488338-8eec-4103-ad21-cd461ac2c473"
LOG = "598ead32-aa42-4615-90ed-f51a5928d41d"
NO_LOG = "29e53e3d-23bf-48fe-b6b1-d59bd88036f9"


class _Objects:
    """The objects that rules name, each once."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, Any]] = {}

    def add(self, kind: str, name: str, **members: object) -> str:
        if name not in self._found:
            uid = f"00000000-0000-4000-8000-{len(self._found):012x}"
            self._found[name] = {"uid": uid, "name": name, "type": kind} | {
                key.replace("_", "-"): value for key, value in members.items()
            }
        return str(self._found[name]["uid"])

    @property
    def listed(self) -> list[dict[str, Any]]:
        return list(self._found.values())


def _network(network: Network, objects: _Objects) -> str:
    if network.is_host:
        return objects.add("host", f"h-{network.text}", **{f"ipv{network.family}_address": network.text})
    name, family = f"n-{network.text}-{network.length}", network.family
    return objects.add("network", name, **{f"subnet{family}": network.text, f"mask_length{family}": network.length})


def _operand(operand: Operand, objects: _Objects) -> str:
    members = [_network(network, objects) for network in operand.networks]
    return objects.add("group", operand.group, members=members) if operand.group else members[0]


def _ports(ports: Ports) -> str:
    if ports.low == ports.high:
        return str(ports.low)
    return f">{ports.low - 1}" if ports.high == 0xFFFF and ports.low else f"{ports.low}-{ports.high}"


def _service(line: Line, objects: _Objects) -> str:
    if line.protocol is None:
        return ANY
    if line.protocol == "gre":
        return objects.add("service-other", "gre", ip_protocol=47)
    if line.protocol == "icmp" and line.icmp is None:
        return objects.add("service-other", "icmp-proto", ip_protocol=1)
    if line.protocol == "icmp":
        return objects.add("service-icmp", f"icmp-{line.icmp}", icmp_type=line.icmp)
    source, port = _ports(line.source_ports), _ports(line.destination_ports)
    members = {"port": port} if line.source_ports.is_any else {"port": port, "source_port": source}
    return objects.add(f"service-{line.protocol}", f"{line.protocol}-{source}-{port}", **members)


def _rule(number: int, line: Line, objects: _Objects) -> dict[str, Any]:
    return {
        "uid": f"11111111-0000-4000-8000-{number:012x}",
        "type": "access-rule",
        "rule-number": number,
        "source": [_operand(line.source, objects)],
        "source-negate": line.source.negated,
        "destination": [_operand(line.destination, objects)],
        "destination-negate": line.destination.negated,
        "service": [_service(line, objects)],
        "service-negate": False,
        "vpn": [ANY],
        "action": ACCEPT if line.permit else DROP,
        "track": {"type": LOG if line.log else NO_LOG},
        "enabled": not line.disabled,
    }


def checkpoint(sketch: Sketch, *, indent: int | None = None) -> str:
    """Return a sketch as an access layer in JSON. Networks of length 0 are IPv4 networks, not Any."""
    objects = _Objects()
    rules = [_rule(number, line, objects) for number, line in enumerate(sketch.lines, start=1)]
    cleanup = "accept" if sketch.permit_by_default else "drop"
    layer = objects.add("access-layer", LAYER, implicit_cleanup_action=cleanup)
    answer = {
        "uid": layer,
        "name": LAYER,
        "rulebase": rules,
        "objects-dictionary": objects.listed,
        "from": 1,
        "to": len(rules),
        "total": len(rules),
    }
    return json.dumps(answer, indent=indent)
