"""Rules that are live: what of them is shadowed, which of their parts are dead, what generalizes them.

The definitions are read off the decisions of brute force, packet by packet, for single lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from rulecheck.engine.verdict import DeadPart, Packet, Partial, Taker, Verdict
from rulecheck.model.fields import Field
from rulecheck.model.finding import Kind
from rulecheck.model.match import Addresses
from rulecheck.model.rule import DECIDING, RETURN, Outcome, Rule, Verb
from tests.differential.bounds import witness_place
from tests.differential.brute import Device, Owner, Visit
from tests.differential.claims import Case, approximately
from tests.differential.universe import Mask

MOST_TAKERS = 10
"""Of more rules that take packets of another, only the heaviest are listed."""

_SIDES = (("source", Field.SOURCE), ("destination", Field.DESTINATION))


class Look:
    """One list without conditions, rule by rule."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.device = case.device
        (self.run,) = case.device.runs.values()

    def effect(self, rule: Rule) -> Outcome:
        return self.case.policies[0].default if rule.outcome.verb is Verb.RETURN else rule.outcome

    def decides(self, rule: Rule) -> bool:
        """Return whether the rule ends the way of its packets."""
        return rule.outcome.verb in DECIDING or rule.outcome.verb is Verb.RETURN

    def visit(self, index: int) -> Visit:
        ((_, visit),) = self.device.visits[0, index]
        return visit

    def deciding(self) -> Iterator[tuple[int, Rule]]:
        for rule in self.case.policies[0].rules:
            if rule.enabled and self.decides(rule):
                yield rule.index, rule

    def by(self, index: int) -> Mask:
        """Return the packets that a rule decides."""
        found: Mask = self.run.deciders == self.device.decider((0, index))
        return found

    def live(self) -> Iterator[tuple[Owner, Rule, Verdict]]:
        """Yield the rules that decide packets."""
        for owner, rule, verdict in self.case.verdicts():
            if verdict.kind in (None, Kind.REDUNDANT) and self.decides(rule):
                yield owner, rule, verdict

    def conflicts(self, owner: Owner, rule: Rule) -> Mapping[int, Mask]:
        """Return what of a rule each earlier rule with a different outcome decides."""
        if self.device.is_final_catch_all(owner):
            return {}
        mine = self.visit(rule.index).matched
        parts = {
            index: mine & self.by(index)
            for index, other in self.deciding()
            if index < rule.index and self.effect(other) != self.effect(rule)
        }
        return {index: part for index, part in parts.items() if part.any()}


def check_only_live_rules_have_depth(case: Case) -> None:
    """Nothing is said about parts of rules that are dead or empty, or that may be."""
    for _, _, verdict in case.verdicts():
        if Kind.REDUNDANT not in (verdict.kind, verdict.suspected) and verdict.kind is not None:
            assert verdict.partial is None
            assert (verdict.dead_parts, verdict.narrowed, verdict.generalized_by) == ((), (), None)


def check_partial(case: Case) -> None:
    """A live rule is partially shadowed exactly when an earlier rule decides some of its packets otherwise."""
    look = Look(case)
    for owner, rule, verdict in look.live():
        parts = look.conflicts(owner, rule)
        assert (verdict.partial is not None) == bool(parts), (owner, verdict.partial)
        if verdict.partial is not None:
            _check_partial(look, rule, verdict.partial, parts)


def _check_partial(look: Look, rule: Rule, partial: Partial, parts: Mapping[int, Mask]) -> None:
    universe, mine = look.device.universe, look.visit(rule.index).matched
    together = np.logical_or.reduce(list(parts.values()))
    assert partial.share == approximately(universe.share(together, mine))
    assert partial.exact
    assert partial.rules == len(parts)
    assert len(partial.takers) == min(len(parts), MOST_TAKERS)
    shares = {index: universe.share(part, mine) for index, part in parts.items()}
    for taker in partial.takers:
        assert taker.outcome == look.effect(look.device.rule((0, taker.index)))
        assert taker.share == approximately(shares[taker.index])
    assert [t.share for t in partial.takers] == sorted((t.share for t in partial.takers), reverse=True)
    heaviest = sorted(shares.values(), reverse=True)[: len(partial.takers)]
    assert sum(t.share for t in partial.takers) == approximately(sum(heaviest))
    place = universe.locate(dict(partial.witness.values), dict(partial.witness.conditions))
    assert bool(np.all(together[place]))
    if partial.exceptions:
        assert not any((look.visit(t.index).matched & ~mine).any() for t in partial.takers)


def check_generalized(case: Case) -> None:
    """The generalization is the first later rule with a different outcome that holds the rule, no final catch-all."""
    look = Look(case)
    for owner, rule, verdict in look.live():
        mine = look.visit(rule.index).matched
        expected = next(
            (
                (index, look.effect(other))
                for index, other in look.deciding()
                if index > rule.index
                and look.effect(other) != look.effect(rule)
                and not look.device.is_final_catch_all((0, index))
                and not (mine & ~look.visit(index).matched).any()
            ),
            None,
        )
        found = verdict.generalized_by
        assert (found and (found.index, found.outcome)) == expected, owner


