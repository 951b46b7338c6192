"""The statements of one rule, one after the other.

Source: nft(8), section "Statements".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from parsers.netfilter.nftables.clauses import Key, Lookup, ParsedRule, Rated, SetName, Test, Verdict, VerdictMap
from parsers.netfilter.nftables.cursor import ClauseError, Cursor
from parsers.netfilter.nftables.expressions import read_operator, read_right, read_set
from parsers.netfilter.nftables.keys import read_key, starts_key
from parsers.netfilter.nftables.tokens import Group, Item, Token, words

_TERMINAL = ("accept", "drop", "continue", "return")
_UNITS = frozenset(("packets", "bytes", "kbytes", "mbytes", "gbytes"))
_FLOW_ENDS = ("snat", "dnat", "masquerade", "redirect")


def parse_rule(items: Iterable[Item]) -> ParsedRule:
    """Return the clauses of a rule. What is not understood becomes a problem; nothing is raised."""
    found = ParsedRule()
    cursor = Cursor(items)
    try:
        while cursor.left:
            _statement(found, cursor)
    except ClauseError as error:
        found.problems.append(("RC602", str(error), words(cursor.items)))
        _last_verdict(found, cursor)
    return found


def _statement(found: ParsedRule, cursor: Cursor) -> None:
    word = cursor.word()
    if found.verdict is not None and word != "comment":
        raise ClauseError(f"{words(cursor.items[cursor.position :])[:60]!r} stands behind the verdict")
    handler = _STATEMENTS.get(word)
    if handler is not None:
        cursor.next()
        handler(found, cursor, word)
    elif word == "ct" and cursor.word(1) == "count":
        _connection_count(found, cursor)
    elif starts_key(cursor):
        _keyed(found, cursor)
    else:
        item = cursor.peek()
        shown = words([item])[:60] if item is not None else ""
        raise ClauseError(f"{shown!r} is not known")


def _keyed(found: ParsedRule, cursor: Cursor) -> None:
    """Read what starts with a key: a test, a verdict map, or a change of the packet."""
    start = cursor.position
    key = read_key(cursor)
    if cursor.take("set"):
        _change(found, cursor, key, start)
        return
    if cursor.take("vmap"):
        found.counter = None
        found.vmap = VerdictMap(key, read_set(cursor))
        found.verdict = Verdict("vmap", line=_line(cursor, start))
        return
    found.counter = None
    op = read_operator(cursor)
    right = read_right(cursor)
    found.tests.append(Test(key, op, right, cursor.since(start)))
    if isinstance(right, SetName):
        found.uses.append(("set", right.name))


def _line(cursor: Cursor, position: int) -> int:
    return cursor.items[position].line if position < len(cursor.items) else 0


def _change(found: ParsedRule, cursor: Cursor, key: Key, start: int) -> None:
    """Read ``meta mark set 1``, ``ip dscp set cs1``, ``ct helper set "ftp"``."""
    if key.text in ("ct helper", "ct timeout", "ct expectation") and isinstance(cursor.peek(), Token):
        found.uses.append((key.text, cursor.text()))
    else:
        _argument(found, cursor)
    found.effects.append(cursor.since(start))
    found.changes.update(part.selector.text for part in key.parts)


def _argument(found: ParsedRule, cursor: Cursor) -> None:
    """Read a value that an action takes: words, a selector, or what a map gives for a key."""
    if not starts_key(cursor):
        if isinstance(cursor.peek(), Token) and cursor.word(1) == "map":
            raise ClauseError("a map needs a key")
        read_right(cursor)
        return
    key = read_key(cursor)
    found.keys.append(key)
    if cursor.take("map"):
        _lookup(found, cursor, key)


def _lookup(found: ParsedRule, cursor: Cursor, key: Key) -> None:
    right = read_set(cursor)
    found.lookups.append(Lookup(key, right))
    if isinstance(right, SetName):
        found.uses.append(("map", right.name))


# --- verdicts -----------------------------------------------------------------------------------------------


def _terminal(found: ParsedRule, cursor: Cursor, word: str) -> None:
    found.verdict = Verdict(word, line=_line(cursor, cursor.position - 1))


def _jump(found: ParsedRule, cursor: Cursor, word: str) -> None:
    item = cursor.next()
    if isinstance(item, Group):
        if item.kind != "{":
            raise ClauseError(f"{word} needs the name of a chain")
        found.verdict = Verdict(word, block=item, line=item.line)
    else:
        found.verdict = Verdict(word, item.text, line=item.line)


def _reject(found: ParsedRule, cursor: Cursor, word: str) -> None:
    details = ""
    if cursor.take("with"):
        kind = cursor.text()
        if kind == "tcp":
            cursor.take("reset")
            found.protocol = 6
            details = "tcp reset"
        elif kind in ("icmp", "icmpv6", "icmpx"):
            cursor.take("type")
            details = f"{kind} {cursor.text()}"
            found.families &= {"icmp": {4}, "icmpv6": {6}}.get(kind, {4, 6})
        else:
            raise ClauseError(f"reject with {kind[:40]} is not known")
    found.verdict = Verdict(word, details=(details,) if details else ())


def _queue(found: ParsedRule, cursor: Cursor, word: str) -> None:
    start = cursor.position
    while cursor.left and cursor.word() != "comment":
        if starts_key(cursor):
            found.keys.append(read_key(cursor))
        else:
            cursor.next()
    found.verdict = Verdict(word, details=tuple(filter(None, (cursor.since(start),))))


def _translate(found: ParsedRule, cursor: Cursor, word: str) -> None:
    """Read an address translation with its target, which may come from a map."""
    start = cursor.position
    if cursor.word() in ("ip", "ip6"):
        found.families &= {4} if cursor.text() == "ip" else {6}
    while cursor.left and cursor.word() != "comment":
        if _is_field(cursor) or (starts_key(cursor) and cursor.word() not in ("ip", "ip6")):
            _argument(found, cursor)
        elif isinstance(cursor.peek(), Group):
            raise ClauseError(f"the target of {word} is not understood")
        else:
            cursor.next()
    found.verdict = Verdict(word, details=(" ".join(filter(None, (word, cursor.since(start)))),))


def _is_field(cursor: Cursor) -> bool:
    """Tell ``ip saddr`` (a key) from ``ip to`` and ``ip addr . port to`` (the family of a translation)."""
    return cursor.word() in ("ip", "ip6") and cursor.word(1) in ("saddr", "daddr")


def _special(found: ParsedRule, cursor: Cursor, word: str) -> None:
    """Read a statement that ends the list for some packets or in its own way, up to a verdict behind it."""
    start = cursor.position
    if word == "synproxy" and cursor.take("name"):
        found.uses.append(("synproxy", cursor.text()))
    while cursor.left and cursor.word() not in ("comment", *_TERMINAL) and cursor.word() not in _KEYWORDS_BEHIND:
        cursor.next()
    text = " ".join(filter(None, (word, cursor.since(start))))
    if word == "fwd":
        found.verdict = Verdict("fwd", details=(text,))
    elif word == "synproxy":
        found.rated.append(Rated(text, "synproxy does not end the list for every packet", None))
        found.verdict = Verdict("other", details=(text,))
    else:
        found.rated.append(Rated(text, "it depends on local sockets", None, writes=True))
        found.effects.append(text)
        found.changes.add("meta mark")


_KEYWORDS_BEHIND = frozenset(("meta", "ct", "counter", "log"))

# --- statements that go on ------------------------------------------------------------------------------------


def _counter(found: ParsedRule, cursor: Cursor, _: str) -> None:
    if cursor.take("name"):
        if starts_key(cursor):
            _argument(found, cursor)
        else:
            found.uses.append(("counter", cursor.text()))
        return
    counts = {"packets": 0, "bytes": 0}
    given = False
    while unit := cursor.take("packets", "bytes"):
        counts[unit] = _number(cursor.text())
        given = True
    found.counter = (counts["packets"], counts["bytes"]) if given else None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        raise ClauseError(f"{text[:40]!r} is not a number")
    return int(text)


def _log(found: ParsedRule, cursor: Cursor, _: str) -> None:
    start = cursor.position - 1
    while option := cursor.take("prefix", "level", "group", "snaplen", "queue-threshold", "flags"):
        value = cursor.text()
        if option == "flags" and value in ("tcp", "ip"):
            cursor.text()
        while option == "flags" and cursor.take(","):
            cursor.text()
    found.logging = cursor.since(start)


def _limit(found: ParsedRule, cursor: Cursor, word: str) -> None:
    start = cursor.position - 1
    fresh = True
    if cursor.take("name"):
        if starts_key(cursor):
            _argument(found, cursor)
        else:
            found.uses.append((word, cursor.text()))
    else:
        cursor.take("rate")
        fresh = not cursor.take("over")
        cursor.text()
        if "bytes/" in cursor.word():
            cursor.text()
        if cursor.take("burst"):
            cursor.text()
            cursor.take(*_UNITS)
    found.counter = None
    found.rated.append(Rated(cursor.since(start), "it is rate limited", fresh))


def _quota(found: ParsedRule, cursor: Cursor, word: str) -> None:
    start = cursor.position - 1
    fresh = True
    if cursor.take("name"):
        if starts_key(cursor):
            _argument(found, cursor)
        else:
            found.uses.append((word, cursor.text()))
    else:
        fresh = cursor.take("over", "until") != "over"
        cursor.text()
        cursor.take(*_UNITS)
        if cursor.take("used"):
            cursor.text()
            cursor.take(*_UNITS)
    found.counter = None
    found.rated.append(Rated(cursor.since(start), "it has a quota", fresh))


def _connection_count(found: ParsedRule, cursor: Cursor) -> None:
    start = cursor.position
    cursor.position += 2
    fresh = not cursor.take("over")
    cursor.text()
    found.counter = None
    found.rated.append(Rated(cursor.since(start), "it depends on the number of connections", fresh, writes=True))


def _list_update(found: ParsedRule, cursor: Cursor, word: str) -> None:
    """Read ``add @set { ip saddr limit rate over 5/second }``: it writes to a set, and may be rate limited."""
    start = cursor.position - 1
    if word in ("meter", "flow") and not cursor.word().startswith("@"):
        found.changes.add(f"set {cursor.text()}")
        if cursor.take("size"):
            cursor.text()
        block = cursor.next()
    else:
        name = cursor.text().removeprefix("@")
        found.changes.add(f"set {name}")
        found.uses.append(("set", name))
        block = cursor.next()
    if not isinstance(block, Group):
        raise ClauseError(f"{word} needs a key in braces")
    inner = Cursor(block.items)
    found.keys.append(read_key(inner))
    fresh = _stateful(inner)
    found.effects.append(cursor.since(start))
    found.counter = None
    found.rated.append(Rated(cursor.since(start), "it depends on what a set has counted", fresh, writes=True))


def _stateful(inner: Cursor) -> bool | None:
    """Return what the limit of a list update answers for a list that has no elements."""
    rest = [item.text for item in inner.items[inner.position :] if isinstance(item, Token) and not item.quoted]
    return "over" not in rest


def _flow(found: ParsedRule, cursor: Cursor, word: str) -> None:
    """Read ``flow add @table`` (and ``flow offload``), or the old name of meters."""
    start = cursor.position - 1
    if cursor.take("add", "offload"):
        found.uses.append(("flowtable", cursor.text().removeprefix("@")))
        found.effects.append(cursor.since(start))
    else:
        cursor.take("table")
        _list_update(found, cursor, word)


def _old_update(found: ParsedRule, cursor: Cursor, _: str) -> None:
    """Read ``set add ip saddr @name``, the former spelling of a list update."""
    start = cursor.position - 1
    if not cursor.take("add", "update"):
        raise ClauseError("set stands without add or update")
    found.keys.append(read_key(cursor))
    if cursor.take("timeout"):
        cursor.text()
    name = cursor.text().removeprefix("@")
    found.changes.add(f"set {name}")
    found.uses.append(("set", name))
    found.effects.append(cursor.since(start))
    found.rated.append(Rated(cursor.since(start), "it depends on what a set has counted", True, writes=True))


def _effect(found: ParsedRule, cursor: Cursor, word: str) -> None:
    """Read a statement that changes something and goes on: notrack, dup, reset."""
    start = cursor.position - 1
    if word == "dup":
        while cursor.left and cursor.word() not in ("comment", *_STATEMENTS):
            cursor.next()
    elif word == "reset":
        found.changes.update(part.selector.text for part in read_key(cursor).parts)
    elif word == "notrack":
        found.changes.add("ct state")
    found.effects.append(cursor.since(start))


def _last(_: ParsedRule, cursor: Cursor, __: str) -> None:
    if cursor.take("used"):
        cursor.text()


def _comment(found: ParsedRule, cursor: Cursor, _: str) -> None:
    found.comment = cursor.text()


_STATEMENTS: dict[str, Callable[[ParsedRule, Cursor, str], None]] = {
    **dict.fromkeys(_TERMINAL, _terminal),
    **dict.fromkeys(("jump", "goto"), _jump),
    **dict.fromkeys(_FLOW_ENDS, _translate),
    **dict.fromkeys(("tproxy", "synproxy", "fwd"), _special),
    **dict.fromkeys(("add", "update", "delete", "meter"), _list_update),
    **dict.fromkeys(("notrack", "dup", "reset"), _effect),
    "reject": _reject,
    "queue": _queue,
    "counter": _counter,
    "log": _log,
    "limit": _limit,
    "quota": _quota,
    "flow": _flow,
    "set": _old_update,
    "last": _last,
    "comment": _comment,
}


def _last_verdict(found: ParsedRule, cursor: Cursor) -> None:
    """Find the verdict at the end of a rule whose clauses before it are not understood."""
    if found.verdict is not None and found.verdict.verb != "vmap":
        found.verdict = Verdict("other", details=("not understood",))
    texts = [item.text if isinstance(item, Token) and not item.quoted else "" for item in cursor.items]
    if "comment" in texts:
        texts = texts[: texts.index("comment")]
    if texts and texts[-1] in _TERMINAL:
        found.verdict, found.vmap = Verdict(texts[-1]), None
    elif len(texts) > 1 and texts[-2] in ("jump", "goto") and texts[-1]:
        found.verdict, found.vmap = Verdict(texts[-2], texts[-1]), None
    else:
        found.verdict, found.vmap = Verdict("other", details=("not understood",)), None
