"""Where things are in a configuration: scopes (shared, vsys, device groups) and how each section is accounted for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from parsers.ledger import Ledger
from parsers.paloalto.panos.tree import Node, Word
from rulecheck.model.device import Severity

OBJECTS = (
    *("address", "address-group", "service", "service-group", "application", "application-group"),
    *("application-filter", "schedule", "region", "external-list"),
)
MAX_NESTING = 30
"""Deepest nesting of device groups; Panorama allows four levels."""

RULEBASES = ("pre-rulebase", "rulebase", "post-rulebase")
_SCOPE_UNDERSTOOD = frozenset({*OBJECTS, *RULEBASES, "zone", "tag", "profile-group", "display-name", "devices"})


@cache
def sections(place: str) -> frozenset[str]:
    """Return the names of sections that are known at a place (see ``sections.toml``)."""
    text = resources.files(__package__).joinpath("sections.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[place])


CONFIG_PARTS = frozenset({"mgt-config", "shared", "devices", "readonly", "panorama", "predefined", "policy"})
DEVICE_PARTS = frozenset({"deviceconfig", "network", "vsys", "device-group", "template", "template-stack"})


@dataclass(eq=False)
class Scope:
    """A name space with its rulebases. ``kind`` is shared, pushed, vsys or device-group.

    ``parts`` are the nodes that hold its sections. Names that are not found are looked up in ``parent``.
    ``devices`` are the serial numbers of the firewalls in a device group, ``rules`` what :meth:`rules_of` found.
    """

    name: str
    kind: str
    parts: list[Node] = field(default_factory=list)
    parent: Scope | None = None
    devices: tuple[Word, ...] = ()
    line: int = 0
    rules: dict[str, list[Node]] = field(default_factory=dict)

    def sections(self, key: str) -> Iterator[Node]:
        """Yield the sections named ``key``."""
        for part in self.parts:
            found = part.at(key)
            if found is not None:
                yield found

    def chain(self) -> Iterator[Scope]:
        """Yield the scope and those around it, the nearest first."""
        here: Scope | None = self
        while here is not None:
            yield here
            here = here.parent

    def rules_of(self, rulebase: str) -> list[Node]:
        """Return the security rules of ``pre-rulebase``, ``rulebase`` or ``post-rulebase`` in order."""
        if rulebase not in self.rules:
            found = [section.at("security", "rules") for section in self.sections(rulebase)]
            self.rules[rulebase] = [rule for rules in found if rules is not None for rule in rules]
        return self.rules[rulebase]


@dataclass
class Layout:
    """The scopes of one configuration. ``elsewhere`` are system sections that may name objects."""

    hostname: str = ""
    shared: Scope = field(default_factory=lambda: Scope("shared", "shared"))
    vsys: list[Scope] = field(default_factory=list)
    groups: list[Scope] = field(default_factory=list)
    predefined: list[Node] = field(default_factory=list)
    elsewhere: list[Node] = field(default_factory=list)

    def scopes(self) -> list[Scope]:
        """Return all scopes, those around others first."""
        found = [self.shared, *self.groups, *self.vsys]
        for one in self.vsys:
            if one.parent is not None and one.parent not in found:
                found.append(one.parent)
        return found


class LayoutReader:
    """Finds the scopes below a root named ``config`` and accounts for the lines of every section."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._layout = Layout()
        self._pushed: list[tuple[str, Node]] = []
        self._parents: dict[str, Word] = {}

    def read(self, root: Node) -> Layout:
        """Return the layout of a configuration."""
        self._mark(root.edges())
        for part in root:
            self._config_part(part)
        self._attach_pushed()
        self._attach_parents()
        return self._layout

    def _mark(self, lines: Iterable[int]) -> None:
        for line in lines:
            self._ledger.understood(line)

    def _ignore(self, node: Node) -> None:
        for line in node.lines():
            self._ledger.ignored(line)

    def _unknown(self, node: Node, place: str) -> None:
        message = f"the section {node.key[:60]!r} in {place} is not known; it is not used"
        for line in node.lines():
            self._ledger.unknown(line, message)

    def _config_part(self, part: Node) -> None:
        match part.key:
            case "shared":
                self._scope(part, self._layout.shared)
            case "devices":
                self._mark(part.edges())
                for device in part:
                    self._device(device)
            case "readonly":
                self._readonly(part)
            case "panorama":
                self._panorama(part)
            case "policy":
                self._policy(part)
            case "predefined":
                self._mark(part.lines())
                self._layout.predefined.append(part)
            case "vsys":
                self._vsys_entries(part)
            case key if key in sections("config"):
                self._ignore(part)
            case _:
                self._unknown(part, "the configuration")

    def _device(self, device: Node) -> None:
        self._mark(device.edges())
        for part in device:
            if part.key == "vsys":
                self._vsys_entries(part)
            elif part.key == "device-group":
                self._mark(part.edges())
                for entry in part:
                    self._group(entry)
            elif part.key in sections("device"):
                if part.key == "deviceconfig":
                    self._layout.hostname = part.word("system", "hostname") or self._layout.hostname
                self._layout.elsewhere.append(part)
                self._ignore(part)
            else:
                self._unknown(part, "a device")

    def _vsys_entries(self, part: Node) -> None:
        self._mark(part.edges())
        for entry in part:
            scope = next((one for one in self._layout.vsys if one.name == entry.key), None)
            if scope is None:
                scope = Scope(entry.key, "vsys", parent=self._layout.shared, line=entry.line)
                self._layout.vsys.append(scope)
            self._scope(entry, scope)

    def _group(self, entry: Node) -> None:
        scope = Scope(entry.key, "device-group", parent=self._layout.shared, line=entry.line)
        devices = entry.at("devices")
        scope.devices = tuple(devices.words()) if devices is not None else ()
        self._layout.groups.append(scope)
        parent = entry.at("parent-dg")
        if parent is not None and parent.words():
            self._parents[entry.key] = parent.words()[0]
        self._scope(entry, scope)

    def _scope(self, node: Node, scope: Scope) -> None:
        scope.parts.append(node)
        scope.line = scope.line or node.line
        self._mark(node.edges())
        for part in node:
            if part.key in _SCOPE_UNDERSTOOD or part.key == "parent-dg":
                self._mark(part.lines())
                if part.key in RULEBASES:
                    self._rulebase(part)
            elif part.key in sections("scope"):
                self._layout.elsewhere.append(part)
                self._ignore(part)
            else:
                self._unknown(part, scope.name)

    def _rulebase(self, node: Node) -> None:
        for part in node:
            if part.key not in sections("rulebase"):
                self._unknown(part, "the rulebase")

    def _readonly(self, part: Node) -> None:
        """The read-only part of Panorama says which device group is inside which."""
        self._ignore(part)
        for device in part.at("devices") or ():
            groups = device.at("device-group")
            for entry in groups if groups is not None else ():
                parent = entry.at("parent-dg")
                if parent is not None:
                    self._mark(parent.lines())
                    self._parents.update((entry.key, word) for word in parent.words()[:1])

    def _panorama(self, part: Node) -> None:
        """Panorama's own settings; on a firewall, what Panorama pushed to each vsys."""
        vsys = part.at("vsys")
        if vsys is None:
            self._ignore(part)
            return
        self._mark(part.edges())
        for below in part:
            if below.key == "vsys":
                self._mark(below.edges())
                for entry in below:
                    self._pushed.append((entry.key, entry))
            else:
                self._ignore(below)

    def _policy(self, part: Node) -> None:
        """What ``show config pushed-shared-policy`` prints: ``policy panorama`` with rulebases and objects."""
        self._mark(part.edges())
        for below in part:
            if below.key == "panorama":
                self._pushed.append(("", below))
            else:
                self._unknown(below, "the policy")

    def _attach_pushed(self) -> None:
        """Put what Panorama pushed between each vsys and what is shared."""
        scopes: dict[str, Scope] = {}
        for name, node in self._pushed:
            label = f"panorama {name}".strip()
            scope = scopes.setdefault(name, Scope(label, "pushed", parent=self._layout.shared, line=node.line))
            self._scope(node, scope)
        for name, pushed in scopes.items():
            if not any(one.name == name for one in self._layout.vsys) and (name or not self._layout.vsys):
                lone = Scope(name or "vsys1", "vsys", parent=self._layout.shared, line=pushed.line)
                self._layout.vsys.append(lone)
        for one in self._layout.vsys:
            own, common = scopes.get(one.name), scopes.get("")
            if own is not None and common is not None:
                own.parent = common
            one.parent = own or common or self._layout.shared

    def _attach_parents(self) -> None:
        groups = {one.name: one for one in self._layout.groups}
        for name, word in self._parents.items():
            if name not in groups or word.text == "shared":
                continue
            parent = groups.get(word.text)
            if parent is None:
                message = f"the parent {word.text[:60]!r} of device group {name[:60]!r} is not defined"
                self._ledger.report("RC603", Severity.MEDIUM, word.line, message, affects_verdicts=True)
            elif len(list(parent.chain())) > MAX_NESTING:
                message = f"device group {name[:60]!r} is nested too deeply; it is treated as a group at the top"
                self._ledger.report("RC606", Severity.MEDIUM, word.line, message, affects_verdicts=True)
            elif groups[name] in parent.chain():
                message = f"device group {name[:60]!r} is inside itself; it is treated as a group at the top"
                self._ledger.report("RC604", Severity.MEDIUM, word.line, message, affects_verdicts=True)
            else:
                groups[name].parent = parent
