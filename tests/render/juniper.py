"""Sketches as Junos configurations: SRX policies between two zones, as global policies, and as a firewall filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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
    return f"N-{network.text}-{network.length}" if network.length else f"any-ipv{network.family}"


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
    for side, operand in (("source", line.source), ("destination", line.destination)):
        yield f"{start} match {side}-address {_operand(operand)}"
        if operand.negated:
            yield f"{start} match {side}-address-excluded"
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
    return _commands(_srx_statements(sketch, local), _srx_inactive(sketch, local))


def srx_curly(sketch: Sketch) -> str:
    """Return a sketch in the curly form."""
    return curly(list(_srx_statements(sketch, None)), _srx_inactive(sketch, None))


def _srx_inactive(sketch: Sketch, local: int | None) -> list[str]:
    off = [number for number, line in enumerate(sketch.lines) if line.disabled]
    return [f"{_PAIR if local is None or number < local else _GLOBAL} P{number}" for number in off]


def _commands(statements: Iterable[str], inactive: Sequence[str]) -> str:
    """Return statements as ``set`` commands, followed by what is deactivated."""
    return "".join([*(f"set {one}\n" for one in statements), *(f"deactivate {one}\n" for one in inactive)])


class Block(dict[str, "Block"]):
    """The statements inside braces, by their first word."""


def _keys(statement: str) -> Iterator[str]:
    """Yield the words of a statement; those that name a rule stay beside its name, as Junos writes them."""
    words = iter(statement.split())
    for word in words:
        yield f"{word} {next(words)}" if word in ("term", "policy") else word


def curly(statements: Sequence[str], inactive: Sequence[str] = ()) -> str:
    """Return statements as nested blocks; words that nothing else follows share a line."""
    off = {tuple(_keys(one)) for one in inactive}
    tree = Block()
    for one in statements:
        place = tree
        for word in _keys(one):
            place = place.setdefault(word, Block())
    lines: list[str] = []
    stack: list[tuple[int, tuple[str, ...], str, Block | None]]
    stack = [(0, (word,), word, below) for word, below in reversed(tree.items())]
    while stack:
        depth, path, words, block = stack.pop()
        indent = "    " * depth + ("inactive: " if path in off else "")
        if block is None:
            lines.append(f"{indent}}}")
            continue
        while len(block) == 1 and depth > 0 and path not in off and (*path, *block) not in off:
            ((word, block),) = block.items()
            words, path = f"{words} {word}", (*path, word)
        if not block:
            lines.append(f"{indent}{words};")
            continue
        lines.append(f"{indent}{words} {{")
        stack.append((depth, (), "", None))
        stack.extend((depth + 1, (*path, word), word, below) for word, below in reversed(block.items()))
    return "\n".join(lines) + "\n"


def _path(number: int, line: Line) -> str:
    return f"firewall family {_family(line.family)} filter {FILTER} term T{number}"


def _family(family: int) -> str:
    return "inet6" if family == 6 else "inet"


def _from(side: str, operand: Operand) -> Iterator[str]:
    """Yield the clauses of an operand. What is negated is an exception from all addresses."""
    but = " except" if operand.negated else ""
    if operand.negated:
        yield f"{side}-address {'::/0' if operand.family == 6 else '0.0.0.0/0'}"
    if operand.group:
        yield f"{side}-prefix-list {operand.group}{but}"
        return
    for network in operand.networks:
        if network.length:
            yield f"{side}-address {network.prefix}{but}"


def _term(number: int, line: Line) -> Iterator[str]:
    start = _path(number, line)
    for side, operand in (("source", line.source), ("destination", line.destination)):
        yield from (f"{start} from {clause}" for clause in _from(side, operand))
    if line.protocol is not None:
        yield f"{start} from {'next-header' if line.family == 6 else 'protocol'} {line.protocol}"
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
    yield f"interfaces ge-0/0/0 unit 0 family {_family(sketch.families[0])} filter input {FILTER}"


def junos_filter(sketch: Sketch, *, blocks: bool = False) -> str:
    """Return a sketch as a firewall filter for one family, as ``set`` commands or in the curly form.

    It denies by default.
    """
    statements = list(_filter_statements(sketch))
    off = [_path(number, line) for number, line in enumerate(sketch.lines) if line.disabled]
    return curly(statements, off) if blocks else _commands(statements, off)
