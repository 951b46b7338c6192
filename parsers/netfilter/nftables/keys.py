"""Keys: what tests look at.

Source: nft(8), section "Primary expressions".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from parsers.netfilter.nftables import selectors
from parsers.netfilter.nftables.clauses import Key, Part
from parsers.netfilter.nftables.cursor import ClauseError, Cursor
from parsers.netfilter.nftables.selectors import Selector
from parsers.netfilter.nftables.tokens import Group, words

_HEADER_WORDS = """
ip ip6 tcp udp udplite sctp dccp icmp icmpv6 igmp ether arp vlan th ah esp comp gre gretap geneve vxlan
frag hbh dst mh srh
"""
_META_WORDS = """
iif oif iifname oifname mark skuid skgid rtclassid iiftype oiftype iifgroup oifgroup nftrace pkttype cpu cgroup
ibrname obrname ibriport obriport time hour day l4proto nfproto length protocol priority
"""
_OPTION_WORDS = """
kind length size count left right tsval tsecr subtype type value ptr addr flags init-tag a-rwnd
num-outbound-streams num-inbound-streams initial-tsn cum-tsn-ack
"""
_HEADERS = frozenset(_HEADER_WORDS.split())
_BARE_META = frozenset(_META_WORDS.split())
_OPTION_FIELDS = frozenset(_OPTION_WORDS.split())
_OTHERS = {
    "exthdr": ("extension headers are not modelled", False, False),
    "rt": ("it depends on the routing header or the route", False, False),
    "fib": ("it depends on the routing table", False, True),
    "socket": ("it depends on local sockets", True, False),
    "osf": ("it depends on the sender's TCP fingerprint", True, False),
    "numgen": ("it depends on chance", True, False),
    "jhash": ("it depends on a hash", True, False),
    "symhash": ("it depends on a hash", True, False),
    "ipsec": ("it depends on IPsec", True, False),
    "tunnel": ("it depends on a tunnel", True, False),
}
"""Other words with which a key starts: why it is not modelled, whether it is independent, and always there."""

HEADS = _HEADERS | _BARE_META | {"meta", "ct"} | frozenset(_OTHERS)
"""Words with which a key can start."""

_BIT_OPERATORS = ("&", "and", "|", "or", "^", "xor", "<<", ">>", "lshift", "rshift")


def starts_key(cursor: Cursor) -> bool:
    """Return whether a key follows."""
    item = cursor.peek()
    if isinstance(item, Group):
        return item.kind == "("
    return cursor.word() in HEADS or is_raw(cursor.word())


def is_raw(word: str) -> bool:
    """Return whether a word looks into the packet by offset: ``@th,16,8``."""
    return word[:4] in ("@ll,", "@nh,", "@th,", "@ih,")


def read_key(cursor: Cursor) -> Key:
    """Read a key: one selector, or several joined by dots.

    Raises:
        ClauseError: it is not known.
    """
    parts = list(_primary(cursor))
    while cursor.take("."):
        parts.extend(_primary(cursor))
    return Key(tuple(parts))


def _primary(cursor: Cursor) -> Iterator[Part]:
    item = cursor.peek()
    if isinstance(item, Group):
        cursor.next()
        inner = Cursor(item.items)
        found = list(read_key(inner).parts)
        if inner.left:
            raise ClauseError(f"the expression {words([item])[:60]} is not understood")
    else:
        found = [Part(_selector(cursor))]
    if cursor.word() in _BIT_OPERATORS and len(found) == 1:
        found = [_masked(found[0], cursor)]
    yield from found


def _masked(part: Part, cursor: Cursor) -> Part:
    """Read bit operators behind a selector; more than one mask makes it something that is not known."""
    text, masks = part.text, [part.mask] if part.mask else []
    while operator := cursor.take(*_BIT_OPERATORS):
        start = cursor.position
        if starts_key(cursor) and not isinstance(cursor.peek(), Group):
            read_key(cursor)
        else:
            cursor.next()
        while operator in ("&", "and") and cursor.take("|"):
            cursor.next()
        operand = cursor.since(start)
        masks.append(operand if operator in ("&", "and") else "")
        text = f"{text} {operator} {operand}"
    if len(masks) == 1 and masks[0]:
        return Part(part.selector, masks[0])
    return Part(selectors.other(text, f"{text[:60]} is not modelled", independent=part.selector.independent))


def _selector(cursor: Cursor) -> Selector:
    head = cursor.text()
    if head == "meta":
        return selectors.meta(cursor.text())
    if head in _BARE_META and head not in _HEADERS:
        return selectors.meta(head)
    if head == "ct":
        return _tracked(cursor)
    if is_raw(head):
        return selectors.other(head, "it looks into the packet by offset")
    if head in _HEADERS:
        return _header(head, cursor)
    if head in _OTHERS:
        return _other(head, cursor)
    raise ClauseError(f"{head[:40]!r} is not known")


def _tracked(cursor: Cursor) -> Selector:
    found = [cursor.text()]
    if found[0] in ("original", "reply"):
        found.append(cursor.text())
    if found[-1] in ("ip", "ip6"):
        found.append(cursor.text())
    return selectors.tracked(found)


def _header(head: str, cursor: Cursor) -> Selector:
    field = cursor.text()
    if field not in ("option", "chunk"):
        return selectors.header(head, field)
    found = [head, field, cursor.text()]
    if cursor.word() in _OPTION_FIELDS:
        found.append(cursor.text())
    base = selectors.header(head, field)
    return Selector(
        " ".join(found), family=base.family, protocol=base.protocol, reason=f"{head} {field}s are not modelled"
    )


def _other(head: str, cursor: Cursor) -> Selector:
    start = cursor.position - 1
    reason, independent, always = _OTHERS[head]
    _OTHER_WORDS.get(head, _one_word)(cursor)
    return selectors.other(cursor.since(start), reason, independent=independent, always=always)


def _one_word(cursor: Cursor) -> None:
    cursor.text()


def _route(cursor: Cursor) -> None:
    if cursor.text() in ("ip", "ip6"):
        cursor.text()


def _socket(cursor: Cursor) -> None:
    if cursor.text() == "cgroupv2":
        cursor.take("level")
        cursor.text()


def _fingerprint(cursor: Cursor) -> None:
    if cursor.take("ttl"):
        cursor.text()
    cursor.text()


def _ipsec(cursor: Cursor) -> None:
    cursor.text()
    if cursor.take("spnum"):
        cursor.text()
    if cursor.text() in ("ip", "ip6"):
        cursor.text()


def _fib(cursor: Cursor) -> None:
    cursor.text()
    while cursor.take("."):
        cursor.text()
    cursor.text()


def _modulus(cursor: Cursor) -> None:
    if cursor.take("mod"):
        cursor.text()
    while cursor.take("seed", "offset"):
        cursor.text()


def _generated(cursor: Cursor) -> None:
    cursor.text()
    _modulus(cursor)


def _hashed(cursor: Cursor) -> None:
    read_key(cursor)
    _modulus(cursor)


_OTHER_WORDS: dict[str, Callable[[Cursor], None]] = {
    "rt": _route,
    "socket": _socket,
    "osf": _fingerprint,
    "ipsec": _ipsec,
    "fib": _fib,
    "numgen": _generated,
    "jhash": _hashed,
    "symhash": _modulus,
}
