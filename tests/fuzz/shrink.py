"""From a failing device to a small one that still fails: greedy, one simplification at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import monotonic
from typing import TypeVar

from rulecheck.model.device import Policy
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Match, Service, Services
from rulecheck.model.rule import Rule

Device = tuple[Policy, ...]
Fails = Callable[[Device], bool]
Part = TypeVar("Part")


def shrunk(policies: Sequence[Policy], fails: Fails, seconds: float) -> Device:
    """Return the smallest device found for which ``fails`` still holds; stop looking after some seconds."""
    best, end = tuple(policies), monotonic() + seconds
    progress = True
    while progress:
        progress = False
        for smaller in _smaller(best):
            if monotonic() > end:
                return best
            if fails(smaller):
                best, progress = smaller, True
                break
    return best


def _smaller(policies: Device) -> Iterator[Device]:
    """Yield devices with one thing less, the largest things first."""
    for number, policy in enumerate(policies):
        if len(policies) > 1 and not _is_called(policies, policy):
            yield (*policies[:number], *policies[number + 1 :])
    families = policies[0].families
    for family in families if len(families) > 1 else ():
        yield tuple(replace(policy, families=(family,)) for policy in policies)
    for number, policy in enumerate(policies):
        for changed in _smaller_policies(policy):
            yield (*policies[:number], changed, *policies[number + 1 :])


def _is_called(policies: Device, policy: Policy) -> bool:
    return any(rule.calls == policy.name for one in policies for rule in one.rules)


def _smaller_policies(policy: Policy) -> Iterator[Policy]:
    for place in range(len(policy.rules) if len(policy.rules) > 1 else 0):
        yield _numbered(policy, (*policy.rules[:place], *policy.rules[place + 1 :]))
    if policy.implicit:
        yield replace(policy, implicit=())
    for place, rule in enumerate(policy.rules):
        for match in _smaller_matches(rule.match):
            changed = replace(rule, match=match)
            yield replace(policy, rules=(*policy.rules[:place], changed, *policy.rules[place + 1 :]))


def _numbered(policy: Policy, rules: Sequence[Rule]) -> Policy:
    return replace(policy, rules=tuple(replace(rule, index=index) for index, rule in enumerate(rules)))


def _smaller_matches(match: Match) -> Iterator[Match]:
    yield from (replace(match, constraints=fewer) for fewer in _fewer(match.constraints))
    yield from (replace(match, conditions=fewer) for fewer in _fewer(match.conditions))
    yield from (replace(match, choices=fewer) for fewer in _fewer(match.choices))
    for place, choice in enumerate(match.choices):
        for fewer in _fewer(choice) if len(choice) > 1 else ():
            yield replace(match, choices=(*match.choices[:place], fewer, *match.choices[place + 1 :]))
    if match.services is not None:
        yield replace(match, services=None)
        yield from (replace(match, services=fewer) for fewer in _fewer_services(match.services))
    yield from (replace(match, source=one) for one in _smaller_addresses(match.source))
    yield from (replace(match, destination=one) for one in _smaller_addresses(match.destination))


def _fewer(listed: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    for place in range(len(listed)):
        yield (*listed[:place], *listed[place + 1 :])


def _fewer_services(services: Services) -> Iterator[Services]:
    listed = services.elements
    for place in range(len(listed) if len(listed) > 1 else 0):
        yield replace(services, elements=(*listed[:place], *listed[place + 1 :]))
    for place, service in enumerate(listed):
        for changed in _wider(service):
            yield replace(services, elements=(*listed[:place], changed, *listed[place + 1 :]))


def _wider(service: Service) -> Iterator[Service]:
    """Yield a service with one restriction less; those that change nothing are left out."""
    every = (
        replace(service, source_ports=None),
        replace(service, destination_ports=None),
        replace(service, icmp=None),
        replace(service, tcp_flags=None),
        replace(service, fragment=None),
        replace(service, condition=None),
    )
    yield from (one for one in every if one != service)


def _smaller_addresses(operand: Addresses) -> Iterator[Addresses]:
    if operand == ANY_ADDRESS:
        return
    yield ANY_ADDRESS
    if operand.negated:
        yield replace(operand, negated=False)
    listed = operand.elements
    for place, element in enumerate(listed):
        if len(listed) > 1:
            yield replace(operand, elements=(*listed[:place], *listed[place + 1 :]))
        changes = [replace(element, values=IntervalSet((pair,))) for pair in element.values]
        changes = changes if len(changes) > 1 else []
        changes += [replace(element, condition=None)] if element.condition else []
        for changed in changes:
            yield replace(operand, elements=(*listed[:place], changed, *listed[place + 1 :]))
