"""One input as a device: both firewalls with all their tables."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.mikrotik.chains import Built, Stack, TableBuilder
from parsers.mikrotik.detect import is_listing
from parsers.mikrotik.flow import flow_of, written
from parsers.mikrotik.lists import AddressLists, InterfaceLists, Place
from parsers.mikrotik.menus import FIREWALLS, RULE_TABLES
from parsers.mikrotik.tables import Row, TableReader, Tables
from parsers.redact import show
from rulecheck.model.device import Device, ObjectDefinition, ObjectUse, Severity, SourceFile
from rulecheck.model.match import Addresses

_LISTING_MESSAGE = "this is the output of print, which leaves out properties; export with /export and analyse that file"
_SAMPLE = 5_000


def build(config: ConfigText, platform: str, fallback: str, *, readable: bool) -> Device:
    """Return the device that a text configures; ``readable`` False refuses it as a listing."""
    ledger, built = Ledger(config), Built()
    tables = Tables()
    if not readable and is_listing(config.lines[:_SAMPLE]):
        _refuse(config, ledger)
    else:
        with _collector_paused():
            tables = TableReader(config, ledger).read()
            _stacks(Place(config), ledger, tables, built)
    lines, diagnostics = ledger.close()
    return Device(
        name=show(tables.identity) or fallback,
        platform=platform,
        source=SourceFile(config.path, config.sha256, lines),
        policies=tuple(built.policies),
        objects=tuple(built.objects),
        uses=tuple(built.uses),
        diagnostics=diagnostics,
    )


def _refuse(config: ConfigText, ledger: Ledger) -> None:
    """Report once, for the whole file, that it cannot be analysed."""
    for number, line in enumerate(config.lines, start=1):
        if line.strip():
            ledger.ignored(number)
        else:
            ledger.blank(number)
    ledger.report("RC605", Severity.HIGH, 0, _LISTING_MESSAGE, affects_verdicts=True)


def _stacks(place: Place, ledger: Ledger, tables: Tables, built: Built) -> None:
    interfaces = InterfaceLists(ledger, tables)
    for name, family in FIREWALLS.items():
        rows = {table: _rows(ledger, tables, f"{name} firewall {table}") for table in RULE_TABLES}
        writers = frozenset(filter(None, (written(row) for group in rows.values() for row in group)))
        stack = Stack(family, AddressLists(place, ledger, tables, family), interfaces, writers)
        earlier: frozenset[str] = frozenset()
        for table in RULE_TABLES:
            if rows[table]:
                flow = flow_of(rows[table], table, earlier)
                doubt = tables.doubts.get(f"{name} firewall {table}", (0, ""))
                TableBuilder(place, ledger, stack, table, flow, doubt).build(built)
                earlier = earlier | frozenset(filter(None, (written(row) for row in rows[table])))
        built.objects.extend(_address_lists(stack))
    built.objects.extend(_interface_lists(place, interfaces))
    built.uses.extend(_outside_uses(tables, built))


def _rows(ledger: Ledger, tables: Tables, menu: str) -> list[Row]:
    """Return the rules of a table; those without a chain cannot be placed and are reported."""
    found = []
    for row in tables.rows.get(menu, ()):
        if row.values.get("chain"):
            found.append(row)
        else:
            ledger.unknown(row.line, "the rule names no chain", affects_verdicts=True)
    return found


def _address_lists(stack: Stack) -> Iterator[ObjectDefinition]:
    for one in stack.lists.lists.values():
        origin = one.elements[0].origin
        content = Addresses(one.name, one.elements)
        yield ObjectDefinition(f"{stack.prefix}{one.name}", "address-list", origin, content=content)


def _interface_lists(place: Place, interfaces: InterfaceLists) -> Iterator[ObjectDefinition]:
    for one in interfaces.lists.values():
        members = tuple(dict.fromkeys((*one.include, *one.exclude)))
        yield ObjectDefinition(one.name, "interface-list", place.origin(one.line), members)


def _outside_uses(tables: Tables, built: Built) -> list[ObjectUse]:
    """Return the uses of lists in menus that are not modelled."""
    known = {(one.kind, one.name) for one in built.objects}
    found: dict[ObjectUse, None] = {}
    for reference in tables.references:
        for name in reference.name.split(","):
            for prefix in ("", "ipv6:"):
                if (reference.kind, prefix + name) in known:
                    found[ObjectUse(reference.place, None, reference.kind, prefix + name)] = None
    return list(found)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cycle collector from walking a growing model again and again: it holds no cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
