"""From lines to the configuration tree: curly text, ``set`` commands, and captures with prompts around them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.juniper.capture import FRAGMENTS, is_screen_text, shown_path, without_prompt
from parsers.juniper.commands import VERBS, Commands
from parsers.juniper.hit_counts import HitTable
from parsers.juniper.tokens import NOTE_LENGTH, Lexer
from parsers.juniper.tree import Node, descend
from parsers.ledger import Ledger
from rulecheck.model.device import Severity

LONGEST_LINE = 200_000
"""Characters; Junos prints nothing near it. Longer lines are reported and not read."""

DEEPEST = 60
"""Nested blocks; Junos has about 20."""

MOST_WORDS = 60
"""Words on the way to a statement; Junos needs about 25."""

_TAGS = frozenset({"inactive:", "protect:", "replace:", "delete:", "create:", "merge:", "active:", "update:"})
_MORE = re.compile(r"-{2,3}\(more(?: \d+%)?\)-{2,3}\x08*\s*")


class Reader:
    """Builds the tree of one input and remembers which node each line wrote."""

    def __init__(self, lines: Sequence[str], ledger: Ledger) -> None:
        self.root = Node("", 0)
        self.hits = HitTable()
        self._lines = lines
        self._ledger = ledger
        self._commands = Commands(self.root, ledger)
        self._owners: list[Node | None] = [None] * (len(lines) + 1)
        self._others: dict[int, list[Node]] = {}
        self._lexer = Lexer()
        self._base: list[str] = []
        self._edit: list[str] = []
        self._stack: list[tuple[Node, bool]] = []
        self._words: list[str] = []
        self._list: list[str] | None = None
        self._began = 0
        self._note = ""
        self._comment = ""
        self._too_deep = 0

    def read(self) -> Node:
        """Return the root of the tree."""
        for number, raw in enumerate(self._lines, start=1):
            self._line(number, raw)
        self._end()
        self._commands.finish()
        return self.root

    def account(self) -> None:
        """Tell the ledger what became of every line that belongs to the tree."""
        for number, node in enumerate(self._owners):
            if node is not None:
                self._settle(number, [node, *self._others.get(number, ())])

    def contexts(self) -> dict[int, str]:
        """Return the logical system or tenant that each line belongs to; lines of the device itself are left out."""
        found: dict[int, str] = {}
        for number, node in enumerate(self._owners):
            path = node.path()[:2] if node is not None else []
            if len(path) == 2 and path[0] in ("logical-systems", "tenants"):
                found[number] = path[1]
        return found

    def _settle(self, number: int, nodes: list[Node]) -> None:
        marks = {node.outcome() for node in nodes}
        if 3 in marks or 0 in marks:
            self._ledger.unknown(number, "this statement is not known", affects_verdicts=_matters(nodes[0]))
        elif 2 in marks:
            self._ledger.understood(number)
        else:
            self._ledger.ignored(number)

    def _line(self, number: int, raw: str) -> None:
        if len(raw) > LONGEST_LINE:
            message = f"the line is longer than {LONGEST_LINE:,} characters and was not read"
            self._ledger.unknown(number, message, affects_verdicts=True)
            return
        if "more" in raw:
            raw = _MORE.sub("", raw)
        text = raw.strip()
        if not text:
            self._ledger.blank(number)
        elif self._lexer.inside or self._stack or self._words:
            self._curly(number, text)
        else:
            self._top(number, text)

    def _top(self, number: int, text: str) -> None:
        """Read a line outside every block: a command, a prompt, or the start of a statement."""
        if self.hits.takes(text):
            self._ledger.understood(number)
            return
        bare = without_prompt(text)
        if bare is not text:
            self._prompt(number, bare)
        elif text[0] == "#" or is_screen_text(text):
            self._ledger.blank(number)
            self._banner(text)
        elif text.split(None, 1)[0] in VERBS and not text.endswith("{"):
            self._owners[number] = self._commands.run(text, number)
        else:
            self._curly(number, text)

    def _banner(self, text: str) -> None:
        if text.startswith("[edit"):
            self._edit = text[1:].rstrip("]").split()[1:]

    def _prompt(self, number: int, text: str) -> None:
        """Read what was typed behind a prompt."""
        if text.split(None, 1)[:1] and text.split(None, 1)[0] in VERBS:
            self._owners[number] = self._commands.run(text, number)
            return
        path = shown_path(text)
        if path is not None:
            self._base = [*self._edit, *path] if text.startswith("show") and "configuration" not in text else path
        self._ledger.blank(number)

    def _curly(self, number: int, text: str) -> None:
        before = self._comment or self._lexer.inside or text.startswith("/*")
        tokens = self._lexer.tokens(text, number)
        comment = self._lexer.take_note()
        if before and comment:
            self._comment = f"{self._comment} {comment}".strip()[:NOTE_LENGTH]
        if self._words and self._list is None and tokens and tokens[0] not in ("{", ";", "["):
            self._unfinished()
        for token in tokens:
            self._token(token, number)
        if tokens:
            self._comment = ""
        else:
            self._ledger.blank(number)

    def _token(self, sign: str, number: int) -> None:
        if self._list is not None and sign not in ("]", "{", "}", ";"):
            self._list.append(sign.removeprefix("\0"))
        elif sign == "[":
            self._list = []
        elif sign == "]":
            self._close_list(number)
        elif sign == "{":
            self._open(number)
        elif sign == "}":
            self._close(number)
        elif sign == ";":
            self._statement(number)
        else:
            self._word(sign, number)

    def _word(self, token: str, number: int) -> None:
        if not self._words:
            self._began = number
            self._note, self._comment = self._comment, ""
        self._words.append(token.removeprefix("\0"))

    def _close_list(self, number: int) -> None:
        if self._list is None:
            self._ledger.report("RC606", Severity.LOW, number, "a ] without a [ before it")

    def _open(self, number: int) -> None:
        self._list = None
        node = self._build(number)
        if node is None or len(self._stack) >= DEEPEST:
            if not self._too_deep:
                message = f"blocks are nested deeper than {DEEPEST} levels or have no name; what is inside was not read"
                self._ledger.report("RC606", Severity.MEDIUM, number, message, affects_verdicts=True)
            self._too_deep += 1
        else:
            self._stack.append((node, False))

    def _close(self, number: int) -> None:
        if self._words:
            self._statement(number)
        if self._too_deep:
            self._too_deep -= 1
            self._ledger.understood(number)
        elif self._stack:
            self._remember(number, self._stack.pop()[0])
        else:
            self._ledger.unknown(number, "this } closes nothing: the beginning of the block is missing")
        self._comment = ""

    def _statement(self, number: int) -> None:
        """Finish the statement that has been gathered."""
        values, self._list = self._list, None
        if not self._words:
            self._remember(number, self._stack[-1][0]) if self._stack else self._ledger.blank(number)
            return
        node = self._build(number)
        if node is not None:
            for value in values or ():
                self._remember(number, node.child(value, number))

    def _build(self, number: int) -> Node | None:
        """Add the gathered words to the tree and return the last one's node."""
        words, self._words = self._words, []
        tags = set()
        while words and words[0] in _TAGS:
            tags.add(words.pop(0))
        if not words or self._too_deep or len(words) > MOST_WORDS:
            for line in range(self._began or number, number + 1):
                self._ledger.unknown(line, "this statement was not read", affects_verdicts=True)
            return None
        parent = self._stack[-1][0] if self._stack else self._context(words)
        known = "replace:" in tags or "delete:" in tags
        node = descend(parent, words, self._began)
        if known:
            node.clear()
        if "inactive:" in tags or "delete:" in tags:
            node.active = False
        if self._note:
            node.note, self._note = self._note, ""
        for line in range(self._began, number + 1):
            self._remember(line, node)
        return node

    def _context(self, words: list[str]) -> Node:
        """Return where a statement outside every block belongs: below a shown path, or where its words can stand."""
        if self._base:
            return descend(self.root, self._base, self._began)
        return descend(self.root, FRAGMENTS.get(words[0], ()), self._began)

    def _remember(self, number: int, node: Node) -> None:
        if self._owners[number] is None:
            self._owners[number] = node
        else:
            self._others.setdefault(number, []).append(node)

    def _unfinished(self) -> None:
        """A statement ended with its line: the semicolon is missing, or the line is no configuration."""
        if self._stack:
            self._ledger.report("RC606", Severity.LOW, self._began, "the ; at the end of this statement is missing")
            self._statement(self._began)
            return
        self._ledger.unknown(self._began, "this line is no statement of a Junos configuration")
        self._words, self._list = [], None

    def _end(self) -> None:
        last = len(self._lines)
        if self._words:
            self._unfinished()
        if self._lexer.inside:
            message = f"the input ends inside the comment that begins in line {self._lexer.opened}"
            self._ledger.report("RC607", Severity.MEDIUM, last, message, affects_verdicts=True)
        if self._stack or self._too_deep:
            message = f"the input ends inside {len(self._stack) + self._too_deep} open block(s): it is incomplete"
            self._ledger.report("RC607", Severity.MEDIUM, last, message, affects_verdicts=True)


def _matters(node: Node) -> bool:
    return any(word in ("firewall", "policies", "applications", "address-book") for word in node.path())
