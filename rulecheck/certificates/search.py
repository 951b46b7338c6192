"""Cutting what a rule matches into regions, each small enough for its proof, and joining what needs no cut."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from rulecheck.certificates.walk import IMPLICIT, Meeting, Near, World, inside, narrowed, without
from rulecheck.engine.terms import subtract, value_of
from rulecheck.engine.unfold import Owner
from rulecheck.model.fields import Field
from rulecheck.model.match import Term
from rulecheck.model.rule import DECIDING, Outcome, Verb

TOO_LARGE = "too large to certify"
NOT_PROVEN = "no proof was found"

_CUT_PIECES = 10_000
_JOINED = 500
"""Up to how many regions are looked through for some that can be joined."""


class NoCertificateError(Exception):
    """A claim gets no certificate; the text says why."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large one certificate may get, and how much work it may take.

    ``regions`` counts regions, ``tries`` looks at a region, ``steps`` rules looked at.
    """

    regions: int = 2_000
    tries: int = 20_000
    steps: int = 5_000_000


@dataclass(frozen=True, slots=True)
class Proven:
    """The claim holds for the region; ``by`` are the rules that take its packets instead."""

    by: frozenset[Owner]


@dataclass(frozen=True, slots=True)
class Cut:
    """The region has to be cut along a product."""

    along: Term


Goal = Callable[[Term, Near], Proven | Cut]
"""Tries to prove a claim for one region. Raises NoCertificateError where cutting cannot help."""

Pieces = list[tuple[Term, frozenset[Owner]]]


class Search:
    """Proves claims region by region."""

    def __init__(self, world: World, bounds: Bounds) -> None:
        self.world = world
        self._bounds = bounds

    def prove(self, terms: Sequence[Term], near: Near, goal: Goal) -> Pieces:
        """Return regions that together hold all of ``terms``, each proven.

        Raises:
            NoCertificateError: there is no proof, or it passes the bounds.
            TooManyPiecesError: one cut leaves too many pieces.
        """
        found: Pieces = []
        stack = [(term, near) for term in reversed(terms)]
        last = self.world.steps + self._bounds.steps
        tries = 0
        while stack:
            region, around = stack.pop()
            tries += 1
            if tries > self._bounds.tries or len(found) >= self._bounds.regions or self.world.steps > last:
                raise NoCertificateError(TOO_LARGE)
            answer = goal(region, around)
            if isinstance(answer, Proven):
                found.append((region, answer.by))
                continue
            closer = narrowed(around, region)
            stack.extend((part, closer) for part in reversed(_halves(region, answer.along)))
        return self._joined(found, terms, near, goal)

    def _joined(self, pieces: Pieces, terms: Sequence[Term], near: Near, goal: Goal) -> Pieces:
        """Join regions that differ in one field and are taken by the same rules, where the proof holds as well."""
        few = 1 < len(pieces) <= _JOINED
        fields = sorted({name for region, _ in pieces for name in region.sets}) if few else []
        for name in fields:
            groups: dict[object, Pieces] = {}
            for region, by in pieces:
                others = frozenset((field, values) for field, values in region.sets.items() if field != name)
                groups.setdefault((others, frozenset(region.conditions.items()), by), []).append((region, by))
            pieces = [one for group in groups.values() for one in self._union(group, name, terms, near, goal)]
        return pieces

    def _union(self, group: Pieces, name: Field, terms: Sequence[Term], near: Near, goal: Goal) -> Pieces:
        if len(group) == 1:
            return group
        first, by = group[0]
        values = value_of(first.sets, name)
        for region, _ in group[1:]:
            values |= value_of(region.sets, name)
        joined = Term({**first.sets, name: values}, first.conditions)
        if not any(inside(joined, term) for term in terms):
            return group
        try:
            answer = goal(joined, near)
        except NoCertificateError:
            return group
        return [(joined, by)] if answer == Proven(by) else group


def _halves(region: Term, along: Term) -> list[Term]:
    common = region & along
    return [*([common] if common is not None else []), *subtract((region,), (along,), _CUT_PIECES)]


# --- goals --------------------------------------------------------------------------------------------------


def dead_goal(world: World, owner: Owner, by: Collection[Owner], *, covered: bool) -> Goal:
    """Return the goal "no packet gets to the rule past the rules ``by``".

    With ``covered`` also: whatever takes a packet first gives it the rule's own outcome.
    """
    named = {owner, IMPLICIT, *by}

    def goal(region: Term, near: Near) -> Proven | Cut:
        bare = {
            number: [one for one in listed if one.taker in named or one.rule.outcome.verb not in DECIDING]
            for number, listed in near.items()
        }
        arrivals = list(world.arrivals(owner, region, bare))
        if any(one.meeting.past for one in arrivals):
            return _cut(region, [one.meeting for one in arrivals if one.meeting.past])
        if covered:
            for one in world.arrivals(owner, region, near):
                if one.meeting.ends - {one.outcome}:
                    return _cut(region, [one.meeting], one.outcome)
        return Proven(frozenset(taker for one in arrivals for taker in one.meeting.takers))

    return goal


def spare_goal(world: World, owner: Owner, named: Collection[Owner] | None = None) -> Goal:
    """Return the goal "no packet's outcome changes when the rule goes", the rule being dead or not.

    ``named`` are the only rules that may take over where it is not dead; None allows all.
    """

    def goal(region: Term, near: Near) -> Proven | Cut:
        arrivals = [one.meeting for one in world.arrivals(owner, region, near)]
        if not any(one.past for one in arrivals):
            return Proven(frozenset())
        rest = without(near, {owner})
        taking: set[Owner] = set()
        for root in world.starts(owner[0]):
            before, after = world.final(root, region, near), world.final(root, region, rest)
            lost = any(effect.verb is Verb.CONTINUE for _, effect in before.took.keys() - after.took.keys())
            if len(before.ends | after.ends) != 1 or lost:
                return _cut(region, [before, after], world.own[owner].rule.outcome)
            new = after.takers - before.takers
            if named is not None and not new <= {*named}:
                return _cut(region, [after])
            taking |= new
        return Proven(frozenset(taking))

    return goal


def _cut(region: Term, meetings: Iterable[Meeting], outcome: Outcome | None = None) -> Cut:
    """Choose the fork to cut along: the first with another outcome than ``outcome``, else the one that holds most.

    Raises:
        NoCertificateError: there is none, so that the claim cannot be proven.
    """
    forks = [(effect, term) for meeting in meetings for effect, term in meeting.forks if _splits(region, term)]
    if not forks:
        raise NoCertificateError(NOT_PROVEN)
    other = next((term for effect, term in forks if outcome is not None and effect != outcome), None)
    if other is not None:
        return Cut(other)
    return Cut(max((term for _, term in forks), key=lambda term: _weight(region, term)))


def _splits(region: Term, term: Term) -> bool:
    return term.meets(region) and not inside(region, term)


def _weight(region: Term, term: Term) -> float:
    """Return which part of a region a product holds, conditions counting a half each."""
    weight = 0.5 ** len(term.conditions.keys() - region.conditions.keys())
    for name, values in term.sets.items():
        here = value_of(region.sets, name)
        weight *= (here & values).size / here.size
    return weight
