"""Conditions that can be settled without looking at packets: pure literals.

A question of the form "can this packet escape these rows?" may choose the truth of every free condition. Where
a condition appears with one sign only, the choice is plain: against the rows that stand in the way, and in favour
of those that help.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def settle_free(
    given: Mapping[str, bool], needs: Sequence[Mapping[str, bool]], helps: Sequence[bool]
) -> tuple[list[Mapping[str, bool]], list[int]]:
    """Settle conditions that appear with one sign, on rows that all stand in the way or all help.

    ``needs`` are the conditions of each row, ``given`` those that are fixed. Returns the rows' remaining
    conditions, and the numbers of the rows that remain.
    """
    left: dict[int, Mapping[str, bool]] = dict(enumerate(needs))
    while True:
        uses: dict[str, set[tuple[bool, bool]]] = {}
        for row, need in left.items():
            for key, holds in need.items():
                if key not in given:
                    uses.setdefault(key, set()).add((holds, helps[row]))
        pure = {key for key, found in uses.items() if len(found) == 1}
        if not pure:
            return list(left.values()), list(left)
        left = {
            row: {key: holds for key, holds in need.items() if key not in pure} if need else need
            for row, need in left.items()
            if helps[row] or not any(key in pure for key in need)
        }
