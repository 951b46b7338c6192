"""What a rule matches: a union of products of field sets, with provenance for each part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from rulecheck.model.fields import ADDRESS_ALL, DOMAIN, IPV4_ALL, IPV6_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.provenance import Origin


@dataclass(frozen=True, slots=True)
class Condition:
    """A test whose truth for a packet is not known from the configuration alone.

    Examples: membership of an unresolved FQDN, a rate limit, a schedule, a clause that was not understood.

    ``key`` identifies the test: two conditions with the same key hold for the same packets at the same time.
    A test that may differ between two rules although it is written alike (a rate limit) needs a key of its own,
    for instance with the line number in it. A test on an address (an element's condition) is written without the
    side; the source and the destination of a packet are told apart by :func:`on_side`. ``holds`` is the truth that
    the rule requires: False for a negated test. ``fresh`` says what the test itself, not its negation, answers in a
    system without history (rate limits unused, dynamic lists empty): True, False, or None where not known.
    ``independent``: the test is about something else than the packet's fields (a schedule, a packet mark, a hidden
    MAC address), so that whatever the fields are, it can come out as the rule requires. Membership of an address in
    a name or list that is not known is not independent.

    ``reason`` is a phrase for people: "the FQDN www.example.com is not resolved".
    """

    key: str
    reason: str
    origin: Origin
    holds: bool = True
    fresh: bool | None = None
    independent: bool = False


@lru_cache(maxsize=65_536)
def on_side(condition: Condition, side: Field) -> Condition:
    """Return the test of an address as a test of a packet's source or destination address."""
    return replace(condition, key=f"{side.value} {condition.key}")


@dataclass(frozen=True, slots=True)
class Element:
    """One value as written, or one member of an object group, with where it comes from.

    ``condition`` restricts the element further by something that cannot be computed: an FQDN is all
    addresses of its family *under* the condition "is an address of that name".
    """

    text: str
    values: IntervalSet
    origin: Origin
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Addresses:
    """The address operand of a rule: a union of elements, possibly negated.

    ``label`` is the operand as written ("object-group SERVERS", "10.0.0.0/8").
    """

    label: str
    elements: tuple[Element, ...]
    negated: bool = False
    parts: tuple[AddressPart, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(_address_parts(self.elements, negated=self.negated)))


@dataclass(frozen=True, slots=True)
class AddressPart:
    """Addresses of one family (4 or 6) that belong to an operand, under conditions."""

    family: int
    values: IntervalSet
    conditions: tuple[Condition, ...] = ()


_FAMILIES = {4: IPV4_ALL, 6: IPV6_ALL}


def _address_parts(elements: Iterable[Element], *, negated: bool) -> Iterator[AddressPart]:
    """Yield an operand as alternatives of one family each; computed once for all rules that share it."""
    listed = tuple(elements)
    exact = IntervalSet.union_of(e.values for e in listed if e.condition is None)
    conditional = [(e.values, e.condition) for e in listed if e.condition is not None]
    if negated:
        alternatives = _complement(exact, conditional)
    else:
        alternatives = [(exact, ()), *((values, (condition,)) for values, condition in conditional)]
    for values, conditions in alternatives:
        for family, everything in _FAMILIES.items():
            common = _cut(values, everything)
            if common:
                yield AddressPart(family, common, conditions)


def _cut(values: IntervalSet, everything: IntervalSet) -> IntervalSet:
    """Return the part of a set that lies in one interval: mostly all or nothing, which needs no intersection."""
    low, high = everything.intervals[0]
    if values and low <= values.intervals[0][0] and values.intervals[-1][1] <= high:
        return values
    if not values or values.intervals[-1][1] < low or high < values.intervals[0][0]:
        return IntervalSet()
    return values & everything


def _complement(
    exact: IntervalSet, conditional: Iterable[tuple[IntervalSet, Condition]]
) -> list[tuple[IntervalSet, tuple[Condition, ...]]]:
    """Return the addresses outside ``exact`` for which none of the conditional elements holds."""
    alternatives: list[tuple[IntervalSet, tuple[Condition, ...]]] = [(ADDRESS_ALL - exact, ())]
    for element, condition in conditional:
        refused = replace(condition, holds=not condition.holds)
        split: list[tuple[IntervalSet, tuple[Condition, ...]]] = []
        for values, conditions in alternatives:
            split.append((values - element, conditions))
            split.append((values & element, (*conditions, refused)))
        alternatives = [part for part in split if part[0]]
    return alternatives


