"""Access lists as policies of the model."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.base import ConfigText
from parsers.cisco.asa.acl_lines import AclLine, AclText
from parsers.cisco.asa.catalogue import Catalogue
from parsers.cisco.asa.entry import Entry
from parsers.cisco.asa.entry_reader import EntryReader
from parsers.cisco.asa.expanded import needs_expansion, read_expanded
from parsers.cisco.asa.usage import CONTROL_PLANE, Usage
from parsers.ledger import Ledger
from parsers.redact import redact_text, show
from rulecheck.model.device import ObjectUse, Policy
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Hits, Outcome, Rule, Verb

_TO_GLOBAL = Outcome(Verb.OTHER, ("continue with the global access list",))
_TO_REGULAR = Outcome(Verb.OTHER, ("continue with the regular access rules",))


@dataclass(frozen=True, slots=True)
class PolicyReader:
    """Turns the lines of access lists into policies.

    ``only_ipv4``: before ASA 9.0 ``any`` is IPv4 only. ``whole``: the input is a full configuration. ``window``: over
    which time counters were taken.
    """

    config: ConfigText
    catalogue: Catalogue
    reader: EntryReader
    usage: Usage
    ledger: Ledger
    only_ipv4: bool
    whole: bool = False
    window: str = ""

    def policy(self, text: AclText, uses: list[ObjectUse]) -> Policy:
        """Return one list as a policy and add its references to ``uses``."""
        rules = []
        for index, line in enumerate(text.rules):
            origin = self._origin(line.line)
            entry = self._entry(line, origin)
            rules.append(self._rule(index, line, origin, entry))
            uses.extend(ObjectUse(text.name, index, kind, name) for kind, name in dict.fromkeys(entry.uses))
        return Policy(
            text.name,
            "acl",
            tuple(rules),
            default=self._default(text.name),
            families=self._families(text),
            applied_to=self.usage.of(text.name),
            scope="ipv6" if text.family == 6 else "",
            origin=self._origin(text.line),
            applied=self._applied(text),
        )

    def _applied(self, text: AclText) -> bool | None:
        if self.usage.of(text.name):
            return True
        captured = bool(text.rules) and all(rule.shown for rule in text.rules)
        return False if self.whole and not captured else None

    def _origin(self, line: int) -> Origin:
        return Origin(self.config.path, line, show(self.config.lines[line - 1]))

    def _entry(self, line: AclLine, origin: Origin) -> Entry:
        if line.form == "standard":
            return self.reader.standard(line.words[1:], line.line, origin)
        if needs_expansion(line, self.catalogue):
            return read_expanded(line, origin, self._origin, self.reader, self.ledger)
        return self.reader.extended(line.words[1:], line.line, origin)

    def _rule(self, index: int, line: AclLine, origin: Origin, entry: Entry) -> Rule:
        idle = line.idle and not entry.schedule
        because = "inactive" if entry.inactive else "marked (inactive) in the capture" if idle else ""
        return Rule(
            index,
            origin,
            self.reader.match(entry),
            PERMIT if line.words[0] == "permit" else DENY,
            enabled=not because,
            disabled_because=because,
            schedule=entry.schedule,
            logging=entry.logging,
            description=redact_text(" ".join(line.remarks)) if line.remarks else "",
            hits=None if line.hits is None else Hits(line.hits, window=self.window),
        )

    def _families(self, text: AclText) -> tuple[int, ...]:
        if text.family == 6:
            return (6,)
        standard = bool(text.rules) and all(rule.form == "standard" for rule in text.rules)
        return (4,) if standard or self.only_ipv4 else (4, 6)

    def _default(self, name: str) -> Outcome:
        """Return what happens behind the last rule.

        Packets that a control-plane list does not match go on to the regular access rules, and those that
        an interface's inbound list does not match go on to the global list where there is one (Cisco ASA
        Firewall CLI Configuration Guide, "Access Rules", "Implicit Deny" and "Inbound and Global Rules").
        """
        places = self.usage.of(name)
        if any(place.endswith(f" {CONTROL_PLANE}") for place in places):
            return _TO_REGULAR
        if self.usage.has_global and any(place.endswith(" in") for place in places):
            return _TO_GLOBAL
        return DENY
