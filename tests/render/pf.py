"""Sketches as pf.conf: with quick rules, or with the last match, where the order of the rules is turned around."""

from __future__ import annotations

from tests.render.abstract import Line, Operand, Ports, Sketch


def _hosts(operand: Operand) -> str:
    no = "! " if operand.negated else ""
    if operand.group:
        return f"{no}<{operand.group}>"
    (network,) = operand.networks
    return f"{no}{network.prefix}" if network.length else "any"


def _ports(ports: Ports) -> str:
    if ports.is_any:
        return ""
    return f" port {ports.low}" if ports.low == ports.high else f" port {ports.low}:{ports.high}"


def _rule(line: Line, *, quick: bool) -> str:
    words = ["pass" if line.permit else "block", "in"]
    words += ["log"] if line.log else []
    words += ["quick"] if quick else []
    words += ["inet6" if line.family == 6 else "inet"]
    words += ["proto", line.protocol] if line.protocol else []
    words += ["from", _hosts(line.source) + _ports(line.source_ports)]
    words += ["to", _hosts(line.destination) + _ports(line.destination_ports)]
    words += ["icmp-type", str(line.icmp)] if line.icmp is not None else []
    words += ["flags any"] if line.permit and line.protocol in (None, "tcp") else []
    return " ".join(words)


def pf(sketch: Sketch, *, quick: bool = True) -> str:
    """Return a sketch that permits by default as pf.conf; ``quick`` False writes the rules in reverse order."""
    assert sketch.permit_by_default
    tables = []
    for name, operand in sorted(sketch.groups.items()):
        tables.append(f"table <{name}> const {{ {', '.join(f'{net.text}/{net.length}' for net in operand.networks)} }}")
    rules = [_rule(line, quick=quick) for line in sketch.lines]
    return "\n".join([*tables, *(rules if quick else reversed(rules))]) + "\n"
