"""All findings of one device: verdicts in, findings with identity, evidence and words out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rulecheck.checks import rc100, rc101, rc102, rc103, rc104, rc105, rc106, rc107, rc108
from rulecheck.checks.cite import cite, constrained_fields, packet_facts
from rulecheck.checks.rewrite import can_be_written, narrowed, union_values
from rulecheck.checks.subject import Subject
from rulecheck.model.device import Device, Policy, Severity
from rulecheck.model.fields import Field
from rulecheck.model.finding import Confidence, Cover, DeadMember, Finding, Kind, MergedRule, RuleRef
from rulecheck.model.rule import Rule, Verb

if TYPE_CHECKING:
    from rulecheck.engine.verdict import Merge, PolicyVerdicts, Taker, Verdict

_CHECKS = {
    Kind.UNDECIDED: rc100,
    Kind.SHADOWED: rc101,
    Kind.COVERED: rc102,
    Kind.REDUNDANT: rc103,
    Kind.EMPTY: rc104,
    Kind.PARTIALLY_SHADOWED: rc105,
    Kind.GENERALIZATION: rc106,
    Kind.MERGEABLE: rc107,
    Kind.DEAD_PART: rc108,
}


def find(device: Device, results: Sequence[PolicyVerdicts]) -> tuple[Finding, ...]:
    """Return the findings of a device in the order of its policies, rules and codes.

    A rule has one finding at most that says what becomes of it as a whole; one that is in force and needed can have
    several notes: what others take of it, the later rule to which it is an exception, the rules it can be one with.
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
        self._cited: dict[tuple[int, int], RuleRef] = {}
        self._meanings: dict[tuple[int, int], str] = {}

    def findings(self, results: Sequence[PolicyVerdicts]) -> Iterator[Finding]:
        for policy, result in zip(self._device.policies, results, strict=True):
            merges = {merge.at: merge for merge in result.merges if self._can_be_written(policy, merge)}
            for index, verdict in sorted(result.verdicts.items()):
                kinds = _kinds(verdict, merged=index in merges)
                if kinds:
                    platform, scope = self._device.platform, self._scopes[policy.scope]
                    subject = Subject(policy, policy.rules[index], verdict, scope, platform, merges.get(index))
                    yield from (self._finding(subject, kind) for kind in kinds)

    def _can_be_written(self, policy: Policy, merge: Merge) -> bool:
        rules = [policy.rules[index] for index in merge.rules]
        return can_be_written(rules, merge.operand, self._device.platform)

    def _finding(self, subject: Subject, kind: Kind) -> Finding:
        policy, rule = subject.policy, subject.rule
        check = _CHECKS[kind]
        advice = check.advise(subject)
        return replace(
            self._evidence(subject, kind),
            id=self._identity(policy, rule, kind),
            code=check.CODE,
            severity=advice.severity,
            message=advice.message,
            recommendation=advice.recommendation,
            reason=advice.reason,
            caveats=tuple(_caveats(subject) if kind not in NOTES else _note_caveats(subject, kind)),
        )

    def _evidence(self, subject: Subject, kind: Kind) -> Finding:
        """Return a finding without words: the claim and what proves it."""
        verdict, undecided = subject.verdict, kind is Kind.UNDECIDED
        partial = verdict.partial if kind is Kind.PARTIALLY_SHADOWED else None
        packet = verdict.witness if partial is None else partial.witness
        return Finding(
            id="",
            code="",
            kind=kind,
            severity=Severity.INFO,
            confidence=Confidence.UNDECIDED if undecided else Confidence.EXACT,
            device=self._device.name,
            policy=subject.policy.name,
            rule=self._cite(subject.policy, subject.rule),
            message="",
            recommendation="",
            by=tuple(self._cover(subject, taker) for taker in _takers(verdict, kind)),
            single_covers=verdict.single_covers,
            conflict=self._cover(subject, verdict.conflict) if verdict.conflict else None,
            duplicate_of=verdict.duplicate_of,
            witness=None if packet is None else packet_facts(packet, self._shown[subject.policy.scope]),
            removable=not undecided and kind not in NOTES,
            ways_in=verdict.ways_in,
            share=None if partial is None else _part(partial.share),
            dead_parts=tuple(self._dead_members(subject)) if kind in _WITH_PARTS else (),
            rewrite=narrowed(verdict.narrowed, self._device.platform) if kind in _WITH_PARTS else (),
            merge=self._merged(subject) if kind is Kind.MERGEABLE else None,
        )

    def _dead_members(self, subject: Subject) -> Iterator[DeadMember]:
        for one in subject.verdict.dead_parts:
            by = tuple(self._cover(subject, taker) for taker in one.takers)
            yield DeadMember(one.operand, one.text, one.origin.line, by)

    def _merged(self, subject: Subject) -> MergedRule:
        merge = subject.merge
        assert merge is not None
        rules = [subject.policy.rules[index] for index in merge.rules]
        values = union_values(rules, merge.operand, self._device.platform)
        return MergedRule(tuple(self._cite(subject.policy, rule) for rule in rules), merge.operand, values, merge.at)

    def _cite(self, policy: Policy, rule: Rule) -> RuleRef:
        """Return a rule as reports cite it; several findings share the citation."""
        key = id(policy), rule.index
        found = self._cited.get(key)
        if found is None:
            found = self._cited[key] = cite(policy, rule)
        return found

    def _cover(self, subject: Subject, taker: Taker) -> Cover:
        policy = subject.policies[taker.policy]
        return Cover(self._cite(policy, policy.rules[taker.index]), taker.share)

    def _identity(self, policy: Policy, rule: Rule, kind: Kind) -> str:
        """Return an id that survives renumbering: it hashes what the rule means, not where it stands.

        Equal rules of one policy are told apart by counting them.
        """
        meaning = self._meanings.get((id(policy), rule.index))
        if meaning is None:
            meaning = self._meanings[id(policy), rule.index] = _meaning(policy, rule)
        content = f"({self._device.name!r}, {policy.scope!r}, {policy.name!r}, {kind.value!r}, {meaning}"
        self._seen[content] += 1
        digest = hashlib.sha256(f"{content}#{self._seen[content]}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:16]


def _meaning(policy: Policy, rule: Rule) -> str:
    """Return what a rule does and matches as text that does not depend on where it stands."""
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
    return f"{rule.outcome.label!r}, {terms!r})"


NOTES = frozenset({Kind.PARTIALLY_SHADOWED, Kind.GENERALIZATION, Kind.MERGEABLE, Kind.DEAD_PART})
"""Kinds of findings about rules that stay."""

_WITH_PARTS = frozenset({Kind.PARTIALLY_SHADOWED, Kind.DEAD_PART})


def _kinds(verdict: Verdict, *, merged: bool) -> list[Kind]:
    """Return the kinds of findings about a rule in the order of their codes."""
    if verdict.kind is not None:
        return [verdict.kind]
    held = (
        (Kind.PARTIALLY_SHADOWED, verdict.partial is not None),
        (Kind.GENERALIZATION, verdict.generalized_by is not None),
        (Kind.MERGEABLE, merged),
        (Kind.DEAD_PART, bool(verdict.dead_parts) and verdict.partial is None),
    )
    return [kind for kind, holds in held if holds]


def _takers(verdict: Verdict, kind: Kind) -> Sequence[Taker]:
    if kind is Kind.PARTIALLY_SHADOWED and verdict.partial is not None:
        return [replace(taker, share=_part(taker.share)) for taker in verdict.partial.takers]
    if kind is Kind.GENERALIZATION and verdict.generalized_by is not None:
        return (verdict.generalized_by,)
    return () if kind in NOTES else verdict.takers


_LEAST = 1e-6
"""The smallest share with six digits."""


def _part(share: float) -> float:
    """Return the rounded share of what is neither nothing nor all, so that it is not rounded to either."""
    return min(max(share, _LEAST), 1 - _LEAST)


def _note_caveats(subject: Subject, kind: Kind) -> Iterator[str]:
    if kind is Kind.MERGEABLE and subject.merge is not None:
        rules = [subject.policy.rules[index] for index in subject.merge.rules]
        logging = {rule.logging.text if rule.logging else "" for rule in rules}
        if len(logging) > 1:
            yield "the rules log differently: the merged rule can only log in one way"
        if len({rule.description for rule in rules}) > 1:
            yield "the rules have different remarks: bring them together"
    ways = subject.verdict.ways_in
    if ways is not None and ways > 1:
        yield f"the list is called in {ways} places; the verdict holds for all of them"


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
