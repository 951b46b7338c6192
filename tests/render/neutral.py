"""Sketches as neutral rule tables: CSV with the members of groups written out, YAML and JSON with their names."""

from __future__ import annotations

import json
from typing import Any

from tests.render.abstract import Line, Network, Operand, Ports, Sketch

POLICY = "SKETCH"


def _network(network: Network) -> str:
    return network.text if network.is_host else network.prefix


def _ports(ports: Ports) -> str:
    if ports.is_any:
        return "any"
    return str(ports.low) if ports.low == ports.high else f"{ports.low}-{ports.high}"


def _operand(operand: Operand, *, named: bool) -> str:
    values = [operand.group] if named and operand.group else [_network(one) for one in operand.networks]
    return ";".join(("!" if operand.negated else "") + value for value in values)


def _cells(line: Line, *, named: bool) -> dict[str, Any]:
    sides = {
        side: _operand(operand, named=named)
        for side, operand in (("source", line.source), ("destination", line.destination))
    }
    return {
        "policy": POLICY,
        "action": "permit" if line.permit else "deny",
        **sides,
        "protocol": line.protocol or "any",
        "source_port": _ports(line.source_ports),
        "destination_port": _ports(line.destination_ports),
        "icmp_type": "" if line.icmp is None else str(line.icmp),
        "log": "yes" if line.log else "no",
        "enabled": "no" if line.disabled else "yes",
    }


def csv_table(sketch: Sketch) -> str:
    """Return a sketch whose default is to deny."""
    rows = [_cells(line, named=False) for line in sketch.lines]
    return "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)]) + "\n"


def _tree(sketch: Sketch) -> dict[str, Any]:
    rules = [
        {key: value for key, value in _cells(line, named=True).items() if value != "" and key != "policy"}
        for line in sketch.lines
    ]
    groups: dict[str, Operand] = sketch.groups
    return {
        "default": "permit" if sketch.permit_by_default else "deny",
        "objects": {name: [_network(one) for one in operand.networks] for name, operand in groups.items()},
        "policies": {POLICY: {"rules": rules}},
    }


def json_table(sketch: Sketch, *, indent: int | None = None) -> str:
    """Return a sketch as JSON."""
    return json.dumps(_tree(sketch), indent=indent)


def _scalar(value: str) -> str:
    """Return a value in quotes where YAML would read something else: tags and mappings."""
    return json.dumps(value) if value.startswith("!") or ":" in value else value


def yaml_table(sketch: Sketch) -> str:
    """Return a sketch as YAML in block style."""
    tree = _tree(sketch)
    lines = [f"default: {tree['default']}", "objects:"]
    lines += [f"  {name}: [{', '.join(map(_scalar, values))}]" for name, values in tree["objects"].items()] or ["  {}"]
    lines += ["policies:", f"  {POLICY}:", "    rules:"]
    for rule in tree["policies"][POLICY]["rules"]:
        first, *rest = [f"{key}: {_scalar(value)}" for key, value in rule.items()]
        lines += [f"      - {first}", *(f"        {one}" for one in rest)]
    return "\n".join(lines) + "\n"
