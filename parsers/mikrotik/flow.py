"""How packets pass the chains of one table: who calls whom, loops, and when address lists may have been written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from parsers.mikrotik.actions import ADD_TO_LIST
from parsers.mikrotik.tables import Row

BASE_CHAINS = {
    "filter": ("input", "forward", "output"),
    "nat": ("srcnat", "dstnat", "input", "output"),
    "mangle": ("prerouting", "input", "forward", "output", "postrouting"),
    "raw": ("prerouting", "output"),
}
"""Chains in which packets start, by table (RouterOS manual, "Packet Flow")."""


_MOST_WRITES = 500_000
"""Chains times lists up to which the flow of lists is followed; beyond that every list counts as written."""


@dataclass(slots=True)
class Chain:
    """One chain: its rules in order."""

    name: str
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Flow:
    """The chains of one table.

    ``loops`` are the calls (by row) that close a loop. ``before`` names, for each row, the lists that may have been
    written for the packet when it gets there; ``epoch`` tells rows apart between which a list may have been written.
    """

    chains: dict[str, Chain]
    base: tuple[str, ...]
    callers: dict[str, dict[str, None]] = field(default_factory=dict)
    loops: set[int] = field(default_factory=set)
    before: dict[int, frozenset[str]] = field(default_factory=dict)
    epoch: dict[int, str] = field(default_factory=dict)


def enabled(row: Row) -> bool:
    """Return whether a rule takes part."""
    return row.values.get("disabled") != "yes"


def target(row: Row) -> str:
    """Return the chain that a rule calls, empty for none."""
    return row.values.get("jump-target", "") if row.values.get("action") == "jump" and enabled(row) else ""


def written(row: Row) -> str:
    """Return the address list that a rule adds to, empty for none."""
    return row.values.get("address-list", "") if row.values.get("action") in ADD_TO_LIST and enabled(row) else ""


def flow_of(rows: Iterable[Row], table: str, earlier: frozenset[str]) -> Flow:
    """Return the chains of a table; ``earlier`` are the lists that tables before it may write."""
    chains: dict[str, Chain] = {}
    for row in rows:
        name = row.values.get("chain", "")
        chains.setdefault(name, Chain(name)).rows.append(row)
    flow = Flow(chains, tuple(name for name in BASE_CHAINS[table] if name in chains))
    order = _inner_first(flow)
    lists = earlier.union(*({written(row) for row in chain.rows} for chain in chains.values())) - {""}
    if len(lists) * len(chains) > _MOST_WRITES:
        for row in (row for chain in chains.values() for row in chain.rows):
            flow.before[id(row)], flow.epoch[id(row)] = lists, f"line {row.line}"
        return flow
    inside = _writes(flow, order)
    _entries(flow, order, inside, earlier)
    return flow


def _inner_first(flow: Flow) -> list[str]:
    """Return the chains with called ones before their callers; calls that close a loop are noted and left out."""
    done: dict[str, None] = {}
    state: set[str] = set()
    for start in flow.chains:
        if start in done:
            continue
        state.add(start)
        stack = [(start, iter(flow.chains[start].rows))]
        while stack:
            name, rest = stack[-1]
            row = next(rest, None)
            if row is None:
                stack.pop()
                state.discard(name)
                done[name] = None
                continue
            called = target(row)
            if called not in flow.chains:
                continue
            if called in state:
                flow.loops.add(id(row))
                continue
            flow.callers.setdefault(called, {})[name] = None
            if called not in done:
                state.add(called)
                stack.append((called, iter(flow.chains[called].rows)))
    return list(done)


def _called(flow: Flow, row: Row) -> str:
    name = target(row)
    return name if name in flow.chains and id(row) not in flow.loops else ""


def _writes(flow: Flow, order: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Return the lists that each chain, or a chain that it calls, may write."""
    found: dict[str, frozenset[str]] = {}
    for name in order:
        lists: set[str] = set()
        for row in flow.chains[name].rows:
            lists.update(filter(None, [written(row)]))
            lists |= found.get(_called(flow, row), frozenset())
        found[name] = frozenset(lists)
    return found


def _entries(flow: Flow, order: list[str], inside: Mapping[str, frozenset[str]], earlier: frozenset[str]) -> None:
    entry: dict[str, set[str]] = {name: set(earlier) if name in flow.base else set() for name in flow.chains}
    for name in reversed(order):
        current = frozenset(entry[name])
        step = 0
        for row in flow.chains[name].rows:
            flow.before[id(row)] = current
            flow.epoch[id(row)] = f"{name} {step}" if name in flow.base else f"line {row.line}"
            more = inside.get(_called(flow, row), frozenset()) | frozenset(filter(None, [written(row)]))
            called = _called(flow, row)
            if called:
                entry[called] |= current
            if more:
                step += 1
                current = current if more <= current else current | more
