"""The engine's entrance: verdicts and a removal plan for all policies of a device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rulecheck.engine.instances import Instance, examine
from rulecheck.engine.judge import Judge
from rulecheck.engine.merge import merges
from rulecheck.engine.plan import Planner
from rulecheck.engine.table import collect_conditions
from rulecheck.engine.terms import TooManyPiecesError
from rulecheck.engine.unfold import Listing, Owner, Unfolder, callees, roots
from rulecheck.engine.verdict import Limits, Merge, PolicyVerdicts, Verdict
from rulecheck.engine.why import CYCLE, NEVER_CALLED
from rulecheck.model.device import Policy
from rulecheck.model.finding import Kind

DEFAULT_LIMITS = Limits()


def analyze_policies(policies: Sequence[Policy], limits: Limits = DEFAULT_LIMITS) -> tuple[PolicyVerdicts, ...]:
    """Analyse the policies of one device; they may call each other within their scopes.

    Returns one result for each policy, in the same order. Never raises for large or cyclic input: what passes
    the limits is undecided, with the reason.
    """
    listings, failures = _listings(policies, limits)
    conditions = collect_conditions(listings)
    instances = _relevant(policies, examine(listings, conditions, limits))
    planner = Planner(policies, instances, conditions, limits)
    judge = Judge(policies, conditions, limits, lambda owner, _: planner.rewired(owner))
    unreached = _unreached(policies, failures)
    verdicts: dict[Owner, Verdict] = {}
    for number, policy in enumerate(policies):
        for rule in policy.rules:
            owner = (number, rule.index)
            if not rule.enabled:
                continue
            found = instances.get(owner)
            if number in unreached:
                verdicts[owner] = unreached[number]
            elif found:
                verdicts[owner] = judge.verdict(owner, found, _ways_in(policy, found))
            else:
                verdicts[owner] = Verdict(Kind.EMPTY, reason=NEVER_CALLED, ways_in=0)
    removable = planner.plan(verdicts)
    merged = merges(policies, instances, verdicts, limits)
    return tuple(
        _of_policy(number, policy, verdicts, removable, merged.get(number, ()))
        for number, policy in enumerate(policies)
    )


def _listings(policies: Sequence[Policy], limits: Limits) -> tuple[list[Listing], dict[int, str]]:
    listings: list[Listing] = []
    failures: dict[int, str] = {}
    unfolder = Unfolder(policies, limits)
    for root, real in roots(policies):
        try:
            listings.append(unfolder.listing(root, real=real))
        except TooManyPiecesError as error:
            failures[root] = str(error)
    return listings, failures


def _relevant(policies: Sequence[Policy], instances: Mapping[Owner, list[Instance]]) -> dict[Owner, list[Instance]]:
    """Keep the ways in from lists that packets enter, for every list to which such ways lead."""
    used = {number for root, real in roots(policies) if real for number in callees(policies, root)}
    return {
        owner: [one for one in found if one.decider.table.listing.real or owner[0] not in used]
        for owner, found in instances.items()
    }


def _ways_in(policy: Policy, found: Sequence[Instance]) -> int | None:
    if policy.entry:
        return None
    return sum(one.decider.table.listing.real for one in found)


def _unreached(policies: Sequence[Policy], failures: Mapping[int, str]) -> dict[int, Verdict]:
    """Return the verdict on all rules of policies that could not be unfolded, or only in a part of their ways."""
    result: dict[int, Verdict] = {}
    for root, reason in failures.items():
        for number in callees(policies, root):
            result[number] = Verdict(Kind.UNDECIDED, reason=reason)
    seen = {number for root, _ in roots(policies) for number in callees(policies, root)}
    for number in range(len(policies)):
        if number not in seen:
            result[number] = Verdict(Kind.UNDECIDED, reason=CYCLE)
    return result


def _of_policy(
    number: int,
    policy: Policy,
    verdicts: Mapping[Owner, Verdict],
    removable: frozenset[Owner],
    merged: tuple[Merge, ...],
) -> PolicyVerdicts:
    mine = {owner[1]: verdict for owner, verdict in verdicts.items() if owner[0] == number}
    remove = tuple(sorted(owner[1] for owner in removable if owner[0] == number))
    return PolicyVerdicts(policy.name, policy.scope, mine, remove, merges=merged)
