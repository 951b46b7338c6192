"""The matchers of a rule: what each property restricts.

Source: RouterOS manual, "Common Firewall Matchers and Actions" and the pages of filter, NAT, mangle and raw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from parsers.mikrotik import values
from parsers.mikrotik.draft import Draft
from parsers.mikrotik.lists import BUILT_IN, CLASSES, AddressLists, InterfaceLists
from rulecheck.model.fields import PORT_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Condition, Element
from rulecheck.model.names import name_set

DynamicLists = Mapping[str, Condition | None]
"""For the lists that one rule tests: the condition of members that are not in the file, None where there are none."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules of one table share. ``changed`` are the matchers whose answer other rules of the table change."""

    lists: AddressLists
    interfaces: InterfaceLists
    changed: frozenset[str]


_SIDES = {"src": Field.SOURCE, "dst": Field.DESTINATION}
_INTERFACES = {"in-interface": Field.IN_INTERFACE, "out-interface": Field.OUT_INTERFACE}
_PORTS = {"src-port": Field.SOURCE_PORT, "dst-port": Field.DESTINATION_PORT}

DETERMINISTIC = {
    "connection-mark": "it depends on the connection's mark",
    "packet-mark": "it depends on the packet's mark",
    "routing-mark": "it depends on the routing mark",
    "connection-nat-state": "it depends on whether the connection is translated",
    "connection-type": "it depends on the connection's helper",
    "connection-bytes": "it depends on how much the connection has carried",
    "connection-rate": "it depends on the connection's rate",
    "content": "it looks into the packet's content",
    "layer7-protocol": "it looks into the packet's content",
    "tls-host": "it looks into the TLS handshake",
    "ipsec-policy": "it depends on IPsec",
    "src-address-type": "it depends on the routing table",
    "dst-address-type": "it depends on the routing table",
    "in-bridge-port": "it depends on the bridge port",
    "out-bridge-port": "it depends on the bridge port",
    "in-bridge-port-list": "it depends on the bridge port",
    "out-bridge-port-list": "it depends on the bridge port",
    "ingress-priority": "it depends on the frame's priority",
    "priority": "it depends on the packet's priority",
    "hotspot": "it depends on the HotSpot's state",
    "realm": "it depends on the routing realm",
    "routing-table": "it depends on the routing table",
    "p2p": "it looks into the packet's content",
    "tcp-mss": "it depends on the TCP segment size",
    "ipv4-options": "it depends on IP options",
    "headers": "it depends on extension headers",
    "per-connection-classifier": "it depends on a hash of the packet",
    "socket": "it depends on the local process",
}
"""Tests without an answer in the file; the same value means the same test."""

_PLAIN_PACKETS = {"none": True, "ipsec": False}
"""Answers of ``ipsec-policy=in,…`` for a packet without IPsec."""

_ABOUT_ADDRESSES = frozenset(
    {"src-address-type", "dst-address-type", "per-connection-classifier", "routing-table", "realm"}
)

RATED: dict[str, bool | None] = {
    "limit": True,
    "dst-limit": True,
    "connection-limit": False,
    "psd": False,
    "nth": None,
    "random": None,
}
"""Tests that depend on history or chance, with their answer in a system without history."""

NEUTRAL = frozenset(
    {"action", "chain", "comment", "disabled", "log", "log-prefix", "jump-target", "reject-with", "address-list"}
    | {"address-list-timeout", "passthrough", "to-addresses", "to-address", "to-ports", "hw-offload", "same-not-by-dst"}
    | {"randomise-ports", "randomize-ports", "sniff-id", "sniff-target", "sniff-target-port", "route-dst", "bytes"}
    | {"new-connection-mark", "new-dscp", "new-mss", "new-packet-mark", "new-priority", "new-routing-mark", "new-ttl"}
    | {"new-hop-limit", "packets", "dynamic", "invalid", "creation-time", "place-before", ".id", "tcp-reset"}
)
"""Properties that restrict nothing."""


