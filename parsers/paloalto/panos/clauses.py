"""Splitting a command that says several things at once into one path for each.

``show`` prints one value for each command; people also write ``set rulebase security rules r from a to b``.
"""

from __future__ import annotations

from collections.abc import Iterator

Token = str | list[str]
Clause = tuple[list[str], list[str] | None]
"""A path, and the list of values behind it where it ends with a list in brackets."""

_TAGGED = frozenset({"description", "tag"})
_RULE = frozenset(
    {
        *("from", "to", "source", "destination", "source-user", "category", "application", "service", "action"),
        *("hip-profiles", "source-hip", "destination-hip", "log-start", "log-end", "log-setting", "negate-source"),
        *("negate-destination", "disabled", "rule-type", "schedule", "icmp-unreachable", "group-tag"),
        *_TAGGED,
    }
)
_OBJECTS = {
    "address": _TAGGED | {"ip-netmask", "ip-range", "ip-wildcard", "fqdn"},
    "address-group": _TAGGED | {"static"},
    "service": _TAGGED,
    "service-group": _TAGGED | {"members"},
    "application-group": _TAGGED | {"members"},
}
LEAVES = _RULE.union(*_OBJECTS.values())
"""Keys that take one value or one list."""

_RULEBASES = frozenset({"rulebase", "pre-rulebase", "post-rulebase"})
_PORTS = ("port", "source-port")


def split_clauses(words: list[Token]) -> list[Clause] | None:
    """Return the clauses of a command whose path begins at the root, None where it cannot be understood."""
    start, leaves = _entry(words)
    head, tail = words[:start], words[start:]
    path = [word for word in head if isinstance(word, str)]
    if len(path) != len(head):
        return _whole(words)
    clauses: list[Clause] = []
    for part in _parts(tail, leaves):
        clause = _clause(path, part)
        if clause is None:
            return None
        clauses.append(clause)
    return clauses or [(path, None)]


def _whole(words: list[Token]) -> list[Clause] | None:
    clause = _clause([], words)
    return None if clause is None else [clause]


def _clause(path: list[str], part: list[Token]) -> Clause | None:
    """Return a path with its values; a list may only stand at the end."""
    *middle, last = part
    names = [word for word in middle if isinstance(word, str)]
    if len(names) != len(middle):
        return None
    return ([*path, *names, last], None) if isinstance(last, str) else ([*path, *names], last)


def _entry(words: list[Token]) -> tuple[int, frozenset[str]]:
    """Return where the clauses of a rule or object begin, and which keys take one value there."""
    start = _scope(words)
    section = words[start] if start < len(words) else ""
    if not isinstance(section, str):
        return len(words), frozenset()
    if section in _OBJECTS:
        return start + 2, frozenset(_OBJECTS[section])
    if section in _RULEBASES and words[start + 2 : start + 3] == ["rules"]:
        return start + 4, _RULE
    return len(words) - 1, frozenset()


def _scope(words: list[Token]) -> int:
    """Return where the sections of a scope begin."""
    match words:
        case ["shared", *_]:
            return 1
        case ["policy", "panorama", *_]:
            return 2
        case ["devices", _, "vsys" | "device-group", _, *_]:
            return 4
        case _:
            return len(words)


def _parts(tail: list[Token], leaves: frozenset[str]) -> Iterator[list[Token]]:
    position = 0
    while position < len(tail):
        key = tail[position]
        if key == "protocol" and len(tail) > position + 3 and tail[position + 2] in _PORTS:
            begin = tail[position : position + 2]
            position += 2
            while tail[position : position + 1] and tail[position] in _PORTS:
                yield [*begin, *tail[position : position + 2]]
                position += 2
        elif isinstance(key, str) and key in leaves:
            yield tail[position : position + 2]
            position += 2
        else:
            yield tail[position:]
            return
