"""Groups as flat lists of members, each with the path of groups that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.checkpoint.catalogue import Catalogue, Item, cells, key_of, shown_name
from parsers.json_text import JsonNode

GROUP_KINDS = frozenset({"group", "service-group", "application-site-group", "time-group", "user-group"})

MAX_MEMBERS = 3_000_000
"""Members that all groups of one file may unfold to; groups beyond that stay unresolved."""

_PATH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Leaf:
    """A member that is no group. ``item`` is None where nothing in the file has that uid or name."""

    item: Item | None
    key: str
    line: int
    path: tuple[str, ...]


@dataclass(slots=True)
class Flat:
    """The members of a group.

    ``cycles`` are groups that contain themselves, ``unlisted`` those without members in the file, ``oversized`` the
    one that was too large to unfold.
    """

    leaves: list[Leaf] = field(default_factory=list)
    cycles: list[Item] = field(default_factory=list)
    unlisted: list[Item] = field(default_factory=list)
    oversized: Item | None = None


class Flattener:
    """Unfolds groups of any kind without recursion. A group that is reached twice counts once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._left = MAX_MEMBERS

    def flatten(self, group: Item) -> Flat:
        """Return everything that a group contains."""
        flat = Flat()
        seen, around = {group.uid}, {group.uid}
        pending: list[tuple[Item, tuple[str, ...], Iterator[JsonNode]]] = [_enter(group, (), flat)]
        while pending:
            owner, path, members = pending[-1]
            member = next(members, None)
            if member is None:
                pending.pop()
                around.discard(owner.uid)
                continue
            self._left -= 1
            if self._left < 0:
                flat.oversized = group
                break
            key = key_of(member)
            inner = self._catalogue.get(key)
            if inner is None or inner.kind not in GROUP_KINDS:
                flat.leaves.append(Leaf(inner, key, member.line, path))
            elif inner.uid in around:
                flat.cycles.append(inner)
            elif inner.uid not in seen:
                seen.add(inner.uid)
                around.add(inner.uid)
                pending.append(_enter(inner, path, flat))
        return flat


def _enter(group: Item, path: tuple[str, ...], flat: Flat) -> tuple[Item, tuple[str, ...], Iterator[JsonNode]]:
    members = group.node.get("members") if group.node is not None else None
    if members is None:
        flat.unlisted.append(group)
    inner = (*path, shown_name(group, group.uid)) if len(path) < _PATH_SHOWN else path
    return group, inner, iter(cells(members))
