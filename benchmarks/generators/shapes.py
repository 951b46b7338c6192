"""Sets of one shape: checkerboard, dense overlaps, and long lists of hosts."""

from __future__ import annotations

from random import Random

from benchmarks.generators.building import TCP, UDP, RuleList, network, one_service, ports, shuffled, single, span
from rulecheck.model.device import Policy
from rulecheck.model.match import ANY_ADDRESS
from rulecheck.model.rule import DENY, PERMIT

SPACE, PORTS = 1 << 32, 1 << 16


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
    """Return plates: boxes that are wide in two of three fields and narrow in the third, each in another place.

    Most pairs of plates that are narrow in different fields overlap, so a rule overlaps about one in six of all others;
    yet few are covered.
    """
    random = Random(f"dense {seed}")
    made = RuleList()
    for _ in range(rules - 1):
        narrow = random.randrange(3)
        source, destination, (low, high) = (
            _part(random, total, rules if field == narrow else 1) for field, total in enumerate((SPACE, SPACE, PORTS))
        )
        protocol = TCP if random.random() < 0.8 else UDP
        services = one_service(ports(protocol, low, high))
        made.add(random.choice((PERMIT, DENY)), single(span(*source)), single(span(*destination)), services)
    made.add(DENY)
    return made.policy("dense", (4,))


def _part(random: Random, total: int, divisor: int) -> tuple[int, int]:
    """Return a random range of a quarter to nearly all of ``total / divisor`` values."""
    width = max(1, int(total * random.uniform(0.25, 0.95) / divisor))
    low = random.randrange(total - width + 1)
    return low, low + width - 1


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
