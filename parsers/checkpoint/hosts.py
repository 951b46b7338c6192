"""Network objects that are no groups: what addresses each stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from parsers.checkpoint.catalogue import Item, cells, shown_name
from parsers.checkpoint.context import Context
from parsers.checkpoint.numbers import address, mask_length, prefix, small, span, wildcard
from parsers.json_text import JsonNode
from rulecheck.model.fields import ADDRESS_ALL
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import Condition, Element

Values = tuple[IntervalSet, Condition | None]

UNKNOWN_MEMBERS = {
    "dns-domain": "its addresses are those of the domain",
    "dynamic-object": "each gateway resolves it to addresses of its own",
    "updatable-object": "Check Point updates its addresses",
    "data-center-object": "a data center supplies its addresses",
    "data-center-query": "a data center supplies its addresses",
    "network-feed": "a feed supplies its addresses",
    "access-role": "it stands for users and machines",
    "identity-tag": "it stands for users and machines",
    "user-group": "it stands for users",
    "user": "it stands for a user",
    "LegacyUserAtLocation": "it stands for users at a place",
    "Internet": "what is the Internet depends on the gateway's topology",
    "security-zone": "which interfaces are in the zone is set on the gateway",
    "lsm-gateway": "the gateway has a dynamic address",
    "oracle-cloud-services": "a data center supplies its addresses",
}
"""Kinds of objects whose addresses no export has, with the reason for people."""

_GATEWAY_WORDS = ("gateway", "cluster", "checkpoint-host", "ckp", "device", "server", "netobj")


def elements(context: Context, item: Item) -> tuple[Element, ...]:
    """Return what an object stands for, exact parts first; never empty for an object that is not understood."""
    name, origin = shown_name(item, item.uid), context.origin_of(item)
    return tuple(Element(name, values, origin, condition) for values, condition in _values(context, item))


def _values(context: Context, item: Item) -> Iterator[Values]:
    node = item.node
    if item.kind == "CpmiAnyObject":
        yield ADDRESS_ALL, None
    elif item.kind in UNKNOWN_MEMBERS:
        yield _symbolic(context, item)
    elif node is None:
        yield ADDRESS_ALL, context.malformed(item, "its definition is not in the file", "RC603")
    elif item.kind in _READERS:
        yield from _plain(context, item, node, _READERS[item.kind])
    elif any(word in item.kind.lower() for word in _GATEWAY_WORDS):
        yield from _gateway(context, item, node)
    else:
        yield ADDRESS_ALL, context.malformed(item, "this kind of object is not known here", "RC602")


def _symbolic(context: Context, item: Item) -> Values:
    name, key = shown_name(item, item.uid), item.kind
    if item.kind == "dns-domain" and item.node is not None:
        name = name.lstrip(".")
        key = "domain" if item.node.flag("is-sub-domain") else "fqdn"
        reason = f"the domain {name} is not resolved"
        return ADDRESS_ALL, Condition(f"{key}:{name}", reason, context.origin_of(item))
    reason = f"{item.kind} {name}: {UNKNOWN_MEMBERS[item.kind]}"
    return ADDRESS_ALL, context.condition(item, reason, key)


Reader = Callable[[JsonNode], "IntervalSet | None"]


def _plain(context: Context, item: Item, node: JsonNode, reader: Reader) -> Iterator[Values]:
    values = reader(node)
    if values is None:
        yield ADDRESS_ALL, context.malformed(item, "its addresses are missing or malformed")
        return
    yield from _without_broadcast(context, item, node, values)
    if item.kind == "host":
        others = _interfaces(node) - values
        if others:
            reason = f"whether host {shown_name(item, item.uid)} stands for its further interfaces is not certain"
            yield others, context.condition(item, reason, "interfaces")


def _without_broadcast(context: Context, item: Item, node: JsonNode, values: IntervalSet) -> Iterator[Values]:
    length = small(node.get("mask-length4"), 32)
    if item.kind != "network" or node.text("broadcast") != "disallow" or length is None or length > 30:
        yield values, None
        return
    four = IntervalSet(tuple(pair for pair in values.intervals if pair[1] < 1 << 32))
    last = IntervalSet.points(pair[1] for pair in four)
    yield values - last, None
    reason = f"whether network {shown_name(item, item.uid)} has its broadcast address is not certain"
    yield last, context.condition(item, reason, "broadcast")


def _gateway(context: Context, item: Item, node: JsonNode) -> Iterator[Values]:
    """A gateway in a rule stands for its address and those of all its interfaces."""
    main = _addresses(node) or EMPTY
    exact = main | _interfaces(node)
    if exact:
        yield exact, None
    if not main or node.flag("dynamic-ip") or node.get("interfaces") is None:
        reason = f"not all addresses of {item.kind} {shown_name(item, item.uid)} are in this file"
        yield ADDRESS_ALL - exact, context.condition(item, reason, "gateway")


def _interfaces(node: JsonNode) -> IntervalSet:
    found = [_addresses(one) or EMPTY for one in cells(node.get("interfaces"))]
    return IntervalSet.union_of(found)


def _addresses(node: JsonNode) -> IntervalSet | None:
    """Return ``ipv4-address`` and ``ipv6-address``; None where there is neither, or one is malformed."""
    texts = [node.text(key) for key in ("ipv4-address", "ipv6-address", "ip-address", "ipv4", "ipv6")]
    found = [address(text) for text in texts if text]
    numbers = [one for one in found if one is not None]
    return IntervalSet.points(numbers) if numbers and len(numbers) == len(found) else None


def _network(node: JsonNode) -> IntervalSet | None:
    return _joined(_network4(node), _prefix(node, "subnet6", "mask-length6"), _prefix(node, "subnet", "mask-length"))


_ABSENT = IntervalSet(((-1, -1),))


def _network4(node: JsonNode) -> IntervalSet | None:
    if node.get("mask-length4") is not None or not node.text("subnet4"):
        return _prefix(node, "subnet4", "mask-length4")
    length = mask_length(node.text("subnet-mask") or "")
    return prefix(node.text("subnet4") or "", length) if length is not None else None


def _prefix(node: JsonNode, start: str, length: str) -> IntervalSet | None:
    text = node.text(start)
    if not text:
        return _ABSENT
    bits = small(node.get(length), 128)
    return prefix(text, bits) if bits is not None else None


def _joined(*found: IntervalSet | None) -> IntervalSet | None:
    """Return the union of what is there; None where nothing is, or something is malformed."""
    present = [one for one in found if one is not _ABSENT]
    if not present or any(one is None for one in present):
        return None
    return IntervalSet.union_of(one for one in present if one is not None)


def _range(node: JsonNode) -> IntervalSet | None:
    spans = [_span(node, f"{family}-address-first", f"{family}-address-last") for family in ("ipv4", "ipv6")]
    return _joined(*spans, _span(node, "ip-address-first", "ip-address-last"))


def _span(node: JsonNode, first: str, last: str) -> IntervalSet | None:
    low, high = node.text(first), node.text(last)
    return span(low or "", high or "") if low or high else _ABSENT


def _multicast(node: JsonNode) -> IntervalSet | None:
    single = _addresses(node)
    return single if single is not None else _range(node)


def _wildcard(node: JsonNode) -> IntervalSet | None:
    return _joined(*(_masked(node, f"{family}-address", f"{family}-mask-wildcard") for family in ("ipv4", "ipv6")))


def _masked(node: JsonNode, start: str, mask: str) -> IntervalSet | None:
    one, two = node.text(start), node.text(mask)
    return wildcard(one or "", two or "") if one or two else _ABSENT


_READERS: dict[str, Reader] = {
    "host": _addresses,
    "network": _network,
    "address-range": _range,
    "multicast-address-range": _multicast,
    "wildcard": _wildcard,
}
