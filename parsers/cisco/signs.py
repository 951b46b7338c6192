"""Detection: how strongly the lines of a text look like a platform."""

from __future__ import annotations

import re
from collections.abc import Iterable

LINES_READ = 20_000
"""Detection looks at this many lines from the start, and from each at the first :data:`WIDTH` characters."""

WIDTH = 200


class Signs:
    """Kinds of evidence, each a weight and a pattern for the start of a line; evidence of others counts against.

    A pattern must not have capturing groups. Each kind counts once, a line for the first kind that it fits.
    """

    def __init__(self, signs: Iterable[tuple[int, str]]) -> None:
        listed = list(signs)
        self._weights = [weight for weight, _ in listed]
        self._either = re.compile("|".join(f"({regex})" for _, regex in listed))

    def score(self, lines: Iterable[str]) -> int:
        """Return the sum of the weights that are found, within 0 and 100."""
        found: set[int] = set()
        match = self._either.match
        for number, line in enumerate(lines):
            if number >= LINES_READ:
                break
            if line and (sign := match(line, 0, WIDTH)) is not None and sign.lastindex is not None:
                found.add(sign.lastindex)
        return max(0, min(100, sum(self._weights[index - 1] for index in found)))
