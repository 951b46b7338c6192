"""Services and service groups of one VDOM, resolved once for all rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from parsers.fortinet.fortios import predefined, values
from parsers.fortinet.fortios.scope import Scope, inside
from parsers.fortinet.fortios.tree import Entry
from rulecheck.model.fields import DOMAIN, PORT_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition, Service
from rulecheck.model.provenance import Origin

CUSTOM = "firewall service custom"
GROUP = "firewall service group"

ServiceList = tuple[Service, ...]

_TRANSPORT = {"tcp": 6, "udp": 17, "sctp": 132}
_ICMP = {"ICMP": 1, "ICMP6": 58}
_PROXY = frozenset({"ALL", "CONNECT", "FTP", "HTTP", "SOCKS-TCP", "SOCKS-UDP"})
_MOST_PIECES = 400
_UNRESTRICTED = ("", "0.0.0.0")  # noqa: S104


class ServiceBook:
    """Resolves names of services and service groups."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._found: dict[tuple[str, str], ServiceList] = {}

    def kind(self, name: str, line: int) -> str | None:
        """Return the section that defines a name, None where none does."""
        found = self._scope.find(name, line, CUSTOM, GROUP)
        return found[0] if found else None

    def services(self, name: str, line: int) -> ServiceList:
        """Return what a name that is used on a line stands for."""
        found = self._scope.find(name, line, CUSTOM, GROUP)
        if found is None:
            return self._predefined(name, line)
        path, entry = found
        key = (path, entry.name)
        if key not in self._found:
            if path == GROUP:
                self._resolve_groups(entry)
            else:
                self._found[key] = self._service(entry)
        return self._found[key]

    # --- services ---------------------------------------------------------------------------------------------

    def _predefined(self, name: str, line: int) -> ServiceList:
        parts = predefined.service(name)
        if parts is not None:
            origin = self._scope.origin(line, name)
            return tuple(_from_part(name, part, origin) for part in parts)
        members = predefined.group(name)
        if members is not None:
            return tuple(one for member in members for one in self.services(member, line))
        self._scope.report("RC603", line, f"the service {name[:80]} is not defined in this file")
        key = self._scope.own_key(f"undefined:service:{name}")
        condition = self._scope.condition(key, f"the service {name} is not defined", line)
        return (Service(name, self._scope.origin(line, name), condition=condition),)

    def _service(self, entry: Entry) -> ServiceList:
        try:
            found = tuple(self._parts(entry))
        except ValueError as error:
            self._scope.report("RC606", entry.line, f"service {entry.name[:80]}: {error}")
            condition = self._scope.condition(f"unclear service, line {entry.line}", str(error), entry.line)
            return (Service(entry.name, self._scope.origin(entry.line), condition=condition),)
        narrowed = self._narrowed(entry)
        return tuple(replace(one, condition=narrowed) for one in found) if narrowed else found

    def _narrowed(self, entry: Entry) -> Condition | None:
        """Return the condition of a service that also names destination addresses or applications."""
        for key in ("iprange", "fqdn", "application", "app-category"):
            value = " ".join(sorted(entry.words(key)))
            if value not in _UNRESTRICTED:
                reason = f"service {entry.name} is restricted to {key} {value}"
                return self._scope.condition(f"service {key}:{value}", reason, entry.line)
        if entry.value("protocol") in _PROXY:
            reason = f"service {entry.name} is for the explicit proxy"
            return self._scope.condition(f"service protocol:{entry.value('protocol')}", reason, entry.line)
        return None

    def _parts(self, entry: Entry) -> Iterator[Service]:
        broken = [key for key, one in entry.settings.items() if one.broken and key not in ("comment", "category")]
        if broken:
            raise ValueError(f"the quotes of {broken[0]} do not match")
        protocol = entry.value("protocol", "TCP/UDP/SCTP").upper()
        origin = self._scope.origin(_line_of(entry))
        if protocol in ("TCP/UDP/SCTP", "TCP/UDP/UDP-LITE/SCTP", "TCP/UDP") or protocol in _PROXY:
            yield from _transport(entry, origin)
        elif protocol in _ICMP:
            yield _icmp(entry, _ICMP[protocol], origin)
        elif protocol == "IP":
            which = values.number(entry.value("protocol-number", "0"), 255, "protocol-number")
            yield Service(entry.name, origin, IntervalSet.points([which]) if which else None)
        else:
            raise ValueError(f"the protocol {protocol[:40]!r} is not known")

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
                self._found[GROUP, group.name] = self._compose(group)
            elif step.name in open_groups:
                self._unclear(step, group, "RC604", f"the service group {step.name[:80]} contains itself")
            elif (GROUP, step.name) not in self._found:
                open_groups[step.name] = None
                stack.append((step, self._inner(step)))

    def _inner(self, group: Entry) -> Iterator[Entry]:
        for name in group.words("member"):
            found = self._scope.find(name, group.line, CUSTOM, GROUP)
            if found and found[0] == GROUP:
                yield found[1]

    def _unclear(self, group: Entry, where: Entry, code: str, message: str) -> ServiceList:
        """Make a group any service under a condition."""
        self._scope.report(code, where.line, message)
        key = self._scope.own_key(f"{code}:{GROUP}:{group.name}")
        condition = self._scope.condition(key, message, where.line)
        found = (Service(group.name, self._scope.origin(where.line), condition=condition),)
        self._found[GROUP, group.name] = found
        return found

    def _compose(self, group: Entry) -> ServiceList:
        setting = group.settings.get("member")
        if setting is not None and setting.broken:
            return self._unclear(group, group, "RC602", f"the quotes of service group {group.name[:80]} do not match")
        found: dict[object, Service] = {}
        for name in group.words("member"):
            inner = self.services(name, setting.line if setting else group.line)
            if not self._scope.budget.take(len(inner)):
                return self._unclear(group, group, "RC602", f"service group {group.name[:80]} is too large to unfold")
            for one in inner:
                key = _identity(one)
                if key not in found:
                    found[key] = replace(one, origin=inside(group.name, one.origin))
        return tuple(found.values())


