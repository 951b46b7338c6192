"""One view of a configuration, whatever form it was exported in: nodes with keys, lines and children.

In XML the key of an ``<entry name="x">`` is ``x`` and that of any other element its tag. In the ``set`` form every
word of a command is the key of a node below the word before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from parsers.xml_text import XmlElement


@dataclass(frozen=True, slots=True)
class Word:
    """One value with the line where it is written."""

    text: str
    line: int


class Node(Protocol):
    """A part of the configuration tree. ``line`` is where it starts."""

    @property
    def key(self) -> str:
        """Return the name of an entry, or the tag."""
        ...

    @property
    def line(self) -> int:
        """Return the line where the node is first written."""
        ...

    def __iter__(self) -> Iterator[Node]:
        """Yield the children in order; members of a list are none of them in XML."""
        ...

    def at(self, *path: str) -> Node | None:
        """Return the node below the keys of ``path``, or None."""
        ...

    def words(self) -> list[Word]:
        """Return the values of a leaf or of a list."""
        ...

    def word(self, *path: str) -> str:
        """Return the first value below ``path``, or an empty text."""
        ...

    def lines(self) -> Iterable[int]:
        """Return all lines of the node and what is in it."""
        ...

    def edges(self) -> Iterable[int]:
        """Return the lines of the node alone, without what is in it."""
        ...


class XmlNode:
    """A node in an XML configuration."""

    __slots__ = ("element",)

    def __init__(self, element: XmlElement) -> None:
        self.element = element

    @property
    def key(self) -> str:
        """Return the name of an entry, or the tag."""
        element = self.element
        return element.get("name") if element.tag == "entry" else element.tag

    @property
    def line(self) -> int:
        """Return the line of the start tag."""
        return self.element.line

    def __iter__(self) -> Iterator[XmlNode]:
        """Yield the child elements but for members of lists."""
        return (XmlNode(child) for child in self.element if child.tag != "member")

    def at(self, *path: str) -> XmlNode | None:
        """Return the node below the keys of ``path``, or None."""
        here: XmlNode | None = self
        for key in path:
            here = next((child for child in here if child.key == key), None) if here is not None else None
        return here

    def words(self) -> list[Word]:
        """Return the members of a list, the names of entries, or the text of a leaf."""
        element = self.element
        if element.empty:
            return [Word(element.text, element.line)] if element.text else []
        named = {"member": False, "entry": True}
        return [
            Word(child.get("name") if named.get(child.tag) else child.text or child.tag, child.line)
            for child in element
            if child.tag in named or child.empty
        ]

    def word(self, *path: str) -> str:
        """Return the first value below ``path``, or an empty text."""
        found = self.at(*path)
        values = found.words() if found is not None else ()
        return values[0].text if values else ""

    def lines(self) -> Iterable[int]:
        """Return the lines from the start tag to the end tag."""
        return range(self.element.line, self.element.end_line + 1)

    def edges(self) -> Iterable[int]:
        """Return the lines of the start tag and the end tag."""
        return (self.element.line, self.element.end_line)


class Clauses:
    """The children of one node by key, each with its values, for nodes that are asked for many of them."""

    __slots__ = ("_words", "node", "parts")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.parts: dict[str, Node] = {child.key: child for child in node}
        self._words: dict[str, list[Word]] = {}

    def words(self, key: str) -> list[Word]:
        """Return the values of a child, none where there is no such child."""
        found = self._words.get(key)
        if found is None:
            part = self.parts.get(key)
            found = self._words[key] = part.words() if part is not None else []
        return found

    def names(self, key: str) -> tuple[str, ...]:
        """Return the values of a child without their lines."""
        return tuple([word.text for word in self.words(key)])

    def word(self, key: str, *path: str) -> str:
        """Return the first value below a child, or an empty text."""
        if not path:
            words = self.words(key)
            return words[0].text if words else ""
        part = self.parts.get(key)
        return part.word(*path) if part is not None else ""

    def at(self, key: str, *path: str) -> Node | None:
        """Return a child, or the node below it, or None."""
        part = self.parts.get(key)
        return part.at(*path) if part is not None and path else part


class SetNode:
    """A node of a ``set`` or curly configuration. ``own`` are the lines of commands that end here."""

    __slots__ = ("_key", "_line", "children", "own")

    def __init__(self, key: str, line: int) -> None:
        self._key = key
        self._line = line
        self.children: dict[str, SetNode] = {}
        self.own: list[int] = []

    @property
    def key(self) -> str:
        """Return the word."""
        return self._key

    @property
    def line(self) -> int:
        """Return the line of the first command with this word."""
        return self._line

    def __iter__(self) -> Iterator[SetNode]:
        """Yield what follows the word, in the order of first appearance."""
        return iter(self.children.values())

    def add(self, path: Iterable[str], line: int) -> SetNode:
        """Return the node below ``path``; it is made where there is none."""
        here = self
        for key in path:
            below = here.children.get(key)
            if below is None:
                below = here.children[key] = SetNode(key, line)
            here = below
        return here

    def size(self) -> int:
        """Return how many nodes there are below this one, and itself."""
        count, stack = 0, [self]
        while stack:
            count += 1
            stack.extend(stack.pop().children.values())
        return count

    def at(self, *path: str) -> SetNode | None:
        """Return the node below the keys of ``path``, or None."""
        here: SetNode | None = self
        for key in path:
            here = here.children.get(key) if here is not None else None
        return here

    def words(self) -> list[Word]:
        """Return the words that follow."""
        return [Word(child.key, child.line) for child in self.children.values()]

    def word(self, *path: str) -> str:
        """Return the first word behind ``path``, or an empty text."""
        found = self.at(*path)
        return next(iter(found.children), "") if found is not None else ""

    def lines(self) -> Iterable[int]:
        """Return the lines of all commands that begin with the path to this node."""
        found: list[int] = []
        stack = [self]
        while stack:
            node = stack.pop()
            found.extend(node.own)
            stack.extend(node.children.values())
        return found

    def edges(self) -> Iterable[int]:
        """Return the lines of commands that end with this word."""
        return self.own
