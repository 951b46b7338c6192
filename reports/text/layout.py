"""Plain text for terminals: wrapping by display width, tables, and colours that can be switched off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.visible import cells, char_cells

PROSE_WIDTH = 110
"""Sentences are not set wider than this, however wide the terminal is."""

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "magenta": "35"}
_GAP = 2
_NARROWEST = 6


@dataclass(frozen=True, slots=True)
class Paper:
    """What text is written on: ``width`` in columns, and whether escape codes for colour may be used."""

    width: int
    colour: bool

    def paint(self, text: str, *styles: str) -> str:
        """Return ``text`` in the given styles, unchanged where colour is off."""
        if not self.colour or not styles or not text:
            return text
        return f"\x1b[{';'.join(_STYLES[one] for one in styles)}m{text}\x1b[0m"

    @property
    def prose(self) -> int:
        """Return the width for sentences."""
        return min(self.width, PROSE_WIDTH)


def wrap(text: str, width: int) -> list[str]:
    """Return visible ``text`` in lines of at most ``width`` columns, cut at spaces where there are any."""
    return list(_wrapped(text, max(width, 1))) or [""]


def _wrapped(text: str, width: int) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = _fit(text, start, width)
        if end < len(text) and text[end] != " ":
            space = text.rfind(" ", start, end)
            end = space if space > start and text[start:space].strip() else end
        yield text[start:end].rstrip(" ")
        start = end
        while start < len(text) and text[start] == " ":
            start += 1


def _fit(text: str, start: int, width: int) -> int:
    """Return the end of the longest piece from ``start`` that fits into ``width``, at least one character."""
    piece = text[start : start + width]
    if piece.isascii():
        return start + len(piece)
    used = 0
    end = start
    while end < len(text):
        used += char_cells(text[end])
        if used > width and end > start:
            break
        end += 1
    return end


def hanging(lead: str, text: str, width: int) -> list[str]:
    """Return ``text`` wrapped behind ``lead``, with the following lines indented below its start."""
    indent = cells(lead)
    lines = wrap(text, width - indent)
    return [lead + lines[0], *(" " * indent + line for line in lines[1:])]


def shorten(text: str, width: int) -> str:
    """Return ``text``, or its beginning with an ellipsis when it needs more than ``width`` columns."""
    if len(text) <= width and cells(text) <= width:
        return text
    return text[: _fit(text, 0, max(width - 1, 1))] + "…"


def pad(text: str, width: int, *, right: bool) -> str:
    """Return ``text`` filled up with spaces to ``width``, on its left when ``right`` asks for right alignment."""
    space = " " * (width - cells(text))
    return space + text if right else text + space


def table(
    paper: Paper, head: Sequence[str], rows: Sequence[Sequence[str]], numeric: frozenset[int] = frozenset()
) -> list[str]:
    """Return a table whose cells are wrapped so that it fits the paper; ``numeric`` columns are set to the right."""
    widths = _column_widths(paper.width, (head, *rows))
    lines = [paper.paint(line, "dim") for line in _row_lines(head, widths, numeric)]
    for row in rows:
        lines += _row_lines(row, widths, numeric)
    return lines


def _column_widths(width: int, rows: Sequence[Sequence[str]]) -> list[int]:
    """Return natural widths, with the widest columns reduced until all fit into ``width``."""
    widths = [max(min(cells(cell[: width + 1]), width) for cell in column) for column in zip(*rows, strict=True)]
    room = width - _GAP * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row_lines(row: Sequence[str], widths: Sequence[int], numeric: frozenset[int]) -> list[str]:
    columns = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
    lines = []
    for depth in range(max(map(len, columns))):
        parts = [
            pad(column[depth] if depth < len(column) else "", width, right=position in numeric)
            for position, (column, width) in enumerate(zip(columns, widths, strict=True))
        ]
        lines.append((" " * _GAP).join(parts).rstrip(" "))
    return lines
