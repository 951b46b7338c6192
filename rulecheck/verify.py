"""The checker: accepts or rejects each certificate from first principles; docs/certificates.md explains every step.

A *region* is a product of field sets under conditions. A rule takes one for sure (one of its products holds it), or
perhaps (one meets it), or not. What is merely possible counts against a claim, so that what is accepted always holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from rulecheck.claims import KINDS, NOBODY, Claim, Owner, demand
from rulecheck.model.device import Policy
from rulecheck.model.fields import DOMAIN
from rulecheck.model.match import Condition, Term
from rulecheck.model.rule import DECIDING, RETURN, Outcome, Rule, Verb

Took = set[tuple[Owner, Outcome]]  # which rules perhaps took packets, and what became of these
Regions = Sequence[tuple[Term, set[Owner]]]  # regions, each with those who take its packets
Listed = tuple[Owner, Rule, tuple[Term, ...], int | None]  # a rule, what it matches, and the list that it calls


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


def plain(took: Took) -> Took:
    """Return what became of packets, side effects left out."""
    return {one for one in took if one[1].verb is not Verb.CONTINUE}


class Checker:
    """Checks claims about the rules of one device. ``effort`` is how many rules may still be looked at."""

    def __init__(self, policies: Sequence[Policy], effort: int) -> None:
        self.policies, self.effort, self.rules = policies, effort, list[list[Listed]]()
        called = {(p.scope, p.name): n for n, p in reversed(list(enumerate(policies)))}
        self.leaving = [p.default if p.entry else RETURN for p in policies]
        for n, p in enumerate(policies):
            owned = [*(((n, r.index), r) for r in p.rules), *(((n, -1 - k), r) for k, r in enumerate(p.implicit))]
            listed = [(o, r, r.match.terms(p.families), called.get((p.scope, r.calls or ""))) for o, r in owned]
            self.rules.append([(o, r, t, target if r.calls else None) for o, r, t, target in listed if r.enabled])
        self.own = {owner: (rule, terms) for owner, rule, terms, _ in chain(*self.rules) if owner[1] >= 0}
        self.calls = [(owner, terms, target) for owner, _, terms, target in chain(*self.rules) if target is not None]
        self.tests: dict[str, list[Condition]] = {}
        for test in (test for _, rule, *_ in chain(*self.rules) for test in rule.match.all_conditions()):
            self.tests.setdefault(test.key, []).append(test)

    def roots(self, number: int) -> list[int]:
        """Return the lists at which packets start that lead to a list; without any, lists that nothing calls."""
        above = [number]
        for one in above:
            above.extend({caller for (caller, _), _, target in self.calls if target == one} - {*above})
        entries = [n for n in above if self.policies[n].entry]
        return entries or [n for n in above if all(n != target for _, _, target in self.calls)]

    def run(self, number: int, region: Term, gone: Collection[Owner], upto: object, *, base: bool) -> tuple[Took, bool]:
        """Return who may take packets of a region in a list without ``gone``, and whether any get to ``upto``."""
        p, took, leaving = self.policies[number], set[tuple[Owner, Outcome]](), self.leaving[number] if base else RETURN
        for owner, rule, terms, target in self.rules[number]:
            self.effort -= 1
            demand(self.effort > 0, "checking it takes more work than the limit allows")
            if owner == upto:
                return took, True
            verb, past = rule.outcome.verb, rule.outcome.verb is Verb.CONTINUE
            taker, lost = owner if owner[1] >= 0 else NOBODY, verb in (Verb.CALL, Verb.GOTO) and target is None
            if lost or owner in gone or not any(one.meets(region) for one in terms):
                continue
            if target is not None:
                for part in filter(None, (region & one for one in terms)):
                    inner, end = self.run(target, part, gone, None, base=False)
                    took |= {one for one in inner if one[1] != RETURN}
                    past |= end or any(outcome == RETURN for _, outcome in inner)
                if verb is Verb.GOTO and past:
                    took, past = took | {(taker, leaving)}, False
            else:
                took.add((taker, leaving if verb is Verb.RETURN else rule.outcome))
            if not past and any(within(region, one) for one in terms):
                return took, False
        default = leaving if base else p.default
        return (took, True) if default == RETURN and not base else (took | {(NOBODY, default)}, False)

    def ways(
        self, owner: Owner, region: Term, gone: Collection[Owner], behind: tuple[Owner, ...] = ()
    ) -> Iterator[tuple[tuple[Owner, ...], Term]]:
        """Yield every chain of calls that leads to a rule, and what of a region all of them match."""
        demand(all(owner[0] != number for number, _ in behind), "the lists call each other in a cycle")
        calls = (owner, *behind)
        if owner[0] in self.roots(calls[-1][0]):
            yield calls, region
        for call, terms, target in self.calls:
            here = target == owner[0] and call not in gone
            for part in filter(None, (region & one for one in terms)) if here else ():
                yield from self.ways(call, part, gone, calls)

    def arrive(self, owner: Owner, region: Term, gone: Collection[Owner]) -> Iterator[tuple[Took, bool, Term, Outcome]]:
        """Yield for each way to a rule who may take packets first, whether any get there, which, and its outcome."""
        outcome = self.own[owner][0].outcome
        for calls, part in self.ways(owner, region, gone):
            took, past = set[tuple[Owner, Outcome]](), True
            for stop in calls:
                some, past = self.run(stop[0], part, gone, stop, base=stop is calls[0]) if past else (set(), False)
                took |= some
            yield plain(took), past, part, self.leaving[owner[0]] if (len(calls), outcome) == (1, RETURN) else outcome

    def dead(self, owner: Owner, region: Term, gone: Collection[Owner]) -> set[Owner] | None:
        """Return who takes a region's packets before a rule, None if any may get there."""
        found = list(self.arrive(owner, region, gone))
        return None if any(past for _, past, *_ in found) else {one for took, *_ in found for one, _ in took}

    def spare(self, owner: Owner, region: Term, gone: Collection[Owner]) -> set[Owner] | None:
        """Return who takes a region's packets when a rule goes as well, None if their outcome may change."""
        new: set[Owner] = set()
        for root in self.roots(owner[0]):
            before, after = (self.run(root, region, one, None, base=True)[0] for one in (gone, {owner, *gone}))
            if len({outcome for _, outcome in plain(before | after)}) != 1 or not before - plain(before) <= after:
                return None
            new |= {taker for taker, _ in plain(after)} - {taker for taker, _ in before}
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
        demand(kind in KINDS, "it is not defined how to prove such a claim")
        comes = any(True for term in terms for _ in self.ways(owner, term, ()))
        demand(comes == (kind != "empty"), "packets come to the rule" if comes else "no packet comes to the rule")
        dead, used = kind in ("shadowed", "covered"), set[Owner]()
        unnamed = {o for o, (r, _) in self.own.items() if r.outcome.verb in DECIDING} - claim.by if dead else set()
        for region, named in self.whole(owner, regions) if dead or kind == "redundant" else ():
            takers = self.dead(owner, region, unnamed)
            if not dead:
                takers = self.spare(owner, region, ()) if takers is None else set()
            demand(takers is not None, "the claim does not hold for a region with the rules that the finding names")
            demand(takers == named, "others take the packets of a region than the certificate says")
            for took, _, _, own in self.arrive(owner, region, ()) if kind == "covered" else ():
                demand(all(outcome == own for _, outcome in took), "packets of a region may meet another outcome first")
            used |= named
        exact, ordered = used <= claim.by or dead or rule.outcome.verb not in DECIDING, self.policies[owner[0]].ordered
        exact &= claim.by <= used or bool(self.calls) or not ordered
        demand(exact, "the finding names other rules than its certificate")
        if kind not in ("empty", "covered"):
            real = witness and all(witness.sets.values()) and any(within(witness, one) for one in terms)
            demand(real, "the witness is no packet of the rule")
        if witness and kind in ("live", "redundant") and (ordered or kind == "live"):
            self.decides(owner, witness)
        elif witness and kind in ("shadowed", "partially_shadowed"):
            ways = [way for way in self.arrive(owner, witness, ()) if not way[1] and len(way[0]) == 1]
            met = {taker for took, _, _, own in ways for taker, outcome in took if outcome != own}
            known = met and claim.conflict in {None, *met}
            demand(known, "the witness does not meet another outcome first, of the rule that the finding names")

    def decides(self, owner: Owner, witness: Term) -> None:
        """Check that packets surely come to a rule, in a system without history but for independent tests."""
        needs = {k for t in (self.own[owner][1], *(t for _, t, _ in self.calls)) for one in t for k in one.conditions}
        tests = [(test, holds) for key, holds in witness.conditions.items() for test in self.tests.get(key, ())]
        demand(all(t.fresh is holds or t.independent for t, holds in tests), "it assumes an answer that is not known")
        odd = any(test.fresh is (not holds) for test, holds in tests)
        demand(not odd or witness.conditions.keys() <= needs, "its assumptions contradict a system without history")
        given, ways = witness.conditions, self.arrive(owner, witness, ())
        came = any(past and not took and part.conditions == given for took, past, part, _ in ways)
        demand(came, "the witness does not surely come to the rule")

    def plan(self, steps: Sequence[tuple[Owner, Regions]]) -> None:
        """Check that rules can be removed one after the other: each is dead or needless without those before it."""
        gone: set[Owner] = set()
        for owner, regions in steps:
            for region, _ in self.whole(owner, regions):
                safe = self.dead(owner, region, gone) is not None or self.spare(owner, region, gone) is not None
                demand(safe, f"removing line {self.own[owner][0].origin.line} in its turn may change an outcome")
            gone.add(owner)
