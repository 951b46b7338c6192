"""Deliberate faults, each a few exact replacements in the source. The tests have to notice every one of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class StaleFaultError(Exception):
    """The text that a fault replaces is not in the source exactly once: the code moved, the fault has to follow."""


@dataclass(frozen=True)
class Edit:
    """One replacement in a file below ``rulecheck``; ``old`` occurs there exactly once."""

    file: str
    old: str
    new: str

    def changed(self, source: str) -> str:
        """Return the source with the fault.

        Raises:
            StaleFaultError: the text to replace is not there exactly once.
        """
        if source.count(self.old) != 1:
            raise StaleFaultError(f"{self.file} has {source.count(self.old)} times, instead of once: {self.old}")
        return source.replace(self.old, self.new)


@dataclass(frozen=True)
class Fault:
    """A mistake that somebody could make, under a name that says what is wrong then."""

    name: str
    edits: tuple[Edit, ...]

    def plant(self, package: Path) -> None:
        """Change the source in a copy of the package.

        Raises:
            StaleFaultError: the text to replace is not there exactly once.
        """
        for edit in self.edits:
            path = package / edit.file
            path.write_text(edit.changed(path.read_text(encoding="utf-8")), encoding="utf-8")


def _fault(name: str, file: str, old: str, new: str) -> Fault:
    return Fault(name, (Edit(file, old, new),))


FAULTS = (
    Fault(
        "intervals lose their last value when they become ranks",
        (
            Edit("engine/ranks.py", "for end in (low, high + 1)}", "for end in (low, high)}"),
            Edit("engine/ranks.py", "(rank[low], rank[high + 1])", "(rank[low], rank[high])"),
        ),
    ),
    _fault(
        "bit sets take the rank behind an interval for its last one",
        "engine/bits.py",
        "self._place[axis.high[at] - 1], begins",
        "self._place[axis.high[at]], begins",
    ),
    _fault(
        "one field is lost when axes are put into groups",
        "engine/probe.py",
        "rest = tuple(column for column, axis in enumerate(space.axes) if axis.field not in alone)",
        "rest = tuple(column for column, axis in enumerate(space.axes) if axis.field not in alone)[:-1]",
    ),
    _fault(
        "must and may are swapped for rows in the way of a box",
        "engine/table.py",
        "return self.obstacle[rows], self.certain[rows]",
        "return self.certain[rows], self.obstacle[rows]",
    ),
    _fault(
        "a row that only may hold counts as certain",
        "engine/table.py",
        "certain=row_fresh == 1",
        "certain=row_fresh != 0",
    ),
    _fault(
        "rows that leave a list keep packets away for good",
        "engine/survey.py",
        "rows &= packed(slots.entry[chosen][:, None] < self._until)",
        "rows &= packed(slots.entry[chosen][:, None] >= 0)",
    ),
    _fault(
        "the default counts as the same outcome when it is another one",
        "engine/decide.py",
        "ends_alike = bool(len(box.closing)) or self.default_number() == outcome",
        "ends_alike = bool(len(box.closing)) or self.default_number() != outcome",
    ),
    _fault(
        "a rule that does what the default does counts as needed",
        "engine/survey.py",
        "(outcome != table.outcome_number(table.listing.default))",
        "(outcome >= 0)",
    ),
    Fault(
        "a plan takes every redundant rule, and is not proven as a whole",
        (
            Edit(
                "engine/plan.py",
                "                if self._unneeded(owner):\n",
                "                if owner not in grown:\n",
            ),
            Edit(
                "engine/plan.py",
                "        if all(self._proven(owner) for owner in grown):\n            return\n",
                "        return\n",
            ),
        ),
    ),
    _fault(
        "a call is removed without comparing the lists with and without it",
        "engine/plan.py",
        "if self._rewires(owner) and self._unneeded_call(owner):",
        "if self._rewires(owner):",
    ),
    _fault(
        "the last taker counts instead of the first",
        "engine/partition.py",
        "last = complete & -complete",
        "last = 1 << complete.bit_length() - 1",
    ),
    _fault(
        "rows whose conditions contradict those of a box still take it",
        "engine/local.py",
        "                alive[row] = False\n",
        "                alive[row] = True\n",
    ),
    _fault(
        "a condition with both signs is settled as if it had one",
        "engine/literals.py",
        "pure = {key for key, found in uses.items() if len(found) == 1}",
        "pure = {key for key, found in uses.items() if len(found) >= 1}",
    ),
    _fault(
        "the complement of a negated operand keeps the sign of its conditions",
        "model/match.py",
        "refused = replace(condition, holds=not condition.holds)",
        "refused = replace(condition, holds=condition.holds)",
    ),
    _fault(
        "the complement of a negated operand is not taken",
        "model/match.py",
        "[(ADDRESS_ALL - exact, ())]",
        "[(exact, ())]",
    ),
    _fault(
        "IPv6 addresses are matched with IPv4 addresses",
        "model/match.py",
        "if one.family == two.family and one.family in families:",
        "if one.family in families:",
    ),
    _fault(
        "a difference of intervals keeps the last value of what was taken away",
        "model/intervals.py",
        "low = theirs[k][1] + 1",
        "low = theirs[k][1]",
    ),
    _fault(
        "what left a list before still counts as taken behind",
        "engine/unfold.py",
        "return subtract(terms, exits, self._limits.entries) if exits else terms",
        "return terms",
    ),
    _fault(
        "a covering set keeps members that can be left out",
        "engine/evidence.py",
        "if all(_replaceable(local, rules, rule, rest) for local, rules in problems):",
        "if not problems:",
    ),
    _fault(
        "the first of several generalizations is not looked for",
        "engine/instances.py",
        "sorted(rules))",
        "sorted(rules, reverse=True))",
    ),
    _fault(
        "an unknown answer counts as a difference when lists are compared",
        "engine/rewire.py",
        "        if _OPEN in (one, two):\n            return False\n",
        "",
    ),
    _fault(
        "rules that log count as deciding",
        "engine/unfold.py",
        "if verb in DECIDING or (verb is Verb.RETURN and frame.base):",
        "if verb in DECIDING or verb is Verb.CONTINUE or (verb is Verb.RETURN and frame.base):",
    ),
    _fault(
        "a rule inside others of a list without order is called covered",
        "engine/judge.py",
        "if policy.ordered or verdict.kind is not Kind.COVERED:",
        "if verdict.kind is not Kind.EMPTY:",
    ),
    _fault(
        "rules with the same outcome count as shadowing a part of a rule",
        "engine/partial.py",
        "must[may] & deciding & (table.row_outcome[rows] != mine)",
        "must[may] & deciding",
    ),
    _fault(
        "a row that holds a box on all axes but two counts as holding it on all but one",
        "engine/parts.py",
        "slab = piece.whole.sum(axis=1) - piece.whole[:, column] == len(self._space.axes) - 1",
        "slab = piece.whole.sum(axis=1) - piece.whole[:, column] >= len(self._space.axes) - 2",
    ),
    _fault(
        "rules are merged although one of them cannot move to the others",
        "engine/merge.py",
        "members = np.flatnonzero(left & (low <= place) & (place <= high))",
        "members = np.flatnonzero(left)",
    ),
)
