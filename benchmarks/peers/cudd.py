"""CUDD through ``dd``: dead rules by a cumulative union of binary decision diagrams.

For each rule in order: is what it matches within the union of all rules before it? Then it joins the union. That
finds shadowed, covered and empty rules together, without evidence, and no redundant ones.
"""

from __future__ import annotations

import time
from importlib import import_module

from benchmarks.peers.encoding import Encoder, Manager
from rulecheck.model.device import Policy


def dead_rules(policy: Policy, manager: Manager) -> list[int]:
    """Return the indexes of rules that decide no packet."""
    encoder = Encoder(manager)
    union, found = manager.false, []
    for rule in policy.rules:
        packets = encoder.union(rule.match.terms(policy.families))
        if packets <= union:
            found.append(rule.index)
        else:
            union |= packets
    return found


def measure(policy: Policy) -> dict[str, object]:
    """Return seconds and the number of dead rules. Reordering is off: with it on, the sets took longer."""
    cudd = import_module("dd.cudd")
    begin = time.perf_counter()
    manager = cudd.BDD(memory_estimate=4 << 30)
    manager.configure(reordering=False)
    found = dead_rules(policy, manager)
    return {"wall": time.perf_counter() - begin, "dead": found}
