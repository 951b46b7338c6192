"""A rule of a ``show access-list`` capture from the lines into which the device expanded it.

A capture without the object definitions names groups that nobody can look up; the expanded lines say what
the device evaluates, so the rule's match is their union.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from parsers.cisco.asa.acl_lines import AclLine
from parsers.cisco.asa.catalogue import Catalogue
from parsers.cisco.asa.entry import Clause, Entry
from parsers.cisco.asa.entry_reader import EntryReader
from parsers.ledger import Ledger
from rulecheck.model.device import Severity
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Services
from rulecheck.model.provenance import Origin

_OPTIONS = frozenset({"log", "inactive", "time-range"})
_REFERENCES = frozenset({"object", "object-group"})
_KINDS = ("network", "service", "protocol", "icmp-type", "network-service")


def needs_expansion(rule: AclLine, catalogue: Catalogue) -> bool:
    """Return whether a captured rule names objects that the file does not define, but has its expansion."""
    if not rule.expanded:
        return False
    pairs = zip(rule.words, rule.words[1:], strict=False)
    return any(
        word in _REFERENCES and not any(catalogue.get(f"{word} {kind}", name) for kind in _KINDS)
        for word, name in pairs
    )


def read_expanded(
    rule: AclLine, origin: Origin, origin_of: Callable[[int], Origin], reader: EntryReader, ledger: Ledger
) -> Entry:
    """Return the rule as the union of its expanded lines.

    They are all combinations of the rule's addresses and services; where some are missing, the rule becomes
    inexact.
    """
    entry = reader.options_only(rule.words, _options_at(rule.words), rule.line, origin)
    parts = [reader.extended(one.words[1:], one.line, origin_of(one.line)) for one in rule.expanded]
    matches = [reader.match(part) for part in parts]
    sources = {match.source.label: match.source for match in matches}
    destinations = {match.destination.label: match.destination for match in matches}
    services = {_label(match.services): match.services for match in matches}
    entry.source = _union(sources.values())
    entry.destination = _union(destinations.values())
    listed = [one for one in services.values() if one is not None]
    if len(listed) == len(services):
        entry.clauses.append(Clause(("expanded",), tuple(service for one in listed for service in one.elements)))
    entry.conditions.extend(condition for match in matches for condition in match.conditions)
    combinations = {(match.source.label, match.destination.label, _label(match.services)) for match in matches}
    if len(combinations) != len(sources) * len(destinations) * len(services):
        message = "the expanded lines are not all combinations of the rule's addresses and services"
        ledger.report("RC602", Severity.LOW, rule.line, message, affects_verdicts=True)
        entry.conditions.append(Condition(f"unclear:{rule.line}", message, origin))
    return entry


def _options_at(words: tuple[str, ...]) -> int:
    """Return the position of the first option behind the operands."""
    for position in range(1, len(words)):
        if words[position] in _OPTIONS and words[position - 1] not in _REFERENCES:
            return position
    return len(words)


def _label(services: Services | None) -> str:
    return "ip" if services is None else services.label


def _union(operands: Iterable[Addresses]) -> Addresses:
    found = list(operands)
    if len(found) == 1:
        return found[0]
    label = " | ".join(one.label for one in found[:3]) + (" | …" if len(found) > 3 else "")
    return Addresses(label, tuple(element for one in found for element in one.elements)) if found else ANY_ADDRESS
