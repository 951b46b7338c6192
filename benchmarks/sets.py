"""All sets by name: the generated ones, and filter files where there are some."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.generators import covers, shapes
from benchmarks.generators.filter_files import read_filters
from benchmarks.generators.filters import filter_set
from benchmarks.generators.policy_like import many_dead, policy_like
from rulecheck.model.device import Policy


@dataclass(frozen=True, slots=True)
class BenchmarkSet:
    """A set: how to make it from a number of rules and a seed, what it is in words, and the sizes that are measured.

    For the union covers the number is that of the covering pieces; a filter file has as many rules as it has.
    """

    make: Callable[[int, int], Policy]
    words: str
    sizes: tuple[int, ...]


GENERATED: Mapping[str, BenchmarkSet] = {
    "policy": BenchmarkSet(policy_like, "policy-like, object groups", (1_000, 10_000, 50_000, 100_000)),
    "dead": BenchmarkSet(many_dead, "policy-like, 40 % dead", (1_000, 10_000, 50_000)),
    "acl": BenchmarkSet(partial(filter_set, "acl"), "filters, access lists", (1_000, 10_000, 50_000)),
    "fw": BenchmarkSet(partial(filter_set, "fw"), "filters, firewalls", (1_000, 10_000, 50_000)),
    "ipc": BenchmarkSet(partial(filter_set, "ipc"), "filters, IP chains", (1_000, 10_000, 50_000)),
    "checkerboard": BenchmarkSet(shapes.checkerboard, "checkerboard net→any, any→net", (1_000, 5_000, 10_000)),
    "dense": BenchmarkSet(shapes.dense, "dense overlaps", (1_000, 5_000, 10_000)),
    "hosts": BenchmarkSet(shapes.host_denies, "host denies", (1_000, 10_000, 50_000)),
    "cover-disjoint": BenchmarkSet(covers.disjoint_complete, "union cover, disjoint", (1_000,)),
    "cover-disjoint-gap": BenchmarkSet(covers.disjoint_gap, "union cover, disjoint, one left out", (1_000,)),
    "cover-overlapping": BenchmarkSet(covers.overlapping_complete, "union cover, overlapping", (1_000,)),
    "cover-overlapping-gap": BenchmarkSet(covers.overlapping_gap, "union cover, overlapping, one left out", (1_000,)),
}


def filter_files(corpus: str | None) -> dict[str, BenchmarkSet]:
    """Return the filter files in the folder ``classbench`` of a collection of configurations, if there is one."""
    folder = Path(corpus, "classbench") if corpus else None
    if folder is None or not folder.is_dir():
        return {}
    return {f"file-{path.name}": _filter_file(path) for path in sorted(folder.iterdir()) if path.is_file()}


def _filter_file(path: Path) -> BenchmarkSet:
    with path.open("rb") as stream:
        filters = sum(bool(line.strip()) for line in stream)
    return BenchmarkSet(lambda _, seed: read_filters(path, seed), f"ClassBench file {path.name}", (filters + 1,))


SETS: Mapping[str, BenchmarkSet] = {**GENERATED, **filter_files(os.environ.get("RULECHECK_CORPUS"))}
