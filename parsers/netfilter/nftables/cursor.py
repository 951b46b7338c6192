"""The items of a rule, taken one by one."""

from __future__ import annotations

from collections.abc import Iterable

from parsers.netfilter.nftables.tokens import NEWLINE, Group, Item, Token, words


class ClauseError(ValueError):
    """A clause of a rule that is not understood; the message says why."""


class Cursor:
    """Items taken one by one; line ends within brackets do not count."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = [item for item in items if not (isinstance(item, Token) and item.text == NEWLINE)]
        self.position = 0
        self._end = len(self.items)
        self._words = [item.text if isinstance(item, Token) and not item.quoted else "" for item in self.items]

    @property
    def left(self) -> bool:
        """Return whether anything follows."""
        return self.position < self._end

    def peek(self, ahead: int = 0) -> Item | None:
        """Return the next item without taking it."""
        at = self.position + ahead
        return self.items[at] if at < self._end else None

    def word(self, ahead: int = 0) -> str:
        """Return the next item where it is a plain word or mark, else the empty text."""
        at = self.position + ahead
        return self._words[at] if at < self._end else ""

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
        at = self.position
        if at < self._end and (found := self._words[at]) and found in texts:
            self.position += 1
            return found
        return ""

    def since(self, start: int) -> str:
        """Return the text of what was taken from ``start`` on."""
        return words(self.items[start : self.position])
