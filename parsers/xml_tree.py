"""The tree that the XML reader builds: flat arrays, and elements as views into them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from parsers.reading import ReadError

MAX_DEPTH = 256
"""Deepest nesting of elements that is read; configurations stay below 40."""

MAX_ELEMENTS = 20_000_000
"""Most elements that are read: a 500 MB configuration has about 15 million."""

EXPORT_AGAIN = "export the configuration from the device again"

_MEMO_SIZE = 1 << 18
_MEMO_TEXT = 40


@dataclass(frozen=True, slots=True)
class XmlProblem:
    """A place where the text is no XML. ``code`` is RC607 for an input that ends early, else RC605."""

    code: str
    line: int
    message: str


class XmlDocument:
    """The elements of one XML text in document order, as parallel arrays (see :class:`XmlElement`).

    ``problems`` says where the text is cut off or malformed, in the order of the lines.
    """

    __slots__ = ("after", "attributes", "end_lines", "lines", "problems", "tags", "texts")

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.attributes: dict[int, tuple[str, ...]] = {}
        self.lines = array("I")
        self.end_lines = array("I")
        self.after = array("I")
        self.problems: tuple[XmlProblem, ...] = ()

    @property
    def problem(self) -> XmlProblem | None:
        """Return the first problem, or None."""
        return self.problems[0] if self.problems else None

    @property
    def root(self) -> XmlElement:
        """Return the outermost element."""
        return XmlElement(self, 0)


class XmlElement:
    """One element: a view into its document.

    ``line`` is where the start tag begins, ``end_line`` where the end tag begins (the same for an empty
    element), both 1-based lines of the input. ``text`` is what an element without child elements contains, without
    the white space around it; text between child elements is not kept.
    """

    __slots__ = ("_document", "_index")

    def __init__(self, document: XmlDocument, index: int) -> None:
        self._document = document
        self._index = index

    def __repr__(self) -> str:
        return f"<{self.tag} line {self.line}>"

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, XmlElement) and self._document is other._document
        return same and isinstance(other, XmlElement) and self._index == other._index

    def __hash__(self) -> int:
        return self._index

    @property
    def index(self) -> int:
        """Return the element's position in document order, the root being 0."""
        return self._index

    @property
    def tag(self) -> str:
        """Return the name of the element as written, with its prefix if it has one."""
        return self._document.tags[self._index]

    @property
    def text(self) -> str:
        """Return the text of an element without children, trimmed."""
        return self._document.texts[self._index]

    @property
    def line(self) -> int:
        """Return the line where the element starts."""
        return self._document.lines[self._index]

    @property
    def end_line(self) -> int:
        """Return the line where the element ends."""
        return self._document.end_lines[self._index]

    @property
    def attributes(self) -> dict[str, str]:
        """Return the attributes as written."""
        flat = self._document.attributes.get(self._index, ())
        return dict(zip(flat[::2], flat[1::2], strict=True))

    def get(self, name: str, default: str = "") -> str:
        """Return the value of one attribute."""
        flat = self._document.attributes.get(self._index, ())
        for position in range(0, len(flat), 2):
            if flat[position] == name:
                return flat[position + 1]
        return default

    @property
    def empty(self) -> bool:
        """Return whether the element has no child elements."""
        return self._document.after[self._index] == self._index + 1

    def __iter__(self) -> Iterator[XmlElement]:
        """Yield the child elements in order."""
        document, after = self._document, self._document.after
        position, end = self._index + 1, after[self._index]
        while position < end:
            yield XmlElement(document, position)
            position = after[position]

    def descendants(self) -> Iterator[XmlElement]:
        """Yield all elements inside this one, in document order."""
        for position in range(self._index + 1, self._document.after[self._index]):
            yield XmlElement(self._document, position)

    def find(self, *path: str) -> XmlElement | None:
        """Return the first child ``path[0]``, its first child ``path[1]`` and so on, or None."""
        here: XmlElement | None = self
        for tag in path:
            here = next((child for child in here if child.tag == tag), None) if here is not None else None
        return here

    def all(self, tag: str) -> Iterator[XmlElement]:
        """Yield the child elements named ``tag``."""
        return (child for child in self if child.tag == tag)

    def value(self, *path: str, default: str = "") -> str:
        """Return the text of the element at ``path`` (see :meth:`find`), or ``default`` where there is none."""
        found = self.find(*path)
        return default if found is None else found.text


@dataclass(frozen=True, slots=True)
class Builder:
    """What fills a document, called in the order of the text.

    ``start`` takes a tag and its attributes as a flat sequence of names and values; ``end`` closes the innermost
    element; ``pieces`` collects its text; ``finish`` closes all at a line. ``stack``
    holds the indexes of the open elements.
    """

    start: Callable[[str, Sequence[str]], None]
    end: Callable[[str], None]
    finish: Callable[[int], None]
    pieces: list[str]
    stack: list[int]


def build(document: XmlDocument, path: str, line_now: Callable[[], int]) -> Builder:
    """Return a builder; ``line_now`` tells the line of the tag that is being read.

    The functions are closures over local names: they run a few million times.

    Raises:
        ReadError: by ``start``, when there are more than :data:`MAX_ELEMENTS`, or deeper ones than :data:`MAX_DEPTH`.
    """
    tags, texts, attributes = document.tags, document.texts, document.attributes
    lines, end_lines, after = document.lines, document.end_lines, document.after
    stack: list[int] = []
    pieces: list[str] = []
    memo: dict[str, str] = {}

    def start(tag: str, flat: Sequence[str]) -> None:
        index = len(tags)
        if len(stack) >= MAX_DEPTH or index >= MAX_ELEMENTS:
            raise _too_much(path, line_now(), deep=index < MAX_ELEMENTS)
        pieces.clear()
        stack.append(index)
        tags.append(tag)
        texts.append("")
        line = line_now()
        lines.append(line)
        end_lines.append(line)
        after.append(0)
        if flat:
            attributes[index] = tuple(flat)

    def end(_: str) -> None:
        index = stack.pop()
        after[index] = len(tags)
        end_lines[index] = line_now()
        if after[index] == index + 1 and pieces:
            text = "".join(pieces).strip()
            if len(text) <= _MEMO_TEXT and len(memo) < _MEMO_SIZE:
                text = memo.setdefault(text, text)
            texts[index] = text
        pieces.clear()

    def finish(line: int) -> None:
        for index in stack:
            after[index] = len(tags)
            end_lines[index] = line
        stack.clear()

    return Builder(start, end, finish, pieces, stack)


def _too_much(path: str, line: int, *, deep: bool) -> ReadError:
    limit = f"is nested deeper than {MAX_DEPTH} elements" if deep else f"has over {MAX_ELEMENTS:,} elements"
    return ReadError(path, line, f"the XML {limit}", EXPORT_AGAIN)


def refused(path: str, line: int) -> ReadError:
    """Return the error for a text that declares a document type or entities."""
    message = "the XML declares a document type or entities, which configurations never do"
    return ReadError(path, line, message, f"{EXPORT_AGAIN}, or remove the DOCTYPE")
