"""Lines into statements: quotes, values over several lines, prompts and pagers of a terminal capture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.base import ConfigText
from parsers.ledger import Ledger

VERBS = frozenset(
    {"config", "edit", "next", "end", "set", "unset", "append", "select", "unselect", "delete", "purge", "move"}
    | {"rename", "clone", "clear", "abort"}
)
"""First words of statements."""

_CAPTURE_VERBS = frozenset({"show", "get", "diagnose", "diag", "execute", "exec", "exit", "quit", "fnsysctl", "sh"})
_PROMPT = re.compile(r"\s*(\S{1,80}) (?:\([^()]{0,80}\) )?[#$](?: (.*))?$")
_PAGER = re.compile(r"--More--[\s\x08]*")
_TOKEN = re.compile(r'(?:"(?:[^"\\]|\\.)*"|\\.|[^\s"\\])+', re.DOTALL)
_PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|\\(.)|([^\s"\\]+)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_LOOSE = re.compile(r'"([^"]*)"|([^\s"]+)')
_STRUCTURE = re.compile(r"\s*(?:set|unset|append|edit|config)\s+\S|\s*(?:next|end)\s*$")


@dataclass(slots=True)
class Statement:
    """One command. ``rest`` is the text behind the verb; ``last`` the line it ends on, for values over several lines.

    ``broken``: its quotes do not match.
    """

    line: int
    last: int
    verb: str
    rest: str
    broken: bool = False

    def words(self) -> list[str]:
        """Return the arguments without their quotes."""
        if self.broken:
            pairs = ((a or b).strip() for a, b in _LOOSE.findall(self.rest))
            return [word for word in pairs if word]
        if '"' not in self.rest and "\\" not in self.rest:
            return self.rest.split()
        return [_unquote(token) for token in _TOKEN.findall(self.rest)]


def _unquote(token: str) -> str:
    if '"' not in token and "\\" not in token:
        return token
    found = []
    for quoted, escaped, plain in _PIECE.findall(token):
        found.append(_ESCAPE.sub(r"\1", quoted) if "\\" in quoted else quoted or escaped or plain)
    return "".join(found)


def _is_open(text: str) -> bool:
    """Return whether a text ends inside quotes."""
    if '"' not in text:
        return False
    if "\\" in text:
        text = _ESCAPE.sub("", text)
    return text.count('"') % 2 == 1


class LineReader:
    """Yields the statements of one input and accounts for lines that are none."""

    def __init__(self, config: ConfigText, ledger: Ledger) -> None:
        self._lines = config.lines
        self._ledger = ledger
        self._never_closed = False

    def read(self) -> Iterator[Statement]:
        """Yield every statement in order."""
        position = 0
        while position < len(self._lines):
            number = position + 1
            text = self._text(self._lines[position], number)
            position += 1
            if text is None:
                continue
            verb, _, rest = text.partition(" ")
            statement = Statement(number, number, verb, rest.strip())
            if _is_open(rest):
                position = self._continue(statement, position)
            yield statement

    def _text(self, line: str, number: int) -> str | None:
        """Return the statement on a line; None for lines without one, which are accounted for here."""
        text = _PAGER.sub("", line) if "--More--" in line else line
        text = text.replace("\x08", "").strip()
        if not text or text.startswith("#"):
            self._ledger.blank(number)
            return None
        if text.partition(" ")[0] in VERBS:
            return text
        prompt = _PROMPT.match(text)
        if prompt:
            text = (prompt.group(2) or "").strip()
        first = text.partition(" ")[0]
        if first in VERBS:
            return text
        if prompt or first in _CAPTURE_VERBS:
            self._ledger.ignored(number)
            return None
        return text

    def _continue(self, statement: Statement, position: int) -> int:
        """Take the lines of an open quoted value; return the position behind it.

        A next line that is a command itself means that the quotes of this line are broken.
        """
        if position >= len(self._lines) or self._never_closed or _STRUCTURE.match(self._lines[position]):
            statement.broken = True
            return position
        parts = [statement.rest]
        for index in range(position, len(self._lines)):
            line = self._lines[index]
            parts.append(line)
            if _is_open(line):
                statement.rest = "\n".join(parts)
                statement.last = index + 1
                return index + 1
        self._never_closed = True
        statement.broken = True
        return position
