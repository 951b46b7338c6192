"""All findings of one device: verdicts in, findings with identity, evidence and words out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rulecheck.checks import rc100, rc101, rc102, rc103, rc104
from rulecheck.checks.cite import cite, constrained_fields, packet_facts
from rulecheck.checks.subject import Subject
from rulecheck.model.device import Device, Policy
from rulecheck.model.fields import Field
from rulecheck.model.finding import Confidence, Cover, Finding, Kind
from rulecheck.model.rule import Rule, Verb

if TYPE_CHECKING:
    from rulecheck.engine.verdict import PolicyVerdicts, Taker, Verdict

_CHECKS = {
    Kind.UNDECIDED: rc100,
    Kind.SHADOWED: rc101,
    Kind.COVERED: rc102,
    Kind.REDUNDANT: rc103,
    Kind.EMPTY: rc104,
}


def find(device: Device, results: Sequence[PolicyVerdicts]) -> tuple[Finding, ...]:
    """Return the findings of a device in the order of its policies and rules.

    ``results`` are the engine's verdicts on ``device.policies``, in the same order.
    """
    return tuple(_Finder(device).findings(results))


class _Finder:
    """Builds the findings of one device."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._scopes: dict[str, dict[str, Policy]] = {}
        for policy in device.policies:
            self._scopes.setdefault(policy.scope, {})[policy.name] = policy
        self._shown: Mapping[str, frozenset[Field]] = {
            scope: constrained_fields(policies.values()) for scope, policies in self._scopes.items()
        }
        self._seen: Counter[str] = Counter()

    def findings(self, results: Sequence[PolicyVerdicts]) -> Iterator[Finding]:
        for policy, result in zip(self._device.policies, results, strict=True):
            for index, verdict in sorted(result.verdicts.items()):
                if verdict.kind is not None:
                    subject = Subject(policy, policy.rules[index], verdict, self._scopes[policy.scope])
                    yield self._finding(subject, verdict.kind)

    def _finding(self, subject: Subject, kind: Kind) -> Finding:
        policy, rule, verdict = subject.policy, subject.rule, subject.verdict
        check = _CHECKS[kind]
        advice = check.advise(subject)
        return Finding(
            id=self._identity(policy, rule, kind),
            code=check.CODE,
            kind=kind,
            severity=advice.severity,
            confidence=Confidence.UNDECIDED if kind is Kind.UNDECIDED else Confidence.EXACT,
            device=self._device.name,
            policy=policy.name,
            rule=cite(policy, rule),
            message=advice.message,
            recommendation=advice.recommendation,
            by=tuple(self._cover(subject, taker) for taker in verdict.takers),
            single_covers=verdict.single_covers,
            conflict=self._cover(subject, verdict.conflict) if verdict.conflict else None,
            duplicate_of=verdict.duplicate_of,
            reason=advice.reason,
            witness=self._witness(policy, verdict),
            caveats=tuple(_caveats(subject)),
            removable=kind is not Kind.UNDECIDED,
            ways_in=verdict.ways_in,
        )

    def _cover(self, subject: Subject, taker: Taker) -> Cover:
        policy = subject.policies[taker.policy]
        return Cover(cite(policy, policy.rules[taker.index]), taker.share)

    def _witness(self, policy: Policy, verdict: Verdict) -> Mapping[str, str | int] | None:
        if verdict.witness is None:
            return None
        return packet_facts(verdict.witness, self._shown[policy.scope])

    def _identity(self, policy: Policy, rule: Rule, kind: Kind) -> str:
        """Return an id that survives renumbering: it hashes what the rule means, not where it stands.

        Equal rules of one policy are told apart by counting them.
        """
        written = {condition.key: condition.origin.text for condition in rule.match.all_conditions()}
        terms = sorted(
            repr(
                (
                    sorted((field.value, values.intervals) for field, values in term.sets.items()),
                    sorted((written[key], holds) for key, holds in term.conditions.items()),
                )
            )
            for term in rule.match.terms(policy.families)
        )
        content = repr((self._device.name, policy.scope, policy.name, kind.value, rule.outcome.label, terms))
        self._seen[content] += 1
        digest = hashlib.sha256(f"{content}#{self._seen[content]}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:16]


def _caveats(subject: Subject) -> Iterator[str]:
    rule, verdict = subject.rule, subject.verdict
    if verdict.kind is Kind.UNDECIDED:
        return
    if rule.logging is not None and verdict.kind is Kind.REDUNDANT:
        yield "rule logs: its log lines end when it is removed"
    elif rule.logging is not None:
        yield "rule logs, though nothing reaches it"
    if rule.schedule is not None:
        yield f"rule is only active in time range {rule.schedule.name}"
    if verdict.kind is not Kind.REDUNDANT and rule.hits is not None and rule.hits.packets:
        yield f"rule has counted {rule.hits.packets:,} hits: the list was different when they were counted"
    if rule.outcome.verb in (Verb.CALL, Verb.GOTO):
        yield f"rule calls {rule.calls}: the list may become unused without it"
    if rule.outcome.verb is Verb.CONTINUE and rule.logging is None:
        yield "rule marks or counts packets"
    if verdict.ways_in is not None and verdict.ways_in > 1:
        yield f"the list is called in {verdict.ways_in} places; the verdict holds for all of them"
