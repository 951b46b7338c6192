"""Object groups: collecting their definitions and resolving them, nested, into operands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from parsers.cisco.blocks import Block
from parsers.cisco.ios.draft import brief
from parsers.cisco.ios.members import address_element, service_element
from parsers.ledger import Ledger
from parsers.redact import show
from rulecheck.model.device import ObjectDefinition, Severity
from rulecheck.model.fields import IPV4_ALL, IPV6_ALL
from rulecheck.model.match import Addresses, Condition, Element, Service
from rulecheck.model.provenance import Origin

_PATH = 16
"""Most groups that a member names as its way from the rule: deeper ones are left out."""

NETWORK, SERVICE = "network-group", "service-group"

_KINDS = {
    "network": (NETWORK, 4),
    "v4-network": (NETWORK, 4),
    "v6-network": (NETWORK, 6),
    "ip": (NETWORK, 4),
    "service": (SERVICE, 4),
    "v6-service": (SERVICE, 6),
    "protocol": (SERVICE, 4),
    "security": ("security-group", 4),
    "fqdn": ("fqdn-group", 4),
    "geo": ("geo-group", 4),
}


@dataclass(slots=True)
class Group:
    """One object group. ``members`` are (nested group name or None, element) in the order of the file."""

    name: str
    kind: str
    family: int
    origin: Origin
    members: list[tuple[str | None, Element | Service | Origin]] = field(default_factory=list)


class Groups:
    """All object groups of one configuration."""

    def __init__(self, path: str, ledger: Ledger) -> None:
        self._path = path
        self._ledger = ledger
        self._groups: dict[str, Group] = {}
        self._addresses: dict[tuple[str, int], Addresses] = {}
        self._services: dict[str, tuple[Service, ...]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._groups

    def define(self, block: Block) -> None:
        """Read an ``object-group`` block; a second block of the same name adds to the first."""
        words = block.words
        kind, family = _KINDS.get(words[1].lower() if len(words) > 1 else "", ("other", 4))
        if len(words) < 3 or kind == "other":
            self._ledger.unknown(block.line, "this kind of object group is not known", affects_verdicts=True)
            return
        self._ledger.understood(block.line)
        name = words[-1] if words[1].lower() == "ip" else words[2]
        origin = Origin(self._path, block.line, show(block.text))
        group = self._groups.setdefault(name, Group(name, kind, family, origin))
        for child in block.children:
            self._member(group, child)

    def _member(self, group: Group, block: Block) -> None:
        words = block.words
        if words[0].lower() == "description":
            self._ledger.ignored(block.line)
            return
        self._ledger.understood(block.line)
        origin = Origin(self._path, block.line, show(block.text), (group.name,))
        if words[0].lower() == "group-object" and len(words) == 2:
            group.members.append((words[1], origin))
            return
        if len(words) > 1 and words[0].isdecimal() and group.kind == NETWORK:
            words = words[1:]
        read = service_element if group.kind == SERVICE else address_element
        element, problem = read(words, origin, group.family)
        if group.kind not in (NETWORK, SERVICE):
            problem = f"the members of a {group.kind} cannot be computed"
        if problem:
            self._ledger.report("RC602", Severity.MEDIUM, block.line, problem, affects_verdicts=True)
        group.members.append((None, element))

    def definitions(self) -> tuple[ObjectDefinition, ...]:
        """Return the groups for the device, in the order of the file."""
        return tuple(
            ObjectDefinition(g.name, g.kind, g.origin, tuple(name for name, _ in g.members if name is not None))
            for g in self._groups.values()
        )

    def report_cycles(self) -> None:
        """Report every reference that closes a circle (RC604). A circle adds no members."""
        done: set[str] = set()
        for start in self._groups:
            self._search(start, done)

    def _search(self, start: str, done: set[str]) -> None:
        if start in done:
            return
        open_groups = {start}
        stack = [(start, self._references(start))]
        while stack:
            name, references = stack[-1]
            step = next(references, None)
            if step is None:
                stack.pop()
                open_groups.discard(name)
                done.add(name)
            elif step[0] in open_groups:
                text = f"object-group {step[0]} contains itself by way of {name}: remove this reference"
                self._ledger.report("RC604", Severity.MEDIUM, step[1], text, affects_verdicts=True)
            elif step[0] in self._groups and step[0] not in done:
                open_groups.add(step[0])
                stack.append((step[0], self._references(step[0])))

    def _references(self, name: str) -> Iterator[tuple[str, int]]:
        for nested, member in self._groups[name].members:
            if nested is not None and isinstance(member, Origin):
                yield nested, member.line

    def addresses(self, name: str, family: int, origin: Origin) -> Addresses:
        """Return a network group as an operand; ``origin`` is the entry that names it."""
        key = (name, family)
        if key not in self._addresses:
            elements = [one for one in self._flat(name, NETWORK, family, origin) if isinstance(one, Element)]
            self._addresses[key] = Addresses(f"object-group {name}", tuple(elements))
        return self._addresses[key]

    def services(self, name: str, origin: Origin) -> tuple[Service, ...]:
        """Return a service group as the services that it stands for."""
        if name not in self._services:
            found = self._flat(name, SERVICE, 4, origin)
            self._services[name] = tuple(one for one in found if isinstance(one, Service))
        return self._services[name]

    def _flat(self, root: str, wanted: str, family: int, use: Origin) -> Iterator[Element | Service]:
        """Yield the members of a group and of the groups inside it, each group once."""
        seen = {root}
        stack: list[tuple[str, tuple[str, ...], Origin]] = [(root, (root,), use)]
        while stack:
            name, path, origin = stack.pop()
            group = self._groups.get(name)
            if group is None or (wanted == SERVICE) != (group.kind == SERVICE):
                yield self._missing(name, wanted, family, replace(origin, path=path[:-1]))
                continue
            for nested, member in group.members:
                if not isinstance(member, Origin):
                    yield _placed(member, path)
                elif nested is not None and nested not in seen:
                    seen.add(nested)
                    stack.append((nested, (*path, nested) if len(path) < _PATH else path, member))

    def _missing(self, name: str, wanted: str, family: int, origin: Origin) -> Element | Service:
        group = self._groups.get(name)
        why = "is not defined here" if group is None else f"is a {group.kind}"
        text = brief(f"object-group {name} {why}: the entry is treated as not exact")
        self._ledger.report("RC603", Severity.MEDIUM, origin.line, text, affects_verdicts=True)
        condition = Condition(f"object-group:{name}", f"object-group {name} {why}", origin)
        if wanted == SERVICE:
            return Service(name, origin, condition=condition)
        return Element(name, IPV4_ALL if family == 4 else IPV6_ALL, origin, condition)


def _placed(member: Element | Service, path: tuple[str, ...]) -> Element | Service:
    """Return a member with its way through the groups."""
    origin = Origin(member.origin.file, member.origin.line, member.origin.text, path)
    if isinstance(member, Element):
        return Element(member.text, member.values, origin, member.condition)
    return replace(member, origin=origin)
