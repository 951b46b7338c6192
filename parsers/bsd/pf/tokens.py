"""pf.conf as statements: words and strings, lists over several lines, continued lines, and bodies of anchors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r'"(?P<string>[^"]*)"|(?P<open>")|(?P<comment>#.*)|(?P<mark>->|<[A-Za-z_][\w.-]*(?::\d+)?>|><|<>|<=|>=|!=|[{}(),=!<>])'
    r"|(?P<word>[^\s{}(),=!<>\"#]+(?:(?<=-)(?!>))?)"
)
_HEADS = frozenset({
    "pass", "block", "match", "anchor", "table", "set", "nat", "rdr", "binat", "scrub", "antispoof", "queue", "altq",
    "nat-anchor", "rdr-anchor", "binat-anchor", "load", "include", "no",
})  # fmt: skip
_TAKES_LIST = frozenset(
    {"on", "proto", "from", "to", "port", "user", "group", "icmp-type", "icmp6-type", "=", "!", ","}
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, string or mark. ``path`` names the macros that it came through."""

    text: str
    line: int
    quoted: bool = False
    path: tuple[str, ...] = ()


@dataclass(slots=True)
class Statement:
    """One statement. ``body`` holds the rules of an anchor; ``counters`` are lines of pfctl -v below a rule."""

    tokens: list[Token]
    line: int
    last: int
    comment: str = ""
    body: list[Statement] | None = None
    counters: list[tuple[int, str]] = field(default_factory=list)
    problem: str = ""

    @property
    def head(self) -> str:
        """Return the first word."""
        return self.tokens[0].text if self.tokens else ""


def tokens_of(text: str, line: int) -> tuple[list[Token], str, str]:
    """Return the tokens of one line, its comment, and what is wrong with it."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "comment":
            return found, match["comment"].lstrip("#").strip(), ""
        if kind == "open":
            return found, "", "a string is not closed"
        if kind == "string":
            found.append(Token(match["string"], line, quoted=True))
        else:
            found.append(Token(match[0], line))
    return found, "", ""


@dataclass(slots=True)
class Splitter:
    """Collects statements line by line. ``blank`` are lines without any."""

    top: list[Statement] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    _stack: list[tuple[Statement, list[Statement]]] = field(default_factory=list)
    _open: list[Token] = field(default_factory=list)
    _depth: int = 0
    _comments: list[str] = field(default_factory=list)
    _in_comment: bool = False

    @property
    def _here(self) -> list[Statement]:
        body = self._stack[-1][0].body if self._stack else None
        return body if body is not None else self.top

    def feed(self, number: int, text: str) -> None:
        """Take one line."""
        continued = text.endswith("\\")
        bare = text[:-1] if continued else text
        if self._in_comment:
            self.blank.append(number)
            self._in_comment = continued
            return
        found, comment, problem = tokens_of(bare, number)
        if problem:
            self.problems.append((number, problem))
        if not found and not self._open:
            self._alone(number, comment, bare)
            self._in_comment = continued and bool(comment)
            return
        if self._depth and found and found[0].text in _HEADS and not found[0].quoted:
            self._finish(number - 1, "a list is not closed")
        self._in_comment = continued and bool(comment)
        self._take(found, number)
        if not continued and not self._depth:
            self._finish(number)

    def end(self, number: int) -> None:
        """Finish what is still open at the end of the text."""
        if self._open:
            self._finish(number, "a list is not closed" if self._depth else "")
        for owner, _ in self._stack:
            self.problems.append((owner.line, "the anchor is not closed: the text ends inside of it"))
        self._stack.clear()

    def _alone(self, number: int, comment: str, text: str) -> None:
        self.blank.append(number)
        if comment:
            self._comments.append(comment)
        elif not text.strip():
            self._comments.clear()

    def _take(self, found: list[Token], number: int) -> None:
        for at, token in enumerate(found):
            if token.quoted or token.text not in "{}()":
                self._open.append(token)
            elif token.text == "{" and self._opens_body(found, at):
                self._body(number)
            elif token.text == "}" and not self._depth:
                self._close_body(number)
            else:
                self._depth += 1 if token.text in "{(" else -1
                self._depth = max(0, self._depth)
                self._open.append(token)

    def _opens_body(self, found: list[Token], at: int) -> bool:
        if self._depth or at != len(found) - 1 or not self._open or self._open[0].text != "anchor":
            return False
        return self._open[-1].quoted or self._open[-1].text not in _TAKES_LIST

    def _body(self, number: int) -> None:
        statement = Statement(self._open, self._open[0].line, number, " ".join(self._comments), [])
        self._here.append(statement)
        self._stack.append((statement, self._here))
        self._open, self._comments = [], []

    def _close_body(self, number: int) -> None:
        if self._open:
            self._finish(number)
        if not self._stack:
            self.problems.append((number, "a closing brace without an opening one"))
            self.blank.append(number)
            return
        owner, _ = self._stack.pop()
        owner.last = number
        self.blank.append(number)

    def _finish(self, number: int, problem: str = "") -> None:
        if self._open:
            statement = Statement(self._open, self._open[0].line, number, " ".join(self._comments), problem=problem)
            self._here.append(statement)
        self._open, self._comments, self._depth = [], [], 0

    def last(self) -> Statement | None:
        """Return the statement that was finished last."""
        return self._here[-1] if self._here else None
