"""Directions and interfaces: pf sees a packet once when it comes in and once when it goes out.

One list of rules serves both. A packet that comes in has no interface to go out yet: its ``OUT_INTERFACE`` is the empty
name. One that goes out is looked at on its ``OUT_INTERFACE``; where it came in does not matter then. So the two are
disjoint, and together they are everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Alternative, Condition, Constraint
from rulecheck.model.names import name_set
from rulecheck.model.provenance import Origin

_COMING_IN = name_set("")
_GOING_OUT = DOMAIN[Field.OUT_INTERFACE] - _COMING_IN
EVERY_INTERFACE = DOMAIN[Field.IN_INTERFACE]


@dataclass(frozen=True, slots=True)
class Place:
    """Interfaces, under a condition where which ones they are is not known."""

    values: IntervalSet
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a direction and interfaces add to a match."""

    constraints: tuple[Constraint, ...] = ()
    choice: tuple[Alternative, ...] = ()


def limits(direction: str, places: Iterable[Place] | None, text: str, origin: Origin) -> Limits:
    """Return what restricts a match to ``direction`` (in, out or empty for both) and ``places`` (None for all)."""
    if places is None:
        if not direction:
            return Limits()
        values = _COMING_IN if direction == "in" else _GOING_OUT
        return Limits((Constraint(Field.OUT_INTERFACE, values, direction, origin),))
    found = [one for place in places for one in _alternatives(direction, place, text, origin)]
    if len(found) == 1 and not found[0].conditions:
        return Limits(found[0].constraints)
    return Limits((), tuple(found)) if found else Limits((Constraint(Field.IN_INTERFACE, IntervalSet(), text, origin),))


def _alternatives(direction: str, place: Place, text: str, origin: Origin) -> list[Alternative]:
    found = []
    if direction in ("in", ""):
        needed = (Constraint(Field.OUT_INTERFACE, _COMING_IN, "in", origin),)
        here = (Constraint(Field.IN_INTERFACE, place.values, text, origin),)
        found.append(Alternative((*needed, *here), _conditions(place, "in")))
    if direction in ("out", ""):
        out = Constraint(Field.OUT_INTERFACE, place.values & _GOING_OUT, text, origin)
        found.append(Alternative((out,), _conditions(place, "out")))
    return found


def _conditions(place: Place, side: str) -> tuple[Condition, ...]:
    """Return the condition of a place as a test of the interface on one side."""
    if place.condition is None:
        return ()
    return (replace(place.condition, key=f"{side} {place.condition.key}"),)
