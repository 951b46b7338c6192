"""Reading XML that is cut off or malformed, as it is after lines with secrets were removed by hand.

An end tag closes the open element of its name that started in the same column, and is passed over where there is
none. In a text that is indented throughout, a start tag also ends the open elements that are not left of it: their
end tags are missing. Every such place is a problem with its line.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

from parsers.base import ConfigText
from parsers.xml_tree import Builder, XmlDocument, XmlProblem, build, refused

_NAME = r"[A-Za-z_][\w.:-]*+"
_TOKEN = re.compile(
    r"<(?:!--.*?(?:-->|\Z)"
    r"|!\[CDATA\[(?P<raw>.*?)(?:\]\]>|\Z)"
    r"|\?.*?(?:\?>|\Z)"
    rf"|/(?P<end>{_NAME})\s*+>"
    rf"""|(?P<start>{_NAME})(?P<flat>(?:\s++{_NAME}\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'))*+)\s*+(?P<empty>/?)>"""
    r"|(?P<declaration>!(?:DOCTYPE|ENTITY)))",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rf"""({_NAME})\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_OPENS = re.compile(r"( *+)<[A-Za-z][^<>]*+(?<!/)>\s*$")
_STARTS = re.compile(r"( *+)<[A-Za-z]")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")

_MAX_PROBLEMS = 100
_SAMPLE = 5_000
_ENOUGH = 0.9


class _Repair:
    """The state of one reading: position, line, open elements with their columns, and problems."""

    def __init__(self, config: ConfigText, first: int) -> None:
        self.path = config.path
        self.text = "\n".join(config.lines)
        self.position = sum(len(line) + 1 for line in config.lines[:first])
        self.line = first + 1
        self.last_line = len(config.lines)
        self.indented = _is_indented(config.lines)
        self.document = XmlDocument()
        self.columns: list[int] = []
        self.problems: list[XmlProblem] = []
        self.builder: Builder = build(self.document, config.path, lambda: self.line)

    def run(self) -> XmlDocument:
        for token in _TOKEN.finditer(self.text, self.position):
            self._take_text(token.start())
            self._take(token)
            self.line += self.text.count("\n", token.start(), token.end())
            self.position = token.end()
            if not self.columns and self.document.tags:
                break
        if self.columns:
            inner = self._inner()
            self.builder.finish(self.last_line)
            self._report("RC607", self.last_line, f"the XML ends early: {inner} is not closed")
        self.document.problems = tuple(self.problems)
        return self.document

    def _take_text(self, end: int) -> None:
        piece = self.text[self.position : end]
        self.line += piece.count("\n")
        if not self.columns or not piece:
            return
        if "<" in piece:
            self._report("RC605", self.line, "the XML is malformed: a < starts no tag")
        self.builder.pieces.append(_decoded(piece))

    def _take(self, token: re.Match[str]) -> None:
        match token.lastgroup:
            case "raw":
                self.builder.pieces.append(token["raw"])
            case "declaration":
                raise refused(self.path, self.line)
            case "end":
                self._end(token["end"], self._column(token.start()))
            case "empty":
                self._start(token)
            case _:
                pass

    def _start(self, token: re.Match[str]) -> None:
        column = self._column(token.start())
        if self.indented and column >= 0:
            while len(self.columns) > 1 and self.columns[-1] >= column:
                self._report("RC605", self.line, f"the XML is malformed: {self._inner()} is not closed")
                self._close()
        flat: list[str] = []
        for name, double, single in _ATTRIBUTE.findall(token["flat"]):
            flat.extend((name, _decoded(double or single)))
        self.columns.append(column)
        self.builder.start(token["start"], flat)
        if token["empty"]:
            self._close()

    def _end(self, tag: str, column: int) -> None:
        levels = self._levels(tag)
        if self.indented and column >= 0 and not self._is_leaf(tag):
            levels = [level for level in levels if self.columns[level] in (-1, column)]
        if not levels:
            self._report("RC605", self.line, f"the XML is malformed: </{tag}> ends nothing")
            return
        while len(self.columns) > levels[-1] + 1:
            self._report("RC605", self.line, f"the XML is malformed: {self._inner()} is not closed")
            self._close()
        self._close()

    def _levels(self, tag: str) -> list[int]:
        """Return the depths of the open elements with this tag, outermost first."""
        tags = self.document.tags
        return [level for level, index in enumerate(self.builder.stack) if tags[index] == tag]

    def _is_leaf(self, tag: str) -> bool:
        """Return whether the innermost element has this tag and only text so far, which may end in any column."""
        if not self.builder.stack:
            return False
        index = self.builder.stack[-1]
        return index == len(self.document.tags) - 1 and self.document.tags[index] == tag

    def _close(self) -> None:
        self.builder.end("")
        self.columns.pop()

    def _inner(self) -> str:
        index = self.builder.stack[-1]
        return f"<{self.document.tags[index]}> of line {self.document.lines[index]}"

    def _column(self, position: int) -> int:
        """Return the column of a tag that is the first on its line, else -1."""
        begin = self.text.rfind("\n", 0, position) + 1
        return position - begin if self.text[begin:position].isspace() or begin == position else -1

    def _report(self, code: str, line: int, message: str) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(XmlProblem(code, line, message))


def repair(config: ConfigText, first: int, reason: XmlProblem) -> XmlDocument:
    """Read what can be read of malformed XML that starts at line index ``first``.

    ``reason`` is why it is malformed, to be reported where the elements as such are in order.

    Raises:
        ReadError: it declares a document type or entities, or is too deep or too large.
    """
    document = _Repair(config, first).run()
    document.problems = document.problems or (reason,)
    return document


def _is_indented(lines: tuple[str, ...]) -> bool:
    """Return whether elements are indented below their parents throughout (a sample is looked at)."""
    deeper = total = 0
    for above, below in pairwise(lines[:_SAMPLE]):
        opens, starts = _OPENS.match(above), _STARTS.match(below)
        if opens and starts:
            total += 1
            deeper += len(starts[1]) > len(opens[1])
    return total > 0 and deeper >= _ENOUGH * total


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda found: unescape(found.group()), text) if "&" in text else text
