"""One access list entry while it is read: its words, and what they turned out to mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.cisco.asa.values import Unclear
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Service
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import Logging, Schedule


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the entry that restricts the service: its words and the services that it allows.

    ``shared``: the services come from definitions, not from the entry's own line.
    """

    words: tuple[str, ...]
    services: tuple[Service, ...]
    shared: bool = False


@dataclass(slots=True)
class Entry:
    """An entry: ``words`` start behind permit or deny, ``position`` is the next word to read.

    ``source`` is None until it was read. ``clauses`` are ANDed;
    none at all means every service. ``uses`` are the (kind, name) pairs referred to.
    """

    words: tuple[str, ...]
    line: int
    origin: Origin
    position: int = 0
    protocol: str = ""
    source: Addresses | None = None
    destination: Addresses = ANY_ADDRESS
    clauses: list[Clause] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    uses: list[tuple[str, str]] = field(default_factory=list)
    inactive: bool = False
    logging: Logging | None = None
    schedule: Schedule | None = None

    def peek(self, ahead: int = 0) -> str:
        """Return a word without taking it; empty behind the end."""
        place = self.position + ahead
        return self.words[place] if place < len(self.words) else ""

    def take(self, what: str) -> str:
        """Return the next word.

        Raises:
            Unclear: the entry ends here; ``what`` says what is missing.
        """
        if self.position >= len(self.words):
            raise Unclear("RC606", f"the entry ends where {what} is expected")
        self.position += 1
        return self.words[self.position - 1]
