"""The source and destination columns: objects, groups and groups with exclusion as address operands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.checkpoint.catalogue import Item, cells, key_of, shown_name
from parsers.checkpoint.context import Context
from parsers.checkpoint.hosts import elements
from parsers.checkpoint.members import GROUP_KINDS, Flat, Flattener, Leaf
from parsers.json_text import JsonNode
from rulecheck.model.fields import ADDRESS_ALL
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Condition, Element

EXCLUSION = "group-with-exclusion"

_MOST_CONDITIONS = 8
"""A negated operand with more conditional members than this is put under one condition: its complement would have
twice as many parts with each of them."""


_SIDES = ("include", "except")


class Networks:
    """Resolves network objects. Results are kept and shared by all rules that name the same objects."""

    def __init__(self, context: Context, flattener: Flattener) -> None:
        self._context = context
        self._flattener = flattener
        self._content: dict[str, tuple[Element, ...]] = {}
        self._flats: dict[str, Flat] = {}
        self._operands: dict[tuple[tuple[str, ...], bool], Addresses] = {}

    def operand(self, column: Sequence[JsonNode], *, negated: bool = False) -> Addresses:
        """Return the operand of a rule's column."""
        keys = tuple(key_of(one) for one in column)
        found = self._operands.get((keys, negated))
        if found is None:
            parts = tuple(part for key, one in zip(keys, column, strict=True) for part in self._named(key, one.line))
            label = ", ".join(shown_name(self._context.catalogue.get(key), key) for key in keys)
            if negated:
                parts = _few_conditions(parts, label)
            found = self._operands[keys, negated] = Addresses(label, parts, negated=negated)
        return found

    def of_item(self, item: Item) -> Addresses:
        """Return the content of an object, shared with the rules that name it alone."""
        found = self._operands.get(((item.uid,), False))
        if found is None:
            found = Addresses(shown_name(item, item.uid), self.content(item))
            self._operands[(item.uid,), False] = found
        return found

    def _named(self, key: str, line: int) -> tuple[Element, ...]:
        item = self._context.catalogue.get(key)
        if item is None:
            condition = self._context.undefined(key, line)
            return (Element(shown_name(None, key), ADDRESS_ALL, condition.origin, condition),)
        return self.content(item)

    def content(self, item: Item) -> tuple[Element, ...]:
        """Return the elements of an object or group, resolving what it is made of first."""
        waiting = [(item, iter(self._needs(item)))] if item.uid not in self._content else []
        around = {item.uid}
        while waiting:
            top, needs = waiting[-1]
            inner = next(needs, None)
            if inner is None:
                waiting.pop()
                around.discard(top.uid)
                self._finish(top)
            elif inner.uid in around:
                condition = self._context.cycle(inner)
                self._content[inner.uid] = (Element(inner.name, ADDRESS_ALL, condition.origin, condition),)
            elif inner.uid not in self._content:
                around.add(inner.uid)
                waiting.append((inner, iter(self._needs(inner))))
        return self._content[item.uid]

    def _needs(self, item: Item) -> list[Item]:
        """Return what has to be resolved before an object."""
        if item.kind == EXCLUSION:
            keys = [key_of(one) for side in _SIDES for one in _side(item, side)]
            found = [self._context.catalogue.get(key) for key in keys]
        elif _is_group(item):
            flat = self._flats[item.uid] = self._flattener.flatten(item)
            found = [leaf.item for leaf in flat.leaves if leaf.item is not None and leaf.item.kind == EXCLUSION]
        else:
            found = []
        return [one for one in dict.fromkeys(found) if one is not None]

    def _finish(self, item: Item) -> None:
        if item.uid in self._content:
            return
        if item.kind == EXCLUSION:
            self._content[item.uid] = self._exclusion(item)
        elif _is_group(item):
            flat = self._flats.pop(item.uid)
            found = [part for leaf in flat.leaves for part in self._leaf(leaf)]
            self._content[item.uid] = (*found, *self._doubts(item, flat))
        else:
            self._content[item.uid] = elements(self._context, item)

    def _leaf(self, leaf: Leaf) -> list[Element]:
        if leaf.item is None:
            found = self._named(leaf.key, leaf.line)
        elif leaf.item.uid in self._content:
            found = self._content[leaf.item.uid]
        else:
            found = self._content[leaf.item.uid] = elements(self._context, leaf.item)
        return [replace(one, origin=replace(one.origin, path=leaf.path)) for one in found]

    def _doubts(self, item: Item, flat: Flat) -> list[Element]:
        conditions = [self._context.cycle(one) for one in flat.cycles]
        conditions += [
            self._context.malformed(one, "its members are not in the file", "RC603") for one in flat.unlisted
        ]
        if flat.oversized is not None:
            conditions.append(self._context.malformed(item, "it has too many members to unfold", "RC602"))
        return [Element(item.name, ADDRESS_ALL, one.origin, one) for one in conditions]

    def _exclusion(self, item: Item) -> tuple[Element, ...]:
        sides: list[tuple[Element, ...]] = []
        for side in _SIDES:
            columns = _side(item, side)
            if len(columns) != 1:
                condition = self._context.malformed(item, f"its part '{side}' is missing")
                return (Element(item.name, ADDRESS_ALL, condition.origin, condition),)
            key = key_of(columns[0])
            inner = self._context.catalogue.get(key)
            sides.append(self._content[inner.uid] if inner is not None else self._named(key, columns[0].line))
        return tuple(self._without(item, *sides))

    def _without(self, item: Item, include: Sequence[Element], exclude: Sequence[Element]) -> list[Element]:
        """Return ``include`` without ``exclude``; what only may be excluded stays under a condition."""
        name = shown_name(item, item.uid)
        exact = IntervalSet.union_of(one.values for one in exclude if one.condition is None)
        doubtful = IntervalSet.union_of(one.values for one in exclude if one.condition is not None)
        reason = f"what {name} excludes is not known exactly"
        found = []
        for one in include:
            path = (name, *one.origin.path)
            element = replace(one, values=one.values - exact, origin=replace(one.origin, path=path))
            certain, open_ones = element.values - doubtful, element.values & doubtful
            if certain:
                found.append(replace(element, values=certain))
            if open_ones:
                key = f"{EXCLUSION}:{name}" if one.condition is None else f"{EXCLUSION}:{name}:{one.condition.key}"
                condition = Condition(key, reason, self._context.origin_of(item))
                found.append(replace(element, values=open_ones, condition=condition))
        return found


def _is_group(item: Item) -> bool:
    return item.kind in GROUP_KINDS and item.kind != "user-group"


def _side(item: Item, side: str) -> list[JsonNode]:
    return cells(item.node.get(side)) if item.node is not None else []


def _few_conditions(parts: tuple[Element, ...], label: str) -> tuple[Element, ...]:
    conditional = [one for one in parts if one.condition is not None]
    if len(conditional) <= _MOST_CONDITIONS:
        return parts
    values = IntervalSet.union_of(one.values for one in conditional)
    keys = " or ".join(sorted({one.condition.key for one in conditional if one.condition is not None}))
    origin = conditional[0].origin
    condition = Condition(f"any of {keys}", f"which addresses {label} stands for is not known exactly", origin)
    exact = tuple(one for one in parts if one.condition is None)
    return (*exact, Element(label, values, origin, condition))
