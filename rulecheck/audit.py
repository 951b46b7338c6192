"""A report and its certificates against the configuration: is every claim certified, and does every certificate hold?

:mod:`rulecheck.verify` checks the proofs. This module says what has to be proven: it finds the rules that the report
cites in the configuration as parsed anew, and pairs each finding, each rule in force and each removal plan with its
certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from rulecheck.claims import KINDS, NOBODY, Claim, Owner, RejectedError, demand
from rulecheck.model.certificate import DEFAULT, LIVE, Certificate, DeviceCertificates, Place, PlanCertificate, Region
from rulecheck.model.device import Device
from rulecheck.model.expiry import without_expired
from rulecheck.model.match import Term
from rulecheck.verify import Checker, Regions

ACCEPTED, REJECTED, UNCERTIFIED, UNCHECKED = "accepted", "rejected", "not certified", "not checked"

PLAN, CONFIGURATION = "removal_plan", "configuration"
EFFORT = 50_000_000
"""How many rules may be looked at to check one certificate."""

_VERDICTS = frozenset({"empty", "shadowed", "covered", "redundant", "undecided"})
_NO_PROOF = DeviceCertificates("", "", "")
_UNDEFINED = "it is not defined what proves such a claim"
_ABSENT = "the report claims this, and there is no certificate for it"

Key = tuple[str, int, str]
"""A claim: policy, index of the rule (-1 for the policy's removal plan), kind."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one claim of a report, and why.

    ``status`` is "accepted", "rejected", "not certified" (listed as having no certificate) or "not checked" (a kind of
    which it is not defined what proves it).
    """

    policy: str
    index: int
    kind: str
    status: str
    reason: str = ""


def audit(
    report: Mapping[str, Any], entry: Mapping[str, Any], device: Device, proof: DeviceCertificates | None
) -> Iterator[Answer]:
    """Yield an answer for every claim about one device, and for every certificate that belongs to none.

    ``report`` is a valid JSON report, ``entry`` the device in it; ``device`` is what the parser reads now.
    """
    try:
        auditor = _Auditor(report, entry, device, proof or _NO_PROOF)
    except RejectedError as problem:
        yield Answer("", -1, CONFIGURATION, REJECTED, str(problem))
        return
    yield from auditor.answers()


class _Auditor:
    """Pairs the claims about one device with its certificates."""

    def __init__(
        self, report: Mapping[str, Any], entry: Mapping[str, Any], device: Device, proof: DeviceCertificates
    ) -> None:
        _same_configuration(entry, device, proof)
        self._names = {one["name"]: number for number, one in enumerate(entry["policies"])}
        self._findings = [one for one in report["findings"] if one["device"] == entry["name"] and _is_claim(one)]
        self._plans = [one for one in report["removal_plan"] if one["device"] == entry["name"] and one["proven"]]
        self._checker = Checker(without_expired(device, _day(entry)).policies, EFFORT)
        self._calls = bool(self._checker.calls)
        self._tests = {_shown(key): key for key in self._checker.tests}
        self._proofs = {(one.place.policy, one.place.index, one.kind): one for one in proof.certificates}
        self._planned = {one.policies: one for one in proof.plans}
        self._why = {(one.policy, one.index, one.kind): one.why for one in proof.uncertified}

    def answers(self) -> Iterator[Answer]:
        checks: dict[Key, Callable[[], None] | None] = {}
        for finding in self._findings:
            if finding["kind"] in KINDS:
                key = finding["policy"], finding["rule"]["index"], finding["kind"]
                checks[key] = partial(self._finding, finding, self._proofs[key]) if key in self._proofs else None
        for key in self._live():
            checks[key] = partial(self._in_force, self._proofs[key]) if key in self._proofs else None
        for key in self._proofs:
            checks.setdefault(key, _belongs_to_nothing)
        for plan in self._plans:
            key = plan["policy"], -1, PLAN
            proof = self._planned.get((plan["policy"],))
            checks[key] = partial(self._plan, proof, {plan["policy"]}) if proof else None
        for names in self._together():
            proof = self._planned.get(names)
            checks[" + ".join(names), -1, PLAN] = partial(self._plan, proof, {*names}) if proof else None
        yield from (self._answer(key, check) for key, check in checks.items())
        for finding in self._findings:
            if finding["kind"] not in KINDS and finding["kind"] != "undecided":
                yield Answer(finding["policy"], finding["rule"]["index"], finding["kind"], UNCHECKED, _UNDEFINED)

    def _together(self) -> Iterator[tuple[str, ...]]:
        """Yield the policies whose plans may affect each other: those that packets enter, and the others."""
        for entered in (True, False) if self._checker.calls else ():
            names = tuple(plan["policy"] for plan in self._plans if self._entered(plan["policy"]) is entered)
            if len(names) > 1:
                yield names

    def _entered(self, name: str) -> bool:
        return any(self._checker.policies[root].entry for root in self._checker.roots(self._names[name]))

    def _live(self) -> Iterator[Key]:
        """Yield what a report claims by silence: rules in force without a verdict are live and needed."""
        judged = {(one["policy"], one["rule"]["index"]) for one in self._findings if one["kind"] in _VERDICTS}
        for name, number in self._names.items():
            for one, index in self._checker.own:
                if one == number and (name, index) not in judged:
                    yield name, index, LIVE

    def _answer(self, key: Key, check: Callable[[], None] | None) -> Answer:
        if check is None:
            why = next((self._why[one] for one in (key, *_members(key)) if one in self._why), None)
            return Answer(*key, *((REJECTED, _ABSENT) if why is None else (UNCERTIFIED, why)))
        self._checker.effort = EFFORT
        try:
            check()
        except RejectedError as problem:
            return Answer(*key, REJECTED, str(problem))
        except RecursionError:
            return Answer(*key, REJECTED, "the lists call each other too deeply")
        return Answer(*key, ACCEPTED)

    def _finding(self, finding: Mapping[str, Any], proof: Certificate) -> None:
        by = {self._cited(one["policy"], one) for one in finding["by"]}
        if finding["kind"] == "redundant" and finding["reason"] == "default":
            by.add(NOBODY)
        conflict = self._cited(finding["conflict"]["policy"], finding["conflict"]) if finding["conflict"] else None
        if finding["kind"] == "partially_shadowed" and conflict is None and finding["by"]:
            conflict = self._cited(finding["by"][0]["policy"], finding["by"][0])
        by = by if finding["kind"] != "partially_shadowed" else set()
        owner = self._cited(finding["policy"], finding["rule"])
        demand(proof.finding == finding["id"], "the certificate is for another finding")
        self._check(Claim(finding["kind"], owner, frozenset(by), conflict), proof)

    def _in_force(self, proof: Certificate) -> None:
        demand(not proof.finding, "the certificate is for a finding")
        self._check(Claim(LIVE, self._owner(proof.place)), proof)

    def _check(self, claim: Claim, proof: Certificate) -> None:
        line = self._checker.own[claim.rule][0].origin.line
        demand(proof.line == line, f"the certificate is about line {proof.line}, the rule is in line {line}")
        witness = None if proof.witness is None else self._known_tests(proof.witness)
        self._checker.verdict(claim, self._regions(proof.regions), witness)

    def _plan(self, proof: PlanCertificate, policies: Collection[str]) -> None:
        wanted = {
            (self._names[one["policy"]], i) for one in self._plans if one["policy"] in policies for i in one["remove"]
        }
        steps: list[tuple[Owner, Regions]] = []
        for step in proof.steps:
            owner = self._owner(step.place)
            regions = step.regions if step.regions is not None else self._known(step.place)
            own = self._checker.own[owner][1]
            steps.append((owner, self._regions(regions) if regions else [(term, set()) for term in own]))
        demand({owner for owner, _ in steps} == wanted, "the certificate removes other rules than the plan")
        self._checker.plan(steps)

    def _known(self, place: Place) -> tuple[Region, ...]:
        """Return the regions of a rule's finding, none if it has none."""
        keys = ((place.policy, place.index, kind) for kind in sorted(_VERDICTS))
        return next((self._proofs[key].regions for key in keys if key in self._proofs), ())

    def _regions(self, regions: Collection[Region]) -> Regions:
        return [
            (self._known_tests(one.packets), {NOBODY if by == DEFAULT else self._owner(by) for by in one.by})
            for one in regions
        ]

    def _known_tests(self, term: Term) -> Term:
        """Return a term with the tests named as the configuration names them, not as a JSON file can hold them."""
        return Term(term.sets, {self._tests.get(key, key): holds for key, holds in term.conditions.items()})

    def _owner(self, place: Place) -> Owner:
        owner = self._names.get(place.policy, -1), place.index
        demand(owner in self._checker.own, f"there is no rule {place.index} in force in {place.policy}")
        return owner

    def _cited(self, policy: str, cited: Mapping[str, Any]) -> Owner:
        """Return a rule that the report cites, which has to be in the configuration as it is cited."""
        owner = self._owner(Place(policy, cited["index"]))
        rule = self._checker.own[owner][0]
        same = (cited["line"], cited["text"]) == (rule.origin.line, _shown(rule.origin.text))
        same = same and cited.get("outcome", _shown(rule.outcome.label)) == _shown(rule.outcome.label)
        demand(same, f"the report cites rule {cited['index']} of {policy} otherwise than the configuration has it")
        return owner


def _same_configuration(entry: Mapping[str, Any], device: Device, proof: DeviceCertificates) -> None:
    digest = entry["source"]["sha256"]
    demand(device.source.sha256 == digest, "the configuration is not the one that was analysed")
    demand(proof is _NO_PROOF or proof.sha256 == digest, "the certificates are about another configuration")
    demand(entry["platform"] == device.platform, "the configuration is read as another platform")
    names = [one["name"] for one in entry["policies"]]
    demand(len({*names}) == len(names) == len(device.policies), "the report has other policies than the configuration")
    for one, policy in zip(entry["policies"], device.policies, strict=True):
        same = one["name"] == _shown(policy.name) or one["name"].startswith(f"{_shown(policy.name)} (")
        same = same and (one["rules"], one["default"]) == (len(policy.rules), _shown(policy.default.label))
        demand(same, f"the report has the policy {one['name']} otherwise than the configuration")


def _is_claim(finding: Mapping[str, Any]) -> bool:
    """Return whether a finding claims something about the packets of a rule; the others are observations."""
    return bool(finding["rule"]) and str(finding["code"]).startswith("RC1")


def _day(entry: Mapping[str, Any]) -> date | None:
    """Return the day at which the report judged the schedules of a device."""
    day = entry.get("reference_date")
    return None if day is None else date.fromisoformat(day)


def _members(key: Key) -> Iterator[Key]:
    """Yield the plans of which a common plan is made."""
    return ((name, key[1], key[2]) for name in key[0].split(" + "))


def _shown(text: str) -> str:
    """Return a text as a JSON report can hold it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _belongs_to_nothing() -> None:
    demand(holds=False, otherwise="the report makes no such claim")
