"""One rule while it is put together: what its clauses restrict, and what happens to the packet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from parsers.bsd.events import Limits, Place, limits
from parsers.bsd.pf.hosts import FAMILIES, limited
from parsers.redact import redact
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import (
    ANY_ADDRESS,
    Addresses,
    Alternative,
    Condition,
    Constraint,
    Element,
    Match,
    Service,
    Services,
)
from rulecheck.model.provenance import Origin

PORTED = frozenset({6, 17, 132})
_TCP = IntervalSet.points((6,))
NEW_CONNECTION = IntervalSet.points(byte for byte in range(256) if byte & 0x12 == 0x02)
"""Flag bytes of ``S/SA``: what a rule that keeps state matches unless it says otherwise (pf.conf(5), "flags")."""


Operands: TypeAlias = dict[tuple[int, str, str], tuple[tuple[Element, ...], Addresses]]
"""Operands by the identity of their elements, which are kept with them, by family and by text."""

_EVERY = {
    name: Addresses(f"any {name}", (Element(f"any {name}", FAMILIES[name], Origin("", 0, f"any {name}")),))
    for name in ("inet", "inet6")
}


@dataclass(slots=True)
class Draft:
    """Collects the clauses of one rule. ``mark`` tells it from all other rules."""

    origin: Origin
    mark: str
    direction: str = ""
    places: list[Place] | None = None
    place_text: str = ""
    family: str = ""
    protocols: list[int] | None = None
    source: tuple[Element, ...] | None = None
    destination: tuple[Element, ...] | None = None
    source_text: str = "any"
    destination_text: str = "any"
    source_ports: IntervalSet | None = None
    destination_ports: IntervalSet | None = None
    icmp: dict[int, IntervalSet] = field(default_factory=dict)
    flags: IntervalSet | None = None
    flags_written: bool = False
    state: str = "keep"
    fragment: bool = False
    constraints: list[Constraint] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    name: str = ""
    logging: str = ""
    tables: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    operands: Operands = field(default_factory=dict)

    def shared(self, key: str, reason: str, *, holds: bool = True, independent: bool = False) -> None:
        """Add a test that has the same answer wherever it is written alike."""
        self.conditions.append(Condition(redact(key), redact(reason), self.origin, holds, None, independent))

    def unique(self, reason: str, *, independent: bool = False) -> None:
        """Add a test that may answer differently in every rule."""
        key = f"{self.mark}, test {len(self.conditions) + 1}: {redact(reason)}"
        self.conditions.append(Condition(key, redact(reason), self.origin, independent=independent))

    def problem(self, code: str, message: str) -> None:
        """Note what was not understood and make the rule inexact."""
        self.problems.append((code, redact(message)))
        self.unique(message)

    def match(self, around: tuple[tuple[Alternative, ...], ...] = ()) -> Match:
        """Return the finished match; ``around`` are the restrictions of the anchors that the rule stands in."""
        where = limits(self.direction, self.places, self.place_text, self.origin) if self._limited else Limits()
        source, destination = self._operands()
        services = self._services()
        return Match(
            source,
            destination,
            services,
            (*where.constraints, *self.constraints, *self._fragments()),
            tuple(dict.fromkeys(self.conditions)),
            (*around, *((where.choice,) if where.choice else ())),
        )

    @property
    def _limited(self) -> bool:
        return bool(self.direction) or self.places is not None

    def _fragments(self) -> Iterator[Constraint]:
        if self.fragment:
            yield Constraint(Field.FRAGMENT, IntervalSet.points((1,)), "fragment", self.origin)

    def _operands(self) -> tuple[Addresses, Addresses]:
        source, destination = self.source, self.destination
        if source is None and destination is None and self.family:
            return _EVERY[self.family], ANY_ADDRESS
        return self._operand(source, self.source_text), self._operand(destination, self.destination_text)

    def _operand(self, elements: tuple[Element, ...] | None, text: str) -> Addresses:
        """Return an operand; rules with the same elements share it."""
        if elements is None:
            return ANY_ADDRESS
        key = (id(elements), self.family, text)
        if key not in self.operands:
            self.operands[key] = (elements, Addresses(text, limited(elements, self.family)))
        return self.operands[key][1]

    def _services(self) -> Services | None:
        has_ports = self.source_ports is not None or self.destination_ports is not None
        protocols = self.protocols
        if protocols is None and self.icmp:
            protocols = list(self.icmp)
        if protocols is None and has_ports:
            self.problem("RC602", "ports need a protocol: proto tcp, udp or both")
        text = " ".join(self._words())
        if protocols is None:
            if self.flags is None:
                return None
            rest = DOMAIN[Field.PROTOCOL] - _TCP
            found = [Service(text, self.origin, rest), Service(text, self.origin, _TCP, tcp_flags=self.flags)]
            return Services(text, tuple(found))
        wrong = [one for one in protocols if (has_ports and one not in PORTED) or (self.icmp and one not in self.icmp)]
        if wrong:
            self.problem("RC602", "ports or ICMP types stand beside a protocol that has none")
        return Services(text, tuple(self._service(one, text) for one in protocols))

    def _service(self, protocol: int, text: str) -> Service:
        ported = protocol in PORTED
        return Service(
            text,
            self.origin,
            IntervalSet.points((protocol,)),
            self.source_ports if ported else None,
            self.destination_ports if ported else None,
            self.icmp.get(protocol),
            self.flags if protocol == 6 else None,
        )

    def _words(self) -> Iterator[str]:
        if self.protocols is not None:
            yield "proto " + ", ".join(map(str, self.protocols))
        for word, values in (("from port", self.source_ports), ("port", self.destination_ports)):
            if values is not None:
                yield f"{word} " + ", ".join(f"{low}-{high}" if low != high else str(low) for low, high in values)
        if self.flags is not None:
            yield "with flags"


def alternatives(match: Match) -> tuple[Alternative, ...]:
    """Return a match as a choice that another match can be restricted by."""
    known = {(one.key, one.holds): one for one in match.all_conditions()}
    found = []
    for term in match.terms():
        constraints = tuple(Constraint(name, values, "anchor", ANCHOR) for name, values in term.sets.items())
        conditions = tuple(known[pair] for pair in term.conditions.items() if pair in known)
        found.append(Alternative(constraints, conditions))
    return tuple(found)


ANCHOR = Origin("", 0, "anchor")
