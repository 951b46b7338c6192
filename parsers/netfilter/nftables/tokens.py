"""Tokens of nft's language and their nesting: words, strings, and groups in braces or parentheses.

Source: nft(8), section "Lexical conventions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

DEEPEST = 40
"""Groups within groups that are read; the kernel follows 16 calls, and sets do not nest."""

LONGEST_LINE = 4_000_000
"""Characters. A set with its elements on one line can be long; anything longer is not read."""

_TOKEN = re.compile(
    r'"(?P<string>[^"]*+)"'
    r"|(?P<comment>#.*)"
    r"|(?P<raw>@(?:ll|nh|th|ih),\d++,\d++)"
    r"|(?P<mark>[{}();,]|!=|==|<=|>=|<<|>>|[=<>!&|^])"
    r"|(?P<word>(?:[^\s\"#{}();,=<>!&|^\\]|\\(?=\*))++)"
    r"|(?P<fold>\\\s*\Z)"
    r"|(?P<wrong>\S)"
)
_CLOSING = {"}": "{", ")": "("}

NEWLINE = "\n"
_RULE_WORDS = (["rule"], ["ip"], ["ip6"], ["inet"], ["arp"], ["bridge"], ["netdev"])
ENDS = frozenset((NEWLINE, ";"))
"""Texts of the tokens that end a statement."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word, string (``quoted``) or mark. ``line`` is 1-based."""

    text: str
    line: int
    quoted: bool = False

    def is_mark(self, *texts: str) -> bool:
        """Return whether this is one of the given words or marks, and no string."""
        return not self.quoted and self.text in texts


@dataclass(slots=True, eq=False)
class Group:
    """What stands between a pair of brackets. ``end`` is the line of the closing one."""

    kind: str
    line: int
    items: list[Item] = field(default_factory=list)
    end: int = 0


Item: TypeAlias = Token | Group


class TooDeepError(ValueError):
    """Groups are nested deeper than :data:`DEEPEST`. ``line``: where."""

    def __init__(self, line: int) -> None:
        super().__init__(f"brackets are nested deeper than {DEEPEST} levels")
        self.line = line


@dataclass(slots=True)
class TreeBuilder:
    """Nests tokens by their brackets. ``problems`` are (line, message) pairs."""

    root: Group = field(default_factory=lambda: Group("", 0))
    problems: list[tuple[int, str]] = field(default_factory=list)
    _open: list[Group] = field(default_factory=list)

    def add(self, token: Token) -> None:
        """Put a token at its place.

        Raises:
            TooDeepError: it opens one bracket too many.
        """
        top = self._open[-1] if self._open else self.root
        if token.quoted or token.text not in ("{", "(", "}", ")"):
            top.items.append(token)
        elif token.text in ("{", "("):
            if len(self._open) >= DEEPEST:
                raise TooDeepError(token.line)
            group = Group(token.text, token.line)
            top.items.append(group)
            self._open.append(group)
        elif self._open and top.kind == _CLOSING[token.text]:
            self._open.pop().end = token.line
        else:
            self.problems.append((token.line, f"there is no opening bracket for {token.text}"))

    def finish(self, line: int) -> Group | None:
        """Close what is open at the end of the text; return the outermost group that was."""
        left = self._open[0] if self._open else None
        for group in self._open:
            group.end = line
        self._open.clear()
        return left


def line_tokens(text: str, number: int) -> Iterator[Token]:
    """Yield the tokens of one line, with a newline token at the end; a comment yields nothing.

    A character that starts no token is yielded alone, as a word.
    """
    folded = False
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind == "string":
            yield Token(found["string"], number, True)
        elif kind == "fold":
            folded = True
        elif kind != "comment":
            yield Token(found[0], number)
    if not folded:
        yield Token(NEWLINE, number)


def statements(items: list[Item], *, blocks: bool = False) -> Iterator[list[Item]]:
    """Split items at line ends and semicolons. ``blocks``: a group in braces ends a statement as well."""
    current: list[Item] = []
    for item in items:
        if isinstance(item, Token) and not item.quoted and item.text in ENDS:
            if current:
                yield current
            current = []
            continue
        current.append(item)
        if blocks and isinstance(item, Group) and item.kind == "{" and not _is_rule(current):
            yield current
            current = []
    if current:
        yield current


def _is_rule(items: list[Item]) -> bool:
    """Return whether items start a command about a rule, in which groups are sets."""
    texts = [item.text for item in items[:2] if isinstance(item, Token)]
    return texts[:1] in (["add"], ["insert"], ["create"], ["replace"]) and texts[1:] in _RULE_WORDS


def first_line(items: list[Item]) -> int:
    """Return the line on which items start, 0 for none."""
    return items[0].line if items else 0


def last_line(items: list[Item]) -> int:
    """Return the line on which items end, 0 for none."""
    if not items:
        return 0
    last = items[-1]
    return last.end if isinstance(last, Group) else last.line


def words(items: list[Item]) -> str:
    """Return items as one line of text, spaced as nft prints them."""
    found: list[str] = []
    stack: list[Item | str] = list(reversed(items))
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, Group):
            stack.append("}" if item.kind == "{" else ")")
            stack.extend(reversed(item.items))
            found.append(item.kind)
        elif item.quoted:
            found.append(f'"{item.text}"')
        elif item.text != NEWLINE:
            found.append(item.text)
    return " ".join(found).replace(" ,", ",").replace("( ", "(").replace(" )", ")")
