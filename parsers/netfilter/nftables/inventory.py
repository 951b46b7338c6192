"""Objects that a rule set defines, and their uses outside rules."""

from __future__ import annotations

from parsers.base import ConfigText
from parsers.netfilter.nftables.chains import Built
from parsers.netfilter.nftables.clauses import Values
from parsers.netfilter.nftables.cursor import Cursor
from parsers.netfilter.nftables.expressions import read_elements, read_right
from parsers.netfilter.nftables.ruleset import Define, Ruleset, Table
from parsers.netfilter.nftables.selectors import EXACT
from parsers.netfilter.nftables.sets import Sets, address_element, single
from parsers.netfilter.nftables.tokens import Group
from parsers.netfilter.nftables.vmaps import map_targets
from parsers.redact import SHOWN_WIDTH, redact, show
from rulecheck.model.device import ObjectDefinition, ObjectUse
from rulecheck.model.match import Addresses
from rulecheck.model.provenance import Origin

_ADDRESS_TYPES = {
    "ipv4_addr": "ip saddr",
    "ipv6_addr": "ip6 saddr",
    "ip saddr": "ip saddr",
    "ip daddr": "ip saddr",
    "ip6 saddr": "ip6 saddr",
    "ip6 daddr": "ip6 saddr",
}


def add_objects(config: ConfigText, table: Table, sets: Sets, built: Built) -> None:
    """Add a table's sets, maps and other named objects, and the chains that its verdict maps name."""
    for given in table.sets.values():
        name = f"{table.scope} {given.name}"
        kind = "map" if given.is_map else "set"
        selector = EXACT.get(_ADDRESS_TYPES.get(given.key, "")) if not given.is_map else None
        content = sets.content(given.name, selector) if selector is not None else None
        chains = map_targets(given)
        members = tuple(f"{table.scope} {one}" for one in chains)
        built.objects.append(
            ObjectDefinition(name, kind, _origin(config, given.line, f"{kind} {name}"), members, content)
        )
        for one in chains:
            built.uses.append(ObjectUse(f"map {name}", None, "chain", f"{table.scope} {one}"))
    for other in table.objects.values():
        name = f"{table.scope} {other.name}"
        origin = _origin(config, other.line, f"{other.kind} {name}")
        built.objects.append(ObjectDefinition(name, other.kind, origin))


def add_defines(config: ConfigText, ruleset: Ruleset, built: Built) -> None:
    """Add definitions; those that hold addresses say which."""
    for one in ruleset.defines.values():
        origin = _origin(config, one.line, f"define {one.name}")
        built.objects.append(ObjectDefinition(one.name, "define", origin, one.members, _content(config, one)))
        built.uses.extend(ObjectUse(f"define {one.name}", None, "define", member) for member in one.members)


def _content(config: ConfigText, define: Define) -> Addresses | None:
    """Return the addresses that a definition stands for, None where it is anything else."""
    try:
        items = define.items
        if len(items) == 1 and isinstance(items[0], Group):
            elements = read_elements(items[0])
        else:
            cursor = Cursor(items)
            right = read_right(cursor)
            if cursor.left or not isinstance(right, Values):
                return None
            elements = right.elements
        found = []
        for one in elements:
            written = single(one)
            if not any(mark in written.text for mark in ".:"):
                return None
            selector = EXACT["ip6 saddr" if ":" in written.text else "ip saddr"]
            found.append(address_element(selector, written, config.path, (define.name,)))
    except ValueError:
        return None
    if any(one.condition for one in found):
        return None
    return Addresses(redact(f"${define.name}"), tuple(found)) if found else None


def _origin(config: ConfigText, line: int, instead: str) -> Origin:
    """Return where something is defined; a line that holds much more than that is not quoted."""
    text = config.lines[line - 1] if 0 < line <= len(config.lines) else ""
    return Origin(config.path, line, show(text if len(text) <= SHOWN_WIDTH else instead))