def check_dead_parts(case: Case) -> None:
    """A member is reported exactly when the rule matches packets with it and decides none of them.

    Nothing is claimed of rules with choices, and of a final catch-all that says the default.
    """
    look = Look(case)
    for owner, rule, verdict in look.live():
        spared = rule.match.choices or look.device.is_final_catch_all(owner)
        expected = [] if spared else sorted(_dead_members(look, rule))
        assert sorted((one.operand, one.origin.line, one.text) for one in verdict.dead_parts) == expected, owner
        for part in verdict.dead_parts:
            _check_takers(look, rule, part)


def _dead_members(look: Look, rule: Rule) -> Iterator[tuple[str, int, str]]:
    visit = look.visit(rule.index)
    for key, packets in members(look.device, rule):
        if (visit.matched & packets).any() and not (visit.reached & packets).any():
            yield key


def members(device: Device, rule: Rule) -> Iterator[tuple[tuple[str, int, str], Mask]]:
    """Yield the members of a rule's operands, each with the packets that have it."""
    universe = device.universe
    for operand, field in _SIDES:
        addresses: Addresses = rule.match.source if field is Field.SOURCE else rule.match.destination
        for element in () if addresses.negated else addresses.elements:
            yield (operand, element.origin.line, element.text), universe.within(field, element.values)
    for service in rule.match.services.elements if rule.match.services else ():
        yield ("service", service.origin.line, service.text), universe.served(service)


def _check_takers(look: Look, rule: Rule, part: DeadPart) -> None:
    """The takers of a dead part are earlier rules that together hold it; the share is 1 where one does alone."""
    assert part.takers
    mine = look.visit(rule.index).matched
    alike = [
        packets for key, packets in members(look.device, rule) if key == (part.operand, part.origin.line, part.text)
    ]
    assert any(_held(look, mine & packets, rule, part.takers) for packets in alike)


def _held(look: Look, packets: Mask, rule: Rule, takers: Sequence[Taker]) -> bool:
    for taker in takers:
        assert taker.index < rule.index
        assert taker.share == (len(takers) == 1)
        packets = packets & ~look.visit(taker.index).matched
    return not packets.any()


def check_narrowed(case: Case) -> None:
    """With its fields narrowed the rule decides the same packets, and each field lost something."""
    look = Look(case)
    for owner, rule, verdict in look.live():
        visit = look.visit(rule.index)
        assert len({field for field, _ in verdict.narrowed}) == len(verdict.narrowed)
        for field, values in verdict.narrowed:
            kept = look.device.universe.within(field, values)
            assert not (visit.reached & ~kept).any(), owner
            assert (visit.matched & ~kept).any(), owner


def check_depth(case: Case) -> None:
    """Check all that is said about parts of live rules."""
    check_only_live_rules_have_depth(case)
    check_partial(case)
    check_generalized(case)
    check_dead_parts(case)
    check_narrowed(case)


# --- lists that call each other, and unknown conditions: what is said is right, if not all that there is -------


def check_depth_is_sound(case: Case) -> None:
    """What is said about parts of live rules holds on every way in, for all truths of unknown conditions."""
    check_only_live_rules_have_depth(case)
    for owner, rule, verdict in case.verdicts():
        ways = [visit for _, visit in case.device.ways(owner)]
        for part in verdict.dead_parts:
            key = part.operand, part.origin.line, part.text
            alike = [packets for one, packets in members(case.device, rule) if one == key]
            assert any(not any((visit.reached & packets).any() for visit in ways) for packets in alike), owner
        for field, values in verdict.narrowed:
            kept = case.device.universe.within(field, values)
            assert not any((visit.reached & ~kept).any() for visit in ways), owner
        if verdict.partial is not None:
            at = _place(case, verdict.partial.witness)
            taken = [_taken(case, root, visit) for root, visit in case.device.ways(owner)]
            assert any(bool(np.all(one[at])) for one in taken), (owner, verdict.partial)
        if verdict.generalized_by is not None:
            _check_general(case, ways, verdict.generalized_by)


def _place(case: Case, witness: Packet) -> tuple[int | slice, ...]:
    """Return the representatives of a witness with all truths that it assumes; the others as for live rules."""
    given = case.device.universe.locate(dict(witness.values), dict(witness.conditions))
    usual = witness_place(case, witness)
    return tuple(one if isinstance(one, int) else other for one, other in zip(given, usual, strict=True))


def _taken(case: Case, root: int, visit: Visit) -> Mask:
    """Return the packets of a rule that are decided before it, with another outcome.

    To leave a list that nothing calls is an outcome; to leave another one is not.
    """
    left = np.int16(case.device.number(RETURN))
    decided = (visit.before != left) | np.bool_(not case.policies[root].entry)
    found: Mask = visit.matched & ~visit.reached & decided & (visit.before != visit.outcome)
    return found


def _check_general(case: Case, ways: Sequence[Visit], general: Taker) -> None:
    (number,) = (n for n, policy in enumerate(case.policies) if policy.name == general.policy)
    rule = case.device.rule((number, general.index))
    holds = case.device.universe.matched(rule.match)
    assert not any((visit.matched & ~holds).any() for visit in ways)
    returning = rule.outcome.verb is Verb.RETURN
    assert general.outcome == (case.policies[number].default if returning else rule.outcome)
    assert all(case.device.number(general.outcome) != visit.outcome for visit in ways)
