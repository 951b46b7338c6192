"""Object groups: collecting their definitions and resolving them, nested, into operands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from parsers.cisco.acl.dialect import NETWORK, PORT, SERVICE, Dialect, GroupKind
from parsers.cisco.acl.draft import brief
from parsers.cisco.acl.members import PORT_PROTOCOLS, address_element, port_element, service_element
from parsers.cisco.blocks import Block
from parsers.ledger import Ledger
from parsers.redact import show
from rulecheck.model.device import ObjectDefinition, Severity
from rulecheck.model.fields import IPV4_ALL, IPV6_ALL, PORT_ALL
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import Addresses, Condition, Element, Service, Services
from rulecheck.model.provenance import Origin

_PATH = 16
"""Most groups that a member names as its way from the rule: deeper ones are left out."""

MAX_STEPS = 1_000_000
"""Members and references that all groups of one configuration may unfold to; what is beyond that stays unknown."""

_COMPUTED = frozenset({NETWORK, SERVICE, PORT})
_NESTED = frozenset({"group-object", "object-group"})


@dataclass(slots=True)
class Group:
    """One object group. ``members`` are (nested group name or None, element) in the order of the file."""

    name: str
    kind: str
    family: int
    origin: Origin
    masks: str = "netmask"
    members: list[tuple[str | None, Element | Service | Origin]] = field(default_factory=list)


class Groups:
    """All object groups of one configuration."""

    def __init__(self, path: str, ledger: Ledger, dialect: Dialect) -> None:
        self._path = path
        self._ledger = ledger
        self._dialect = dialect
        self._deciding = True
        self._left = MAX_STEPS
        self._oversized: set[str] = set()
        self._groups: dict[str, Group] = {}
        self._addresses: dict[tuple[str, int], Addresses] = {}
        self._services: dict[str, tuple[Service, ...]] = {}
        self._ports: dict[str, tuple[Service, ...]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._groups

    def define(self, block: Block) -> None:
        """Read an ``object-group`` block; a second block of the same name adds to the first."""
        found = self._dialect.group_kind(block.words)
        if found is None:
            self._ledger.unknown(block.line, "this kind of object group is not known", affects_verdicts=True)
            return
        self._ledger.understood(block.line)
        origin = Origin(self._path, block.line, show(block.text))
        group = self._groups.setdefault(found.name, _group(found, origin))
        if group.kind != found.kind:
            message = brief(f"object group {found.name} is a {group.kind} already: this definition is left out")
            for one in block.walk():
                self._ledger.unknown(one.line, message, affects_verdicts=True)
            return
        for child in block.children:
            self._member(group, child)

    def _member(self, group: Group, block: Block) -> None:
        words = block.words
        if words[0].lower() in ("description", "exit"):
            self._ledger.ignored(block.line)
            return
        self._ledger.understood(block.line)
        origin = Origin(self._path, block.line, show(block.text), (group.name,))
        if words[0].lower() in _NESTED and len(words) == 2:
            group.members.append((words[1], origin))
            return
        if len(words) > 1 and words[0].isdecimal() and group.kind in (NETWORK, PORT):
            words = words[1:]
        element, problem = self._element(group, words, origin)
        if group.kind not in _COMPUTED:
            problem = f"the members of a {group.kind} cannot be computed"
        if problem:
            self._ledger.report("RC602", Severity.MEDIUM, block.line, problem, affects_verdicts=True)
        group.members.append((None, element))

    def _element(self, group: Group, words: list[str], origin: Origin) -> tuple[Element | Service, str]:
        """Return a member, and what was not understood about it."""
        if group.kind == SERVICE:
            return service_element(words, origin, group.family, self._dialect)
        if group.kind == PORT:
            return port_element(words, origin, self._dialect)
        return address_element(words, origin, group.family, group.masks)

    def definitions(self) -> tuple[ObjectDefinition, ...]:
        """Return the groups for the device, in the order of the file. Call it when all rules were read."""
        self._deciding = False
        return tuple(
            ObjectDefinition(
                g.name,
                g.kind,
                g.origin,
                tuple(dict.fromkeys(name for name, _ in g.members if name is not None)),
                self._content(g),
            )
            for g in self._groups.values()
        )

    def _content(self, group: Group) -> Addresses | Services | None:
        found: Addresses | Services | None = None
        if group.kind == NETWORK:
            found = self.addresses(group.name, group.family, group.origin)
        elif group.kind == SERVICE:
            found = Services(f"object-group {group.name}", self.services(group.name, group.origin))
        elif group.kind == PORT:
            found = Services(f"port group {group.name}", self._port_services(group.name, group.origin))
        return None if group.name in self._oversized else found

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

    def ports(self, name: str, origin: Origin) -> tuple[IntervalSet, Condition | None]:
        """Return the ports of a port group, and what is not known about them."""
        found = self._port_services(name, origin)
        doubt = next((one.condition for one in found if one.condition is not None), None)
        if doubt is not None:
            return PORT_ALL, Condition(f"port-group:{name}", doubt.reason, doubt.origin)
        return IntervalSet.union_of(one.destination_ports or EMPTY for one in found), None

    def _port_services(self, name: str, origin: Origin) -> tuple[Service, ...]:
        if name not in self._ports:
            found = self._flat(name, PORT, 4, origin)
            self._ports[name] = tuple(one for one in found if isinstance(one, Service))
        return self._ports[name]

    def _flat(self, root: str, wanted: str, family: int, use: Origin) -> Iterator[Element | Service]:
        """Yield the members of a group and of the groups inside it, each group once."""
        seen = {root}
        stack: list[tuple[str, tuple[str, ...], Origin]] = [(root, (root,), use)]
        while stack:
            name, path, origin = stack.pop()
            group = self._groups.get(name)
            if group is None or not _fits(group.kind, wanted):
                yield self._missing(name, wanted, family, replace(origin, path=path[:-1]))
                continue
            self._left -= 1 + len(group.members)
            if self._left < 0:
                self._oversized.add(root)
                yield self._not_known(root, wanted, family, use, "is too large to unfold", "RC602")
                return
            for nested, member in group.members:
                if not isinstance(member, Origin):
                    yield _placed(member, path)
                elif nested is not None and nested not in seen:
                    seen.add(nested)
                    stack.append((nested, (*path, nested) if len(path) < _PATH else path, member))

    def _missing(self, name: str, wanted: str, family: int, origin: Origin) -> Element | Service:
        group = self._groups.get(name)
        why = "is not defined here" if group is None else f"is a {group.kind}"
        return self._not_known(name, wanted, family, origin, why, "RC603")

    def _not_known(self, name: str, wanted: str, family: int, origin: Origin, why: str, code: str) -> Element | Service:
        """Report a group that cannot be computed, and return what stands for its members."""
        text = brief(f"object-group {name} {why}: the entry is treated as not exact")
        if self._deciding or code != "RC602":
            severity = Severity.MEDIUM if self._deciding else Severity.LOW
            self._ledger.report(code, severity, origin.line, text, affects_verdicts=self._deciding)
        condition = Condition(f"object-group:{name}", f"object-group {name} {why}", origin)
        if wanted == SERVICE:
            return Service(name, origin, condition=condition)
        if wanted == PORT:
            return Service(name, origin, PORT_PROTOCOLS, condition=condition)
        return Element(name, IPV4_ALL if family == 4 else IPV6_ALL, origin, condition)


def _group(found: GroupKind, origin: Origin) -> Group:
    return Group(found.name, found.kind, found.family, origin, found.masks)


def _fits(kind: str, wanted: str) -> bool:
    """Return whether a group of a kind can stand where another kind is wanted: those not computed, for addresses."""
    return kind == wanted or (wanted == NETWORK and kind not in _COMPUTED)


def _placed(member: Element | Service, path: tuple[str, ...]) -> Element | Service:
    """Return a member with its way through the groups."""
    origin = Origin(member.origin.file, member.origin.line, member.origin.text, path)
    if isinstance(member, Element):
        return Element(member.text, member.values, origin, member.condition)
    return replace(member, origin=origin)
