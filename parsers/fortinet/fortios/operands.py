"""Source and destination of a policy: both families, negation, internet services and virtual IPs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from parsers.fortinet.fortios.addresses import AddressBook, Elements
from parsers.fortinet.fortios.scope import Scope
from parsers.fortinet.fortios.values import EVERYTHING
from parsers.fortinet.fortios.vips import TRANSLATED, VipBook
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import Addresses, Condition, Element

_MATCH_VIP = "match-vip by default"


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one family on one side of a rule. ``kind`` is "address" or "internet-service"."""

    names: tuple[str, ...]
    negated: bool = False
    kind: str = "address"


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a rule, and what the whole rule needs besides."""

    addresses: Addresses
    conditions: tuple[Condition, ...] = ()


@dataclass(slots=True)
class OperandBook:
    """Builds operands, the same one for all rules that write the same."""

    scope: Scope
    books: Mapping[int, AddressBook]
    vips: Mapping[int, VipBook]
    services_by_id: Mapping[str, str]
    mapped: dict[int, IntervalSet] = field(default_factory=dict)
    """Addresses behind the virtual IPs that rules name, by family."""
    _cache: dict[object, Operand] = field(default_factory=dict)

    def operand(self, sides: Mapping[int, Names], line: int, *, destination: bool, match_vip: bool | None) -> Operand:
        """Return the operand. ``match_vip``: it also takes what virtual IPs translated; None: not known."""
        key = (tuple(sorted(sides.items())), destination, match_vip)
        key = key if destination else (key[0], False, True)
        if key not in self._cache:
            self._cache[key] = self._build(sides, line, destination=destination, match_vip=match_vip)
        return self._cache[key]

    def vip_elements(self, names: Iterable[str], family: int, line: int) -> Iterator[Element]:
        """Yield the elements of the virtual IPs among names."""
        for name in names:
            if self._is_vip(name, family, line):
                yield from self.vips[family].elements(name, line)

    def _is_vip(self, name: str, family: int, line: int) -> bool:
        return self.books[family].kind(name, line) is None and self.vips[family].kind(name, line) is not None

    def _build(self, sides: Mapping[int, Names], line: int, *, destination: bool, match_vip: bool | None) -> Operand:
        found: dict[int, Elements] = {}
        conditions: list[Condition] = []
        for family, side in sides.items():
            elements, needs = self._family(family, side, line, destination=destination, match_vip=match_vip)
            found[family] = elements
            conditions += needs
        label = ", ".join(name for side in sides.values() for name in side.names)
        negations = {side.negated for side in sides.values()}
        if negations == {True}:
            others = (Element(f"IPv{f}", EVERYTHING[f], self.scope.origin(line)) for f in (4, 6) if f not in sides)
            elements = (*(one for part in found.values() for one in part), *others)
            return Operand(Addresses(f"not {label}", elements, negated=True), tuple(conditions))
        for family, side in sides.items():
            if side.negated:
                found[family], needs = self._inverted(family, found[family], label, line)
                conditions += needs
        return Operand(Addresses(label, tuple(one for part in found.values() for one in part)), tuple(conditions))

    def _inverted(
        self, family: int, elements: Elements, label: str, line: int
    ) -> tuple[Elements, tuple[Condition, ...]]:
        """Return the complement within one family; under a condition where that is not known."""
        origin = self.scope.origin(line)
        exact = IntervalSet.union_of(one.values for one in elements if one.condition is None)
        kept = (Element("not", EVERYTHING[family] - exact, origin),)
        if all(one.condition is None for one in elements):
            return kept, ()
        reason = "a negated list with members that are not known"
        return kept, (self.scope.condition(f"negated:{family}:{self.scope.own_key(label)}", reason, line),)

    def _family(
        self, family: int, side: Names, line: int, *, destination: bool, match_vip: bool | None
    ) -> tuple[Elements, tuple[Condition, ...]]:
        if side.kind == "internet-service":
            return tuple(self._internet_service(name, family, line) for name in side.names), ()
        ordinary: list[Element] = []
        translated: list[Element] = []
        for name in side.names:
            if destination and self._is_vip(name, family, line):
                translated += self.vips[family].elements(name, line)
            else:
                ordinary += self.books[family].elements(name, line)
        mapped = self.mapped.get(family, EMPTY) if destination else EMPTY
        if not mapped or match_vip is True:
            needs = (self.translated(line, holds=True),) if translated and not ordinary else ()
            return (*ordinary, *translated), needs if not side.negated else ()
        untranslated = self._untranslated(line, known=match_vip is False, side="destination " if side.negated else "")
        if side.negated:
            return (*ordinary, *translated), (untranslated,)
        needs = (self.translated(line, holds=True),) if translated and not ordinary else ()
        split = _split(ordinary, mapped, untranslated)
        return (*split, *translated), needs

    def translated(self, line: int, *, holds: bool, side: str = "destination ") -> Condition:
        """Return the test whether a virtual IP translated the destination."""
        key = f"{side}{self.scope.own_key(TRANSLATED)}"
        reason = "virtual IPs translate the destination before policies see it"
        return self.scope.condition(key, reason, line, holds=holds, independent=True)

    def _untranslated(self, line: int, *, known: bool, side: str) -> Condition:
        if known:
            return self.translated(line, holds=False, side=side)
        reason = "whether it also matches what virtual IPs translate depends on the FortiOS version"
        return self.scope.condition(f"{side}{_MATCH_VIP}", reason, line, independent=True)

    def _internet_service(self, name: str, family: int, line: int) -> Element:
        known = self.services_by_id.get(name, name)
        reason = f"the addresses of internet service {known} are not in this file"
        condition = self.scope.condition(f"internet-service:{known}", reason, line)
        return Element(known, EVERYTHING[family], self.scope.origin(line, known), condition)


def _split(elements: Iterable[Element], mapped: IntervalSet, condition: Condition) -> Iterator[Element]:
    """Yield ordinary addresses; those that also lie behind a virtual IP only match under a condition."""
    for one in elements:
        inside = one.values & mapped
        if not inside or one.condition is not None:
            yield one
            continue
        outside = one.values - mapped
        if outside:
            yield replace(one, values=outside)
        yield replace(one, values=inside, condition=condition)
