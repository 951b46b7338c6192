"""Where in a policy its findings lie: marks along a strip that stands for the whole rule list."""

from __future__ import annotations

from dataclasses import dataclass

from reports.facts import PolicyGroup
from reports.words import is_note
from rulecheck.model.device import Severity

STRIP_WIDTH = 240
"""Units of the strip; findings closer than one unit share a mark of the worst severity among them."""


WIDEST = 3
"""Units that a mark takes at most, so that a short policy does not look full."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on the strip: position and width in units, and the worst severity of the findings there."""

    x: float
    width: float
    severity: Severity


def marks(group: PolicyGroup) -> tuple[Mark, ...]:
    """Return the marks for the findings of one policy, notes aside; none where the number of rules is not known."""
    if group.summary is None or group.summary.rules == 0:
        return ()
    rules = group.summary.rules
    bins = min(rules, STRIP_WIDTH)
    unit = STRIP_WIDTH / bins
    worst: dict[int, Severity] = {}
    for finding in group.findings:
        if is_note(finding):
            continue
        place = min(finding.rule.index * bins // rules, bins - 1)
        worst[place] = min(worst.get(place, Severity.INFO), finding.severity, key=lambda one: one.rank)
    return tuple(
        Mark(round(place * unit, 3), round(min(max(unit, 1), WIDEST), 3), worst[place]) for place in sorted(worst)
    )
