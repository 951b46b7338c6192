"""Virtual IPs as destinations: the address behind them, as the policies see it after translation.

FortiOS translates the destination before it looks for a policy. A policy that names a virtual IP matches only what
that virtual IP translated, and a policy with ordinary addresses matches only what none translated, except with
``match-vip`` (Fortinet community, "DENY policy for virtual IP firewall policy").
"""

from __future__ import annotations

from parsers.fortinet.fortios import values
from parsers.fortinet.fortios.scope import Scope, inside
from parsers.fortinet.fortios.tree import Entry, Table
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Element

VIPS = {4: ("firewall vip",), 6: ("firewall vip6",)}
GROUPS = {4: ("firewall vipgrp",), 6: ("firewall vipgrp6",)}
"""Sections of virtual IPs by the family of the packets that the policies see."""

TRANSLATED = "translated by a virtual IP"
"""Key of the test whether any virtual IP translated the destination."""


class VipBook:
    """Resolves names of virtual IPs and their groups. Central NAT has no virtual IPs in policies."""

    def __init__(self, scope: Scope, family: int) -> None:
        self._scope = scope
        self.family = family
        self._found: dict[tuple[str, str], tuple[Element, ...]] = {}

    def kind(self, name: str, line: int) -> str | None:
        """Return the section that defines a name, None where none does."""
        found = self._scope.find(name, line, *VIPS[self.family], *GROUPS[self.family])
        return found[0] if found else None

    def elements(self, name: str, line: int) -> tuple[Element, ...]:
        """Return the mapped addresses of a name that :meth:`kind` knows, each under the condition of its virtual IP."""
        found = self._scope.find(name, line, *VIPS[self.family], *GROUPS[self.family])
        if found is None:
            return ()
        path, entry = found
        key = (path, entry.name)
        if key not in self._found:
            self._found[key] = self._group(entry) if path in GROUPS[self.family] else (self._vip(entry),)
        return self._found[key]

    def _group(self, group: Entry) -> tuple[Element, ...]:
        line = group.settings["member"].line if "member" in group.settings else group.line
        found = []
        for name in group.words("member"):
            member = self._scope.find(name, line, *VIPS[self.family])
            if member is None:
                found.append(self._undefined(name, line))
                continue
            if not self._scope.budget.take(1):
                break
            one = self.elements(name, line)[0]
            found.append(Element(one.text, one.values, inside(group.name, one.origin), one.condition))
        return tuple(found)

    def _undefined(self, name: str, line: int) -> Element:
        self._scope.report("RC603", line, f"the virtual IP {name[:80]} is not defined in this file")
        condition = self._condition(name, line)
        return Element(name, values.EVERYTHING[self.family], self._scope.origin(line, name), condition)

    def _condition(self, name: str, line: int) -> Condition:
        key = self._scope.own_key(f"vip:{name}")
        reason = f"it only matches what the virtual IP {name} translates"
        return self._scope.condition(key, reason, line, independent=True)

    def _vip(self, entry: Entry) -> Element:
        condition = self._condition(entry.name, entry.line)
        line = entry.settings["mappedip"].line if "mappedip" in entry.settings else entry.line
        try:
            mapped = self._mapped(entry)
        except ValueError as error:
            self._scope.report("RC606", entry.line, f"virtual IP {entry.name[:80]}: {error}")
            mapped = values.EVERYTHING[self.family]
        return Element(entry.name, mapped, self._scope.origin(line), condition)

    def _mapped(self, entry: Entry) -> IntervalSet:
        """Return the addresses behind a virtual IP; all of the family where they are not written as addresses."""
        found: list[IntervalSet] = []
        for text in entry.words("mappedip"):
            found.extend(values.addresses(one, self.family) for one in text.split())
        servers = [one.value("ip") for one in entry.nested.get("realservers", Table("", 0))]
        found += [values.addresses(one, self.family) for one in servers if one]
        return IntervalSet.union_of(found) if found else values.EVERYTHING[self.family]
