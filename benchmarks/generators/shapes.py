"""Sets of one shape: checkerboard, dense overlaps, and long lists of hosts."""

from __future__ import annotations

from random import Random

from benchmarks.generators.building import TCP, UDP, RuleList, network, one_service, ports, shuffled, single, span
from rulecheck.model.device import Policy
from rulecheck.model.match import ANY_ADDRESS, Addresses, Services
from rulecheck.model.rule import DENY, PERMIT

SPACE = 1 << 32


def checkerboard(rules: int, seed: int) -> Policy:
    """Return ``net -> any`` for one half of the rules and ``any -> net`` for the other, mixed, for /24 networks.

    Their union is a grid of stripes: small as a list of rules, huge for a method that keeps the union as one
    structure of nodes. No network appears twice on one side, so only the final deny holds other rules.
    """
    random = Random(f"checkerboard {seed}")
    half = (rules - 1) // 2
    made = RuleList()
    sources = [(single(network(base << 8, 24)), ANY_ADDRESS) for base in random.sample(range(1 << 24), half)]
    others = random.sample(range(1 << 24), rules - 1 - half)
    destinations = [(ANY_ADDRESS, single(network(base << 8, 24))) for base in others]
    for source, destination in shuffled(random, [*sources, *destinations]):
        made.add(random.choice((PERMIT, DENY)), source, destination)
    made.add(DENY)
    return made.policy("checkerboard", (4,))


def dense(rules: int, seed: int) -> Policy:
    """Return wide boxes that overlap many others in three fields, and hold few."""
    random = Random(f"dense {seed}")
    made = RuleList()
    for _ in range(rules - 1):
        made.add(random.choice((PERMIT, DENY)), _wide_range(random), _wide_range(random), _wide_ports(random, rules))
    made.add(DENY)
    return made.policy("dense", (4,))


def _wide_range(random: Random) -> Addresses:
    """Return a range of 1/64 to 1/4 of the address space."""
    width = SPACE >> random.randrange(2, 7)
    low = random.randrange(SPACE - width)
    return single(span(low, low + width - 1))


def _wide_ports(random: Random, rules: int) -> Services:
    """Return a range of ports, narrower the more rules there are, so that rules stay alive."""
    width = max(16, min(16_384, 16_384_000 // rules))
    low = random.randrange(65_536 - width)
    return one_service(ports(TCP if random.random() < 0.8 else UDP, low, low + random.randrange(width)))


def host_denies(rules: int, seed: int) -> Policy:
    """Return a block list: hosts and some small networks that are denied, and a final permit.

    One entry in fifty lies within a network that is denied before or behind it, or is written twice.
    """
    random = Random(f"hosts {seed}")
    made = RuleList()
    listed: list[int] = []
    for _ in range(rules - 1):
        repeated = listed and random.random() < 0.01
        base = random.choice(listed) if repeated else random.randrange(1 << 24, 224 << 24)
        listed.append(base)
        made.add(DENY, single(network(base, 24 if random.random() < 0.01 else 32)))
    made.add(PERMIT)
    return made.policy("hosts", (4,))
