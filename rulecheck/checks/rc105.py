"""RC105: the rule is partially shadowed.

What it does
    Reports a rule that decides packets, while earlier rules with a different outcome decide others that it matches. It
    says which share of the rule's packets that is, the rules that take them, heaviest first, and one such packet.
    Where a smaller operand says exactly what is left to the rule, the report has it as a rewrite. Members of the rule's
    operands that never matter are named with the rules that take them.

Why it matters
    A rule with groups is rarely dead as a whole. The part of it that is dead looks as if it were in force: traffic that
    the rule names meets another decision.

Example
    access-list OUT extended deny   tcp 192.0.2.0 255.255.255.0 any eq smtp
    access-list OUT extended permit tcp 192.0.2.0 255.255.255.0 any range 25 80

    The second line does not permit port 25: the first has denied it.

What to do
    Decide which of the rules is meant. An exception that stands before a wider rule on purpose is reported as
    information only. If the earlier rule is wrong, narrow it or move this rule above it; traffic then changes, so check
    the change first. If it is right, the rewrite says the same without the dead part.

Source
    Correlation in Al-Shaer & Hamed, "Discovery of Policy Anomalies in Distributed Firewalls" (INFOCOM 2004), decided
    against the union of rules as in Yuan et al., "FIREMAN" (IEEE S&P 2006).
"""

from __future__ import annotations

from rulecheck.checks.deadparts import dead_words
from rulecheck.checks.rewrite import narrowed
from rulecheck.checks.subject import Advice, Subject, done, listed, percent
from rulecheck.model.device import Severity
from rulecheck.model.finding import Kind

CODE = "RC105"
KIND = Kind.PARTIALLY_SHADOWED.value

_NAMED = 3
"""How many rules the message names before it counts the rest."""


def advise(subject: Subject) -> Advice:
    """Return what to say about a rule of which others decide a part."""
    partial = subject.verdict.partial
    assert partial is not None
    exceptions = "exceptions before it decide" if partial.exceptions else "earlier rules decide"
    if partial.rules == 1:
        exceptions = "an exception before it decides" if partial.exceptions else "an earlier rule decides"
    dead = dead_words(subject)
    share = percent(partial.share) if partial.exact else f"at least {percent(partial.share)}"
    return Advice(
        Severity.INFO if partial.exceptions else Severity.LOW,
        f"{subject.place.capitalize()} is not in force for {share} of its packets: "
        f"{exceptions} them otherwise ({_takers(subject)}).{f' {dead}' if dead else ''}",
        f"{_decision(subject)} {_rewritten(subject)}",
    )


def _takers(subject: Subject) -> str:
    partial = subject.verdict.partial
    assert partial is not None
    alone = partial.rules == 1
    named = [
        f"{done(one.outcome.verb)} by {subject.places([one])}{'' if alone else f', {percent(one.share)}'}"
        for one in partial.takers[:_NAMED]
    ]
    rest = partial.rules - len(named)
    if not partial.exact:
        named.append("and more rules, which were not counted")
    elif rest > 0:
        named.append(f"{rest:,} more {'rule' if rest == 1 else 'rules'}")
    return "; ".join(named) or "by the implicit rules of a called list"


def _decision(subject: Subject) -> str:
    partial, place = subject.verdict.partial, subject.place
    assert partial is not None
    if not partial.takers:
        return f"Look at the list that is called before {place}, and decide which is meant."
    first = subject.places(partial.takers[:1])
    if partial.exceptions:
        meant = first if partial.rules == 1 else "the earlier rules"
        are = "is meant as an exception" if partial.rules == 1 else "are meant as exceptions"
        return f"Nothing is to be done if {meant} {are} to {place}."
    return (
        f"Decide which is meant. If {first} is right, nothing has to change; "
        f"if {place} is right, narrow {first} or move {place} above it, after checking which traffic that changes."
    )


def _rewritten(subject: Subject) -> str:
    found = narrowed(subject.verdict.narrowed, subject.platform)
    if not found:
        return f"There is no short way to write {subject.place} without what it loses."
    operands = listed([f"{one.operand.replace('_', ' ')} {', '.join(one.values)}" for one in found])
    return f"With {operands}, {subject.place} would decide the same packets and promise no others."
