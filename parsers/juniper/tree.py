"""The configuration tree: one node for each word, so that the set form and the curly form come out alike.

``set security policies from-zone a to-zone b`` and the nested blocks with the same words build the same nodes.
A node knows whether it was understood; a line is accounted for by the last node that it wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum

from parsers.redact import HIDDEN

INHERITANCE = frozenset({"apply-groups", "apply-groups-except", "apply-macro", "apply-flags"})
"""Statements that steer inheritance and can stand anywhere."""


class Mark(IntEnum):
    """What became of a node."""

    OPEN = 0
    IGNORED = 1
    UNDERSTOOD = 2
    UNKNOWN = 3


class Node:
    """One word of the configuration with the words behind it.

    ``line`` is where it was first written. ``active`` is False for what ``deactivate`` or ``inactive:`` switched
    off. ``inherited`` nodes come from a configuration group; ``source`` is the node of the group. ``note`` is the
    comment before the statement.
    """

    __slots__ = ("active", "children", "inherited", "line", "mark", "note", "parent", "source", "whole", "word")

    def __init__(self, word: str, line: int, parent: Node | None = None) -> None:
        self.word = word
        self.line = line
        self.parent = parent
        self.children: dict[str, Node] = _NOTHING
        self.active = True
        self.inherited = False
        self.source: Node | None = None
        self.note = ""
        self.mark = Mark.OPEN
        self.whole = False

    def child(self, word: str, line: int) -> Node:
        """Return the child with this word, which is made if need be."""
        if self.children is _NOTHING:
            self.children = {}
        if word.startswith("$"):
            word = safe(word)
        found = self.children.get(word)
        if found is None:
            found = self.children[word] = Node(word, line, self)
        return found

    def adopt(self, node: Node) -> None:
        """Make ``node`` the last child."""
        if self.children is _NOTHING:
            self.children = {}
        node.parent = self
        self.children[node.word] = node

    def clear(self) -> None:
        """Drop all children; their lines are understood as what was replaced."""
        for one in self.children.values():
            one.take(whole=True)
        self.children = _NOTHING

    def take(self, *, whole: bool = False) -> None:
        """Mark this node, or its whole subtree, as understood."""
        self._set(Mark.UNDERSTOOD, whole=whole)

    def skip(self) -> None:
        """Mark the whole subtree as known not to matter."""
        self._set(Mark.IGNORED, whole=True)

    def reject(self) -> None:
        """Mark the whole subtree as not understood."""
        self._set(Mark.UNKNOWN, whole=True)

    def _set(self, mark: Mark, *, whole: bool) -> None:
        node: Node | None = self
        while node is not None:
            if mark >= node.mark:
                node.mark = mark
                node.whole = node.whole or whole
            node = node.source

    def outcome(self) -> Mark:
        """Return the node's mark, or that of the nearest ancestor that was marked as a whole."""
        if self.mark:
            return self.mark
        node = self.parent
        while node is not None:
            if node.whole:
                return node.mark
            node = node.parent
        return Mark.OPEN

    def path(self) -> list[str]:
        """Return the words from the root to this node."""
        words: list[str] = []
        node = self
        while node.parent is not None:
            words.append(node.word)
            node = node.parent
        return words[::-1]

    def live(self) -> Iterator[Node]:
        """Yield the active children; the inactive ones are understood as such."""
        for one in self.children.values():
            if one.active:
                if one.word not in INHERITANCE:
                    yield one
            else:
                one.take(whole=True)

    def get(self, word: str) -> Node | None:
        """Return the active child with this word, marked as understood, or None."""
        found = self.children.get(word)
        if found is None:
            return None
        found.take(whole=not found.active)
        return found if found.active else None

    def find(self, *words: str) -> Node | None:
        """Return the active node at the end of a path, with the way to it marked as understood, or None."""
        node: Node | None = self
        for word in words:
            node = node.get(word) if node else None
        return node

    def values(self) -> list[Node]:
        """Return the active children, each marked as understood: the values of a statement that takes several."""
        found = list(self.live())
        for one in found:
            one.take()
        return found

    def value(self) -> Node | None:
        """Return the value of a statement that takes one: the last one written, before inherited ones."""
        found = self.values()
        own = [one for one in found if not one.inherited]
        return own[-1] if own else (found[0] if found else None)

    def text(self, word: str) -> str:
        """Return the value of the statement ``word``, empty where there is none."""
        node = self.get(word)
        value = node.value() if node else None
        return value.word if value else ""

    def walk(self) -> Iterator[Node]:
        """Yield this node and everything below, in order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children.values()))


_NOTHING: dict[str, Node] = {}


_SECRET = re.compile(r"\$\w{1,8}\$\S{4}")
"""How Junos writes passwords and keys; they are never kept, wherever they stand."""


def safe(word: str) -> str:
    """Return a word, or what stands for it where it is a password or key."""
    return HIDDEN if _SECRET.match(word) else word


def descend(node: Node, words: Iterable[str], line: int) -> Node:
    """Return the node at the end of a path, which is made if need be."""
    for word in words:
        node = node.child(word, line)
    return node


def at(node: Node, words: Iterable[str]) -> Node | None:
    """Return the node at the end of a path, or None."""
    for word in words:
        found = node.children.get(word)
        if found is None:
            return None
        node = found
    return node