ANY_ADDRESS = Addresses("any", (Element("any", ADDRESS_ALL, Origin("", 0, "any")),))
"""Every address of both families: the operand of a rule that does not name one."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service: a product of protocol, ports, ICMP and TCP flag sets. None means unrestricted.

    A service that restricts ports, ICMP or flags must restrict ``protocol`` to protocols that have them.
    ``fragment`` is for platforms where a service means something else for non-initial fragments, which
    carry no ports.
    """

    text: str
    origin: Origin
    protocol: IntervalSet | None = None
    source_ports: IntervalSet | None = None
    destination_ports: IntervalSet | None = None
    icmp: IntervalSet | None = None
    tcp_flags: IntervalSet | None = None
    condition: Condition | None = None
    fragment: IntervalSet | None = None

    def sets(self) -> dict[Field, IntervalSet]:
        """Return the restricted fields only."""
        pairs = (
            (Field.PROTOCOL, self.protocol),
            (Field.SOURCE_PORT, self.source_ports),
            (Field.DESTINATION_PORT, self.destination_ports),
            (Field.ICMP, self.icmp),
            (Field.TCP_FLAGS, self.tcp_flags),
            (Field.FRAGMENT, self.fragment),
        )
        return {name: values for name, values in pairs if values is not None and values != DOMAIN[name]}


@dataclass(frozen=True, slots=True)
class Services:
    """The service operand of a rule: a union of services. No service at all matches nothing."""

    label: str
    elements: tuple[Service, ...]
    _products: tuple[ServiceProduct, ...] | None = field(default=None, init=False, compare=False, repr=False)

    @property
    def products(self) -> tuple[ServiceProduct, ...]:
        """Return the services as few products; computed once for all rules that share the operand."""
        if self._products is None:
            object.__setattr__(self, "_products", tuple(_service_products(self.elements)))
        assert self._products is not None
        return self._products


ServiceProduct: TypeAlias = tuple[Mapping[Field, IntervalSet], tuple[Condition, ...]]
"""Field sets of services, under conditions."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A restriction of one more field (interface, zone, connection state, DSCP …), ANDed to the match."""

    field: Field
    values: IntervalSet
    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to satisfy a choice of a match: all of its constraints and all of its conditions hold."""

    constraints: tuple[Constraint, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A product of field sets; a field that is absent is unrestricted.

    ``conditions`` maps the key of each condition to the truth it must have.
    """

    sets: Mapping[Field, IntervalSet]
    conditions: Mapping[str, bool] = field(default_factory=dict)

    def meets(self, other: Term) -> bool:
        """Return whether any packet is in both."""
        mine = self.sets
        for name, values in other.sets.items():
            here = mine.get(name)
            if here is not None and here is not values and not here.meets(values):
                return False
        return all(self.conditions.get(key, holds) == holds for key, holds in other.conditions.items())

    def __and__(self, other: Term) -> Term | None:
        """Return the product of packets in both, or None when there are none."""
        sets = dict(self.sets)
        for name, values in other.sets.items():
            common = sets[name] & values if name in sets else values
            if not common:
                return None
            sets[name] = common
        conditions = dict(self.conditions)
        for key, holds in other.conditions.items():
            if conditions.setdefault(key, holds) != holds:
                return None
        return Term(sets, conditions)


@dataclass(frozen=True, slots=True)
class Match:
    """All packets that a rule matches: source x destination x services x constraints, under conditions.

    ``services`` None means every protocol. ``choices`` are for what no product of fields can say, such as "both
    zones are the same" or "each application on its own ports": of each choice at least one alternative holds.
    """

    source: Addresses = ANY_ADDRESS
    destination: Addresses = ANY_ADDRESS
    services: Services | None = None
    constraints: tuple[Constraint, ...] = ()
    conditions: tuple[Condition, ...] = ()
    choices: tuple[tuple[Alternative, ...], ...] = ()

    def all_conditions(self) -> tuple[Condition, ...]:
        """Return every condition of the match and its operands: why it may be inexact."""
        found = list(self.conditions)
        for side, operand in ((Field.SOURCE, self.source), (Field.DESTINATION, self.destination)):
            for part in operand.parts:
                if part.conditions:
                    found.extend(on_side(condition, side) for condition in part.conditions)
        if self.services is not None:
            for _, needs in self.services.products:
                found.extend(needs)
        found.extend(c for choice in self.choices for one in choice for c in one.conditions)
        return tuple(dict.fromkeys(found))

    def terms(self, families: Iterable[int] = (4, 6)) -> tuple[Term, ...]:
        """Return the match as a union of products, each within one address family."""
        found: list[Term] = []
        bases = self._bases()
        services = _EVERY_SERVICE if self.services is None else self.services.products
        addresses = tuple(_family_pairs(self.source, self.destination, tuple(families)))
        for base, (source, destination, under), (service, needs) in product(bases, addresses, services):
            term = _term(base.sets, source, destination, service, (*under, *needs), base.conditions)
            if term is not None:
                found.append(term)
        return tuple(found)

    def _bases(self) -> list[Term]:
        """Return what constraints, conditions and choices say together, as a union of products."""
        if not self.constraints and not self.conditions and not self.choices:
            return [_EVERY_PACKET]
        own = _alternative_term(Alternative(self.constraints, self.conditions))
        bases = [own] if own is not None else []
        for choice in self.choices:
            bases = _both(bases, choice)
        return [Term({f: v for f, v in base.sets.items() if v != DOMAIN[f]}, base.conditions) for base in bases]

    def must(self, families: Iterable[int] = (4, 6)) -> tuple[Term, ...]:
        """Return packets that the rule matches whatever the unknown conditions are (lower bound)."""
        return tuple(term for term in self.terms(families) if not term.conditions)

    def may(self, families: Iterable[int] = (4, 6)) -> tuple[Term, ...]:
        """Return packets that the rule can match at all (upper bound)."""
        return tuple(Term(term.sets) for term in self.terms(families))


