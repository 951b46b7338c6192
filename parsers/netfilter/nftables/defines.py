"""Definitions: ``define name = …`` and ``$name``."""

from __future__ import annotations

import re

from parsers.netfilter.nftables.ruleset import Define, Ruleset
from parsers.netfilter.nftables.tokens import Group, Item, Token

MOST_ITEMS = 2_000_000
"""Tokens that all expansions of one input may add up to."""

_NAME = re.compile(r"\$([A-Za-z_][\w./\-]*)")


class TooLargeError(ValueError):
    """The definitions stand for more than can be read."""


class Expander:
    """Puts definitions in for their names.

    A definition that is one set is put in as the same object each time, so that it is resolved once.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._sizes: dict[int, int] = {}
        self._spent = 0

    def define(self, name: str, line: int, items: list[Item]) -> None:
        """Keep a definition. A later one of the same name replaces it for what follows.

        Raises:
            TooLargeError: definitions within definitions stand for too much.
        """
        expanded, members = self.expand(items)
        self._ruleset.defines[name] = Define(name, line, tuple(expanded), members)

    def expand(self, items: list[Item]) -> tuple[list[Item], tuple[str, ...]]:
        """Return items without ``$name``, and the names that were replaced. What is not defined stays.

        Raises:
            TooLargeError: they stand for too much.
        """
        used: dict[str, None] = {}
        found = self._expand(items, used)
        if used:
            self._spent += sum(self._size(item) for item in found)
            if self._spent > MOST_ITEMS:
                raise TooLargeError(f"definitions stand for more than {MOST_ITEMS:,} words")
        return found, tuple(used)

    def _expand(self, items: list[Item], used: dict[str, None]) -> list[Item]:
        found: list[Item] = []
        for item in items:
            if isinstance(item, Group):
                found.append(self._group(item, used))
            elif not item.quoted and "$" in item.text:
                found.extend(self._token(item, used))
            else:
                found.append(item)
        return found

    def _group(self, group: Group, used: dict[str, None]) -> Group:
        if not _mentions(group):
            return group
        return Group(group.kind, group.line, self._expand(group.items, used), group.end)

    def _token(self, token: Token, used: dict[str, None]) -> list[Item]:
        """Return what a word with ``$name`` in it stands for: ``$net``, ``$low-$high``, ``$net/24``."""
        found = _NAME.match(token.text)
        define = self._longest(found[1]) if found else None
        if define is not None and len(token.text) == len(define.name) + 1:
            used[define.name] = None
            return list(define.items)
        text = self._within(token.text, used)
        return [Token(text, token.line)]

    def _within(self, text: str, used: dict[str, None]) -> str:
        parts: list[str] = []
        position = 0
        while found := _NAME.search(text, position):
            define = self._longest(found[1])
            parts.append(text[position : found.start()])
            single = define.items[0] if define is not None and len(define.items) == 1 else None
            if define is None or not isinstance(single, Token):
                parts.append(found[0])
                position = found.end()
                continue
            used[define.name] = None
            parts.append(single.text)
            position = found.start() + 1 + len(define.name)
        return "".join(parts) + text[position:]

    def _longest(self, text: str) -> Define | None:
        """Return the definition with the longest name that ``text`` starts with."""
        while text:
            if text in self._ruleset.defines:
                return self._ruleset.defines[text]
            cut = max(text.rfind(mark) for mark in "./-")
            text = text[:cut] if cut > 0 else ""
        return None

    def _size(self, item: Item) -> int:
        """Return how many tokens an item stands for; shared groups are measured once."""
        if isinstance(item, Token):
            return 1
        known = self._sizes.get(id(item))
        if known is None:
            known = 1 + sum(self._size(one) for one in item.items)
            self._sizes[id(item)] = known
        return known


def _mentions(group: Group) -> bool:
    """Return whether a group holds ``$name`` outside strings; groups are at most DEEPEST levels deep."""
    return any(
        _mentions(item) if isinstance(item, Group) else not item.quoted and "$" in item.text for item in group.items
    )
