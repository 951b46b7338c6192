"""One security policy: from its block to a rule of the model.

Source: Juniper "Security Policies User Guide", chapters "Security Policies Overview", "Configuring Security Policies",
"Unified Security Policies".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parsers.juniper.books import Book, Books
from parsers.juniper.facts import Facts, description, summary
from parsers.juniper.schedules import SCHEDULER, Schedules
from parsers.juniper.services import Applications
from parsers.juniper.tree import Node
from parsers.juniper.words import words
from rulecheck.model.fields import Field
from rulecheck.model.match import ANY_ADDRESS, Addresses, Alternative, Condition, Constraint, Match, Services
from rulecheck.model.names import name_set
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Logging, Outcome, Rule, Schedule, Verb

_SIDES = ("source", "destination")
_ANY = frozenset({"any", "none"})
_SYMBOLIC = words(
    """source-identity source-end-user-profile url-category source-l3vpn-vrf-group destination-l3vpn-vrf-group
    sd-cloud-application source-identity-feed destination-identity-feed"""
)
"""Tests of something beside the packet's fields; each name is a test of its own."""

_PERMIT_DETAILS = words(
    """tunnel application-services firewall-authentication destination-address services-offload tcp-options"""
)


@dataclass(frozen=True, slots=True)
class Zones:
    """Where the rules of a list apply: the books of both sides, and the zones if the list has one pair."""

    source_books: tuple[Book, ...]
    destination_books: tuple[Book, ...]
    constraints: tuple[Constraint, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(slots=True)
class _Draft:
    """The parts of a rule while they are read."""

    source: Addresses = ANY_ADDRESS
    destination: Addresses = ANY_ADDRESS
    services: Services | None = None
    constraints: tuple[Constraint, ...] = ()
    conditions: tuple[Condition, ...] = ()
    choices: tuple[tuple[Alternative, ...], ...] = ()
    outcome: Outcome = DENY
    logging: Logging | None = None
    schedule: Schedule | None = None


class ZoneRules:
    """Reads policies. ``zone_constraint`` turns the zones that a global policy names into a constraint."""

    def __init__(
        self,
        facts: Facts,
        books: Books,
        applications: Applications,
        schedules: Schedules,
        zone_constraint: Callable[[Field, list[Node]], Constraint | None],
    ) -> None:
        self._facts = facts
        self._books = books
        self._applications = applications
        self._schedules = schedules
        self._zone_constraint = zone_constraint

    def rule(self, node: Node, index: int, policy: str, zones: Zones, why_off: str = "") -> Rule:
        """Return the rule that a policy describes; ``why_off`` says that the whole list is switched off."""
        draft = _Draft(constraints=zones.constraints, conditions=zones.conditions)
        disabled = why_off or ("" if node.active else "deactivated")
        node.take(whole=not node.active)
        self._facts.deciding = not disabled
        self._parts(node, draft, index, policy, zones)
        self._facts.deciding = True
        match = Match(
            draft.source, draft.destination, draft.services, draft.constraints, draft.conditions, draft.choices
        )
        return Rule(
            index,
            Origin(self._facts.file, node.line, summary(node)),
            match,
            draft.outcome,
            name=node.word,
            enabled=not disabled,
            disabled_because=disabled,
            schedule=draft.schedule,
            logging=draft.logging,
            description=description(node),
        )

    def _parts(self, node: Node, draft: _Draft, index: int, policy: str, zones: Zones) -> None:
        for one in node.live():
            one.take()
            if one.word == "match":
                self._match(one, draft, index, policy, zones)
            elif one.word == "then":
                self._then(one, draft)
            elif one.word == "scheduler-name" and (name := one.value()):
                draft.schedule, condition = self._schedules.of(name)
                draft.conditions += (condition,)
                self._facts.use(policy, index, SCHEDULER, name.word)
            elif one.word == "description":
                one.take(whole=True)
            else:
                self._doubt(draft, one, f"the statement {one.word} of a policy was not understood")
        if not any(one.word == "then" for one in node.live()):
            draft.outcome = Outcome(Verb.OTHER, ("no action",))
            self._missing(node, draft, "then")

    def _doubt(self, draft: _Draft, node: Node, message: str, code: str = "RC602") -> None:
        draft.conditions += (self._facts.doubt(node, message, code),)

    def _missing(self, node: Node, draft: _Draft, what: str) -> None:
        message = f"the policy has no {what}, without which Junos refuses it"
        draft.conditions += (self._facts.doubt(node, message, "RC606"),)

    def _match(self, node: Node, draft: _Draft, index: int, policy: str, zones: Zones) -> None:
        words = {one.word: one for one in node.live()}
        for side in _SIDES:
            books = zones.source_books if side == "source" else zones.destination_books
            self._side(node, side, books, draft, index, policy)
        for word, one in words.items():
            one.take()
            if word == "application":
                draft.services = self._services(one, index, policy, draft)
            elif word == "dynamic-application":
                self._dynamic(one, draft)
            elif word in ("from-zone", "to-zone"):
                self._zone(one, draft)
            elif word in _SYMBOLIC:
                self._symbolic(one, draft)
            elif word.removesuffix("-excluded") not in ("source-address", "destination-address"):
                self._doubt(draft, one, f"the match condition {word} was not understood")
        for word in ("source-address", "destination-address", "application"):
            if word not in words or not any(True for _ in words[word].live()):
                self._missing(words.get(word, node), draft, f"match {word}")

    def _side(self, node: Node, side: str, books: tuple[Book, ...], draft: _Draft, index: int, policy: str) -> None:
        statement = node.get(f"{side}-address")
        if statement is None:
            return
        names = statement.values()
        for one in names:
            if (kind := self._books.kind(one.word, books)) is not None:
                self._facts.use(policy, index, *kind)
        excluded = node.get(f"{side}-address-excluded") is not None
        operand = self._books.operand(names, books, negated=excluded)
        if side == "source":
            draft.source = operand
        else:
            draft.destination = operand

    def _services(self, node: Node, index: int, policy: str, draft: _Draft) -> Services | None:
        names = node.values()
        for one in names:
            if (kind := self._applications.kind(one.word)) is not None:
                self._facts.use(policy, index, kind, one.word)
        if any(one.word == "junos-defaults" for one in names):
            reason = "the default ports of its dynamic applications are not known"
            origin = self._facts.origin(node, "junos-defaults")
            draft.conditions += (Condition("application:junos-defaults", reason, origin),)
            return None
        return self._applications.operand(names)

    def _dynamic(self, node: Node, draft: _Draft) -> None:
        """``dynamic-application``: names in capitals are single applications, others are groups."""
        names = node.values()
        if not names or _ANY.intersection(one.word for one in names):
            return
        single = [one.word for one in names if one.word.startswith("junos:") and one.word[6:].isupper()]
        ways = [self._test(node, one) for one in names if one.word not in single]
        if single:
            constraint = Constraint(
                Field.APPLICATION, name_set(*single), " ".join(single), self._facts.origin(node, " ".join(single))
            )
            ways.append(Alternative((constraint,)))
        draft.choices += (tuple(ways),)

    def _symbolic(self, node: Node, draft: _Draft) -> None:
        """A test of names whose members are not known: any of them will do."""
        names = node.values()
        for one in names:
            one.take(whole=True)
        if names and not _ANY.intersection(one.word for one in names):
            draft.choices += (tuple(self._test(node, one) for one in names),)

    def _test(self, node: Node, name: Node) -> Alternative:
        text = f"{node.word} {name.word}"
        reason = f"which packets belong to {text} is not known"
        return Alternative((), (Condition(text, reason, self._facts.origin(name)),))

    def _zone(self, node: Node, draft: _Draft) -> None:
        field = Field.SOURCE_ZONE if node.word == "from-zone" else Field.DESTINATION_ZONE
        constraint = self._zone_constraint(field, node.values())
        if constraint is not None:
            draft.constraints += (constraint,)

    def _then(self, node: Node, draft: _Draft) -> None:
        found: list[tuple[bool, Outcome]] = []
        for one in node.live():
            one.take()
            if one.word == "permit":
                found.append((one.inherited, self._permit(one, draft)))
            elif one.word in ("deny", "reject"):
                found.append((one.inherited, self._block(one)))
            elif one.word == "log":
                draft.logging = Logging(" ".join(["log", *(each.word for each in one.values())]))
            elif one.word == "count":
                one.take(whole=True)
            else:
                self._doubt(draft, one, f"the action {one.word} was not understood")
        own = [outcome for inherited, outcome in found if not inherited]
        if own or found:
            draft.outcome = own[-1] if own else found[0][1]
        else:
            draft.outcome = Outcome(Verb.OTHER, ("no action",))
            self._missing(node, draft, "action")

    def _permit(self, node: Node, draft: _Draft) -> Outcome:
        details: list[str] = []
        for one in node.live():
            if one.word in _PERMIT_DETAILS:
                one.take(whole=True)
                details.append(summary(one))
            else:
                self._doubt(draft, one, f"the setting {one.word} of permit was not understood")
        return Outcome(Verb.PERMIT, tuple(sorted(details))) if details else PERMIT

    def _block(self, node: Node) -> Outcome:
        details = []
        for one in node.live():
            one.take(whole=True)
            details.append(summary(one))
        verb = Verb.DENY if node.word == "deny" else Verb.REJECT
        return Outcome(verb, tuple(sorted(details)))
