"""Statements of ``nft -j`` as the tokens of nft's language.

Source: libnftables-json(5), section "Statements".
"""

from __future__ import annotations

from collections.abc import Callable

from parsers.json_text import JsonNode
from parsers.netfilter.nftables.json_expressions import items_of, set_group, words_of
from parsers.netfilter.nftables.tokens import Group, Item, Token


def statement_items(node: JsonNode) -> list[Item]:
    """Return one statement of a rule as tokens."""
    if len(node.members) != 1:
        return [Token("statement with other than one key", node.line)]
    ((key, value),) = node.members.items()
    handler = _STATEMENTS.get(key)
    return handler(value) if handler is not None else items_of(node)


def _scalar(node: JsonNode, key: str) -> str:
    found = node.get(key)
    plain = found is not None and not isinstance(found.value, (dict, list, bool)) and found.value is not None
    return str(found.value) if found is not None and plain else ""


def _flags(node: JsonNode, key: str = "flags") -> list[str]:
    found = node.get(key)
    if found is None:
        return []
    return [str(one.value) for one in found.items] or ([str(found.value)] if isinstance(found.value, str) else [])


def _match(node: JsonNode) -> list[Item]:
    op = node.text("op") or "=="
    written = [] if op == "in" else words_of(node, op)
    return [*items_of(node.get("left")), *written, *items_of(node.get("right"))]


def _named(node: JsonNode, word: str) -> list[Item]:
    """Return a statement that refers to an object by name, or through a map."""
    if isinstance(node.value, str):
        return [*words_of(node, word, "name"), Token(node.value, node.line, quoted=True)]
    return [*words_of(node, word, "name"), *items_of(node)]


def _counter(node: JsonNode) -> list[Item]:
    if node.value is None or node.get("packets") is not None:
        packets, octets = _scalar(node, "packets"), _scalar(node, "bytes")
        return words_of(node, "counter", *(("packets", packets, "bytes", octets) if packets else ()))
    return _named(node, "counter")


def _mangle(node: JsonNode) -> list[Item]:
    return [*items_of(node.get("key")), *words_of(node, "set"), *items_of(node.get("value"))]


def _quota(node: JsonNode) -> list[Item]:
    if node.get("val") is None:
        return _named(node, "quota")
    over = "over" if node.flag("inv") else "until"
    return words_of(node, "quota", over, _scalar(node, "val"), _scalar(node, "val_unit") or "bytes")


def _limit(node: JsonNode) -> list[Item]:
    if node.get("rate") is None:
        return _named(node, "limit")
    over = "over" if node.flag("inv") else ""
    per, unit = _scalar(node, "per") or "second", _scalar(node, "rate_unit")
    rate = (_scalar(node, "rate"), f"{unit}/{per}") if "bytes" in unit else (f"{_scalar(node, 'rate')}/{per}",)
    burst = _scalar(node, "burst")
    after = ("burst", burst, _scalar(node, "burst_unit") or "packets") if burst and burst != "0" else ()
    return words_of(node, "limit", "rate", over, *rate, *after)


def _translate(word: str) -> Callable[[JsonNode], list[Item]]:
    def render(node: JsonNode) -> list[Item]:
        address, port = node.get("addr"), node.get("port")
        found = words_of(node, word, _scalar(node, "family"), *_flags(node, "type_flags"))
        if address is not None or port is not None:
            found += words_of(node, "to")
        found += _target(node, address, port)
        for at, flag in enumerate(_flags(node)):
            found += words_of(node, "," if at else "", flag)
        return found

    return render


def _target(node: JsonNode, address: JsonNode | None, port: JsonNode | None) -> list[Item]:
    """Return ``10.0.0.1:80``, ``:80``, or parts of which one comes from a map."""
    first, second = items_of(address), items_of(port)
    plain = [one for one in (first, second) if len(one) == 1 and isinstance(one[0], Token)]
    if len(plain) == bool(first) + bool(second):
        texts = [one[0].text if isinstance(one[0], Token) else "" for one in (first, second) if one]
        return words_of(node, ":".join(texts) if first else f":{texts[0]}") if texts else []
    return [*first, *(words_of(node, ":") if second else []), *second]


def _reject(node: JsonNode) -> list[Item]:
    kind = _scalar(node, "type")
    if not kind:
        return words_of(node, "reject")
    if kind == "tcp reset":
        return words_of(node, "reject", "with", "tcp", "reset")
    return words_of(node, "reject", "with", kind, _scalar(node, "expr") or "port-unreachable")


