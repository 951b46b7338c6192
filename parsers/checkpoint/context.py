"""What all steps of reading one file share: its catalogue, its ledger, and how problems become conditions."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.base import ConfigText
from parsers.checkpoint.catalogue import Catalogue, Item, shown_name
from parsers.ledger import Ledger
from parsers.redact import show
from rulecheck.model.device import Severity
from rulecheck.model.match import Condition
from rulecheck.model.provenance import Origin


@dataclass(slots=True)
class Context:
    """One file that is being read. ``deciding``: what is resolved now belongs to a rule."""

    config: ConfigText
    ledger: Ledger
    catalogue: Catalogue
    deciding: bool = True
    _reported: set[str] = field(default_factory=set)

    def origin(self, line: int, text: str, path: tuple[str, ...] = ()) -> Origin:
        """Return a place in the file."""
        return Origin(self.config.path, line, show(text), path)

    def origin_of(self, item: Item, path: tuple[str, ...] = ()) -> Origin:
        """Return where an object is defined."""
        return self.origin(item.line, f"{item.kind} {item.name}", path)

    def condition(self, item: Item, reason: str, key: str = "") -> Condition:
        """Return the test of membership in an object whose values are not in the file."""
        name = shown_name(item, item.uid)
        return Condition(f"{key or item.kind}:{name}", reason, self.origin_of(item))

    def undefined(self, key: str, line: int) -> Condition:
        """Report a reference to nothing (RC603), once for each name, and return the condition that stands for it."""
        name = shown_name(None, key)
        if self.catalogue.defined:
            if key not in self._reported:
                self._reported.add(key)
                self._report("RC603", line, f"object {name} is not defined in this file")
        elif "" not in self._reported:
            self._reported.add("")
            message = "the file has rules but not the objects that they use"
            remedy = "export with 'use-object-dictionary true', or put rules and objects into one file"
            self._report("RC603", line, f"{message}: {remedy}")
        origin = self.origin(line, name)
        return Condition(f"undefined:{name}", f"object {name} is not defined in this file", origin)

    def malformed(self, item: Item, problem: str, code: str = "RC606") -> Condition:
        """Report an object that cannot be read and return the condition that stands for it."""
        name = shown_name(item, item.uid)
        self._report(code, item.line, f"{item.kind} {name}: {problem}")
        return Condition(f"{item.kind}:{name}", f"{item.kind} {name} is not clear: {problem}", self.origin_of(item))

    def cycle(self, item: Item) -> Condition:
        """Report a group that contains itself and return the condition that stands for it."""
        name = shown_name(item, item.uid)
        self._report("RC604", item.line, f"{item.kind} {name} contains itself")
        return Condition(f"cycle:{name}", f"{item.kind} {name} contains itself", self.origin_of(item))

    def _report(self, code: str, line: int, message: str) -> None:
        severity = Severity.MEDIUM if self.deciding else Severity.LOW
        self.ledger.report(code, severity, line, message, affects_verdicts=self.deciding)
