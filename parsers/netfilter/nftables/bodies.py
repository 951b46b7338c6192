"""What stands in the block of a chain besides its rules, and in the block of a set."""

from __future__ import annotations

from parsers.netfilter.nftables.ruleset import HOOKS, Chain, SetText, priority
from parsers.netfilter.nftables.tokens import Group, Item, Token, words

_POLICIES = ("accept", "drop")
_PLAIN_SET_WORDS = frozenset(
    ("size", "timeout", "gc-interval", "policy", "auto-merge", "comment", "counter", "limit", "quota", "ct", "last")
)


def read_chain_option(chain: Chain, items: list[Item]) -> bool:
    """Read ``type filter hook input priority 0``, ``policy drop`` or ``devices = …``; False for a rule.

    Raises:
        ValueError: it is one of these, and malformed.
    """
    texts = [item.text for item in items if isinstance(item, Token)]
    if texts[:1] == ["type"] and len(texts) > 1 and "hook" in texts:
        _hook(chain, items, texts)
        return True
    if texts[:1] == ["policy"] and len(items) == len(texts) == 2:
        if texts[1] not in _POLICIES:
            raise ValueError(f"{texts[1][:40]!r} is not a policy of a chain")
        chain.policy = texts[1]
        return True
    if texts[:1] in (["devices"], ["device"]):
        chain.devices = _devices(items)
        return True
    return False


def _hook(chain: Chain, items: list[Item], texts: list[str]) -> None:
    at = texts.index("hook")
    hook = texts[at + 1] if len(texts) > at + 1 else ""
    if hook not in HOOKS or "priority" not in texts:
        raise ValueError("a base chain needs a hook and a priority: type filter hook input priority filter")
    chain.kind, chain.hook = texts[1], hook
    after = texts[texts.index("priority") + 1 :]
    chain.priority = priority(after, chain.family)
    chain.priority_text = " ".join(after)
    between = items[at + 2 : texts.index("priority")] if len(items) == len(texts) else items[at + 2 :]
    if between and isinstance(between[0], Token) and between[0].text in ("device", "devices"):
        chain.devices = _devices(between)


def _devices(items: list[Item]) -> tuple[str, ...]:
    found: list[str] = []
    for item in items[1:]:
        inner = item.items if isinstance(item, Group) else [item]
        found += [one.text for one in inner if isinstance(one, Token) and one.text not in ("=", ",", "\n")]
    return tuple(found[: found.index("priority")] if "priority" in found else found)


def read_set_statement(given: SetText, items: list[Item]) -> bool:
    """Read one statement of a set or map; False for one that is not known."""
    first = items[0]
    if not isinstance(first, Token):
        return False
    if first.text in ("type", "typeof"):
        _types(given, items[1:])
    elif first.text == "flags":
        given.flags |= {one.text for one in items[1:] if isinstance(one, Token) and one.text != ","}
    elif first.text == "elements":
        given.groups += [one for one in items[1:] if isinstance(one, Group)]
    else:
        return first.text in _PLAIN_SET_WORDS
    return True


def _types(given: SetText, items: list[Item]) -> None:
    text = words(items)
    key, colon, data = text.partition(" : ")
    if not colon and ":" in text:
        key, _, data = text.partition(":")
    given.key, given.data = key.strip(), data.strip()
