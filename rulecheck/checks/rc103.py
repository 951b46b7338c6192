"""RC103: the rule is redundant.

What it does
    Reports a rule that does decide packets, but without which every one of these packets still gets the same outcome,
    from later rules or from the policy's default. ``reason`` is "default" where the default takes a part of them. A
    final explicit catch-all deny is never reported: it is good practice.

Why it matters
    The rule can go without any effect on traffic. Every rule less makes reviews shorter and mistakes rarer.

Example
    permit tcp host 192.0.2.8 any eq 443
    permit tcp 192.0.2.0 0.0.0.255 any eq 443

    Without the first line the second permits the same packets.

What to do
    Delete the rule, alone or as part of the removal plan. Two redundant rules may rely on each other, so delete
    several only together as the plan says. A deny that only repeats the default may be kept for its log or as
    documentation.

Source
    "Downward redundant" in Liu & Gouda, "Complete Redundancy Detection in Firewalls" (DBSec 2005).
"""

from __future__ import annotations

from rulecheck.checks.subject import Advice, Subject, done, keeps_out
from rulecheck.model.device import Severity
from rulecheck.model.finding import Kind
from rulecheck.model.rule import DECIDING

CODE = "RC103"
KIND = Kind.REDUNDANT.value


def advise(subject: Subject) -> Advice:
    """Return what to say about a redundant rule."""
    verdict, rule, place = subject.verdict, subject.rule, subject.place
    successors = [subject.places(verdict.takers)] if verdict.takers else []
    if verdict.by_default:
        successors.append(f"the default of {subject.policy.name}")
    by_default = keeps_out(rule) and verdict.by_default
    if rule.outcome.verb in DECIDING:
        effect = f"would be {done(rule.outcome.verb)} by {' and '.join(successors) or 'the rules behind it'} anyway"
    else:
        effect = "get the same outcome without it"
    return Advice(
        Severity.INFO if by_default else Severity.LOW,
        f"{place.capitalize()} is not needed: the packets that it decides {effect}.",
        _recommend(subject, by_default=by_default),
        "default" if verdict.by_default else None,
    )


def _recommend(subject: Subject, *, by_default: bool) -> str:
    place = subject.place
    if by_default:
        return f"Keep {place} if it documents an intent or its log is read; otherwise delete it: no packet changes."
    if subject.verdict.takers:
        rest = subject.places(subject.verdict.takers).removesuffix(" together")
        stay = "stays" if len(subject.verdict.takers) == 1 else "stay"
        return f"Delete {place}: no packet changes as long as {rest} {stay}. For several rules, use the removal plan."
    return f"Delete {place}: no packet changes. Use the removal plan to delete several rules at once."
