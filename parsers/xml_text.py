"""Reading XML safely: from the lines of an input to a lean element tree that knows its lines.

Built on the standard library's expat: it tells the line of every start *and* end tag whatever the number. lxml keeps
one line for each element only, the one where the start tag ends, and a tree of its own several times the size.
The tree is held in flat arrays; :class:`XmlElement` is a view into them that is made when asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate, errors

from parsers.base import ConfigText
from parsers.reading import ReadError

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

MAX_DEPTH = 256
"""Deepest nesting of elements that is read; configurations stay below 40."""

MAX_ELEMENTS = 20_000_000
"""Most elements that are read: a 500 MB configuration has about 15 million."""

_CHUNK = 1 << 22
_MEMO_SIZE = 1 << 18
_MEMO_TEXT = 40

_TRUNCATED = {
    errors.codes[one]
    for one in (
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}


@dataclass(frozen=True, slots=True)
class XmlProblem:
    """Where and why reading stopped early. ``code`` is RC607 for an input that ends early, else RC605."""

    code: str
    line: int
    message: str


class XmlDocument:
    """The elements of one XML text in document order, as parallel arrays (see :class:`XmlElement`).

    ``problem`` is set when the text is cut off or malformed: the elements up to that place are there.
    """

    __slots__ = ("after", "attributes", "end_lines", "lines", "problem", "tags", "texts")

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.attributes: dict[int, tuple[str, ...]] = {}
        self.lines = array("I")
        self.end_lines = array("I")
        self.after = array("I")
        self.problem: XmlProblem | None = None

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


def read_xml(config: ConfigText) -> XmlDocument:
    """Read the XML in an input. Lines before the first one that starts with ``<`` are passed over.

    Reading ends with the root element: whatever follows (a prompt, a second document) is not read; its lines are
    those behind ``root.end_line``. A text that is cut off or malformed gives what was read up to there, with
    :attr:`XmlDocument.problem` set.

    Raises:
        ReadError: there is no element at all, the text declares a document type or entities, elements are nested
            deeper than :data:`MAX_DEPTH`, or there are more than :data:`MAX_ELEMENTS`.
    """
    first = next((number for number, line in enumerate(config.lines) if line.lstrip()[:1] == "<"), None)
    if first is None:
        raise ReadError(config.path, 0, "there is no XML in the file", "export the configuration as XML")
    document = XmlDocument()
    parser = ParserCreate("UTF-8")
    finish = _attach(parser, document, config.path, first)
    try:
        for chunk in _chunks(config.lines, first):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except ExpatError as problem:
        document.problem = _problem(problem, first, len(config.lines), finish, complete=bool(document.tags))
    if not document.tags:
        message = document.problem.message if document.problem else "there is no XML in the file"
        line = document.problem.line if document.problem else 0
        raise ReadError(config.path, line, message, "export the configuration again as XML")
    return document


def _attach(parser: XMLParserType, document: XmlDocument, path: str, skipped: int) -> Callable[[int], str]:
    """Let ``parser`` fill ``document``; return what closes the elements that are still open at a line.

    The handlers are closures over local names: they run a few million times.
    """
    tags, texts, attributes = document.tags, document.texts, document.attributes
    lines, end_lines, after = document.lines, document.end_lines, document.after
    stack: list[int] = []
    pieces: list[str] = []
    memo: dict[str, str] = {}

    def start(tag: str, flat: list[str]) -> None:
        index = len(tags)
        if len(stack) >= MAX_DEPTH or index >= MAX_ELEMENTS:
            raise _too_much(path, skipped + parser.CurrentLineNumber, deep=index < MAX_ELEMENTS)
        pieces.clear()
        stack.append(index)
        tags.append(tag)
        texts.append("")
        line = skipped + parser.CurrentLineNumber
        lines.append(line)
        end_lines.append(line)
        after.append(0)
        if flat:
            attributes[index] = tuple(flat)

    def end(_: str) -> None:
        index = stack.pop()
        after[index] = len(tags)
        end_lines[index] = skipped + parser.CurrentLineNumber
        if after[index] == index + 1 and pieces:
            text = "".join(pieces).strip()
            if len(text) <= _MEMO_TEXT and len(memo) < _MEMO_SIZE:
                text = memo.setdefault(text, text)
            texts[index] = text
        pieces.clear()

    def finish(line: int) -> str:
        inner = f"<{tags[stack[-1]]}> of line {lines[stack[-1]]}" if stack else ""
        for index in stack:
            after[index] = len(tags)
            end_lines[index] = line
        return inner

    def refuse(*_: object) -> int:
        message = "the XML declares a document type or entities, which configurations never do"
        remedy = "export the configuration from the device again, or remove the DOCTYPE"
        raise ReadError(path, skipped + parser.CurrentLineNumber, message, remedy)

    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return finish


def _chunks(lines: tuple[str, ...], first: int) -> Iterator[bytes]:
    """Yield the text from line index ``first`` on in pieces of about :data:`_CHUNK` characters."""
    batch: list[str] = []
    size = 0
    for number in range(first, len(lines)):
        line = lines[number].lstrip() if number == first else lines[number]
        if len(line) > _CHUNK:
            yield _encoded(batch)
            batch, size = [], 0
            for position in range(0, len(line), _CHUNK):
                yield line[position : position + _CHUNK].encode("utf-8", "replace")
            yield b"\n"
            continue
        batch.append(line)
        size += len(line) + 1
        if size >= _CHUNK:
            yield _encoded(batch)
            batch, size = [], 0
    yield _encoded(batch)


def _encoded(batch: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in batch).encode("utf-8", "replace")


def _problem(
    problem: ExpatError, skipped: int, last: int, finish: Callable[[int], str], *, complete: bool
) -> XmlProblem | None:
    """Say why expat stopped; None where it only met what follows the root element.

    ``complete``: some element was read, so that without an open one the root element is complete.
    """
    line = min(skipped + problem.lineno, last)
    inner = finish(line)
    if complete and not inner:
        return None
    if problem.code in _TRUNCATED:
        where = f"{inner} is not closed" if inner else "no element is complete"
        return XmlProblem("RC607", line, f"the XML ends early: {where}")
    where = f" inside {inner}" if inner else ""
    return XmlProblem("RC605", line, f"the XML is malformed{where}: {ErrorString(problem.code)}")


def _too_much(path: str, line: int, *, deep: bool) -> ReadError:
    limit = f"is nested deeper than {MAX_DEPTH} elements" if deep else f"has over {MAX_ELEMENTS:,} elements"
    return ReadError(path, line, f"the XML {limit}", "export the configuration from the device again")
