"""What a whole region of packets meets in the lists of a device: who may take packets of it, and where it forks.

A rule takes a region *surely* when one of its products holds the region, and *perhaps* when one meets it. Where that is
not enough to prove a claim, the region has to be cut along one of the products that hold a part of it: the forks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rulecheck.certificates.hulls import Hulls
from rulecheck.engine.terms import TooManyPiecesError, value_of
from rulecheck.engine.unfold import Owner, callees, roots
from rulecheck.model.device import Policy
from rulecheck.model.match import Term
from rulecheck.model.rule import RETURN, Outcome, Rule, Verb

IMPLICIT: Owner = (-1, -1)
"""Stands for the default of a list, and for its implicit rules."""


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """A rule that takes part: its owner, and the products that it matches. Implicit rules have negative indexes.

    ``taker`` is how it appears in proofs: its owner, or :data:`IMPLICIT`.
    """

    owner: Owner
    taker: Owner
    rule: Rule
    terms: tuple[Term, ...]


_CALLING = frozenset({Verb.CALL, Verb.GOTO})

Near = Mapping[int, Sequence[Listed]]
"""The rules to look at, in order, by policy number."""


@dataclass(slots=True)
class Meeting:
    """What a region meets: who takes packets of it with which effect, whether any get past, and the forks in order."""

    took: dict[tuple[Owner, Outcome], None] = field(default_factory=dict)
    past: bool = True
    forks: list[tuple[Outcome, Term]] = field(default_factory=list)

    @property
    def ends(self) -> set[Outcome]:
        """Return what becomes of packets, side effects aside."""
        return {outcome for _, outcome in self.took if outcome.verb is not Verb.CONTINUE}

    @property
    def takers(self) -> set[Owner]:
        """Return who takes packets, side effects aside."""
        return {owner for owner, outcome in self.took if outcome.verb is not Verb.CONTINUE}

    def add(self, other: Meeting) -> None:
        """Add what is met next."""
        self.took.update(other.took)
        self.forks.extend(other.forks)
        self.past = other.past


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the packets of a region on one way to a rule meet before it; ``part`` of the region is on this way."""

    part: Term
    meeting: Meeting
    outcome: Outcome


def inside(region: Term, product: Term) -> bool:
    """Return whether a product holds every packet of a region."""
    if any(region.conditions.get(key) != holds for key, holds in product.conditions.items()):
        return False
    return all(value_of(region.sets, name) <= values for name, values in product.sets.items())


