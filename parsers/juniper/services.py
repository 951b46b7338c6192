"""Applications and application sets: what a policy's ``match application`` stands for.

Source: Juniper "Security Policies User Guide", chapters "Custom Policy Applications" and "Policy Application Sets".
An application is one product of protocol and ports, or a union of its terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from parsers.juniper.facts import LONGEST_WAY, Facts
from parsers.juniper.tree import Node
from parsers.juniper.vocabulary import ICMP, ICMP6, WITH_PORTS, icmp_values, ports, protocols, span, table
from parsers.juniper.words import words
from rulecheck.model.device import ObjectDefinition
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Service, Services
from rulecheck.model.provenance import Origin

SPELLED_OUT = 500
"""Members up to which a set keeps them one by one; a larger one keeps what differs in more than its ports."""

APPLICATION, APPLICATION_SET = "application", "application-set"
ANY = "any"

_RPC = {"rpc-program-number", "uuid", "rpc-program"}
_NO_MATCH = words(
    """application-protocol alg inactivity-timeout description do-not-translate-A-query-to-AAAA-query
    do-not-translate-AAAA-query-to-A-query ttl-threshold snmp-command learn-sip-register
    sip-call-hold-timeout destination-port-range-optimize child-inactivity-timeout gate-timeout imap pop3
    smtp"""
)
"""Statements of an application that change how sessions are treated, not which packets belong to it."""

_FIELDS = words("""protocol source-port destination-port icmp-type icmp-code icmp6-type icmp6-code ether-type""")


class Applications:
    """The applications of one system, with the built-in ones behind them."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._applications: dict[str, Node] = {}
        self._sets: dict[str, Node] = {}
        self._resolved: dict[str, tuple[Service, ...]] = {}
        self._operands: dict[tuple[str, ...], Services] = {}

    def read(self, node: Node | None) -> None:
        """Read the ``applications`` section."""
        for one in node.live() if node else ():
            one.take()
            if one.word == APPLICATION:
                self._applications.update((each.word, each) for each in one.values())
            elif one.word == APPLICATION_SET:
                self._sets.update((each.word, each) for each in one.values())
            else:
                one.reject()

    def kind(self, name: str) -> str | None:
        """Return the kind of a defined object with this name, None for a built-in or undefined one."""
        if name in self._sets:
            return APPLICATION_SET
        return APPLICATION if name in self._applications else None

    def operand(self, names: list[Node]) -> Services | None:
        """Return the services that the names of a rule stand for, None for any; equal operands are one object."""
        if any(one.word == ANY for one in names):
            return None
        key = tuple(one.word for one in names)
        found = self._operands.get(key)
        if found is None or any(not self._known(name) for name in key):
            services = tuple(service for one in names for service in self._services(one))
            label = " ".join(key[:20]) + (" …" if len(key) > 20 else "")
            found = self._operands[key] = Services(label, services)
        return None if any(one.text == ANY for one in found.elements) else found

    def _known(self, name: str) -> bool:
        return name in self._sets or name in self._applications or name in _built_in() or name in _built_in_sets()

    def _services(self, node: Node) -> tuple[Service, ...]:
        if self._known(node.word):
            return self.resolve(node.word)
        return (self._undefined(node, f"the application {node.word} is not defined"),)

    def _undefined(self, node: Node, message: str) -> Service:
        if node.word.startswith("junos-"):
            message = f"{node.word} is not among the built-in applications that are known here"
        self._facts.undefined(node, message)
        origin = self._facts.origin(node)
        return Service(node.word, origin, condition=Condition(f"application:{node.word}", message, origin))

    def resolve(self, name: str) -> tuple[Service, ...]:
        """Return the services of an application or set; sets of sets are followed without recursion."""
        stack, entered = [name], set[str]()
        while stack:
            top = stack[-1]
            if top in self._resolved:
                stack.pop()
            elif top in entered or not self._is_set(top):
                self._resolved[top] = self._union(top) if self._is_set(top) else self._application(top)
            else:
                entered.add(top)
                stack.extend(self._pending(top, entered))
        return self._resolved[name]

    def _is_set(self, name: str) -> bool:
        return name in self._sets or (name not in self._applications and name in _built_in_sets())

    def _members(self, name: str) -> list[Node]:
        node = self._sets.get(name)
        if node is None:
            return [Node(each, 0) for each in _built_in_sets()[name]]
        found: list[Node] = []
        for one in node.live():
            one.take(whole=one.word == "description")
            if one.word in (APPLICATION, APPLICATION_SET):
                found.extend(one.values())
            elif one.word != "description":
                one.reject()
        return found

    def _pending(self, name: str, entered: set[str]) -> list[str]:
        found: list[str] = []
        for one in self._members(name):
            if one.word in self._resolved or not self._known(one.word):
                continue
            if one.word in entered:
                message = f"the application set {name} contains itself through {one.word}"
                self._facts.report("RC604", one, message)
            else:
                found.append(one.word)
        return found

    def _union(self, name: str) -> tuple[Service, ...]:
        found: dict[object, Service] = {}
        for member in self._members(name):
            for each in self._member(member, name):
                origin = Origin(
                    each.origin.file, each.origin.line, each.origin.text, (name, *each.origin.path[:LONGEST_WAY])
                )
                found.setdefault(
                    (each.text, tuple(each.sets().items()), each.condition),
                    _with_origin(each, origin),
                )
        services = tuple(found.values())
        return services if len(services) <= SPELLED_OUT else _merged(name, services)

    def _member(self, member: Node, owner: str) -> tuple[Service, ...]:
        if member.word == ANY:
            return (Service(ANY, self._facts.origin(member)),)
        if not self._known(member.word):
            return (self._undefined(member, f"the application {member.word} in the set {owner} is not defined"),)
        if member.word in self._resolved:
            return self._resolved[member.word]
        origin = self._facts.origin(member)
        reason = f"the application set {member.word} contains itself"
        return (Service(member.word, origin, condition=Condition(f"application cycle:{member.word}", reason, origin)),)

    def _application(self, name: str) -> tuple[Service, ...]:
        node = self._applications.get(name)
        if node is None:
            return tuple(_predefined(name, Origin(self._facts.file, 0, name)))
        terms = node.get("term")
        found = [self._product(name, term) for term in (terms.values() if terms else ())]
        if not found or any(one.word in _FIELDS or one.word in _RPC for one in node.live()):
            found.insert(0, self._product(name, node))
        return tuple(found)

    def _product(self, name: str, node: Node) -> Service:
        """Read an application without terms, or one term: in one line or as a block."""
        fields = dict(_fields(node))
        doubts: list[str] = []
        protocol = self._span(fields, "protocol", protocols, doubts)
        source = self._span(fields, "source-port", ports, doubts)
        destination = self._span(fields, "destination-port", ports, doubts)
        icmp = self._icmp(fields, protocol, doubts)
        condition = self._rpc(name, fields)
        has_ports = source is not None or destination is not None
        if protocol is None or (has_ports and not protocol <= WITH_PORTS):
            doubts.append("its protocol" if protocol is None else "ports of a protocol without ports")
        if "ether-type" in fields:
            doubts.append("ether-type")
        doubts.extend(word for word in fields if word not in _FIELDS | _RPC)
        if doubts:
            condition = self._doubt(name, node, doubts)
            if "its protocol" in doubts or "ports of a protocol without ports" in doubts:
                source = destination = icmp = None
        return Service(name, self._facts.origin(node, name), protocol, source, destination, icmp, condition=condition)

    def _doubt(self, name: str, node: Node, doubts: list[str]) -> Condition:
        message = f"the application {name} was not understood: {', '.join(doubts)}"
        self._facts.report("RC602", node, message)
        return Condition(f"application:{name} line {node.line}", message, self._facts.origin(node, name))

    def _span(
        self,
        fields: Mapping[str, Node],
        word: str,
        read: Callable[[str], IntervalSet | None],
        doubts: list[str],
    ) -> IntervalSet | None:
        node = fields.get(word)
        if node is None:
            return None
        found = read(node.word)
        if found is None:
            self._facts.malformed(node, f"{word} has a value that is not understood")
            doubts.append(word)
        return found

    def _icmp(self, fields: Mapping[str, Node], protocol: IntervalSet | None, doubts: list[str]) -> IntervalSet | None:
        six = "icmp6-type" in fields or "icmp6-code" in fields or protocol == IntervalSet.points((ICMP6,))
        prefix = "icmp6" if "icmp6-type" in fields or "icmp6-code" in fields else "icmp"
        if f"{prefix}-type" not in fields and f"{prefix}-code" not in fields:
            return None
        if protocol is None or not protocol <= IntervalSet.points((ICMP, ICMP6)):
            doubts.append("ICMP types of another protocol")
            return None
        names = table("icmp6" if six else "icmp")
        codes = {name: pair[1] for name, pair in table("icmp6-codes" if six else "icmp-codes").items()}

        def kinds(word: str) -> IntervalSet | None:
            return IntervalSet(((0, 255),)) if word in ("all", ANY) else span(names, word, 255)

        def details(word: str) -> IntervalSet | None:
            return IntervalSet(((0, 255),)) if word in ("all", ANY) else span(codes, word, 255)

        kind = self._span(fields, f"{prefix}-type", kinds, doubts)
        code = self._span(fields, f"{prefix}-code", details, doubts)
        return icmp_values(kind, code)

    def _rpc(self, name: str, fields: Mapping[str, Node]) -> Condition | None:
        found = next((fields[word] for word in fields if word in _RPC), None)
        if found is None:
            return None
        reason = f"sessions of the RPC program {found.word} use ports that are negotiated"
        return Condition(f"rpc:{found.word}", reason, self._facts.origin(found, name))

    def definitions(self) -> Iterable[ObjectDefinition]:
        """Yield every application and set of the configuration, resolved."""
        for name, node in self._applications.items():
            content = Services(name, self.resolve(name)) if name not in self._sets else None
            yield ObjectDefinition(name, APPLICATION, self._facts.line_origin(node), (), content)
        for name, node in self._sets.items():
            members = tuple(one.word for one in self._members(name))
            content = Services(name, self.resolve(name))
            yield ObjectDefinition(name, APPLICATION_SET, self._facts.line_origin(node), members, content)


