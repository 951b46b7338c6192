"""One IOS configuration: every statement goes to the reader that knows it, and the device comes out."""

from __future__ import annotations

import re
from pathlib import PurePath

from parsers.base import ConfigText
from parsers.cisco.blocks import Block, read_blocks
from parsers.cisco.ios.commands import adopt, is_ignored, is_preamble, mentions_lists, prompt_name
from parsers.cisco.ios.draft import brief
from parsers.cisco.ios.entries import EntryReader
from parsers.cisco.ios.groups import Groups
from parsers.cisco.ios.lists import AccessList, ListCollector
from parsers.cisco.ios.policies import build_policy, object_uses
from parsers.cisco.ios.usage import EITHER, Use, uses_in
from parsers.cisco.ios.zones import ZoneFirewall
from parsers.ledger import Ledger
from parsers.redact import show
from rulecheck.model.device import Device, ObjectDefinition, ObjectUse, Policy, Severity, SourceFile
from rulecheck.model.provenance import Origin

_SHOWN = re.compile(r"(Standard|Extended|Reflexive|Role-based)? ?(IP|IPv6|MAC|Mac)(?: [Aa]ccess list) (\S+)")
_NAMED = re.compile(r"ip access-list (standard|extended) (\S+)", re.IGNORECASE)
_UNSTYLED = re.compile(
    r"ip access-list (?!resequence\b|log-update\b|logging\b|persistent\b|helper\b|match-local-traffic\b|role-based\b"
    r"|fqdn\b|commit-delay\b)(\S+)$",
    re.IGNORECASE,
)
_NAMED6 = re.compile(r"ipv6 access-list (?!log-update\b)(\S+)$", re.IGNORECASE)
_OTHER_LIST = re.compile(r"(mac|arp|ip) access-list (?:(extended|role-based|fqdn) )?(\S+)$", re.IGNORECASE)
_REMOVED = re.compile(
    r"no (?:access-list|ip access-list (?:standard|extended)|(ipv6) access-list) (\S+)$", re.IGNORECASE
)
_NUMBERED = "access-list "
_HEAD = 50
_MORE = re.compile(r"\s*-{1,3}\s?[Mm]ore\s?-{1,3}[\s\x08]*")


