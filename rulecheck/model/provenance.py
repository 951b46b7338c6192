"""Where a value was written: the citation that every finding can show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in an input file.

    ``line`` is 1-based. ``text`` is the source as written with secrets removed.
    ``path`` names the object groups on the way from the rule to the value, outermost first.
    """

    file: str
    line: int
    text: str
    path: tuple[str, ...] = ()
