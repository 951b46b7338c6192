"""Rulebases in evaluation order, as policies.

A packet meets the shared pre-rules, the pre-rules of the device groups from the outermost inwards, the firewall's own
rules, the post-rules of the device groups from the innermost outwards, the shared post-rules, and the default
rules. Where each rulebase has one way in, they are one policy; else each is a list that is called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.paloalto.panos.layout import Layout, Scope
from parsers.paloalto.panos.outcomes import logging_of, outcome_of
from parsers.paloalto.panos.rules import RuleReader, Tools
from parsers.paloalto.panos.tree import Clauses, Node
from rulecheck.model.device import Policy
from rulecheck.model.match import Match
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, RETURN, Logging, Outcome, Rule, Verb

KIND = "security rulebase"
INTRAZONE = "intrazone-default"
INTERZONE = "interzone-default"
_DEFAULTS = "default-security-rules"


@dataclass(frozen=True)
class Rulebase:
    """The security rules of one scope at one place: ``pre-rulebase``, ``rulebase`` or ``post-rulebase``."""

    scope: Scope
    place: str

    @property
    def name(self) -> str:
        """Return its name where it is a policy of its own."""
        return f"{self.scope.name} {self.place}"

    def entries(self) -> list[Node]:
        """Return the rules in order."""
        return self.scope.rules_of(self.place)


@dataclass(frozen=True)
class Entry:
    """A place where evaluation starts: a vsys, or a device group with firewalls in it."""

    scope: Scope
    rulebases: tuple[Rulebase, ...]


def entries_of(layout: Layout) -> list[Entry]:
    """Return all places where evaluation starts, with their rulebases in order of evaluation."""
    parents = {one.parent for one in layout.groups}
    starts = [*layout.vsys, *(one for one in layout.groups if one not in parents or one.devices)]
    starts = [one for one in starts if _has_rules(one)] or ([layout.shared] if _has_rules(layout.shared) else [])
    return [Entry(one, tuple(_order(one))) for one in starts]


def _has_rules(scope: Scope) -> bool:
    return any(one.entries() for one in _order(scope))


def _order(scope: Scope) -> Iterator[Rulebase]:
    chain = list(scope.chain())
    yield from (Rulebase(one, "pre-rulebase") for one in reversed(chain))
    yield from (Rulebase(one, "rulebase") for one in chain)
    yield from (Rulebase(one, "post-rulebase") for one in chain)


class PolicyBuilder:
    """Builds the policies of one configuration."""

    def __init__(self, layout: Layout, tools: Tools) -> None:
        self._layout = layout
        self._tools = tools
        self._done: set[tuple[Scope, str]] = set()

    def build(self) -> tuple[Policy, ...]:
        """Return one policy for each entry, and the lists that several of them call."""
        entries = entries_of(self._layout)
        self._learn_zones(entries)
        uses = Counter((base.scope, base.place) for entry in entries for base in entry.rulebases if base.entries())
        policies: list[Policy] = []
        for entry in entries:
            bases = [base for base in entry.rulebases if base.entries()]
            if all(uses[base.scope, base.place] == 1 for base in bases):
                policies.append(self._plain(entry, bases))
            else:
                policies.append(self._dispatch(entry, bases))
                policies.extend(self._lists(bases))
        return _unique(policies)

    def _learn_zones(self, entries: list[Entry]) -> None:
        for scope in self._layout.scopes():
            for section in scope.sections("zone"):
                self._tools.zones.learn(zone.key for zone in section)
        bases = dict.fromkeys(base for entry in entries for base in entry.rulebases)
        for rule in (rule for base in bases for rule in base.entries()):
            for key in ("from", "to"):
                part = rule.at(key)
                self._tools.zones.learn(word.text for word in (part.words() if part is not None else ()))

    def _rules(self, scope: Scope, policy: str, bases: list[Rulebase]) -> tuple[Rule, ...]:
        nodes = [node for base in bases for node in base.entries()]
        return tuple(RuleReader(self._tools, scope, node, policy, index).read() for index, node in enumerate(nodes))

    def _plain(self, entry: Entry, bases: list[Rulebase]) -> Policy:
        scope = entry.scope
        return Policy(
            name=scope.name,
            kind=KIND,
            rules=self._rules(scope, scope.name, bases),
            default=self._default(scope, INTERZONE)[0],
            applied_to=self._applied_to(scope),
            implicit=(self._intrazone(scope),),
            origin=Origin(self._tools.file, scope.line, scope.name),
            applied=_applied(scope),
        )

    def _dispatch(self, entry: Entry, bases: list[Rulebase]) -> Policy:
        scope = entry.scope
        calls = tuple(
            Rule(
                index=number,
                origin=Origin(self._tools.file, base.scope.line, base.name),
                match=Match(),
                outcome=Outcome(Verb.CALL, (base.name,)),
                calls=base.name,
            )
            for number, base in enumerate(bases)
        )
        return Policy(
            name=scope.name,
            kind="dispatch",
            rules=(),
            default=self._default(scope, INTERZONE)[0],
            applied_to=self._applied_to(scope),
            implicit=(*calls, self._intrazone(scope, len(calls))),
            origin=Origin(self._tools.file, scope.line, scope.name),
            applied=_applied(scope),
        )

    def _lists(self, bases: list[Rulebase]) -> Iterator[Policy]:
        for base in bases:
            key = (base.scope, base.place)
            if key not in self._done:
                self._done.add(key)
                yield Policy(
                    name=base.name,
                    kind=KIND,
                    rules=self._rules(base.scope, base.name, [base]),
                    default=RETURN,
                    entry=False,
                    origin=Origin(self._tools.file, base.scope.line, base.name),
                    applied=True,
                )

    def _applied_to(self, scope: Scope) -> tuple[str, ...]:
        if scope.kind == "device-group":
            return tuple(f"firewall {word.text}" for word in scope.devices)
        return (scope.name,) if scope.kind == "vsys" else ()

    # --- the default rules ---

    def _intrazone(self, scope: Scope, index: int = 0) -> Rule:
        outcome, logging, line = self._default(scope, INTRAZONE)
        return Rule(
            index=index,
            origin=Origin(self._tools.file, line, INTRAZONE),
            match=Match(choices=(self._tools.zones.intrazone(("any",), line),)),
            outcome=outcome,
            name=INTRAZONE,
            logging=logging,
        )

    def _default(self, scope: Scope, name: str) -> tuple[Outcome, Logging | None, int]:
        """Return outcome, logging and line of a default rule; the nearest override counts."""
        for one in scope.chain():
            for place in ("rulebase", "pre-rulebase", "post-rulebase"):
                for section in one.sections(place):
                    node = section.at(_DEFAULTS, "rules", name)
                    if node is not None:
                        usual = PERMIT if name == INTRAZONE else DENY
                        rule = Clauses(node)
                        outcome = outcome_of(rule) if rule.word("action") else usual
                        return outcome or usual, logging_of(rule, at_end=False), node.line
        return (PERMIT if name == INTRAZONE else DENY), None, 0


def _applied(scope: Scope) -> bool | None:
    """Return whether firewalls evaluate an entry; None for a device group that names none."""
    return True if scope.kind != "device-group" or scope.devices else None


def _unique(policies: list[Policy]) -> tuple[Policy, ...]:
    """Return the policies; device groups and vsys cannot share a name on one device."""
    seen: dict[str, Policy] = {}
    for policy in policies:
        seen.setdefault(policy.name, policy)
    return tuple(seen.values())
