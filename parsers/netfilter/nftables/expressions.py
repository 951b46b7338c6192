"""Values: what keys are compared with, and the elements of sets and maps."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.netfilter.nftables.clauses import Element, Right, SetName, SetValue, Value, Values
from parsers.netfilter.nftables.cursor import ClauseError, Cursor
from parsers.netfilter.nftables.keys import is_raw
from parsers.netfilter.nftables.tokens import NEWLINE, Group, Item, Token, words

_OPERATORS = ("==", "!=", "<", ">", "<=", ">=", "!", "eq", "ne", "lt", "gt", "le", "ge")
_OPERATOR_WORDS = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}


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
    while cursor.take(","):
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
    while cursor.take("|", "or"):
        text = f"{text} | {cursor.text()}"
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
        if isinstance(item, Token) and not item.quoted and ":" in item.text:
            found += _split_colon(item, at_start=not found)
        else:
            found.append(item)
    return found


def _split_colon(token: Token, *, at_start: bool) -> list[Token]:
    """Split ``22:``, ``22:accept`` and ``:accept``; an IPv6 address is left alone."""
    head, _, rest = token.text.rpartition(":")
    if head.endswith(":") or (rest and rest not in _VERDICTS) or bool(head) != at_start:
        return [token]
    parts = (head, ":", rest)
    return [Token(one, token.line) for one in parts if one]
