"""Measures the engine once, in this process: ``python -m benchmarks.child SET RULES SEED [PROFILE]``.

Prints one line of JSON. Only ``analyze_policies`` is timed; the peak is the highest resident memory of the process,
which made the policy as well. With PROFILE, the profile of the analysis is written to that file.
"""

from __future__ import annotations

import cProfile
import json
import resource
import sys
import time
from collections import Counter
from contextlib import nullcontext

from benchmarks.sets import SETS
from rulecheck.engine.analyze import analyze_policies


def measure(name: str, rules: int, seed: int, profile: str | None) -> dict[str, object]:
    """Make a set, analyse it, and return what was measured (seconds, KiB) and found."""
    begin = time.perf_counter()
    policy = SETS[name].make(rules, seed)
    made = time.perf_counter() - begin
    before = resource.getrusage(resource.RUSAGE_SELF)
    profiler = cProfile.Profile() if profile else None
    begin = time.perf_counter()
    with profiler or nullcontext():
        (result,) = analyze_policies([policy])
    wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_SELF)
    if profiler and profile:
        profiler.dump_stats(profile)
    found = Counter(verdict.kind.value if verdict.kind else "live" for verdict in result.verdicts.values())
    return {
        "rules": len(policy.rules),
        "made": made,
        "wall": wall,
        "processor": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "before": before.ru_maxrss,
        "peak": after.ru_maxrss,
        "found": {**dict(sorted(found.items())), "removable": len(result.removable)},
    }


def main() -> None:
    name, rules, seed, *rest = sys.argv[1:]
    print(json.dumps(measure(name, int(rules), int(seed), rest[0] if rest else None)))


if __name__ == "__main__":
    main()
