"""One entry of an access list, from its words to a draft of the rule."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from parsers.cisco import vocabulary as names
from parsers.cisco.acl import services
from parsers.cisco.acl.clauses import read_clauses
from parsers.cisco.acl.dialect import NETWORK, PORT, SERVICE, Dialect
from parsers.cisco.acl.draft import Draft, IncompleteError, NotUnderstoodError
from parsers.cisco.acl.groups import Groups
from parsers.cisco.acl.members import everything, parse_host
from parsers.cisco.acl.wildcard import MAX_INTERVALS, MAX_PIECES, parse_prefix, parse_v4, parse_v6, wildcard_set
from parsers.ledger import Ledger
from rulecheck.model.device import Severity
from rulecheck.model.fields import IPV6_BASE
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Condition, Element, Service
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Hits

ENTRY_WORDS = frozenset({"permit", "deny", "evaluate", "dynamic"})

_ACTIONS = {"permit": PERMIT, "deny": DENY}
_MATCHES = re.compile(
    r"^(?:estimate )?(\d{1,20}) (?:hw )?match(?:es)?$|^hitcnt=(\d{1,20})$"
    r"|^match(?: ?= ?| )(\d{1,20})(?: packets?)?(?:, .*)?$|^match (\d{1,20}) bytes in (\d{1,20}) packets?(?:, .*)?$"
)
_SHOWN_ONLY = re.compile(r"^(?:active|inactive|tag = .*|time left.*|interval.*|Compiled|per-user)$", re.IGNORECASE)
_NOTES = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


class EntryReader:
    """Reads entries of the lists of one configuration."""

    def __init__(self, groups: Groups, ledger: Ledger, last_line: int, dialect: Dialect) -> None:
        self._groups = groups
        self._dialect = dialect
        self._ledger = ledger
        self._last_line = last_line
        self._pieces = MAX_PIECES

    def read(self, text: str, origin: Origin, family: int, *, standard: bool) -> Draft:
        """Return the draft of an entry whose first word is one of :data:`ENTRY_WORDS`.

        ``text`` has no sequence number in front. What is not understood makes the draft inexact and is
        reported; this never fails.
        """
        text, hits, leftover = _without_counters(text) if "(" in text or "[" in text else (text, None, "")
        if standard:
            text = text.replace(", wildcard bits", "")
        draft = Draft(text.split(), origin, family, self._dialect, hits=hits)
        try:
            self._read(draft, standard=standard)
            _check(draft, leftover)
        except NotUnderstoodError as problem:
            draft.unknown(str(problem))
            self._report(problem, origin.line)
        return draft

    def _report(self, problem: NotUnderstoodError, line: int) -> None:
        code, where = problem.code, ""
        if isinstance(problem, IncompleteError) and line == self._last_line:
            code, where = "RC607", " and of the file, which may be cut off"
        message = f"{problem}{where}: the rule counts as not exact"
        self._ledger.report(code, Severity.MEDIUM, line, message, affects_verdicts=True)

    def _read(self, draft: Draft, *, standard: bool) -> None:
        word = draft.take("permit or deny").lower()
        if word == "evaluate":
            name = draft.take("the name of a reflexive list")
            draft.condition(f"reflexive:{name}", f"what {name} holds depends on earlier traffic", fresh=False)
            draft.source = draft.destination = any_address(draft)
            read_clauses(draft)
            return
        if word == "dynamic":
            word = self._dynamic(draft)
        draft.outcome = _ACTIONS[word]
        if self._dialect.leading is not None:
            self._dialect.leading(draft)
        if standard or (self._dialect.bare_sources and self._starts_address(draft)):
            draft.source = self._address(draft, "source", host_without_mask=True)
            draft.destination = any_address(draft)
        else:
            self._extended(draft)
        read_clauses(draft)

    def _starts_address(self, draft: Draft) -> bool:
        """Return whether an address stands where a protocol is usual."""
        word = draft.peek() or ""
        if word in ("any", "host") or word in self._dialect.address_groups:
            return True
        return parse_host(word.partition("/")[0], draft.family) is not None

    def _dynamic(self, draft: Draft) -> str:
        name = draft.take("the name of a dynamic list")
        draft.condition(f"dynamic:{name}", f"entries of dynamic list {name} appear at run time", fresh=False)
        if draft.peek() == "timeout":
            draft.at += 1
            draft.take("a timeout")
        word = draft.take("permit or deny").lower()
        if word not in _ACTIONS:
            draft.at -= 1
            raise NotUnderstoodError(f'"{draft.rest()}" was not understood')
        return word

    def _extended(self, draft: Draft) -> None:
        self._protocol(draft)
        if draft.protocol is None:
            draft.source = self._address(draft, "source")
            draft.destination = self._address(draft, "destination")
            return
        draft.services = (services.plain_service(draft, draft.label),)
        draft.source = self._address(draft, "source")
        source_ports = self._ports(draft, " source")
        draft.destination = self._address(draft, "destination")
        destination_ports = self._ports(draft, "")
        start = draft.at
        plain = services.plain_service(draft, draft.label)
        service = plain if draft.protocol in names.WITH_PORTS else services.read_message(draft, plain)
        draft.label = " ".join([draft.label, *draft.words[start : draft.at]])
        draft.services = (
            Service(
                text=draft.label,
                origin=draft.origin,
                protocol=service.protocol,
                source_ports=source_ports,
                destination_ports=destination_ports,
                icmp=service.icmp,
                condition=service.condition,
            ),
        )

    def _protocol(self, draft: Draft) -> None:
        """Read the protocol slot: a protocol, "ip", or a service group."""
        word = draft.take("a protocol")
        if self._dialect.protocol_groups and (word.lower() == "object-group" or word in self._groups):
            name = draft.take("the name of a service group") if word.lower() == "object-group" else word
            self._service_group(draft, name)
            return
        draft.label = word.lower()
        if draft.label in self._dialect.any_protocols:
            return
        if draft.label == "hbh" and draft.family == 6:
            draft.condition("ipv6-header:hbh", "whether the packet has a hop-by-hop header is not modelled")
            return
        draft.protocol = services.protocol_of(word, draft.family)
        if draft.protocol is not None:
            return
        if names.is_number(word):
            draft.at -= 1
            raise NotUnderstoodError(f"{word} is not a protocol number (0 to 255)", "RC606")
        following = draft.peek() or ""
        starts = following in ("object-group", "any", "host") or parse_host(following, draft.family) is not None
        if self._dialect.protocol_groups and starts:
            self._service_group(draft, word)
            return
        draft.at -= 1
        raise NotUnderstoodError(f"the protocol {word} is not known")

    def _service_group(self, draft: Draft, name: str) -> None:
        draft.label = f"object-group {name}"
        draft.uses.append((SERVICE, name))
        draft.services = self._groups.services(name, draft.origin)

    def _address(self, draft: Draft, side: str, *, host_without_mask: bool = False) -> Addresses:
        """Read one address operand.

        Raises:
            NotUnderstoodError: it is missing or malformed; nothing of it is taken.
        """
        start = draft.at
        word = draft.take(f"the {side} address")
        lower = word.lower()
        if lower == "any":
            return any_address(draft)
        if lower in self._dialect.address_groups:
            name = draft.take("the name of a network group")
            draft.uses.append((NETWORK, name))
            return self._groups.addresses(name, draft.family, draft.origin)
        try:
            operand = _written(draft, word, host_without_mask=host_without_mask, scattered=self._pieces > 0)
        except NotUnderstoodError:
            draft.at = start
            raise
        self._spend(operand)
        condition = operand.elements[0].condition
        if condition is not None:
            line = draft.origin.line
            self._ledger.report("RC606", Severity.MEDIUM, line, condition.reason, affects_verdicts=True)
        return operand

    def _spend(self, operand: Addresses) -> None:
        """Count the ranges of scattered wildcards: past :data:`MAX_PIECES` further ones are not written out."""
        ranges = len(operand.elements[0].values.intervals)
        if ranges > 1:
            self._pieces -= ranges

    def _ports(self, draft: Draft, side: str) -> IntervalSet | None:
        """Read ports, or a port group, if there are any."""
        if draft.protocol not in names.WITH_PORTS:
            return None
        start = draft.at
        if draft.peek() in self._dialect.port_groups:
            draft.at += 1
            values: IntervalSet | None = self._port_group(draft, draft.take("the name of a port group"), side)
        else:
            values = services.read_ports(draft, draft.protocol or 0)
        if values is not None:
            draft.label = " ".join([f"{draft.label}{side}", *draft.words[start : draft.at]])
        return values

    def _port_group(self, draft: Draft, name: str, side: str) -> IntervalSet:
        """Return the ports of a group; what is not known about it becomes a condition of the entry."""
        draft.uses.append((PORT, name))
        ports, doubt = self._groups.ports(name, draft.origin)
        if doubt is not None:
            draft.conditions.append(replace(doubt, key=f"{doubt.key}{side}"))
        return ports


def _check(draft: Draft, leftover: str) -> None:
    """Refuse what no single clause can see.

    Raises:
        NotUnderstoodError: clauses contradict each other, or a note behind the entry is not known.
    """
    if leftover:
        raise NotUnderstoodError(f'"({leftover})" is not known')
    if draft.fragments and any(services.has_layer4(one) for one in draft.services or ()):
        raise NotUnderstoodError("fragments together with ports, messages or flags is not a valid entry")


def any_address(draft: Draft) -> Addresses:
    """Return every address of the list's family."""
    return Addresses("any", (Element("any", everything(draft.family), draft.origin),))


