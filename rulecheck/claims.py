"""What a report claims, in terms of the configuration as the checker has parsed it anew."""

from __future__ import annotations

from typing import NamedTuple

Owner = tuple[int, int]
"""The number of a policy, and the index of a rule in it."""

NOBODY: Owner = (-1, -1)
"""Stands for defaults and implicit rules."""


KINDS = frozenset({"live", "empty", "shadowed", "covered", "redundant", "partially_shadowed"})
"""The claims about a rule for which it is defined what proves them."""


class RejectedError(Exception):
    """A claim is not proven; the text says why."""


class Claim(NamedTuple):
    """A report's verdict on a rule, and the rules that it cites: who takes its packets, who with another outcome."""

    kind: str
    rule: Owner
    by: frozenset[Owner] = frozenset()
    conflict: Owner | None = None


def demand(holds: object, otherwise: str) -> None:
    """Reject the claim unless something holds.

    Raises:
        RejectedError: it does not; ``otherwise`` says what that means.
    """
    if not holds:
        raise RejectedError(otherwise)