class Configuration:
    """Reads one configuration. Use once: :meth:`device` gives the result."""

    def __init__(self, config: ConfigText) -> None:
        self._config = config
        self._ledger = Ledger(config)
        self._groups = Groups(config.path, self._ledger)
        self._lists = ListCollector(
            config.path, self._ledger, EntryReader(self._groups, self._ledger, _last_line(config))
        )
        self._zones = ZoneFirewall(config.path, self._ledger)
        self._name: str | None = None
        self._time_ranges: dict[str, tuple[Origin, str]] = {}
        self._uses: list[Use] = []

    def device(self) -> Device:
        """Read everything and return the device."""
        lines = [self._cleaned(line) for line in self._config.lines]
        blocks = adopt(read_blocks(lines, "ios", _is_numbered))
        self._one_liners(lines, blocks)
        self._groups.report_cycles()
        self._cut_off(lines)
        policies, uses = self._policies()
        counts, diagnostics = self._ledger.close()
        source = SourceFile(self._config.path, self._config.sha256, counts)
        return Device(
            name=self._name or PurePath(self._config.path).stem or "device",
            platform="cisco_ios",
            source=source,
            policies=policies,
            objects=self._objects(),
            uses=uses,
            diagnostics=diagnostics,
        )

    @staticmethod
    def _cleaned(line: str) -> str:
        return _MORE.sub(" ", line, count=1) if "ore" in line[:12] else line

    def _cut_off(self, lines: list[str]) -> None:
        """Report a capture of a whole running configuration that has no ``end`` (RC607)."""
        whole = any(line.startswith("Current configuration :") for line in lines[:_HEAD])
        if whole and not any(line.strip() == "end" for line in reversed(lines)):
            text = "the running configuration has no final end: the capture may be cut off, export it again"
            self._ledger.report("RC607", Severity.MEDIUM, len(lines), text, affects_verdicts=True)

    def _one_liners(self, lines: list[str], blocks: list[Block]) -> None:
        """Mark blank lines and comments; read blocks first of groups, then everything in file order."""
        for block in blocks:
            if block.text.startswith("object-group "):
                self._groups.define(block)
        remaining = {block.line: block for block in blocks if not block.text.startswith("object-group ")}
        for number, line in enumerate(lines, start=1):
            if statement := remaining.get(number):
                self._statement(statement)
            elif self._ledger.is_open(number):
                self._plain(number, line.strip())

    def _plain(self, number: int, text: str) -> None:
        if not text or text[0] == "!":
            self._ledger.blank(number)
        elif _is_numbered(text):
            self._lists.numbered(number, text)

    def _statement(self, block: Block) -> None:
        """Hand one top-level statement to its reader."""
        if self._list_block(block):
            return
        word = block.words[0].lower()
        if word == "hostname" and len(block.words) > 1:
            self._name = block.words[1]
            self._ledger.understood(block.line)
        elif word == "time-range" and len(block.words) > 1:
            self._time_range(block)
        elif not self._zones.take(block):
            self._elsewhere(block)

    def _list_block(self, block: Block) -> bool:
        """Read a block that is an access list, or takes one back."""
        text = " ".join(block.text.split())
        if found := _NAMED.match(text):
            standard = found.group(1).lower() == "standard"
            self._lists.named(block, found.group(2), 4, standard=standard)
        elif found := _UNSTYLED.match(text):
            self._lists.named(block, found.group(1), 4, standard=False)
        elif found := _NAMED6.match(text):
            self._lists.named(block, found.group(1), 6, standard=False)
        elif found := _SHOWN.match(text):
            self._shown(block, found)
        elif found := _REMOVED.match(text):
            self._lists.remove(block.line, 6 if found.group(1) else 4, found.group(2))
        elif block.children and (found := _OTHER_LIST.match(text)):
            kind = " ".join(filter(None, (found.group(1), found.group(2))))
            self._lists.other(block, f"{kind} access list {found.group(3)}", found.group(3))
        else:
            return False
        return True

    def _shown(self, block: Block, found: re.Match[str]) -> None:
        kind, protocol, name = found.groups()
        if protocol.upper() == "MAC" or kind in ("Reflexive", "Role-based"):
            self._lists.other(block, f"{kind or ''} {protocol} access list {name}".strip(), name)
            return
        family = 6 if protocol == "IPv6" else 4
        self._lists.named(block, name, family, standard=kind == "Standard", shown=True)

    def _time_range(self, block: Block) -> None:
        parts = []
        for one in block.walk():
            self._ledger.understood(one.line)
            if one is not block:
                parts.append(" ".join(one.words))
        origin = Origin(self._config.path, block.line, show(block.text))
        self._time_ranges[block.words[1]] = (origin, "; ".join(parts))

    def _elsewhere(self, block: Block) -> None:
        """Account for a statement that defines no filter; it may still use one."""
        uses = list(uses_in(block))
        self._uses.extend(uses)
        used = {use.line for use in uses}
        known = is_ignored(block)
        if name := prompt_name(block.text):
            self._name = self._name or name
        for one in block.walk():
            if one.line in used:
                self._ledger.understood(one.line)
            elif known or is_preamble(block.text):
                self._ledger.ignored(one.line)
            elif one.line == block.line or mentions_lists(one.text):
                message = "this command is not known, nothing was taken from it"
                self._ledger.unknown(one.line, message, affects_verdicts=mentions_lists(one.text))
            else:
                self._ledger.unknown(one.line, "this line belongs to a command that is not known")

    def _policies(self) -> tuple[tuple[Policy, ...], tuple[ObjectUse, ...]]:
        """Return the policies of all lists and zone pairs, and the references of their rules."""
        lists = self._lists.finish()
        applied = self._applied(lists)
        texts = {name: text for name, (_, text) in self._time_ranges.items()}
        policies: list[Policy] = []
        uses: list[ObjectUse] = []
        for key, found in lists.items():
            scope = "ipv6" if key[0] == 6 and (4, key[1]) in lists else ""
            policies.append(build_policy(found, tuple(applied.get(key, ())), texts, scope))
            uses.extend(object_uses(found, found.name))
            self._undefined_times(found)
        policies.extend(self._zones.policies({one.name: one for one in reversed(policies)}))
        return tuple(policies), tuple(uses)

    def _applied(self, lists: dict[tuple[int, str], AccessList]) -> dict[tuple[int, str], dict[str, None]]:
        """Return the places of use of each list; report the uses of lists that are not defined."""
        applied: dict[tuple[int, str], dict[str, None]] = {}
        for use in [*self._uses, *self._zones.uses]:
            families = (4, 6) if use.family == EITHER else (use.family,)
            key = next(((family, use.name) for family in families if (family, use.name) in lists), None)
            if key is not None:
                applied.setdefault(key, {})[use.where] = None
            elif use.name not in self._lists.set_aside:
                then = ": an undefined access list permits everything" if use.where.endswith((" in", " out")) else ""
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


def _last_line(config: ConfigText) -> int:
    """Return the number of the last line that is not blank, 0 for an empty file."""
    return next((n for n in range(len(config.lines), 0, -1) if config.lines[n - 1].strip()), 0)


def _is_numbered(text: str) -> bool:
    return text.startswith(_NUMBERED)