def _written(draft: Draft, word: str, *, host_without_mask: bool, scattered: bool) -> Addresses:
    family = draft.family
    if word.lower() == "host":
        word = draft.take("an address behind host")
        return _operand(draft, f"host {word}", _point(word, family))
    prefix = parse_prefix(word, family) if "/" in word else None
    if prefix is not None:
        return _operand(draft, word, prefix)
    base = parse_host(word, family)
    if base is None:
        raise NotUnderstoodError(f"{word} is not an IPv{family} address", "RC606")
    mask = draft.peek()
    wildcard = None if mask is None else (parse_v4(mask) if family == 4 else parse_v6(mask))
    if mask is None or wildcard is None:
        if host_without_mask:
            return _operand(draft, word, IntervalSet.of((base, base)))
        raise NotUnderstoodError(f"no wildcard behind {word}", "RC606")
    draft.at += 1
    text = f"{word} {mask}"
    if wildcard & (wildcard + 1) and not scattered:
        return _inexact(draft, text, f"the wildcards before it make more than {MAX_PIECES:,} ranges together")
    values = wildcard_set(base, wildcard) if family == 4 else wildcard_set(base - IPV6_BASE, wildcard, IPV6_BASE)
    return _too_many(draft, text) if values is None else _operand(draft, text, values)


