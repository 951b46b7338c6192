"""One text as a device: statements sorted by what they are, rules in the order in which they decide."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from parsers.base import ConfigText
from parsers.bsd.pf.draft import alternatives
from parsers.bsd.pf.hosts import Hosts, definition
from parsers.bsd.pf.macros import Macros, TooLargeError
from parsers.bsd.pf.order import Around, Entry, in_order
from parsers.bsd.pf.reader import TRANSLATIONS, Reader
from parsers.bsd.pf.tables import read_table
from parsers.bsd.pf.tokens import Splitter, Statement, Token
from parsers.bsd.pf.values import interface
from parsers.ledger import Ledger
from parsers.redact import redact
from rulecheck.model.device import Device, ObjectUse, Policy, Severity, SourceFile
from rulecheck.model.rule import PERMIT, Outcome, Verb

_NUMBERED = re.compile(r"\s*@\d+(?:\(\d+\))?\s+")
_COUNTERS = re.compile(r"\s*\[ (?:Evaluations|Inserted|queue|State Creations|Last Active|Source Nodes|ridentifier)\b")
_NOISE = re.compile(
    r"\s*(?:\S+[#$%>] *(?:(?:sudo|doas) )?(?:pfctl|cat)\b.*|(?:FILTER|TRANSLATION|NAT|TABLES) RULES:\s*)$"
)
_FILTER = frozenset({"pass", "block", "match", "antispoof"})
_IGNORED = frozenset({
    "scrub", "queue", "altq", "oldqueue", "nat-anchor", "rdr-anchor", "binat-anchor", "dummynet-anchor", "pipe",
    "scrub-anchor", "state-defaults", "ether",
})  # fmt: skip
"""Statements that normalise, shape or translate elsewhere: they let no packet in or out."""

DEFAULT = Outcome(Verb.PERMIT, ("no state",))
"""What happens to packets that no rule matches: they pass, and no state is kept (pf.conf(5))."""

MOST_DEPTH = 64
"""Deepest nesting of anchors that is read; pf itself allows less."""


@dataclass(slots=True)
class _Sorted:
    """The statements of a text by what they are for."""

    rules: list[Entry] = field(default_factory=list)
    skips: list[Statement] = field(default_factory=list)
    translations: dict[str, list[Statement]] = field(default_factory=dict)


def build(config: ConfigText, platform: str, name: str) -> Device:
    """Return the device that a text configures."""
    ledger = Ledger(config)
    builder = _Builder(config, ledger)
    policies = builder.policies()
    counts, diagnostics = ledger.close()
    source = SourceFile(config.path, config.sha256, counts)
    objects = tuple(definition(builder.hosts, one) for one in builder.hosts.tables.values())
    return Device(name, platform, source, policies, objects, tuple(builder.reader.uses), diagnostics)


class _Builder:
    def __init__(self, config: ConfigText, ledger: Ledger) -> None:
        self._config = config
        self._ledger = ledger
        self._macros = Macros()
        self._sorted = _Sorted()
        self.hosts = Hosts(config.path, ledger)
        self.reader = Reader(config, ledger, self.hosts)

    def policies(self) -> tuple[Policy, ...]:
        statements = self._statements()
        flat = self._flattened(statements)
        self._definitions(flat)
        self._sort(statements, self._sorted.rules)
        self.reader.independent_groups = not _names_interfaces(flat)
        found = [self._filter()] if self._sorted.rules or self._sorted.skips else []
        for kind, listed in self._sorted.translations.items():
            rules = tuple(self.reader.rule(one, index, kind) for index, one in enumerate(listed))
            found.append(Policy(kind, "translation", rules, PERMIT, applied=True))
        return tuple(found)

    def _filter(self) -> Policy:
        skips = [Entry(one, quick=True) for one in self._sorted.skips]
        ordered = [*skips, *in_order(self._sorted.rules)]
        rules = tuple(self.reader.rule(one.statement, at, "rules", one.around) for at, one in enumerate(ordered))
        return Policy("rules", "ruleset", rules, DEFAULT, applied=True)

    # --- reading the lines ---------------------------------------------------------------------------------

    def _statements(self) -> list[Statement]:
        splitter = Splitter()
        for number, line in enumerate(self._config.lines, start=1):
            if _COUNTERS.match(line):
                self._ledger.understood(number)
                last = splitter.last()
                if last is not None:
                    last.counters.append((number, line))
            elif _NOISE.match(line):
                self._ledger.ignored(number)
            else:
                splitter.feed(number, _NUMBERED.sub("", line, count=1) if "@" in line[:40] else line)
        splitter.end(len(self._config.lines))
        for number in splitter.blank:
            self._ledger.blank(number)
        for number, problem in splitter.problems:
            self._ledger.unknown(number, problem, affects_verdicts=True)
        return splitter.top

    def _flattened(self, statements: list[Statement]) -> list[Statement]:
        found: list[Statement] = []
        waiting = list(reversed(statements))
        while waiting:
            one = waiting.pop()
            found.append(one)
            waiting.extend(reversed(one.body or []))
        return found

    def _definitions(self, statements: list[Statement]) -> None:
        """Put macros in, and take macros, tables and options, in the order of the text."""
        for one in statements:
            for line in range(one.line, one.last + 1):
                if not one.body:
                    self._ledger.understood(line)
            self._ledger.understood(one.line)
            try:
                if self._macros.define(one):
                    one.tokens = []
                    continue
                one.tokens, missing = self._macros.expand(one.tokens)
            except TooLargeError as error:
                self._ledger.unknown(one.line, str(error), affects_verdicts=True)
                one.tokens = []
                continue
            for name in missing:
                message = f"macro ${redact(name)[:60]} is not defined"
                self._ledger.report("RC603", Severity.MEDIUM, one.line, message, affects_verdicts=True)
            if one.head == "table":
                read_table(self.hosts, one)
            elif one.head == "set":
                self._option(one)
            self._overload(one.tokens)

    def _option(self, statement: Statement) -> None:
        words = [one.text for one in statement.tokens[1:]]
        if words[:1] == ["block-policy"] and len(words) > 1:
            self.reader.block_policy = words[1]

    def _overload(self, tokens: list[Token]) -> None:
        """Note tables that rules fill while they work."""
        for one, two in pairwise(tokens):
            if one.text == "overload" and two.text.startswith("<"):
                name = two.text.strip("<>")
                self.hosts.filled.add(name)
                self.reader.uses.append(ObjectUse("overload of a rule", None, "table", redact(name)))

    # --- sorting -------------------------------------------------------------------------------------------

    def _sort(self, statements: list[Statement], into: list[Entry]) -> None:
        waiting: list[tuple[list[Statement], list[Entry], Around]] = [(statements, into, ())]
        while waiting:
            here, entries, around = waiting.pop()
            for one in here:
                entry = self._entry(one, around)
                if entry is None:
                    continue
                entries.append(entry)
                if entry.is_anchor and one.body is not None:
                    if len(around) >= MOST_DEPTH:
                        self._ledger.unknown(one.line, "anchors are nested too deeply", affects_verdicts=True)
                        continue
                    inner = alternatives(self.reader.anchor_match(one))
                    waiting.append((one.body, entry.inner, (*around, inner)))

    def _entry(self, one: Statement, around: Around) -> Entry | None:
        words = [token.text for token in one.tokens]
        if not words or one.head == "table":
            return None
        if one.head in _FILTER:
            return Entry(one, quick="quick" in words or one.head == "match", around=around)
        if one.head == "anchor":
            if one.body is not None:
                return Entry(one, quick="quick" in words, is_anchor=True)
            return Entry(one, quick=True, around=around)
        if one.head in ("include", "load"):
            return Entry(one, quick=True, around=around)
        self._other(one, words)
        return None

    def _other(self, one: Statement, words: list[str]) -> None:
        if one.head == "set":
            if words[1:2] == ["skip"]:
                self._sorted.skips.append(one)
        elif one.head in TRANSLATIONS or (one.head == "no" and words[1:2] and words[1] in TRANSLATIONS):
            kind = words[1] if one.head == "no" else one.head
            self._sorted.translations.setdefault(kind, []).append(one)
        elif one.head not in _IGNORED and words[:2] != ["no", "scrub"]:
            message = f"the statement {redact(one.head)[:40]!r} was not understood"
            self._ledger.unknown(one.line, message, affects_verdicts=True)


def _names_interfaces(statements: Iterable[Statement]) -> bool:
    """Return whether rules name interfaces: then groups may be the same ones."""
    for one in statements:
        if one.head not in _FILTER and one.head != "anchor":
            continue
        for word, name in pairwise(one.tokens):
            if word.text == "on" and (name.text in ("{", "!") or _is_known(name.text)):
                return True
    return False


def _is_known(name: str) -> bool:
    try:
        return interface(name) is not None
    except ValueError:
        return True
