"""Whatever a report claims and however it is certified: what the checker accepts is true, says brute force.

The proofs here are not those of the analysis. They cut every rule along all other rules and name the takers that the
checker itself finds, so that only what a claim says can make it fail.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from hypothesis import assume, given
from hypothesis import strategies as st

from rulecheck.claims import KINDS, Claim, Owner, RejectedError
from rulecheck.engine.terms import subtract
from rulecheck.model.device import Policy
from rulecheck.model.finding import Kind
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Term
from rulecheck.verify import Checker, Regions
from tests.differential.brute import Device
from tests.strategies import chained_policies, single_policies, thorough

EFFORT = 2_000_000
LARGEST = 20_000
CUTS = 60
WITNESSES = 25
DEAD = ("shadowed", "covered")


class Adversary:
    """Claims everything about every rule of a device, as well proven as it gets."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self.device = Device(policies)
        assume(self.device.universe.size <= LARGEST)
        self.checker = Checker(policies, EFFORT)
        self._terms = [term for _, terms in self.checker.own.values() for term in terms]

    def pieces(self, owner: Owner) -> list[Term]:
        """Return what a rule matches, cut along whatever any rule matches, up to a bound."""
        pieces = list(self.checker.own[owner][1])
        for along in self._terms:
            if len(pieces) > CUTS:
                break
            inside = [common for one in pieces if (common := one & along) is not None]
            pieces = [*inside, *subtract(pieces, (along,), 10_000)]
        return [one for one in pieces if all(one.sets.values())]

    def witnesses(self, owner: Owner) -> Iterator[Term]:
        """Yield some packets of a rule."""
        for one in islice(self.pieces(owner), WITNESSES):
            yield Term({name: IntervalSet.points([values.lowest]) for name, values in one.sets.items()}, one.conditions)

    def accepted(self, owner: Owner) -> set[str]:
        """Return the kinds that the checker accepts for a rule."""
        return {kind for kind in sorted(KINDS) if self._accepts(owner, kind)}

    def _accepts(self, owner: Owner, kind: str) -> bool:
        regions = self._regions(owner, kind)
        by = frozenset(one for _, named in regions for one in named)
        witnesses = [None] if kind in ("empty", "covered") else [*self.witnesses(owner)]
        return any(self._holds(Claim(kind, owner, by), regions, witness) for witness in witnesses)

    def _regions(self, owner: Owner, kind: str) -> Regions:
        if kind in DEAD:
            return [(one, self.checker.dead(owner, one, ()) or set()) for one in self.pieces(owner)]
        if kind != "redundant":
            return []
        live = [(one, self.checker.dead(owner, one, ()) is None) for one in self.pieces(owner)]
        return [(one, (self.checker.spare(owner, one, ()) or set()) if alive else set()) for one, alive in live]

    def _holds(self, claim: Claim, regions: Regions, witness: Term | None) -> bool:
        self.checker.effort = EFFORT
        try:
            self.checker.verdict(claim, regions, witness)
        except RejectedError:
            return False
        return True

    def removable(self, owners: Sequence[Owner]) -> bool:
        """Return whether the checker lets rules be removed one after the other."""
        self.checker.effort = EFFORT
        try:
            self.checker.plan([(owner, [(one, set()) for one in self.pieces(owner)]) for owner in owners])
        except RejectedError:
            return False
        return True


def _true_kinds(device: Device, owner: Owner) -> set[str]:
    """Return what holds for a rule, by the definitions. A final catch-all or a rule that logs may be redundant here."""
    kind, visits = device.kind(owner), [visit for _, visit in device.ways(owner)]
    lost = (visit.matched & ~visit.reached & (visit.before != visit.outcome) for visit in visits)
    partly = {"partially_shadowed"} if any(one.any() for one in lost) else set()
    if kind in (Kind.EMPTY, Kind.SHADOWED, Kind.COVERED):
        return {kind.value} | partly
    return {"live"} | partly | ({"redundant"} if device.unchanged_without([owner]) else set())


def _check(policies: Sequence[Policy], *, complete: bool) -> None:
    adversary = Adversary(policies)
    for owner in adversary.checker.own:
        accepted, truth = adversary.accepted(owner), _true_kinds(adversary.device, owner)
        assert accepted <= truth, owner
        if complete and len(adversary.pieces(owner)) <= min(CUTS, WITNESSES):
            assert accepted & {"empty", "shadowed", "covered", "live"}, owner


def _check_plans(policies: Sequence[Policy], orders: Collection[Sequence[Owner]]) -> None:
    adversary = Adversary(policies)
    for owners in orders:
        if adversary.removable(owners):
            assert adversary.device.unchanged_without(owners), owners


@st.composite
def orders(draw: st.DrawFn, policies: Sequence[Policy]) -> list[list[Owner]]:
    """Return some rules of a device in some orders."""
    rules = [(n, rule.index) for n, policy in enumerate(policies) for rule in policy.rules if rule.enabled]
    chosen = st.lists(st.sampled_from(rules), min_size=1, max_size=5, unique=True)
    return draw(st.lists(chosen, min_size=1, max_size=6)) if rules else []


@given(policies=single_policies(most=6))
@thorough(150)
def test_lists(policies: tuple[Policy, ...]) -> None:
    _check(policies, complete=True)


@given(policies=chained_policies())
@thorough(150)
def test_lists_that_call_each_other(policies: tuple[Policy, ...]) -> None:
    _check(policies, complete=False)


@given(policies=single_policies(most=5, conditional=True))
@thorough(100)
def test_lists_with_unknown_conditions(policies: tuple[Policy, ...]) -> None:
    _check(policies, complete=False)


@given(policies=chained_policies(conditional=True))
@thorough(75)
def test_calling_lists_with_unknown_conditions(policies: tuple[Policy, ...]) -> None:
    _check(policies, complete=False)


@given(
    data=st.data(), policies=single_policies(most=6) | chained_policies() | single_policies(most=5, conditional=True)
)
@thorough(200)
def test_plans(data: st.DataObject, policies: tuple[Policy, ...]) -> None:
    _check_plans(policies, data.draw(orders(policies)))
