"""Expressions: the keys that tests look at, and the values that they compare with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parsers.netfilter.nftables import selectors
from parsers.netfilter.nftables.clauses import Element, Key, Part, Right, SetName, SetValue, Value, Values
from parsers.netfilter.nftables.selectors import Selector
from parsers.netfilter.nftables.tokens import NEWLINE, Group, Item, Token, words

HEADERS = frozenset(
    ("ip", "ip6", "tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmpv6", "igmp", "ether", "arp", "vlan", "th")
    + ("ah", "esp", "comp", "gre", "gretap", "geneve", "vxlan", "frag", "hbh", "dst", "mh", "srh")
)
_BARE_META = frozenset(
    ("iif", "oif", "iifname", "oifname", "mark", "skuid", "skgid", "rtclassid", "iiftype", "oiftype", "iifgroup")
    + ("oifgroup", "nftrace", "pkttype", "cpu", "cgroup", "ibrname", "obrname", "ibriport", "obriport", "time")
    + ("hour", "day", "l4proto", "nfproto", "length", "protocol", "priority")
)
_OTHERS = frozenset(("meta", "ct", "exthdr", "rt", "fib", "socket", "osf", "numgen", "jhash", "symhash", "ipsec", "tunnel"))
HEADS = HEADERS | _BARE_META | _OTHERS
"""Words with which a key can start."""

_OPTION_FIELDS = frozenset(
    ("kind", "length", "size", "count", "left", "right", "tsval", "tsecr", "subtype", "type", "value", "ptr", "addr")
    + ("flags", "init-tag", "a-rwnd", "num-outbound-streams", "num-inbound-streams", "initial-tsn", "cum-tsn-ack")
)
_OPERATORS = ("==", "!=", "<", ">", "<=", ">=", "!", "eq", "ne", "lt", "gt", "le", "ge")
_OPERATOR_WORDS = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
_BIT_OPERATORS = ("&", "and", "|", "or", "^", "xor", "<<", ">>", "lshift", "rshift")


class ClauseError(ValueError):
    """A clause of a rule that is not understood; the message says why."""


class Cursor:
    """Items taken one by one; line ends within brackets do not count."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = [item for item in items if not (isinstance(item, Token) and item.text == NEWLINE)]
        self.position = 0

    @property
    def left(self) -> bool:
        """Return whether anything follows."""
        return self.position < len(self.items)

    def peek(self, ahead: int = 0) -> Item | None:
        """Return the next item without taking it."""
        at = self.position + ahead
        return self.items[at] if at < len(self.items) else None

    def word(self, ahead: int = 0) -> str:
        """Return the next item where it is a plain word or mark, else the empty text."""
        item = self.peek(ahead)
        return item.text if isinstance(item, Token) and not item.quoted else ""

    def next(self) -> Item:
        """Take the next item.

        Raises:
            ClauseError: there is none.
        """
        item = self.peek()
        if item is None:
            raise ClauseError("the rule ends in the middle of a clause")
        self.position += 1
        return item

    def text(self) -> str:
        """Take the next word or string.

        Raises:
            ClauseError: there is none.
        """
        item = self.next()
        if isinstance(item, Group):
            raise ClauseError(f"brackets stand where a word is expected: {words([item])[:60]}")
        return item.text

    def take(self, *texts: str) -> str:
        """Take the next word where it is one of these, else return the empty text."""
        found = self.word()
        if found in texts and found:
            self.position += 1
            return found
        return ""

    def since(self, start: int) -> str:
        """Return the text of what was taken from ``start`` on."""
        return words(self.items[start : self.position])


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
    if head in _BARE_META and head not in HEADERS:
        return selectors.meta(head)
    if head == "ct":
        return _tracked(cursor)
    if is_raw(head):
        return selectors.other(head, "it looks into the packet by offset")
    if head in HEADERS:
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
    if head == "fib":
        return _fib(cursor)
    start = cursor.position - 1
    if head == "exthdr":
        cursor.text()
        return selectors.other(cursor.since(start), "extension headers are not modelled")
    if head == "rt":
        if cursor.text() in ("ip", "ip6"):
            cursor.text()
        return selectors.other(cursor.since(start), "it depends on the routing header or the route")
    if head == "socket":
        if cursor.text() == "cgroupv2":
            cursor.take("level")
            cursor.text()
        return selectors.other(cursor.since(start), "it depends on local sockets", independent=True)
    if head == "osf":
        if cursor.take("ttl"):
            cursor.text()
        cursor.text()
        return selectors.other(cursor.since(start), "it depends on the sender's TCP fingerprint", independent=True)
    if head in ("numgen", "jhash", "symhash"):
        return _generated(head, start, cursor)
    cursor.text()  # ipsec in|out, tunnel
    if cursor.take("spnum"):
        cursor.text()
    if head == "ipsec" and cursor.text() in ("ip", "ip6"):
        cursor.text()
    return selectors.other(cursor.since(start), "it depends on IPsec or a tunnel", independent=True)


def _fib(cursor: Cursor) -> Selector:
    start = cursor.position - 1
    cursor.text()
    while cursor.take("."):
        cursor.text()
    cursor.text()
    return selectors.other(cursor.since(start), "it depends on the routing table", always=True)


