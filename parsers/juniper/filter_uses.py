"""Where firewall filters are applied: interfaces, forwarding tables, routing instances, VLANs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from parsers.juniper.tree import INHERITANCE, Node

_DIRECTIONS = {
    "input": "input",
    "output": "output",
    "input-list": "input",
    "output-list": "output",
    "input-chain": "input",
    "output-chain": "output",
}
_SECTIONS = ("interfaces", "forwarding-options", "vlans", "bridge-domains", "routing-instances", "routing-options")


@dataclass(frozen=True, slots=True)
class FilterUse:
    """One place where a filter, or a list of filters, is applied."""

    family: str
    names: tuple[Node, ...]
    place: str
    is_list: bool


def filter_uses(system: Node) -> list[FilterUse]:
    """Return the uses of filters in the sections of one system."""
    found: list[FilterUse] = []
    for section in _SECTIONS:
        node = system.children.get(section)
        if node is not None and node.active:
            found.extend(_below(node))
    return found


def _below(section: Node) -> Iterator[FilterUse]:
    stack = [section]
    while stack:
        node = stack.pop()
        if not node.active or node.word in INHERITANCE:
            continue
        if node.word == "filter" and node.parent is not None:
            yield from _applied(node)
        else:
            stack.extend(reversed(node.children.values()))


def _applied(node: Node) -> Iterator[FilterUse]:
    """Read ``filter { input F; }``, ``filter { input-list [ F G ]; }``."""
    path = node.path()
    family = _family(path)
    place = _place(path)
    for one in node.children.values():
        direction = _DIRECTIONS.get(one.word)
        if direction is None or not one.active:
            continue
        one.take()
        names = tuple(each for each in _names(one) if each.active)
        for each in names:
            each.take()
        listed = one.word.endswith(("-list", "-chain"))
        if names:
            yield FilterUse(family, names if listed else names[-1:], f"{place} {direction}", listed)


def _names(node: Node) -> Iterator[Node]:
    for one in node.children.values():
        if one.word in INHERITANCE:
            continue
        if one.word == "filter-name":
            yield from one.children.values()
        else:
            yield one


def _family(path: list[str]) -> str:
    """Return the family below which a filter is applied; none means every family on a unit, else IPv4."""
    for place in range(len(path) - 2, 0, -1):
        if path[place - 1] == "family":
            return path[place]
    return "any" if "unit" in path else "inet"


def _place(path: list[str]) -> str:
    """Return a place in words: ``ge-0/0/0.0`` for a unit, the path elsewhere."""
    if "interfaces" in path and "unit" in path:
        at = len(path) - 1 - path[::-1].index("interfaces")
        unit = path.index("unit", at) if "unit" in path[at:] else 0
        if 0 < unit < len(path) - 1 and at + 1 < len(path):
            return f"{path[at + 1]}.{path[unit + 1]}"
    return " ".join(path[:-1])