class World:
    """The lists of one device. ``steps`` counts the rules looked at."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self.policies = policies
        self.steps = 0
        self.lists: dict[int, list[Listed]] = {n: list(_listed(n, one)) for n, one in enumerate(policies)}
        self.own = {one.owner: one for listed in self.lists.values() for one in listed if one.taker != IMPLICIT}
        self._numbers = {(policy.scope, policy.name): number for number, policy in enumerate(policies)}
        self.calls: dict[int, list[Listed]] = {number: [] for number in self.lists}
        for number, listed in self.lists.items():
            for one in listed:
                target = self.target(number, one.rule)
                if target is not None:
                    self.calls[target].append(one)
        self.has_calls = any(self.calls.values())
        self.starts = cache(self._starts)
        self._hulls = {number: Hulls([one.terms for one in listed]) for number, listed in self.lists.items()}

    def target(self, number: int, rule: Rule) -> int | None:
        """Return the policy that a rule calls."""
        return None if not rule.calls else self._numbers.get((self.policies[number].scope, rule.calls))

    def _starts(self, number: int) -> tuple[int, ...]:
        """Return where packets start on their way to a list."""
        leading = [(root, real) for root, real in roots(self.policies) if number in callees(self.policies, root)]
        return tuple(root for root, real in leading if real) or tuple(root for root, _ in leading)

    def effect_of_leaving(self, root: int) -> Outcome:
        """Return what becomes of packets that leave a starting list."""
        return self.policies[root].default if self.policies[root].entry else RETURN

    def near(self, number: int, terms: Sequence[Term]) -> Near:
        """Return the rules that meet a region, of all lists that packets on their way to a list can come to."""
        reached = {one for root in self.starts(number) for one in callees(self.policies, root)} | {number}
        return {one: self._near(one, terms) for one in sorted(reached)}

    def _near(self, number: int, terms: Sequence[Term]) -> list[Listed]:
        listed = self.lists[number]
        places = sorted({place for term in terms for place in self._hulls[number].meeting(term)})
        return [listed[place] for place in places if _meets(listed[place], terms)]

    def run(self, number: int, region: Term, near: Near, upto: Owner | None = None, *, base: bool) -> Meeting:
        """Return what a region meets in a list, up to a rule of it."""
        found, leaving = Meeting(), self.effect_of_leaving(number) if base else RETURN
        for one in near[number]:
            self.steps += 1
            if one.owner == upto:
                return found
            parts = [common for term in one.terms if term.meets(region) and (common := region & term) is not None]
            if not parts or (one.rule.outcome.verb in _CALLING and self.target(number, one.rule) is None):
                continue
            sure = any(inside(region, term) for term in one.terms)
            past = self._take(number, one, parts, near, found, leaving)
            if sure and not past:
                found.past = False
                return found
            if not sure:
                effect = leaving if one.rule.outcome.verb is Verb.RETURN else one.rule.outcome
                found.forks.extend((effect, term) for term in one.terms if term.meets(region))
        default = leaving if base else self.policies[number].default
        if upto is None and (base or default.verb is not Verb.RETURN):
            found.took[IMPLICIT, default] = None
            found.past = False
        return found

    def _take(
        self, number: int, one: Listed, parts: Iterable[Term], near: Near, found: Meeting, leaving: Outcome
    ) -> bool:
        """Note what a rule does with parts of a region; return whether any packets go on behind it."""
        verb = one.rule.outcome.verb
        if verb not in _CALLING:
            found.took[one.taker, leaving if verb is Verb.RETURN else one.rule.outcome] = None
            return verb is Verb.CONTINUE
        past = False
        target = self.target(number, one.rule)
        for part in parts:
            inner = Meeting() if target is None else self.run(target, part, near, base=False)
            past |= inner.past or RETURN in inner.ends
            found.took.update((taken, None) for taken in inner.took if taken[1].verb is not Verb.RETURN)
            found.forks.extend(inner.forks)
        if verb is Verb.GOTO and past:
            found.took[one.taker, leaving] = None
            return False
        return past

    def final(self, root: int, region: Term, near: Near) -> Meeting:
        """Return what a region meets that starts at a list, the default included."""
        return self.run(root, region, near, base=True)

    def ways(
        self, owner: Owner, region: Term, near: Near, behind: tuple[Owner, ...] = ()
    ) -> Iterator[tuple[tuple[Owner, ...], Term]]:
        """Yield each chain of calls that leads to a rule, outermost first, and the part of a region that is on it.

        Raises:
            TooManyPiecesError: the lists call each other in a cycle.
        """
        if any(owner[0] == number for number, _ in behind):
            raise TooManyPiecesError("the lists call each other in a cycle")
        chain = (owner, *behind)
        if owner[0] in self.starts(chain[-1][0]):
            yield chain, region
        for call in self.calls[owner[0]]:
            if call not in near.get(call.owner[0], ()):
                continue
            for term in call.terms:
                part = region & term
                if part is not None:
                    yield from self.ways(call.owner, part, near, chain)

    def arrivals(self, owner: Owner, region: Term, near: Near) -> Iterator[Arrival]:
        """Yield for each way what a region meets before a rule. ``near`` may lack rules, but not the rule itself."""
        rule = self.own[owner].rule
        for chain, part in self.ways(owner, region, near):
            meeting = Meeting()
            for stop in chain:
                meeting.add(self.run(stop[0], part, near, stop, base=stop is chain[0]))
                if not meeting.past:
                    break
            returns = len(chain) == 1 and rule.outcome.verb is Verb.RETURN
            yield Arrival(part, meeting, self.effect_of_leaving(owner[0]) if returns else rule.outcome)


def _listed(number: int, policy: Policy) -> Iterator[Listed]:
    for rule in policy.rules:
        if rule.enabled:
            owner = number, rule.index
            yield Listed(owner, owner, rule, rule.match.terms(policy.families))
    for place, rule in enumerate(policy.implicit):
        if rule.enabled:
            yield Listed((number, -1 - place), IMPLICIT, rule, rule.match.terms(policy.families))


def _meets(one: Listed, terms: Iterable[Term]) -> bool:
    return any(mine.meets(term) for term in terms for mine in one.terms)


def narrowed(near: Near, region: Term) -> Near:
    """Return the rules of ``near`` that meet a region."""
    return {number: [one for one in listed if _meets(one, (region,))] for number, listed in near.items()}


def without(near: Near, gone: Collection[Owner]) -> Near:
    """Return ``near`` without some rules."""
    return {number: [one for one in listed if one.owner not in gone] for number, listed in near.items()}
