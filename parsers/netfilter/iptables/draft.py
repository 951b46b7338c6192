"""The match of one rule while it is put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from parsers.netfilter.operands import EVERYTHING, MOST_OF_A_TABLE
from parsers.redact import redact
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Constraint, Element, Match, Service, Services
from rulecheck.model.provenance import Origin

Product = dict[Field, IntervalSet]


@dataclass(slots=True)
class Allowance:
    """How many ranges the masks with holes of one table may still become."""

    left: int

    def spend(self, values: IntervalSet) -> None:
        """Count the ranges of an address that has more than one."""
        if len(values.intervals) > 1:
            self.left -= len(values.intervals)


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules of one table share.

    ``facets`` are packet properties that targets of the table change on the way. ``fragments``: the table
    has a rule with ``-f``, so that port tests must be kept apart from fragments without ports.
    """

    file: str
    family: int
    facets: frozenset[str] = frozenset()
    fragments: bool = False
    allowance: Allowance = field(default_factory=lambda: Allowance(MOST_OF_A_TABLE), compare=False)


@dataclass(frozen=True, slots=True)
class Operand:
    """One restriction of an address: values, and the condition under which they apply."""

    text: str
    values: IntervalSet
    condition: Condition | None = None


@dataclass(slots=True)
class Draft:
    """Collects restrictions; every one is ANDed to those before it.

    ``problems`` are (code, message) pairs. Each problem adds a condition of its own to the rule, so that a
    clause that was not understood makes the rule inexact, never wider or narrower.
    """

    context: Context
    line: int
    protocol: int | None = None
    products: list[Product] | None = None
    service_texts: list[str] = field(default_factory=list)
    operands: dict[Field, list[tuple[Operand, ...]]] = field(default_factory=dict)
    constraints: list[Constraint] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    side_effects: list[str] = field(default_factory=list)
    masked_mac: bool = False
    sets_used: list[str] = field(default_factory=list)

    def origin(self, text: str) -> Origin:
        """Return the citation of a token of this line."""
        return Origin(self.context.file, self.line, text)

    def narrow(self, name: Field, values: IntervalSet, text: str, *, negated: bool = False) -> None:
        """Restrict a field other than addresses and services."""
        kept = DOMAIN[name] - values if negated else values
        self.constraints.append(Constraint(name, kept, text, self.origin(text)))

    def service(self, alternatives: Iterable[Product], text: str) -> None:
        """Restrict the service to one of ``alternatives``."""
        self.service_texts.append(text)
        wanted = list(alternatives)
        self.products = wanted if self.products is None else _products(self.products, wanted)

    def addresses(self, name: Field, operands: tuple[Operand, ...]) -> None:
        """Restrict the source or destination to a union of operands."""
        self.operands.setdefault(name, []).append(operands)

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
        self.conditions.append(Condition(_safe(key), reason, self.origin(redact(text)), holds, fresh, independent))

    def unique(self, reason: str, text: str, *, fresh: bool | None = None, independent: bool = False) -> None:
        """Add a test that may answer differently in a rule written alike."""
        text = redact(text)
        key = f"line {self.line}, test {len(self.conditions) + 1}: {text}"
        self.conditions.append(Condition(key, reason, self.origin(text), fresh=fresh, independent=independent))

    def problem(self, code: str, message: str, text: str = "") -> None:
        """Record a clause that was not understood and make the rule inexact."""
        self.problems.append((code, message))
        self.unique(message, text or message)

    def match(self) -> Match:
        """Return the finished match."""
        self._keep_fragments_apart()
        return Match(
            source=self._operand(Field.SOURCE),
            destination=self._operand(Field.DESTINATION),
            services=self._services(),
            constraints=tuple(self.constraints),
            conditions=tuple(dict.fromkeys(self.conditions)),
        )

    def _keep_fragments_apart(self) -> None:
        """Port, flag and ICMP tests do not match fragments after the first (xt_tcpudp.c, ip_tables.c)."""
        if not self.context.fragments or not self.products:
            return
        if any(set(product) - {Field.PROTOCOL} for product in self.products):
            text = "not a later fragment"
            self.constraints.append(Constraint(Field.FRAGMENT, IntervalSet(((0, 0),)), text, self.origin(text)))

    def _services(self) -> Services | None:
        if self.products is None:
            return None
        text = " ".join(self.service_texts)
        origin = self.origin(text)
        return Services(
            text,
            tuple(
                Service(
                    text,
                    origin,
                    product.get(Field.PROTOCOL),
                    product.get(Field.SOURCE_PORT),
                    product.get(Field.DESTINATION_PORT),
                    product.get(Field.ICMP),
                    product.get(Field.TCP_FLAGS),
                )
                for product in self.products
            ),
        )

    def _operand(self, name: Field) -> Addresses:
        groups = self.operands.get(name)
        if not groups:
            return ANY_ADDRESS
        found = groups[0]
        for more in groups[1:]:
            found = tuple(_both(one, two) for one in found for two in more)
        label = ", ".join(one.text for one in found)
        elements = tuple(Element(one.text, one.values, self.origin(one.text), one.condition) for one in found)
        return Addresses(label, elements)

    def everything(self) -> IntervalSet:
        """Return every address of the family of this table."""
        return EVERYTHING[self.context.family]


def _safe(key: str) -> str:
    """Return a key without secrets; two keys that differ stay different."""
    shown = redact(key)
    return key if shown == key else f"{shown} #{blake2b(key.encode(), digest_size=8).hexdigest()}"


def _both(one: Operand, two: Operand) -> Operand:
    """Return the addresses in both operands; only ``-s`` and ``-d`` carry conditions, ranges never do."""
    return Operand(f"{one.text} and {two.text}", one.values & two.values, one.condition or two.condition)


def _products(mine: list[Product], theirs: list[Product]) -> list[Product]:
    found: list[Product] = []
    for one in mine:
        for two in theirs:
            both = dict(one)
            for name, values in two.items():
                both[name] = both[name] & values if name in both else values
            found.append(both)
    return found
