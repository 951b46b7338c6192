"""Sketches as configurations of pfSense and OPNsense: rules of the interface wan. Their default is to block."""

from __future__ import annotations

from collections.abc import Iterator

from tests.render.abstract import Line, Operand, Ports, Sketch

POLICY = "rules"
_TYPES = {0: "echorep", 3: "unreach", 8: "echoreq", 11: "timex"}


def _tag(name: str, text: str = "") -> str:
    return f"<{name}>{text}</{name}>"


def _ports(ports: Ports) -> str:
    if ports.is_any:
        return ""
    return _tag("port", str(ports.low) if ports.low == ports.high else f"{ports.low}-{ports.high}")


def _side(name: str, operand: Operand, ports: Ports, yes: str) -> str:
    """Return source or destination. ``any`` is limited to one family by the rule's ipprotocol."""
    if not operand.group and not operand.networks[0].length:
        where = _tag("any", yes)
    else:
        where = _tag("address", operand.group or operand.networks[0].prefix)
    return _tag(name, where + (_tag("not", yes) if operand.negated else "") + _ports(ports))


def _rule(line: Line, yes: str) -> str:
    parts = [_tag("type", "pass" if line.permit else "block"), _tag("interface", "wan")]
    parts.append(_tag("ipprotocol", "inet6" if line.family == 6 else "inet"))
    parts += [_tag("protocol", line.protocol)] if line.protocol else []
    parts += [_tag("icmptype", _TYPES[line.icmp])] if line.icmp is not None else []
    parts.append(_side("source", line.source, line.source_ports, yes))
    parts.append(_side("destination", line.destination, line.destination_ports, yes))
    parts += [_tag("statetype", "keep state")]
    parts += [_tag("tcpflags_any", yes)] if line.permit and line.protocol in (None, "tcp") else []
    parts += [_tag("log", yes)] if line.log else []
    parts += [_tag("disabled", yes)] if line.disabled else []
    return "\t\t" + _tag("rule", "".join(parts))


def _alias(name: str, operand: Operand, between: str) -> str:
    members = between.join(network.prefix for network in operand.networks)
    return "\t\t" + _tag("alias", _tag("name", name) + _tag("type", "network") + members_tag(members, between))


def members_tag(members: str, between: str) -> str:
    """Return the members of an alias: OPNsense has them on lines of their own, pfSense beside each other."""
    return _tag("content" if between == "\n" else "address", members)


def _lines(sketch: Sketch, root: str, yes: str) -> Iterator[str]:
    yield from ('<?xml version="1.0"?>', f"<{root}>", "\t<version>22.9</version>")
    yield "\t<system><hostname>random</hostname><domain>example.net</domain><ipv6allow>1</ipv6allow></system>"
    yield "\t<interfaces>"
    yield "\t\t<wan><enable>1</enable><if>em0</if><ipaddr>203.0.113.2</ipaddr><subnet>29</subnet></wan>"
    yield "\t</interfaces>"
    aliases = [_alias(name, operand, " ") for name, operand in sorted(sketch.groups.items())]
    yield from ("\t<aliases>", *aliases, "\t</aliases>", "\t<filter>")
    yield from (_rule(line, yes) for line in sketch.lines)
    yield from ("\t</filter>", f"</{root}>")


def pfsense(sketch: Sketch) -> str:
    """Return a sketch as the configuration of a pfSense."""
    return "\n".join(_lines(sketch, "pfsense", "")) + "\n"


def opnsense(sketch: Sketch) -> str:
    """Return a sketch as the configuration of an OPNsense."""
    return "\n".join(_lines(sketch, "opnsense", "1")) + "\n"
