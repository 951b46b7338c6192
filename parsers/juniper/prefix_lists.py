"""Prefix lists of ``policy-options``, written out or gathered from the configuration by ``apply-path``.

Source: Juniper "Routing Policies, Firewall Filters, and Traffic Policers User Guide", chapters "Understanding Prefix
Lists" and "apply-path".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsers.juniper.facts import Facts
from parsers.juniper.groups import pattern
from parsers.juniper.tree import INHERITANCE, Node
from parsers.juniper.values import Prefix, prefix
from rulecheck.model.device import ObjectDefinition
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Element

PREFIX_LIST = "prefix-list"
MOST_NODES = 2_000_000
"""Nodes that all ``apply-path`` statements together may look at."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One prefix with the node that says it."""

    node: Node
    text: str
    read: Prefix


class PrefixLists:
    """The prefix lists of one system. ``root`` is where the paths of ``apply-path`` begin."""

    def __init__(self, facts: Facts, root: Node) -> None:
        self._facts = facts
        self._root = root
        self._nodes: dict[str, Node] = {}
        self._entries: dict[str, tuple[Entry, ...] | None] = {}
        self._left = MOST_NODES

    def read(self, node: Node | None) -> None:
        """Read the prefix lists in ``policy-options``; everything else there is about routes."""
        for one in node.live() if node else ():
            if one.word == PREFIX_LIST:
                one.take()
                self._nodes.update((each.word, each) for each in one.values())
            else:
                self._note_uses(one)
                one.skip()

    def _note_uses(self, node: Node) -> None:
        """Routing policies use prefix lists too."""
        if node.word != "policy-statement":
            return
        for one in node.walk():
            if one.word in (PREFIX_LIST, "prefix-list-filter"):
                for each in one.children.values():
                    self._facts.use("a routing policy", None, PREFIX_LIST, each.word)

    def defined(self, name: str) -> bool:
        """Return whether the list exists."""
        return name in self._nodes

    def entries(self, name: str) -> tuple[Entry, ...] | None:
        """Return the prefixes of a list, None where they are not all understood."""
        if name not in self._entries:
            self._entries[name] = self._read(self._nodes[name])
        return self._entries[name]

    def _read(self, node: Node) -> tuple[Entry, ...] | None:
        found: list[Entry] = []
        whole = True
        for one in node.live():
            one.take()
            if one.word == "apply-path":
                path = one.value()
                found.extend(self._gathered(path) if path else ())
            elif (read := prefix(one.word)) is not None:
                found.append(Entry(one, one.word, read))
            else:
                self._facts.malformed(one, f"this entry of the prefix list {node.word} is not a prefix")
                whole = False
        return tuple(found) if whole and self._left >= 0 else None

    def _gathered(self, path: Node) -> Iterator[Entry]:
        """Yield the addresses that ``apply-path`` finds in the configuration."""
        for node in self._matching(path.word.split()):
            read = prefix(node.word)
            if read is not None:
                yield Entry(node, node.word, read)
        if self._left < 0:
            self._facts.malformed(path, "this apply-path searches too much of the configuration")

    def _matching(self, words: list[str]) -> list[Node]:
        found = [self._root]
        for word in words:
            step: list[Node] = []
            for node in found:
                self._left -= 1 + (len(node.children) if word.startswith("<") else 0)
                if self._left < 0:
                    return []
                if word.startswith("<"):
                    step.extend(one for one in _usable(node) if pattern(word).fullmatch(one.word))
                elif word in node.children and node.children[word].active:
                    step.append(node.children[word])
            found = step
        return found

    def definitions(self) -> Iterable[ObjectDefinition]:
        """Yield every prefix list."""
        for name, node in self._nodes.items():
            entries = self.entries(name)
            content = None if entries is None else Addresses(name, tuple(self._elements(name, entries)))
            yield ObjectDefinition(name, PREFIX_LIST, self._facts.line_origin(node), (), content)

    def _elements(self, name: str, entries: tuple[Entry, ...]) -> Iterator[Element]:
        for one in entries:
            yield Element(one.text, one.read.values, self._facts.origin(one.node, one.text, (name,)))


def _usable(node: Node) -> Iterator[Node]:
    return (one for one in node.children.values() if one.active and one.word not in INHERITANCE)


def union(entries: Iterable[Entry]) -> IntervalSet:
    """Return all addresses of entries."""
    return IntervalSet.union_of(one.read.values for one in entries)
