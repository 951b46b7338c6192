"""What entries with ports and messages mean for non-initial fragments, which carry neither."""

from __future__ import annotations

from dataclasses import replace

from parsers.cisco.acl.draft import Draft
from parsers.cisco.acl.lists import AccessList
from parsers.cisco.acl.services import has_layer4, single
from rulecheck.model.match import Condition, Service
from rulecheck.model.rule import Verb

INITIAL, NON_INITIAL = single(0), single(1)


def entry_services(draft: Draft, found: AccessList) -> tuple[Service, ...] | None:
    """Return the services of an entry in its list; a list that never mentions fragments is not split by them.

    ``fragments permit-all`` and ``deny-all`` of NX-OS: the guides differ on whether entries without the keyword
    ``fragments`` still see non-initial fragments, so that part of them stands under one condition for the list.
    """
    if draft.fragments:
        return draft.services
    if found.leftover_fragments is not None:
        everything = (Service(draft.label or "ip", draft.origin),)
        plain = everything if draft.services is None else draft.services
        return tuple(part for one in plain for part in _by_leftover(one, draft, found))
    if draft.services is None or not found.splits_fragments:
        return draft.services
    return tuple(part for one in draft.services for part in _by_fragment(one, draft, found))


def _by_leftover(service: Service, draft: Draft, found: AccessList) -> tuple[Service, ...]:
    first = replace(service, fragment=INITIAL)
    if has_layer4(service) and draft.outcome.verb is not Verb.PERMIT:
        return (first,)
    reason = (
        f"whether access list {found.name} matches non-initial fragments with its ordinary entries is not documented"
    )
    condition = Condition(f"fragments-all:{found.family}:{found.name}", reason, draft.origin)
    if service.condition is not None:
        key = f"{condition.key} & {service.condition.key}"
        condition = replace(condition, key=key, reason=f"{reason}, and {service.condition.reason}")
    rest = Service(_text(service), service.origin, service.protocol, condition=condition, fragment=NON_INITIAL)
    return first, rest


def _by_fragment(service: Service, draft: Draft, found: AccessList) -> tuple[Service, ...]:
    """Return what an entry with layer-4 information means in a list that uses ``fragments``.

    A permit matches its ports on packets that carry them, and any non-initial fragment of the addresses and
    protocol; a deny only packets that carry them. Source: Cisco document 8014, "Access Control Lists and IP
    Fragments". The document is about IPv4; for IPv6 the non-initial fragments stay undecided.
    """
    if not has_layer4(service):
        return (service,)
    first = replace(service, fragment=INITIAL)
    rest = Service(_text(service), service.origin, service.protocol, fragment=NON_INITIAL)
    if draft.family == 6:
        key = f"ipv6-fragments:{draft.origin.line}"
        reason = "what this entry does with non-initial IPv6 fragments is not documented"
        return first, replace(rest, condition=Condition(key, reason, draft.origin))
    return (first, rest) if draft.outcome.verb is Verb.PERMIT and found.fragment_rules else (first,)


def _text(service: Service) -> str:
    return f"{service.text} (non-initial fragments)"
