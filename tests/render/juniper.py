"""Sketches as Junos configurations: SRX policies between two zones, as global policies, and as a firewall filter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.render.abstract import Line, Network, Operand, Ports, Sketch

SRX_LIST = "inside to outside"
FILTER = "RANDOM"
_PAIR = "security policies from-zone inside to-zone outside policy"
_GLOBAL = "security policies global policy"


def _ports(ports: Ports) -> str:
    return str(ports.low) if ports.low == ports.high else f"{ports.low}-{ports.high}"


def _book(operands: Sequence[Operand]) -> Iterator[str]:
    seen: set[str] = set()
    for operand in operands:
        for network in operand.networks:
            if network.length and _name(network) not in seen:
                seen.add(_name(network))
                yield f"security address-book global address {_name(network)} {network.text}/{network.length}"
        if operand.group and operand.group not in seen:
            seen.add(operand.group)
            for network in operand.networks:
                yield f"security address-book global address-set {operand.group} address {_name(network)}"


def _name(network: Network) -> str:
    return f"N-{network.text}-{network.length}" if network.length else "any-ipv4"


def _operand(operand: Operand) -> str:
    return operand.group or _name(operand.networks[0])


def _application(number: int, line: Line) -> Iterator[str]:
    start = f"applications application A{number}"
    yield f"{start} protocol {line.protocol}"
    if not line.source_ports.is_any:
        yield f"{start} source-port {_ports(line.source_ports)}"
    if not line.destination_ports.is_any:
        yield f"{start} destination-port {_ports(line.destination_ports)}"
    if line.icmp is not None:
        yield f"{start} icmp-type {line.icmp}"


def _policy(number: int, line: Line, place: str) -> Iterator[str]:
    start = f"{place} P{number}"
    yield f"{start} match source-address {_operand(line.source)}"
    yield f"{start} match destination-address {_operand(line.destination)}"
    yield f"{start} match application {'any' if line.protocol is None else f'A{number}'}"
    yield f"{start} then {'permit' if line.permit else 'deny'}"
    if line.log:
        yield f"{start} then log session-init"


def _srx_statements(sketch: Sketch, local: int | None) -> Iterator[str]:
    yield "version 21.4R3"
    yield "system host-name random"
    yield "security zones security-zone inside interfaces ge-0/0/1.0"
    yield "security zones security-zone outside interfaces ge-0/0/2.0"
    yield from _book([operand for line in sketch.lines for operand in (line.source, line.destination)])
    for number, line in enumerate(sketch.lines):
        if line.protocol is not None:
            yield from _application(number, line)
    for number, line in enumerate(sketch.lines):
        yield from _policy(number, line, _PAIR if local is None or number < local else _GLOBAL)
    if sketch.permit_by_default:
        yield "security policies default-policy permit-all"


def srx(sketch: Sketch, *, local: int | None = None) -> str:
    """Return a sketch as ``set`` commands: the first ``local`` rules between zones, the others as global policies."""
    return "".join(f"set {one}\n" for one in _srx_statements(sketch, local))


def srx_curly(sketch: Sketch) -> str:
    """Return a sketch in the curly form."""
    return curly(list(_srx_statements(sketch, None)))


class Block(dict[str, "Block"]):
    """The statements inside braces, by their first word."""


def curly(statements: Sequence[str]) -> str:
    """Return statements as nested blocks; words that nothing else follows share a line."""
    tree = Block()
    for one in statements:
        place = tree
        for word in one.split():
            place = place.setdefault(word, Block())
    lines: list[str] = []
    stack: list[tuple[int, str, Block | None]] = [(0, word, below) for word, below in reversed(tree.items())]
    while stack:
        depth, words, block = stack.pop()
        indent = "    " * depth
        if block is None:
            lines.append(f"{indent}}}")
            continue
        while len(block) == 1 and depth > 0:
            ((word, block),) = block.items()
            words = f"{words} {word}"
        if not block:
            lines.append(f"{indent}{words};")
            continue
        lines.append(f"{indent}{words} {{")
        stack.append((depth, "", None))
        stack.extend((depth + 1, word, below) for word, below in reversed(block.items()))
    return "\n".join(lines) + "\n"


def _term(number: int, line: Line) -> Iterator[str]:
    start = f"firewall family inet filter {FILTER} term T{number}"
    for side, operand in (("source", line.source), ("destination", line.destination)):
        if operand.group:
            yield f"{start} from {side}-prefix-list {operand.group}"
            continue
        for network in operand.networks:
            if network.length:
                yield f"{start} from {side}-address {network.text}/{network.length}"
    if line.protocol is not None:
        yield f"{start} from protocol {line.protocol}"
    for side, ports in (("source", line.source_ports), ("destination", line.destination_ports)):
        if not ports.is_any:
            yield f"{start} from {side}-port {_ports(ports)}"
    if line.icmp is not None:
        yield f"{start} from icmp-type {line.icmp}"
    if line.log:
        yield f"{start} then syslog"
    yield f"{start} then {'accept' if line.permit else 'discard'}"


def _filter_statements(sketch: Sketch) -> Iterator[str]:
    yield "system host-name random"
    for name, operand in sorted(sketch.groups.items()):
        for network in operand.networks:
            yield f"policy-options prefix-list {name} {network.text}/{network.length}"
    for number, line in enumerate(sketch.lines):
        yield from _term(number, line)
    yield f"interfaces ge-0/0/0 unit 0 family inet filter input {FILTER}"


def junos_filter(sketch: Sketch, *, blocks: bool = False) -> str:
    """Return a sketch as a firewall filter for IPv4, as ``set`` commands or in the curly form. It denies by default."""
    statements = list(_filter_statements(sketch))
    return curly(statements) if blocks else "".join(f"set {one}\n" for one in statements)
