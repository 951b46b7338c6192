"""The proof of removal plans: an order in which each rule is dead or needless without those before it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from rulecheck.certificates.regions import as_regions
from rulecheck.certificates.search import TOO_LARGE, NoCertificateError, Pieces, Proven, Search, spare_goal
from rulecheck.certificates.walk import Near, World, narrowed, without
from rulecheck.engine.decide import REWIRES
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Owner
from rulecheck.engine.verdict import PolicyVerdicts
from rulecheck.model.certificate import Certificate, Place, PlanCertificate, Region, Step, Uncertified
from rulecheck.model.finding import Kind
from rulecheck.model.rule import Verb

PLAN = "removal_plan"
_DEAD = frozenset({Kind.EMPTY.value, Kind.SHADOWED.value, Kind.COVERED.value})


def certify_plans(
    search: Search, names: Sequence[str], results: Sequence[PolicyVerdicts], certificates: Mapping[Owner, Certificate]
) -> tuple[tuple[PlanCertificate, ...], tuple[Uncertified, ...]]:
    """Return a certificate for the plan of each policy, and one for all together where lists call each other."""
    plans = {number: [(number, index) for index in one.removable] for number, one in enumerate(results)}
    tasks = [[number] for number, owners in plans.items() if owners]
    tasks.extend(_together(search.world, [number for (number,) in tasks]))
    done: list[PlanCertificate] = []
    missing: list[Uncertified] = []
    for numbers in tasks:
        owners = [owner for number in numbers for owner in plans[number]]
        try:
            steps = _Plan(search, names, certificates).steps(owners)
            done.append(PlanCertificate(tuple(names[number] for number in numbers), steps))
        except (NoCertificateError, TooManyPiecesError) as problem:
            missing.extend(Uncertified(names[number], -1, PLAN, str(problem)) for number in numbers)
    return tuple(done), tuple(missing)


def _together(world: World, numbers: Sequence[int]) -> list[list[int]]:
    """Return the policies whose plans may be carried out together: those that packets enter, and the others."""
    if not world.has_calls:
        return []
    entered = {number: any(world.policies[root].entry for root in world.starts(number)) for number in numbers}
    groups = [[number for number in numbers if entered[number] is real] for real in (True, False)]
    return [group for group in groups if len(group) > 1]


class _Plan:
    """Finds an order for the rules of one plan, and the proof of each step."""

    def __init__(self, search: Search, names: Sequence[str], certificates: Mapping[Owner, Certificate]) -> None:
        self._search = search
        self._world = search.world
        self._names = names
        self._certificates = certificates

    def steps(self, owners: Sequence[Owner]) -> tuple[Step, ...]:
        """Return the rules in a safe order.

        Dead rules go from the last to the first, so that what kills each is still there. The others follow in the
        order of the list, those that call or leave a list last. One that fails is tried again after the others.

        Raises:
            NoCertificateError: no order was found.
        """
        waiting = sorted(owners, key=self._rank)
        gone: list[Owner] = []
        steps: list[Step] = []
        while waiting:
            failed: list[Owner] = []
            why: Exception = NoCertificateError(TOO_LARGE)
            for owner in waiting:
                try:
                    steps.append(self._step(owner, frozenset(gone)))
                    gone.append(owner)
                except (NoCertificateError, TooManyPiecesError) as problem:
                    failed.append(owner)
                    why = problem
            if len(failed) == len(waiting):
                raise why
            waiting = failed
        return tuple(steps)

    def _rank(self, owner: Owner) -> tuple[bool, bool, int, int]:
        number, index = owner
        verb = self._world.own[owner].rule.outcome.verb
        calls = verb in REWIRES and not (verb is Verb.RETURN and self._world.policies[number].entry)
        dead = self._is_dead(owner)
        return calls, not dead, *((-number, -index) if dead else (number, index))

    def _is_dead(self, owner: Owner) -> bool:
        known = self._certificates.get(owner)
        return known is not None and known.kind in _DEAD

    def _step(self, owner: Owner, gone: Collection[Owner]) -> Step:
        place = self._place(owner)
        known = self._certificates.get(owner)
        if known is not None and not self._world.has_calls and (self._is_dead(owner) or not gone):
            return Step(place)
        one = self._world.own[owner]
        near = without(self._world.near(owner[0], one.terms), gone)
        goal = spare_goal(self._world, owner)
        if known is not None and self._holds(known.regions, owner, near):
            return Step(place)
        pieces: Pieces = self._search.prove(one.terms, near, goal)
        return Step(place, as_regions(self._names, pieces))

    def _place(self, owner: Owner) -> Place:
        return Place(self._names[owner[0]], owner[1])

    def _holds(self, regions: Sequence[Region], owner: Owner, near: Near) -> bool:
        """Return whether the regions of a finding (the rule's own products without any) prove the step as well."""
        goal = spare_goal(self._world, owner)
        terms = [one.packets for one in regions] or self._world.own[owner].terms
        try:
            return all(isinstance(goal(term, narrowed(near, term)), Proven) for term in terms)
        except (NoCertificateError, TooManyPiecesError):
            return False
