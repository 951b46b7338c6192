"""Device names that are unique within one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from rulecheck.model.finding import DeviceReport


def with_unique_names(devices: Sequence[DeviceReport]) -> tuple[DeviceReport, ...]:
    """Rename devices that share a name: the stem of the file is added, then a number.

    The result depends on names and order only, never on timing.
    """
    wanted = [device.name or _stem(device) for device in devices]
    counts = Counter(wanted)
    qualified = [
        name if counts[name] == 1 else f"{name} ({_stem(device)})" for name, device in zip(wanted, devices, strict=True)
    ]
    taken: set[str] = set()
    return tuple(_renamed(device, _free(name, taken)) for name, device in zip(qualified, devices, strict=True))


def _free(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name} {number}"
    taken.add(candidate)
    return candidate


def _stem(device: DeviceReport) -> str:
    return PurePath(device.source.path).stem or "device"


def _renamed(device: DeviceReport, name: str) -> DeviceReport:
    if device.name == name:
        return device
    findings = tuple(replace(one, device=name) for one in device.findings)
    observations = tuple(replace(one, device=name) for one in device.observations)
    plans = tuple(replace(one, device=name) for one in device.plans)
    return replace(device, name=name, findings=findings, plans=plans, observations=observations)
