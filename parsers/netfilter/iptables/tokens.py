"""The words of one line, with quotes undone as iptables-restore does it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PIECE = re.compile(r"[^\s\"'\\]+|\\.?|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a line. ``quoted`` holds the positions of words that were quoted: never flags.

    ``broken`` is True when a quote is not closed; the rest of the line is then one word.
    """

    words: tuple[str, ...]
    quoted: frozenset[int] = frozenset()
    broken: bool = False


def split_words(line: str) -> Words:
    """Split a line into words in time linear in its length."""
    if '"' not in line and "'" not in line and "\\" not in line:
        return Words(tuple(line.split()))
    return _plain_quotes(line) or _any_quotes(line)


def _plain_quotes(line: str) -> Words | None:
    """Split a line as iptables-save prints it: whole words in double quotes, nothing escaped."""
    if "'" in line or "\\" in line:
        return None
    parts = line.split('"')
    if len(parts) % 2 == 0:
        return None
    words: list[str] = []
    quoted: set[int] = set()
    for number, part in enumerate(parts):
        if number % 2:
            quoted.add(len(words))
            words.append(part)
            continue
        glued = (number > 0 and part and not part[0].isspace()) or (number > 0 and not part and number < len(parts) - 1)
        if glued or (number < len(parts) - 1 and part and not part[-1].isspace()):
            return None
        words.extend(part.split())
    return Words(tuple(words), frozenset(quoted))


def _any_quotes(line: str) -> Words:
    words: list[str] = []
    quoted: set[int] = set()
    position = 0
    while position < len(line):
        space = _SPACE.match(line, position)
        if space:
            position = space.end()
            continue
        word, position, has_quote, broken = _one_word(line, position)
        if has_quote:
            quoted.add(len(words))
        words.append(word)
        if broken:
            return Words(tuple(words), frozenset(quoted), broken=True)
    return Words(tuple(words), frozenset(quoted))


def _one_word(line: str, position: int) -> tuple[str, int, bool, bool]:
    """Return the word at ``position``, where it ends, whether it has quotes, and whether one is open."""
    pieces: list[str] = []
    has_quote = False
    while position < len(line) and not line[position].isspace():
        piece = _PIECE.match(line, position)
        if piece is None:
            return "".join((*pieces, line[position + 1 :])), len(line), True, True
        text = piece.group()
        if text[0] in "\"'":
            has_quote = True
            text = _ESCAPE.sub(r"\1", text[1:-1])
        pieces.append(text)
        position = piece.end()
    return "".join(pieces), position, has_quote, False
