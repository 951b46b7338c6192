"""Changes of a configuration that keep most of its structure: to lines, to words, and to parts of words."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

_SPLIT = re.compile(r"(\s+|[<>{}\[\]\",;=:/()])")


def mutate(text: str, words: Sequence[str], chance: random.Random) -> str:
    """Return the text with one to four changes."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        chance.choice(_CHANGES)(lines, words, chance)
        if not lines:
            lines.append("")
    return "\n".join(lines)


def _place(lines: Sequence[str], chance: random.Random) -> int:
    return chance.randrange(len(lines))


def _drop(lines: list[str], words: Sequence[str], chance: random.Random) -> None:  # noqa: ARG001
    start = _place(lines, chance)
    del lines[start : start + chance.choice((1, 1, 1, 5, 50))]


def _double(lines: list[str], words: Sequence[str], chance: random.Random) -> None:  # noqa: ARG001
    start = _place(lines, chance)
    part = lines[start : start + chance.choice((1, 1, 3, 20))]
    target = _place(lines, chance)
    lines[target:target] = part


def _move(lines: list[str], words: Sequence[str], chance: random.Random) -> None:  # noqa: ARG001
    line = lines.pop(_place(lines, chance))
    lines.insert(chance.randint(0, len(lines)), line)


def _cut(lines: list[str], words: Sequence[str], chance: random.Random) -> None:  # noqa: ARG001
    at = _place(lines, chance)
    lines[at] = lines[at][: chance.randint(0, len(lines[at]))]


def _end(lines: list[str], words: Sequence[str], chance: random.Random) -> None:  # noqa: ARG001
    del lines[chance.randint(1, len(lines)) :]


def _join(lines: list[str], words: Sequence[str], chance: random.Random) -> None:  # noqa: ARG001
    at = _place(lines, chance)
    lines[at : at + 2] = [chance.choice((" ", "")).join(lines[at : at + 2])]


def _indent(lines: list[str], words: Sequence[str], chance: random.Random) -> None:  # noqa: ARG001
    at = _place(lines, chance)
    lines[at] = chance.choice(("", " ", "    ", "\t")) + lines[at].lstrip()


def _swap_word(lines: list[str], words: Sequence[str], chance: random.Random) -> None:
    _edit(lines, chance, lambda parts, at: parts.__setitem__(at, chance.choice(words)))


def _borrow_word(lines: list[str], words: Sequence[str], chance: random.Random) -> None:  # noqa: ARG001
    other = _SPLIT.split(lines[_place(lines, chance)])
    _edit(lines, chance, lambda parts, at: parts.__setitem__(at, chance.choice(other)))


def _drop_word(lines: list[str], words: Sequence[str], chance: random.Random) -> None:  # noqa: ARG001
    _edit(lines, chance, lambda parts, at: parts.__delitem__(at))


def _add_word(lines: list[str], words: Sequence[str], chance: random.Random) -> None:
    _edit(lines, chance, lambda parts, at: parts.insert(at, f" {chance.choice(words)} "))


def _garble(lines: list[str], words: Sequence[str], chance: random.Random) -> None:  # noqa: ARG001
    at = _place(lines, chance)
    spot = chance.randint(0, len(lines[at]))
    lines[at] = lines[at][:spot] + chr(chance.choice((chance.randint(0x20, 0x7E), chance.randint(1, 0x3000)))) + (
        lines[at][spot + chance.randint(0, 2) :]
    )  # fmt: skip


def _edit(lines: list[str], chance: random.Random, change: Callable[[list[str], int], None]) -> None:
    at = _place(lines, chance)
    parts = _SPLIT.split(lines[at])
    change(parts, chance.randrange(len(parts)))
    lines[at] = "".join(parts)


_CHANGES = (
    _drop, _double, _move, _cut, _end, _join, _indent, _swap_word, _swap_word, _borrow_word, _borrow_word, _drop_word,
    _add_word, _add_word, _garble,
)  # fmt: skip
