"""A rule: what it matches, what it does, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rulecheck.model.match import Match
from rulecheck.model.provenance import Origin


class Verb(StrEnum):
    """What a rule does with the packets that reach it."""

    PERMIT = "permit"
    DENY = "deny"
    REJECT = "reject"
    TRANSLATE = "translate"
    """Rewrites addresses and ends the list (SNAT, DNAT, MASQUERADE …; the target is in ``details``)."""
    OTHER = "other"
    """Ends the list in another way (QUEUE, an action that was not understood …; named in ``details``)."""
    RETURN = "return"
    """Leaves this list; evaluation goes on behind the rule that called it."""
    CALL = "call"
    """Evaluates another list and comes back when that list did not decide."""
    GOTO = "goto"
    """Evaluates another list; where that list does not decide, this list is left as well."""
    CONTINUE = "continue"
    """Has a side effect (log, mark, count) and goes on with the next rule."""


DECIDING = frozenset({Verb.PERMIT, Verb.DENY, Verb.REJECT, Verb.TRANSLATE, Verb.OTHER})
"""Verbs that end the evaluation of a packet."""

BLOCKING = frozenset({Verb.DENY, Verb.REJECT})
"""Verbs that keep the packet out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happens to a packet: two outcomes are the same exactly when they compare equal.

    ``details`` holds what changes for the packet besides the verb (reject kind, NAT target, security
    profile), in a canonical order. Logging is not part of an outcome.
    """

    verb: Verb
    details: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the outcome in words, as reports show it: ``deny``, ``masquerade``, ``call LOG_DROP``."""
        if self.verb in (Verb.TRANSLATE, Verb.OTHER, Verb.CONTINUE) and self.details:
            return " ".join(self.details)
        return " ".join((self.verb.value, *self.details))


PERMIT = Outcome(Verb.PERMIT)
DENY = Outcome(Verb.DENY)
RETURN = Outcome(Verb.RETURN)


@dataclass(frozen=True, slots=True)
class Logging:
    """How a rule logs: ``text`` as written ("log warnings interval 60")."""

    text: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """A named time range under which a rule is active. ``text`` describes it where it is defined.

    ``ends`` is when it is over for good, in the device's local time; None where it recurs or is not known.
    """

    name: str
    text: str = ""
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """Counters of a rule: packets (or connections), and bytes where the platform counts them.

    ``window`` says over which time they were counted ("since 2026-03-01"), empty where the input does not.
    """

    packets: int
    octets: int | None = None
    window: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line or entry as the administrator wrote it.

    ``index`` is its 0-based position in its policy, counting disabled rules but not remarks.
    ``calls`` names the policy that a CALL or GOTO evaluates. ``enabled`` False means that it takes part in
    nothing; ``disabled_because`` says why (inactive, expired). ``description`` is the remark or comment.
    A schedule also appears among the match's conditions; a clause that was not understood does too.
    """

    index: int
    origin: Origin
    match: Match
    outcome: Outcome
    name: str | None = None
    calls: str | None = None
    enabled: bool = True
    disabled_because: str = ""
    schedule: Schedule | None = None
    logging: Logging | None = None
    description: str = ""
    hits: Hits | None = None
