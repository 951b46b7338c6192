"""Aerleon's shade check: every term is compared with each term before it, one by one.

A rule becomes a term for each combination of protocol, source ports, ICMP type and TCP flags that it has, since the
ports of a term belong to all its protocols. Aerleon compares terms, not packets: it finds no union covers.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, summarize_address_range

from rulecheck.model.device import Policy
from rulecheck.model.fields import IPV6_BASE, TCP_ESTABLISHED, tcp_flag_values
from rulecheck.model.intervals import Interval, IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Service
from rulecheck.model.rule import BLOCKING, Rule

PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp"}
ICMP_TYPES = {3: "unreachable", 8: "echo-request"}
OPTIONS = {TCP_ESTABLISHED: "tcp-established", tcp_flag_values(0x12, 0x02): "tcp-initial"}

TermDict = dict[str, str | list[str]]


class Definitions:
    """Networks and services under the names by which terms refer to them."""

    def __init__(self) -> None:
        self._networks: dict[IntervalSet, str] = {}
        self._services: dict[tuple[str, Interval], str] = {}

    def network(self, operand: Addresses) -> str:
        """Return the name of an address operand."""
        values = IntervalSet.union_of(part.values for part in operand.parts)
        return self._networks.setdefault(values, f"N{len(self._networks)}")

    def ports(self, protocol: str, values: IntervalSet) -> list[str]:
        """Return the names of ports."""
        return [self._services.setdefault((protocol, pair), f"S{len(self._services)}") for pair in values]

    def as_objects(self) -> dict[str, dict[str, object]]:
        """Return everything in the form of Aerleon's definition files."""
        networks = {
            name: {"values": [{"address": str(one)} for one in _networks(values)]}
            for values, name in self._networks.items()
        }
        services = {
            name: [{"protocol": protocol, "port": f"{low}-{high}" if low < high else str(low)}]
            for (protocol, (low, high)), name in self._services.items()
        }
        return {"networks": dict(networks), "services": dict(services)}


def _networks(values: IntervalSet) -> Iterator[IPv4Network | IPv6Network]:
    for low, high in values:
        if low >= IPV6_BASE:
            yield from summarize_address_range(IPv6Address(low - IPV6_BASE), IPv6Address(high - IPV6_BASE))
        else:
            yield from summarize_address_range(IPv4Address(low), IPv4Address(high))


def terms(rules: Iterable[Rule], definitions: Definitions) -> list[TermDict]:
    """Return the terms of some rules.

    Raises:
        KeyError: a protocol, an ICMP type or TCP flags have no word in Aerleon.
    """
    made: list[TermDict] = []
    for rule in rules:
        base: TermDict = {"action": "deny" if rule.outcome.verb in BLOCKING else "accept"}
        for side, operand in (("source", rule.match.source), ("destination", rule.match.destination)):
            if operand is not ANY_ADDRESS:
                base[f"{side}-address"] = definitions.network(operand)
        services = rule.match.services
        variants = [{}] if services is None else _variants(services.elements, definitions)
        made += [{"name": f"rule-{rule.index}-{number}", **base, **variant} for number, variant in enumerate(variants)]
    return made


def _variants(services: Iterable[Service], definitions: Definitions) -> list[TermDict]:
    grouped: dict[tuple[object, ...], list[Service]] = {}
    for one in services:
        grouped.setdefault((one.protocol, one.source_ports, one.icmp, one.tcp_flags), []).append(one)
    return [_service(group, definitions) for group in grouped.values()]


def _service(group: list[Service], definitions: Definitions) -> TermDict:
    first = group[0]
    assert first.protocol is not None
    protocol = PROTOCOLS[first.protocol.lowest]
    found: TermDict = {"protocol": protocol}
    if first.source_ports is not None:
        found["source-port"] = definitions.ports(protocol, first.source_ports)
    destinations = [one.destination_ports for one in group if one.destination_ports is not None]
    if len(destinations) == len(group):
        found["destination-port"] = definitions.ports(protocol, IntervalSet.union_of(destinations))
    if first.icmp is not None:
        found["icmp-type"] = ICMP_TYPES[first.icmp.lowest >> 8]
    if first.tcp_flags is not None:
        found["option"] = OPTIONS[first.tcp_flags]
    return found


class _Shaded(logging.Handler):
    """Collects the names of terms that a warning calls shaded."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Note the term of one warning."""
        name, shaded, _ = record.getMessage().partition(" is shaded by ")
        if shaded:
            self.names.add(name)


def measure(policy: Policy) -> Mapping[str, object]:
    """Return the seconds of the shade check alone, and the rules of which every term is shaded."""
    naming, policy_builder, aerleon_policy = (
        import_module(f"aerleon.lib.{name}") for name in ("naming", "policy_builder", "policy")
    )
    names = Definitions()
    listed = terms(policy.rules, names)
    definitions = naming.Naming()
    definitions.ParseDefinitionsObject(names.as_objects(), "")
    header = {"targets": {"cisco": "benchmark mixed"}}
    raw = {"filename": "benchmark", "filters": [{"header": header, "terms": listed}]}
    built = aerleon_policy.FromBuilder(policy_builder.PolicyBuilder(raw, definitions, False, False))
    handler = _Shaded()
    logger = logging.getLogger()
    others, logger.handlers = logger.handlers, [handler]
    try:
        begin = time.perf_counter()
        built._DetectShading(built.filters[0][1])  # noqa: SLF001 - the check alone, without building the terms
        wall = time.perf_counter() - begin
    finally:
        logger.handlers = others
    live = {_rule(str(term["name"])) for term in listed if term["name"] not in handler.names}
    return {"wall": wall, "dead": [rule.index for rule in policy.rules if rule.index not in live]}


def _rule(name: str) -> int:
    return int(name.split("-")[1])
