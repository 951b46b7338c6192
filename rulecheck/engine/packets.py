"""From a region of packets to one concrete packet that a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address

from rulecheck.engine.ranks import Space
from rulecheck.engine.terms import value_of
from rulecheck.engine.verdict import Packet
from rulecheck.model.fields import DOMAIN, IPV4_ALL, IPV6_BASE, NAME_FIELDS, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Term
from rulecheck.model.names import encode_name, pick_name

RankIntervals = tuple[tuple[int, int], ...]

_PREFERRED: Mapping[Field, tuple[int, ...]] = {
    Field.PROTOCOL: (6, 17, 1, 58),
    Field.SOURCE_PORT: (49152, 1024),
    Field.DESTINATION_PORT: (443, 80, 53, 22),
    Field.ICMP: (8 << 8, 128 << 8),
    Field.TCP_FLAGS: (0x02, 0x10),
    Field.CONNECTION_STATE: (3, 1),
    Field.TTL: (64,),
    Field.PACKET_LENGTH: (60,),
    Field.FRAGMENT: (0,),
    Field.TOS: (0,),
    Field.SOURCE_MAC: (0x020000000001,),
}
"""Values that look natural in a witness, in order of preference."""


_DOCUMENTATION = (
    *(int(IPv4Address(text)) for text in ("198.51.100.10", "203.0.113.10", "192.0.2.10")),
    IPV6_BASE + int(IPv6Address("2001:db8::10")),
)
"""Addresses that belong to nobody (RFC 5737, RFC 3849)."""


def concrete_packet(
    space: Space, box: Mapping[Field, IntervalSet], ranks: Mapping[int, RankIntervals], truths: Mapping[str, bool]
) -> Packet:
    """Return one packet of a box.

    ``box`` has the box's set for each axis in use, ``ranks`` the part of it on some axes, by axis number.
    """
    values = dict(_USUAL)
    regions = {**space.fixed, **box}
    for number, intervals in ranks.items():
        axis = space.axes[number]
        regions[axis.field] = IntervalSet.merged((axis.cuts[low], axis.cuts[high] - 1) for low, high in intervals)
    for field, allowed in regions.items():
        values[field] = _pick(field, allowed)
    return Packet(values, dict(truths))


def packet_of(term: Term) -> Packet:
    """Return one packet of a term, under the term's conditions."""
    return Packet({field: _pick(field, value_of(term.sets, field)) for field in Field}, dict(term.conditions))


def _pick(field: Field, allowed: IntervalSet) -> int:
    if field in NAME_FIELDS:
        name = encode_name(pick_name(allowed))
        return name if name in allowed else allowed.lowest
    for value in _PREFERRED.get(field, ()):
        if value in allowed:
            return value
    if field in (Field.SOURCE, Field.DESTINATION):
        return _host(allowed)
    return allowed.lowest


def _host(allowed: IntervalSet) -> int:
    """Prefer an address that is used in documentation, then an IPv4 one that is not the first of its network."""
    for address in _DOCUMENTATION:
        if address in allowed:
            return address
    low, high = (allowed & IPV4_ALL or allowed).intervals[0]
    return low + 1 if high - low >= 2 else low


_USUAL: Mapping[Field, int] = {field: _pick(field, values) for field, values in DOMAIN.items()}
"""The value of each field in a packet that nothing restricts."""
