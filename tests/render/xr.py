"""Sketches as IOS-XR configurations: wildcards, network groups, port groups for odd ranges."""

from __future__ import annotations

from collections.abc import Iterator

from tests.render.abstract import Line, Network, Operand, Ports, Sketch

XR_LIST = "RANDOM"


def _group(ports: Ports) -> str:
    """Return the name of the port group for a range; ranges that begin with an even port have one."""
    return "" if ports.is_any or ports.low % 2 else f"PORTS-{ports.low}-{ports.high}"


def _ports(ports: Ports) -> str:
    if ports.is_any:
        return ""
    if name := _group(ports):
        return f" port-group {name}"
    if ports.low == ports.high:
        return f" eq {ports.low}"
    return f" gt {ports.low - 1}" if ports.high == 0xFFFF else f" range {ports.low} {ports.high}"


def _address(operand: Operand) -> str:
    if operand.group:
        return f"net-group {operand.group}"
    (network,) = operand.networks
    if network.length == 0:
        return "any"
    if network.is_host:
        return f"host {network.text}"
    return network.prefix if network.family == 6 else f"{network.text} {network.wildcard}"


def _member(network: Network) -> str:
    return f" host {network.text}" if network.is_host else f" {network.prefix}"


def _entry(number: int, line: Line) -> str:
    words = f" {number} {'permit' if line.permit else 'deny'} {line.protocol or f'ipv{line.family}'} "
    words += f"{_address(line.source)}{_ports(line.source_ports)} "
    words += _address(line.destination) + _ports(line.destination_ports)
    if line.icmp is not None:
        words += f" {line.icmp}"
    return words + (" log" if line.log else "")


def _lines(sketch: Sketch) -> Iterator[str]:
    yield from ("!! IOS XR Configuration 7.5.2", "hostname random", "!")
    for name, operand in sorted(sketch.groups.items()):
        yield f"object-group network ipv{operand.family} {name}"
        yield from map(_member, operand.networks)
        yield "!"
    ranges = {one for line in sketch.lines for one in (line.source_ports, line.destination_ports) if _group(one)}
    for ports in sorted(ranges, key=lambda one: (one.low, one.high)):
        yield f"object-group port {_group(ports)}"
        yield f" range {ports.low} {ports.high}"
        yield "!"
    yield f"ipv{6 if sketch.is_ipv6 else 4} access-list {XR_LIST}"
    yield from (_entry(10 * number, line) for number, line in enumerate(sketch.lines, start=1))
    yield "!"


def xr(sketch: Sketch) -> str:
    """Return a sketch as an IOS-XR configuration."""
    return "\n".join(_lines(sketch)) + "\n"