def _both(bases: Iterable[Term], choice: Iterable[Alternative]) -> list[Term]:
    """Return the products that are in one of ``bases`` and satisfy one of the alternatives."""
    offered = [term for one in choice if (term := _alternative_term(one)) is not None]
    joined = (base & term for base in bases for term in offered)
    return [term for term in joined if term is not None]


def _alternative_term(alternative: Alternative) -> Term | None:
    sets: dict[Field, IntervalSet] = {}
    for one in alternative.constraints:
        sets[one.field] = sets.get(one.field, DOMAIN[one.field]) & one.values
        if not sets[one.field]:
            return None
    conditions: dict[str, bool] = {}
    if any(conditions.setdefault(c.key, c.holds) != c.holds for c in alternative.conditions):
        return None
    return Term(sets, conditions)


def _family_pairs(
    source: Addresses, destination: Addresses, families: tuple[int, ...]
) -> Iterator[tuple[IntervalSet, IntervalSet, tuple[Condition, ...]]]:
    """Yield source and destination sets of one family each: a packet never mixes families."""
    for one, two in product(source.parts, destination.parts):
        if one.family == two.family and one.family in families:
            needs = [on_side(condition, Field.SOURCE) for condition in one.conditions]
            needs.extend(on_side(condition, Field.DESTINATION) for condition in two.conditions)
            yield one.values, two.values, tuple(needs)


_EVERY_SERVICE: tuple[ServiceProduct, ...] = (({}, ()),)
_EVERY_PACKET = Term({})


def _service_products(services: Iterable[Service]) -> list[ServiceProduct]:
    """Return services as few products: those that differ in destination ports or protocol alone become one."""
    found = [(one.sets(), (one.condition,) if one.condition else ()) for one in services]
    products: list[ServiceProduct] = [(sets, needs) for sets, needs in found if all(sets.values())]
    for axis in (Field.DESTINATION_PORT, Field.PROTOCOL):
        if len(products) > 1:
            products = _joined_along(axis, products)
    return products


def _joined_along(axis: Field, products: Iterable[ServiceProduct]) -> list[ServiceProduct]:
    """Join products that are equal except on one field."""
    grouped: dict[object, list[ServiceProduct]] = {}
    for sets, needs in products:
        rest = tuple(item for item in sets.items() if item[0] is not axis)
        grouped.setdefault((rest, needs), []).append((sets, needs))
    return [_join(axis, group) for group in grouped.values()]


def _join(axis: Field, group: Sequence[ServiceProduct]) -> ServiceProduct:
    first, needs = group[0]
    if len(group) == 1:
        return group[0]
    sets = {name: values for name, values in first.items() if name is not axis}
    if all(axis in one for one, _ in group):
        together = IntervalSet.union_of(one[axis] for one, _ in group)
        if together != DOMAIN[axis]:
            sets[axis] = together
    return sets, needs


def _term(
    fixed: Mapping[Field, IntervalSet],
    source: IntervalSet,
    destination: IntervalSet,
    service: Mapping[Field, IntervalSet],
    needs: Iterable[Condition],
    base: Mapping[str, bool],
) -> Term | None:
    sets = {Field.SOURCE: source, Field.DESTINATION: destination, **service}
    for name, values in fixed.items():
        common = sets[name] & values if name in sets else values
        if not common:
            return None
        sets[name] = common
    conditions = dict(base)
    for condition in needs:
        if conditions.setdefault(condition.key, condition.holds) != condition.holds:
            return None
    return Term(sets, conditions)
