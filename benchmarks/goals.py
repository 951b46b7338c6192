"""What the benchmarks should show, and whether they do."""

from __future__ import annotations

import math
from dataclasses import dataclass

from benchmarks.results import Measured, Results

GROWTH = 1.8
"""Time from 10,000 to 100,000 policy-like rules must grow more slowly than the number of rules to this power."""

FACTOR = 25.0
"""How many times faster than CUDD the engine must be on 5,000 policy-like rules."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on time (seconds) and memory (MiB, None for no bound) of the engine alone on one set."""

    name: str
    rules: int
    seconds: float
    memory: int | None = None


GOALS = (
    Goal("policy", 10_000, 0.8, 300),
    Goal("policy", 50_000, 5.0, 1_000),
    Goal("policy", 100_000, 15.0, 2_000),
    Goal("checkerboard", 5_000, 0.6, 300),
    Goal("cover-disjoint", 1_000, 1.0),
    Goal("cover-disjoint-gap", 1_000, 1.0),
    Goal("cover-overlapping", 1_000, 1.0),
    Goal("cover-overlapping-gap", 1_000, 1.0),
)
COMMAND_LINES, COMMAND_SECONDS = 100_000, 40.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A goal in words, what was measured, and whether the goal is met."""

    goal: str
    measured: str
    met: bool


def answers(results: Results, words: dict[str, str]) -> list[Answer]:
    """Return an answer for each goal on which something was measured; ``words`` names the sets."""
    found = [_bound(goal, one, words[goal.name]) for goal in GOALS if (one := _engine(results, goal))]
    exponent = growth(results, "policy", 10_000, 100_000)
    if exponent is not None:
        text = f"growth from 10,000 to 100,000 policy-like rules below n^{GROWTH}"
        found.append(Answer(text, f"n^{exponent:.2f}", exponent < GROWTH))
    factor = times_faster(results, "cudd", "policy", 5_000)
    if factor is not None:
        text = f"{FACTOR:.0f} times as fast as CUDD's cumulative union on 5,000 policy-like rules"
        found.append(Answer(text, f"{factor:.1f} times", factor >= FACTOR))
    for command in results.commands:
        if command.lines == COMMAND_LINES:
            text = f"whole command on {COMMAND_LINES:,} lines of ASA configuration: {COMMAND_SECONDS:.0f} s"
            found.append(Answer(text, f"{command.wall:.1f} s", command.wall <= COMMAND_SECONDS))
    return found


def _engine(results: Results, goal: Goal) -> Measured | None:
    return results.find("engine", goal.name, goal.rules)


def _bound(goal: Goal, one: Measured, words: str) -> Answer:
    bound = f"{goal.seconds:g} s" + (f", {goal.memory:,} MiB" if goal.memory else "")
    text = f"{words}, {goal.rules:,}: {bound}"
    if one.run is None:
        return Answer(text, one.failure, met=False)
    peak = one.run.peak / 1024
    measured = f"{one.run.wall:.2f} s, {peak:,.0f} MiB"
    return Answer(text, measured, one.run.wall <= goal.seconds and (goal.memory is None or peak <= goal.memory))


def growth(results: Results, name: str, small: int, large: int) -> float | None:
    """Return the exponent with which the engine's time grows between two sizes of a set, None if not measured."""
    less, more = results.find("engine", name, small), results.find("engine", name, large)
    if not (less and less.run and more and more.run):
        return None
    return math.log(more.run.wall / less.run.wall) / math.log(large / small)


def times_faster(results: Results, peer: str, name: str, rules: int) -> float | None:
    """Return how many times as long as the engine a peer took, None if not measured."""
    mine, other = results.find("engine", name, rules), results.find(peer, name, rules)
    if not (mine and mine.run and other and other.run):
        return None
    return other.run.wall / mine.run.wall