def _merged(name: str, services: tuple[Service, ...]) -> tuple[Service, ...]:
    """Return services as few: those that differ in their destination ports alone become one."""
    alike: dict[object, list[Service]] = {}
    for one in services:
        alike.setdefault((one.protocol, one.source_ports, one.icmp, one.condition), []).append(one)
    found: list[Service] = []
    for group in alike.values():
        ports_of = [one.destination_ports for one in group]
        whole = None if None in ports_of else IntervalSet.union_of(one for one in ports_of if one is not None)
        first = group[0]
        text = first.text if len(group) == 1 else name
        found.append(
            Service(
                text, first.origin, first.protocol, first.source_ports, whole, first.icmp, condition=first.condition
            )
        )
    return tuple(found)


def _with_origin(one: Service, origin: Origin) -> Service:
    return Service(
        one.text, origin, one.protocol, one.source_ports, one.destination_ports, one.icmp, condition=one.condition
    )


def _fields(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield (statement, value) pairs. ``term t protocol tcp destination-port 80`` chains them in one line."""
    stack = [node]
    while stack:
        holder = stack.pop()
        for one in holder.live():
            if one.word == "term" and holder is node:
                continue
            if one.word in _NO_MATCH:
                one.take(whole=one.word == "description")
                stack.extend(_after(one))
                continue
            value = one.value()
            one.take()
            if value is None:
                yield one.word, one
                continue
            yield one.word, value
            stack.append(value)


def _after(node: Node) -> list[Node]:
    """Return the values of a statement that does not matter, so that what follows in the line is read."""
    return [] if node.word == "description" else node.values()


def _built_in() -> Mapping[str, list[str]]:
    return table("applications", "applications.toml")


def _built_in_sets() -> Mapping[str, list[str]]:
    return table("sets", "applications.toml")


def _predefined(name: str, origin: Origin) -> Iterator[Service]:
    """Yield the services of a built-in application."""
    for text in _built_in()[name]:
        words = text.removesuffix("+rpc").split("/")
        protocol = protocols(words[0])
        condition = None
        if text.endswith("+rpc"):
            condition = Condition(f"rpc:{name}", f"sessions of {name} use ports that are negotiated", origin)
        icmp = span({}, words[1], 255) if words[0].startswith("icmp") and len(words) > 1 else None
        code = span({}, words[2], 255) if len(words) > 2 else None
        port = ports(words[1]) if len(words) > 1 and icmp is None else None
        yield Service(name, origin, protocol, None, port, icmp_values(icmp, code), condition=condition)
