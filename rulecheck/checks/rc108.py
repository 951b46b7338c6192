"""RC108: a part of the rule never matters.

What it does
    Reports a rule that decides packets, but has members in its source, destination or service with which it never
    decides one: earlier rules with the same outcome take all of these packets. Members that rules with a different
    outcome take are reported with RC105.

Why it matters
    A rule with groups is rarely dead as a whole. A member that does nothing makes the rule longer to read, and it
    misleads whoever takes it away, or the earlier rule, in the belief that this changes something.

Example
    access-list OUT extended permit tcp host 192.0.2.7 any eq https
    access-list OUT extended permit tcp object-group WEB any eq https      (WEB: 192.0.2.7 and 192.0.2.8)

    Member 192.0.2.7 of the second line never matters: the first line permits its packets.

What to do
    Take the member out of the rule if its operand is not a group that other rules need, or delete it from the earlier
    rule if that is the one that has become too wide. Nothing changes either way as long as the other stays.

Source
    Redundancy in Al-Shaer & Hamed (INFOCOM 2004), applied to the members of a rule instead of the whole rule.
"""

from __future__ import annotations

from rulecheck.checks.deadparts import dead_words
from rulecheck.checks.rewrite import narrowed
from rulecheck.checks.subject import Advice, Subject, listed
from rulecheck.model.device import Severity
from rulecheck.model.finding import Kind

CODE = "RC108"
KIND = Kind.DEAD_PART.value


def advise(subject: Subject) -> Advice:
    """Return what to say about a rule with members that never matter."""
    place = subject.place
    one = len(subject.verdict.dead_parts) == 1
    found = narrowed(subject.verdict.narrowed, subject.platform)
    rewrite = ""
    if found:
        operands = listed([f"{one.operand.replace('_', ' ')} {', '.join(one.values)}" for one in found])
        rewrite = f" With {operands}, {place} would decide the same packets."
    return Advice(
        Severity.INFO,
        f"{'A member' if one else 'Members'} of {place} never {'matters' if one else 'matter'}. {dead_words(subject)}",
        f"Take {'it' if one else 'them'} out of {place} unless a group that other rules use "
        f"holds {'it' if one else 'them'}: no packet changes as long as the earlier rules stay.{rewrite}",
    )
