"""Protocols, ports and ICMP types of security groups and network ACLs."""

from __future__ import annotations

from parsers.cloud.values import PORTED, icmp, protocol
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Service, Services
from rulecheck.model.provenance import Origin

_ICMP = frozenset({1, 58})


def number_of(text: str) -> int | None:
    """Return a protocol number, None for every protocol (-1).

    Raises:
        ValueError: there is no such protocol.
    """
    if text.strip().lower() in ("-1", "all"):
        return None
    found = protocol(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} is not a protocol")
    return found


def services(text: str, origin: Origin, number: int | None, first: int | None, last: int | None) -> Services | None:
    """Return the services of a rule; ``first`` and ``last`` are ports, or ICMP type and code.

    Raises:
        ValueError: the ports or ICMP types are out of range.
    """
    if number is None:
        return None
    points = IntervalSet.points((number,))
    if number in _ICMP:
        kinds = icmp(-1 if first is None else first, -1 if last is None else last)
        return Services(text, (Service(text, origin, points, icmp=kinds),))
    if number not in PORTED or number == 132 or (first is None and last is None):
        return Services(text, (Service(text, origin, points),))
    low, high = first if first is not None else -1, last if last is not None else -1
    if not 0 <= low <= high <= 0xFFFF:
        raise ValueError(f"{low} to {high} is not a range of ports")
    return Services(text, (Service(text, origin, points, destination_ports=IntervalSet(((low, high),))),))


def service_words(number: str, first: int | None, last: int | None) -> str:
    """Return protocol and ports in words."""
    if number in ("-1", "all"):
        return "all"
    ends = [str(one) for one in (first, last) if one is not None and one != -1]
    if len(ends) == 2 and ends[0] == ends[1] and number not in ("icmp", "icmpv6", "1", "58"):
        ends = ends[:1]
    return f"{number} {'-'.join(ends)}".strip()
