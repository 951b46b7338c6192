"""The services at risk that RC205 looks for, read from ``services_at_risk.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rulecheck.model.device import Severity
from rulecheck.model.intervals import EMPTY, IntervalSet

TCP, UDP = 6, 17


@dataclass(frozen=True, slots=True)
class ServiceAtRisk:
    """A service that should not be open to everybody: its destination ports by protocol number.

    ``severity`` holds where everybody can reach it; ``clear``: the protocol protects nothing on the way.
    """

    name: str
    ports: tuple[tuple[int, IntervalSet], ...]
    severity: Severity
    clear: bool
    source: str


@cache
def services_at_risk() -> tuple[ServiceAtRisk, ...]:
    """Return all services at risk in the order of their file."""
    text = files("rulecheck.checks").joinpath("services_at_risk.toml").read_text(encoding="utf-8")
    return tuple(
        ServiceAtRisk(
            one["name"],
            tuple((number, _ports(one[key])) for key, number in (("tcp", TCP), ("udp", UDP)) if key in one),
            Severity(one["severity"]),
            one["clear"],
            one["source"],
        )
        for one in tomllib.loads(text)["service"]
    )


@cache
def ports_at_risk(protocol: int) -> IntervalSet:
    """Return the destination ports of all services at risk of a protocol."""
    return IntervalSet.union_of(
        ports for one in services_at_risk() for number, ports in one.ports if number == protocol
    )


def _ports(listed: Iterable[int | list[int]]) -> IntervalSet:
    return IntervalSet.merged((one, one) if isinstance(one, int) else (one[0], one[1]) for one in listed) or EMPTY
