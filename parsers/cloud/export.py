"""What reading any cloud export needs: its ledger, citations, and problems that make a rule inexact."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from parsers.base import ConfigText
from parsers.json_text import JsonNode, JsonText
from parsers.ledger import Ledger
from parsers.redact import redact_text, show
from rulecheck.model.device import Severity
from rulecheck.model.match import Condition
from rulecheck.model.provenance import Origin


@dataclass(slots=True)
class Export:
    """One export that is being read."""

    config: ConfigText
    ledger: Ledger
    seen: set[str] = field(default_factory=set)

    def origin(self, line: int, text: str, path: tuple[str, ...] = ()) -> Origin:
        """Return a place in the file."""
        return Origin(self.config.path, line, show(text), path)

    def report(self, code: str, line: int, message: str, *, affects: bool = True) -> None:
        """Report a problem; ``affects`` tells whether a rule may mean something else."""
        severity = Severity.MEDIUM if affects else Severity.LOW
        self.ledger.report(code, severity, line, message, affects_verdicts=affects)

    def once(self, code: str, line: int, message: str, *, affects: bool = True) -> None:
        """Report a problem the first time that it occurs."""
        if message not in self.seen:
            self.seen.add(message)
            self.report(code, line, message, affects=affects)

    def problem(self, code: str, line: int, mark: str, message: str) -> Condition:
        """Report what was not understood of a rule, and return the condition that makes the rule inexact.

        ``mark`` tells the rule from all others.
        """
        self.report(code, line, message)
        return Condition(f"{mark}: {redact_text(message)}", message, self.origin(line, message))

    def understood(self, node: JsonNode | None) -> None:
        """Mark all lines of a value as part of the model."""
        for line in node.lines if node is not None else ():
            self.ledger.understood(line)

    def account(self, node: JsonNode, read: Collection[str], ignored: Collection[str], what: str) -> list[JsonNode]:
        """Account for the members of an object by key, letter case aside; return those that nobody knows.

        ``read`` and ``ignored`` hold keys in lower case.
        """
        unknown = []
        self.ledger.understood(node.line)
        self.ledger.understood(node.end)
        for key, member in node.members.items():
            low = key.lower()
            if low in read:
                self.understood(member)
                continue
            for line in member.lines:
                self.ledger.ignored(line)
            if low not in ignored:
                unknown.append(member)
                message = f"the key {redact_text(key)[:60]!r} of {what} was not understood"
                self.ledger.unknown(member.line, message, affects_verdicts=True)
        return unknown

    def finish(self, text: JsonText, recognised: Iterable[bool], remedy: str) -> None:
        """Account for what stands around the rules: nothing in it matters where something was recognised."""
        for document, known in zip(text.documents, recognised, strict=True):
            if not known:
                self.ledger.unknown(document.line, f"this answer was not recognised: {remedy}")
            for line in document.lines:
                self.ledger.ignored(line)
        for number, line_text in enumerate(self.config.lines, start=1):
            if not line_text.strip():
                self.ledger.blank(number)
        for one in text.duplicates:
            message = f"the key {redact_text(one.key)[:60]!r} occurs twice in one object; its last value counts"
            self.report("RC606", one.line, message)


def folded(node: JsonNode) -> dict[str, JsonNode]:
    """Return the members of an object by their keys in lower case."""
    return {key.lower(): member for key, member in node.members.items()}


def words(node: JsonNode | None) -> list[tuple[str, JsonNode]]:
    """Return a value or a list of values as texts; numbers are written out, anything else is left out."""
    if node is None:
        return []
    found = []
    for one in node.items if node.kind == "array" else [node]:
        number = one.as_whole()
        if isinstance(one.value, str):
            found.append((one.value, one))
        elif number is not None:
            found.append((str(number), one))
    return found


def last_part(text: str) -> str:
    """Return the last part of a resource path."""
    return text.rstrip("/").rpartition("/")[2]
