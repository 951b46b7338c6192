"""The service column: services, service groups and applications as an operand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.checkpoint.catalogue import Item, key_of, shown_name
from parsers.checkpoint.complement import complement
from parsers.checkpoint.context import Context
from parsers.checkpoint.members import GROUP_KINDS, Flattener, Leaf
from parsers.checkpoint.mixed import services_or
from parsers.checkpoint.ports import service
from parsers.checkpoint.predefined import predefined
from parsers.json_text import JsonNode
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.match import Alternative, Constraint, Service, Services
from rulecheck.model.names import name_set

_NAMES = DOMAIN[Field.APPLICATION]


@dataclass(frozen=True, slots=True)
class ServiceColumn:
    """What a service column matches: services (None: all), applications, or a choice between both."""

    services: Services | None = None
    constraint: Constraint | None = None
    choice: tuple[Alternative, ...] = ()


class ServiceObjects:
    """Resolves services. Results are kept and shared by all rules that name the same objects."""

    def __init__(self, context: Context, flattener: Flattener) -> None:
        self._context = context
        self._flattener = flattener
        self._leaves: dict[str, tuple[Leaf, ...]] = {}
        self._single: dict[str, Service] = {}
        self._columns: dict[tuple[tuple[str, ...], bool], ServiceColumn] = {}

    def column(self, column: Sequence[JsonNode], *, negated: bool, line: int) -> ServiceColumn:
        """Return what a rule's column matches."""
        keys = tuple(key_of(one) for one in column)
        found = self._columns.get((keys, negated))
        if found is None:
            leaves = [leaf for key, one in zip(keys, column, strict=True) for leaf in self._named(key, one.line)]
            label = ", ".join(shown_name(self._item(key), key) for key in keys)
            found = self._columns[keys, negated] = self._column(leaves, label, line, negated=negated)
        return found

    def of_item(self, item: Item) -> Services | None:
        """Return the content of a service or service group, shared with the rules that name it alone."""
        found = self._columns.get(((item.uid,), False))
        if found is None:
            name = shown_name(item, item.uid)
            found = self._columns[(item.uid,), False] = self._column(self._of(item), name, item.line, negated=False)
        return found.services

    def _item(self, key: str) -> Item | None:
        return self._context.catalogue.get(key) or predefined(key)

    def _column(self, leaves: Sequence[Leaf], label: str, line: int, *, negated: bool) -> ServiceColumn:
        if any(leaf.item is not None and leaf.item.kind == "CpmiAnyObject" for leaf in leaves):
            return ServiceColumn(Services(f"not {label}", ())) if negated else ServiceColumn()
        label = f"not {label}" if negated else label
        names = [leaf.item.name for leaf in leaves if leaf.item is not None and _is_plain_application(leaf.item)]
        found = [self._service(leaf) for leaf in leaves if leaf.item is None or not _is_plain_application(leaf.item)]
        origin = self._context.origin(line, label)
        constraint = None
        if names:
            values = name_set(*names)
            constraint = Constraint(Field.APPLICATION, _NAMES - values if negated else values, label, origin)
        if negated:
            services = Services(label, complement(found, label, origin)) if found else None
            return ServiceColumn(services, constraint)
        if constraint is None:
            return ServiceColumn(Services(label, tuple(found)))
        if not found:
            return ServiceColumn(None, constraint)
        return ServiceColumn(Services(label, (Service(label, origin),)), choice=services_or(found, constraint))

    def _named(self, key: str, line: int) -> tuple[Leaf, ...]:
        item = self._item(key)
        return self._of(item) if item is not None else (Leaf(None, key, line, ()),)

    def _of(self, item: Item) -> tuple[Leaf, ...]:
        if item.kind not in GROUP_KINDS:
            return (Leaf(item, item.uid, item.line, ()),)
        found = self._leaves.get(item.uid)
        if found is None:
            flat = self._flattener.flatten(item)
            doubts = [self._context.cycle(one) for one in flat.cycles]
            doubts += [
                self._context.malformed(one, "its members are not in the file", "RC603") for one in flat.unlisted
            ]
            if flat.oversized is not None:
                doubts.append(self._context.malformed(item, "it has too many members to unfold", "RC602"))
            for one in doubts:
                self._single[one.key] = Service(item.name, one.origin, condition=one)
            found = (*flat.leaves, *(Leaf(None, one.key, item.line, ()) for one in doubts))
            self._leaves[item.uid] = found
        return found

    def _service(self, leaf: Leaf) -> Service:
        key = leaf.item.uid if leaf.item is not None else leaf.key
        found = self._single.get(key)
        if found is None:
            known = leaf.item or predefined(leaf.key)
            if known is not None:
                found = service(self._context, known)
            else:
                condition = self._context.undefined(leaf.key, leaf.line)
                found = Service(shown_name(None, leaf.key), condition.origin, condition=condition)
            self._single[key] = found
        return replace(found, origin=replace(found.origin, path=leaf.path)) if leaf.path else found


def _is_plain_application(item: Item) -> bool:
    """Return whether an object is an application of Check Point's own, of which a connection has one."""
    if item.kind != "application-site" or item.node is None:
        return False
    return item.builtin or item.node.flag("user-defined") is False
