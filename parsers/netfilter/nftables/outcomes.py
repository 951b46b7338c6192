"""From verdicts to outcomes."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.netfilter.nftables.clauses import ParsedRule, Verdict
from parsers.netfilter.nftables.draft import Draft
from parsers.redact import redact
from rulecheck.model.rule import DENY, PERMIT, RETURN, Logging, Outcome, Verb

_ENDS = {"accept": PERMIT, "drop": DENY, "return": RETURN}
_REJECTS = {"ip": "icmp port-unreachable", "ip6": "icmpv6 port-unreachable"}
_TRANSLATIONS = frozenset(("masquerade", "snat", "dnat", "redirect"))


@dataclass(frozen=True, slots=True)
class Action:
    """What a rule does: its outcome, and the list that it calls."""

    outcome: Outcome
    calls: str | None = None


def logging_of(rule: ParsedRule) -> Logging | None:
    """Return how a rule logs."""
    return Logging(redact(rule.logging)) if rule.logging else None


def going_on(rule: ParsedRule) -> Outcome:
    """Return the outcome of a rule after which evaluation goes on: what it changes, logs or counts."""
    details = tuple(redact(one) for one in rule.effects) or (("log",) if rule.logging else ("count",))
    return Outcome(Verb.CONTINUE, details)


def ending(draft: Draft, rule: ParsedRule, verdict: Verdict) -> Outcome:
    """Return the outcome of a verdict other than a call. What the rule changes belongs to it."""
    if verdict.verb == "continue":
        return going_on(rule)
    outcome = _plain(draft, verdict)
    if not rule.effects:
        return outcome
    if outcome.verb is Verb.RETURN:
        keep(draft, rule)
        return outcome
    return Outcome(outcome.verb, (*outcome.details, *(redact(one) for one in rule.effects)))


def _plain(draft: Draft, verdict: Verdict) -> Outcome:
    verb, details = verdict.verb, tuple(redact(one) for one in verdict.details)
    if verb in _ENDS:
        return _ENDS[verb]
    if verb == "reject":
        return Outcome(Verb.REJECT, details or (_REJECTS.get(draft.context.family, "icmpx port-unreachable"),))
    if verb in _TRANSLATIONS:
        return Outcome(Verb.TRANSLATE, details)
    if verb == "queue":
        return Outcome(Verb.OTHER, (" ".join((verb, *details)),))
    return Outcome(Verb.OTHER, details or (verb,))


def keep(draft: Draft, rule: ParsedRule) -> None:
    """Make a rule that calls or returns, and changes something as well, one that is never called superfluous."""
    draft.unique("it also changes the packet or a set", rule.effects[0], fresh=True, independent=True)
