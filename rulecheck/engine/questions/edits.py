"""Policies after an edit: rules removed, moved, inserted. Every position is one before any edit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rulecheck.engine.unfold import callees, roots
from rulecheck.model.device import Policy
from rulecheck.model.rule import Rule


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete the rule at ``index`` of policy number ``policy``."""

    policy: int
    index: int


@dataclass(frozen=True, slots=True)
class Move:
    """Put the rule at ``index`` before the one that is at ``before``; the number of rules means the end."""

    policy: int
    index: int
    before: int


@dataclass(frozen=True, slots=True)
class Insert:
    """Put a new rule before the one that is at ``before``; the number of rules means the end."""

    policy: int
    before: int
    rule: Rule


Edit = Remove | Move | Insert


def edited(policies: Sequence[Policy], edits: Iterable[Edit]) -> tuple[Policy, ...]:
    """Return the policies after all edits, with the rules numbered anew.

    Raises:
        ValueError: there is no rule at a position, or two edits concern the same rule. The message says which.
    """
    wanted: dict[int, list[Edit]] = {}
    for edit in edits:
        wanted.setdefault(edit.policy, []).append(edit)
    return tuple(
        _edited(policy, wanted[number]) if number in wanted else policy for number, policy in enumerate(policies)
    )


def _edited(policy: Policy, edits: Sequence[Edit]) -> Policy:
    count = len(policy.rules)
    gone: set[int] = set()
    slots: dict[int, list[Rule]] = {}
    for edit in edits:
        if isinstance(edit, (Remove, Move)):
            _check(policy, edit.index, count - 1)
            if edit.index in gone:
                raise ValueError(f"rule #{edit.index} of {policy.name} is to be removed or moved twice")
            gone.add(edit.index)
        if isinstance(edit, (Move, Insert)):
            _check(policy, edit.before, count)
            new = policy.rules[edit.index] if isinstance(edit, Move) else edit.rule
            slots.setdefault(edit.before, []).append(new)
    rules: list[Rule] = []
    for place in range(count + 1):
        rules.extend(slots.get(place, ()))
        if place < count and place not in gone:
            rules.append(policy.rules[place])
    return replace(policy, rules=tuple(replace(rule, index=index) for index, rule in enumerate(rules)))


def _check(policy: Policy, index: int, highest: int) -> None:
    if not 0 <= index <= highest:
        rules = f"the positions go from #0 to #{highest}" if highest >= 0 else "it has no rules"
        raise ValueError(f"{policy.name} has no position #{index}: {rules}")


def affected_roots(policies: Sequence[Policy], after: Sequence[Policy], changed: Iterable[int]) -> tuple[int, ...]:
    """Return the lists at which a comparison has to start, so that every way into the changed lists is followed.

    These are the lists that packets enter; a changed list to which no such way leads is looked at by itself.
    """
    wanted = set(changed)
    starts = [root for root, real in roots(policies) if real]
    found = {root for root in starts if (callees(policies, root) | callees(after, root)) & wanted}
    reached = {number for root in found for number in callees(policies, root) | callees(after, root)}
    return tuple(sorted(found | (wanted - reached)))
