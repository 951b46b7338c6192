"""What nft rules can look at: each selector with its field of the model, or as something that is not known.

Source: nft(8), sections "Payload expressions", "Meta expressions", "Conntrack expressions" and others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rulecheck.model.fields import ADDRESS_ALL, DOMAIN, IPV4_ALL, IPV6_ALL, Field
from rulecheck.model.intervals import IntervalSet

PORTED = IntervalSet.points((6, 17, 33, 132, 136))
"""Protocols whose header starts with a source and a destination port."""

_BYTE = IntervalSet(((0, 255),))
_WORD = IntervalSet(((0, 0xFFFF),))


def _same(values: IntervalSet) -> IntervalSet:
    return values


def _icmp_type(values: IntervalSet) -> IntervalSet:
    return IntervalSet.merged((low << 8, high << 8 | 255) for low, high in values)


def _icmp_code(values: IntervalSet) -> IntervalSet:
    return IntervalSet.merged((kind << 8 | low, kind << 8 | high) for low, high in values for kind in range(256))


def _dscp(values: IntervalSet) -> IntervalSet:
    return IntervalSet.merged((low << 2, high << 2 | 3) for low, high in values)


def _ecn(values: IntervalSet) -> IntervalSet:
    return IntervalSet.points(byte for byte in range(256) if byte & 3 in values)


def _state(values: IntervalSet) -> IntervalSet:
    """Return the states whose bit is among ``values``: invalid 1, established 2, related 4, new 8, untracked 64."""
    return IntervalSet.points(index for index, bit in enumerate((1, 2, 4, 8, 64)) if bit in values)


@dataclass(frozen=True, slots=True)
class Selector:
    """One thing that a rule can look at.

    ``text`` is its canonical spelling. ``kind`` names how its values are written. ``field`` None: it is not modelled,
    and a test of it is a condition. ``domain`` are all its values, ``lift`` turns them into values of the field.
    ``family`` and ``protocol`` are what a packet must be for the test to hold at all (nft adds these tests).
    ``always``: every packet has it, so that a negated test holds exactly where the plain one does not.
    ``independent``: whatever the fields of the model are, a test of it can hold. ``needs`` is the key of one more
    thing that has to be true. ``reason`` is a phrase for people.
    """

    text: str
    kind: str = ""
    field: Field | None = None
    domain: IntervalSet = _WORD
    lift: Callable[[IntervalSet], IntervalSet] = _same
    family: int = 0
    protocol: IntervalSet | None = None
    always: bool = False
    independent: bool = False
    needs: str = ""
    reason: str = ""


def _protocol(number: int) -> IntervalSet:
    return IntervalSet(((number, number),))


_TRANSPORTS = {"tcp": 6, "udp": 17, "udplite": 136, "sctp": 132, "dccp": 33}
_STATES = IntervalSet.points((1, 2, 4, 8, 64))


def _exact() -> dict[str, Selector]:
    found = [
        Selector("ip saddr", "ipv4", Field.SOURCE, IPV4_ALL, family=4),
        Selector("ip daddr", "ipv4", Field.DESTINATION, IPV4_ALL, family=4),
        Selector("ip6 saddr", "ipv6", Field.SOURCE, IPV6_ALL, family=6),
        Selector("ip6 daddr", "ipv6", Field.DESTINATION, IPV6_ALL, family=6),
        Selector("ip protocol", "protocol", Field.PROTOCOL, _BYTE, family=4),
        Selector("meta l4proto", "protocol", Field.PROTOCOL, _BYTE),
        Selector("ip dscp", "dscp", Field.TOS, IntervalSet(((0, 63),)), _dscp, family=4),
        Selector("ip6 dscp", "dscp", Field.TOS, IntervalSet(((0, 63),)), _dscp, family=6),
        Selector("ip ecn", "ecn", Field.TOS, IntervalSet(((0, 3),)), _ecn, family=4),
        Selector("ip6 ecn", "ecn", Field.TOS, IntervalSet(((0, 3),)), _ecn, family=6),
        Selector("ip ttl", "number", Field.TTL, _BYTE, family=4),
        Selector("ip6 hoplimit", "number", Field.TTL, _BYTE, family=6),
        Selector("ip length", "number", Field.PACKET_LENGTH, _WORD, family=4),
        Selector("meta length", "number", Field.PACKET_LENGTH, _WORD),
        Selector("meta iifname", "name", Field.IN_INTERFACE, DOMAIN[Field.IN_INTERFACE]),
        Selector("meta oifname", "name", Field.OUT_INTERFACE, DOMAIN[Field.OUT_INTERFACE]),
        Selector("meta iif", "index", Field.IN_INTERFACE, DOMAIN[Field.IN_INTERFACE]),
        Selector("meta oif", "index", Field.OUT_INTERFACE, DOMAIN[Field.OUT_INTERFACE]),
        Selector("meta nfproto", "family", Field.SOURCE, ADDRESS_ALL),
        Selector("ct state", "state", Field.CONNECTION_STATE, _STATES, _state),
        Selector("ether saddr", "mac", Field.SOURCE_MAC, DOMAIN[Field.SOURCE_MAC]),
        Selector("tcp flags", "flags", Field.TCP_FLAGS, _BYTE, protocol=_protocol(6)),
        Selector("icmp type", "icmp", Field.ICMP, _BYTE, _icmp_type, 4, _protocol(1)),
        Selector("icmp code", "icmp-code", Field.ICMP, _BYTE, _icmp_code, 4, _protocol(1)),
        Selector("icmpv6 type", "icmpv6", Field.ICMP, _BYTE, _icmp_type, 6, _protocol(58)),
        Selector("icmpv6 code", "icmpv6-code", Field.ICMP, _BYTE, _icmp_code, 6, _protocol(58)),
        Selector("th sport", "port", Field.SOURCE_PORT, _WORD),
        Selector("th dport", "port", Field.DESTINATION_PORT, _WORD),
    ]
    for name, number in _TRANSPORTS.items():
        found.append(Selector(f"{name} sport", "port", Field.SOURCE_PORT, _WORD, protocol=_protocol(number)))
        found.append(Selector(f"{name} dport", "port", Field.DESTINATION_PORT, _WORD, protocol=_protocol(number)))
    return {one.text: one for one in found}


EXACT = _exact()
"""Selectors that are fields of the model, by their canonical text."""

OFFSET_MASK = 0x1FFF
"""The bits of ``ip frag-off`` that hold the offset (RFC 791)."""

FRAGMENT = Selector("ip frag-off & 0x1fff", "number", Field.FRAGMENT, IntervalSet(((0, OFFSET_MASK),)), family=4)
"""The offset of a fragment; the model knows whether it is 0."""

_ALWAYS = frozenset(("mark", "priority", "pkttype", "cpu", "nftrace", "iiftype", "oiftype", "iifgroup", "oifgroup"))
_META_REASONS = {
    "mark": "it depends on the packet's mark",
    "skuid": "it depends on the local process",
    "skgid": "it depends on the local process",
    "cgroup": "it depends on the local process",
    "pkttype": "it depends on how the frame was addressed",
    "time": "it is only active at certain times",
    "hour": "it is only active at certain times",
    "day": "it is only active at certain times",
    "cpu": "it depends on the CPU that handles the packet",
    "rtclassid": "it depends on the routing realm",
    "ipsec": "it depends on IPsec",
    "secpath": "it depends on IPsec",
}
_HEADERS = {
    "ip": (4, None),
    "ip6": (6, None),
    "icmp": (4, 1),
    "igmp": (4, 2),
    "icmpv6": (6, 58),
    "ah": (0, 51),
    "esp": (0, 50),
    "comp": (0, 108),
    "gre": (0, 47),
    "gretap": (0, 47),
    "vxlan": (0, 17),
    "geneve": (0, 17),
    **{name: (0, number) for name, number in _TRANSPORTS.items()},
}


def header(name: str, field: str) -> Selector:
    """Return the selector of a header's field."""
    text = f"{name} {field}"
    known = EXACT.get(text)
    if known is not None:
        return known
    family, number = _HEADERS.get(name, (0, None))
    protocol = _protocol(number) if number is not None else None
    needs = "" if name in _HEADERS or name == "th" else f"header {name}"
    kind = {"ip6 nexthdr": "protocol", "ether type": "ethertype"}.get(text, "")
    reason = f"{text} is not modelled"
    return Selector(text, kind, family=family, protocol=protocol, needs=needs, reason=reason)


def meta(key: str) -> Selector:
    """Return the selector of a meta key."""
    text = "meta ipsec" if key == "secpath" else f"meta {key}"
    known = EXACT.get(text)
    if known is not None:
        return known
    reason = _META_REASONS.get(key, f"{text} is not modelled")
    kind = "ethertype" if key == "protocol" else ""
    return Selector(text, kind, always=key in _ALWAYS, independent=key != "protocol", reason=reason)


def tracked(words: list[str]) -> Selector:
    """Return the selector of a property of the connection."""
    text = " ".join(("ct", *words))
    reason = "it looks into the connection table"
    free = words[-1] in ("mark", "label", "helper", "bytes", "packets", "avgpkt", "expiration", "zone", "id")
    return EXACT.get(text) or Selector(text, independent=free, reason=reason)


def other(text: str, reason: str, *, independent: bool = False, always: bool = False) -> Selector:
    """Return the selector of something that is not modelled."""
    return Selector(text, always=always, independent=independent, reason=reason)
