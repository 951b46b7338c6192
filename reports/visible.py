r"""Text from configurations, made safe to show: nothing in it can move the cursor, hide or reorder other text.

Characters that a terminal or browser would act upon or not draw (control characters, bidirectional
overrides, zero-width characters, unusual spaces, lone surrogates) appear as escapes such as ``\u202e``.
"""

from __future__ import annotations

import re
import unicodedata

_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Characters that Unicode calls printable although they show nothing."""

_RISKY = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "    "}


def escape(char: str) -> str:
    """Return ``char``, or how to show it when it is not drawn as itself."""
    if char.isprintable() and char not in _BLANK_LETTERS:
        return char
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    """Return ``text`` on one line with everything unprintable escaped; a tab becomes four spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(escape, text))


def visible_lines(text: str) -> list[str]:
    """Return the lines of ``text``, each made visible. There is always at least one."""
    return [visible(line.removesuffix("\r")) for line in text.split("\n")]


def encodable(text: str) -> str:
    r"""Return ``text`` with lone surrogates, which no UTF-8 file can hold, escaped as ``\udcXX``."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def json_escaped(text: str) -> str:
    """Return JSON with characters that could reorder or hide text on a terminal as JSON escapes: the same value."""
    return _RISKY.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def cells(text: str) -> int:
    """Return how many columns a terminal needs for ``text``, which must be visible."""
    return len(text) if text.isascii() else sum(map(char_cells, text))


def char_cells(char: str) -> int:
    """Return the columns of one character: 0 for combining marks, 2 for wide East Asian ones, else 1."""
    if char.isascii():
        return 1
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
