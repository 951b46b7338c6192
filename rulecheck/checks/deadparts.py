"""Members of a rule's operands that never matter, in words."""

from __future__ import annotations

from rulecheck.checks.subject import Subject

_NAMED = 3
"""How many members a message names before it counts the rest."""


def dead_words(subject: Subject) -> str:
    """Return sentences about the dead members of a rule, empty where it has none."""
    dead = subject.verdict.dead_parts
    said = [
        f"{one.operand.capitalize()} {one.text} in it is already taken by {subject.places(one.takers)}."
        for one in dead[:_NAMED]
    ]
    rest = len(dead) - len(said)
    if rest > 0:
        said.append(f"So {'is 1 more member' if rest == 1 else f'are {rest:,} more members'} of its operands.")
    return " ".join(said)
