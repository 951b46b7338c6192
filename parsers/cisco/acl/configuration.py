"""One configuration with access lists: every statement goes to the reader that knows it, and the device comes out.

Each platform derives its own reading: which headings begin a list, which commands use one, which are known not to
filter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

from parsers.base import ConfigText
from parsers.cisco.acl.commands import adopt, is_preamble, mentions_lists, prompt_name
from parsers.cisco.acl.dialect import Dialect
from parsers.cisco.acl.draft import brief
from parsers.cisco.acl.entries import EntryReader
from parsers.cisco.acl.groups import Groups
from parsers.cisco.acl.lists import AccessList, ListCollector
from parsers.cisco.acl.policies import Surroundings, build_policy, object_uses
from parsers.cisco.acl.uses import EITHER, Use, objects_named
from parsers.cisco.blocks import Block, read_blocks
from parsers.cisco.schedules import schedule_of
from parsers.cisco.uptime import counting_window, uptime
from parsers.ledger import Ledger
from parsers.redact import show
from rulecheck.model.device import Device, ObjectDefinition, ObjectUse, Policy, Severity, SourceFile
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import Schedule

ListKey = tuple[int, str]
"""Family and name of an access list."""

_MORE = re.compile(r"\s*-{1,3}\s?[Mm]ore\s?-{1,3}[\s\x08]*")
_GROUP = "object-group "


@dataclass(frozen=True, slots=True)
class Heading:
    """A statement that begins an access list; the group ``name`` of the pattern is the list's name.

    ``shown``: only a ``show`` command writes it. ``kind``: lists that are not analysed, by what they are called.
    """

    regex: re.Pattern[str]
    family: int = 4
    standard: bool = False
    shown: bool = False
    kind: str = ""


def heading(
    regex: str, family: int = 4, *, standard: bool = False, shown: bool = False, kind: str = "", exact: bool = False
) -> Heading:
    """Return a heading; case matters where ``exact``."""
    return Heading(re.compile(regex, 0 if exact else re.IGNORECASE), family, standard, shown, kind)


class ListConfiguration:
    """Reads one configuration. Use once: :meth:`device` gives the result."""

    platform: ClassVar[str]
    dialect: ClassVar[Dialect]
    headings: ClassVar[tuple[Heading, ...]]
    removed: ClassVar[re.Pattern[str]]
    numbered_lists: ClassVar[bool] = False
    undefined_permits: ClassVar[bool] = False
    comment: ClassVar[str] = "!"

    def __init__(self, config: ConfigText) -> None:
        self._config = config
        self._ledger = Ledger(config)
        self._groups = Groups(config.path, self._ledger, self.dialect)
        reader = EntryReader(self._groups, self._ledger, _last_line(config), self.dialect)
        self._lists = ListCollector(config.path, self._ledger, reader, self.dialect)
        self._name: str | None = None
        self._interfaces = 0
        self._cut_off = False
        self._window = ""
        self._time_ranges: dict[str, tuple[Origin, Schedule]] = {}
        self._uses: list[Use] = []
        self._objects_used: list[tuple[str, str, str]] = []

    def device(self) -> Device:
        """Read everything and return the device."""
        lines = [self._cleaned(line) for line in self._config.lines]
        blocks = adopt(read_blocks(lines, "ios", self._is_one_line), self.headings)
        self._one_liners(lines, blocks)
        self._groups.report_cycles()
        self._ends(lines)
        policies, uses = self._policies()
        objects = self._objects()
        counts, diagnostics = self._ledger.close()
        return Device(
            name=self._name or PurePath(self._config.path).stem or "device",
            platform=self.platform,
            source=SourceFile(self._config.path, self._config.sha256, counts),
            policies=policies,
            objects=objects,
            uses=(*uses, *self._outside_uses(objects)),
            diagnostics=diagnostics,
        )

    def _uses_in(self, block: Block) -> Iterable[Use]:
        """Return the access lists that a command and what is below it name."""
        raise NotImplementedError

    def _is_ignored(self, block: Block) -> bool:
        """Return whether a command is known not to filter."""
        raise NotImplementedError

    def _takes(self, block: Block) -> bool:  # noqa: ARG002
        """Read a statement that only this platform has; False if it is none."""
        return False

    def _ends(self, lines: list[str]) -> None:
        """Look at the end of the file for signs that it was cut off."""

    def _cleaned(self, line: str) -> str:
        """Return a line without what the terminal adds."""
        return _MORE.sub(" ", line, count=1) if "ore" in line[:12] else line

    def _is_one_line(self, text: str) -> bool:
        return (self.numbered_lists and text.startswith("access-list ")) or text.startswith(self.comment)

    def _one_liners(self, lines: list[str], blocks: list[Block]) -> None:
        """Mark blank lines and comments; read blocks first of groups, then everything in file order."""
        for block in blocks:
            if block.text.startswith(_GROUP):
                self._groups.define(block)
        remaining = {block.line: block for block in blocks if not block.text.startswith(_GROUP)}
        for number, line in enumerate(lines, start=1):
            if statement := remaining.get(number):
                self._statement(statement)
            elif self._ledger.is_open(number):
                self._plain(number, line.strip())

    def _plain(self, number: int, text: str) -> None:
        if not text or text[0] == "!" or text.startswith(self.comment):
            self._ledger.blank(number)
        elif self.numbered_lists and text.startswith("access-list "):
            self._lists.numbered(number, text)

    def _statement(self, block: Block) -> None:
        """Hand one top-level statement to its reader."""
        if self._list_block(block):
            return
        word = block.words[0].lower()
        if word in ("hostname", "switchname") and len(block.words) > 1:
            self._name = block.words[1]
            self._ledger.understood(block.line)
        elif word == "time-range" and len(block.words) > 1:
            self._time_range(block)
        elif not self._takes(block):
            self._elsewhere(block)

    def _list_block(self, block: Block) -> bool:
        """Read a block that is an access list, or takes one back."""
        text = " ".join(block.text.split())
        for one in self.headings:
            if found := one.regex.match(text):
                self._begin(block, one, found.group("name"))
                return True
        if found := self.removed.match(text):
            self._lists.remove(block.line, 6 if found.group("six") else 4, found.group("name"))
            return True
        return False

    def _begin(self, block: Block, one: Heading, name: str) -> None:
        if one.kind:
            self._lists.other(block, f"{one.kind} {name}", name)
            return
        self._lists.named(block, name, one.family, standard=one.standard, shown=one.shown)

    def _time_range(self, block: Block) -> None:
        for one in block.walk():
            self._ledger.understood(one.line)
        name = block.words[1]
        origin = Origin(self._config.path, block.line, show(block.text))
        self._time_ranges[name] = (origin, schedule_of(name, (one.text for one in block.walk() if one is not block)))

    def _elsewhere(self, block: Block) -> None:
        """Account for a statement that defines no filter; it may still use one."""
        uses = list(self._uses_in(block))
        self._uses.extend(uses)
        used = {use.line for use in uses}
        known = self._is_ignored(block) or is_preamble(block.text)
        self._interfaces += block.words[0].lower() == "interface"
        if name := prompt_name(block.text):
            self._name = self._name or name
        if since := uptime(block.text):
            self._window, known = counting_window(since), True
        for one in block.walk():
            self._account(one, block, known=known, used=one.line in used)

    def _account(self, one: Block, block: Block, *, known: bool, used: bool) -> None:
        named = list(objects_named(one)) if not one.literal and " " in one.text else []
        self._objects_used.extend((show(" ".join(block.words[:3])), word, name) for word, name in named)
        if used:
            self._ledger.understood(one.line)
        elif known:
            self._ledger.ignored(one.line)
        elif one.line == block.line or mentions_lists(one.text):
            message = "this command is not known, nothing was taken from it"
            self._ledger.unknown(one.line, message, affects_verdicts=mentions_lists(one.text))
        else:
            self._ledger.unknown(one.line, "this line belongs to a command that is not known")

    def _policies(self) -> tuple[tuple[Policy, ...], tuple[ObjectUse, ...]]:
        """Return the policies of all lists, and the references of their rules."""
        lists = self._lists.finish()
        applied = self._applied(lists)
        schedules = {name: schedule for name, (_, schedule) in self._time_ranges.items()}
        around = Surroundings(self.dialect, schedules, self._window)
        policies: list[Policy] = []
        uses: list[ObjectUse] = []
        for key, found in lists.items():
            places = tuple(applied.get(key, ()))
            policies.append(
                build_policy(found, around, places, self._is_applied(found, places), self._scope(key, lists))
            )
            uses.extend(object_uses(found, found.name))
            self._undefined_times(found)
        return tuple(policies), tuple(uses)

    def _scope(self, key: ListKey, lists: Mapping[ListKey, AccessList]) -> str:
        """Return the name space of a list: IPv6 lists that share their name with an IPv4 list have their own."""
        return "ipv6" if key[0] == 6 and (4, key[1]) in lists else ""

    @property
    def _is_whole(self) -> bool:
        """Whether the file is a full configuration: one that names the device and its interfaces."""
        return self._name is not None and self._interfaces > 0 and not self._cut_off

    def _is_applied(self, found: AccessList, places: tuple[str, ...]) -> bool | None:
        if places:
            return True
        return False if self._is_whole and not found.shown else None

    def _applied(self, lists: Mapping[ListKey, AccessList]) -> dict[ListKey, dict[str, None]]:
        """Return the places of use of each list; report the uses of lists that are not defined."""
        applied: dict[ListKey, dict[str, None]] = {}
        for use in [*self._uses, *(Use(*one) for one in self._lists.captured_uses)]:
            families = (4, 6) if use.family == EITHER else (use.family,)
            key = next(((family, use.name) for family in families if (family, use.name) in lists), None)
            if key is not None:
                applied.setdefault(key, {})[use.where] = None
            elif use.name not in self._lists.set_aside:
                filters = self.undefined_permits and use.where.endswith((" in", " out"))
                then = ": an undefined access list permits everything" if filters else ""
                text = brief(f"access list {use.name} ({use.where}) is not defined{then}")
                self._ledger.report("RC603", Severity.LOW, use.line, text)
        return applied

    def _undefined_times(self, found: AccessList) -> None:
        if found.shown:
            return
        for entry in found.ordered():
            schedule = entry.draft.schedule
            if schedule is not None and schedule.name not in self._time_ranges:
                text = f"time-range {schedule.name} is not defined here"
                self._ledger.report("RC603", Severity.LOW, entry.draft.origin.line, text)

    def _objects(self) -> tuple[ObjectDefinition, ...]:
        times = [ObjectDefinition(name, "time-range", origin) for name, (origin, _) in self._time_ranges.items()]
        return (*self._groups.definitions(), *times)

    def _outside_uses(self, objects: Iterable[ObjectDefinition]) -> Iterable[ObjectUse]:
        """Return the uses of defined objects in commands that are no rules, each place once."""
        kinds: dict[str, list[str]] = {}
        for one in objects:
            kinds.setdefault(one.name, []).append(one.kind)
        found = (
            ObjectUse(place, None, kind, name)
            for place, word, name in self._objects_used
            for kind in kinds.get(name, ())
            if (word == "time-range") == (kind == "time-range")
        )
        return dict.fromkeys(found)


def _last_line(config: ConfigText) -> int:
    """Return the number of the last line that is not blank, 0 for an empty file."""
    return next((n for n in range(len(config.lines), 0, -1) if config.lines[n - 1].strip()), 0)
