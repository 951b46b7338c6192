"""Members of object groups, and the address operands that entries and groups share."""

from __future__ import annotations

from dataclasses import replace

from parsers.cisco import vocabulary as names
from parsers.cisco.acl import services
from parsers.cisco.acl.dialect import Dialect
from parsers.cisco.acl.draft import Draft, NotUnderstoodError
from parsers.cisco.acl.wildcard import mask_length, parse_prefix, parse_v4, parse_v6, prefix_set, wildcard_set
from rulecheck.model.fields import IPV4_ALL, IPV6_ALL, IPV6_BASE
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Element, Service
from rulecheck.model.provenance import Origin

PORT_PROTOCOLS = IntervalSet.points(names.WITH_PORTS)


def everything(family: int) -> IntervalSet:
    """Return all addresses of a family."""
    return IPV4_ALL if family == 4 else IPV6_ALL


def parse_host(word: str, family: int) -> int | None:
    """Return the value of one address on the line that both families share; None if it is none."""
    if family == 4:
        return parse_v4(word)
    value = parse_v6(word)
    return None if value is None else value + IPV6_BASE


def address_element(words: list[str], origin: Origin, family: int, masks: str = "netmask") -> tuple[Element, str]:
    """Return a member of a network group, and what was not understood about it ("" when nothing was).

    ``masks``: in IOS groups they are netmasks (Cisco IOS Security Configuration Guide, "Object Groups for ACLs"),
    in NX-OS groups wildcards (Cisco Nexus 7000 Series NX-OS Security Command Reference, "object-group ip address").
    """
    if words[0].lower() == "network-object":
        words = words[1:]
    text = " ".join(words)
    values = _member_set(words, family, masks)
    if values is not None:
        return Element(text, values, origin), ""
    problem = f'the group member "{text}" was not understood'
    condition = Condition(f"unparsed:{origin.line}:member", problem, origin)
    return Element(text, everything(family), origin, condition), problem


def _member_set(words: list[str], family: int, masks: str) -> IntervalSet | None:
    lower = [word.lower() for word in words]
    if lower == ["any"]:
        return everything(family)
    if len(words) == 1:
        prefix = parse_prefix(words[0], family)
        return _point(words[0], family) if prefix is None else prefix
    if len(words) == 2 and lower[0] == "host":
        return _point(words[1], family)
    if len(words) == 3 and lower[0] == "range":
        return _range(words[1], words[2], family)
    return _subnet(words[0], words[1], family, masks) if len(words) == 2 else None


def _point(word: str, family: int) -> IntervalSet | None:
    value = parse_host(word, family)
    return None if value is None else IntervalSet.of((value, value))


def _range(first: str, last: str, family: int) -> IntervalSet | None:
    low, high = parse_host(first, family), parse_host(last, family)
    return None if low is None or high is None or low > high else IntervalSet.of((low, high))


def _subnet(network: str, mask: str, family: int, masks: str) -> IntervalSet | None:
    if mask.startswith("/"):
        return parse_prefix(network + mask, family)
    address, bits = parse_v4(network), parse_v4(mask)
    if family != 4 or address is None or bits is None:
        return None
    length = mask_length(bits)
    if masks == "wildcard" or (masks == "either" and length is None):
        return wildcard_set(address, bits)
    if masks == "either" and bits == 0:
        return None
    return None if length is None else prefix_set(address, length, 4)


def service_element(words: list[str], origin: Origin, family: int, dialect: Dialect) -> tuple[Service, str]:
    """Return a member of a service group, and what was not understood about it ("" when nothing was)."""
    if words[0].lower() in ("service-object", "protocol-object"):
        words = words[1:] or ["?"]
    draft = Draft(words, origin, family, dialect)
    try:
        service = _service(draft)
        _end(draft)
    except NotUnderstoodError as problem:
        text = f'the group member "{" ".join(words)}" was not understood: {problem}'
        condition = Condition(f"unparsed:{origin.line}:member", text, origin)
        return replace(_bare(draft), condition=condition), text
    return service, ""


def port_element(words: list[str], origin: Origin, dialect: Dialect) -> tuple[Service, str]:
    """Return a member of a port group as destination ports, and what was not understood ("" when nothing was)."""
    draft = Draft(words, origin, 4, dialect)
    text = " ".join(words)
    try:
        ports = _group_ports(draft, 0)
        _end(draft)
    except NotUnderstoodError as problem:
        message = f'the group member "{text}" was not understood: {problem}'
        condition = Condition(f"unparsed:{origin.line}:member", message, origin)
        return Service(text, origin, PORT_PROTOCOLS, condition=condition), message
    return Service(text, origin, PORT_PROTOCOLS, destination_ports=ports), ""


def _end(draft: Draft) -> None:
    if draft.peek() is not None:
        raise NotUnderstoodError(f'"{draft.rest()}" was not understood')


def _bare(draft: Draft) -> Service:
    protocol = None if draft.protocol is None else services.single(draft.protocol)
    return Service(" ".join(draft.words), draft.origin, protocol)


def _service(draft: Draft) -> Service:
    word = draft.take("a protocol").lower()
    if word in names.ANY_PROTOCOL:
        return _bare(draft)
    if word == "tcp-udp":
        both = IntervalSet.points((names.TCP, names.UDP))
        return _with_ports(draft, replace(_bare(draft), protocol=both), names.TCP)
    draft.protocol = services.protocol_of(word, draft.family)
    if draft.protocol is None:
        raise NotUnderstoodError(f"the protocol {word} is not known")
    service = _bare(draft)
    if draft.protocol in names.WITH_PORTS:
        return _with_ports(draft, service, draft.protocol)
    return services.read_message(draft, service)


def _with_ports(draft: Draft, service: Service, protocol: int) -> Service:
    source = None
    if draft.peek() == "source":
        draft.at += 1
        source = _group_ports(draft, protocol)
    if draft.peek() == "destination":
        draft.at += 1
    destination = None if draft.peek() is None else _group_ports(draft, protocol)
    return replace(service, source_ports=source, destination_ports=destination)


def _group_ports(draft: Draft, protocol: int) -> IntervalSet:
    """Read ports whose operator may be left out: ``eq`` then."""
    values = services.read_ports(draft, protocol)
    if values is not None:
        return values
    word = draft.take("a port")
    number = names.port_number(word, protocol)
    if number is None:
        draft.at -= 1
        raise NotUnderstoodError(f"{word} is not a port")
    return services.single(number)
