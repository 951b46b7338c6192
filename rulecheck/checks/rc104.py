"""RC104: the rule is empty.

What it does
    Reports a rule that matches no packet at all: a group without members, a source of one address family and a
    destination of the other, clauses that exclude each other, or a called list to which no call brings such packets.

Why it matters
    The rule does nothing, and whoever wrote it thinks that it does. Often a group has lost its last member, and the
    access that the rule was meant to give or to block has silently gone with it.

Example
    object-group network PARTNERS
    access-list OUT extended permit ip object-group PARTNERS any

    The group holds no address, so the rule permits nothing.

What to do
    Find out whether the rule is still wanted. If so, repair the group or the clause; that changes traffic. If not,
    delete the rule: no packet changes.

Source
    "Inoperative" rules in vendor analysers; "independently unmatchable" lines in Batfish's filterLineReachability.
"""

from __future__ import annotations

from rulecheck.checks.subject import Advice, Subject
from rulecheck.model.device import Severity
from rulecheck.model.finding import Kind

CODE = "RC104"
KIND = Kind.EMPTY.value


def advise(subject: Subject) -> Advice:
    """Return what to say about an empty rule."""
    reason = subject.verdict.reason or "its clauses contradict each other"
    return Advice(
        Severity.MEDIUM,
        f"{subject.place.capitalize()} matches no packet: {reason}.",
        f"If the rule is still wanted, repair it ({reason}); otherwise delete {subject.place}: no packet changes.",
        reason,
    )
