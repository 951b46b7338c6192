"""RC101: the rule is shadowed.

What it does
    Reports a rule that decides no packet because earlier rules take all that it matches, at least one of them with
    a different outcome. The decision is exact, for the union of all earlier rules, packet by packet.

Why it matters
    The rule looks as if it were in force and is not. Either traffic that somebody meant to permit is blocked, or
    traffic that somebody meant to block gets through.

Example
    access-list 119 deny   ip 192.0.2.0 0.0.0.255 any
    access-list 119 permit ip 192.0.2.0 0.0.0.255 host 198.51.100.7

    The second line never permits anything: the first has denied it all.

What to do
    Decide which of the rules is meant. If the earlier ones are right, delete this rule: no packet changes. If this
    rule is right, move it above the rule that contradicts it; traffic then changes, so check the change first.

Source
    Shadowing in Al-Shaer & Hamed, "Discovery of Policy Anomalies in Distributed Firewalls" (INFOCOM 2004), decided
    against the union of rules as in Yuan et al., "FIREMAN" (IEEE S&P 2006).
"""

from __future__ import annotations

from rulecheck.checks.subject import Advice, Subject, does, done, ways
from rulecheck.model.device import Severity
from rulecheck.model.finding import Kind
from rulecheck.model.rule import DECIDING

CODE = "RC101"
KIND = Kind.SHADOWED.value


def advise(subject: Subject) -> Advice:
    """Return what to say about a shadowed rule."""
    verdict, rule = subject.verdict, subject.rule
    conflict = verdict.conflict
    if conflict is None:
        return _by_implicit_rules(subject)
    other = subject.rule_of(conflict)
    covers = subject.places(verdict.takers)
    although = f"although {subject.place} {does(rule.outcome.verb)} them"
    if len(verdict.takers) == 1 and other is subject.rule_of(verdict.takers[0]) and conflict.share >= 1:
        claim = f"{covers} {does(other.outcome.verb)} all of its packets first, {although}"
    else:
        take = "takes" if len(verdict.takers) == 1 else "take"
        contrast = f"{_part(conflict.share)} are {done(other.outcome.verb)} by line {other.origin.line}, {although}"
        if other.match.all_conditions():
            contrast = f"where the condition of line {other.origin.line} holds, {contrast}"
        claim = f"{covers} {take} all of its packets first, and {contrast}"
    return Advice(
        Severity.HIGH if rule.outcome.verb in DECIDING else Severity.MEDIUM,
        f"{subject.place.capitalize()} never takes effect{ways(verdict)}: {claim}.",
        _recommend(subject, other.origin.line),
    )


def _by_implicit_rules(subject: Subject) -> Advice:
    """Return what to say where only implicit rules of a called list decide otherwise: they have no line."""
    place, rule = subject.place, subject.rule
    covers = subject.places(())
    if subject.verdict.takers:
        covers = f"{subject.places(subject.verdict.takers).removesuffix(' together')} and {covers}"
    return Advice(
        Severity.HIGH if rule.outcome.verb in DECIDING else Severity.MEDIUM,
        f"{place.capitalize()} never takes effect{ways(subject.verdict)}: {covers} take all of its packets first, "
        f"with another outcome, although {place} {does(rule.outcome.verb)} them.",
        f"Decide which is meant. If the called list is right, delete {place}: no packet changes. "
        f"If {place} is right, move it above the rule that calls the list, after checking which traffic that changes.",
    )


def _recommend(subject: Subject, other: int) -> str:
    place = subject.place
    takers = subject.verdict.takers
    if all(taker.outcome == subject.rule.outcome for taker in takers):
        repeated = subject.places(takers).removesuffix(" together")
        return (
            f"{place.capitalize()} repeats {repeated}, except for what line {other} decides first: delete it, no "
            f"packet changes. If it was meant to win over line {other}, a rule above line {other} is needed instead."
        )
    return (
        f"Decide which is meant. If line {other} is right, delete {place}: no packet changes. "
        f"If {place} is right, move it above line {other}, after checking which traffic that changes."
    )


def _part(share: float) -> str:
    if share >= 1:
        return "all of them"
    if share <= 0:
        return "some of them"
    return f"{share:.1%} of them" if share >= 0.001 else "fewer than 0.1% of them"
