"""The policies of ``fixtures/abstract``: rules that no platform wrote, and what is to be found in them.

A rule is ``NAME: [disabled] permit|deny PROTOCOL from OPERAND [port P] to OPERAND [port P] [type T]``. A protocol is
``any``, ``tcp``, ``udp``, ``icmp`` or ``gre``; an operand ``any`` (all IPv4 addresses), ``any6``, a network, an address
or a group, with ``not`` for all other addresses of its family; ports are ``N`` or ``N-M``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from rulecheck.model.finding import Kind
from tests.render.abstract import ANY, ANY6, ANY_PORT, Line, Network, Operand, Ports, Sketch

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "abstract"
PATHS = sorted(FOLDER.glob("*.yaml"))

_OPERAND = r"((?:not )?\S+)(?: port (\d+)(?:-(\d+))?)?"
_RULE = re.compile(
    rf"([\w-]+): (disabled )?(permit|deny) (any|tcp|udp|icmp|gre) from {_OPERAND} to {_OPERAND}(?: type (\d+))?"
)


@dataclass(frozen=True)
class Expected:
    """A finding: the kind, the rules that prove it, and the rules each of which covers the rule alone, by name."""

    kind: Kind
    by: frozenset[str]
    alone: frozenset[str]


@dataclass(frozen=True)
class Written:
    """An abstract policy as it is written down. Its default is to deny."""

    about: str
    sketch: Sketch
    findings: Mapping[str, Expected]


def read(path: Path) -> Written:
    """Read an abstract policy; whatever is not understood is an error."""
    content: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    groups = {name: tuple(map(_network, texts)) for name, texts in content.get("groups", {}).items()}
    assert set(content) <= {"about", "groups", "rules", "findings"}
    lines = tuple(_line(text, groups) for text in content["rules"])
    findings = {
        one["rule"]: Expected(Kind(one["kind"]), frozenset(one["by"]), frozenset(one.get("alone", ())))
        for one in content["findings"]
    }
    names = [line.name for line in lines]
    assert len(set(names)) == len(names)
    assert {name for rule, one in findings.items() for name in (rule, *one.by, *one.alone)} <= set(names)
    return Written(content["about"], Sketch(lines), findings)


def _line(text: str, groups: Mapping[str, tuple[Network, ...]]) -> Line:
    found = _RULE.fullmatch(text)
    assert found is not None, text
    name, disabled, action, protocol, source, *ports, icmp = found.groups()
    low, high, destination, to_low, to_high = ports
    return Line(
        permit=action == "permit",
        protocol=None if protocol == "any" else protocol,
        source=_operand(source, groups),
        destination=_operand(destination, groups),
        source_ports=_ports(low, high),
        destination_ports=_ports(to_low, to_high),
        icmp=None if icmp is None else int(icmp),
        disabled=disabled is not None,
        name=name,
    )


def _operand(text: str, groups: Mapping[str, tuple[Network, ...]]) -> Operand:
    if text.startswith("not "):
        return replace(_operand(text.removeprefix("not "), groups), negated=True)
    if text in groups:
        return Operand(groups[text], group=text)
    return {"any": ANY, "any6": ANY6}.get(text) or Operand((_network(text),))


def _network(text: str) -> Network:
    network = ip_network(text)
    return Network(int(network.network_address), network.prefixlen, network.version)


def _ports(low: str | None, high: str | None) -> Ports:
    return ANY_PORT if low is None else Ports(int(low), int(high or low))
