"""Sketches as Cisco configurations: ASA (netmasks, ``any4``) and IOS (wildcards)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.render.abstract import Line, Network, Operand, Ports, Sketch

ASA_LIST = "RANDOM"
IOS_LIST = "RANDOM"


def _ports(ports: Ports) -> str:
    if ports.is_any:
        return ""
    if ports.low == ports.high:
        return f" eq {ports.low}"
    if ports.high == 0xFFFF and ports.low > 0:
        return f" gt {ports.low - 1}"
    if ports.low == 0:
        return f" lt {ports.high + 1}"
    return f" range {ports.low} {ports.high}"


def _statement(line: Line, source: str, destination: str, protocol: str = "ip") -> str:
    words = f"{'permit' if line.permit else 'deny'} {line.protocol or protocol} "
    words += source + _ports(line.source_ports) + " " + destination + _ports(line.destination_ports)
    if line.icmp is not None:
        words += f" {line.icmp}"
    return words + (" log" if line.log else "")


def _asa_address(operand: Operand) -> str:
    if operand.group:
        return f"object-group {operand.group}"
    (network,) = operand.networks
    if network.length == 0:
        return f"any{network.family}"
    return f"host {network.text}" if network.is_host else _asa_network(network)


def _asa_network(network: Network) -> str:
    return network.prefix if network.family == 6 else f"{network.text} {network.mask}"


def _asa_member(network: Network) -> str:
    return f" network-object {f'host {network.text}' if network.is_host else _asa_network(network)}"


def _asa_lines(sketch: Sketch) -> Iterator[str]:
    yield from ("ASA Version 9.16(4)", "!", "hostname random")
    for name, operand in sorted(sketch.groups.items()):
        yield f"object-group network {name}"
        yield from map(_asa_member, operand.networks)
    for line in sketch.lines:
        statement = _statement(line, _asa_address(line.source), _asa_address(line.destination))
        yield f"access-list {ASA_LIST} extended {statement}" + (" inactive" if line.disabled else "")
    yield f"access-group {ASA_LIST} in interface outside"


def asa(sketch: Sketch) -> str:
    """Return a sketch as an ASA running configuration."""
    return "\n".join(_asa_lines(sketch)) + "\n"


def _ios_address(operand: Operand) -> str:
    if operand.group:
        return f"object-group {operand.group}"
    (network,) = operand.networks
    if network.length == 0:
        return "any"
    if network.is_host:
        return f"host {network.text}"
    return network.prefix if network.family == 6 else f"{network.text} {network.wildcard}"


def _ios_member(network: Network) -> str:
    if network.length == 0:
        return " any"
    return f" host {network.text}" if network.length == 32 else f" {network.text} {network.mask}"


def _ios_lines(sketch: Sketch, *, numbered: bool) -> Iterator[str]:
    yield from ("version 15.9", "hostname random", "!")
    for name, operand in sorted(sketch.groups.items()):
        yield f"object-group network {name}"
        yield from map(_ios_member, operand.networks)
        yield "!"
    if not numbered:
        yield f"ipv6 access-list {IOS_LIST}" if sketch.is_ipv6 else f"ip access-list extended {IOS_LIST}"
    for line in sketch.lines:
        protocol = "ipv6" if line.family == 6 else "ip"
        statement = _statement(line, _ios_address(line.source), _ios_address(line.destination), protocol)
        yield f"access-list 101 {statement}" if numbered else f" {statement}"


def ios(sketch: Sketch, *, numbered: bool = False) -> str:
    """Return a sketch as an IOS configuration, with a named list or the list 101."""
    return "\n".join(_ios_lines(sketch, numbered=numbered)) + "\n"
