"""Sketches as nftables rule sets, as ``nft list ruleset`` prints them and as ``nft -j`` does, in the chain forward."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.render.abstract import Line, Network, Operand, Ports, Sketch

CHAIN = "filter forward"
"""The name of the policy, behind the family of its table."""


def _network(network: Network) -> str:
    return network.text if network.is_host else network.prefix


def _address(side: str, operand: Operand) -> list[str]:
    field = f"{'ip6' if operand.family == 6 else 'ip'} {side}addr{' !=' if operand.negated else ''}"
    if operand.group:
        return [f"{field} @{operand.group}"]
    (network,) = operand.networks
    return [] if network.length == 0 else [f"{field} {_network(network)}"]


def _range(ports: Ports) -> str:
    return str(ports.low) if ports.low == ports.high else f"{ports.low}-{ports.high}"


def _ports(line: Line, name: str, ports: Ports) -> list[str]:
    return [] if ports.is_any else [f"{line.protocol} {name} {_range(ports)}"]


def _rule(line: Line, family: str) -> str:
    words = [*_address("s", line.source), *_address("d", line.destination)]
    if family == "inet" and not words:
        words.append(f"meta nfproto ipv{line.family}")
    ports = [*_ports(line, "sport", line.source_ports), *_ports(line, "dport", line.destination_ports)]
    if line.icmp is not None:
        words.append(f"icmp type {line.icmp}")
    elif line.protocol and not ports:
        words.append(f"meta l4proto {line.protocol}")
    words += ports
    if line.log:
        words.append('log prefix "sketch "')
    return " ".join([*words, "accept" if line.permit else "drop"])


def _flags(operand: Operand) -> bool:
    return not all(network.is_host for network in operand.networks)


def _lines(sketch: Sketch, family: str) -> Iterator[str]:
    yield f"table {family} filter {{"
    for name, operand in sketch.groups.items():
        yield from (f"\tset {name} {{", f"\t\ttype ipv{operand.family}_addr")
        if _flags(operand):
            yield from ("\t\tflags interval", "\t\tauto-merge")
        members = [_network(network) for network in operand.networks]
        yield f"\t\telements = {{ {(','.ljust(2)).join(members)} }}"
        yield from ("\t}", "")
    yield "\tchain forward {"
    policy = "accept" if sketch.permit_by_default else "drop"
    yield f"\t\ttype filter hook forward priority filter; policy {policy};"
    yield from (f"\t\t{_rule(line, family)}" for line in sketch.lines)
    yield from ("\t}", "}")


def nftables(sketch: Sketch, family: str = "ip") -> str:
    """Return a sketch as a rule set in a table of one family: ip or inet."""
    return "\n".join(_lines(sketch, family)) + "\n"


# --- JSON ---------------------------------------------------------------------------------------------------


def _json_network(network: Network) -> object:
    return network.text if network.is_host else {"prefix": {"addr": network.text, "len": network.length}}


def _match(left: dict[str, Any], right: object, *, negated: bool = False) -> dict[str, Any]:
    return {"match": {"op": "!=" if negated else "==", "left": left, "right": right}}


def _payload(protocol: str, field: str) -> dict[str, Any]:
    return {"payload": {"protocol": protocol, "field": field}}


def _json_address(side: str, operand: Operand) -> Iterator[dict[str, Any]]:
    left = _payload("ip6" if operand.family == 6 else "ip", f"{side}addr")
    if operand.group:
        yield _match(left, f"@{operand.group}", negated=operand.negated)
    elif operand.networks[0].length:
        yield _match(left, _json_network(operand.networks[0]), negated=operand.negated)


def _json_ports(line: Line) -> Iterator[dict[str, Any]]:
    for name, ports in (("sport", line.source_ports), ("dport", line.destination_ports)):
        if not ports.is_any and line.protocol:
            value = ports.low if ports.low == ports.high else {"range": [ports.low, ports.high]}
            yield _match(_payload(line.protocol, name), value)


def _json_rule(line: Line, family: str) -> Iterator[dict[str, Any]]:
    addresses = [*_json_address("s", line.source), *_json_address("d", line.destination)]
    if family == "inet" and not addresses:
        addresses = [_match({"meta": {"key": "nfproto"}}, f"ipv{line.family}")]
    yield from addresses
    ports = list(_json_ports(line))
    if line.icmp is not None:
        yield _match(_payload("icmp", "type"), line.icmp)
    elif line.protocol and not ports:
        yield _match({"meta": {"key": "l4proto"}}, line.protocol)
    yield from ports
    if line.log:
        yield {"log": {"prefix": "sketch "}}
    yield {"accept" if line.permit else "drop": None}


def _objects(sketch: Sketch, family: str) -> Iterator[dict[str, Any]]:
    yield {"metainfo": {"version": "1.0.9", "release_name": "Old Doc Yak #3", "json_schema_version": 1}}
    yield {"table": {"family": family, "name": "filter", "handle": 1}}
    place = {"family": family, "table": "filter"}
    hook = {"type": "filter", "hook": "forward", "prio": 0}
    policy = "accept" if sketch.permit_by_default else "drop"
    yield {"chain": {**place, "name": "forward", "handle": 2, **hook, "policy": policy}}
    for name, operand in sketch.groups.items():
        members = [_json_network(network) for network in operand.networks]
        flags = {"flags": ["interval"]} if _flags(operand) else {}
        yield {"set": {**place, "name": name, "type": f"ipv{operand.family}_addr", **flags, "elem": members}}
    for number, line in enumerate(sketch.lines):
        yield {"rule": {**place, "chain": "forward", "handle": number + 9, "expr": list(_json_rule(line, family))}}


def nftables_json(sketch: Sketch, family: str = "ip", indent: int | None = None) -> str:
    """Return a sketch as ``nft -j list ruleset`` prints it: on one line, or indented."""
    return json.dumps({"nftables": list(_objects(sketch, family))}, indent=indent) + "\n"
