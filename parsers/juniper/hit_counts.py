"""Hit counts from ``show security policies hit-count``, where a capture has them beside the configuration.

Source: Juniper "CLI Reference", "show security policies hit-count". The counters run since the policy was created or
they were cleared; the command does not say when that was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from rulecheck.model.device import Policy
from rulecheck.model.rule import Hits, Rule

HitCounts = Mapping[tuple[str, str, str], Hits]
"""By zone, zone and policy; the zones of global policies are ``junos-global``."""

GLOBAL_ZONE = "junos-global"

_HEADER = re.compile(r"\s*Index\s+From zone\s+To zone\s+Name\s+Policy count", re.IGNORECASE)
_ROW = re.compile(r"\s*\d{1,9}\s+(\S+)\s+(\S+)\s+(\S+)\s+(\d{1,20})(?:\s+\S+)?\s*$")
_AROUND = re.compile(r"\s*(?:Logical system:|Number of policy:|Tenant:)")
WINDOW = "since the counters were cleared"


class HitTable:
    """Recognises the lines of the table and collects their counts."""

    def __init__(self) -> None:
        self._inside = False
        self.counts: dict[tuple[str, str, str], Hits] = {}

    def takes(self, text: str) -> bool:
        """Return whether a line belongs to the table."""
        if _HEADER.match(text):
            self._inside = True
            return True
        if self._inside and (row := _ROW.match(text)):
            source, destination, name, count = row.groups()
            self.counts[source, destination, name] = Hits(int(count), window=WINDOW)
            return True
        self._inside = False
        return _AROUND.match(text) is not None


def with_hits(policies: tuple[Policy, ...], hits: HitCounts) -> tuple[Policy, ...]:
    """Return the lists with the counts of their rules."""
    if not hits:
        return policies
    return tuple(replace(one, rules=tuple(_counted(one, rule, hits) for rule in one.rules)) for one in policies)


def _counted(policy: Policy, rule: Rule, hits: HitCounts) -> Rule:
    zones = (GLOBAL_ZONE, GLOBAL_ZONE)
    if policy.kind == "zone-pair":
        source, _, destination = policy.name.partition(" to ")
        zones = (source, destination)
    found = hits.get((*zones, rule.name or ""))
    return rule if found is None else replace(rule, hits=found)