def _list_update(node: JsonNode) -> list[Item]:
    name = (node.text("set") or "").removeprefix("@")
    found = words_of(node, node.text("op") or "add", f"@{name}")
    inner = items_of(node.get("elem"))
    for one in _nodes(node.get("stmt")):
        inner += statement_items(one)
    return [*found, Group("{", node.line, inner, node.end)]


def _meter(node: JsonNode) -> list[Item]:
    inner = items_of(node.get("key"))
    for one in _nodes(node.get("stmt")):
        inner += statement_items(one)
    size = _scalar(node, "size")
    found = words_of(node, "meter", node.text("name") or "?", *(("size", size) if size else ()))
    return [*found, Group("{", node.line, inner, node.end)]


def _nodes(node: JsonNode | None) -> list[JsonNode]:
    return [] if node is None else node.items or [node]


def _log(node: JsonNode) -> list[Item]:
    found = words_of(node, "log")
    prefix = node.text("prefix")
    if prefix is not None:
        found += [*words_of(node, "prefix"), Token(prefix, node.line, quoted=True)]
    for key in ("level", "group", "snaplen", "queue-threshold"):
        if value := _scalar(node, key):
            found += words_of(node, key, value)
    for flag in _flags(node):
        found += words_of(node, "flags", *flag.split())
    return found


def _queue(node: JsonNode) -> list[Item]:
    return [*words_of(node, "queue", *_flags(node)), *words_of(node, "to"), *items_of(node.get("num"))]


def _connection_count(node: JsonNode) -> list[Item]:
    return words_of(node, "ct", "count", "over" if node.flag("inv") else "", _scalar(node, "val"))


def _assigned(*words: str) -> Callable[[JsonNode], list[Item]]:
    """Return a renderer of ``ct helper set "name"``."""
    return lambda node: [*words_of(node, *words, "set"), Token(str(node.value), node.line, quoted=True)]


def _flow(node: JsonNode) -> list[Item]:
    return words_of(node, "flow", "add", f"@{(node.text('flowtable') or '').removeprefix('@')}")


def _socket_proxy(node: JsonNode) -> list[Item]:
    port, address = _scalar(node, "port"), _scalar(node, "addr")
    target = f"{address}:{port}" if port else address
    return words_of(node, "tproxy", _scalar(node, "family"), "to", target)


def _syn_proxy(node: JsonNode) -> list[Item]:
    return _named(node, "synproxy") if isinstance(node.value, str) else words_of(node, "synproxy")


def _forward(node: JsonNode) -> list[Item]:
    return [*words_of(node, "fwd", "to"), *items_of(node.get("dev"))]


def _duplicate(node: JsonNode) -> list[Item]:
    return [*words_of(node, "dup", "to"), *items_of(node.get("addr")), *items_of(node.get("dev"))]


def _word(word: str) -> Callable[[JsonNode], list[Item]]:
    return lambda node: words_of(node, word)


def _map_statement(node: JsonNode) -> list[Item]:
    """Return ``add @map { key : value }``, a list update of a map."""
    name = (node.text("map") or "").removeprefix("@")
    inner = [*items_of(node.get("elem")), *words_of(node, ":"), *items_of(node.get("data"))]
    return [*words_of(node, node.text("op") or "add", f"@{name}"), Group("{", node.line, inner, node.end)]


_STATEMENTS: dict[str, Callable[[JsonNode], list[Item]]] = {
    "match": _match,
    "counter": _counter,
    "mangle": _mangle,
    "quota": _quota,
    "limit": _limit,
    "reject": _reject,
    "set": _list_update,
    "map": _map_statement,
    "meter": _meter,
    "log": _log,
    "queue": _queue,
    "ct count": _connection_count,
    "ct helper": _assigned("ct", "helper"),
    "ct timeout": _assigned("ct", "timeout"),
    "ct expectation": _assigned("ct", "expectation"),
    "flow": _flow,
    "tproxy": _socket_proxy,
    "synproxy": _syn_proxy,
    "fwd": _forward,
    "dup": _duplicate,
    "notrack": _word("notrack"),
    "last": _word("last"),
    **{word: _translate(word) for word in ("snat", "dnat", "masquerade", "redirect")},
}

__all__ = ["set_group", "statement_items"]
