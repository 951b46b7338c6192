"""Application operands: App-IDs as values, groups, filters, and the default ports of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from parsers.ledger import Ledger
from parsers.paloalto.panos import predefined
from parsers.paloalto.panos.catalogue import APPLICATION_KINDS, Catalogue, Definition, GroupResolver
from parsers.paloalto.panos.layout import Layout, Scope
from parsers.paloalto.panos.predefined import DefaultPorts, Ports, parse_default
from parsers.paloalto.panos.tree import Node, Word
from rulecheck.model.device import Severity
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Alternative, Condition, Constraint
from rulecheck.model.names import encode_name, name_set, prefix_set
from rulecheck.model.provenance import Origin

_ICMP_TYPES = {"ident-by-icmp-type": "icmp", "ident-by-icmp6-type": "icmp6"}


@dataclass(frozen=True, slots=True)
class Application:
    """One application of an operand: the names it stands for, under a condition where that is not certain.

    ``ports`` are its default ports, None where they are not known.
    """

    name: str
    values: IntervalSet | None
    condition: Condition | None
    ports: DefaultPorts | None
    line: int


@dataclass(frozen=True, slots=True)
class ApplicationMatch:
    """What an application operand restricts: a constraint and a choice, each None where there is none."""

    constraint: Constraint | None = None
    choice: tuple[Alternative, ...] | None = None


class ApplicationResolver(GroupResolver[Application]):
    """Resolves the application operands of rules; equal operands are the same object."""

    def __init__(self, catalogue: Catalogue, layout: Layout, file: str, ledger: Ledger) -> None:
        super().__init__(catalogue, APPLICATION_KINDS, ledger)
        self._file = file
        self._operands: dict[tuple[Scope, tuple[str, ...], bool], ApplicationMatch] = {}
        self._predefined: dict[str, Node] = {}
        for part in layout.predefined:
            self._predefined.update({one.key: one for one in part.at("application") or ()})

    def operand(self, scope: Scope, words: list[Word], *, on_default_ports: bool) -> ApplicationMatch:
        """Return the operand of a rule; no word and ``any`` are every application."""
        names = tuple(word.text for word in words)
        if not names or "any" in names:
            return self._any(scope, words) if on_default_ports else ApplicationMatch()
        key = (scope, names, on_default_ports)
        if key not in self._operands:
            found = list(dict.fromkeys(app for word in words for app in self._single(scope, word)))
            self._operands[key] = self._match(", ".join(names), words[0].line, found, on_default_ports)
        return self._operands[key]

    def _any(self, scope: Scope, words: list[Word]) -> ApplicationMatch:
        """Return every application on its default ports: those of the table, and the others under a condition."""
        key = (scope, ("any",), True)
        if key not in self._operands:
            origin = Origin(self._file, words[0].line if words else 0, "application-default")
            reason = "the default ports of all applications are not known"
            ways = [Alternative((), (Condition("application-default:any", reason, origin),))]
            grouped: dict[Ports, list[str]] = {}
            for name, ports in predefined.applications().items():
                if self.catalogue.find(scope, self.kinds, name) is None and name not in self._predefined:
                    for one in ports.always:
                        grouped.setdefault(one, []).append(name)
            for one, names in grouped.items():
                apps = Constraint(Field.APPLICATION, name_set(*names), ", ".join(names), origin)
                ways.append(Alternative((apps, *_constraints(one, origin))))
            self._operands[key] = ApplicationMatch(choice=tuple(ways))
        return self._operands[key]

    def _single(self, scope: Scope, word: Word) -> tuple[Application, ...]:
        definition = self.lookup(scope, word)
        if definition is None:
            return self.missing(word)
        others = self.catalogue.overrides(scope, self.kinds, word.text)
        return self.either(scope, word, [definition, *others]) if others else self.of_definition(scope, definition)

    # --- the match ---

    def _match(self, label: str, line: int, found: list[Application], on_default_ports: bool) -> ApplicationMatch:  # noqa: FBT001
        origin = Origin(self._file, line, label)
        exact = [one for one in found if one.values is not None]
        constraint = None
        if len(exact) == len(found):
            every = IntervalSet.union_of(one.values for one in exact if one.values is not None)
            constraint = Constraint(Field.APPLICATION, every, label, origin)
        if not on_default_ports and all(one.condition is None for one in found):
            return ApplicationMatch(constraint)
        grouped: dict[tuple[DefaultPorts | None, Condition | None, str], list[Application]] = {}
        for one in found:
            ports = one.ports if on_default_ports else None
            unknown = one.name if on_default_ports and one.ports is None else ""
            grouped.setdefault((ports, one.condition, unknown), []).append(one)
        choice = [
            way
            for (ports, condition, unknown), apps in grouped.items()
            for way in self._ways(apps, ports, condition, unknown, origin)
        ]
        return ApplicationMatch(constraint, tuple(choice))

    def _ways(
        self,
        apps: list[Application],
        ports: DefaultPorts | None,
        condition: Condition | None,
        unknown: str,
        origin: Origin,
    ) -> list[Alternative]:
        """Return the alternatives for applications with the same default ports."""
        base: tuple[Constraint, ...] = ()
        if all(one.values is not None for one in apps):
            values = IntervalSet.union_of(one.values for one in apps if one.values is not None)
            base = (Constraint(Field.APPLICATION, values, ", ".join(one.name for one in apps), origin),)
        needs = (condition,) if condition else ()
        if unknown:
            reason = f"the default ports of application {unknown} are not known"
            needs = (*needs, Condition(f"application-default:{unknown}", reason, origin))
        if ports is None:
            return [Alternative(base, needs)]
        ways = [Alternative((*base, *_constraints(one, origin)), needs) for one in ports.always]
        name = min(one.name for one in apps)
        for number, one in enumerate(ports.maybe):
            reason = f"not all default ports of application {name} are known for certain"
            extra = Condition(f"application-port:{name}/{number}", reason, origin)
            ways.append(Alternative((*base, *_constraints(one, origin)), (*needs, extra)))
        return ways

    # --- objects ---

    def members(self, definition: Definition) -> list[Word] | None:
        """Return the members of a group, None where the object is none."""
        if definition.kind != "application-group":
            return None
        members = definition.node.at("members")
        return (members if members is not None else definition.node).words()

    def leaf(self, definition: Definition) -> tuple[Application, ...]:
        """Return the values of a custom application or a filter."""
        name, line = definition.name, definition.node.line
        if definition.kind == "application":
            return (Application(name, name_set(name), None, self._defaults(definition.node), line),)
        origin = Origin(self._file, line, name)
        reason = f"the applications that filter {name} selects are not known"
        key = f"application-filter:{definition.scope.name}/{name}"
        return (Application(name, None, Condition(key, reason, origin), None, line),)

    def _defaults(self, node: Node) -> DefaultPorts | None:
        default = node.at("default")
        if default is None:
            return None
        texts = [word.text for key in ("port",) if (one := default.at(key)) is not None for word in one.words()]
        number = default.word("ident-by-ip-protocol")
        texts += [f"ip/{number}"] if number else []
        for key, protocol in _ICMP_TYPES.items():
            kind = default.word(key, "type") or default.word(key)
            texts += [f"{protocol}/{kind}"] if kind else []
        found: list[Ports] = []
        maybe: list[Ports] = []
        for text in texts:
            ports, dynamic = parse_default(text)
            if ports is None and dynamic is None:
                message = f"the default port {text[:60]!r} of application {node.key[:60]!r} is not understood"
                self.ledger.report("RC606", Severity.LOW, default.line, message, affects_verdicts=True)
                return None
            found += [ports] if ports is not None else []
            maybe += [dynamic] if dynamic is not None else []
        return DefaultPorts(tuple(found), tuple(maybe)) if found or maybe else None

    def missing(self, word: Word) -> tuple[Application, ...]:
        """Return a predefined application; one that is not a container is a value by itself."""
        name = word.text
        if name == "any":
            return (Application(name, prefix_set(""), None, None, word.line),)
        members = predefined.containers().get(name)
        if members:
            return tuple(app for member in members for app in self.missing(Word(member, word.line)))
        known = self._predefined.get(name)
        if known is not None:
            return (Application(name, name_set(name), None, self._defaults(known), word.line),)
        ports = predefined.applications().get(name)
        own = Application(name, name_set(name), None, ports, word.line)
        return (own,) if ports is not None or predefined.is_single(name) else (own, self._parts(word))

    def _parts(self, word: Word) -> Application:
        """Return what else a name may stand for: functions such as ``name-base`` where it is a container."""
        origin = Origin(self._file, word.line, word.text)
        reason = f"whether application {word.text} stands for other applications is not known"
        condition = Condition(f"application-container:{word.text}", reason, origin)
        values = prefix_set(f"{word.text}-")
        if encode_name(word.text) in values:
            values = values - name_set(word.text)
        return Application(word.text, values, condition, None, word.line)

    def either(self, scope: Scope, word: Word, meanings: list[Definition]) -> tuple[Application, ...]:
        """Return the values of a name to which device groups inside ``scope`` give other meanings."""
        origin = Origin(self._file, word.line, word.text)
        reason = f"device groups give {word.text} different meanings"
        condition = Condition(f"override:{scope.name}:{word.text}", reason, origin)
        found = [app for one in meanings for app in self.of_definition(one.scope, one)]
        return tuple(replace(one, condition=condition) for one in found)

    def cut(self, definition: Definition, reason: str) -> tuple[Application, ...]:
        """Return the values of a group that cannot be resolved."""
        origin = Origin(self._file, definition.node.line, definition.name)
        text = f"the application group {definition.name} is not resolved: {reason}"
        condition = Condition(f"application-group:{definition.scope.name}/{definition.name}", text, origin)
        return (Application(definition.name, None, condition, None, definition.node.line),)

    def identity(self, item: Application) -> object:
        """Return what makes a second value of a group superfluous."""
        return (item.name, item.values is None, item.condition.key if item.condition else "")


def _constraints(ports: Ports, origin: Origin) -> tuple[Constraint, ...]:
    return tuple(Constraint(name, values, "application-default", origin) for name, values in ports.sets())
