"""Nested object groups as flat lists of members, with the path to each and the references that fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from parsers.cisco.asa.catalogue import Catalogue, Definition, Member
from parsers.ledger import Ledger
from parsers.redact import show
from rulecheck.model.device import Severity
from rulecheck.model.match import Condition
from rulecheck.model.provenance import Origin

MAX_MEMBERS = 1_000_000
"""Members that all groups of one configuration may unfold to; groups beyond that stay unresolved."""

_OVERSIZED = "oversized:"
_PATH_SHOWN = 12
"""Names of a path that provenance keeps; deeper nesting keeps the outermost ones."""


@dataclass(slots=True)
class FlatGroup:
    """The members of a group in order, each with its path of group names from the named group inwards.

    ``undefined`` are references to objects that do not exist, with the line that makes them. ``cycles``
    are the groups that refer back to a group around them. ``oversized``: it was too large to unfold.
    """

    members: list[tuple[Definition, Member, tuple[str, ...]]] = field(default_factory=list)
    undefined: list[tuple[str, str, Member, tuple[str, ...]]] = field(default_factory=list)
    cycles: list[tuple[str, Member]] = field(default_factory=list)
    oversized: bool = False


class Flattener:
    """Unfolds groups, reports undefined references (RC603) and cycles (RC604) once each."""

    def __init__(self, file: str, catalogue: Catalogue, ledger: Ledger) -> None:
        self._file = file
        self._catalogue = catalogue
        self._ledger = ledger
        self._left = MAX_MEMBERS
        self._entered: set[tuple[str, str]] = set()
        self.deciding = True
        """Whether what is resolved now belongs to a rule, so that a problem can change a verdict."""

    def origin(self, member: Member | Definition, path: tuple[str, ...]) -> Origin:
        """Return where a member is written."""
        return Origin(self._file, member.line, show(member.text), path)

    def flatten(self, group: Definition) -> FlatGroup:
        """Return everything that a group contains. A group that is reached twice counts once."""
        found = FlatGroup()
        seen = {group.name}
        self._entered.add((group.kind, group.name))
        around = {group.name}
        pending: list[tuple[Definition, tuple[str, ...], Iterator[Member]]] = [_enter(group, ())]
        while pending:
            owner, path, members = pending[-1]
            member = next(members, None)
            if member is None:
                pending.pop()
                around.discard(owner.name)
                continue
            self._left -= 1
            if self._left < 0:
                self._refuse(group, found)
                break
            inner = self._step(owner, member, path, found)
            if inner is None:
                continue
            if inner.name in around:
                self._cycle(inner, member, found)
            elif inner.name not in seen:
                seen.add(inner.name)
                self._entered.add((inner.kind, inner.name))
                around.add(inner.name)
                pending.append(_enter(inner, path))
        return found

    def not_entered(self) -> Iterator[Definition]:
        """Yield the groups that nothing has unfolded yet, outer ones before those inside them."""
        groups = [one for one in self._catalogue.definitions.values() if one.kind.startswith("object-group ")]
        inner = {(one.kind, name) for one in groups for name in inner_groups(one)}
        for definition in sorted(groups, key=lambda one: (one.kind, one.name) in inner):
            if (definition.kind, definition.name) not in self._entered:
                yield definition

    def _step(self, owner: Definition, member: Member, path: tuple[str, ...], found: FlatGroup) -> Definition | None:
        """Take one member; return the group to enter if it names one."""
        if member.words[0] != "group-object":
            found.members.append((owner, member, path))
            return None
        name = member.words[1] if len(member.words) > 1 else ""
        inner = self._catalogue.get(owner.kind, name)
        if inner is None:
            found.undefined.append((owner.kind, name, member, path))
        return inner

    def _cycle(self, inner: Definition, member: Member, found: FlatGroup) -> None:
        found.cycles.append((inner.name, member))
        self._ledger.report(
            "RC604",
            self._severity(),
            member.line,
            f"{inner.kind} {inner.name} contains itself through this line; the line adds nothing",
            affects_verdicts=self.deciding,
        )

    def _refuse(self, group: Definition, found: FlatGroup) -> None:
        found.oversized = True
        if not self.deciding:
            return
        self._ledger.report(
            "RC602",
            self._severity(),
            group.line,
            f"{group.kind} {group.name} was not unfolded: all groups together have over {MAX_MEMBERS:,} members",
            affects_verdicts=True,
        )

    def undefined(self, kind: str, name: str, line: int, origin: Origin) -> Condition:
        """Report a reference to something that is not defined, and return the condition that stands for it."""
        self._ledger.report(
            "RC603",
            self._severity(),
            line,
            f"{kind} {name} is not defined in this file",
            affects_verdicts=self.deciding,
        )
        return Condition(f"undefined:{kind}:{name}", f"{kind} {name} is not defined", origin)

    def malformed(self, member: Member, problem: str, code: str, origin: Origin) -> Condition:
        """Report a member that cannot be read, and return the condition that stands for it."""
        self._ledger.report(code, self._severity(), member.line, problem, affects_verdicts=self.deciding)
        return Condition(f"unclear:{member.line}", f"line {member.line} is not clear: {problem}", origin)

    def _severity(self) -> Severity:
        return Severity.MEDIUM if self.deciding else Severity.LOW

    def group_conditions(self, group: Definition, flat: FlatGroup) -> tuple[Condition, ...]:
        """Return the conditions under which a rule with the group stands: none for a sound group."""
        found = []
        if flat.cycles:
            reason = f"{group.kind} {group.name} contains a reference cycle"
            found.append(Condition(f"cycle:{group.kind}:{group.name}", reason, self.origin(group, (group.name,))))
        if flat.oversized:
            reason = f"{group.kind} {group.name} is too large to unfold"
            found.append(Condition(f"{_OVERSIZED}{group.kind}:{group.name}", reason, self.origin(group, (group.name,))))
        return tuple(found)


def is_oversized(conditions: Iterable[Condition]) -> bool:
    """Return whether a group under these conditions was too large to unfold."""
    return any(one.key.startswith(_OVERSIZED) for one in conditions)


def inner_groups(group: Definition) -> list[str]:
    """Return the names of the groups that a group is made of."""
    return [one.words[1] for one in group.members if one.words[0] == "group-object" and len(one.words) > 1]


def _enter(group: Definition, path: tuple[str, ...]) -> tuple[Definition, tuple[str, ...], Iterator[Member]]:
    inner = (*path, group.name) if len(path) < _PATH_SHOWN else path
    return group, inner, iter(group.members)