def fill(draft: Draft, given: Mapping[str, str], context: Context, dynamic: DynamicLists) -> None:
    """Restrict ``draft`` by every matcher of a rule."""
    reader = _Reader(draft, given, context, dynamic)
    for key in sorted(given, key=lambda name: (not name.endswith("-list"), name != "protocol")):
        value = given[key]
        if key in NEUTRAL or (value == "" and key != "connection-state"):
            continue
        try:
            reader.take(key, value)
        except ValueError as error:
            draft.problem("RC606", f"{key}: {error}", f"{key}={value}")


class _Reader:
    """Takes the matchers of one rule one by one."""

    def __init__(self, draft: Draft, given: Mapping[str, str], context: Context, dynamic: DynamicLists) -> None:
        self._draft = draft
        self._given = given
        self._context = context
        self._dynamic = dynamic

    def take(self, key: str, written: str) -> None:
        """Take one matcher."""
        negated = written.startswith("!")
        value = written[1:] if negated else written
        text = f"{key}={written}"
        draft = self._draft
        if key in self._context.changed:
            draft.unique("another rule of this table changes what it tests", text)
        elif key in _EXACT:
            _EXACT[key](draft, value, text, negated=negated)
        elif key in ("src-address", "dst-address"):
            self._address(_SIDES[key[:3]], value, text, negated=negated)
        elif key in ("src-address-list", "dst-address-list"):
            operand = self._context.lists.operand(value, self._dynamic.get(value), negated=negated, line=draft.line)
            draft.addresses(_SIDES[key[:3]], operand)
        elif key in ("src-port", "dst-port", "port", "any-port"):
            self._ports(key, value, text, negated=negated)
        elif key in _INTERFACES:
            self._interface(key, value, text, negated=negated)
        elif key in ("in-interface-list", "out-interface-list"):
            self._interface_list(key, value, text, negated=negated)
        else:
            self._unknown(key, value, text, negated=negated)

    def _unknown(self, key: str, value: str, text: str, *, negated: bool) -> None:
        draft = self._draft
        if key in DETERMINISTIC:
            shared = ",".join(sorted(value.split(","))) if key != "ipsec-policy" else value
            free = key not in _ABOUT_ADDRESSES
            fresh = _PLAIN_PACKETS.get(value.partition(",")[2]) if key == "ipsec-policy" else None
            draft.shared(f"{key}:{shared}", DETERMINISTIC[key], text, holds=not negated, fresh=fresh, independent=free)
        elif key in RATED:
            fresh = RATED[key]
            answer = (not fresh) if negated and fresh is not None else fresh
            draft.unique("it depends on earlier packets or on chance", text, fresh=answer, independent=True)
        elif key == "time":
            draft.shared(
                f"time-range:{value}", f"it is only active at {value}", text, holds=not negated, independent=True
            )
        else:
            draft.problem("RC602", f"the property {key[:60]!r} is not known", text)

    def _address(self, side: Field, value: str, text: str, *, negated: bool) -> None:
        family = self._draft.family
        try:
            found = values.addresses(value, family)
        except values.HostNameError:
            raise ValueError(f"{value[:60]!r} is not an address") from None
        kept = values.EVERYTHING[family] - found if negated else found
        self._draft.addresses(side, Addresses(text, (Element(text, kept, self._draft.origin(text)),)))

    def _ports(self, key: str, value: str, text: str, *, negated: bool) -> None:
        protocol = self._given.get("protocol", "")
        if protocol.startswith("!") or not protocol or values.protocol(protocol) not in values.WITH_PORTS:
            raise ValueError("ports need a protocol that has them")
        found = values.ports(value)
        if key in _PORTS:
            self._draft.service(({_PORTS[key]: PORT_ALL - found if negated else found},), text)
        elif negated:
            rest = PORT_ALL - found
            self._draft.service(({Field.SOURCE_PORT: rest, Field.DESTINATION_PORT: rest},), text)
        else:
            self._draft.service(({Field.SOURCE_PORT: found}, {Field.DESTINATION_PORT: found}), text)

    def _interface(self, key: str, value: str, text: str, *, negated: bool) -> None:
        if value in CLASSES:
            reason = f"which interfaces {value} stands for is not in the file"
            self._draft.shared(f"{key}:{value}", reason, text, holds=not negated)
            return
        self._draft.narrow(_INTERFACES[key], name_set(value), text, negated=negated)

    def _interface_list(self, key: str, value: str, text: str, *, negated: bool) -> None:
        if value == "all":
            if negated:
                self._draft.narrow(_INTERFACES[key.removesuffix("-list")], IntervalSet(), text)
            return
        found = self._context.interfaces.interfaces(value)
        if found is None and value not in self._context.interfaces.lists and value not in BUILT_IN:
            self._draft.problems.append(("RC603", f"the interface list {value[:60]} is not defined in this file"))
        if found is None:
            reason = f"which interfaces are in list {value} is not in the file"
            self._draft.shared(f"{key}:{value}", reason, text, holds=not negated)
            return
        self._draft.narrow(_INTERFACES[key.removesuffix("-list")], found, text, negated=negated)


