"""The ``then`` of a firewall filter term.

Without a terminating action the packet is accepted; ``next term`` goes on. A policer is part of the outcome, and where
evaluation goes on behind it, a rule of its own kind: it may drop what exceeds the rate. Source: Juniper "Routing
Policies, Firewall Filters, and Traffic Policers User Guide", chapter "Firewall Filter Terminating and Nonterminating
Actions".
"""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.juniper.facts import Facts, summary
from parsers.juniper.tree import Node
from parsers.juniper.words import words
from rulecheck.model.match import Condition
from rulecheck.model.rule import DENY, Logging, Outcome, Verb

POLICERS = ("policer", "three-color-policer", "hierarchical-policer", "prefix-action", "two-color-policer")

_LOGS = frozenset({"log", "syslog"})
_OBSERVES = frozenset({"count", "sample", "port-mirror", "port-mirror-instance", "service-accounting",
                       "service-accounting-deferred", "force-premium", "traffic-count"})  # fmt: skip
_CHANGES = words(
    """dscp traffic-class forwarding-class loss-priority source-class destination-class set-precedence
    virtual-channel packet-mode exclude-accounting no-decap flow-label service-filter-hit
    hierarchical-policer-class policy-map inet-precedence"""
)
_FORWARDS = words(
    """routing-instance logical-system next-hop-group next-interface next-ip next-ip6 topology ipsec-sa
    load-balance encapsulate vlan egress-chip interface next-hop redirect"""
)
_MORE_ENDS = frozenset({"decapsulate", "service", "skip", "decapsulate-and-forward"})


@dataclass(slots=True)
class Action:
    """What a term does. ``policers`` are the names of rate limiters with their nodes."""

    outcome: Outcome = field(default_factory=lambda: Outcome(Verb.PERMIT))
    logging: Logging | None = None
    conditions: tuple[Condition, ...] = ()
    policers: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class _Parts:
    verbs: list[tuple[bool, Verb, tuple[str, ...]]] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)


class ThenReader:
    """Reads actions. ``policers`` are those that ``firewall`` defines: their names, and whether they discard."""

    def __init__(self, facts: Facts, policers: dict[str, bool]) -> None:
        self._facts = facts
        self._policers = policers

    def action(self, node: Node | None) -> Action:
        """Return what a term does; without ``then`` it accepts."""
        action, parts = Action(), _Parts()
        for one in node.live() if node else ():
            one.take()
            self._one(one, action, parts)
        own = [one for one in parts.verbs if not one[0]] or parts.verbs[:1]
        action.logging = Logging(" ".join(parts.logs)) if parts.logs else None
        details = tuple(sorted(parts.details))
        if not own:
            action.outcome = Outcome(Verb.PERMIT, details)
        elif own[-1][1] is Verb.CONTINUE:
            self._goes_on(action, details)
        elif own[-1][1] is Verb.DENY:
            action.outcome = Outcome(Verb.DENY, own[-1][2])
        else:
            action.outcome = Outcome(own[-1][1], tuple(sorted((*own[-1][2], *details))))
        return action

    def _one(self, node: Node, action: Action, parts: _Parts) -> None:
        word = node.word
        if word == "accept":
            parts.verbs.append((node.inherited, Verb.PERMIT, ()))
        elif word == "discard":
            node.take(whole=True)
            parts.verbs.append((node.inherited, Verb.DENY, ()))
        elif word == "reject":
            kinds = tuple(one.word for one in node.values())
            parts.verbs.append((node.inherited, Verb.REJECT, kinds))
        elif word == "next":
            self._next(node, action, parts)
        elif word in _LOGS or word in _OBSERVES:
            node.take(whole=True)
            parts.logs.extend([word] if word in _LOGS else [])
        elif word in POLICERS:
            self._policer(node, action, parts)
        elif word in _CHANGES:
            node.take(whole=True)
            parts.details.append(summary(node))
        elif word in _FORWARDS or word in _MORE_ENDS:
            node.take(whole=True)
            verb = Verb.PERMIT if word in _FORWARDS else Verb.OTHER
            parts.verbs.append((node.inherited, verb, (summary(node),)))
        else:
            action.conditions += (self._facts.doubt(node, f"the action {word} was not understood"),)

    def _next(self, node: Node, action: Action, parts: _Parts) -> None:
        target = node.value()
        if target is not None and target.word == "term":
            parts.verbs.append((node.inherited, Verb.CONTINUE, ()))
        else:
            action.conditions += (self._facts.doubt(node, "this next action was not understood"),)

    def _policer(self, node: Node, action: Action, parts: _Parts) -> None:
        node.take(whole=True)
        parts.details.append(summary(node))
        names = [one for one in node.walk() if not one.children and one is not node]
        action.policers.extend(names)
        for one in names:
            if node.word == "policer" and self._policers and one.word not in self._policers:
                self._facts.undefined(one, f"the policer {one.word} is not defined")

    def _goes_on(self, action: Action, details: tuple[str, ...]) -> None:
        """``next term``: a policer that discards decides packets above its rate, the others go on."""
        dropping = [one for one in action.policers if self._policers.get(one.word, True)]
        if not dropping:
            action.outcome = Outcome(Verb.CONTINUE, details or ("next term",))
            return
        action.outcome = DENY
        for one in dropping:
            reason = f"only packets above the rate of policer {one.word} are dropped"
            key = f"policer {one.word} line {one.line}"
            action.conditions += (Condition(key, reason, self._facts.origin(one), fresh=False),)
