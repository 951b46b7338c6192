"""The ``access-list`` lines of a configuration or a ``show access-list`` capture, in evaluation order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.ledger import Ledger
from rulecheck.model.device import Severity

ACTIONS = frozenset({"permit", "deny"})
_SETTINGS = frozenset({"alert-interval", "deny-flow-max", "commit", "mode"})
_SHOWN = frozenset({"cached", "brief"})
_HITS = re.compile(r"\(hitcnt=(\d{1,18})\)$")
_HASH = re.compile(r"0x[0-9a-fA-F]{1,16}$")


@dataclass(slots=True)
class AclLine:
    """One rule line: ``words`` from the action on, without counters and hashes.

    ``form`` is "extended" or "standard". ``shown`` marks a line of a capture, ``idle`` one that the capture
    marks ``(inactive)``. ``expanded`` are the lines into which the device expanded it.
    """

    line: int
    form: str
    words: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    hits: int | None = None
    shown: bool = False
    idle: bool = False
    expanded: list[AclLine] = field(default_factory=list)


@dataclass(slots=True)
class AclText:
    """All lines of one list. ``family`` is 6 for a separate ``ipv6 access-list``, else 4."""

    name: str
    family: int
    line: int
    rules: list[AclLine] = field(default_factory=list)


@dataclass(slots=True)
class _Position:
    """A line of a list with its place: remarks have places too."""

    rule: AclLine | None
    remark: str
    number: int | None


class AclReader:
    """Collects access list lines, one call of :meth:`take` per line, then :meth:`lists`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lists: dict[tuple[int, str], AclText] = {}
        self._places: dict[tuple[int, str], list[_Position]] = {}
        self._captured: set[tuple[int, str]] = set()
        self._noted: set[tuple[str, str]] = set()

    def take(self, number: int, text: str) -> None:
        """Read one ``access-list`` or ``ipv6 access-list`` line."""
        words = text.split()
        family = 4
        if words[0] == "ipv6":
            family, words = 6, words[1:]
        if len(words) < 3:
            self._ledger.unknown(number, "the access-list line ends early", affects_verdicts=True)
        elif words[1] in _SETTINGS or words[1] in _SHOWN:
            self._ledger.ignored(number)
        elif words[1].endswith(";"):
            self._captured.add((family, words[1][:-1]))
            self._ledger.ignored(number)
        else:
            self._take_line(number, family, words, indented=text[0].isspace())

    def _take_line(self, number: int, family: int, words: list[str], *, indented: bool) -> None:
        name, start, place = words[1], 2, None
        if words[2] == "line" and len(words) > 4 and words[3].isdecimal() and len(words[3]) < 10:
            place, start = int(words[3]), 4
        form = words[start]
        if form == "remark":
            self._ledger.understood(number)
            remark = " ".join(words[start + 1 :])
            self._insert(number, family, name, _Position(None, remark, place))
        elif form in ("ethertype", "webtype"):
            self._note(number, name, form)
        else:
            self._take_rule(number, (family, name), words[start:], place, indented=indented)

    def _note(self, number: int, name: str, form: str) -> None:
        self._ledger.ignored(number)
        if (name, form) not in self._noted:
            self._noted.add((name, form))
            what = "frames that are not IP" if form == "ethertype" else "URLs of clientless VPN sessions"
            message = f"access list {name} filters {what} ({form}): it is not analysed"
            self._ledger.report("RC601", Severity.INFO, number, message)

    def _take_rule(
        self, number: int, key: tuple[int, str], words: list[str], place: int | None, *, indented: bool
    ) -> None:
        form = "extended"
        if words[0] in ("extended", "standard"):
            form, words = words[0], words[1:]
        if not words or words[0] not in ACTIONS:
            message = "neither permit nor deny was found: the line is left out of the analysis"
            self._ledger.unknown(number, message, affects_verdicts=True)
            return
        rule = _counted(AclLine(number, form, tuple(words)))
        self._ledger.understood(number)
        parent = self._last(key)
        same = parent is not None and place is not None and place == parent.number and parent.rule is not None
        if same and (indented or rule.shown) and parent is not None and parent.rule is not None:
            parent.rule.expanded.append(rule)
            return
        if rule.shown or rule.expanded:
            self._captured.add(key)
        self._insert(number, *key, _Position(rule, "", place))

    def _last(self, key: tuple[int, str]) -> _Position | None:
        places = self._places.get(key)
        return places[-1] if places else None

    def _insert(self, number: int, family: int, name: str, position: _Position) -> None:
        """Append, or insert where a command outside a capture says ``line N`` inside the list so far."""
        key = (family, name)
        if key not in self._lists:
            self._lists[key] = AclText(name, family, number)
        places = self._places.setdefault(key, [])
        place = position.number
        if place is not None and key not in self._captured and 0 < place <= len(places):
            places.insert(place - 1, position)
        else:
            places.append(position)

    def lists(self) -> list[AclText]:
        """Return the lists with their rules in evaluation order, remarks joined to the next rule."""
        for key, text in self._lists.items():
            remarks: list[str] = []
            for position in self._places[key]:
                if position.rule is None:
                    remarks.append(position.remark)
                    continue
                position.rule.remarks = tuple(remarks)
                remarks = []
                text.rules.append(position.rule)
            text.rules = _merge_capture(text.rules, self._ledger)
        return list(self._lists.values())


def _counted(rule: AclLine) -> AclLine:
    """Take counters, hash and the capture's ``(inactive)`` off the end of a line."""
    words = list(rule.words)
    while words:
        found = _HITS.match(words[-1])
        if found:
            rule.hits, rule.shown = int(found.group(1)), True
        elif words[-1] == "(inactive)":
            rule.idle = rule.shown = True
        elif _HASH.match(words[-1]):
            rule.shown = True
        else:
            break
        words.pop()
    rule.words = tuple(words)
    return rule


def _merge_capture(rules: list[AclLine], ledger: Ledger) -> list[AclLine]:
    """Return the configured lines; where the file also holds a capture of the list, it adds the hit counts.

    Lines that only the capture has are reported. When most of them are, it is not a capture of these lines:
    then all lines are one list.
    """
    configured = [rule for rule in rules if not rule.shown]
    shown = [rule for rule in rules if rule.shown]
    if not configured or not shown:
        return rules
    waiting: dict[tuple[str, ...], list[AclLine]] = {}
    for rule in reversed(configured):
        waiting.setdefault(_plain(rule.words), []).append(rule)
    pairs = [(rule, same.pop() if (same := waiting.get(_plain(rule.words))) else None) for rule in shown]
    missing = [rule for rule, found in pairs if found is None]
    if 2 * len(missing) > len(shown):
        return rules
    for rule, found in pairs:
        if found is not None:
            found.hits, found.expanded = rule.hits, rule.expanded
    for rule in missing:
        message = "the capture shows a rule that the configuration does not have: the configuration is analysed"
        ledger.report("RC602", Severity.LOW, rule.line, message)
    return configured


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a line without the logging defaults that only a capture spells out."""
    if "log" not in words:
        return words
    return tuple(word for word in words if word not in ("log", "informational", "interval", "300"))
