"""Commands into tables: the rows of each firewall table in their order, and the lists that they refer to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.mikrotik.lines import Command, CommandReader
from parsers.mikrotik.menus import KNOWN_ROOTS, NOT_MODELLED, READ
from rulecheck.model.device import Severity

_INSIDE_READ = tuple(f"{menu} " for menu in READ)
"""Beginnings of menus that do not exist: there is nothing inside of a table."""

_FIND = re.compile(r"\[\s*find(?:\s+(?:where\s+)?(.*?))?\s*\]\Z", re.DOTALL)
_TEST = re.compile(r'([a-z][\w-]*)=("(?:[^"]*)"|[^\s"\]]*)\s*', re.IGNORECASE)
_NUMBERS = re.compile(r"\d{1,6}(?:,\d{1,6})*\Z")
MOST_WORK = 10_000_000
"""Rows that selections may look at in one input."""


@dataclass(slots=True)
class Row:
    """One item of a table. ``doubts`` are (line, message) pairs of what was not understood about it."""

    values: dict[str, str]
    line: int
    last: int
    doubts: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reference:
    """A value elsewhere that names an address list or interface list."""

    place: str
    kind: str
    name: str


@dataclass(slots=True)
class Tables:
    """What one input configures."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    identity: str = ""
    doubts: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By menu, the last command that was not understood; it makes the rows above it inexact."""
    seen: set[str] = field(default_factory=set)


class TableReader:
    """Carries out the commands of one input and accounts for its lines."""

    def __init__(self, config: ConfigText, ledger: Ledger) -> None:
        self._config = config
        self._ledger = ledger
        self._work = MOST_WORK
        self.tables = Tables()

    def read(self) -> Tables:
        """Read the whole input."""
        for command in CommandReader(self._config, self._ledger).read():
            self._take(command)
        return self.tables

    def _take(self, command: Command) -> None:
        if command.menu in READ:
            self._change(command)
            return
        root = command.menu.partition(" ")[0]
        strange = root not in KNOWN_ROOTS or command.menu.startswith(_INSIDE_READ)
        if strange or (command.broken and not command.verb):
            if root == "" and command.verb in ("export", "print"):
                self._mark(command, understood=False)
                return
            self._unknown(command, command.broken or "the menu of this line is not known", decides=False)
            return
        self._mark(command, understood=False)
        self._elsewhere(command)

    def _unknown(self, command: Command, message: str, *, decides: bool) -> None:
        self._ledger.unknown(command.line, message, affects_verdicts=decides)
        for line in range(command.line + 1, command.last + 1):
            self._ledger.ignored(line)

    def _elsewhere(self, command: Command) -> None:
        if command.menu == "system identity" and "name" in command.values:
            self.tables.identity = command.values["name"]
            self._mark(command, understood=True)
        if command.menu in NOT_MODELLED and command.menu not in self.tables.seen:
            self.tables.seen.add(command.menu)
            message = f"/{command.menu} is not modelled: its rules are not analysed; the other tables are not affected"
            self._ledger.report("RC601", Severity.LOW, command.line, message)
        for key, value in command.values.items():
            for kind in ("address-list", "interface-list"):
                if key.endswith(kind) or (
                    key == "interface" and kind == "interface-list" and "discovery" in command.menu
                ):
                    self.tables.references.append(Reference(f"/{command.menu}"[:80], kind, value.lstrip("!")))

    def _mark(self, command: Command, *, understood: bool) -> None:
        for line in range(command.line, command.last + 1):
            if understood:
                self._ledger.understood(line)
            else:
                self._ledger.ignored(line)

    # --- tables that are read -----------------------------------------------------------------------------------

    def _change(self, command: Command) -> None:
        rows = self.tables.rows.setdefault(command.menu, [])
        if command.verb:
            self._mark(command, understood=command.verb not in ("print", "export", "find", "get", "monitor"))
        try:
            self._carry_out(command, rows)
        except ValueError as error:
            self._doubt(command, rows, str(error))

    def _carry_out(self, command: Command, rows: list[Row]) -> None:
        match command.verb:
            case "add":
                self._add(command, rows)
            case "set" | "unset" | "enable" | "disable" | "comment":
                self._set(command, rows)
            case "remove":
                gone = {id(row) for row in self._selected(command, rows)}
                self._work -= len(rows)
                self._check_work()
                rows[:] = [row for row in rows if id(row) not in gone]
            case "move":
                self._move(command, rows)
            case "print" | "export" | "find" | "get" | "monitor" | "reset-counters" | "reset-counters-all":
                pass
            case _:
                raise ValueError(command.broken or "this command was not understood")

    def _doubt(self, command: Command, rows: list[Row], message: str) -> None:
        """Report a command that could have changed any row so far, and make all of them inexact."""
        if command.verb:
            self._ledger.report("RC602", Severity.MEDIUM, command.line, message, affects_verdicts=True)
        else:
            self._unknown(command, message, decides=True)
        if rows:
            self.tables.doubts[command.menu] = (command.line, f"line {command.line} may change it: {message}")

    def _add(self, command: Command, rows: list[Row]) -> None:
        if command.plain or "copy-from" in command.values:
            raise ValueError(f"{(command.plain or ['copy-from'])[0][:60]!r} was not understood")
        row = Row(dict(command.values), command.line, command.last)
        if command.broken:
            row.doubts.append((command.line, command.broken))
            self._ledger.report("RC602", Severity.MEDIUM, command.line, command.broken, affects_verdicts=True)
        where = row.values.pop("place-before", None)
        if where is None:
            rows.append(row)
            return
        try:
            anchors = self._find(where, rows)
        except ValueError:
            anchors = []
        if len(anchors) != 1:
            rows.append(row)
            raise ValueError("the place of this rule was not understood")
        self._work -= len(rows) // 20
        self._check_work()
        rows.insert(next(i for i, one in enumerate(rows) if one is anchors[0]), row)

    def _set(self, command: Command, rows: list[Row]) -> None:
        for row in self._selected(command, rows):
            match command.verb:
                case "enable" | "disable":
                    row.values["disabled"] = "no" if command.verb == "enable" else "yes"
                case "unset":
                    row.values.pop(command.values.get("value-name", ""), None)
                case _:
                    row.values.update((key, value) for key, value in command.values.items() if key != "numbers")
                    for key in command.unset:
                        row.values.pop(key, None)
            if command.broken:
                row.doubts.append((command.line, command.broken))
                self._ledger.report("RC602", Severity.MEDIUM, command.line, command.broken, affects_verdicts=True)

    def _move(self, command: Command, rows: list[Row]) -> None:
        given = command.plain[1:2] or [command.values.get("destination", "")]
        chosen = self._selected(command, rows, command.plain[:1])
        anchors = self._find(given[0], rows) if given[0] else []
        if given[0] and len(anchors) != 1:
            raise ValueError("the place to move to was not understood")
        moved = {id(row) for row in chosen}
        if anchors and id(anchors[0]) in moved:
            return
        rest = [row for row in rows if id(row) not in moved]
        place = next((i for i, one in enumerate(rest) if anchors and one is anchors[0]), len(rest))
        self._work -= len(rows)
        self._check_work()
        rows[:] = [*rest[:place], *chosen, *rest[place:]]

    # --- selection ------------------------------------------------------------------------------------------------

    def _selected(self, command: Command, rows: list[Row], plain: list[str] | None = None) -> list[Row]:
        words = command.plain if plain is None else plain
        if "numbers" in command.values:
            words = [command.values["numbers"]]
        if len(words) != 1:
            raise ValueError("which rows this command means was not understood")
        return self._find(words[0], rows)

    def _find(self, text: str, rows: list[Row]) -> list[Row]:
        """Return the rows that numbers or ``[find …]`` select."""
        if _NUMBERS.match(text):
            places = [int(part) for part in text.split(",")]
            if any(place >= len(rows) for place in places):
                raise ValueError(f"there is no row {max(places)}")
            return [rows[place] for place in dict.fromkeys(places)]
        found = _FIND.match(text)
        if not found:
            raise ValueError(f"the selection {text[:60]!r} was not understood")
        tests = _tests(found.group(1) or "")
        self._work -= len(rows) + 1
        self._check_work()
        return [row for row in rows if all(row.values.get(key, _DEFAULTS.get(key)) == value for key, value in tests)]

    def _check_work(self) -> None:
        if self._work < 0:
            raise ValueError("there are too many commands that select rows; this one was not carried out")


_DEFAULTS = {"disabled": "no", "dynamic": "no", "action": "accept"}


def _tests(text: str) -> list[tuple[str, str]]:
    found, position = [], 0
    while position < len(text):
        one = _TEST.match(text, position)
        if not one or not one.end() > position:
            raise ValueError(f"the selection {text[:60]!r} was not understood")
        found.append((one.group(1), one.group(2).strip('"')))
        position = one.end()
    return found
