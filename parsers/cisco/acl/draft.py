"""An access list entry while it is being read: its words, and what was understood so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.cisco.acl.dialect import Dialect
from parsers.redact import redact_text
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Constraint, Service
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import PERMIT, Hits, Logging, Outcome, Schedule

_WIDTH = 200


def brief(message: str) -> str:
    """Return a message that quotes words of the input, without secrets and at most 200 characters long."""
    message = redact_text(message)
    return message if len(message) <= _WIDTH else message[: _WIDTH - 1] + "…"


class NotUnderstoodError(Exception):
    """A part of an entry was not understood. The message is one sentence for people; ``code`` its RC code."""

    def __init__(self, message: str, code: str = "RC602") -> None:
        super().__init__(brief(message))
        self.code = code


class IncompleteError(NotUnderstoodError):
    """An entry ends before a part that it needs."""


@dataclass(slots=True)
class Draft:
    """One entry. The parts that were not understood are in ``conditions``, so that it can only be inexact.

    ``family`` is 4 or 6. ``services`` None means every protocol. ``protocol`` is the number of the protocol
    slot, None for "ip" or a group. ``uses`` are (kind, name) pairs of the objects that the entry names.
    """

    words: list[str]
    origin: Origin
    family: int
    dialect: Dialect
    at: int = 0
    outcome: Outcome = PERMIT
    protocol: int | None = None
    source: Addresses = ANY_ADDRESS
    destination: Addresses = ANY_ADDRESS
    services: tuple[Service, ...] | None = None
    label: str = ""
    constraints: list[Constraint] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    fragments: bool = False
    schedule: Schedule | None = None
    logging: Logging | None = None
    uses: list[tuple[str, str]] = field(default_factory=list)
    hits: Hits | None = None
    sequence: int | None = None

    def peek(self, ahead: int = 0) -> str | None:
        """Return the word at the reading position, lower case; None behind the last."""
        position = self.at + ahead
        return self.words[position].lower() if position < len(self.words) else None

    def take(self, expected: str) -> str:
        """Return the next word as written and move on.

        Raises:
            IncompleteError: there is no further word; ``expected`` names what is missing.
        """
        if self.at >= len(self.words):
            raise IncompleteError(f"the entry ends before {expected}", "RC606")
        self.at += 1
        return self.words[self.at - 1]

    def rest(self) -> str:
        """Return the words that were not read yet."""
        return " ".join(self.words[self.at :])

    def unknown(self, reason: str) -> None:
        """Make the entry inexact for a reason of its own: nothing is assumed about the unread part."""
        self.condition(f"unparsed:{self.origin.line}:{self.at}", reason)

    def condition(self, key: str, reason: str, *, fresh: bool | None = None, independent: bool = False) -> None:
        """Let the entry match only under a condition that cannot be computed."""
        self.conditions.append(Condition(key, reason, self.origin, fresh=fresh, independent=independent))
