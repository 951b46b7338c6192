"""What can be wrong with a question."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class QuestionError(ValueError):
    """A question cannot be asked as it is written. The message is one sentence that says what to write instead.

    ``where`` names the operand (``source``, ``policy``).
    """

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


def hint(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return "did you mean …?" where a known word is close, else another remedy."""
    names = list(known)
    folded = {name.casefold(): name for name in reversed(names)}
    close = [folded[one] for one in get_close_matches(word.casefold(), folded, n=3)]
    return f"did you mean {' or '.join(close)}?" if close else otherwise


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return names as a list in words, cut off where there are many."""
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more
