"""The Cisco ASA parser: running configurations and ``show access-list`` captures."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import PurePath

from parsers.base import ConfigText
from parsers.cisco.asa import detect
from parsers.cisco.asa.acl_lines import AclReader
from parsers.cisco.asa.address_slot import AddressSlot
from parsers.cisco.asa.catalogue import MEMBER_WORDS, Catalogue, Definition, read_definition
from parsers.cisco.asa.entry_reader import EntryReader
from parsers.cisco.asa.flatten import Flattener, is_oversized
from parsers.cisco.asa.known import REMOVES_RULES, SEPARATOR, commands
from parsers.cisco.asa.networks import Networks
from parsers.cisco.asa.outside import OutsideUses
from parsers.cisco.asa.policies import PolicyReader
from parsers.cisco.asa.service_groups import ServiceGroups
from parsers.cisco.asa.usage import Usage, read_access_group, read_uses
from parsers.cisco.asa.values import single
from parsers.cisco.blocks import Block, read_blocks
from parsers.cisco.uptime import counting_window, uptime
from parsers.ledger import Ledger
from parsers.redact import show
from rulecheck.model.device import Device, ObjectDefinition, ObjectUse, Policy, Severity, SourceFile
from rulecheck.model.match import Addresses, Element, Services
from rulecheck.model.provenance import Origin

LONGEST_LINE = 100_000
"""Characters; no command of an ASA comes near. Longer lines are reported and not read."""

_VERSION = re.compile(r"(?:ASA|PIX|FWSM) Version (?:(\d{1,3})|\S)")
_MORE = "<--- More --->"
_INTERFACE_WORDS = frozenset({"nameif", "security-level"})


class AsaParser:
    """Cisco ASA. One device per file; contexts of one chassis come as one file each."""

    platform: str = "cisco_asa"
    title: str = "Cisco ASA"
    reads: tuple[str, ...] = (
        "Export with 'show running-config'; 'show access-list' captures are read too, with their hit counts.",
        "Extended and standard access lists, IPv4 and IPv6, inactive entries, time ranges, logging, remarks.",
        "Network and service objects, nested object groups of all kinds, name aliases, interface addresses.",
        "Where each list is used: access-group (in, out, global, control-plane), NAT, VPN, class maps, routing.",
    )
    not_modelled: tuple[str, ...] = (
        "FQDN objects, users, security groups, network services: their rules are undecided where it matters.",
        "EtherType and webtype lists are left out, with a note for each.",
        "NAT, inspection and security levels: each access list is analysed by itself.",
        "Objects that are not in the file: rules that name them are undecided where it matters.",
    )

    def score(self, config: ConfigText) -> int:
        """Return how strongly the content looks like an ASA: 0 not at all, 100 certainly."""
        return detect.score(config.lines)

    def parse(self, config: ConfigText) -> tuple[Device, ...]:
        """Read the device in ``config``; what is not understood becomes a diagnostic."""
        return (_Reading(config).device(),)


class _Reading:
    """The state of reading one configuration."""

    def __init__(self, config: ConfigText) -> None:
        self._config = config
        self._ledger = Ledger(config)
        self._catalogue = Catalogue()
        self._usage = Usage()
        self._lists = AclReader(self._ledger)
        self._hostname = ""
        self._version = 0
        self._window = ""
        self._outside = OutsideUses()

    def device(self) -> Device:
        """Return the device that the configuration describes."""
        self._commands(self._statements())
        flattener = Flattener(self._config.path, self._catalogue, self._ledger)
        networks = Networks(self._catalogue, flattener)
        services = ServiceGroups(self._catalogue, flattener)
        uses: list[ObjectUse] = []
        policies = self._policies(networks, services, uses)
        flattener.deciding = False
        self._check_unused(flattener, networks, services)
        self._check_uses(policies)
        objects = self._objects(flattener, networks, services)
        uses.extend(self._outside_uses())
        counts, diagnostics = self._ledger.close()
        return Device(
            self._hostname or PurePath(self._config.path).stem,
            AsaParser.platform,
            SourceFile(self._config.path, self._config.sha256, counts),
            policies,
            tuple(objects),
            tuple(uses),
            diagnostics,
        )

    def _statements(self) -> list[str]:
        """Take the access list lines and account for blank ones; return the rest with blanks in their places."""
        rest: list[str] = []
        for number, line in enumerate(self._config.lines, start=1):
            if len(line) > LONGEST_LINE:
                message = f"the line is longer than {LONGEST_LINE:,} characters and was not read"
                self._ledger.unknown(number, message, affects_verdicts=True)
                line = ""
            elif line.startswith(_MORE):
                line = line[len(_MORE) :].lstrip("\b\r ")
            stripped = line.strip()
            if not stripped or stripped[0] == "!" or SEPARATOR.match(line):
                self._ledger.blank(number)
                line = ""
            elif _is_list_line(stripped):
                self._lists.take(number, line)
                line = "access-list -"
            rest.append(line)
        return rest

    def _commands(self, lines: list[str]) -> None:
        for block in _rejoined(read_blocks(lines, "asa", lambda line: line == "access-list -")):
            self._command(block)

    def _command(self, block: Block) -> None:
        words = block.words
        if REMOVES_RULES.match(block.text):
            message = "this command removes something: analyse the configuration after it was applied"
            self._ledger.unknown(block.line, message, affects_verdicts=True)
        elif words[0] == "access-group":
            read_access_group(block, self._usage, self._ledger)
        elif words[0] == "hostname" and len(words) > 1:
            self._hostname = words[1].strip('"')
            self._ledger.understood(block.line)
        elif found := _VERSION.match(block.text):
            self._version = int(found.group(1) or 0)
            self._ledger.understood(block.line)
        elif since := uptime(block.text):
            self._window = counting_window(since)
            self._ledger.understood(block.line)
        elif read_definition(block, self._catalogue, self._ledger):
            if words[0] == "interface":
                self._outside.command(block)
        else:
            self._outside.command(block)
            self._other(block, words)

    def _other(self, block: Block, words: list[str]) -> None:
        """Look for uses of access lists in a command; leave out the rest if the command is known."""
        read_uses(block, self._usage, self._ledger)
        command = words[1] if words[0] in ("no", "default", "clear") and len(words) > 1 else words[0]
        if command in commands():
            for one in block.walk():
                self._ledger.ignored(one.line)

    def _policies(self, networks: Networks, services: ServiceGroups, uses: list[ObjectUse]) -> tuple[Policy, ...]:
        slot = AddressSlot(self._catalogue, networks)
        reader = EntryReader(self._catalogue, slot, services, self._ledger)
        only_ipv4 = 0 < self._version < 9
        whole = bool(self._hostname and self._catalogue.interfaces)
        policies = PolicyReader(
            self._config, self._catalogue, reader, self._usage, self._ledger, only_ipv4, whole, self._window
        )
        return tuple(policies.policy(text, uses) for text in self._lists.lists())

    def _check_unused(self, flattener: Flattener, networks: Networks, services: ServiceGroups) -> None:
        """Resolve what no rule names, so that broken references and cycles in it are reported as well."""
        objects = [one for one in self._catalogue.definitions.values() if one.kind.startswith("object ")]
        for definition in chain(objects, flattener.not_entered()):
            kind = definition.kind.split()[1]
            if kind == "network":
                networks.resolve(definition)
            elif kind in ("service", "protocol"):
                services.resolve(definition)
            elif kind == "icmp-type":
                services.resolve_icmp(definition)

    def _check_uses(self, policies: tuple[Policy, ...]) -> None:
        known = {policy.name for policy in policies}
        for name, line in self._usage.lines.items():
            if name not in known:
                message = f"access list {name} has no rules in this file"
                self._ledger.report("RC603", Severity.LOW, line, message)

    def _outside_uses(self) -> tuple[ObjectUse, ...]:
        for kind, name, words in self._catalogue.object_nats:
            self._outside.object_nat(kind, name, words)
        return self._outside.found(self._catalogue)

    def _objects(self, flattener: Flattener, networks: Networks, services: ServiceGroups) -> list[ObjectDefinition]:
        found = [
            ObjectDefinition(
                one.name,
                one.kind,
                flattener.origin(one, ()),
                _references(one, self._catalogue),
                _content(one, networks, services),
            )
            for one in (*self._catalogue.definitions.values(), *self._catalogue.time_ranges.values())
        ]
        for name, (value, line) in self._catalogue.aliases.items():
            origin = Origin(self._config.path, line, show(self._config.lines[line - 1]))
            content = Addresses(name, (Element(name, single(value), origin),))
            found.append(ObjectDefinition(name, "name", origin, (), content))
        return sorted(found, key=lambda one: (one.origin.line, one.kind, one.name))


def _content(one: Definition, networks: Networks, services: ServiceGroups) -> Addresses | Services | None:
    """Return what a definition stands for; None where that cannot be computed at all."""
    keyword, _, kind = one.kind.partition(" ")
    if kind == "network":
        operand = networks.resolve(one)
        return None if is_oversized(operand.conditions) else operand.addresses
    if kind in ("service", "protocol"):
        found = services.resolve(one)
    elif kind == "icmp-type":
        found = services.resolve_icmp(one)
    else:
        return None
    return None if is_oversized(found.conditions) else Services(f"{keyword} {one.name}", found.services)


def _is_list_line(stripped: str) -> bool:
    if stripped.startswith("access-list "):
        return True
    return stripped.startswith("ipv6 access-list ") and len(stripped.split(maxsplit=4)) > 3


def _references(definition: Definition, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the names of the objects, groups and aliases that a definition is made of."""
    found: list[str] = []
    for member in definition.members:
        words = member.words
        if words[0] == "group-object" and len(words) == 2:
            found.append(words[1])
        elif words[1:2] == ("object",) and len(words) == 3:
            found.append(words[2])
        elif catalogue.aliases:
            found.extend(word for word in words[1:] if word in catalogue.aliases)
    return tuple(dict.fromkeys(found))


def _rejoined(blocks: tuple[Block, ...]) -> list[Block]:
    """Return the blocks with sub-commands put back under their object where the indentation was lost."""
    found: list[Block] = []
    orphans: list[Block] = []
    for block in blocks:
        if found and not block.children and _belongs(found[-1], block):
            orphans.append(block)
            continue
        if orphans:
            found[-1] = _adopt(found[-1], orphans)
            orphans = []
        found.append(block)
    if orphans:
        found[-1] = _adopt(found[-1], orphans)
    return found


def _adopt(block: Block, orphans: list[Block]) -> Block:
    return Block(block.line, block.text, (*block.children, *orphans))


def _belongs(owner: Block, block: Block) -> bool:
    first, words = owner.text.split(maxsplit=1)[0], block.text.split(maxsplit=2)
    if first in ("object", "object-group"):
        return words[0] in MEMBER_WORDS or words[0].rstrip(":") == "description"
    if first == "interface":
        return words[0] in _INTERFACE_WORDS or words[:2] in (["ip", "address"], ["ipv6", "address"])
    return False