def _generated(head: str, start: int, cursor: Cursor) -> Selector:
    """Read a random number or a hash of a key."""
    if head == "jhash":
        read_key(cursor)
    elif head == "numgen":
        cursor.text()
    if cursor.take("mod"):
        cursor.text()
    while cursor.take("seed", "offset"):
        cursor.text()
    return selectors.other(cursor.since(start), "it depends on chance or on a hash", independent=True)


def read_operator(cursor: Cursor) -> str:
    """Take a comparison operator; empty where none is written."""
    found = cursor.take(*_OPERATORS)
    return _OPERATOR_WORDS.get(found, found)


def read_right(cursor: Cursor) -> Right:
    """Read what a key is compared with.

    Raises:
        ClauseError: it is not understood.
    """
    item = cursor.peek()
    if isinstance(item, Group) and item.kind == "{":
        cursor.next()
        return SetValue(read_elements(item), item)
    if name := _set_name(cursor):
        return name
    elements = [_element(cursor)]
    while cursor.take(",", "|", "or"):
        elements.append(_element(cursor))
    mask: list[str] = []
    if cursor.take("/"):
        mask.append(cursor.text())
        while cursor.take(",", "|"):
            mask.append(cursor.text())
    return Values(tuple(elements), tuple(mask))


def _set_name(cursor: Cursor) -> SetName | None:
    item, word = cursor.peek(), cursor.word()
    if not word.startswith("@") or is_raw(word) or not isinstance(item, Token):
        return None
    cursor.next()
    return SetName(word[1:], item.line)


def read_set(cursor: Cursor) -> SetValue | SetName:
    """Read a set or map, in place or by name.

    Raises:
        ClauseError: there is none.
    """
    found = read_right(cursor)
    if isinstance(found, Values):
        raise ClauseError("a set or map was expected")
    return found


def _element(cursor: Cursor) -> Element:
    line = _line(cursor)
    key = [_value(cursor)]
    while cursor.take("."):
        key.append(_value(cursor))
    return Element(tuple(key), line)


def _line(cursor: Cursor) -> int:
    item = cursor.peek()
    return item.line if item is not None else 0


def _value(cursor: Cursor) -> Value:
    """Read one value: a word, a string, a range, or bits joined in parentheses."""
    item = cursor.next()
    if isinstance(item, Group):
        return Value(words(item.items) if item.kind == "(" else words([item]), item.line)
    text, quoted = item.text, item.quoted
    if not quoted and text in (",", "=", "&", "|"):
        raise ClauseError(f"a value is missing before {text}")
    if cursor.word() == "-" or (quoted and cursor.word().startswith("-")):
        first = cursor.text()
        text = f"{text}-{first[1:] or cursor.text()}"
        quoted = False
    return Value(text, item.line, quoted)


_ELEMENT_OPTIONS = frozenset(
    ("timeout", "expires", "comment", "counter", "limit", "quota", "last", "packets", "bytes", "ct", "used")
)


def read_elements(group: Group) -> tuple[Element, ...]:
    """Return the elements of a set or map in braces; sets within sets are flattened.

    Raises:
        ClauseError: an element is malformed.
    """
    found: list[Element] = []
    waiting: list[Iterator[list[Item]]] = [_comma_separated(group)]
    while waiting:
        items = next(waiting[-1], None)
        if items is None:
            waiting.pop()
        elif len(items) == 1 and isinstance(items[0], Group) and items[0].kind == "{":
            waiting.append(_comma_separated(items[0]))
        else:
            found.append(_set_element(items))
    return tuple(found)


def _comma_separated(group: Group) -> Iterator[list[Item]]:
    current: list[Item] = []
    for item in group.items:
        if isinstance(item, Token) and not item.quoted and item.text in (",", NEWLINE):
            if item.text == "," and current:
                yield current
                current = []
            continue
        current.append(item)
    if current:
        yield current


def _set_element(items: list[Item]) -> Element:
    cursor = Cursor(_colon_apart(items))
    found = _element(cursor)
    while cursor.word() in _ELEMENT_OPTIONS:
        while cursor.left and cursor.word() != ":":
            cursor.next()
    if not cursor.left:
        return found
    if not cursor.take(":"):
        raise ClauseError(f"the element {words(items)[:60]} is not understood")
    return Element(found.key, found.line, tuple(cursor.items[cursor.position :]))


_VERDICTS = ("accept", "drop", "continue", "return", "jump", "goto")


def _colon_apart(items: list[Item]) -> list[Item]:
    """Return items with a colon that is written without a space (``22: accept``) as a word of its own."""
    if any(isinstance(item, Token) and item.is_mark(":") for item in items):
        return items
    found: list[Item] = []
    for item in items:
        if isinstance(item, Token) and not item.quoted and ":" in item.text and not found:
            head, _, rest = item.text.rpartition(":")
            if head and not head.endswith(":") and (not rest or rest in _VERDICTS) and "::" not in head[-1:]:
                found += [Token(head, item.line), Token(":", item.line)]
                found += [Token(rest, item.line)] if rest else []
                continue
        elif isinstance(item, Token) and not item.quoted and item.text.startswith(":") and len(item.text) > 1:
            if item.text[1:] in _VERDICTS:
                found += [Token(":", item.line), Token(item.text[1:], item.line)]
                continue
        found.append(item)
    return found
