"""Sketches as FortiOS configurations, with address and service objects for every operand."""

from __future__ import annotations

from collections.abc import Iterator

from tests.render.abstract import NUMBERS, WITH_PORTS, Line, Network, Operand, Ports, Sketch


def _address_name(network: Network) -> str:
    return "all" if network.length == 0 else f"net_{network.text}_{network.length}"


def _six(family: int) -> str:
    return "6" if family == 6 else ""


def _subnet(network: Network) -> str:
    return f"ip6 {network.prefix}" if network.family == 6 else f"subnet {network.text} {network.mask}"


def _operand_name(operand: Operand) -> str:
    return operand.group or _address_name(operand.networks[0])


def _addresses(sketch: Sketch) -> Iterator[str]:
    operands = [side for line in sketch.lines for side in (line.source, line.destination)]
    networks = {_address_name(net): net for operand in operands for net in operand.networks}
    for family in (4, 6) if 6 in sketch.families else (4,):
        yield f"config firewall address{_six(family)}"
        yield from ('    edit "all"', "    next")
        for name, network in sorted(networks.items()):
            if network.length and network.family == family:
                yield from (f'    edit "{name}"', f"        set {_subnet(network)}", "    next")
        yield "end"
        yield f"config firewall addrgrp{_six(family)}"
        for name, operand in sorted(sketch.groups.items()):
            if operand.family == family:
                members = " ".join(f'"{_address_name(net)}"' for net in operand.networks)
                yield from (f'    edit "{name}"', f"        set member {members}", "    next")
        yield "end"


def _range(ports: Ports) -> str:
    return str(ports.low) if ports.low == ports.high else f"{ports.low}-{ports.high}"


def _service_settings(line: Line) -> list[str]:
    if line.protocol in WITH_PORTS:
        sources = "" if line.source_ports.is_any else f":{_range(line.source_ports)}"
        return [f"set {line.protocol}-portrange {_range(line.destination_ports)}{sources}"]
    if line.protocol == "icmp":
        return ["set protocol ICMP", "unset icmptype" if line.icmp is None else f"set icmptype {line.icmp}"]
    assert line.protocol is not None
    return ["set protocol IP", f"set protocol-number {NUMBERS[line.protocol]}"]


def _services(sketch: Sketch) -> Iterator[str]:
    yield "config firewall service custom"
    yield from ('    edit "ALL"', "        set protocol IP", "    next")
    for index, line in enumerate(sketch.lines):
        if line.protocol is not None:
            yield f'    edit "service {index}"'
            yield from (f"        {setting}" for setting in _service_settings(line))
            yield "    next"
    yield "end"


def _policy(index: int, line: Line) -> Iterator[str]:
    yield f"    edit {1000 - index}"
    yield from ('        set srcintf "any"', '        set dstintf "any"')
    for side, operand in (("src", line.source), ("dst", line.destination)):
        yield f'        set {side}addr{_six(line.family)} "{_operand_name(operand)}"'
        if operand.negated:
            yield f"        set {side}addr{_six(line.family)}-negate enable"
    if line.disabled:
        yield "        set status disable"
    if line.permit:
        yield "        set action accept"
    yield '        set schedule "always"'
    yield f'        set service "{"ALL" if line.protocol is None else f"service {index}"}"'
    if line.log:
        yield "        set logtraffic all"
    yield "    next"


def fortios(sketch: Sketch) -> str:
    """Return a sketch as a FortiOS configuration: one policy for each line, with falling ids."""
    lines = ["#config-version=FGVM64-7.2.4-FW-build1396-230131:opmode=0:vdom=0:user=admin"]
    lines += [*_addresses(sketch), *_services(sketch), "config firewall policy"]
    for index, line in enumerate(sketch.lines):
        lines += _policy(index, line)
    return "\n".join([*lines, "end"]) + "\n"
