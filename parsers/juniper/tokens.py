"""Words, brackets and comments of Junos configuration text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r'\s+|(?P<comment>/\*)|(?P<hash>#.*)|(?P<quoted>"(?:[^"\\]|\\.)*"?)|(?P<sign>[{};\[\]])'
    r"|(?P<angle><[^<>{};\"\s]*>)|(?P<word>[^\s{};\"\[\]]+)"
)
_ESCAPE = re.compile(r"\\(.)")
_PLAIN = re.compile(r"[^\"\[\]#{};]*")

SIGNS = frozenset("{};[]")
NOTE_LENGTH = 300


@dataclass(slots=True)
class Lexer:
    """Splits lines into words and signs; a comment can span lines.

    ``note`` is the text of the comments since the last call of :meth:`take_note`. ``quoted`` words that look like
    a sign are told apart by being preceded by a NUL, which no configuration contains.
    """

    inside: bool = False
    note: list[str] = field(default_factory=list)
    opened: int = 0

    def tokens(self, text: str, number: int) -> list[str]:
        """Return the words and signs of one line."""
        position = 0
        found: list[str] = []
        while position < len(text):
            if self.inside:
                position = self._comment(text, position)
                continue
            match = _TOKEN.match(text, position)
            if match is None:
                position += 1
                continue
            position = match.end()
            if match.lastgroup == "comment":
                self.inside, self.opened = True, number
            elif match.lastgroup == "quoted":
                found.append(_unquoted(match.group()))
            elif match.lastgroup not in (None, "hash"):
                found.append(match.group())
        return found

    def _comment(self, text: str, position: int) -> int:
        end = text.find("*/", position)
        self.note.append(text[position : end if end >= 0 else len(text)].strip(" *\t"))
        self.inside = end < 0
        return end + 2 if end >= 0 else len(text)

    def take_note(self) -> str:
        """Return the comments gathered so far as one line."""
        if not self.note:
            return ""
        text = " ".join(part for part in self.note if part)
        self.note.clear()
        return text[:NOTE_LENGTH]


def _unquoted(text: str) -> str:
    inner = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
    if "\\" in inner:
        inner = _ESCAPE.sub(r"\1", inner)
    return f"\0{inner}" if inner in SIGNS else inner


def command_words(text: str) -> list[str]:
    """Return the words of a one-line command; brackets of lists are words of their own."""
    if _PLAIN.fullmatch(text) and "/*" not in text:
        return text.split()
    return Lexer().tokens(text, 0)
