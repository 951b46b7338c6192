"""Words of a ``set`` command or of the curly form, with the quotes that PAN-OS writes.

A value with blanks stands in double quotes, or in single ones where it contains double quotes. Quotes inside a
value are not escaped: a quote closes only where a blank, a bracket or the end follows.
"""

from __future__ import annotations

import re

from parsers.paloalto.panos.clauses import LEAVES, Token

FREE_TEXT = frozenset({"description", "comment", "comments", "login-banner"})
"""Keys whose value is free text, the last word of its command."""

_WORD = re.compile(r"""\s*(?:(?P<quote>["'])|(?P<bracket>[\[\]])|(?P<bare>[^\s\[\]]\S*))""")
_CLOSE = {'"': re.compile(r'"(?=[\s\[\]]|$)'), "'": re.compile(r"'(?=[\s\[\]]|$)")}


class OpenQuoteError(ValueError):
    """A quoted value has no closing quote on its line, or a list no closing bracket."""


def split_words(text: str) -> list[Token]:
    """Return the words of a command; a list in brackets is a list of words.

    Raises:
        OpenQuoteError: a quote or a bracket is opened and not closed.
    """
    words: list[Token] = []
    inside: list[str] | None = None
    position = 0
    while found := _WORD.match(text, position):
        position = found.end()
        if found["bracket"] == "[" and inside is None:
            inside = []
            words.append(inside)
            continue
        if found["bracket"] == "]" and inside is not None:
            inside = None
            continue
        if found["quote"]:
            free = inside is None and bool(words) and words[-1] in FREE_TEXT
            value, position = _quoted(text, position, found["quote"], to_end=free)
        else:
            value, position = _bare(found, closing=inside is not None)
        if inside is None:
            words.append(value)
        else:
            inside.append(value)
    if inside is not None:
        raise OpenQuoteError
    return words


def _bare(found: re.Match[str], *, closing: bool) -> tuple[str, int]:
    """Return an unquoted word; in a list the closing bracket may follow it without a blank."""
    value = found["bare"] or found["bracket"]
    if closing and value.endswith("]"):
        return value[:-1], found.end() - 1
    return value, found.end()


def _quoted(text: str, start: int, quote: str, *, to_end: bool) -> tuple[str, int]:
    """Return a quoted value and the position behind it. ``to_end``: it reaches to the end of the command."""
    bare = text.rstrip()
    if to_end and len(bare) > start and bare.endswith(quote):
        return bare[start:-1], len(text)
    close = _CLOSE[quote].search(text, start)
    if close is None or (to_end and _next_word(text, close.end()) not in LEAVES):
        raise OpenQuoteError
    return text[start : close.start()], close.end()


def _next_word(text: str, position: int) -> str:
    return "".join(text[position:].split(maxsplit=1)[:1])
