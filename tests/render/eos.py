"""Sketches as EOS configurations. There are no object groups here: such a sketch has no EOS form."""

from __future__ import annotations

from collections.abc import Iterator

from tests.render.abstract import Line, Operand, Ports, Sketch

EOS_LIST = "RANDOM"


def _ports(ports: Ports) -> str:
    if ports.is_any:
        return ""
    if ports.low == ports.high:
        return f" eq {ports.low}"
    if ports.high == ports.low + 1:
        return f" eq {ports.low} {ports.high}"
    return f" lt {ports.high + 1}" if ports.low == 0 else f" range {ports.low} {ports.high}"


def _address(operand: Operand) -> str:
    (network,) = operand.networks
    if network.length == 0:
        return "any"
    if network.is_host:
        return f"host {network.text}"
    short = network.length % 2 or network.family == 6
    return network.prefix if short else f"{network.text} {network.wildcard}"


def _word(family: int) -> str:
    return "ipv6" if family == 6 else "ip"


def _entry(number: int, line: Line) -> str:
    words = f"   {number} {'permit' if line.permit else 'deny'} {line.protocol or _word(line.family)} "
    words += f"{_address(line.source)}{_ports(line.source_ports)} "
    words += _address(line.destination) + _ports(line.destination_ports)
    if line.icmp is not None:
        words += f" {line.icmp}"
    return words + (" log" if line.log else "")


def _lines(sketch: Sketch) -> Iterator[str]:
    yield from ("! device: random (vEOS, EOS-4.30.5M)", "!", "hostname random", "!")
    yield f"{'ipv6' if sketch.is_ipv6 else 'ip'} access-list {EOS_LIST}"
    yield from (_entry(10 * number, line) for number, line in enumerate(sketch.lines, start=1))
    yield from ("!", "end")


def eos(sketch: Sketch) -> str:
    """Return a sketch as an EOS configuration."""
    return "\n".join(_lines(sketch)) + "\n"
