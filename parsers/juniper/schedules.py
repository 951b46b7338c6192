"""Schedulers: when a security policy is active.

Source: Juniper "Security Policies User Guide", chapter "Scheduling Security Policies".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from parsers.juniper.facts import Facts, summary
from parsers.juniper.tree import Node
from rulecheck.model.device import ObjectDefinition
from rulecheck.model.match import Condition
from rulecheck.model.rule import Schedule

SCHEDULER = "scheduler"

_DATES = ("start-date", "stop-date")
_FORM = "%Y-%m-%d.%H:%M"


class Schedules:
    """The schedulers of one system."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._nodes: dict[str, Node] = {}
        self._read: dict[str, Schedule] = {}

    def read(self, node: Node | None) -> None:
        """Read the ``schedulers`` section."""
        for one in node.live() if node else ():
            one.take()
            if one.word != SCHEDULER:
                one.reject()
                continue
            for each in one.values():
                each.take(whole=True)
                self._nodes[each.word] = each

    def of(self, node: Node) -> tuple[Schedule, Condition]:
        """Return the schedule that a rule names, and the condition under which the rule is active."""
        name = node.word
        if name not in self._nodes:
            self._facts.undefined(node, f"the scheduler {name} is not defined")
        elif name not in self._read:
            holder = self._nodes[name]
            self._read[name] = Schedule(name, summary(holder), _end(holder))
        reason = f"it is only active in the schedule {name}"
        condition = Condition(f"scheduler:{name}", reason, self._facts.origin(node), independent=True)
        return self._read.get(name, Schedule(name)), condition

    def definitions(self) -> Iterable[ObjectDefinition]:
        """Yield every scheduler."""
        for name, node in self._nodes.items():
            yield ObjectDefinition(name, SCHEDULER, self._facts.line_origin(node))


def _end(node: Node) -> datetime | None:
    """Return when a scheduler is over for good: the last stop date, if each start has one."""
    starts = [one for one in node.walk() if one.word == "start-date"]
    stops = [_moment(child.word) for one in node.walk() if one.word == "stop-date" for child in one.children.values()]
    known = [one for one in stops if one is not None]
    if not stops or len(known) < len(stops) or sum(len(one.children) for one in starts) > len(stops):
        return None
    return max(known)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _FORM) if text.isascii() and len(text) <= 20 else None  # noqa: DTZ007
    except ValueError:
        return None
