"""One system: the device itself, a logical system, or a tenant, from its part of the tree to the model."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.juniper.books import Books
from parsers.juniper.facts import Facts
from parsers.juniper.filter_uses import filter_uses
from parsers.juniper.filters import Filters
from parsers.juniper.hit_counts import HitCounts, with_hits
from parsers.juniper.nat_uses import note_nat_uses, note_prefix_uses
from parsers.juniper.prefix_lists import PrefixLists
from parsers.juniper.schedules import Schedules
from parsers.juniper.sections import SECURITY, TOP, skip_known
from parsers.juniper.services import Applications
from parsers.juniper.tree import Node
from parsers.juniper.vocabulary import number
from parsers.juniper.zones import SecurityPolicies
from rulecheck.model.device import ObjectDefinition, Policy

_READ = frozenset({"security", "firewall", "applications", "schedulers", "policy-options", "groups", "system"})
_NESTED = frozenset({"logical-systems", "tenants"})


@dataclass(frozen=True, slots=True)
class SystemContent:
    """What one system holds."""

    policies: tuple[Policy, ...]
    objects: tuple[ObjectDefinition, ...]
    facts: Facts


def read_system(system: Node, facts: Facts, hits: HitCounts) -> SystemContent:
    """Read everything that filters packets in one system, and account for the rest by section."""
    skip_known(system, TOP, _READ | _NESTED)
    for section in ("system", "policy-options"):
        if (node := system.children.get(section)) is not None:
            node.skip()
    lists = PrefixLists(facts, system)
    lists.read(system.get("policy-options"))
    applications = Applications(facts)
    applications.read(system.get("applications"))
    schedules = Schedules(facts)
    schedules.read(system.get("schedulers"))
    books = Books(facts)
    policies = with_hits(_security(system, facts, books, applications, schedules), hits)
    filters = Filters(facts, lists, _dscp_aliases(system))
    uses = filter_uses(system)
    complete = "interfaces" in system.children and "dynamic-profiles" not in system.children
    found = filters.policies(system.get("firewall"), uses, complete=complete)
    note_prefix_uses(facts, system)
    facts.closing = True
    kinds = (books, applications, schedules, lists, filters)
    objects = [one for kind in kinds for one in kind.definitions()]
    ordered = tuple(sorted(objects, key=lambda one: (one.origin.line, one.kind, one.name)))
    return SystemContent((*policies, *found), ordered, facts)


def _security(
    system: Node, facts: Facts, books: Books, applications: Applications, schedules: Schedules
) -> tuple[Policy, ...]:
    security = system.get("security")
    if security is None:
        return ()
    skip_known(security, SECURITY, frozenset({"policies", "zones", "address-book"}))
    books.read(security)
    policies = SecurityPolicies(facts, books, applications, schedules).read(security)
    note_nat_uses(facts, security, books, applications)
    return policies


def _dscp_aliases(system: Node) -> dict[str, int]:
    """Return the names for code points that ``class-of-service`` defines."""
    node: Node | None = system
    for word in ("class-of-service", "code-point-aliases"):
        node = node.children.get(word) if node else None
    found: dict[str, int] = {}
    for kind in ("dscp", "dscp-ipv6"):
        group = node.children.get(kind) if node else None
        for one in group.children.values() if group else ():
            bits = next(iter(one.children), "")
            if len(bits) == 6 and set(bits) <= {"0", "1"}:
                found[one.word] = int(bits, 2)
            elif (value := number(bits, 63)) is not None:
                found[one.word] = value
    return found
