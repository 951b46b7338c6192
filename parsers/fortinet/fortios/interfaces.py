"""Interfaces and zones: what a policy's interface names stand for."""

from __future__ import annotations

from parsers.fortinet.fortios.scope import Scope
from parsers.fortinet.fortios.tree import Table
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.names import name_set

ANY = "any"
_SDWAN = ("system sdwan", "system virtual-wan-link")
_DEFAULT_SDWAN_ZONE = "virtual-wan-link"
_BUILT_IN_PREFIXES = ("ssl.", "naf.", "l2t.", "vw", "npu", "fortilink", "modem", "loopback", "vsys_", "gre", "wl-")


class InterfaceBook:
    """Resolves the names of interfaces, zones and SD-WAN zones."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._zones = scope.table("system zone")
        self._sdwan = self._sdwan_members()
        self._interfaces = {name for table in scope.everywhere("system interface") for name in table.entries}
        self._known: dict[tuple[str, ...], IntervalSet | None] = {}
        self._reported: set[str] = set()

    def _sdwan_members(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in _SDWAN:
            for table in self._scope.everywhere(path):
                nested = table.settings.nested
                for zone in nested.get("zone", Table("", 0)):
                    found.setdefault(zone.name, [])
                for member in nested.get("members", Table("", 0)):
                    zone_name = member.value("zone", _DEFAULT_SDWAN_ZONE)
                    found.setdefault(zone_name, []).append(member.value("interface"))
        return found

    def values(self, names: tuple[str, ...], line: int) -> IntervalSet | None:
        """Return the interfaces of the names, None where ``any`` is among them."""
        if names not in self._known:
            self._known[names] = self._resolve(names, line)
        return self._known[names]

    def _resolve(self, names: tuple[str, ...], line: int) -> IntervalSet | None:
        if any(name == ANY for name in names):
            return None
        found = [self._one(name, line) for name in names]
        everything = IntervalSet.union_of(found)
        return None if everything == DOMAIN[Field.IN_INTERFACE] else everything

    def _one(self, name: str, line: int) -> IntervalSet:
        members = self.members(name, line)
        if members is not None:
            return name_set(*members)
        if self._interfaces and name not in self._interfaces and not name.startswith(_BUILT_IN_PREFIXES):
            self._undefined(name, line)
        return name_set(name)

    def _undefined(self, name: str, line: int) -> None:
        if name not in self._reported:
            self._reported.add(name)
            message = f"the interface or zone {name[:80]} is not defined in this file"
            self._scope.report("RC603", line, message, decides=False)

    def members(self, name: str, line: int) -> list[str] | None:
        """Return the interfaces of a zone, None for what is not a zone (or one whose members are not in the file)."""
        found = self._scope.find(name, line, "system zone")
        if found:
            return found[1].words("interface")
        return self._sdwan.get(name) or None

    def zone(self, name: str, line: int) -> bool:
        """Return whether a name is a zone that the file defines."""
        return self._scope.find(name, line, "system zone") is not None

    def open_zones(self) -> list[tuple[str, int, IntervalSet]]:
        """Return the zones between whose interfaces traffic passes without a policy: name, line, interfaces."""
        if self._zones is None:
            return []
        return [
            (zone.name, zone.settings["intrazone"].line, name_set(*zone.words("interface")))
            for zone in self._zones
            if zone.value("intrazone") == "allow" and len(zone.words("interface")) > 1
        ]
