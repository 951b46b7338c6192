"""Rulebases: sections opened, pages joined in order, and the rules that the file does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from parsers.checkpoint.catalogue import shown_name
from parsers.json_text import JsonNode
from parsers.ledger import Ledger
from rulecheck.model.device import Severity

SECTIONS = frozenset({"access-section", "nat-section", "threat-section", "https-section"})


@dataclass(frozen=True, slots=True)
class Gap:
    """Rules that stand here but are not in the file. ``key`` names them, ``what`` says it to people."""

    key: str
    what: str
    line: int


@dataclass(slots=True)
class Rulebase:
    """One layer's rules in order, with the gaps between them. ``kind`` is the type of its rules."""

    uid: str
    name: str
    line: int
    kind: str
    entries: list[JsonNode | Gap] = field(default_factory=list)

    @property
    def rules(self) -> list[JsonNode]:
        """Return the rules alone."""
        return [one for one in self.entries if isinstance(one, JsonNode)]


@dataclass(slots=True)
class Page:
    """One answer with rules. ``first`` and ``last`` are the numbers of its rules, 0 where it does not say."""

    node: JsonNode
    uid: str
    name: str
    rules: list[JsonNode]
    first: int
    last: int
    total: int

    @property
    def kind(self) -> str:
        """Return the type of its rules; access rules where it has none."""
        types = (one.text("type") for one in self.rules)
        found = next((kind for kind in types if kind and kind != "place-holder"), "access-rule")
        return f"{found.removesuffix('-section')}-rule" if found in SECTIONS else found


def page_of(node: JsonNode, ledger: Ledger, name: str) -> Page:
    """Return an answer with a ``rulebase`` (or a bare list of rules), its sections opened."""
    column = node if node.kind == "array" else node.get("rulebase")
    rules = list(_opened(column.items if column is not None else [], ledger))
    for key in ("uid", "name", "from", "to", "total", "rulebase"):
        member = node.get(key)
        if member is not None:
            ledger.understood(member.line)
            ledger.understood(member.end)
    name = node.text("name") or name
    numbers = [node.whole(key) or 0 for key in ("from", "to", "total")]
    return Page(node, node.text("uid") or name, name, rules, *numbers)


def _opened(items: Iterable[JsonNode], ledger: Ledger) -> Iterator[JsonNode]:
    """Yield the entries of a rulebase in order, those of sections in their place."""
    waiting = [iter(items)]
    while waiting:
        one = next(waiting[-1], None)
        if one is None:
            waiting.pop()
        elif one.get("rulebase") is not None and (one.text("type") in SECTIONS or one.text("type") is None):
            _account_section(one, ledger)
            inner = one.get("rulebase")
            waiting.append(iter(inner.items if inner is not None else []))
        else:
            yield one


def _account_section(section: JsonNode, ledger: Ledger) -> None:
    for key, member in section.members.items():
        if key != "rulebase":
            for line in member.lines:
                ledger.understood(line)
    ledger.understood(section.line)
    ledger.understood(section.end)


def join(pages: Iterable[Page], ledger: Ledger) -> list[Rulebase]:
    """Return the rulebases, each from its pages in the order of their rules."""
    grouped: dict[tuple[str, str], list[Page]] = {}
    for page in pages:
        grouped.setdefault((page.uid, page.kind), []).append(page)
    return [_joined(found, ledger) for found in grouped.values()]


def _joined(pages: list[Page], ledger: Ledger) -> Rulebase:
    head = pages[0]
    rulebase = Rulebase(head.uid, head.name, head.node.line, head.kind)
    ordered = sorted(pages, key=lambda page: page.first)
    joiner = _Joiner(rulebase, ledger)
    for page in ordered:
        joiner.page(page)
    joiner.end(max(page.total for page in ordered))
    return rulebase


class _Joiner:
    """Puts pages together and notices what is missing between them, before them and behind them."""

    def __init__(self, rulebase: Rulebase, ledger: Ledger) -> None:
        self._rulebase = rulebase
        self._ledger = ledger
        self._seen: set[str] = set()
        self._number = 0
        self._reached = 0
        self._numbered = True

    def page(self, page: Page) -> None:
        if page.rules and not page.first:
            self._numbered = False
        if page.first > self._reached + 1:
            self._gap(self._reached + 1, page.first - 1, page.node.line)
            self._number = max(self._number, page.first - 1)
        for rule in page.rules:
            self._rule(rule)
        self._reached = max(self._reached, page.last)

    def end(self, total: int) -> None:
        reached = self._reached if self._numbered else len(self._rulebase.rules)
        if total > reached:
            self._gap(reached + 1, total, self._rulebase.line)

    def _rule(self, rule: JsonNode) -> None:
        uid = rule.text("uid")
        if uid is not None and uid in self._seen:
            return
        self._seen.add(uid or "")
        if rule.text("type") in SECTIONS:
            _account_section(rule, self._ledger)
            return
        number = rule.whole("rule-number")
        if number is not None and self._number and number > self._number + 1 and not self._at_gap():
            self._gap(self._number + 1, number - 1, rule.line)
        if number is not None:
            self._number = number
        kind = rule.text("type")
        if kind == "place-holder":
            self._place_holder(rule)
        elif kind is None or kind.endswith(("-rule", "-exception")):
            self._rulebase.entries.append(rule)
        else:
            self._ledger.unknown(rule.line, "this entry of a rulebase was not understood", affects_verdicts=True)
            self._add_gap(rule.line, "an entry that was not understood", f"line {rule.line}")

    def _at_gap(self) -> bool:
        return bool(self._rulebase.entries) and isinstance(self._rulebase.entries[-1], Gap)

    def _gap(self, first: int, last: int, line: int) -> None:
        name = shown_name(None, self._rulebase.name)
        rules = f"rule {first}" if first == last else f"rules {first} to {last}"
        self._add_gap(line, f"{rules} of {name}", f"{first}-{last}")
        if self._rulebase.kind == "access-rule":
            message = f"{rules} of {name} are not in this file: export all pages, without a filter, into one file"
            self._ledger.report("RC607", Severity.HIGH, line, message, affects_verdicts=True)

    def _place_holder(self, rule: JsonNode) -> None:
        for line in rule.lines:
            self._ledger.understood(line)
        message = "the rules of the domain stand here, and are not in this file"
        self._ledger.report("RC607", Severity.MEDIUM, rule.line, message, affects_verdicts=True)
        self._add_gap(rule.line, "the rules of the domain", f"place {rule.whole('rule-number') or rule.line}")

    def _add_gap(self, line: int, what: str, key: str) -> None:
        self._rulebase.entries.append(Gap(f"missing:{shown_name(None, self._rulebase.name)}:{key}", what, line))
