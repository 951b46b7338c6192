"""Operands of a question: from text to sets of packets.

Addresses are ``any``, ``any4``, ``any6``, ``10.1.2.3``, ``10.0.0.0/8``, ``10.0.0.0/255.0.0.0``,
``10.1.0.5-10.1.0.20``, or the name of an object of the configuration. ``!`` before all of them asks for the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from rulecheck.api.errors import QuestionError, hint
from rulecheck.api.objects import Objects
from rulecheck.model.fields import (
    ADDRESS_ALL,
    CONNECTION_STATES,
    IPV4_ALL,
    IPV6_ALL,
    IPV6_BASE,
    PORT_ALL,
    TCP_FLAG_NAMES,
    Field,
    tcp_flag_values,
)
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Constraint, Element, Service, Services
from rulecheck.model.names import name_set, prefix_set
from rulecheck.model.provenance import Origin

ASKED = Origin("", 0, "the question")
WITH_PORTS = (6, 17, 33, 132, 136)
"""TCP, UDP, DCCP, SCTP, UDP-Lite: the protocols that have ports."""

ICMP, ICMP6 = 1, 58
_ANY = {"any": ADDRESS_ALL, "any4": IPV4_ALL, "any6": IPV6_ALL, "0.0.0.0/0": IPV4_ALL, "::/0": IPV6_ALL}


def words(value: object) -> tuple[str, ...]:
    """Return an operand as texts: commas separate, lists and repetitions add up; None and "" are nothing."""
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, Iterable) and not hasattr(value, "network_address"):
        return tuple(part for one in value for part in words(one))
    return words(str(value))


# --- addresses --------------------------------------------------------------------------------------------------


def addresses(where: str, texts: Sequence[str], objects: Objects) -> Addresses:
    """Return an address operand; nothing written means any.

    Raises:
        QuestionError: a text is neither address nor object. The message names it.
    """
    if not texts or list(texts) == ["any"]:
        return ANY_ADDRESS
    negated = texts[0].startswith("!")
    plain = [texts[0].removeprefix("!").strip(), *texts[1:]]
    elements = tuple(element for text in plain for element in _elements(where, text, objects))
    return Addresses(", ".join(texts), elements, negated=negated)


def _elements(where: str, text: str, objects: Objects) -> tuple[Element, ...]:
    values = _values(where, text)
    if values is not None:
        return (Element(text, values, ASKED),)
    found = objects.addresses(text)
    if found is None:
        remedy = hint(text, objects.address_names, "write 10.0.0.0/8, 10.1.0.5-10.1.0.20, any, or an object's name")
        raise QuestionError(
            where, f"{text!r} is no address, network, range or object with addresses of this configuration; {remedy}"
        )
    return found


def _values(where: str, text: str) -> IntervalSet | None:
    """Return the addresses of a literal; None for a text that is none."""
    if text.casefold() in _ANY:
        return _ANY[text.casefold()]
    if text[:1] not in "0123456789abcdefABCDEF:":
        return None
    if "/" in text:
        return _network(where, text)
    low, dash, high = text.partition("-")
    first = _address(low.strip())
    if first is None or not dash:
        return None if first is None else IntervalSet.points([first])
    last = _address(high.strip())
    if last is None:
        return None
    if (first < IPV6_BASE) != (last < IPV6_BASE) or first > last:
        raise QuestionError(where, f"the range {text!r} is upside down or mixes IPv4 and IPv6; write LOWEST-HIGHEST")
    return IntervalSet.of((first, last))


def _address(text: str) -> int | None:
    try:
        return _encoded(ip_address(text))
    except ValueError:
        return None


def _encoded(one: IPv4Address | IPv6Address) -> int:
    return int(one) + (IPV6_BASE if one.version == 6 else 0)


def _network(where: str, text: str) -> IntervalSet | None:
    try:
        net = ip_network(text, strict=False)
    except ValueError:
        if _address(text.partition("/")[0]) is None:
            return None
        raise QuestionError(where, f"{text!r} has no valid prefix length or mask; write 10.0.0.0/8") from None
    first = text.partition("/")[0]
    if ip_address(first) != net.network_address:
        message = f"{text!r} has bits set behind its prefix; write {net} for the network or {first} for the host"
        raise QuestionError(where, message)
    return IntervalSet.of((_encoded(net.network_address), _encoded(net.broadcast_address)))


# --- services ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ServiceWords:
    """The service operands of a question as written."""

    protocol: tuple[str, ...] = ()
    source_port: tuple[str, ...] = ()
    destination_port: tuple[str, ...] = ()
    icmp: tuple[str, ...] = ()
    tcp_flags: tuple[str, ...] = ()
    service: tuple[str, ...] = ()


def services(asked: ServiceWords, objects: Objects) -> Services | None:
    """Return a service operand, None for every service.

    Raises:
        QuestionError: a word is not understood, or ports are asked of a protocol that has none.
    """
    label = " ".join(", ".join(part) for part in (asked.protocol, asked.destination_port, asked.icmp, asked.service))
    if asked.service:
        if any((asked.protocol, asked.source_port, asked.destination_port, asked.icmp, asked.tcp_flags)):
            raise QuestionError("service", "an object stands for protocol and ports; do not give those as well")
        return Services(label, tuple(one for name in asked.service for one in _service_object(name, objects)))
    protocols = _protocols(asked.protocol)
    if asked.icmp:
        if asked.source_port or asked.destination_port or asked.tcp_flags:
            raise QuestionError("icmp", "ICMP has no ports and no TCP flags; ask for one or the other")
        return Services(label, tuple(_icmp(word, protocols) for word in asked.icmp))
    if asked.source_port or asked.destination_port or asked.tcp_flags:
        return Services(label, (_with_ports(asked, protocols),))
    return None if protocols is None else Services(label, (Service(label, ASKED, protocols),))


def _service_object(name: str, objects: Objects) -> tuple[Service, ...]:
    found = objects.services(name)
    if found is None:
        remedy = hint(name, objects.service_names, "write --proto and --dport instead")
        raise QuestionError("service", f"{name!r} is no object with services of this configuration; {remedy}")
    return found


def _with_ports(asked: ServiceWords, protocols: IntervalSet | None) -> Service:
    allowed = IntervalSet.points(WITH_PORTS if not asked.tcp_flags else (6,))
    chosen = allowed if protocols is None else protocols
    if not chosen <= allowed:
        what = "ports" if not asked.tcp_flags else "TCP flags"
        raise QuestionError("protocol", f"{', '.join(asked.protocol)} has no {what}")
    return Service(
        "the question",
        ASKED,
        chosen,
        source_ports=_ports("source port", asked.source_port),
        destination_ports=_ports("destination port", asked.destination_port),
        tcp_flags=_flags(asked.tcp_flags),
    )


def _number(text: str, highest: int) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) <= 6 and int(text) <= highest:
        return int(text)
    return None


def _protocols(texts: Sequence[str]) -> IntervalSet | None:
    if not texts or any(text.casefold() in ("any", "all", "ip") for text in texts):
        return None
    from parsers.netfilter.names import PROTOCOLS

    found = []
    for text in texts:
        number = _number(text, 255)
        number = PROTOCOLS.get(text.casefold()) if number is None else number
        if number is None:
            remedy = hint(text, PROTOCOLS, "write tcp, udp, icmp, any, or a number from 0 to 255")
            raise QuestionError("protocol", f"there is no protocol {text!r}; {remedy}")
        found.append(number)
    return IntervalSet.points(found)


def _ports(where: str, texts: Sequence[str]) -> IntervalSet | None:
    if not texts or any(text.casefold() == "any" for text in texts):
        return None
    negated = texts[0].startswith("!")
    plain = [texts[0].removeprefix("!").strip(), *texts[1:]]
    found = IntervalSet.union_of(_port_range(where, text) for text in plain)
    return PORT_ALL - found if negated else found


def _port_range(where: str, text: str) -> IntervalSet:
    low, dash, high = text.partition("-")
    ends = (_number(low.strip(), 0xFFFF), _number(high.strip(), 0xFFFF))
    if dash and ends[0] is not None and ends[1] is not None:
        if ends[0] > ends[1]:
            raise QuestionError(where, f"the range {text!r} is upside down; write {ends[1]}-{ends[0]}")
        return IntervalSet.of((ends[0], ends[1]))
    one = ends[0] if not dash else None
    if one is None:
        one = _port_name(text.casefold())
    if one is None:
        raise QuestionError(where, f"{text!r} is no port; write 443, 8000-8100, https, or several with commas")
    return IntervalSet.points([one])


def _port_name(name: str) -> int | None:
    from parsers.cisco.vocabulary import port_number
    from parsers.netfilter.names import SERVICES

    return SERVICES.get(name) if name in SERVICES else port_number(name) if not name.isdecimal() else None


def _icmp(text: str, protocols: IntervalSet | None) -> Service:
    """Return an ICMP message: ``8``, ``3/1``, ``echo-request``. Names are those of the family; numbers mean IPv4."""
    from parsers.netfilter.names import ICMP6_TYPES, ICMP_TYPES

    wanted = protocols if protocols is not None else IntervalSet.points([ICMP])
    if not wanted <= IntervalSet.points([ICMP]) and not wanted <= IntervalSet.points([ICMP6]):
        raise QuestionError("icmp", "ICMP messages belong to the protocol icmp or icmpv6")
    kind, _, code = text.partition("/")
    numbers = _number(kind, 255), _number(code, 255)
    table = ICMP6_TYPES if wanted == IntervalSet.points([ICMP6]) else ICMP_TYPES
    if numbers[0] is None and text in table:
        numbers = table[text]
    elif numbers[0] is None or (code and numbers[1] is None):
        remedy = hint(text, table, "write 8, 3/1 (type/code) or echo-request")
        raise QuestionError("icmp", f"there is no ICMP message {text!r}; {remedy}")
    first = int(numbers[0] or 0) * 256
    values = IntervalSet.of((first, first + 255)) if numbers[1] is None else IntervalSet.points([first + numbers[1]])
    return Service(text, ASKED, wanted, icmp=values)


def _flags(texts: Sequence[str]) -> IntervalSet | None:
    """Return ``SYN,!ACK`` as the flag bytes with these flags set and not set."""
    mask = value = 0
    for text in texts:
        name = text.removeprefix("!").upper()
        if name not in TCP_FLAG_NAMES:
            remedy = f"there are {', '.join(TCP_FLAG_NAMES)}, with ! before those that are not set"
            raise QuestionError("tcp flags", f"there is no TCP flag {text!r}; {remedy}")
        bit = 1 << TCP_FLAG_NAMES.index(name)
        mask |= bit
        value |= 0 if text.startswith("!") else bit
    return tcp_flag_values(mask, value) if texts else None


# --- other fields -----------------------------------------------------------------------------------------------


def names_constraint(field: Field, texts: Sequence[str]) -> Constraint | None:
    """Return names (interfaces, zones …); ``eth*`` and ``eth+`` stand for all names that start so."""
    if not texts or "any" in texts:
        return None
    sets = [prefix_set(text[:-1]) if text[-1] in "*+" and len(text) > 1 else name_set(text) for text in texts]
    return Constraint(field, IntervalSet.union_of(sets), ", ".join(texts), ASKED)


def state_constraint(texts: Sequence[str]) -> Constraint | None:
    """Return connection states.

    Raises:
        QuestionError: there is no such state.
    """
    if not texts or "any" in texts:
        return None
    for text in texts:
        if text.upper() not in CONNECTION_STATES:
            message = f"there is no connection state {text!r}; there are {', '.join(CONNECTION_STATES)}"
            raise QuestionError("state", message)
    values = IntervalSet.points(CONNECTION_STATES.index(text.upper()) for text in texts)
    return Constraint(Field.CONNECTION_STATE, values, ", ".join(texts), ASKED)
