"""One filter of a ClassBench file as a rule.

Source: Taylor and Turner, "ClassBench: A Packet Classification Benchmark" (IEEE/ACM Transactions on Networking 15(3),
2007), and the filter sets published with it: ``@source destination low : high low : high protocol/mask flags/mask``.
The sixth column holds two bytes: the first is the flag byte of TCP, or the type of ICMP, whose code is the second.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from parsers.ledger import Ledger
from parsers.redact import show
from rulecheck.model.device import Severity
from rulecheck.model.fields import DOMAIN, IPV6_BASE, PORT_ALL, Field, tcp_flag_values
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Condition, Constraint, Element, Match, Service, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import Outcome, Rule, Verb

_FILTER = re.compile(
    r"@(?P<source>\S{2,64})\s+(?P<destination>\S{2,64})"
    r"\s+(?P<low1>\d{1,9})\s*:\s*(?P<high1>\d{1,9})\s+(?P<low2>\d{1,9})\s*:\s*(?P<high2>\d{1,9})"
    r"\s+(?P<protocol>0[xX][0-9A-Fa-f]{1,4}|\d{1,5})/(?P<protocol_mask>0[xX][0-9A-Fa-f]{1,4}|\d{1,5})"
    r"(?:\s+(?P<flags>0[xX][0-9A-Fa-f]{1,8})/(?P<flags_mask>0[xX][0-9A-Fa-f]{1,8}))?(?P<rest>.*)",
    re.ASCII,
)
_TCP, _UDP, _ICMP, _ICMP6 = 6, 17, 1, 58
_WITH_PORTS = IntervalSet.points((_TCP, _UDP, 33, 132, 136))
_MOST_BITS = 8
"""Bits of a mask that may be scattered: each doubles the number of intervals."""


class _MalformedError(ValueError):
    """A value is out of range; the text says which."""


class FilterReader:
    """Reads filters; operands are shared by all filters that write them alike."""

    def __init__(self, path: str, ledger: Ledger) -> None:
        self._path = path
        self._ledger = ledger
        self._addresses: dict[str, Addresses] = {}

    def rule(self, index: int, line: int, text: str) -> Rule:
        """Return a filter; one that cannot be read may match anything."""
        origin = Origin(self._path, line, show(text))
        outcome = Outcome(Verb.OTHER, (f"filter {index + 1}",))
        try:
            match = self._match(text, origin)
        except _MalformedError as problem:
            self._ledger.unknown(line, f"the filter was not understood: {problem}", affects_verdicts=True)
            condition = Condition(f"unclear:{line}", f"line {line} was not understood", origin)
            return Rule(index, origin, Match(conditions=(condition,)), outcome)
        self._ledger.understood(line)
        return Rule(index, origin, match, outcome)

    def _match(self, text: str, origin: Origin) -> Match:
        found = _FILTER.fullmatch(text)
        if found is None:
            raise _MalformedError("its columns are not prefix, prefix, ports, ports, protocol, and flags or nothing")
        protocol = _masked(found["protocol"], found["protocol_mask"], 8, "protocol")
        if protocol is None:
            raise _MalformedError("the protocol's mask is scattered")
        ports = [_ports(found[f"low{side}"], found[f"high{side}"]) for side in (1, 2)]
        flags, conditions = self._flags(found, protocol, origin)
        if found["rest"].strip():
            conditions.append(self._doubt(origin, "the filter has more columns than are known"))
        services, constraints = _services(protocol, ports, flags, origin)
        return Match(
            self._operand(found["source"], origin),
            self._operand(found["destination"], origin),
            services,
            constraints,
            tuple(conditions),
        )

    def _operand(self, text: str, origin: Origin) -> Addresses:
        found = self._addresses.get(text)
        if found is None:
            found = Addresses(text, (Element(text, _prefix(text), origin),))
            self._addresses[text] = found
        return found

    def _flags(
        self, found: re.Match[str], protocol: IntervalSet, origin: Origin
    ) -> tuple[dict[Field, IntervalSet], list[Condition]]:
        """Return what the sixth column restricts, or the test that it is where its meaning is not known."""
        if found["flags"] is None or int(found["flags_mask"], 16) == 0:
            return {}, []
        value, mask = int(found["flags"], 16), int(found["flags_mask"], 16)
        if max(value, mask) > 0xFFFF:
            raise _MalformedError("the flags have more than 16 bits")
        if protocol == IntervalSet.points([_TCP]) and not mask & 0xFF:
            return {Field.TCP_FLAGS: _tcp(mask >> 8, value & mask)}, []
        if protocol in (IntervalSet.points([_ICMP]), IntervalSet.points([_ICMP6])):
            values = _under_mask(value, mask, 16)
            if values is not None:
                return {Field.ICMP: values}, []
        key = f"flags:{value & mask:#06x}/{mask:#06x}"
        return {}, [self._doubt(origin, "what the sixth column means for this protocol is not known", key)]

    def _doubt(self, origin: Origin, reason: str, key: str = "") -> Condition:
        self._ledger.report("RC602", Severity.MEDIUM, origin.line, reason, affects_verdicts=True)
        return Condition(key or f"columns:{origin.line}", reason, origin)


def _services(
    protocol: IntervalSet, ports: list[IntervalSet], flags: dict[Field, IntervalSet], origin: Origin
) -> tuple[Services | None, tuple[Constraint, ...]]:
    """Return services, or where ports belong to a protocol without ports, which a filter may ask for, constraints."""
    every = protocol == DOMAIN[Field.PROTOCOL]
    label = "any" if every else ", ".join(f"{low}" if low == high else f"{low}-{high}" for low, high in protocol)
    own = None if every else protocol
    fields = dict(zip((Field.SOURCE_PORT, Field.DESTINATION_PORT), ports, strict=True))
    restricted = {name: values for name, values in fields.items() if values != PORT_ALL}
    if restricted and not protocol <= _WITH_PORTS:
        constraints = tuple(Constraint(name, values, _text(values), origin) for name, values in restricted.items())
        service = Service(label, origin, own, icmp=flags.get(Field.ICMP))
        return Services(label, (service,)), constraints
    if not restricted and not flags and every:
        return None, ()
    source, destination = (restricted.get(name) for name in fields)
    icmp, tcp = flags.get(Field.ICMP), flags.get(Field.TCP_FLAGS)
    return Services(label, (Service(label, origin, own, source, destination, icmp, tcp),)), ()


def _text(values: IntervalSet) -> str:
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in values)


def _ports(low: str, high: str) -> IntervalSet:
    first, last = int(low), int(high)
    if not first <= last <= 0xFFFF:
        raise _MalformedError(f"{low} : {high} is no range of ports")
    return IntervalSet(((first, last),))


@lru_cache(maxsize=4096)
def _tcp(mask: int, value: int) -> IntervalSet:
    return tcp_flag_values(mask, value >> 8)


def _masked(value: str, mask: str, bits: int, name: str) -> IntervalSet | None:
    numbers = [int(text, 16 if text[:2] in ("0x", "0X") else 10) for text in (value, mask)]
    if max(numbers) >> bits:
        raise _MalformedError(f"the {name} has more than {bits} bits")
    return _under_mask(numbers[0], numbers[1], bits)


@lru_cache(maxsize=4096)
def _under_mask(value: int, mask: int, bits: int) -> IntervalSet | None:
    """Return the numbers that equal ``value`` in the bits of ``mask``; None where these are too scattered."""
    free = ~mask & ((1 << bits) - 1)
    tail = (~free & (free + 1)).bit_length() - 1
    scattered = [bit for bit in range(tail, bits) if free >> bit & 1]
    if len(scattered) > _MOST_BITS:
        return None
    starts = [value & mask]
    for bit in scattered:
        starts.extend([one | 1 << bit for one in starts])
    return IntervalSet.merged((one, one + (1 << tail) - 1) for one in starts)


def _prefix(text: str) -> IntervalSet:
    address, _, length = text.partition("/")
    bits, base = (128, IPV6_BASE) if ":" in address else (32, 0)
    try:
        value = int(IPv6Address(address)) if base else int(IPv4Address(address))
        size = 1 << (bits - _length(length, bits))
    except (AddressValueError, ValueError):
        raise _MalformedError(f"{show(text)} is no prefix") from None
    first = value - value % size + base
    return IntervalSet(((first, first + size - 1),))


def _length(text: str, bits: int) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 3 or int(text) > bits:
        raise ValueError(text)
    return int(text)