def _operand(draft: Draft, text: str, values: IntervalSet) -> Addresses:
    return Addresses(text, (Element(text, values, draft.origin),))


def _too_many(draft: Draft, text: str) -> Addresses:
    return _inexact(draft, text, f"the wildcard of {text} makes more than {MAX_INTERVALS:,} ranges")


def _inexact(draft: Draft, text: str, reason: str) -> Addresses:
    """Return an operand that may match any address of the family; the key makes equal texts one test."""
    condition = Condition(f"wildcard:{text}", reason, draft.origin)
    return Addresses(text, (Element(text, everything(draft.family), draft.origin, condition),))


@lru_cache(maxsize=16_384)
def _point(word: str, family: int) -> IntervalSet:
    value = parse_host(word, family)
    if value is None:
        raise NotUnderstoodError(f"{word} is not an IPv{family} address", "RC606")
    return IntervalSet.of((value, value))


def _hits(found: re.Match[str]) -> Hits:
    *plain, octets, packets = found.groups()
    if packets:
        return Hits(int(packets), int(octets))
    return Hits(int(next(filter(None, plain))))


def _without_counters(text: str) -> tuple[str, Hits | None, str]:
    """Return an entry of a ``show`` capture without notes in parentheses or brackets, its counter, and other notes."""
    hits: Hits | None = None
    leftover = ""
    for note in (one or two for one, two in _NOTES.findall(text)):
        found = _MATCHES.match(note)
        if found:
            hits = _hits(found)
        elif not _SHOWN_ONLY.match(note):
            leftover = note
    return _NOTES.sub(" ", text), hits, leftover
