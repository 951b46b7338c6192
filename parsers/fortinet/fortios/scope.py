"""What the readers of one VDOM share: its tables, the file, and a place for what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

from parsers.base import ConfigText
from parsers.fortinet.fortios.tree import GLOBAL, Entry, Table, Tree
from parsers.ledger import Ledger
from parsers.redact import show
from rulecheck.model.device import ObjectUse, Severity
from rulecheck.model.match import Condition
from rulecheck.model.provenance import Origin

MOST_ELEMENTS = 1_000_000
"""Members that all groups of one input may unfold to."""

PATH_SHOWN = 12
"""Names of a path of groups that provenance keeps."""


def inside(group: str, origin: Origin) -> Origin:
    """Return the citation of a member as a group reaches it."""
    return Origin(origin.file, origin.line, origin.text, (group, *origin.path)[:PATH_SHOWN])


@dataclass(slots=True)
class Budget:
    """How many members of groups may still be unfolded."""

    left: int = MOST_ELEMENTS

    def take(self, count: int) -> bool:
        """Use up ``count``; return whether there was enough."""
        self.left -= count
        return self.left >= 0


@dataclass(slots=True)
class Scope:
    """One VDOM. ``name`` is empty without VDOMs; ``prefix`` stands before the names of policies and objects."""

    config: ConfigText
    ledger: Ledger
    tree: Tree
    name: str
    prefix: str
    version: tuple[int, ...] = ()
    budget: Budget = field(default_factory=Budget)
    uses: list[ObjectUse] = field(default_factory=list)
    deciding: bool = True
    """Whether what is resolved now belongs to a rule, so that a problem can change a verdict."""

    def table(self, path: str) -> Table | None:
        """Return a section of this VDOM."""
        return self.tree.table(self.name, path)

    def shared(self, path: str) -> Table | None:
        """Return a section of this VDOM, or of the global part where the VDOM has none."""
        return self.tree.globally(self.name, path)

    def everywhere(self, path: str) -> list[Table]:
        """Return a section of this VDOM and of the global part."""
        keys = dict.fromkeys(((self.name, path), (GLOBAL, path)))
        return [self.tree.tables[key] for key in keys if key in self.tree.tables]

    def find(self, name: str, line: int, *paths: str) -> tuple[str, Entry] | None:
        """Return the section and entry of a name that is used on a line, from the first section that has it."""
        for path in paths:
            table = self.table(path)
            if table is None:
                continue
            entry = table.entries.get(name)
            if entry is None and table.renamed:
                entry = table.entries.get(table.current_name(name, line))
            if entry is not None:
                return path, entry
        return None

    def origin(self, line: int, text: str | None = None, path: tuple[str, ...] = ()) -> Origin:
        """Return the citation of a line, or of a text on it."""
        shown = show(self.config.lines[line - 1] if text is None and line else text or "")
        return Origin(self.config.path, line, shown, path)

    def report(self, code: str, line: int, message: str, *, decides: bool = True) -> None:
        """Report something that was not understood. ``decides``: it can change a verdict."""
        decides = decides and self.deciding
        severity = Severity.MEDIUM if decides else Severity.LOW
        self.ledger.report(code, severity, line, message, affects_verdicts=decides)

    def condition(
        self,
        key: str,
        reason: str,
        line: int,
        *,
        holds: bool = True,
        fresh: bool | None = None,
        independent: bool = False,
    ) -> Condition:
        """Return a test that is known by its key. Keys of different VDOMs differ where the names are their own."""
        shown = show(key)
        if shown != key:
            shown = f"{shown} #{blake2b(key.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"
        return Condition(shown, show(reason), self.origin(line), holds, fresh, independent)

    def own_key(self, key: str) -> str:
        """Return a key for something that each VDOM defines for itself."""
        return f"{self.prefix}{key}"
