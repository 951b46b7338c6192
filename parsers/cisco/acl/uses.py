"""How a platform's commands name access lists and objects: patterns, and what they find."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.cisco.blocks import Block

NAME = r"([^\s()]+)"

EITHER = 0
"""The family of a use that can name an IPv4 or an IPv6 list."""

_WIDTH = 1000
_OBJECT = re.compile(r"(?:^|\s)(object-group|addrgroup|portgroup|net-group|port-group|time-range) (\S+)", re.IGNORECASE)
_LABEL_WORDS = 5


@dataclass(frozen=True, slots=True)
class Use:
    """One reference to an access list. ``where`` is the text for reports ("vty 0 4 in")."""

    family: int
    name: str
    where: str
    line: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A command that names a list: group 1 holds the names of one or more lists.

    ``where`` is filled with {at}, the block, and {2}, the second group (the direction).
    """

    regex: re.Pattern[str]
    where: str
    family: int = 4


def pattern(regex: str, where: str, family: int = 4) -> Pattern:
    """Return a pattern for the whole text of a command, in any case."""
    return Pattern(re.compile(regex, re.IGNORECASE), where, family)


def label(head: list[str]) -> str:
    """Return how a block that matches with lists is called: without words that only select its type."""
    kept = [word for word in head if word not in ("match-any", "match-all", "permit", "deny", "ipsec-isakmp")]
    return " ".join(kept[:_LABEL_WORDS])


def found_by(patterns: Sequence[Pattern], block: Block, at: str, *, all_of_them: bool = False) -> Iterator[Use]:
    """Yield the uses that the first fitting pattern (or ``all_of_them``) finds in one command."""
    text = " ".join(block.text[:_WIDTH].split())
    for one in patterns:
        found = one.regex.match(text)
        if not found:
            continue
        groups = [group or "" for group in found.groups()]
        where = one.where.replace("{at}", at).replace("{2}", groups[1] if len(groups) > 1 else "").strip()
        for name in groups[0].split():
            yield Use(one.family, name, where, block.line)
        if not all_of_them:
            return


def objects_named(block: Block) -> Iterator[tuple[str, str]]:
    """Yield the words that introduce an object in a command, each with the object's name."""
    for word, name in _OBJECT.findall(block.text[:_WIDTH]):
        yield word.lower(), name
