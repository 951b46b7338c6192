"""Calls between chains: which of them close a loop."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Place = TypeVar("Place", bound=Hashable)


def back_edges(calls: Mapping[str, Sequence[tuple[Place, str]]]) -> frozenset[tuple[str, Place]]:
    """Return the calls (chain, place) that close a loop, found by depth-first search without recursion.

    ``calls`` gives the (place, called chain) pairs of every chain; each called chain must be among its keys.
    """
    state: dict[str, int] = {}
    found: set[tuple[str, Place]] = set()
    for start in calls:
        if start in state:
            continue
        state[start] = 1
        stack = [(start, iter(calls[start]))]
        while stack:
            name, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                state[name] = 2
                stack.pop()
            elif state.get(step[1]) == 1:
                found.add((name, step[0]))
            elif step[1] not in state:
                state[step[1]] = 1
                stack.append((step[1], iter(calls[step[1]])))
    return frozenset(found)
