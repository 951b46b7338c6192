"""Collecting access lists: numbered, named and captured ones, in the order in which the device evaluates them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from parsers.cisco.acl.dialect import Dialect
from parsers.cisco.acl.draft import Draft
from parsers.cisco.acl.entries import ENTRY_WORDS, EntryReader
from parsers.cisco.blocks import Block
from parsers.cisco.vocabulary import is_number
from parsers.ledger import Ledger
from parsers.redact import redact_text, show
from rulecheck.model.device import Severity
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Outcome

_STEP = 10

_STANDARD = (range(1, 100), range(1300, 2000))
_EXTENDED = (range(100, 200), range(2000, 2700))
_OTHER = (
    (range(200, 300), "a protocol type list"),
    (range(300, 400), "a DECnet list"),
    (range(400, 600), "an XNS list"),
    (range(600, 700), "an AppleTalk list"),
    (range(700, 800), "a MAC address list"),
    (range(800, 1000), "an IPX list"),
    (range(1000, 1100), "an IPX SAP list"),
    (range(1100, 1200), "a MAC address list"),
    (range(1200, 1300), "an IPX summary list"),
    (range(2700, 3000), "an MPLS list"),
)
_SETTINGS = frozenset({"compiled", "dynamic-extend", "dynamic-extended", "hardware", "rate-limit"})
_NO_FRAGMENT_RULES = "fragment-rules"
_FRAGMENTS = {"permit-all": PERMIT, "deny-all": DENY}
_CONFIGURED = re.compile(r"Configured on\s*(Ingress|Egress)?\s*:\s*(\S.*)?$", re.IGNORECASE)
_SUMMARY = re.compile(r"(?:Total rules configured|Configured on|Active on)\b.*:", re.IGNORECASE)
_WORDS_SHOWN = 40


@dataclass(slots=True)
class Entry:
    """One entry with its place: ``sequence`` is the number that it gets, ``written`` the one written."""

    draft: Draft
    sequence: int
    written: int | None
    description: str


@dataclass(slots=True)
class AccessList:
    """One access list as written. ``shown`` tells that it comes from a ``show`` capture.

    ``leftover_fragments`` is what happens to non-initial fragments that no entry with ``fragments`` takes, where the
    list says so. ``fragment_rules`` False: permits with ports do not take the non-initial fragments of their flow.
    ``splits_fragments``: some entry has the keyword ``fragments``; set when the list is complete.
    """

    name: str
    family: int
    origin: Origin
    shown: bool = False
    by_sequence: dict[int, list[Entry]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    last: int = 0
    leftover_fragments: Outcome | None = None
    fragment_rules: bool = True
    splits_fragments: bool = False

    def ordered(self) -> list[Entry]:
        """Return the entries in the order of evaluation, which is that of their sequence numbers."""
        return [entry for number in sorted(self.by_sequence) for entry in self.by_sequence[number]]


class ListCollector:
    """Takes the lines of access lists and keeps the lists by (family, name)."""

    def __init__(self, path: str, ledger: Ledger, reader: EntryReader, dialect: Dialect) -> None:
        self._path = path
        self._dialect = dialect
        self._ledger = ledger
        self._reader = reader
        self.lists: dict[tuple[int, str], AccessList] = {}
        self.set_aside: set[str] = set()
        self.captured_uses: list[tuple[int, str, str, int]] = []
        self._shown: dict[tuple[int, str], AccessList] = {}

    def numbered(self, line: int, text: str) -> None:
        """Read one ``access-list NUMBER …`` line."""
        words = text.split(None, 2)
        name = words[1] if len(words) > 1 else ""
        if name.lower() in _SETTINGS:
            self._ledger.ignored(line)
            return
        style = _number_style(name)
        if style is None or len(words) < 3:
            self._ledger.unknown(line, _why_not(name, len(words)), affects_verdicts=True)
            return
        if style not in ("standard", "extended"):
            self._set_aside(line, name, f"access list {name} is {style}: it is not analysed")
            return
        shown = show(text)
        found = self._list(4, name, Origin(self._path, line, shown))
        self._statement(found, line, words[2], shown, standard=style == "standard")

    def named(self, block: Block, name: str, family: int, *, standard: bool, shown: bool = False) -> None:
        """Read a block whose children are the entries of a list."""
        self._ledger.understood(block.line)
        origin = Origin(self._path, block.line, show(block.text))
        if shown:
            found = self._shown[family, name] = AccessList(name, family, origin, shown=True)
        else:
            found = self._list(family, name, origin)
        for child in block.children:
            for one in child.walk():
                self._statement(found, one.line, one.text, show(one.text), standard=standard)

    def remove(self, line: int, family: int, name: str) -> None:
        """Take back what was defined so far (``no access-list …``)."""
        self._ledger.understood(line)
        self.lists.pop((family, name), None)

    def finish(self) -> dict[tuple[int, str], AccessList]:
        """Return all lists. A captured list that the configuration defines too only gives its counters."""
        for key, shown in self._shown.items():
            defined = self.lists.setdefault(key, shown)
            if defined is not shown:
                hits = {entry.sequence: entry.draft.hits for entry in shown.ordered()}
                for entry in defined.ordered():
                    entry.draft.hits = entry.draft.hits or hits.get(entry.sequence)
        return self.lists

    def other(self, block: Block, what: str, name: str) -> None:
        """Set a list of another kind aside, with a note."""
        self._set_aside(block.line, name, f"{what} is not analysed")
        for child in block.walk():
            self._ledger.ignored(child.line)

    def _set_aside(self, line: int, name: str, message: str) -> None:
        """Account for a line of a list that is not analysed; the first line of the list says so."""
        self._ledger.ignored(line)
        if name not in self.set_aside:
            self.set_aside.add(name)
            self._ledger.report("RC601", Severity.INFO, line, message)

    def _list(self, family: int, name: str, origin: Origin) -> AccessList:
        found = self.lists.get((family, name))
        if found is None:
            found = self.lists[family, name] = AccessList(name, family, origin)
        return found

    def _statement(self, found: AccessList, line: int, text: str, shown: str, *, standard: bool) -> None:
        """Read an entry, a remark or a setting inside a list."""
        number, text = _leading_number(text)
        parts = text.split(None, 1)
        word = parts[0].lower() if parts else ""
        if word == "remark":
            self._ledger.understood(line)
            found.remarks.append(redact_text(parts[1].strip()) if len(parts) > 1 else "")
            found.last = max(found.last, number or 0)
        elif word in ENTRY_WORDS:
            self._ledger.understood(line)
            draft = self._reader.read(text, Origin(self._path, line, shown), found.family, standard=standard)
            self._add(found, draft, number if draft.sequence is None else draft.sequence)
        elif word == "no":
            self._take_back(found, line, parts[1] if len(parts) > 1 else "")
        elif word == "fragments" and len(parts) > 1 and parts[1].lower() in _FRAGMENTS:
            self._ledger.understood(line)
            found.leftover_fragments = _FRAGMENTS[parts[1].lower()]
        elif word in self._dialect.settings:
            self._ledger.ignored(line)
        elif found.shown and _SUMMARY.match(text):
            self._summary(found, line, text)
        else:
            message = (
                f'"{word[:_WORDS_SHOWN]}" is not an entry of access list {found.name}: the list may do something else'
            )
            self._ledger.unknown(line, message, affects_verdicts=True)

    def summary(self, block: Block) -> bool:
        """Read what a capture says behind the entries of a list, not indented; False if it is something else."""
        found = next(reversed(self._shown.values()), None)
        if found is None or not _SUMMARY.match(block.text):
            return False
        for one in block.walk():
            self._summary(found, one.line, " ".join(one.words))
        return True

    def _summary(self, found: AccessList, line: int, text: str) -> None:
        """Read what a capture says below the entries: how many there are, where the list is configured."""
        self._ledger.understood(line)
        where = _CONFIGURED.match(text)
        if where and where.group(2):
            direction = {"ingress": " in", "egress": " out"}.get((where.group(1) or "").lower(), "")
            for place in where.group(2).replace(",", " ").split():
                self.captured_uses.append((found.family, found.name, f"{place}{direction}", line))

    def _take_back(self, found: AccessList, line: int, what: str) -> None:
        """Apply ``no SEQUENCE`` or ``no sequence SEQUENCE`` inside a list."""
        number = what.lower().removeprefix("sequence").strip()
        setting = number.split(None, 1)[0] if number else ""
        if setting in self._dialect.settings:
            self._ledger.ignored(line)
            found.fragment_rules = found.fragment_rules and setting != _NO_FRAGMENT_RULES
            return
        if not is_number(number) or len(number) > 10:
            self._ledger.unknown(line, "this removal was not understood", affects_verdicts=True)
            return
        self._ledger.understood(line)
        found.by_sequence.pop(int(number), None)

    def _add(self, found: AccessList, draft: Draft, number: int | None) -> None:
        sequence = found.last + _STEP if number is None else number
        if sequence in found.by_sequence:
            message = f"sequence number {sequence} is used twice in access list {found.name}"
            self._ledger.report("RC606", Severity.MEDIUM, draft.origin.line, message, affects_verdicts=True)
        found.last = max(found.last, sequence)
        entry = Entry(draft, sequence, number, " ".join(filter(None, found.remarks)))
        found.by_sequence.setdefault(sequence, []).append(entry)
        found.remarks = []


@lru_cache(maxsize=1024)
def _number_style(name: str) -> str | None:
    """Return what a list of this number is; None when the name is no number or in no range."""
    if not is_number(name) or len(name) > 6:
        return None
    number = int(name)
    if any(number in one for one in _STANDARD):
        return "standard"
    if any(number in one for one in _EXTENDED):
        return "extended"
    return next((what for numbers, what in _OTHER if number in numbers), None)


def _why_not(name: str, words: int) -> str:
    if words < 3:
        return "this access-list line is incomplete"
    shown = name[:_WORDS_SHOWN]
    return f"{shown} is not the number of an access list; IOS writes named lists as blocks (ip access-list …)"


def _leading_number(text: str) -> tuple[int | None, str]:
    """Split a sequence number from the front of an entry (``10 permit …``, ``sequence 10 permit …``)."""
    parts = text.split(None, 2)
    if len(parts) > 1 and is_number(parts[0]) and len(parts[0]) <= 10:
        return int(parts[0]), " ".join(parts[1:])
    if len(parts) > 2 and parts[0].lower() == "sequence" and is_number(parts[1]) and len(parts[1]) <= 10:
        return int(parts[1]), parts[2]
    return None, text
