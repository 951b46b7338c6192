"""The checker: accepts or rejects each certificate from first principles. docs/certificates.md explains every step.

It shares the model with the analysis and nothing else. A *region* is a product of field sets under conditions. A rule
takes a region for sure (one of its products holds it), or perhaps (a product meets it), or not at all. What is merely
possible counts against a claim, so that an accepted claim holds for every packet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from rulecheck.claims import NOBODY, Claim, Owner, demand
from rulecheck.model.device import Policy
from rulecheck.model.fields import DOMAIN
from rulecheck.model.match import Condition, Term
from rulecheck.model.rule import DECIDING, RETURN, Outcome, Rule, Verb

Took = set[tuple[Owner, Outcome]]  # which rules perhaps took packets, and what became of these
Regions = Sequence[tuple[Term, set[Owner]]]  # regions, each with those who take its packets


def within(region: Term, product: Term) -> bool:
    """Return whether a product holds every packet of a region."""
    fields = all(region.sets.get(name, DOMAIN[name]) <= values for name, values in product.sets.items())
    return fields and product.conditions.items() <= region.conditions.items()


def minus(piece: Term, taken: Term) -> Iterator[Term]:
    """Yield products that together are ``piece`` without ``taken``."""
    if not piece.meets(taken):
        yield piece
        return
    sets, truths = dict(piece.sets), dict(piece.conditions)
    for name, values in taken.sets.items():
        here = sets.get(name, DOMAIN[name])
        if outside := here - values:
            yield Term({**sets, name: outside}, dict(truths))
        sets[name] = here & values
    for key in sorted(taken.conditions.keys() - truths.keys()):
        yield Term(sets, {**truths, key: not taken.conditions[key]})
        truths[key] = taken.conditions[key]


def ends(took: Took) -> set[Outcome]:
    """Return what became of packets, side effects aside."""
    return {outcome for _, outcome in took if outcome.verb is not Verb.CONTINUE}


class Checker:
    """Checks claims about the rules of one device. ``effort`` is how many rules may be looked at for all of them."""

    def __init__(self, policies: Sequence[Policy], effort: int) -> None:
        self.policies, self.effort = policies, effort
        self.called = {(p.scope, p.name): n for n, p in reversed(list(enumerate(policies)))}
        self.leaving = [p.default if p.entry else RETURN for p in policies]
        self.rules: list[list[tuple[Owner, Rule, tuple[Term, ...]]]] = []
        self.callers: dict[int | None, list[tuple[Owner, tuple[Term, ...]]]] = {n: [] for n in range(len(policies))}
        for number, p in enumerate(policies):
            owned = [*(((number, r.index), r) for r in p.rules), *((NOBODY, r) for r in p.implicit)]
            self.rules.append([(owner, r, r.match.terms(p.families)) for owner, r in owned if r.enabled])
            for owner, rule, terms in self.rules[number]:
                self.callers.setdefault(self.called.get((p.scope, rule.calls or "")), []).append((owner, terms))
        self.own = {owner: (rule, terms) for owner, rule, terms in chain(*self.rules) if owner != NOBODY}
        self.tests: dict[str, list[Condition]] = {}
        for test in (test for rule, _ in self.own.values() for test in rule.match.all_conditions()):
            self.tests.setdefault(test.key, []).append(test)

    def roots(self, number: int) -> list[int]:
        """Return the lists at which packets start that lead to a list; without any, lists that nothing calls."""
        above = [number]
        for one in above:
            above.extend(caller for (caller, _), _ in self.callers[one] if caller not in above)
        return [n for n in above if self.policies[n].entry] or [n for n in above if not self.callers[n]]

    def run(self, number: int, region: Term, gone: Collection[Owner], upto: object, *, base: bool) -> tuple[Took, bool]:
        """Return who may take packets of a region in a list without ``gone``, and whether any get as far as ``upto``."""
        p, took, leaving = self.policies[number], set[tuple[Owner, Outcome]](), self.leaving[number] if base else RETURN
        for owner, rule, terms in self.rules[number]:
            self.effort -= 1
            demand(self.effort > 0, "checking it takes more work than the limit allows")
            if owner == upto:
                return took, True
            if owner in gone or not any(one.meets(region) for one in terms):
                continue
            verb, past = rule.outcome.verb, rule.outcome.verb is Verb.CONTINUE
            if verb in (Verb.CALL, Verb.GOTO):
                for part in filter(None, (region & one for one in terms)):
                    inner, end = self.run(self.called[p.scope, rule.calls or ""], part, gone, None, base=False)
                    took |= {one for one in inner if one[1] != RETURN}
                    past |= end or RETURN in ends(inner)
                if verb is Verb.GOTO and past:
                    took, past = took | {(owner, leaving)}, False
            else:
                took.add((owner, leaving if verb is Verb.RETURN else rule.outcome))
            if not past and any(within(region, one) for one in terms):
                return took, False
        default = leaving if base else p.default
        return (took, True) if default == RETURN and not base else (took | {(NOBODY, default)}, False)

    def ways(
        self, owner: Owner, region: Term, behind: tuple[Owner, ...] = ()
    ) -> Iterator[tuple[tuple[Owner, ...], Term]]:
        """Yield every chain of calls that leads to a rule, and what of a region all of them match."""
        demand(all(owner[0] != number for number, _ in behind), "the lists call each other in a cycle")
        calls = (owner, *behind)
        if owner[0] in self.roots(calls[-1][0]):
            yield calls, region
        for call, terms in self.callers[owner[0]]:
            for part in filter(None, (region & one for one in terms)):
                yield from self.ways(call, part, calls)

    def arrive(self, owner: Owner, region: Term, gone: Collection[Owner]) -> Iterator[tuple[Took, bool, Term, Outcome]]:
        """Yield for each way to a rule who may take packets first, whether any get there, which, and its outcome."""
        outcome = self.own[owner][0].outcome
        for calls, part in self.ways(owner, region):
            took, past = set[tuple[Owner, Outcome]](), True
            for stop in calls:
                some, past = self.run(stop[0], part, gone, stop, base=stop is calls[0]) if past else (set(), False)
                took |= some
            yield took, past, part, self.leaving[owner[0]] if (len(calls), outcome) == (1, RETURN) else outcome

    def dead(self, owner: Owner, region: Term, gone: Collection[Owner]) -> set[Owner] | None:
        """Return who takes a region's packets before a rule, None if any may get there."""
        found = list(self.arrive(owner, region, gone))
        takers = {one for took, *_ in found for one, outcome in took if outcome.verb is not Verb.CONTINUE}
        return None if any(past for _, past, *_ in found) else takers

    def spare(self, owner: Owner, region: Term, gone: Collection[Owner]) -> set[Owner] | None:
        """Return who takes a region's packets when a rule goes as well, None if their outcome may change."""
        new: set[Owner] = set()
        for root in self.roots(owner[0]):
            before, after = (self.run(root, region, one, None, base=True)[0] for one in (gone, {owner, *gone}))
            if len(ends(before | after)) != 1 or any(end.verb is Verb.CONTINUE for _, end in before - after):
                return None
            new |= {taker for taker, _ in after - before}
        return new

    def whole(self, owner: Owner, regions: Regions) -> Regions:
        """Return the regions, which have to be parts of what a rule matches and to leave nothing out."""
        rest = list(self.own[owner][1])
        for region, _ in regions:
            inside = any(within(region, one) for one in self.own[owner][1])
            demand(inside and all(region.sets.values()), "a region is not a part of what the rule matches")
            rest = [left for piece in rest for left in minus(piece, region)]
            self.effort -= len(rest)
        demand(not rest, "the regions leave out packets that the rule matches")
        return regions

    def verdict(self, claim: Claim, regions: Regions, witness: Term | None) -> None:
        """Check the proof of a verdict on a rule; it has to prove all that is claimed, or is rejected."""
        owner, kind, (rule, terms) = claim.rule, claim.kind, self.own[claim.rule]
        comes = any(True for term in terms for _ in self.ways(owner, term))
        demand(comes == (kind != "empty"), "packets come to the rule" if comes else "no packet comes to the rule")
        unnamed = {o for o, (other, _) in self.own.items() if other.outcome.verb in DECIDING} - claim.by
        used: set[Owner] = set()
        for region, named in self.whole(owner, regions) if kind in ("shadowed", "covered", "redundant") else ():
            takers = self.dead(owner, region, () if kind == "redundant" else unnamed)
            if kind == "redundant":
                takers = self.spare(owner, region, ()) if takers is None else set()
            demand(takers is not None, f"{kind} does not hold for a region, with the rules that the finding names")
            demand(takers == named, "others take the packets of a region than the certificate says")
            same = kind != "covered" or all(ends(took) <= {own} for took, _, _, own in self.arrive(owner, region, ()))
            demand(same, "packets of a region may meet another outcome first")
            used |= named
        exact = kind == "redundant" and rule.outcome.verb in DECIDING
        demand(used == claim.by if exact else used >= claim.by, "the finding names other rules than its certificate")
        if kind in ("live", "redundant", "shadowed"):
            demand(witness and any(within(witness, one) for one in terms), "the witness is no packet of the rule")
        if witness and kind in ("live", "redundant"):
            self.decides(owner, witness)
        elif witness and kind == "shadowed":
            first = [
                took for took, past, _, own in self.arrive(owner, witness, ()) if not past and own not in ends(took)
            ]
            sure = any(len(ends(took)) == 1 and {one for one, _ in took} >= {claim.conflict} for took in first)
            demand(sure, "the witness does not meet another outcome first, of the rule that the finding names")

    def decides(self, owner: Owner, witness: Term) -> None:
        """Check that packets surely come to a rule, in a system without history but for independent tests."""
        needs = {
            key
            for _, terms in (self.own[owner], *chain(*self.callers.values()))
            for one in terms
            for key in one.conditions
        }
        odd = False
        for key, holds in witness.conditions.items():
            tests = self.tests.get(key, [])
            fresh = {test.fresh for test in tests}
            demand(fresh == {holds} or all(test.independent for test in tests), f"it assumes an answer of {key}")
            odd |= fresh == {not holds}
        demand(not odd or witness.conditions.keys() <= needs, "its assumptions contradict a system without history")
        for took, past, part, _ in self.arrive(owner, witness, ()):
            if past and not ends(took) and part.conditions == witness.conditions:
                return
        demand(holds=False, otherwise="the witness does not surely come to the rule")

    def plan(self, steps: Sequence[tuple[Owner, Regions]]) -> None:
        """Check that rules can be removed one after the other: each is dead or needless without those before it."""
        gone: set[Owner] = set()
        for owner, regions in steps:
            for region, _ in self.whole(owner, regions):
                safe = self.dead(owner, region, gone) is not None or self.spare(owner, region, gone) is not None
                demand(safe, f"removing line {self.own[owner][0].origin.line} in its turn may change an outcome")
            gone.add(owner)
