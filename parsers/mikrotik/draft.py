"""The match of one rule while it is put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from parsers.mikrotik.lists import Place
from parsers.redact import redact
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Constraint, Element, Match, Service, Services
from rulecheck.model.provenance import Origin

Product = dict[Field, IntervalSet]


@dataclass(slots=True)
class Draft:
    """Collects restrictions; every one is ANDed to those before it.

    ``problems`` are (code, message) pairs; each also adds a condition of its own, so that what was not understood makes
    the rule inexact, never wider or narrower.
    """

    place: Place
    family: int
    line: int
    products: list[Product] | None = None
    service_texts: list[str] = field(default_factory=list)
    operands: dict[Field, Addresses] = field(default_factory=dict)
    constraints: list[Constraint] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def origin(self, text: str) -> Origin:
        """Return the citation of a property of this rule."""
        return self.place.origin(self.line, text)

    def narrow(self, name: Field, values: IntervalSet, text: str, *, negated: bool = False) -> None:
        """Restrict a field other than addresses and services."""
        kept = DOMAIN[name] - values if negated else values
        self.constraints.append(Constraint(name, kept, text, self.origin(text)))

    def service(self, alternatives: Iterable[Product], text: str) -> None:
        """Restrict the service to one of ``alternatives``."""
        self.service_texts.append(text)
        wanted = list(alternatives)
        self.products = wanted if self.products is None else _products(self.products, wanted)

    def addresses(self, name: Field, operand: Addresses) -> None:
        """Restrict the source or destination. A list comes before an address, which is always exact."""
        earlier = self.operands.get(name)
        self.operands[name] = operand if earlier is None else self._both(earlier, operand)

    def _both(self, one: Addresses, exact: Addresses) -> Addresses:
        """Return the addresses in both; the second has one element without condition."""
        (limit,) = exact.elements
        parts = [
            Element(f"{one.label} and {limit.text}", part.values & limit.values, self.origin(limit.text))
            for part in one.parts
            if not part.conditions and part.values & limit.values
        ]
        for part in one.parts:
            if part.conditions and part.values & limit.values:
                first, *rest = part.conditions
                if rest:
                    self.problem("RC602", f"{one.label} and {limit.text} together are too complicated")
                    first = self.unclear(f"members of {one.label}")
                text = f"{one.label} and {limit.text}"
                parts.append(Element(text, part.values & limit.values, self.origin(text), first))
        return Addresses(f"{one.label}, {exact.label}", tuple(parts))

    def shared(
        self,
        key: str,
        reason: str,
        text: str,
        *,
        holds: bool = True,
        fresh: bool | None = None,
        independent: bool = False,
    ) -> None:
        """Add a test that has the same answer in every rule with this key."""
        self.conditions.append(Condition(_safe(key), reason, self.origin(text), holds, fresh, independent))

    def unique(self, reason: str, text: str, *, fresh: bool | None = None, independent: bool = False) -> None:
        """Add a test that may answer differently in a rule written alike."""
        key = f"line {self.line}, test {len(self.conditions) + 1}: {redact(text)}"
        self.conditions.append(Condition(key, reason, self.origin(text), fresh=fresh, independent=independent))

    def problem(self, code: str, message: str, text: str = "") -> None:
        """Record what was not understood and make the rule inexact."""
        self.problems.append((code, message))
        self.unique(message, text or message)

    def unclear(self, text: str) -> Condition:
        """Return a condition of this rule alone."""
        return Condition(f"line {self.line}: {redact(text)}", f"{text} is not clear", self.origin(text))

    def match(self) -> Match:
        """Return the finished match."""
        return Match(
            source=self.operands.get(Field.SOURCE, ANY_ADDRESS),
            destination=self.operands.get(Field.DESTINATION, ANY_ADDRESS),
            services=self._services(),
            constraints=tuple(self.constraints),
            conditions=tuple(dict.fromkeys(self.conditions)),
        )

    def _services(self) -> Services | None:
        if self.products is None:
            return None
        text = " ".join(self.service_texts)
        origin = self.origin(text)
        return Services(text, tuple(_service(text, origin, product) for product in self.products))


def _service(text: str, origin: Origin, product: Product) -> Service:
    return Service(
        text,
        origin,
        product.get(Field.PROTOCOL),
        product.get(Field.SOURCE_PORT),
        product.get(Field.DESTINATION_PORT),
        product.get(Field.ICMP),
        product.get(Field.TCP_FLAGS),
    )


def _safe(key: str) -> str:
    """Return a key without secrets; two keys that differ stay different."""
    shown = redact(key)
    return key if shown == key else f"{shown} #{blake2b(key.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


def _products(mine: list[Product], theirs: list[Product]) -> list[Product]:
    found: list[Product] = []
    for one in mine:
        for two in theirs:
            both = dict(one)
            for name, values in two.items():
                both[name] = both[name] & values if name in both else values
            found.append(both)
    return found
