"""From access lists as written to policies: rules with their match, schedules and counters, and the implicit end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from parsers.cisco.acl.dialect import Dialect
from parsers.cisco.acl.draft import Draft
from parsers.cisco.acl.fragments import NON_INITIAL, entry_services
from parsers.cisco.acl.lists import AccessList, Entry
from parsers.cisco.acl.services import single
from parsers.cisco.vocabulary import ICMP6, icmp_message, icmp_set
from rulecheck.model.device import ObjectUse, Policy
from rulecheck.model.fields import IPV6_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Constraint, Element, Match, Service, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Hits, Outcome, Rule, Schedule


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rest of the input says: time ranges by name, and the time over which counters were taken."""

    dialect: Dialect
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    window: str = ""


def build_policy(
    found: AccessList,
    around: Surroundings,
    applied_to: tuple[str, ...],
    applied: bool | None,  # noqa: FBT001
    scope: str = "",
) -> Policy:
    """Return the policy of an access list. Behind its entries stands the implicit deny.

    A list without entries does what the dialect says of it.
    """
    entries = found.ordered()
    found.splits_fragments = any(entry.draft.fragments for entry in entries)
    rules = tuple(_rule(index, entry, found, around) for index, entry in enumerate(entries))
    return Policy(
        name=found.name,
        kind="acl",
        rules=rules,
        default=DENY if rules else around.dialect.empty,
        families=(found.family,),
        applied_to=applied_to,
        implicit=_implicit_rules(found, around.dialect, len(rules)) if rules else (),
        scope=scope,
        origin=found.origin,
        applied=applied,
    )


def object_uses(found: AccessList, policy: str) -> Iterable[ObjectUse]:
    """Yield the references of a list's entries to groups and time ranges."""
    for index, entry in enumerate(found.ordered()):
        for kind, name in dict.fromkeys(entry.draft.uses):
            yield ObjectUse(policy, index, kind, name)


def _rule(index: int, entry: Entry, found: AccessList, around: Surroundings) -> Rule:
    draft = entry.draft
    schedule = draft.schedule
    if schedule is not None:
        schedule = around.schedules.get(schedule.name, schedule)
    return Rule(
        index=index,
        origin=draft.origin,
        match=_match(draft, found),
        outcome=draft.outcome,
        name=None if entry.written is None else str(entry.written),
        schedule=schedule,
        logging=draft.logging,
        description=entry.description,
        hits=_counted(draft.hits, around.window),
    )


def _counted(hits: Hits | None, window: str) -> Hits | None:
    return replace(hits, window=window) if hits is not None and window else hits


def _match(draft: Draft, found: AccessList) -> Match:
    services = entry_services(draft, found)
    constraints = tuple(draft.constraints)
    if draft.fragments:
        constraints = (*constraints, Constraint(Field.FRAGMENT, NON_INITIAL, "fragments", draft.origin))
    return Match(
        source=draft.source,
        destination=draft.destination,
        services=None if services is None else Services(draft.label, services),
        constraints=constraints,
        conditions=tuple(draft.conditions),
    )


def _implicit_rules(found: AccessList, dialect: Dialect, start: int) -> tuple[Rule, ...]:
    """Return what the device evaluates between the entries and the implicit deny."""
    rules = []
    if found.leftover_fragments is not None:
        rules.append(_fragment_rule(found, found.leftover_fragments))
    if found.family == 6:
        rules.extend(_discovery_rule(found, word, dialect) for word in dialect.discovery)
    return tuple(replace(rule, index=start + n) for n, rule in enumerate(rules))


def _fragment_rule(found: AccessList, outcome: Outcome) -> Rule:
    text = f"fragments {outcome.label}-all"
    origin = Origin(found.origin.file, found.origin.line, f"{text} (implicit)")
    match = Match(ANY_ADDRESS, ANY_ADDRESS, None, (Constraint(Field.FRAGMENT, NON_INITIAL, text, origin),))
    return Rule(0, origin, match, outcome, name="implicit")


def _discovery_rule(found: AccessList, word: str, dialect: Dialect) -> Rule:
    """Return the implicit permit of a neighbour discovery message."""
    text = f"permit icmp any any {word}"
    origin = Origin(found.origin.file, found.origin.line, f"{text} (implicit)")
    anywhere = Addresses("any", (Element("any", IPV6_ALL, origin),))
    service = Service(f"icmp {word}", origin, single(ICMP6), icmp=_message(word))
    conditions: tuple[Condition, ...] = ()
    if dialect.discovery_doubt:
        conditions = (Condition("implicit-discovery", dialect.discovery_doubt, origin, independent=True),)
    match = Match(anywhere, anywhere, Services(f"icmp {word}", (service,)), conditions=conditions)
    return Rule(0, origin, match, PERMIT, name="implicit")


def _message(word: str) -> IntervalSet:
    kind, code = icmp_message(word, 6) or (0, None)
    return icmp_set(kind, code)
