"""Addresses and groups of one VDOM and family as elements, resolved once for all rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from parsers.fortinet.fortios import values
from parsers.fortinet.fortios.scope import Scope, inside
from parsers.fortinet.fortios.tree import Entry
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Element
from rulecheck.model.provenance import Origin

Elements = tuple[Element, ...]

_BUILT_IN = {(4, "all"): "0.0.0.0/0", (4, "none"): "0.0.0.0/32", (6, "all"): "::/0", (6, "none"): "::/128"}
_UNSPECIFIED = {4: "0.0.0.0", 6: "::"}  # noqa: S104
_FILLED_BY_THE_DEVICE = frozenset({"FABRIC_DEVICE", "FIREWALL_AUTH_PORTAL_ADDRESS"})
"""Factory objects without a value of their own, which the device fills in."""


class AddressBook:
    """Resolves names of addresses and groups of one family."""

    def __init__(self, scope: Scope, family: int) -> None:
        self._scope = scope
        self.family = family
        suffix = "" if family == 4 else "6"
        self.address_path = f"firewall address{suffix}"
        self.group_path = f"firewall addrgrp{suffix}"
        self._found: dict[tuple[str, str], Elements] = {}
        self._ranges = values.MOST_TOGETHER
        self._feeds = {name for table in scope.everywhere("system external-resource") for name in table.entries}

    def kind(self, name: str, line: int) -> str | None:
        """Return the section that defines a name, None where none does."""
        found = self._scope.find(name, line, self.address_path, self.group_path)
        return found[0] if found else None

    def elements(self, name: str, line: int) -> Elements:
        """Return what a name that is used on a line stands for."""
        found = self._scope.find(name, line, self.address_path, self.group_path)
        if found is None:
            return (self._unlisted(name, line),)
        path, entry = found
        key = (path, entry.name)
        if key not in self._found:
            if path == self.group_path:
                self._resolve_groups(entry)
            else:
                self._found[key] = (self._address(entry),)
        return self._found[key]

    def everything(self) -> IntervalSet:
        """Return every address of the family."""
        return values.EVERYTHING[self.family]

    def conditional(self, name: str, condition: Condition, line: int) -> Element:
        """Return every address of the family, under a condition."""
        return Element(name, self.everything(), self._scope.origin(line, name), condition)

    def _unlisted(self, name: str, line: int) -> Element:
        scope = self._scope
        if (self.family, name) in _BUILT_IN:
            text = _BUILT_IN[self.family, name]
            values_of = values.subnet(text) if self.family == 4 else values.prefix6(text)
            return Element(name, values_of, scope.origin(line, name))
        if name in self._feeds:
            reason = f"the threat feed {name} is not in this file"
            return self.conditional(name, scope.condition(f"threat-feed:{name}", reason, line), line)
        scope.report("RC603", line, f"the address {name[:80]} is not defined in this file")
        key = scope.own_key(f"undefined:address:{name}")
        return self.conditional(name, scope.condition(key, f"the address {name} is not defined", line), line)

    # --- single addresses -------------------------------------------------------------------------------------

    def _address(self, entry: Entry) -> Element:
        try:
            found = self._value(entry)
        except values.TooManyIntervalsError as error:
            found = self._scope.condition(f"wildcard:{entry.value('wildcard')}", str(error), entry.line)
        except ValueError as error:
            self._scope.report("RC606", entry.line, f"address {entry.name[:80]}: {error}")
            found = self._scope.condition(f"unclear address, line {entry.line}", str(error), entry.line)
        if isinstance(found, Condition):
            return Element(entry.name, self.everything(), self._origin(entry), found)
        return Element(entry.name, found, self._origin(entry))

    def _origin(self, entry: Entry, path: tuple[str, ...] = ()) -> Origin:
        best = entry.line
        for key in ("subnet", "start-ip", "fqdn", "ip6", "wildcard", "country", "macaddr"):
            if key in entry.settings:
                best = entry.settings[key].line
                break
        return self._scope.origin(best, path=path)

    def _value(self, entry: Entry) -> IntervalSet | Condition:
        broken = [key for key, one in entry.settings.items() if one.broken and key not in ("comment", "uuid")]
        if broken:
            raise ValueError(f"the quotes of {broken[0]} do not match")
        kind = entry.value("type", "ipmask" if self.family == 4 else "ipprefix")
        match kind:
            case "ipmask" | "ipprefix":
                return self._network(entry)
            case "iprange":
                default = _UNSPECIFIED[self.family]
                return values.span(entry.value("start-ip", default), entry.value("end-ip", default), self.family)
            case "wildcard" if self.family == 4:
                return self._wildcard(entry)
            case "interface-subnet" if self.family == 4:
                return self._interface_subnet(entry)
            case "mac":
                return self._mac(entry)
        return self._unresolved(entry, kind)

    def _wildcard(self, entry: Entry) -> IntervalSet:
        found = values.wildcard(entry.value("wildcard", "0.0.0.0 0.0.0.0"), scattered=self._ranges > 0)
        if len(found.intervals) > 1:
            self._ranges -= len(found.intervals)
        return found

    def _unresolved(self, entry: Entry, kind: str) -> Condition:
        """Return the condition of an address whose values are not in the file."""
        scope, name, line = self._scope, entry.name, entry.line
        match kind:
            case "fqdn" | "wildcard-fqdn":
                fqdn = (entry.value("fqdn") or entry.value("wildcard-fqdn")).lower()
                if not fqdn:
                    raise ValueError("it has no FQDN")
                return scope.condition(f"fqdn:{fqdn}", f"the FQDN {fqdn} is not resolved", line)
            case "geography":
                country = entry.value("country")
                return scope.condition(f"geo:{country}", f"the addresses of country {country} are not known", line)
            case "dynamic" | "template" | "route-tag" | "dynamic-subnet":
                key = scope.own_key(f"dynamic:{name}" if kind == "dynamic" else f"{kind}:{name}")
                return scope.condition(key, f"the addresses of {name} (type {kind}) are not in this file", line)
        raise ValueError(f"the address type {kind[:40]!r} is not known")

    def _network(self, entry: Entry) -> IntervalSet | Condition:
        if self.family == 6:
            return values.prefix6(entry.value("ip6", "::/0"))
        found = values.subnet(entry.value("subnet", "0.0.0.0 0.0.0.0"))
        if entry.name in _FILLED_BY_THE_DEVICE and found == self.everything():
            key = self._scope.own_key(f"dynamic:{entry.name}")
            return self._scope.condition(key, f"the device fills {entry.name} in by itself", entry.line)
        return found

    def _interface_subnet(self, entry: Entry) -> IntervalSet | Condition:
        """Return the subnet of the interface: its own address now, or else what the address object says."""
        name = entry.value("interface")
        for table in self._scope.everywhere("system interface"):
            interface = table.entries.get(name)
            if interface is not None and "ip" in interface.settings:
                return values.subnet(interface.value("ip"))
        if "subnet" in entry.settings:
            return values.subnet(entry.value("subnet"))
        key = self._scope.own_key(f"interface-subnet:{name}")
        return self._scope.condition(key, f"the subnet of interface {name} is not in this file", entry.line)

    def _mac(self, entry: Entry) -> Condition:
        listed = entry.words("macaddr") or [f"{entry.value('start-mac')}-{entry.value('end-mac')}"]
        text = " ".join(sorted(word.lower() for word in listed))
        return self._scope.condition(
            f"mac:{text}", f"it depends on the MAC address ({entry.name})", entry.line, independent=True
        )

    # --- groups -----------------------------------------------------------------------------------------------

    def _resolve_groups(self, start: Entry) -> None:
        """Resolve a group and the groups inside it, inner ones first, without recursion."""
        open_groups: dict[str, None] = {start.name: None}
        stack = [(start, self._inner(start))]
        while stack:
            group, inner = stack[-1]
            step = next(inner, None)
            if step is None:
                stack.pop()
                del open_groups[group.name]
                self._found[self.group_path, group.name] = self._compose(group)
            elif step.name in open_groups:
                self._cycle(group, step)
            elif (self.group_path, step.name) not in self._found:
                open_groups[step.name] = None
                stack.append((step, self._inner(step)))

    def _inner(self, group: Entry) -> Iterator[Entry]:
        for name in (*group.words("member"), *group.words("exclude-member")):
            found = self._scope.find(name, group.line, self.address_path, self.group_path)
            if found and found[0] == self.group_path:
                yield found[1]

    def _cycle(self, group: Entry, inner: Entry) -> None:
        message = f"the address group {inner.name[:80]} contains itself through {group.name[:80]}"
        self._scope.report("RC604", group.line, message)
        key = self._scope.own_key(f"cycle:{self.group_path}:{inner.name}")
        condition = self._scope.condition(key, message, group.line)
        self._found[self.group_path, inner.name] = (self.conditional(inner.name, condition, group.line),)

    def _compose(self, group: Entry) -> Elements:
        line = group.settings["member"].line if "member" in group.settings else group.line
        if any(one.broken for key, one in group.settings.items() if "member" in key):
            self._scope.report("RC602", line, f"the quotes of address group {group.name[:80]} do not match")
            key = f"unclear group, line {group.line}"
            condition = self._scope.condition(key, f"address group {group.name} is not clear", line)
            return (self.conditional(group.name, condition, line),)
        members = self._members(group.words("member"), group, line)
        if members is None:
            key = self._scope.own_key(f"oversized:{self.group_path}:{group.name}")
            self._scope.report("RC602", group.line, f"address group {group.name[:80]} is too large to unfold")
            condition = self._scope.condition(key, f"address group {group.name} is too large", line)
            return (self.conditional(group.name, condition, line),)
        if group.is_on("exclude") and group.words("exclude-member"):
            excluded = self._members(group.words("exclude-member"), group, group.settings["exclude-member"].line)
            return self._exclude(group, members, excluded or ())
        return members

    def _members(self, names: Iterable[str], group: Entry, line: int) -> Elements | None:
        """Return the elements of all members, each value once; None past the budget."""
        found: dict[object, Element] = {}
        for name in names:
            inner = self.elements(name, line)
            if not self._scope.budget.take(len(inner)):
                return None
            for one in inner:
                key = (one.text, one.origin.line, id(one.values), one.condition.key if one.condition else "")
                if key not in found:
                    found[key] = Element(one.text, one.values, inside(group.name, one.origin), one.condition)
        return tuple(found.values())

    def _exclude(self, group: Entry, members: Elements, excluded: Elements) -> Elements:
        """Return the members without what is excluded; where that cannot be computed, under a condition."""
        gone = IntervalSet.union_of(one.values for one in excluded if one.condition is None)
        unsure = [one for one in excluded if one.condition is not None]
        kept = [replace(one, values=one.values - gone) for one in members]
        kept = [one for one in kept if one.values]
        if not unsure:
            return tuple(kept)
        if len(unsure) == 1 and not any(one.condition for one in kept):
            return tuple(_split(kept, unsure[0]))
        key = self._scope.own_key(f"excluded members:{self.group_path}:{group.name}")
        reason = f"what address group {group.name} excludes is not known"
        condition = self._scope.condition(key, reason, group.line)
        values_left = IntervalSet.union_of(one.values for one in kept)
        return (Element(group.name, values_left, self._scope.origin(group.line), condition),)


def _split(kept: Iterable[Element], unsure: Element) -> Iterator[Element]:
    """Yield the elements without one whose condition is not known: only what it may take depends on it."""
    assert unsure.condition is not None
    refused = replace(unsure.condition, holds=not unsure.condition.holds)
    for one in kept:
        if one.values - unsure.values:
            yield replace(one, values=one.values - unsure.values)
        if one.values & unsure.values:
            yield replace(one, values=one.values & unsure.values, condition=refused)
