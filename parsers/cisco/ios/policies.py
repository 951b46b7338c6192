"""From access lists as written to policies: rules with their match, fragments, and the implicit end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from parsers.cisco.ios.clauses import has_layer4
from parsers.cisco.ios.draft import Draft
from parsers.cisco.ios.lists import AccessList, Entry
from parsers.cisco.ios.services import single
from parsers.cisco.vocabulary import ICMP6, icmp_message, icmp_set
from rulecheck.model.device import ObjectUse, Policy
from rulecheck.model.fields import IPV6_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Condition, Constraint, Element, Match, Service, Services
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Rule, Verb

_INITIAL, _NON_INITIAL = single(0), single(1)


def build_policy(
    found: AccessList, applied_to: tuple[str, ...], time_ranges: dict[str, str], scope: str = ""
) -> Policy:
    """Return the policy of an access list. ``time_ranges`` maps names to their definitions as text.

    A list without entries permits everything, like one that is not defined (Cisco IOS Security Configuration
    Guide, "IP Access List Overview").
    """
    entries = found.ordered()
    fragments = any(entry.draft.fragments for entry in entries)
    rules = tuple(_rule(index, entry, fragments, time_ranges) for index, entry in enumerate(entries))
    return Policy(
        name=found.name,
        kind="acl",
        rules=rules,
        default=DENY if rules else PERMIT,
        families=(found.family,),
        applied_to=applied_to,
        implicit=_neighbour_discovery(found, len(rules)) if found.family == 6 and rules else (),
        scope=scope,
        origin=found.origin,
    )


def object_uses(found: AccessList, policy: str) -> Iterable[ObjectUse]:
    """Yield the references of a list's entries to groups and time ranges."""
    for index, entry in enumerate(found.ordered()):
        for kind, name in dict.fromkeys(entry.draft.uses):
            yield ObjectUse(policy, index, kind, name)


def _rule(index: int, entry: Entry, fragments: bool, time_ranges: dict[str, str]) -> Rule:  # noqa: FBT001
    draft = entry.draft
    schedule = draft.schedule
    if schedule is not None:
        schedule = replace(schedule, text=time_ranges.get(schedule.name, ""))
    return Rule(
        index=index,
        origin=draft.origin,
        match=_match(draft, in_fragment_list=fragments),
        outcome=draft.outcome,
        name=None if entry.written is None else str(entry.written),
        schedule=schedule,
        logging=draft.logging,
        description=entry.description,
        hits=draft.hits,
    )


def _match(draft: Draft, *, in_fragment_list: bool) -> Match:
    services = draft.services
    constraints = tuple(draft.constraints)
    if in_fragment_list and draft.fragments:
        constraints = (*constraints, Constraint(Field.FRAGMENT, _NON_INITIAL, "fragments", draft.origin))
    elif in_fragment_list and services is not None:
        services = tuple(part for one in services for part in _by_fragment(one, draft))
    return Match(
        source=draft.source,
        destination=draft.destination,
        services=None if services is None else Services(draft.label, services),
        constraints=constraints,
        conditions=tuple(draft.conditions),
    )


def _by_fragment(service: Service, draft: Draft) -> tuple[Service, ...]:
    """Return what an entry with layer-4 information means in a list that uses ``fragments``.

    A permit matches its ports on packets that carry them, and any non-initial fragment of the addresses and
    protocol; a deny only packets that carry them. Source: Cisco document 8014, "Access Control Lists and IP
    Fragments". The document is about IPv4; for IPv6 the non-initial fragments stay undecided.
    """
    if not has_layer4(service):
        return (service,)
    first = replace(service, fragment=_INITIAL)
    rest = Service(f"{service.text} (non-initial fragments)", service.origin, service.protocol, fragment=_NON_INITIAL)
    if draft.family == 6:
        key = f"ipv6-fragments:{draft.origin.line}"
        reason = "what this entry does with non-initial IPv6 fragments is not documented"
        return first, replace(rest, condition=Condition(key, reason, draft.origin))
    return (first, rest) if draft.outcome.verb is Verb.PERMIT else (first,)


def _neighbour_discovery(found: AccessList, start: int) -> tuple[Rule, ...]:
    """Return the two permits that IOS puts before the implicit deny of every IPv6 list."""
    return tuple(_implicit(found, start + n, word) for n, word in enumerate(("nd-na", "nd-ns")))


def _implicit(found: AccessList, index: int, word: str) -> Rule:
    text = f"permit icmp any any {word}"
    origin = Origin(found.origin.file, found.origin.line, f"{text} (implicit)")
    anywhere = Addresses("any", (Element("any", IPV6_ALL, origin),))
    service = Service(f"icmp {word}", origin, single(ICMP6), icmp=_message(word))
    match = Match(anywhere, anywhere, Services(f"icmp {word}", (service,)))
    return Rule(index, origin, match, PERMIT, name="implicit")


def _message(word: str) -> IntervalSet:
    kind, code = icmp_message(word, 6) or (0, None)
    return icmp_set(kind, code)
