"""Reading XML safely: from the lines of an input to a lean element tree that knows its lines.

Built on the standard library's expat: it tells the line of every start *and* end tag whatever the number. lxml keeps
one line for each element only, the one where the start tag ends, and a tree of its own several times the size.
What expat refuses as malformed is read again by :mod:`parsers.xml_repair`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

from parsers.base import ConfigText
from parsers.reading import ReadError
from parsers.xml_tree import MAX_DEPTH, Builder, XmlDocument, XmlElement, XmlProblem, build, refused

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

__all__ = ["MAX_DEPTH", "XmlDocument", "XmlElement", "XmlProblem", "read_xml"]

_CHUNK = 1 << 22


def read_xml(config: ConfigText) -> XmlDocument:
    """Read the XML in an input. Lines before the first one that starts with ``<`` are passed over.

    Reading ends with the root element: whatever follows (a prompt, a second document) is not read; its lines are
    those behind ``root.end_line``. A text that is cut off, or malformed because lines were removed from it, is
    read as well as its tags and its indentation allow, with :attr:`XmlDocument.problems` set.

    Raises:
        ReadError: there is no element at all, the text declares a document type or entities, elements are nested
            deeper than :data:`MAX_DEPTH`, or there are too many.
    """
    first = next((number for number, line in enumerate(config.lines) if line.lstrip()[:1] == "<"), None)
    if first is None:
        raise _nothing(config.path)
    document = XmlDocument()
    parser = ParserCreate("UTF-8")
    builder = _attach(parser, document, config.path, first)
    try:
        for chunk in _chunks(config.lines, first):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except ExpatError as error:
        if builder.stack or not document.tags:
            from parsers.xml_repair import repair

            line = min(first + error.lineno, len(config.lines))
            reason = XmlProblem("RC605", line, f"the XML is malformed: {ErrorString(error.code)}")
            document = repair(config, first, reason)
    if not document.tags:
        raise _nothing(config.path)
    return document


def _nothing(path: str) -> ReadError:
    return ReadError(path, 0, "there is no XML in the file", "export the configuration as XML")


def _attach(parser: XMLParserType, document: XmlDocument, path: str, skipped: int) -> Builder:
    """Let ``parser`` fill ``document``."""
    builder = build(document, path, lambda: skipped + parser.CurrentLineNumber)

    def refuse(*_: object) -> int:
        raise refused(path, skipped + parser.CurrentLineNumber)

    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.pieces.append
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return builder


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
