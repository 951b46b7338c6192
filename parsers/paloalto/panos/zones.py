"""Zones of a rule: which pairs of source and destination zone it is about.

A universal rule matches every pair of its zones, an intrazone rule only pairs of the same zone, an interzone rule
only pairs of different ones (PAN-OS administrator's guide, "Security Policy"). The zones that the configuration
names are told apart; whether two others are the same is one unknown.
"""

from __future__ import annotations

from collections.abc import Iterable

from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Alternative, Condition, Constraint
from rulecheck.model.names import name_set
from rulecheck.model.provenance import Origin

_EVERY = DOMAIN[Field.SOURCE_ZONE]
SAME_ZONE = "same-zone"
_SPARE = ("other", "another")
"""Two more zones that differ for certain, wherever any zone is meant."""

_REASON = "whether two zones that the configuration does not name are the same is not known"


class Zones:
    """Makes zone constraints; equal ones are the same object."""

    def __init__(self, file: str, names: Iterable[str]) -> None:
        self._file = file
        self._sets: dict[tuple[str, ...], IntervalSet] = {}
        self._choices: dict[tuple[object, ...], tuple[Alternative, ...]] = {}
        self._known = dict.fromkeys((*names, *_SPARE))

    def learn(self, names: Iterable[str]) -> None:
        """Take in zones that are named before any rule is read."""
        self._known.update(dict.fromkeys(name for name in names if name not in ("any", "multicast")))

    def constraint(self, field: Field, names: tuple[str, ...], line: int) -> tuple[Constraint, ...]:
        """Return the restriction to some zones: none for ``any``."""
        if "any" in names or not names:
            return ()
        text = ", ".join(names)
        return (Constraint(field, self._set(names), text, Origin(self._file, line, text)),)

    def _set(self, names: tuple[str, ...]) -> IntervalSet:
        if names not in self._sets:
            self._sets[names] = _EVERY if "any" in names or not names else name_set(*names)
        return self._sets[names]

    def intrazone(self, names: tuple[str, ...], line: int) -> tuple[Alternative, ...]:
        """Return the pairs of a zone with itself."""
        key = ("intrazone", names)
        if key not in self._choices:
            every = "any" in names or not names
            pairs = [(name_set(one), name_set(one)) for one in (self._known if every else names)]
            ways = [self._way(one, other, line) for one, other in pairs]
            if every:
                rest = self._rest()
                ways.append(self._way(rest, rest, line, same=True))
            self._choices[key] = tuple(ways)
        return self._choices[key]

    def interzone(self, sources: tuple[str, ...], destinations: tuple[str, ...], line: int) -> tuple[Alternative, ...]:
        """Return the pairs of different zones."""
        key = ("interzone", sources, destinations)
        if key not in self._choices:
            lists = [names for names in (sources, destinations) if names and "any" not in names]
            names = min(lists, key=len) if lists else tuple(self._known)
            self._choices[key] = tuple(self._different(self._set(sources), self._set(destinations), names, line))
        return self._choices[key]

    def _different(
        self, one: IntervalSet, other: IntervalSet, names: tuple[str, ...], line: int
    ) -> Iterable[Alternative]:
        """Yield the pairs; ``names`` are the zones that both sets may have."""
        common = one & other
        if one - common:
            yield self._way(one - common, other, line)
        for name in dict.fromkeys(names):
            zone = name_set(name)
            if zone & common and other - zone:
                yield self._way(zone, other - zone, line)
        rest = self._rest() & common if common == _EVERY else IntervalSet()
        if rest:
            if other - rest:
                yield self._way(rest, other - rest, line)
            yield self._way(rest, rest, line, same=False)

    def _rest(self) -> IntervalSet:
        """Return all zones that the configuration does not name."""
        return _EVERY - name_set(*self._known)

    def _way(
        self, source: IntervalSet, destination: IntervalSet, line: int, *, same: bool | None = None
    ) -> Alternative:
        origin = Origin(self._file, line, "")
        needs = () if same is None else (Condition(SAME_ZONE, _REASON, origin, holds=same, independent=True),)
        constraints = (
            Constraint(Field.SOURCE_ZONE, source, "", origin),
            Constraint(Field.DESTINATION_ZONE, destination, "", origin),
        )
        return Alternative(constraints, needs)
