"""RC102: the rule is covered.

What it does
    Reports a rule that decides no packet because earlier rules take all that it matches, every packet with the same
    outcome. A single earlier rule may cover it, or only several together; the report names a smallest set of them.

Why it matters
    The rule is dead weight. It makes the policy longer to read and to review, and it misleads whoever edits the
    rules that really decide: removing one of those would bring this rule into force again.

Example
    -A FORWARD -s 192.0.2.0/24 -p tcp --dport 443 -j ACCEPT
    -A FORWARD -s 192.0.2.8/32 -p tcp --dport 443 -j ACCEPT

    The second rule permits nothing that the first does not permit already.

What to do
    Delete the rule: no packet changes. If it documents a request that must stay visible, move its remark to the
    covering rule first. If it logs, its log lines end with it.

Source
    Redundancy in Al-Shaer & Hamed (INFOCOM 2004), restricted to earlier rules; "upward redundant" in Liu & Gouda,
    "Complete Redundancy Detection in Firewalls" (DBSec 2005).
"""

from __future__ import annotations

from rulecheck.checks.subject import Advice, Subject, does, ways
from rulecheck.model.device import Severity
from rulecheck.model.finding import Kind

CODE = "RC102"
KIND = Kind.COVERED.value


def advise(subject: Subject) -> Advice:
    """Return what to say about a covered rule."""
    verdict, rule = subject.verdict, subject.rule
    covers = subject.places(verdict.takers)
    verb = does(rule.outcome.verb)
    action = verb if len(verdict.takers) == 1 else _plural(verb)
    same = ", and is an exact repetition of it" if verdict.duplicate_of is not None and len(verdict.takers) == 1 else ""
    message = (
        f"{subject.place.capitalize()} never takes effect{ways(verdict)}: {covers} already {action} all of its packets"
    )
    more = len(verdict.single_covers) - 1
    also = f" {more} more earlier {'rule covers' if more == 1 else 'rules cover'} it alone as well." if more > 0 else ""
    return Advice(
        Severity.MEDIUM,
        f"{message}{same}.",
        f"Delete {subject.place}: no packet changes, because {covers} {_be(verdict.takers)} evaluated first.{also}",
    )


def _plural(verb: str) -> str:
    head, _, tail = verb.partition(" ")
    stem = "deny" if head == "denies" else head.removesuffix("s")
    return f"{stem} {tail}".strip()


def _be(takers: tuple[object, ...]) -> str:
    return "is" if len(takers) == 1 else "are"
