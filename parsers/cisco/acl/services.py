"""The protocol slot, ports, ICMP messages and TCP flags of entries and service groups."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from parsers.cisco import vocabulary as names
from parsers.cisco.acl.draft import Draft, NotUnderstoodError
from rulecheck.model.fields import tcp_flag_values
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import Condition, Service

TCP_FLAGS = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ece": 64, "cwr": 128}
"""Flag words of access lists and their bits (RFC 9293)."""

_IGMP_WORDS = frozenset({"dvmrp", "host-query", "host-report", "pim", "trace", "v2-leave", "v2-report", "v3-report"})
_MAX_PORT_WORDS = 16
_UNREACHABLE = "destination-unreachable"


@cache
def single(value: int) -> IntervalSet:
    """Return the set of one number."""
    return IntervalSet.of((value, value))


def protocol_of(word: str, family: int) -> int | None:
    """Return the protocol number of a word in a list of the family; "icmp" is ICMPv6 in IPv6 lists."""
    if family == 6 and word.lower() == "icmp":
        return names.ICMP6
    return names.protocol_number(word)


def plain_service(draft: Draft, text: str) -> Service:
    """Return a service of the draft's protocol alone."""
    protocol = None if draft.protocol is None else single(draft.protocol)
    return Service(text, draft.origin, protocol)


def has_layer4(service: Service) -> bool:
    """Return whether the service looks at information that non-initial fragments do not carry."""
    tested = (service.source_ports, service.destination_ports, service.icmp, service.tcp_flags, service.condition)
    return any(one is not None for one in tested)


@cache
def _ports(operator: str, words: tuple[str, ...], protocol: int) -> IntervalSet | None:
    numbers = [names.port_number(word, protocol) for word in words]
    known = [number for number in numbers if number is not None]
    return names.port_set(operator, known) if len(known) == len(words) and known else None


def read_ports(draft: Draft, protocol: int) -> IntervalSet | None:
    """Read a port operator with its ports; None when the next word is no operator.

    Raises:
        NotUnderstoodError: a port is missing, unknown or out of range.
    """
    operator = draft.peek()
    if operator not in names.PORT_OPERATORS:
        return None
    draft.at += 1
    words = [draft.take("a port").lower()]
    if operator == "range":
        words.append(draft.take("the end of a port range").lower())
    elif operator in ("eq", "neq"):
        while (word := draft.peek()) and names.port_number(word, protocol) is not None and len(words) < _MAX_PORT_WORDS:
            words.append(word)
            draft.at += 1
    values = _ports(operator, tuple(words), protocol)
    if values is None:
        draft.at -= len(words) + 1
        bad = next(word for word in words if names.port_number(word, protocol) is None)
        out_of_range = names.is_number(bad)
        message = f"{bad} is not a port number" if out_of_range else f"the port name {bad} is not known"
        raise NotUnderstoodError(message, "RC606" if out_of_range else "RC602")
    upside_down = operator == "range" and names.port_number(words[0], protocol) != values.lowest
    if upside_down and not draft.dialect.swapped_ranges:
        draft.at -= 3
        raise NotUnderstoodError(f"the port range {words[0]} {words[1]} is upside down", "RC606")
    return values


def read_message(draft: Draft, service: Service) -> Service:
    """Read the ICMP type and code or message name, or the IGMP type, that may follow the addresses."""
    word = draft.peek()
    if word is None or draft.peek(1) in names.PORT_OPERATORS:
        return service
    if draft.protocol == names.ICMP6 and word == _UNREACHABLE:
        draft.at += 1
        reason = f"whether {word} means every code of type 1 or code 3 alone is not documented"
        condition = Condition(f"icmp6:{word}", reason, draft.origin)
        return replace(service, icmp=names.icmp_set(1), condition=condition)
    if draft.protocol in (names.ICMP, names.ICMP6):
        values = _icmp(draft, word)
        return service if values is None else replace(service, icmp=values)
    if draft.protocol == names.IGMP and (word in _IGMP_WORDS or names.is_number(word)):
        draft.at += 1
        condition = Condition(f"igmp-type:{word}", f"the IGMP type {word} is not modelled", draft.origin)
        return replace(service, condition=condition)
    return service


def _icmp(draft: Draft, word: str) -> IntervalSet | None:
    if names.is_number(word):
        kind, code = _byte(word), None
        draft.at += 1
        following = draft.peek()
        if following is not None and names.is_number(following):
            code = _byte(following)
            draft.at += 1
        return names.icmp_set(kind, code)
    message = names.icmp_message(word, 6 if draft.protocol == names.ICMP6 else 4)
    if message is None:
        return None
    draft.at += 1
    return names.icmp_set(*message)


def _byte(word: str) -> int:
    if len(word) > 3 or int(word) > 255:
        raise NotUnderstoodError(f"{word} is not an ICMP type or code (0 to 255)", "RC606")
    return int(word)


def read_flags(draft: Draft, word: str) -> IntervalSet:
    """Read the TCP flag clauses that begin with ``word`` and return the flag bytes that they match.

    Old form: ``ack syn`` matches when any of the named flags is set. New form: ``match-any`` or
    ``match-all`` followed by signed flags. Source: Cisco IOS Security Configuration Guide, "ACL TCP Flags
    Filtering".

    Raises:
        NotUnderstoodError: ``match-any`` or ``match-all`` without flags.
    """
    if word not in ("match-any", "match-all"):
        values = _flag(word, "+")
        while (following := draft.peek()) in TCP_FLAGS:
            draft.at += 1
            values |= _flag(following or "", "+")
        return values
    parts: list[IntervalSet] = []
    while (following := draft.peek()) and following[0] in "+-" and following[1:] in TCP_FLAGS:
        draft.at += 1
        parts.append(_flag(following[1:], following[0]))
    if not parts:
        raise NotUnderstoodError(f"{word} without TCP flags")
    result = EMPTY if word == "match-any" else parts[0]
    for part in parts:
        result = result | part if word == "match-any" else result & part
    return result


@cache
def _flag(word: str, sign: str) -> IntervalSet:
    bit = TCP_FLAGS[word]
    return tcp_flag_values(bit, bit if sign == "+" else 0)
