"""Services that are no groups: protocols, ports and types, and what only the gateway can tell."""

from __future__ import annotations

from collections.abc import Callable

from parsers.checkpoint.catalogue import Item, shown_name
from parsers.checkpoint.context import Context
from parsers.checkpoint.numbers import ports, small
from parsers.json_text import JsonNode
from parsers.redact import redact_text
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Service

TCP, UDP, SCTP, ICMP, ICMP6 = 6, 17, 132, 1, 58

_PROTOCOLS = {
    "service-tcp": TCP,
    "service-udp": UDP,
    "service-sctp": SCTP,
    "service-citrix-tcp": TCP,
    "service-compound-tcp": TCP,
}
_RPC = IntervalSet.points((TCP, UDP))

APPLICATION_KINDS = frozenset({"application-site", "application-site-category"})


def service(context: Context, item: Item) -> Service:
    """Return what a service object stands for; under a condition where the export does not say all of it."""
    reader = _READERS.get(item.kind)
    if item.kind in APPLICATION_KINDS:
        return _application(context, item)
    if reader is None or item.node is None:
        code = "RC602" if item.node is not None else "RC603"
        problem = "this kind of service is not known here" if item.node is not None else "it is not in the file"
        return _unclear(context, item, context.malformed(item, problem, code))
    return reader(context, item, item.node)


def _unclear(context: Context, item: Item, condition: Condition, protocol: IntervalSet | None = None) -> Service:
    return Service(shown_name(item, item.uid), context.origin_of(item), protocol, condition=condition)


def _application(context: Context, item: Item) -> Service:
    name = shown_name(item, item.uid)
    what = "category" if item.kind.endswith("category") else "application"
    key = "category" if what == "category" else "application"
    return _unclear(context, item, context.condition(item, f"only for {what} {name}", key))


def _with_ports(context: Context, item: Item, node: JsonNode) -> Service:
    protocol = IntervalSet.points([_PROTOCOLS[item.kind]])
    found: list[IntervalSet | None] = []
    for key in ("source-port", "port"):
        text = node.text(key)
        values = ports(text) if text else None
        if text and values is None:
            condition = context.malformed(item, f"its {key} is malformed")
            return _unclear(context, item, condition, protocol)
        found.append(values)
    name, origin = shown_name(item, item.uid), context.origin_of(item)
    return Service(name, origin, protocol, found[0], found[1], condition=_signature(context, item, node))


def _signature(context: Context, item: Item, node: JsonNode) -> Condition | None:
    """Return the test of content that some services need besides their port."""
    name = shown_name(item, item.uid)
    if item.kind in ("service-citrix-tcp", "service-compound-tcp"):
        return context.condition(item, f"service {name} is recognised by its content")
    protocol = redact_text(node.text("protocol") or "")
    if node.flag("match-by-protocol-signature"):
        reason = f"service {name} is recognised by the signature of {protocol or 'its protocol'}"
        return Condition(f"signature:{protocol or name}", reason, context.origin_of(item))
    if protocol.lower().startswith("unknown"):
        return context.condition(item, f"service {name} is what no other protocol recognises")
    return None


def _icmp(context: Context, item: Item, node: JsonNode) -> Service:
    protocol = IntervalSet.points([ICMP6 if item.kind.endswith("6") else ICMP])
    kind, code = small(node.get("icmp-type"), 255), small(node.get("icmp-code"), 255)
    if _malformed(node, "icmp-type", kind) or _malformed(node, "icmp-code", code):
        return _unclear(context, item, context.malformed(item, "its type or code is malformed"), protocol)
    values: IntervalSet | None = None
    if kind is not None:
        low = kind * 256 + (code or 0)
        values = IntervalSet(((low, low if code is not None else low + 255),))
    elif code is not None:
        values = IntervalSet.points(one * 256 + code for one in range(256))
    return Service(shown_name(item, item.uid), context.origin_of(item), protocol, icmp=values)


def _malformed(node: JsonNode, key: str, value: int | None) -> bool:
    found = node.get(key)
    return value is None and found is not None and found.kind != "null" and found.value not in ("", -1)


def _other(context: Context, item: Item, node: JsonNode) -> Service:
    """An IP protocol, often with INSPECT code that restricts it, which only the gateway can evaluate."""
    number = small(node.get("ip-protocol"), 255)
    protocol = IntervalSet.points([number]) if number else None
    if number is None and node.whole("ip-protocol") != -1:
        return _unclear(context, item, context.malformed(item, "its ip-protocol is missing or malformed"))
    code = "; ".join(filter(None, (node.text("match"), node.text("action"))))
    if not code:
        return Service(shown_name(item, item.uid), context.origin_of(item), protocol)
    reason = f"service {shown_name(item, item.uid)} is matched by INSPECT code"
    condition = Condition(f"inspect:{redact_text(code)}", reason, context.origin_of(item))
    return _unclear(context, item, condition, protocol)


def _rpc(context: Context, item: Item, node: JsonNode) -> Service:
    name = shown_name(item, item.uid)
    which = node.text("interface-uuid") or node.whole("program-number") or name
    reason = f"service {name} is recognised by its RPC interface"
    condition = Condition(f"{item.kind}:{which}", reason, context.origin_of(item))
    return _unclear(context, item, condition, _RPC)


def _gtp(context: Context, item: Item, node: JsonNode) -> Service:
    name = redact_text(node.text("name") or item.name)
    condition = context.condition(item, f"service {name} is recognised by its GTP content")
    return _unclear(context, item, condition, IntervalSet.points([UDP]))


_READERS: dict[str, Callable[[Context, Item, JsonNode], Service]] = {
    **dict.fromkeys(_PROTOCOLS, _with_ports),
    "service-icmp": _icmp,
    "service-icmp6": _icmp,
    "service-other": _other,
    "service-dce-rpc": _rpc,
    "service-rpc": _rpc,
    "service-gtp": _gtp,
}
