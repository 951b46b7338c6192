"""Expressions and statements of ``nft -j`` as the tokens of nft's language, each with its line of the file.

Source: libnftables-json(5). Text and JSON are then read by the same code. What is not known becomes a word that no
rule can have, which the rule reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from parsers.json_text import JsonNode
from parsers.netfilter.nftables.tokens import Group, Item, Token

_PLAIN = re.compile(r"[\w.:/*@+\-]+\Z")
_BITS = ("&", "|", "^", "<<", ">>")


def items_of(node: JsonNode | None) -> list[Item]:
    """Return an expression as tokens."""
    if node is None or node.value is None:
        return []
    if isinstance(node.value, dict):
        return _object(node)
    if isinstance(node.value, list):
        return _joined(node.items, ",", node.line)
    if isinstance(node.value, bool):
        return [Token("exists" if node.value else "missing", node.line)]
    text = str(node.value)
    return [Token(text, node.line, quoted=_PLAIN.match(text) is None)]


def words_of(node: JsonNode | None, *texts: str) -> list[Item]:
    """Return plain words, with the line of a node."""
    line = node.line if node is not None else 0
    return [Token(one, line) for one in texts if one]


def _joined(nodes: Iterable[JsonNode], mark: str, line: int) -> list[Item]:
    found: list[Item] = []
    for one in nodes:
        if found:
            found.append(Token(mark, line))
        found += items_of(one)
    return found


def _text(node: JsonNode | None) -> str:
    """Return a scalar as text, empty for anything else."""
    if node is None or isinstance(node.value, (dict, list, bool)) or node.value is None:
        return ""
    return str(node.value)


def _object(node: JsonNode) -> list[Item]:
    if len(node.members) != 1:
        return [Token(f"object with {len(node.members)} keys", node.line, quoted=False)]
    ((key, value),) = node.members.items()
    handler = _EXPRESSIONS.get(key)
    if handler is not None:
        return handler(value)
    if key in _BITS:
        return _bits(key, value)
    return [Token(key, node.line)]


def _bits(operator: str, value: JsonNode) -> list[Item]:
    found: list[Item] = []
    for one in value.items:
        if found:
            found.append(Token(operator, one.line))
        inner = items_of(one)
        nested = isinstance(one.value, dict) and any(key in _BITS for key in one.members)
        found += [Group("(", one.line, inner, one.end)] if nested else inner
    return found


def _payload(node: JsonNode) -> list[Item]:
    if node.get("base") is not None:
        return words_of(node, f"@{_text(node.get('base'))},{_text(node.get('offset'))},{_text(node.get('len'))}")
    return words_of(node, _text(node.get("protocol")), _text(node.get("field")))


def _meta(node: JsonNode) -> list[Item]:
    return words_of(node, "meta", _text(node.get("key")))


def _tracked(node: JsonNode) -> list[Item]:
    return words_of(node, "ct", _text(node.get("dir")), _text(node.get("family")), _text(node.get("key")))


def _fib(node: JsonNode) -> list[Item]:
    flags = node.get("flags")
    names = [_text(one) for one in flags.items] if flags is not None and flags.items else [_text(flags)]
    return words_of(node, "fib", *(" . ".join(names).split()), _text(node.get("result")))


def _route(node: JsonNode) -> list[Item]:
    return words_of(node, "rt", _text(node.get("family")), _text(node.get("key")))


def _extension(node: JsonNode) -> list[Item]:
    field = _text(node.get("field"))
    name = _text(node.get("name"))
    return words_of(node, name, field) if field else words_of(node, "exthdr", name)


def _option(protocol: str, kind: str) -> Callable[[JsonNode], list[Item]]:
    return lambda node: words_of(node, protocol, kind, _text(node.get("name")), _text(node.get("field")))


def _socket(node: JsonNode) -> list[Item]:
    return words_of(node, "socket", _text(node.get("key")))


def _fingerprint(node: JsonNode) -> list[Item]:
    ttl = _text(node.get("ttl"))
    return words_of(node, "osf", *(("ttl", ttl) if ttl else ()), _text(node.get("key")))


def _generator(name: str) -> Callable[[JsonNode], list[Item]]:
    def render(node: JsonNode) -> list[Item]:
        found = words_of(node, name, _text(node.get("mode")))
        found += items_of(node.get("expr"))
        for key in ("mod", "seed", "offset"):
            value = _text(node.get(key))
            if value and not (key == "offset" and value == "0"):
                found += words_of(node, key, value)
        return found

    return render


def _ipsec(node: JsonNode) -> list[Item]:
    spnum = _text(node.get("spnum"))
    number = ("spnum", spnum) if spnum and spnum != "0" else ()
    return words_of(node, "ipsec", _text(node.get("dir")), *number, _text(node.get("family")), _text(node.get("key")))


def _concat(node: JsonNode) -> list[Item]:
    return _joined(node.items, ".", node.line)


def _prefix(node: JsonNode) -> list[Item]:
    return words_of(node, f"{_text(node.get('addr'))}/{_text(node.get('len'))}")


def _range(node: JsonNode) -> list[Item]:
    return words_of(node, "-".join(_text(one) for one in node.items))


def _set(node: JsonNode) -> list[Item]:
    return [set_group(node)]


def set_group(node: JsonNode) -> Group:
    """Return the elements of a set or map as a group in braces."""
    group = Group("{", node.line, [], node.end)
    for one in node.items or [node]:
        if group.items:
            group.items.append(Token(",", one.line))
        if isinstance(one.value, list) and len(one.items) == 2:
            group.items += [*items_of(one.items[0]), Token(":", one.line), *items_of(one.items[1])]
        else:
            group.items += items_of(one)
    return group


def _map(word: str) -> Callable[[JsonNode], list[Item]]:
    def render(node: JsonNode) -> list[Item]:
        return [*items_of(node.get("key")), Token(word, node.line), *items_of(node.get("data"))]

    return render


def _element(node: JsonNode) -> list[Item]:
    found = items_of(node.get("val"))
    for option in ("timeout", "expires"):
        if value := _text(node.get(option)):
            found += words_of(node, option, value)
    return found


def _verdict(word: str) -> Callable[[JsonNode], list[Item]]:
    return lambda node: words_of(node, word, _text(node.get("target")))


_EXPRESSIONS: dict[str, Callable[[JsonNode], list[Item]]] = {
    "payload": _payload,
    "meta": _meta,
    "ct": _tracked,
    "fib": _fib,
    "rt": _route,
    "exthdr": _extension,
    "tcp option": _option("tcp", "option"),
    "ip option": _option("ip", "option"),
    "sctp chunk": _option("sctp", "chunk"),
    "socket": _socket,
    "osf": _fingerprint,
    "numgen": _generator("numgen"),
    "jhash": _generator("jhash"),
    "symhash": _generator("symhash"),
    "ipsec": _ipsec,
    "concat": _concat,
    "prefix": _prefix,
    "range": _range,
    "set": _set,
    "map": _map("map"),
    "vmap": _map("vmap"),
    "elem": _element,
    **{word: _verdict(word) for word in ("accept", "drop", "continue", "return", "jump", "goto")},
}
