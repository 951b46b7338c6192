"""Measures one analysis in this process: ``python -m benchmarks.child SUBJECT SET RULES SEED [PROFILE]``.

SUBJECT is ``engine``, or a peer: ``cudd``, ``aerleon``. Prints one line of JSON. The set is made before the clock
starts; the peak is the highest resident memory of the process, which holds the set as well. With PROFILE, the
profile of the engine's analysis is written to that file.
"""

from __future__ import annotations

import cProfile
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from hashlib import sha256

from benchmarks.sets import SETS
from rulecheck.engine.analyze import analyze_policies
from rulecheck.model.device import Policy
from rulecheck.model.finding import Kind
from rulecheck.startup import relax_collector

DEAD = frozenset({Kind.SHADOWED, Kind.COVERED, Kind.EMPTY})


def run_engine(policy: Policy, profile: str | None) -> dict[str, object]:
    """Analyse with rulecheck."""
    profiler = cProfile.Profile() if profile else None
    before, begin = _processor(), time.perf_counter()
    with profiler or nullcontext():
        (result,) = analyze_policies([policy])
    wall = time.perf_counter() - begin
    processor = _processor() - before
    if profiler and profile:
        profiler.dump_stats(profile)
    found = Counter(verdict.kind.value if verdict.kind else "live" for verdict in result.verdicts.values())
    dead = [index for index, verdict in result.verdicts.items() if verdict.kind in DEAD]
    counts = {**dict(sorted(found.items())), "removable": len(result.removable)}
    return {"wall": wall, "processor": processor, "found": counts, "dead": dead}


def run_peer(subject: str, policy: Policy) -> dict[str, object]:
    """Analyse with another program."""
    if subject == "cudd":
        from benchmarks.peers import cudd

        return dict(cudd.measure(policy))
    from benchmarks.peers import aerleon

    return dict(aerleon.measure(policy))


def _processor() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def _peak() -> int:
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def digest(indexes: Iterable[int]) -> str:
    """Return a short name for a set of rules."""
    return sha256(",".join(map(str, sorted(indexes))).encode()).hexdigest()[:16]


def measure(subject: str, name: str, rules: int, seed: int, profile: str | None) -> dict[str, object]:
    """Make a set, analyse it, and return what was measured (seconds, KiB) and found."""
    relax_collector()
    begin = time.perf_counter()
    policy = SETS[name].make(rules, seed)
    made = time.perf_counter() - begin
    before = _peak()
    result = run_engine(policy, profile) if subject == "engine" else run_peer(subject, policy)
    dead = result.pop("dead")
    assert isinstance(dead, list)
    memory = {"before": before, "peak": _peak()}
    return {"rules": len(policy.rules), "made": made, **memory, **result, "dead": len(dead), "digest": digest(dead)}


def main() -> None:
    subject, name, rules, seed, *rest = sys.argv[1:]
    print(json.dumps(measure(subject, name, int(rules), int(seed), rest[0] if rest else None)))


if __name__ == "__main__":
    main()
