"""What the engine claims about a device, checked claim by claim against brute force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from rulecheck.engine.verdict import Packet, PolicyVerdicts, Taker, Verdict
from rulecheck.model.device import Policy
from rulecheck.model.finding import Kind
from rulecheck.model.match import Match
from rulecheck.model.rule import Outcome, Rule, Verb
from tests import reference
from tests.differential.brute import Device, Owner, Visit
from tests.differential.universe import Mask

DEAD = (Kind.SHADOWED, Kind.COVERED)
REMOVABLE = (Kind.EMPTY, *DEAD, Kind.REDUNDANT)


def approximately(value: float) -> object:
    return pytest.approx(value, abs=2e-6)


@dataclass(frozen=True)
class Case:
    """One device, what the engine says about it, and what brute force says."""

    policies: Sequence[Policy]
    results: Sequence[PolicyVerdicts]
    device: Device

    def verdicts(self) -> Iterator[tuple[Owner, Rule, Verdict]]:
        for number, result in enumerate(self.results):
            for index, verdict in result.verdicts.items():
                owner = number, index
                yield owner, self.device.rule(owner), verdict


def check_frame(case: Case) -> None:
    """Every enabled rule has exactly one verdict, in the order of the policies."""
    assert len(case.results) == len(case.policies)
    for policy, result in zip(case.policies, case.results, strict=True):
        assert (result.policy, result.scope) == (policy.name, policy.scope)
        assert set(result.verdicts) == {rule.index for rule in policy.rules if rule.enabled}


def check_kinds(case: Case) -> None:
    """Without conditions the kind of every rule is exactly that of brute force."""
    for owner, _, verdict in case.verdicts():
        truth = case.device.kind(owner)
        assert verdict.kind == truth, f"{owner} is {truth}, not {verdict.kind}"


def check_witnesses(case: Case) -> None:
    """Every rule that is live has a witness that it decides; nothing else claims one."""
    for owner, _, verdict in case.verdicts():
        if verdict.kind in (None, Kind.REDUNDANT):
            assert verdict.witness is not None
            assert _decides(case, owner, verdict.witness), (owner, verdict)
        elif verdict.kind is not Kind.UNDECIDED:
            assert verdict.witness is None


def _decides(case: Case, owner: Owner, witness: Packet) -> bool:
    """Return whether the witness reaches the rule on some way in, whatever the free conditions are."""
    place = case.device.universe.locate(dict(witness.values), dict(witness.conditions))
    return any(bool(np.all(decided(case, owner, visit)[place])) for _, visit in case.device.ways(owner))


def decided(case: Case, owner: Owner, visit: Visit) -> Mask:
    """Return the packets that a rule decides on one way in: all that it matches where order means nothing."""
    return visit.reached if case.policies[owner[0]].ordered else visit.matched


def check_witnesses_by_reference(case: Case) -> None:
    """The witness of a deciding rule is decided by that very rule, says the specification (single lists)."""
    lists = {(policy.scope, policy.name): policy for policy in case.policies}
    for owner, rule, verdict in case.verdicts():
        if verdict.kind not in (None, Kind.REDUNDANT) or rule.outcome.verb in (Verb.CONTINUE, Verb.RETURN):
            continue
        assert verdict.witness is not None
        policy = case.policies[owner[0]]
        assert reference.decide(policy, verdict.witness.values, {}, lists).rule is rule


# --- single lists without conditions: the evidence is exact -------------------------------------------------


def check_evidence(case: Case) -> None:
    """Covers, shares, conflicts, duplicates and takers of a single list without conditions."""
    for owner, rule, verdict in case.verdicts():
        if verdict.kind in DEAD:
            _check_dead(case, owner, verdict)
        elif verdict.kind is Kind.REDUNDANT:
            _check_taken_over(case, owner, rule, verdict)
        else:
            assert (verdict.single_covers, verdict.takers, verdict.duplicate_of) == ((), (), None)


def _visit(case: Case, owner: Owner) -> Visit:
    ((_, visit),) = case.device.visits[owner]
    return visit


def _earlier(case: Case, owner: Owner) -> dict[int, Mask]:
    """Return the packets that each earlier deciding rule of the list matches, by index."""
    found = {}
    for other, visits in case.device.visits.items():
        ((_, visit),) = visits
        if other[1] < owner[1] and visit.rule.outcome.verb is not Verb.CONTINUE:
            found[other[1]] = visit.matched
    return found


def _check_dead(case: Case, owner: Owner, verdict: Verdict) -> None:
    mine, earlier = _visit(case, owner).matched, _earlier(case, owner)
    holders = tuple(sorted(index for index, packets in earlier.items() if not (mine & ~packets).any()))
    assert verdict.single_covers == holders
    equal = [index for index in holders if np.array_equal(earlier[index], mine)]
    assert (verdict.duplicate_of in equal) if equal else verdict.duplicate_of is None
    _check_minimal_cover(case, mine, earlier, verdict.takers)
    _check_conflict(case, owner, verdict)


def _check_minimal_cover(case: Case, mine: Mask, earlier: Mapping[int, Mask], takers: Sequence[Taker]) -> None:
    members = [taker.index for taker in takers]
    assert set(members) <= set(earlier)
    assert not _rest(mine, [earlier[index] for index in members]).any()
    for left_out in members:
        assert _rest(mine, [earlier[index] for index in members if index != left_out]).any()
    assert sum(taker.share for taker in takers) == approximately(1)
    left = mine
    for taker in sorted(takers, key=lambda one: one.index):
        assert taker.share == approximately(case.device.universe.share(left & earlier[taker.index], mine))
        left = left & ~earlier[taker.index]


def _rest(packets: Mask, taken: Sequence[Mask]) -> Mask:
    for one in taken:
        packets = packets & ~one
    return packets


def _effect(case: Case, rule: Rule) -> Outcome:
    return case.policies[0].default if rule.outcome.verb is Verb.RETURN else rule.outcome


def _check_conflict(case: Case, owner: Owner, verdict: Verdict) -> None:
    """The conflict of a shadowed rule is the heaviest one that decides its packets otherwise."""
    (run,) = case.device.runs.values()
    mine, outcome = _visit(case, owner).matched, _effect(case, case.device.rule(owner))
    shares = {}
    for index in _earlier(case, owner):
        rule = case.device.rule((0, index))
        part = mine & (run.deciders == case.device.decider((0, index)))
        if _effect(case, rule) != outcome and part.any():
            shares[index] = case.device.universe.share(part, mine)
    if verdict.kind is Kind.COVERED:
        assert verdict.conflict is None
        assert not shares
    else:
        assert verdict.conflict is not None
        assert verdict.conflict.share == approximately(shares[verdict.conflict.index])
        assert verdict.conflict.share == approximately(max(shares.values()))


def _check_taken_over(case: Case, owner: Owner, rule: Rule, verdict: Verdict) -> None:
    """The takers of a redundant rule are those that decide its packets without it, each with its share."""
    reached = _visit(case, owner).reached
    (run,) = case.device.without([owner]).runs.values()
    expected = {}
    for index in range(rule.index + 1, len(case.policies[0].rules)):
        part = reached & (run.deciders == case.device.decider((0, index)))
        if part.any():
            expected[index] = case.device.universe.share(part, reached)
    assert {taker.index for taker in verdict.takers} == set(expected)
    for taker in verdict.takers:
        assert taker.share == approximately(expected[taker.index])
    written = [case.device.decider((0, index)) for index in range(len(case.policies[0].rules))]
    assert verdict.by_default == bool((reached & ~np.isin(run.deciders, written)).any())


def check_chain_evidence(case: Case) -> None:
    """What holds for evidence in lists that call each other: takers and covers match what they are said to take."""
    for owner, _, verdict in case.verdicts():
        for taker in verdict.takers:
            assert 0 <= taker.share <= 1 + 1e-9
        if verdict.kind in DEAD:
            assert verdict.takers
            for root, visit in case.device.ways(owner):
                assert not _untaken(case, root, visit, verdict).any()
                for index in verdict.single_covers:
                    assert index < owner[1]
                    assert not (visit.matched & ~case.device.universe.matched(_match(case, owner, index))).any()


def _match(case: Case, owner: Owner, index: int) -> Match:
    return case.device.rule((owner[0], index)).match


def _untaken(case: Case, root: int, visit: Visit, verdict: Verdict) -> Mask:
    """Return the packets of a dead rule that no earlier visit of one of its takers matches."""
    names = {(taker.policy, taker.index) for taker in verdict.takers}
    left = visit.matched
    for other in case.device.runs[root].visits:
        if other is visit:
            break
        if other.owner is not None and (case.policies[other.owner[0]].name, other.owner[1]) in names:
            left = left & ~other.matched
    return left


# --- removal plans ------------------------------------------------------------------------------------------


def check_plans(case: Case) -> None:
    """Each plan, and all plans together, leave every outcome as it is; only findings are in a plan."""
    everything: list[Owner] = []
    for number, result in enumerate(case.results):
        owners = [(number, index) for index in result.removable]
        assert all(result.verdicts[index].kind in REMOVABLE for _, index in owners)
        if result.proven:
            assert case.device.unchanged_without(owners), (result.policy, result.removable)
            everything.extend(owners)
    assert case.device.unchanged_without(everything), everything


def check_plans_are_complete(case: Case) -> None:
    """Nothing that the engine found is left out of a plan unless it cannot be removed as well (single lists)."""
    for number, result in enumerate(case.results):
        plan = [(number, index) for index in result.removable]
        for index, verdict in result.verdicts.items():
            owner = number, index
            if owner in plan or verdict.kind not in (Kind.EMPTY, Kind.COVERED, Kind.REDUNDANT):
                continue
            assert not case.device.unchanged_without([*plan, owner]), (owner, plan)
