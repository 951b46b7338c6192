"""Predefined services and applications: from the data file, or from the configuration where it has them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from parsers.paloalto.panos.values import parse_ports
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet

_PROTOCOLS = {"tcp": 6, "udp": 17, "sctp": 132}
_ICMP = {"icmp": 1, "icmp6": 58}


@dataclass(frozen=True, slots=True)
class Ports:
    """A product of IP protocols, destination ports and ICMP types; None means all."""

    protocol: IntervalSet
    ports: IntervalSet | None = None
    icmp: IntervalSet | None = None

    def sets(self) -> tuple[tuple[Field, IntervalSet], ...]:
        """Return the restricted fields."""
        pairs = ((Field.PROTOCOL, self.protocol), (Field.DESTINATION_PORT, self.ports), (Field.ICMP, self.icmp))
        return tuple((name, values) for name, values in pairs if values is not None)


@dataclass(frozen=True, slots=True)
class DefaultPorts:
    """The default ports of an application: ``always``, and ``maybe`` (content release, decryption)."""

    always: tuple[Ports, ...]
    maybe: tuple[Ports, ...] = ()


def parse_default(text: str) -> tuple[Ports | None, Ports | None]:
    """Return what ``tcp/80,443``, ``udp/dynamic``, ``ip/47`` or ``icmp/any`` stands for.

    The second result is what may belong to it as well: all ports where they are ``dynamic``. Both are None where
    the text is malformed.
    """
    protocol, _, ports = text.replace(" ", "").partition("/")
    if protocol not in _PROTOCOLS:
        return _without_ports(protocol, ports), None
    number = IntervalSet.points([_PROTOCOLS[protocol]])
    fixed = ",".join(part for part in ports.split(",") if part != "dynamic")
    dynamic = Ports(number) if fixed != ports else None
    values = parse_ports(fixed)
    return (None if values is None else Ports(number, values)), dynamic


def _without_ports(protocol: str, number: str) -> Ports | None:
    if protocol == "icmp" and number == "any":
        return Ports(IntervalSet.points(_ICMP.values()))
    if not (number.isascii() and number.isdigit() and len(number) <= 3 and int(number) <= 255):
        return None
    if protocol == "ip":
        return Ports(IntervalSet.points([int(number)]))
    if protocol not in _ICMP:
        return None
    types = IntervalSet(((int(number) * 256, int(number) * 256 + 255),))
    return Ports(IntervalSet.points([_ICMP[protocol]]), icmp=types)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("predefined.toml").read_text(encoding="utf-8"))


@cache
def services() -> dict[str, tuple[Ports, ...]]:
    """Return the predefined services by name."""
    return {name: _all(texts) for name, texts in _data()["services"].items()}


@cache
def applications() -> dict[str, DefaultPorts]:
    """Return the predefined applications whose default ports are known."""
    return {
        name: DefaultPorts(_all(one["ports"]), _all(one.get("maybe", ())))
        for name, one in _data()["applications"].items()
    }


@cache
def containers() -> dict[str, tuple[str, ...]]:
    """Return applications that stand for several others."""
    return {name: tuple(members) for name, members in _data()["containers"].items()}


@cache
def is_single(name: str) -> bool:
    """Return whether an application is known to stand for no other one."""
    names = _data()["names"]
    return name in names["single"] or name.endswith(tuple(names["endings"]))


def _all(texts: list[str]) -> tuple[Ports, ...]:
    return tuple(ports for text in texts if (ports := parse_default(text)[0]) is not None)
