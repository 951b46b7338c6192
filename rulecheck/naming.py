"""Distinct names: a report cites rules by policy name, so no two policies of a device may share one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rulecheck.model.device import Device, Policy


def distinct_policies(device: Device) -> Device:
    """Return the device with each policy name once: a repeated one gets a number, ``X`` then ``X (2)``.

    Calls follow the policy that they meant: the first of that name in their scope.
    """
    names = [policy.name for policy in device.policies]
    if len(set(names)) == len(names):
        return device
    taken = set(names)
    seen: set[str] = set()
    renamed: dict[tuple[str, str], str] = {}
    policies: list[Policy] = []
    for policy in device.policies:
        name = policy.name if policy.name not in seen else _free(policy.name, taken)
        seen.add(policy.name)
        taken.add(name)
        renamed.setdefault((policy.scope, policy.name), name)
        policies.append(replace(policy, name=name))
    return replace(device, policies=tuple(_follow(policy, renamed) for policy in policies))


def _free(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


def _follow(policy: Policy, renamed: Mapping[tuple[str, str], str]) -> Policy:
    rules = tuple(
        rule if rule.calls is None else replace(rule, calls=renamed.get((policy.scope, rule.calls), rule.calls))
        for rule in policy.rules
    )
    return replace(policy, rules=rules)
