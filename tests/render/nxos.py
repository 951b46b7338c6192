"""Sketches as NX-OS configurations: prefixes, address groups with wildcards, port groups for odd ranges."""

from __future__ import annotations

from collections.abc import Iterator

from tests.render.abstract import Line, Network, Operand, Ports, Sketch

NXOS_LIST = "RANDOM"


def _group(ports: Ports) -> str:
    """Return the name of the port group for a range; ranges that begin with an even port have one."""
    return "" if ports.is_any or ports.low % 2 else f"PORTS-{ports.low}-{ports.high}"


def _ports(ports: Ports) -> str:
    if ports.is_any:
        return ""
    if name := _group(ports):
        return f" portgroup {name}"
    if ports.low == ports.high:
        return f" eq {ports.low}"
    return f" gt {ports.low - 1}" if ports.high == 0xFFFF else f" range {ports.low} {ports.high}"


def _address(operand: Operand) -> str:
    if operand.group:
        return f"addrgroup {operand.group}"
    (network,) = operand.networks
    if network.length == 0:
        return "any"
    return f"host {network.text}" if network.is_host else network.prefix


def _member(network: Network) -> str:
    if network.is_host:
        return f"  host {network.text}"
    return f"  {network.prefix if network.family == 6 else f'{network.text} {network.wildcard}'}"


def _entry(line: Line) -> str:
    protocol = line.protocol or ("ipv6" if line.family == 6 else "ip")
    words = f"  {'permit' if line.permit else 'deny'} {protocol} "
    words += f"{_address(line.source)}{_ports(line.source_ports)} "
    words += _address(line.destination) + _ports(line.destination_ports)
    if line.icmp is not None:
        words += f" {line.icmp}"
    return words + (" log" if line.log else "")


def _lines(sketch: Sketch) -> Iterator[str]:
    yield from ("!Command: show running-config", "version 9.3(10)", "hostname random", "feature pbr")
    for name, operand in sorted(sketch.groups.items()):
        yield f"object-group {'ipv6' if operand.family == 6 else 'ip'} address {name}"
        yield from map(_member, operand.networks)
    ranges = {one for line in sketch.lines for one in (line.source_ports, line.destination_ports) if _group(one)}
    for ports in sorted(ranges, key=lambda one: (one.low, one.high)):
        yield f"object-group ip port {_group(ports)}"
        yield f"  10 range {ports.low} {ports.high}"
    yield f"{'ipv6' if sketch.is_ipv6 else 'ip'} access-list {NXOS_LIST}"
    yield from map(_entry, sketch.lines)


def nxos(sketch: Sketch) -> str:
    """Return a sketch as an NX-OS configuration."""
    return "\n".join(_lines(sketch)) + "\n"
