"""What the readers of one system share: citations, diagnostics, objects and their uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parsers.juniper.tree import Node
from parsers.ledger import Ledger
from parsers.redact import redact, redact_text, show
from rulecheck.model.device import ObjectDefinition, ObjectUse, Severity
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition
from rulecheck.model.provenance import Origin

MOST_PIECES = 1_000_000
"""Intervals that the masks with gaps of one system may add up to."""

LONGEST_WAY = 15
"""Names of nested groups that a citation keeps behind the first; nobody nests deeper on purpose."""

_SHOWN_VALUES = 12


@dataclass(slots=True)
class Facts:
    """Collects what was found out about one system (the device, a logical system or a tenant).

    ``deciding`` is False while a rule is read that takes part in nothing, ``closing`` True when all rules have been
    read and only objects are left that nothing uses: what is wrong there cannot change a verdict.
    """

    file: str
    lines: Sequence[str]
    ledger: Ledger
    objects: list[ObjectDefinition] = field(default_factory=list)
    uses: list[ObjectUse] = field(default_factory=list)
    deciding: bool = True
    pieces: int = MOST_PIECES
    closing: bool = False
    _used: set[ObjectUse] = field(default_factory=set)

    def origin(self, node: Node, text: str | None = None, path: tuple[str, ...] = ()) -> Origin:
        """Return the citation of a node: its line, and a text or the node's word."""
        return Origin(self.file, node.line, node.word if text is None else text, path)

    def line_origin(self, node: Node) -> Origin:
        """Return the citation of a node with its whole line as text."""
        text = show(self.lines[node.line - 1]) if 0 < node.line <= len(self.lines) else node.word
        return Origin(self.file, node.line, text)

    def use(self, policy: str, rule: int | None, kind: str, name: str) -> None:
        """Note that an object is used."""
        one = ObjectUse(policy, rule, kind, name)
        if one not in self._used:
            self._used.add(one)
            self.uses.append(one)

    def affords(self, values: IntervalSet) -> bool:
        """Return whether a set of addresses with gaps may still be spelled out."""
        if len(values.intervals) > 1:
            self.pieces -= len(values.intervals)
        return self.pieces >= 0

    def undefined(self, node: Node, message: str) -> None:
        """Report a rule's reference to something that is not defined (RC603)."""
        self.report("RC603", node, message, affects_verdicts=self.deciding)

    def malformed(self, node: Node, message: str) -> None:
        """Report a value that is out of range or malformed (RC606)."""
        self.report("RC606", node, message)

    def report(self, code: str, node: Node, message: str, *, affects_verdicts: bool = True) -> None:
        """Report something about an object that rules share."""
        affects = affects_verdicts and not self.closing
        self.ledger.report(code, Severity.MEDIUM, node.line, message, affects_verdicts=affects)

    def doubt(self, node: Node, message: str, code: str = "RC602") -> Condition:
        """Report a clause that was not understood; return a condition that no other rule has."""
        node.take(whole=True)
        self.report(code, node, message, affects_verdicts=self.deciding)
        key = " ".join((f"line {node.line}", *node.path()[-6:]))
        return Condition(redact(key), message, self.origin(node, redact(node.word)))

    def unknown(self, nodes: Iterable[Node]) -> None:
        """Mark statements outside the rules as not understood: their lines are reported one by one."""
        for node in nodes:
            node.reject()


def description(node: Node | None) -> str:
    """Return the description or comment of a node without secrets."""
    if node is None:
        return ""
    text = node.text("description") or node.note
    return redact_text(text) if text else ""


def summary(node: Node) -> str:
    """Return a block as one line, the way ``set`` commands would say it; long lists are shortened."""
    words: list[str] = []
    stack: list[Node | str] = [node]
    while stack and len(words) < 120:
        one = stack.pop()
        if isinstance(one, str):
            words.append(one)
            continue
        words.append(f'"{one.word}"' if " " in one.word else one.word)
        below = [child for child in one.children.values() if child.word != "description"]
        if len(below) > 1:
            shown = below[:_SHOWN_VALUES]
            stack.append("]" if all(not child.children for child in shown) else "}")
            if len(below) > _SHOWN_VALUES:
                stack.append("…")
            stack.extend(reversed(shown))
            stack.append("[" if all(not child.children for child in shown) else "{")
        else:
            stack.extend(below)
    return show(" ".join(words))
