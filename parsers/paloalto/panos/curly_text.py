"""Reading the curly form, which ``show config running`` prints by default, into the tree of the ``set`` form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.paloalto.panos.clauses import Token
from parsers.paloalto.panos.quoting import OpenQuoteError, split_words
from parsers.paloalto.panos.set_text import canonical
from parsers.paloalto.panos.tree import SetNode
from rulecheck.model.device import Severity

_NOISE = re.compile(r"\s*(?:[#!].*|\[edit.*\]|(?:show|set cli) .*|(?:[\w.-]+@[\w.-]+(?:\([\w -]+\))?[>#].*))?\s*$")
_MAX_DEPTH = 256
_MAX_LINES = 500


class CurlyReader:
    """Reads one input in curly form into a tree with the root ``config``."""

    def __init__(self, config: ConfigText, ledger: Ledger) -> None:
        self._lines = config.lines
        self._ledger = ledger
        self.root = SetNode("config", 1)
        self._path: list[tuple[SetNode, int]] = []

    def read(self) -> SetNode:
        """Read all statements and return the root of the tree."""
        for number, last, text in self._statements():
            self._take(text, number, last)
        if self._path:
            line = self._path[-1][1]
            message = f"the input ends early: a brace of line {line} is not closed"
            self._ledger.report("RC607", Severity.MEDIUM, len(self._lines), message, affects_verdicts=True)
        return self.root

    def _statements(self) -> Iterator[tuple[int, int, str]]:
        """Yield statements with their first and last line: a quoted text may go on over several lines."""
        number = 0
        while number < len(self._lines):
            number += 1
            line = self._lines[number - 1].strip()
            if _NOISE.match(line):
                self._ledger.blank(number)
                continue
            last = number
            while (
                not line.endswith(("{", "}", ";")) and '"' in line and last < min(len(self._lines), number + _MAX_LINES)
            ):
                last += 1
                line += "\n" + self._lines[last - 1].rstrip()
            yield number, last, line
            number = last

    def _take(self, text: str, number: int, last: int) -> None:
        if text == "}":
            self._close(number)
            return
        end = text[-1]
        if end not in "{;":
            self._ledger.unknown(number, "the statement ends neither with ; nor with {", affects_verdicts=True)
            return
        try:
            words = split_words(text[:-1])
        except OpenQuoteError:
            self._ledger.unknown(number, "a quote or bracket is not closed", affects_verdicts=True)
            words = []
        if end == "{":
            self._open(words, number)
        elif words:
            self._leaf(words, number, last)

    def _open(self, words: list[Token], number: int) -> None:
        names = [word for word in words if isinstance(word, str)]
        if len(self._path) >= _MAX_DEPTH:
            self._ledger.unknown(number, f"braces are nested deeper than {_MAX_DEPTH}", affects_verdicts=True)
        node = self._node(names[:1] or ["?"], number)
        if len(names) > 1:
            node = node.add(names[1:], number)
        node.own.append(number)
        self._path.append((node, number))

    def _node(self, names: list[str], number: int) -> SetNode:
        if self._path:
            return self._path[-1][0].add(names, number)
        return self.root if names == ["config"] else self.root.add(_path(names), number)

    def _leaf(self, words: list[Token], number: int, last: int) -> None:
        first = words[0]
        node = self._node([first] if isinstance(first, str) else first, number)
        for word in words[1:]:
            if isinstance(word, str):
                node = node.add((word,), number)
            else:
                for value in word:
                    node.add((value,), number)
        node.own.extend(range(number, last + 1))

    def _close(self, number: int) -> None:
        if not self._path:
            self._ledger.unknown(number, "this brace closes nothing", affects_verdicts=True)
            return
        node, _ = self._path.pop()
        node.own.append(number)


def _path(names: list[str]) -> list[str]:
    return [word for word in canonical(names) if isinstance(word, str)]
