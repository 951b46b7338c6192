"""Changes to a certificate, one at a time: each keeps its form and breaks what it proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rulecheck.model.certificate import DEFAULT, Certificate, DeviceCertificates, Place, PlanCertificate, Region, Step
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import EMPTY, IntervalSet
from rulecheck.model.match import Term

Mutant = tuple[str, DeviceCertificates]
"""What was changed, and the certificates with the change."""


def mutants(proof: DeviceCertificates) -> Iterator[Mutant]:
    """Yield all mutants of all certificates of a device."""
    for number, one in enumerate(proof.certificates):
        for change, other in _of_certificate(one):
            certificates = (*proof.certificates[:number], *other, *proof.certificates[number + 1 :])
            yield f"{one.kind} rule {one.place.index}: {change}", replace(proof, certificates=certificates)
    for number, plan in enumerate(proof.plans):
        for change, changed in _of_plan(plan):
            plans = (*proof.plans[:number], *changed, *proof.plans[number + 1 :])
            yield f"plan of {plan.policies}: {change}", replace(proof, plans=plans)
    yield "another configuration", replace(proof, sha256="1" * 64)


def _of_certificate(one: Certificate) -> Iterator[tuple[str, tuple[Certificate, ...]]]:
    yield "left out", ()
    yield "another line", (replace(one, line=one.line + 1),)
    yield "another finding", (replace(one, finding=one.finding + "0"),)
    yield "another rule", (replace(one, place=Place(one.place.policy, one.place.index + 1)),)
    yield "another policy", (replace(one, place=Place("NONE", one.place.index)),)
    for kind in {"live", "empty", "shadowed", "covered", "redundant", "mergeable"} - {one.kind}:
        yield f"called {kind}", (replace(one, kind=kind),)
    for change, regions in _of_regions(one.regions):
        yield change, (replace(one, regions=regions),)
    if one.witness is not None:
        yield "no witness", (replace(one, witness=None),)
        yield "a witness that is nothing", (replace(one, witness=Term({**one.witness.sets, Field.TTL: EMPTY})),)
        yield "a witness that may be anything", (replace(one, witness=Term({})),)


def _of_regions(regions: tuple[Region, ...]) -> Iterator[tuple[str, tuple[Region, ...]]]:
    for number, region in enumerate(regions):
        before, behind = regions[:number], regions[number + 1 :]
        yield f"region {number} left out", (*before, *behind)
        for change, term in _of_term(region.packets):
            yield f"region {number}: {change}", (*before, replace(region, packets=term), *behind)
        for change, by in _of_takers(region.by):
            yield f"region {number}: {change}", (*before, replace(region, by=by), *behind)


def _of_term(term: Term) -> Iterator[tuple[str, Term]]:
    for name, values in term.sets.items():
        for change, other in _of_set(name, values):
            yield f"{name.value} {change}", Term({**term.sets, name: other}, term.conditions)
    for key, holds in term.conditions.items():
        yield f"not {key}", Term(term.sets, {**term.conditions, key: not holds})
        rest = {other: truth for other, truth in term.conditions.items() if other != key}
        yield f"without {key}", Term(term.sets, rest)


def _of_set(name: Field, values: IntervalSet) -> Iterator[tuple[str, IntervalSet]]:
    """Move each end of each interval by one, both ways, as far as the field goes."""
    yield "is empty", EMPTY
    for place, (low, high) in enumerate(values):
        rest = IntervalSet((*values.intervals[:place], *values.intervals[place + 1 :]))
        for ends in ((low + 1, high), (low, high - 1), (low - 1, high), (low, high + 1)):
            moved = IntervalSet.of(ends) if ends[0] <= ends[1] else EMPTY
            other = (rest | moved) & DOMAIN[name]
            if other != values:
                yield f"{(low, high)} moved to {ends}", other


def _of_takers(by: tuple[Place, ...]) -> Iterator[tuple[str, tuple[Place, ...]]]:
    if by:
        yield "nobody takes it", ()
        yield "another rule takes it", tuple(Place(one.policy, one.index + 1) for one in by)
    if DEFAULT not in by:
        yield "the default takes it as well", (*by, DEFAULT)


def _of_plan(plan: PlanCertificate) -> Iterator[tuple[str, tuple[PlanCertificate, ...]]]:
    steps = plan.steps
    yield "left out", ()
    yield "of nothing", (replace(plan, steps=()),)
    for number, step in enumerate(steps):
        rest = (*steps[:number], *steps[number + 1 :])
        yield f"without step {number}", (replace(plan, steps=rest),)
        other = Step(Place(step.place.policy, 10_000))
        yield f"step {number} of an unknown rule", (replace(plan, steps=(*rest, other)),)
