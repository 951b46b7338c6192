"""Lists in which the order of the rules means nothing: a rule is needed where no other one gives its outcome."""

from __future__ import annotations

from rulecheck.model.finding import Kind
from tests.differential.brute import Owner
from tests.differential.claims import DEAD, Case, approximately
from tests.differential.universe import Mask


def check_unordered_evidence(case: Case) -> None:
    """No rule is dead by its place; a redundant one is held by rules anywhere, or by the default."""
    for owner, _, verdict in case.verdicts():
        assert verdict.kind not in DEAD
        assert (verdict.single_covers, verdict.conflict, verdict.partial) == ((), None, None)
        if verdict.kind is Kind.REDUNDANT:
            _check_takers(case, owner)


def check_unordered_witnesses(case: Case) -> None:
    """A rule matches its witness under the conditions that the witness assumes."""
    for owner, _, verdict in case.verdicts():
        if verdict.kind in (None, Kind.REDUNDANT):
            ((_, visit),) = case.device.visits[owner]
            assert verdict.witness is not None
            place = case.device.universe.locate(dict(verdict.witness.values), dict(verdict.witness.conditions))
            assert visit.matched[place].any(), (owner, verdict)


def _others(case: Case, owner: Owner) -> dict[int, Mask]:
    """Return what each other rule of the list matches."""
    found = {}
    for other, visits in case.device.visits.items():
        ((_, visit),) = visits
        if other != owner:
            found[other[1]] = visit.matched
    return found


def _check_takers(case: Case, owner: Owner) -> None:
    """Every taker takes what is said, in the order of the list; what none takes is left to the default."""
    ((_, visit),) = case.device.visits[owner]
    verdict, others = case.results[owner[0]].verdicts[owner[1]], _others(case, owner)
    left = visit.matched
    for taker in sorted(verdict.takers, key=lambda one: one.index):
        assert taker.share == approximately(case.device.universe.share(left & others[taker.index], visit.matched))
        left = left & ~others[taker.index]
    assert verdict.by_default == bool(left.any())
