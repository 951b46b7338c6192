"""RC106: a later rule generalizes the rule.

What it does
    Reports a rule all of whose packets a later rule with a different outcome matches as well: the rule is an exception
    to the later one. Final rules that match everything are not counted as the later rule.

Why it matters
    It is usually meant. It is worth knowing before rules are moved: below the later rule, the exception would never
    take effect. An exception that nobody remembers is a hole in the later rule.

Example
    access-list OUT extended permit tcp host 192.0.2.7 any eq smtp
    access-list OUT extended deny   tcp 192.0.2.0 255.255.255.0 any eq smtp

    The first line is an exception to the second.

What to do
    Nothing, if the exception is meant. Keep it above the later rule. If it is not needed any more, delete it; the later
    rule then decides its packets, so check the change first.

Source
    Generalization in Al-Shaer & Hamed, "Discovery of Policy Anomalies in Distributed Firewalls" (INFOCOM 2004).
"""

from __future__ import annotations

from rulecheck.checks.subject import Advice, Subject, does
from rulecheck.model.device import Severity
from rulecheck.model.finding import Kind

CODE = "RC106"
KIND = Kind.GENERALIZATION.value


def advise(subject: Subject) -> Advice:
    """Return what to say about a rule that a later one with a different outcome holds."""
    general = subject.verdict.generalized_by
    assert general is not None
    place, later = subject.place, subject.places([general])
    return Advice(
        Severity.INFO,
        f"{place.capitalize()} is an exception to {later}: it {does(subject.rule.outcome.verb)} packets, "
        f"and {later} {does(general.outcome.verb)} everything around them.",
        f"Nothing is to be done if the exception is meant. Keep {place} above {later}: "
        "below it, it would never take effect.",
    )