def _state(draft: Draft, value: str, text: str, *, negated: bool) -> None:
    if not value:
        draft.problem("RC602", "what an empty connection-state matches is not documented", text)
        return
    draft.narrow(Field.CONNECTION_STATE, values.states(value), text, negated=negated)


def _protocol(draft: Draft, value: str, text: str, *, negated: bool) -> None:
    which = IntervalSet.points([values.protocol(value)])
    draft.service(({Field.PROTOCOL: IntervalSet(((0, 255),)) - which if negated else which},), text)


def _icmp(draft: Draft, value: str, text: str, *, negated: bool) -> None:
    which = values.icmp(value)
    protocol = IntervalSet.points([1 if draft.family == 4 else 58])
    draft.service(({Field.PROTOCOL: protocol, Field.ICMP: PORT_ALL - which if negated else which},), text)


def _flags(draft: Draft, value: str, text: str, *, negated: bool) -> None:
    which = values.tcp_flags(f"!{value}" if negated else value)
    draft.service(({Field.PROTOCOL: IntervalSet.points([6]), Field.TCP_FLAGS: which},), text)


def _fragment(draft: Draft, value: str, text: str, *, negated: bool) -> None:
    if value not in ("yes", "no"):
        raise ValueError(f"{value[:40]!r} is neither yes nor no")
    draft.narrow(Field.FRAGMENT, IntervalSet.points([int(value == "yes")]), text, negated=negated)


def _dscp(draft: Draft, value: str, text: str, *, negated: bool) -> None:
    which = values.span(value, 63, "DSCP")
    values_of = IntervalSet(tuple((low << 2, (high << 2) + 3) for low, high in which))
    draft.narrow(Field.TOS, values_of, text, negated=negated)


def _size(draft: Draft, value: str, text: str, *, negated: bool) -> None:
    draft.narrow(Field.PACKET_LENGTH, values.span(value, 0xFFFF, "packet size"), text, negated=negated)


def _ttl(draft: Draft, value: str, text: str, *, negated: bool) -> None:
    draft.narrow(Field.TTL, values.hop_limit(value), text, negated=negated)


def _mac(draft: Draft, value: str, text: str, *, negated: bool) -> None:
    draft.narrow(Field.SOURCE_MAC, values.mac(value), text, negated=negated)


class _Exact(Protocol):
    def __call__(self, draft: Draft, value: str, text: str, *, negated: bool) -> None: ...


_EXACT: dict[str, _Exact] = {
    "protocol": _protocol,
    "connection-state": _state,
    "icmp-options": _icmp,
    "tcp-flags": _flags,
    "fragment": _fragment,
    "dscp": _dscp,
    "packet-size": _size,
    "ttl": _ttl,
    "hop-limit": _ttl,
    "src-mac-address": _mac,
}
"""Matchers that become packet fields."""
