"""The packet fields that rules can constrain, and the integers that stand for their values."""

from __future__ import annotations

from enum import StrEnum

from rulecheck.model.intervals import IntervalSet
from rulecheck.model.names import NAME_MAX

IPV6_BASE = 1 << 128
"""Added to an IPv6 address, so that both families share one number line without touching."""


class Field(StrEnum):
    """One dimension of the packet space. The value is the name used in reports."""

    SOURCE = "source"
    DESTINATION = "destination"
    PROTOCOL = "protocol"
    SOURCE_PORT = "source_port"
    DESTINATION_PORT = "destination_port"
    ICMP = "icmp"
    TCP_FLAGS = "tcp_flags"
    TOS = "tos"
    TTL = "ttl"
    PACKET_LENGTH = "packet_length"
    FRAGMENT = "fragment"
    CONNECTION_STATE = "connection_state"
    SOURCE_MAC = "source_mac"
    IN_INTERFACE = "in_interface"
    OUT_INTERFACE = "out_interface"
    SOURCE_ZONE = "source_zone"
    DESTINATION_ZONE = "destination_zone"
    APPLICATION = "application"
    USER = "user"
    URL_CATEGORY = "url_category"


IPV4_ALL = IntervalSet(((0, (1 << 32) - 1),))
IPV6_ALL = IntervalSet(((IPV6_BASE, IPV6_BASE + (1 << 128) - 1),))
ADDRESS_ALL = IPV4_ALL | IPV6_ALL
PORT_ALL = IntervalSet(((0, 0xFFFF),))

_NAMES = IntervalSet(((0, NAME_MAX),))

DOMAIN: dict[Field, IntervalSet] = {
    Field.SOURCE: ADDRESS_ALL,
    Field.DESTINATION: ADDRESS_ALL,
    Field.PROTOCOL: IntervalSet(((0, 255),)),
    Field.SOURCE_PORT: PORT_ALL,
    Field.DESTINATION_PORT: PORT_ALL,
    Field.ICMP: PORT_ALL,
    Field.TCP_FLAGS: IntervalSet(((0, 255),)),
    Field.TOS: IntervalSet(((0, 255),)),
    Field.TTL: IntervalSet(((0, 255),)),
    Field.PACKET_LENGTH: PORT_ALL,
    Field.FRAGMENT: IntervalSet(((0, 1),)),
    Field.CONNECTION_STATE: IntervalSet(((0, 4),)),
    Field.SOURCE_MAC: IntervalSet(((0, (1 << 48) - 1),)),
    Field.IN_INTERFACE: _NAMES,
    Field.OUT_INTERFACE: _NAMES,
    Field.SOURCE_ZONE: _NAMES,
    Field.DESTINATION_ZONE: _NAMES,
    Field.APPLICATION: _NAMES,
    Field.USER: _NAMES,
    Field.URL_CATEGORY: _NAMES,
}
"""Every possible value of each field.

``ICMP`` is ``type * 256 + code``; ``TCP_FLAGS`` the flag byte (FIN = 1 … CWR = 128); ``TOS`` the whole
byte of RFC 791 (DSCP is its upper six bits); ``FRAGMENT`` is 1 for a non-initial fragment;
``CONNECTION_STATE`` is an index into :data:`CONNECTION_STATES`.
"""

NAME_FIELDS = frozenset(field for field, domain in DOMAIN.items() if domain is _NAMES)
"""Fields whose values are encoded names (see :mod:`rulecheck.model.names`)."""

CONNECTION_STATES = ("INVALID", "ESTABLISHED", "RELATED", "NEW", "UNTRACKED")
TCP_FLAG_NAMES = ("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR")
"""TCP flags by bit, least significant first (RFC 9293, section 3.1)."""


def tcp_flag_values(mask: int, value: int) -> IntervalSet:
    """Return the flag bytes whose bits under ``mask`` equal ``value``."""
    return IntervalSet.points(byte for byte in range(256) if byte & mask == value)


TCP_ESTABLISHED = IntervalSet.points(byte for byte in range(256) if byte & 0x14)
"""Flag bytes with ACK or RST set: what Cisco's ``established`` matches."""
