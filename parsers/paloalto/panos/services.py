"""Service operands: service objects and groups, predefined services."""

from __future__ import annotations

from dataclasses import replace

from parsers.ledger import Ledger
from parsers.paloalto.panos import predefined
from parsers.paloalto.panos.catalogue import SERVICE_KINDS, Catalogue, Definition, GroupResolver
from parsers.paloalto.panos.layout import Scope
from parsers.paloalto.panos.tree import Node, Word
from parsers.paloalto.panos.values import parse_ports
from rulecheck.model.device import Severity
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Service, Services
from rulecheck.model.provenance import Origin

APPLICATION_DEFAULT = "application-default"

_PROTOCOLS = {"tcp": IntervalSet(((6, 6),)), "udp": IntervalSet(((17, 17),)), "sctp": IntervalSet(((132, 132),))}
_SERVICE_KEYS = frozenset({"protocol", "description", "tag", "disable-override", "override"})
_PROTOCOL_KEYS = frozenset({"port", "source-port", "override"})
_MAX_PATH = 8


class ServiceResolver(GroupResolver[Service]):
    """Resolves the service operands of rules; equal operands are the same object."""

    def __init__(self, catalogue: Catalogue, file: str, ledger: Ledger) -> None:
        super().__init__(catalogue, SERVICE_KINDS, ledger)
        self._file = file
        self._operands: dict[tuple[Scope, tuple[str, ...]], Services] = {}
        self._contents: dict[Definition, Services] = {}

    def operand(self, scope: Scope, words: list[Word]) -> Services | None:
        """Return the operand of a rule; no word and ``any`` are every protocol."""
        names = tuple(word.text for word in words)
        if not names or "any" in names:
            return None
        key = (scope, names)
        if key not in self._operands:
            found = dict.fromkeys(service for word in words for service in self._single(scope, word))
            self._operands[key] = Services(", ".join(names), tuple(found))
        return self._operands[key]

    def content(self, definition: Definition) -> Services:
        """Return what an object stands for, seen from where it is defined."""
        if definition not in self._contents:
            self._contents[definition] = Services(definition.name, self.of_definition(definition.scope, definition))
        return self._contents[definition]

    def _single(self, scope: Scope, word: Word) -> tuple[Service, ...]:
        if word.text == APPLICATION_DEFAULT:
            return (Service(word.text, Origin(self._file, word.line, word.text)),)
        definition = self.lookup(scope, word)
        if definition is None:
            return self.missing(word)
        others = self.catalogue.overrides(scope, self.kinds, word.text)
        return self.either(scope, word, [definition, *others]) if others else self.of_definition(scope, definition)

    def either(self, scope: Scope, word: Word, meanings: list[Definition]) -> tuple[Service, ...]:
        """Return the values of a name to which device groups inside ``scope`` give other meanings."""
        origin = Origin(self._file, word.line, word.text)
        key = f"override:{scope.name}:{word.text}"
        condition = Condition(key, f"device groups give {word.text} different services", origin)
        found = [service for one in meanings for service in self.of_definition(one.scope, one)]
        return tuple(replace(one, condition=condition) for one in found)

    def members(self, definition: Definition) -> list[Word] | None:
        """Return the members of a group, None where the object is none."""
        if definition.kind != "service-group":
            return None
        members = definition.node.at("members")
        if members is not None:
            return members.words()
        return [] if definition.node.at("tag") is not None else definition.node.words()

    def leaf(self, definition: Definition) -> tuple[Service, ...]:
        """Return the values of a service object."""
        node, name = definition.node, definition.name
        for child in node:
            if child.key not in _SERVICE_KEYS:
                self._report(child, f"the clause {child.key[:40]!r} of service {name[:60]!r} is not understood")
                return (self._unknown(Word(name, node.line), "is not understood"),)
        protocol = node.at("protocol")
        found = [self._protocol(name, one) for one in protocol] if protocol is not None else []
        if not found:
            self._report(node, f"service {name[:60]!r} has no protocol")
            return (self._unknown(Word(name, node.line), "has no protocol"),)
        return tuple(found)

    def _protocol(self, name: str, node: Node) -> Service:
        origin = Origin(self._file, node.line, name, (name,))
        protocol = _PROTOCOLS.get(node.key)
        ports, sources = (self._ports(node, key) for key in ("port", "source-port"))
        strange = [child for child in node if child.key not in _PROTOCOL_KEYS or _is_deep(child)]
        if protocol is None or strange or ports == IntervalSet() or sources == IntervalSet():
            self._report(node, f"service {name[:60]!r} has a protocol, port or clause that is not understood")
            return self._unknown(Word(name, node.line), "is not understood")
        return Service(name, origin, protocol, sources, ports)

    def _ports(self, node: Node, key: str) -> IntervalSet | None:
        """Return the ports under a key; None for all, the empty set where they are malformed."""
        below = node.at(key)
        if below is None:
            return None
        text = ",".join(word.text for word in below.words())
        return (parse_ports(text) if text else None) or IntervalSet()

    def _report(self, node: Node, message: str) -> None:
        self.ledger.report("RC606", Severity.MEDIUM, node.line, message, affects_verdicts=True)

    def missing(self, word: Word) -> tuple[Service, ...]:
        """Return a predefined service, or one that is not known."""
        origin = Origin(self._file, word.line, word.text)
        if word.text == "any":
            return (Service("any", origin),)
        known = predefined.services().get(word.text)
        if known is not None:
            return tuple(Service(word.text, origin, one.protocol, None, one.ports) for one in known)
        message = f"the service {word.text[:60]!r} is not defined; the rules that name it are inexact"
        self.ledger.report("RC603", Severity.MEDIUM, word.line, message, affects_verdicts=True)
        return (self._unknown(word, "is not defined"),)

    def _unknown(self, word: Word, wrong: str) -> Service:
        origin = Origin(self._file, word.line, word.text)
        condition = Condition(f"service:{word.text}", f"the service {word.text} {wrong}", origin)
        return Service(word.text, origin, condition=condition)

    def inside(self, item: Service, name: str) -> Service:
        """Return a value with the name of the group around it."""
        path = (name, *item.origin.path)[:_MAX_PATH]
        return replace(item, origin=replace(item.origin, path=path))

    def cut(self, definition: Definition, reason: str) -> tuple[Service, ...]:
        """Return the values of a group that cannot be resolved."""
        return (self._unknown(Word(definition.name, definition.node.line), reason),)

    def identity(self, item: Service) -> object:
        """Return what makes a second value of a group superfluous."""
        return (item.text, item.origin.line, item.protocol, item.condition.key if item.condition else "")


def _is_deep(node: Node) -> bool:
    """Return whether there is more behind the values of a port clause, which must not be dropped."""
    return node.key != "override" and any(below.words() for below in node)
