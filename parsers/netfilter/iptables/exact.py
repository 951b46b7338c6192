"""Match modules that are modelled exactly: they become packet fields.

Each function restricts a :class:`~parsers.netfilter.iptables.draft.Draft` and raises ``ValueError`` with a
message for people when a value is malformed. Semantics are those of the kernel's xt_*.c of the same name.
"""

from __future__ import annotations

from collections.abc import Callable

from parsers.netfilter import operands
from parsers.netfilter.iptables.draft import Draft, Operand
from parsers.netfilter.iptables.grammar import Clause, Group
from rulecheck.model.fields import DOMAIN, PORT_ALL, Field
from rulecheck.model.intervals import IntervalSet

_TRANSPORT = {"tcp": 6, "udp": 17, "udplite": 136, "sctp": 132, "dccp": 33, "icmp": 1, "icmp6": 58}
_MULTIPORT = frozenset((6, 17, 33, 132, 136))
_PORT_FIELDS = {
    "--sport": Field.SOURCE_PORT,
    "--dport": Field.DESTINATION_PORT,
    "--sports": Field.SOURCE_PORT,
    "--dports": Field.DESTINATION_PORT,
}


def _kept(name: Field, values: IntervalSet, *, negated: bool) -> IntervalSet:
    return DOMAIN[name] - values if negated else values


def _transport(draft: Draft, group: Group) -> None:
    """Restrict ports, TCP flags and ICMP types; the protocol must be given with ``-p``."""
    if draft.protocol != _TRANSPORT[group.name]:
        raise ValueError(f"{group.clauses[0].option} needs -p {group.name}")
    for clause in group.clauses:
        _TRANSPORT_OPTIONS[clause.option](draft, clause)


def _ports(draft: Draft, clause: Clause) -> None:
    name = _PORT_FIELDS[clause.option]
    values = _kept(name, operands.ports(clause.values[0]), negated=clause.negated)
    draft.service(({name: values},), clause.text)


def _tcp_flags(draft: Draft, clause: Clause) -> None:
    if "tcp-flags" in draft.context.facets:
        draft.unique("a target of this table changes the TCP flags", clause.text)
        return
    written = clause.values if clause.values else ("FIN,SYN,RST,ACK", "SYN")
    values = _kept(Field.TCP_FLAGS, operands.tcp_flags(*written), negated=clause.negated)
    draft.service(({Field.TCP_FLAGS: values},), clause.text)


def _icmp(draft: Draft, clause: Clause) -> None:
    values = operands.icmp(clause.values[0], 6 if clause.option == "--icmpv6-type" else 4)
    everything = DOMAIN[Field.ICMP]
    kept = _kept(Field.ICMP, everything if values is None else values, negated=clause.negated)
    draft.service(({Field.ICMP: kept},), clause.text)


def _opaque(draft: Draft, clause: Clause) -> None:
    """Options and chunks are not modelled; a malformed packet answers neither a test nor its negation."""
    reason = f"{clause.option} is not modelled"
    if clause.option == "--tcp-option" and "tcp-option" in draft.context.facets:
        draft.unique(reason, clause.text)
    else:
        draft.shared(clause.text, reason, clause.text)


_TRANSPORT_OPTIONS: dict[str, Callable[[Draft, Clause], None]] = {
    "--sport": _ports,
    "--dport": _ports,
    "--tcp-flags": _tcp_flags,
    "--syn": _tcp_flags,
    "--icmp-type": _icmp,
    "--icmpv6-type": _icmp,
    "--tcp-option": _opaque,
    "--chunk-types": _opaque,
    "--dccp-types": _opaque,
    "--dccp-option": _opaque,
}


def _multiport(draft: Draft, group: Group) -> None:
    if draft.protocol not in _MULTIPORT:
        raise ValueError("multiport needs -p tcp, udp, udplite, sctp or dccp")
    for clause in group.clauses:
        values = operands.port_list(clause.values[0])
        if clause.option != "--ports":
            name = _PORT_FIELDS[clause.option]
            draft.service(({name: _kept(name, values, negated=clause.negated)},), clause.text)
        elif clause.negated:
            rest = PORT_ALL - values
            draft.service(({Field.SOURCE_PORT: rest, Field.DESTINATION_PORT: rest},), clause.text)
        else:
            draft.service(({Field.SOURCE_PORT: values}, {Field.DESTINATION_PORT: values}), clause.text)


def restrict_state(draft: Draft, clause: Clause) -> None:
    """Restrict the connection state (``--state``, ``--ctstate``).

    SNAT and DNAT are properties of the connection besides its state: a list with one of them is a test of
    its own. A table that changes tracking on the way (CT, NOTRACK) leaves the state unknown.
    """
    values, virtual = operands.states(clause.values[0])
    if "track" in draft.context.facets:
        draft.unique("a target of this table changes connection tracking", clause.text)
    elif virtual:
        names = ",".join(sorted(clause.values[0].upper().split(",")))
        reason = f"whether the connection is one of {names} is not modelled"
        draft.shared(f"ctstate:{names}", reason, clause.text, holds=not clause.negated)
    else:
        draft.narrow(Field.CONNECTION_STATE, values, clause.text, negated=clause.negated)


def _state(draft: Draft, group: Group) -> None:
    for clause in group.clauses:
        restrict_state(draft, clause)


def _iprange(draft: Draft, group: Group) -> None:
    for clause in group.clauses:
        name = Field.SOURCE if clause.option == "--src-range" else Field.DESTINATION
        values = operands.address_range(clause.values[0], draft.context.family)
        if clause.negated:
            values = draft.everything() - values
        text = f"! {clause.values[0]}" if clause.negated else clause.values[0]
        draft.addresses(name, (Operand(text, values),))


def _mac(draft: Draft, group: Group) -> None:
    """Restrict the source MAC; without an Ethernet header neither the test nor its negation holds."""
    for clause in group.clauses:
        values = operands.mac(clause.values[0])
        if values is None:
            draft.masked_mac = True
            draft.unique("its MAC address was made unreadable in this file", clause.text, independent=True)
            continue
        draft.narrow(Field.SOURCE_MAC, values, clause.text, negated=clause.negated)
        if clause.negated:
            draft.shared("mac:ethernet", "a packet without Ethernet header has no MAC address", clause.text)


def _by_byte(name: Field, values: Callable[[str, str], IntervalSet]) -> Callable[[Draft, Group], None]:
    def restrict(draft: Draft, group: Group) -> None:
        for clause in group.clauses:
            draft.narrow(name, values(clause.option, clause.values[0]), clause.text, negated=clause.negated)

    return restrict


EXACT: dict[str, Callable[[Draft, Group], None]] = {
    **dict.fromkeys(_TRANSPORT, _transport),
    "multiport": _multiport,
    "state": _state,
    "iprange": _iprange,
    "mac": _mac,
    "length": _by_byte(Field.PACKET_LENGTH, lambda _, text: operands.length(text)),
    "ttl": _by_byte(Field.TTL, operands.hop_limit),
    "hl": _by_byte(Field.TTL, operands.hop_limit),
    "dscp": _by_byte(Field.TOS, operands.dscp),
    "tos": _by_byte(Field.TOS, lambda _, text: operands.tos(text)),
}
"""How each exact module restricts a rule."""
