"""The certificates of one device: from verdicts and findings to proofs that :mod:`rulecheck.verify` can check."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rulecheck.certificates.plans import certify_plans
from rulecheck.certificates.regions import as_regions
from rulecheck.certificates.search import Bounds, NoCertificateError, Pieces, Search, dead_goal, spare_goal
from rulecheck.certificates.walk import IMPLICIT, World
from rulecheck.certificates.witness import Witnesses
from rulecheck.engine.terms import TooManyPiecesError, intersect, subtract
from rulecheck.engine.unfold import Owner
from rulecheck.engine.verdict import PolicyVerdicts, Taker, Verdict
from rulecheck.model.certificate import (
    LIVE,
    Certificate,
    DeviceCertificates,
    Place,
    Uncertified,
)
from rulecheck.model.device import Device
from rulecheck.model.finding import Finding, Kind
from rulecheck.model.match import Term
from rulecheck.model.rule import DECIDING

DEFAULT_BOUNDS = Bounds()
_MANY_TAKERS = 30
_CUT_PIECES = 20_000


def certify(
    device: Device, results: Sequence[PolicyVerdicts], findings: Sequence[Finding], bounds: Bounds = DEFAULT_BOUNDS
) -> DeviceCertificates:
    """Return the certificates of all verdicts and removal plans of a device.

    ``results`` are the engine's verdicts on ``device.policies``, in the same order, ``findings`` those made of them.
    What gets no certificate is listed with the reason.
    """
    return _Certifier(device, results, findings, bounds).everything()


@dataclass(frozen=True, slots=True)
class _Subject:
    """A rule, the verdict on it, and its place."""

    owner: Owner
    place: Place
    verdict: Verdict


class _Certifier:
    """Certifies the verdicts on one device."""

    def __init__(
        self, device: Device, results: Sequence[PolicyVerdicts], findings: Sequence[Finding], bounds: Bounds
    ) -> None:
        self._device = device
        self._results = results
        self._findings = findings
        self._world = World(device.policies)
        self._search = Search(self._world, bounds)
        self._witnesses = Witnesses(self._world, bounds)
        self._names = [policy.name for policy in device.policies]
        self._numbers = {name: number for number, name in enumerate(self._names)}
        self._ids = {(one.policy, one.rule.index, one.kind): one.id for one in findings}

    def everything(self) -> DeviceCertificates:
        certificates: dict[Owner, Certificate] = {}
        missing: list[Uncertified] = []
        for subject in self._subjects():
            kind = subject.verdict.kind
            try:
                certificates[subject.owner] = self._certificate(subject)
            except (NoCertificateError, TooManyPiecesError) as problem:
                name = LIVE if kind is None else kind.value
                missing.append(Uncertified(subject.place.policy, subject.place.index, name, str(problem)))
        partial = self._partial(missing)
        plans, unplanned = certify_plans(self._search, self._names, self._results, certificates)
        return DeviceCertificates(
            self._device.name,
            self._device.platform,
            self._device.source.sha256,
            (*certificates.values(), *partial),
            plans,
            (*missing, *unplanned),
        )

    def _subjects(self) -> Iterator[_Subject]:
        for number, result in enumerate(self._results):
            for index, verdict in sorted(result.verdicts.items()):
                if verdict.kind is not Kind.UNDECIDED:
                    yield _Subject((number, index), Place(self._names[number], index), verdict)

    def _partial(self, missing: list[Uncertified]) -> list[Certificate]:
        """Return the certificates of rules that lose a part of their packets: one of these packets each."""
        found: list[Certificate] = []
        for one in self._findings:
            rival = one.conflict or next(iter(one.by), None)
            if one.kind is not Kind.PARTIALLY_SHADOWED or rival is None:
                continue
            place, owner = Place(one.policy, one.rule.index), (self._numbers[one.policy], one.rule.index)
            taker = self._numbers[rival.rule.policy], rival.rule.index
            near = self._world.near(owner[0], self._world.own[owner].terms)
            try:
                witness = self._witnesses.of_conflict(owner, taker, near)
                found.append(Certificate(place, one.rule.line, one.kind.value, one.id, (), witness))
            except (NoCertificateError, TooManyPiecesError) as problem:
                missing.append(Uncertified(place.policy, place.index, one.kind.value, str(problem)))
        return found

    def _certificate(self, subject: _Subject) -> Certificate:
        verdict, owner = subject.verdict, subject.owner
        regions: Pieces = []
        witness: Term | None = None
        if verdict.kind in (Kind.SHADOWED, Kind.COVERED):
            regions = self._dead(subject)
        elif verdict.kind is Kind.REDUNDANT:
            regions = self._redundant(subject)
        if verdict.kind is Kind.SHADOWED:
            conflict = self._owner(verdict.conflict) if verdict.conflict else None
            near = self._world.near(owner[0], self._world.own[owner].terms)
            witness = self._witnesses.of_conflict(owner, conflict, near)
        elif verdict.kind in (None, Kind.REDUNDANT) and verdict.witness is not None:
            witness = self._witnesses.of_packet(verdict.witness, owner)
        kind = LIVE if verdict.kind is None else verdict.kind.value
        finding = "" if verdict.kind is None else self._ids[(*_key(subject.place), verdict.kind)]
        line = self._world.own[owner].rule.origin.line
        return Certificate(subject.place, line, kind, finding, as_regions(self._names, regions), witness)

    def _owner(self, taker: Taker) -> Owner:
        return self._numbers[taker.policy], taker.index

    def _dead(self, subject: _Subject) -> Pieces:
        verdict, owner = subject.verdict, subject.owner
        terms = self._world.own[owner].terms
        takers = {self._owner(taker) for taker in verdict.takers}
        goal = dead_goal(self._world, owner, takers, covered=verdict.kind is Kind.COVERED)
        parts = self._taken(terms, takers) if len(takers) > _MANY_TAKERS else ()
        return self._search.prove(parts or terms, self._world.near(owner[0], terms), goal)

    def _taken(self, terms: Sequence[Term], takers: Collection[Owner]) -> tuple[Term, ...]:
        """Return what each of many takers takes as one region each; nothing where that leaves anything out.

        Cutting along many takers one after the other makes many more regions than there are takers.
        """
        own = self._world.own
        parts = intersect(terms, [term for owner in sorted(takers) if owner in own for term in own[owner].terms])
        try:
            return () if subtract(terms, parts, _CUT_PIECES) else parts
        except TooManyPiecesError:
            return ()

    def _redundant(self, subject: _Subject) -> Pieces:
        verdict, owner = subject.verdict, subject.owner
        one = self._world.own[owner]
        named = None
        if one.rule.outcome.verb in DECIDING:
            named = {self._owner(taker) for taker in verdict.takers} | ({IMPLICIT} if verdict.by_default else set())
        goal = spare_goal(self._world, owner, named)
        return self._search.prove(one.terms, self._world.near(owner[0], one.terms), goal)


def _key(place: Place) -> tuple[str, int]:
    return place.policy, place.index
