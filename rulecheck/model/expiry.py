"""Rules whose schedule is over for good: from a given day on they take part in nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from rulecheck.model.device import Device, Policy
from rulecheck.model.rule import Rule


def is_expired(rule: Rule, today: date) -> bool:
    """Return whether the rule's schedule ended before ``today`` began, in the device's local time."""
    ends = rule.schedule.ends if rule.schedule else None
    return ends is not None and ends.date() < today


def depends_on_date(device: Device) -> bool:
    """Return whether any rule has a schedule with an end, so that the result depends on the day."""
    return any(rule.schedule and rule.schedule.ends for policy in device.policies for rule in policy.rules)


def without_expired(device: Device, today: date | None) -> Device:
    """Return the device with the rules that are over on ``today`` disabled; None judges no schedule."""
    if today is None or not depends_on_date(device):
        return device
    return replace(device, policies=tuple(_expire(device.policies, today)))


def _expire(policies: Iterable[Policy], today: date) -> Iterable[Policy]:
    for policy in policies:
        if any(rule.enabled and is_expired(rule, today) for rule in policy.rules):
            yield replace(policy, rules=tuple(_disabled(rule, today) for rule in policy.rules))
        else:
            yield policy


def _disabled(rule: Rule, today: date) -> Rule:
    if not rule.enabled or not is_expired(rule, today):
        return rule
    return replace(rule, enabled=False, disabled_because="expired")
