"""What the file defines, and who uses it outside the access rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parsers.checkpoint.catalogue import Item, cells, key_of, shown_name
from parsers.checkpoint.context import Context
from parsers.checkpoint.hosts import UNKNOWN_MEMBERS
from parsers.checkpoint.members import GROUP_KINDS
from parsers.checkpoint.networks import EXCLUSION, Networks
from parsers.checkpoint.rulebase import Rulebase
from parsers.checkpoint.services import ServiceObjects
from rulecheck.model.device import ObjectDefinition, ObjectUse
from rulecheck.model.match import Addresses, Services

_ADDRESSES = frozenset({"host", "network", "address-range", "multicast-address-range", "wildcard", "group", EXCLUSION})
_OTHERS = frozenset({"time", "time-group", "access-role", "security-zone", "dynamic-object", "dns-domain"})
_NAT_COLUMNS = (
    "original-source", "original-destination", "original-service",
    "translated-source", "translated-destination", "translated-service", "install-on",
)  # fmt: skip


def definitions(context: Context, networks: Networks, services: ServiceObjects) -> Iterator[ObjectDefinition]:
    """Yield the objects that administrators define, in the order of the file."""
    own = [one for one in context.catalogue.items.values() if not one.builtin and one.node is not None]
    for item in sorted(own, key=lambda one: (one.line, one.kind, one.name)):
        content = _content(item, networks, services)
        if content is not None or item.kind in _OTHERS or item.kind in UNKNOWN_MEMBERS:
            name = shown_name(item, item.uid)
            yield ObjectDefinition(name, item.kind, context.origin_of(item), _members(context, item), content)


def _content(item: Item, networks: Networks, services: ServiceObjects) -> Addresses | Services | None:
    if item.kind in _ADDRESSES:
        return networks.of_item(item)
    return services.of_item(item) if item.kind.startswith("service-") else None


def _members(context: Context, item: Item) -> tuple[str, ...]:
    columns = [("members",), ("include", "except")][item.kind == EXCLUSION]
    if (item.kind not in GROUP_KINDS and item.kind != EXCLUSION) or item.node is None:
        return ()
    keys = [key_of(one) for column in columns for one in cells(item.node.get(column))]
    return tuple(dict.fromkeys(shown_name(context.catalogue.get(key), key) for key in keys))


def nat_uses(context: Context, rulebases: Iterable[Rulebase]) -> Iterator[ObjectUse]:
    """Yield the objects that rules of address translation name, and account for their lines."""
    for rulebase in rulebases:
        for number, rule in enumerate(rulebase.rules, start=1):
            place = f"nat rule {rule.whole('rule-number') or number}"
            for column in _NAT_COLUMNS:
                member = rule.get(column)
                for line in member.lines if member is not None else ():
                    context.ledger.understood(line)
                for one in cells(member):
                    item = context.catalogue.get(key_of(one))
                    if item is not None and not item.builtin:
                        yield ObjectUse(place, None, item.kind, shown_name(item, item.uid))


def gateway_uses(context: Context, packages: Iterable[Item]) -> Iterator[ObjectUse]:
    """Yield the gateways on which packages are installed."""
    for package in packages:
        targets = package.node.get("installation-targets") if package.node is not None else None
        for one in cells(targets):
            item = context.catalogue.get(key_of(one))
            if item is not None and not item.builtin:
                place = f"package {shown_name(package, package.uid)}"
                yield ObjectUse(place, None, item.kind, shown_name(item, item.uid))
