"""Sketches as RouterOS exports, in the chain forward. Its default is to accept: other sketches have no such form."""

from __future__ import annotations

from collections.abc import Iterator

from tests.render.abstract import Line, Operand, Ports, Sketch


def _address(side: str, operand: Operand) -> list[str]:
    no = "!" if operand.negated else ""
    if operand.group:
        return [f"{side}-address-list={no}{operand.group}"]
    (network,) = operand.networks
    if network.length == 0:
        return []
    return [f"{side}-address={no}{network.text if network.is_host else network.prefix}"]


def _ports(name: str, ports: Ports) -> list[str]:
    if ports.is_any:
        return []
    return [f"{name}={ports.low}" if ports.low == ports.high else f"{name}={ports.low}-{ports.high}"]


def _rule(line: Line) -> str:
    words = ["add", f"action={'accept' if line.permit else 'drop'}", "chain=forward"]
    if line.disabled:
        words.append("disabled=yes")
    words += _ports("dst-port", line.destination_ports)
    words += _address("dst", line.destination)
    if line.icmp is not None:
        words.append(f"icmp-options={line.icmp}:0-255")
    if line.log:
        words.append("log=yes")
    if line.protocol:
        words.append(f"protocol={line.protocol}")
    words += _address("src", line.source)
    words += _ports("src-port", line.source_ports)
    return " ".join(words)


def _wrapped(text: str) -> Iterator[str]:
    """Yield a command as RouterOS breaks it: a backslash at the end, four spaces before the rest."""
    while len(text) > 70 and " " in text[10:70]:
        cut = text.rindex(" ", 10, 70) + 1
        yield text[:cut] + "\\"
        text = "    " + text[cut:]
    yield text


def mikrotik(sketch: Sketch) -> str:
    """Return a sketch as a RouterOS export."""
    assert sketch.permit_by_default
    stack = "ipv6" if sketch.is_ipv6 else "ip"
    lines = ["# 2024-01-01 00:00:00 by RouterOS 7.16", "# software id = AAAA-BBBB", f"/{stack} firewall address-list"]
    for name, operand in sorted(sketch.groups.items()):
        lines += [f"add address={net.text}/{net.length} list={name}" for net in operand.networks]
    lines.append(f"/{stack} firewall filter")
    for line in sketch.lines:
        lines += _wrapped(_rule(line))
    return "\n".join(lines) + "\n"
