"""Sketches as PAN-OS configurations, in XML and as ``set`` commands.

PAN-OS services are TCP or UDP ports; any other protocol is an application and cannot be written here. Sources and
destinations are of one family, so that only its packets match.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from tests.render.abstract import Line, Network, Operand, Ports, Sketch

VSYS = "vsys1"
HALVES = {4: ("0.0.0.0/1", "128.0.0.0/1"), 6: ("::/1", "8000::/1")}


def _address(network: Network) -> str:
    return network.text if network.is_host else network.prefix


def _addresses(operand: Operand) -> list[str]:
    return [operand.group] if operand.group else _members(operand)


def _port_text(ports: Ports) -> str:
    return str(ports.low) if ports.low == ports.high else f"{ports.low}-{ports.high}"


def _service(line: Line) -> str:
    if line.protocol is None:
        return "any"
    return f"{line.protocol}_{_port_text(line.source_ports)}_{_port_text(line.destination_ports)}"


Tree = dict[str, "Tree | list[str] | str"]


def _rule(line: Line) -> Tree:
    return {
        "from": ["any"],
        "to": ["any"],
        "source": _addresses(line.source),
        "destination": _addresses(line.destination),
        "application": ["any"],
        "service": [_service(line)],
        "negate-source": "yes" if line.source.negated else "no",
        "negate-destination": "yes" if line.destination.negated else "no",
        "disabled": "yes" if line.disabled else "no",
        "action": "allow" if line.permit else "deny",
        "log-end": "yes" if line.log else "no",
    }


def _services(sketch: Sketch) -> Tree:
    found: Tree = {}
    for line in sketch.lines:
        if line.protocol is not None:
            ports: Tree = {"port": _port_text(line.destination_ports), "source-port": _port_text(line.source_ports)}
            found[_service(line)] = {"protocol": {line.protocol: ports}}
    return found


def _vsys(sketch: Sketch) -> Tree:
    deny: Tree = {"intrazone-default": {"action": "deny"}}
    found: Tree = {}
    found["address-group"] = {name: {"static": _members(operand)} for name, operand in sorted(sketch.groups.items())}
    found["address"] = {text: {"ip-netmask": text} for operand in sketch.groups.values() for text in _members(operand)}
    found["service"] = _services(sketch)
    rules: Tree = {f"rule {index}": _rule(line) for index, line in enumerate(sketch.lines)}
    found["rulebase"] = {"security": {"rules": rules}, "default-security-rules": {"rules": deny}}
    return found


def _members(operand: Operand) -> list[str]:
    return [text for net in operand.networks for text in (HALVES[net.family] if not net.length else (_address(net),))]


_LISTS = frozenset({"address", "address-group", "service", "rules"})


def _xml(tree: Tree, depth: int, *, entries: bool = False) -> Iterator[str]:
    pad = "  " * depth
    for key, below in tree.items():
        start, end = (f'<entry name="{escape(key)}">', "</entry>") if entries else (f"<{key}>", f"</{key}>")
        if isinstance(below, str):
            yield f"{pad}{start}{escape(below)}{end}"
            continue
        yield pad + start
        if isinstance(below, list):
            yield from (f"{pad}  <member>{escape(one)}</member>" for one in below)
        else:
            yield from _xml(below, depth + 1, entries=not entries and key in _LISTS)
        yield pad + end


def panos_xml(sketch: Sketch) -> str:
    """Return a sketch as the XML of a firewall."""
    head = ['<?xml version="1.0"?>', '<config version="10.2.0" urldb="paloaltonetworks">', "  <devices>"]
    head += ['    <entry name="localhost.localdomain">', "      <vsys>", f'        <entry name="{VSYS}">']
    tail = ["        </entry>", "      </vsys>", "    </entry>", "  </devices>", "</config>"]
    return "\n".join([*head, *_xml(_vsys(sketch), 5), *tail]) + "\n"


def _set(tree: Tree, path: str) -> Iterator[str]:
    for key, below in tree.items():
        here = f'{path} "{key}"' if " " in key else f"{path} {key}"
        if isinstance(below, str):
            yield f"{here} {below}"
        elif isinstance(below, list):
            yield f"{here} [ {' '.join(below)} ]" if len(below) != 1 else f"{here} {below[0]}"
        else:
            yield from _set(below, here)


def panos_set(sketch: Sketch) -> str:
    """Return a sketch as ``set`` commands."""
    return "\n".join(["set deviceconfig system hostname random", *_set(_vsys(sketch), "set")]) + "\n"
