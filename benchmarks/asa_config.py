"""Writes a Cisco ASA configuration of a given size to standard output: ``asa_config.py RULES SEED``.

The same arguments give the same bytes. All of it is invented: sites with subnets and servers in 10.0.0.0/8, partners
in documentation ranges, about 300 object groups that contain each other (more from 20,000 rules on), and access lists
of which roughly a tenth of the rules are dead.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

SITES = 40
"""At least; a site more for every 500 rules beyond 20,000, at most :data:`MOST_SITES`."""

MOST_SITES = 240
SUBNETS = 24
SERVERS = 60
SERVICE_GROUPS = 60
"""And one more for every 1,000 rules."""

PARTNERS = 40
ZONES = ("outside", "inside", "dmz", "partners", "campus", "storage")
DEAD = 0.09
"""Part of the rules that repeat or narrow an earlier one. Some more become dead by chance."""

PORTS = (21, 22, 23, 25, 53, 80, 88, 110, 123, 135, 143, 161, 389, 443, 445, 514, 587, 636, 993, 1433, 1521, 3128)
HIGH_PORTS = tuple(range(3268, 10_300, 71))


@dataclass
class Network:
    """An operand of a rule as it is written, and narrower operands within it."""

    text: str
    inner: list[str] = field(default_factory=list)


@dataclass
class Service:
    """Protocol and what is written behind the destination, narrower ports within it, and what follows the source."""

    protocol: str
    text: str
    inner: list[str] = field(default_factory=list)
    source: str = ""


ANY = Network("any")
PLAIN = (
    Service("icmp", "echo"),
    Service("icmp", "unreachable"),
    Service("udp", "eq 123", source="eq 123"),
    Service("udp", "eq 53", source="range 1024 65535"),
    Service("tcp", "range 1024 65535", source="eq 443"),
)
"""Services that are not written as a group."""


@dataclass
class Rule:
    action: str
    service: Service
    source: Network
    destination: Network

    def __str__(self) -> str:
        source, destination = f"{self.source.text} {self.service.source}", self.destination.text
        parts = (self.action, self.service.protocol, source.rstrip(), destination, self.service.text)
        return " ".join(part for part in parts if part)


class Generator:
    """Groups first, then access lists that use them."""

    def __init__(self, rules: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.rules = rules
        self.sites = min(max(SITES, rules // 500), MOST_SITES)
        self.lines: list[str] = []
        self.clients: list[Network] = []
        self.servers: list[Network] = []
        self.services: list[Service] = []

    def text(self) -> str:
        """Return the whole configuration."""
        self.lines += ["ASA Version 9.16(4)", "!", f"hostname bench-{self.rules}", "!"]
        self._interfaces()
        for site in range(self.sites):
            self._site(site)
        self._partners()
        self._nested()
        self._services()
        share, rest = divmod(self.rules, len(ZONES))
        for position, zone in enumerate(ZONES):
            self._access_list(zone, share + (position < rest))
        self.lines += [f"access-group {zone.upper()}_IN in interface {zone}" for zone in ZONES]
        return "\n".join([*self.lines, ": end", ""])

    def _interfaces(self) -> None:
        for number, zone in enumerate(ZONES):
            self.lines += [
                f"interface GigabitEthernet0/{number}",
                f" nameif {zone}",
                f" security-level {number * 20 % 101}",
                f" ip address 192.168.{number}.1 255.255.255.0",
                "!",
            ]

    def _group(self, name: str, members: list[str], inner: list[str]) -> Network:
        self.lines.append(f"object-group network {name}")
        self.lines += [f" {member}" for member in members]
        return Network(f"object-group {name}", inner)

    def _site(self, site: int) -> None:
        """Write the client subnets and the servers of a site, each as some groups."""
        pick = self.random
        second = 10 + site
        subnets = [f"10.{second}.{third}.0" for third in pick.sample(range(128), SUBNETS)]
        for part in range(2):
            some = subnets[part::2]
            inner = [f"{one} 255.255.255.128" for one in some] + [
                f"host {one[:-1]}{pick.randint(1, 254)}" for one in some
            ]
            self.clients.append(
                self._group(f"SITE{site}_USERS{part}", [f"network-object {one} 255.255.255.0" for one in some], inner)
            )
        hosts = [f"10.{second}.{200 + number % 8}.{pick.randint(1, 254)}" for number in range(SERVERS)]
        for part, kind in enumerate(("WEB", "DB", "APP")):
            some = hosts[part::3]
            self.servers.append(
                self._group(
                    f"SITE{site}_{kind}",
                    [f"network-object host {one}" for one in some],
                    [f"host {one}" for one in some],
                )
            )

    def _partners(self) -> None:
        for number in range(PARTNERS):
            block = f"{('192.0.2', '198.51.100', '203.0.113')[number % 3]}.{number // 3 * 16}"
            inner = [f"host {block.rsplit('.', 1)[0]}.{number // 3 * 16 + one}" for one in range(1, 15)]
            self.clients.append(self._group(f"PARTNER{number}", [f"network-object {block} 255.255.255.240"], inner))

    def _nested(self) -> None:
        """Write groups of groups: regions of sites."""
        for region in range(self.sites // 5):
            sites = range(region * 5, region * 5 + 5)
            for kinds, side, name in (
                (("USERS0", "USERS1"), self.clients, "USERS"),
                (("WEB",), self.servers, "WEB"),
                (("DB", "APP"), self.servers, "BACKEND"),
            ):
                members = [f"SITE{site}_{kind}" for site in sites for kind in kinds]
                inner = [f"object-group {member}" for member in members]
                group = self._group(f"REGION{region}_{name}", [f"group-object {member}" for member in members], inner)
                side.append(group)

    def _services(self) -> None:
        pick = self.random
        groups = SERVICE_GROUPS + self.rules // 1000
        for number in range(groups):
            protocol = pick.choice(("tcp", "tcp", "tcp", "udp"))
            ports = sorted(pick.sample(PORTS + HIGH_PORTS, pick.randint(2, 9)))
            self.lines.append(f"object-group service SVC{number} {protocol}")
            self.lines += [f" port-object eq {port}" for port in ports]
            if number >= groups // 2 and number % 3 == 0:
                inner = next((one for one in self.services if one.protocol == protocol), None)
                if inner is not None:
                    self.lines.append(f" group-object {inner.text.removeprefix('object-group ')}")
            self.services.append(Service(protocol, f"object-group SVC{number}", [f"eq {port}" for port in ports]))

    def _access_list(self, zone: str, length: int) -> None:
        name = f"{zone.upper()}_IN"
        written: list[Rule] = []
        for rule in self._rules(written, length - 1):
            if len(written) % 50 == 0:
                self.lines.append(f"access-list {name} remark --- block {len(written) // 50}")
            written.append(rule)
            self.lines.append(f"access-list {name} extended {rule}")
        self.lines.append(f"access-list {name} extended deny ip any any log")

    def _rules(self, written: list[Rule], length: int) -> Iterator[Rule]:
        for _ in range(length):
            if written and self.random.random() < DEAD:
                yield self._narrower(self.random.choice(written))
            else:
                yield self._fresh()

    def _fresh(self) -> Rule:
        pick = self.random
        service = pick.choice(self.services)
        if service.inner and pick.random() < 0.5:
            service = Service(service.protocol, pick.choice(service.inner))
        elif pick.random() < 0.1:
            first = pick.randint(10_000, 60_000)
            service = Service(service.protocol, f"range {first} {first + pick.randint(1, 400)}")
        elif pick.random() < 0.05:
            service = pick.choice(PLAIN)
        action = "deny" if pick.random() < 0.08 else "permit"
        source = ANY if pick.random() < 0.03 else self._side(self.clients)
        return Rule(action, service, source, self._side(self.servers))

    def _side(self, networks: list[Network]) -> Network:
        """Return a group, or often one subnet or host of it: most rules are narrow."""
        network = self.random.choice(networks)
        return self._inner(network) if self.random.random() < 0.6 else network

    def _inner(self, network: Network) -> Network:
        return Network(self.random.choice(network.inner)) if network.inner else network

    def _narrower(self, rule: Rule) -> Rule:
        """Return a rule that an earlier one holds entirely, one time in four with the other action."""
        pick = self.random
        service = rule.service
        if service.inner and pick.random() < 0.5:
            service = Service(service.protocol, pick.choice(service.inner), source=service.source)
        action = rule.action if pick.random() < 0.75 else "deny" if rule.action == "permit" else "permit"
        return Rule(action, service, self._inner(rule.source), self._inner(rule.destination))


def configuration(rules: int, seed: int) -> str:
    """Return a configuration with ``rules`` access list entries."""
    return Generator(rules, seed).text()


def configuration_of(lines: int, seed: int) -> str:
    """Return a configuration of about so many lines, at most one in a hundred more or less.

    Raises:
        ValueError: the objects alone take more lines.
    """
    rules = lines
    for _ in range(6):
        text = configuration(rules, seed)
        others = text.count("\n") - rules
        if lines - others < len(ZONES):
            raise ValueError(f"the objects alone take {others:,} lines: ask for more")
        rules = lines - others
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a random Cisco ASA configuration to standard output.")
    parser.add_argument("rules", type=int, help=f"number of access list entries, at least {len(ZONES)}")
    parser.add_argument("seed", type=int, help="the same seed gives the same configuration")
    arguments = parser.parse_args()
    if arguments.rules < len(ZONES):
        parser.error(f"rules must be at least {len(ZONES)}: each access list ends with a deny")
    sys.stdout.write(configuration(arguments.rules, arguments.seed))


if __name__ == "__main__":
    main()