def _identity(one: Service) -> object:
    """Return a key that is the same for the parts of one definition, by whatever way groups reach them."""
    parts = (one.protocol, one.source_ports, one.destination_ports, one.icmp, one.condition)
    return (one.text, one.origin.line, *map(id, parts))


def _line_of(entry: Entry) -> int:
    for key in ("tcp-portrange", "udp-portrange", "sctp-portrange", "icmptype", "protocol-number"):
        if key in entry.settings:
            return entry.settings[key].line
    return entry.line


def _transport(entry: Entry, origin: Origin) -> Iterator[Service]:
    found = False
    for name, number in _TRANSPORT.items():
        for word in entry.words(f"{name}-portrange"):
            destination, source = values.ports(word)
            found = True
            yield Service(entry.name, origin, IntervalSet.points([number]), source, destination)
    if not found:
        raise ValueError("it names no ports")


def _icmp(entry: Entry, protocol: int, origin: Origin) -> Service:
    which = None
    if "icmptype" in entry.settings:
        kind = values.number(entry.value("icmptype"), 255, "icmptype")
        which = IntervalSet.of((kind * 256, kind * 256 + 255))
        if "icmpcode" in entry.settings:
            code = values.number(entry.value("icmpcode"), 255, "icmpcode")
            which = IntervalSet.points([kind * 256 + code])
    return Service(entry.name, origin, IntervalSet.points([protocol]), icmp=which)


def _from_part(name: str, part: str, origin: Origin) -> Service:
    protocol, _, rest = part.partition("/")
    if protocol == "ip":
        return Service(name, origin, IntervalSet.points([int(rest)]) if rest else None)
    if protocol in ("icmp", "icmp6"):
        which = IntervalSet.of((int(rest) * 256, int(rest) * 256 + 255)) if rest else None
        return Service(name, origin, IntervalSet.points([_ICMP[protocol.upper()]]), icmp=which)
    destination, source = values.ports(rest)
    return Service(name, origin, IntervalSet.points([_TRANSPORT[protocol]]), source, destination)


def complement(services: Iterable[Service], origin: Origin) -> ServiceList | None:
    """Return the services that are none of these; None where that cannot be written down."""
    listed = list(services)
    if any(one.condition for one in listed):
        return None
    rest = DOMAIN[Field.PROTOCOL]
    by_protocol: dict[int, list[Service]] = {}
    for one in listed:
        if one.protocol is None:
            return ()
        rest = rest - one.protocol
        for low, high in one.protocol:
            for number in range(low, high + 1):
                by_protocol.setdefault(number, []).append(one)
    found = [Service("not", origin, rest)] if rest else []
    for number, given in by_protocol.items():
        pieces = _outside(given)
        if len(pieces) > _MOST_PIECES:
            return None
        which = IntervalSet.points([number])
        for icmp, source, destination in pieces:
            found.append(Service("not", origin, which, _narrow(source), _narrow(destination), _narrow(icmp)))
    return tuple(found)


def _narrow(values_of: IntervalSet) -> IntervalSet | None:
    return None if values_of == PORT_ALL else values_of


_Piece = tuple[IntervalSet, IntervalSet, IntervalSet]


def _outside(services: Iterable[Service]) -> list[_Piece]:
    """Return ICMP, source and destination ports outside of all services, as disjoint products."""
    pieces: list[_Piece] = [(PORT_ALL, PORT_ALL, PORT_ALL)]
    for one in services:
        icmp, source, destination = (which or PORT_ALL for which in (one.icmp, one.source_ports, one.destination_ports))
        split: list[_Piece] = []
        for i, s, d in pieces:
            split += [(i - icmp, s, d), (i & icmp, s - source, d), (i & icmp, s & source, d - destination)]
        pieces = [piece for piece in split if all(piece)]
        if len(pieces) > _MOST_PIECES:
            break
    return pieces
