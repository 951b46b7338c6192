"""The match of one filter term while its conditions are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.juniper.longest import Listed
from parsers.juniper.tree import Node
from parsers.juniper.vocabulary import TCP, TCP_OR_UDP, WITH_PORTS, icmp_values
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Alternative, Condition, Constraint, Service, Services
from rulecheck.model.provenance import Origin

BYTE = IntervalSet(((0, 255),))
_ICMP = IntervalSet.points((1, 58))


@dataclass(frozen=True, slots=True)
class NamedList:
    """A prefix list in an address condition; its prefixes are looked up when they are needed."""

    node: Node
    refused: bool


@dataclass(slots=True)
class TermDraft:
    """What a term's conditions amount to so far; ``family`` is None for filters of any family.

    ``sides`` are the prefixes of each direction, under None those that may be in either; ``unclear`` are the
    directions of which not all are understood.
    """

    family: int | None
    protocol: IntervalSet | None = None
    source_ports: IntervalSet | None = None
    destination_ports: IntervalSet | None = None
    either_ports: IntervalSet | None = None
    icmp_types: IntervalSet | None = None
    icmp_codes: IntervalSet | None = None
    tcp: IntervalSet | None = None
    sides: dict[Field | None, list[Listed | NamedList]] = field(default_factory=dict)
    side_words: dict[Field | None, list[str]] = field(default_factory=dict)
    constraints: list[Constraint] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    choices: tuple[tuple[Alternative, ...], ...] = ()
    unclear: set[Field | None] = field(default_factory=set)

    def constrain(self, name: Field, values: IntervalSet | None, text: str, origin: Origin) -> None:
        """Restrict a field; None restricts nothing."""
        if values is not None:
            self.constraints.append(Constraint(name, values, text, origin))

    def carriers(self) -> IntervalSet | None:
        """Return the protocols that the term is about, None for every one; empty where its conditions contradict.

        Ports without a protocol mean TCP or UDP, flags TCP, types ICMP: the fields that the guide names.
        """
        found = self.protocol
        for implied, possible in self._wanted():
            found = implied if found is None else found & possible
        return found

    def _wanted(self) -> list[tuple[IntervalSet, IntervalSet]]:
        wanted: list[tuple[IntervalSet, IntervalSet]] = []
        if any(one is not None for one in (self.source_ports, self.destination_ports, self.either_ports)):
            wanted.append((TCP_OR_UDP, WITH_PORTS))
        if self.tcp is not None:
            only = IntervalSet.points((TCP,))
            wanted.append((only, only))
        if self.icmp_types is not None or self.icmp_codes is not None:
            family = {4: (1,), 6: (58,)}.get(self.family or 0, (1, 58))
            wanted.append((IntervalSet.points(family), _ICMP))
        return wanted

    def services(self, carriers: IntervalSet | None, text: str, origin: Origin) -> Services | None:
        """Return the services of the term; a port of either direction makes two alternatives."""
        if carriers is None:
            return None
        icmp = icmp_values(self.icmp_types, self.icmp_codes)
        pairs = [(self.source_ports, self.destination_ports)]
        if self.either_ports is not None:
            pairs = [
                (both(self.source_ports, self.either_ports), self.destination_ports),
                (self.source_ports, both(self.destination_ports, self.either_ports)),
            ]
        return Services(text, tuple(Service(text, origin, carriers, one, two, icmp, self.tcp) for one, two in pairs))


def both(one: IntervalSet | None, two: IntervalSet | None) -> IntervalSet | None:
    """Return what two restrictions leave together; None restricts nothing."""
    if one is None or two is None:
        return two if one is None else one
    return one & two


def outside(name: Field, values: IntervalSet | None, *, negated: bool) -> IntervalSet | None:
    """Return the restriction of a field, or its opposite for a condition that ends in ``-except``."""
    return DOMAIN[name] - values if negated and values is not None else values


def byte_outside(values: IntervalSet | None, *, negated: bool) -> IntervalSet | None:
    """Return the restriction of a byte, or its opposite."""
    return BYTE - values if negated and values is not None else values
