"""Results as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.goals import answers, times_faster
from benchmarks.results import Command, Measured, Results
from benchmarks.sets import GENERATED

WORDS = {name: chosen.words for name, chosen in GENERATED.items()}
PEERS = {
    "cudd": "CUDD, cumulative union",
    "aerleon": "Aerleon, shade check",
}


def words(name: str) -> str:
    """Return what a set is; the name of a filter file is in the name of its set."""
    return WORDS.get(name) or f"ClassBench file {name.removeprefix('file-')}"


def render(results: Results) -> str:
    """Return all tables under their headings."""
    parts = [_preface(results)]
    goals = [(one.goal, one.measured, "yes" if one.met else "no") for one in answers(results, WORDS)]
    if goals:
        parts += ["### Goals", _table(("goal", "measured", "met"), goals, "lll")]
    engine = [one for one in results.measured if one.subject == "engine"]
    if engine:
        parts += ["### The engine alone", _table(_ENGINE_HEAD, map(_engine_row, engine), "lrrrrrrrr")]
    peers = [one for one in results.measured if one.subject != "engine"]
    if peers:
        parts += ["### Other methods on the same sets", _table(_PEER_HEAD, _peer_rows(results, peers), "llrrrrrl")]
    if results.commands:
        parts += ["### The whole command", *_commands(results.commands)]
    return "\n\n".join(parts) + "\n"


def _preface(results: Results) -> str:
    machine = results.machine
    packages = ", ".join(f"{name} {version}" for name, version in machine.packages.items())
    return (
        f"rulecheck {results.rulecheck}, seed {results.seed}. {machine.processor}, {machine.cores} cores, "
        f"{machine.memory} GiB of memory; Python {machine.python}, {packages}."
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], alignment: str) -> str:
    rule = ["---:" if side == "r" else "---" for side in alignment]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))


_ENGINE_HEAD = ("set", "rules", "s", "range", "peak MiB", "dead", "redundant", "removable", "undecided")


def _engine_row(one: Measured) -> tuple[str, ...]:
    if one.run is None:
        return (words(one.name), f"{one.rules:,}", one.failure, *[""] * 6)
    found = one.run.found
    counts = (one.run.dead, found.get("redundant", 0), found.get("removable", 0), found.get("undecided", 0))
    times = seconds(one.run.wall), f"{seconds(one.fastest)}–{seconds(one.slowest)}" if one.runs > 1 else ""
    return (
        words(one.name),
        f"{one.run.rules:,}",
        *times,
        _mebibytes(one.run.peak),
        *(f"{count:,}" for count in counts),
    )


_PEER_HEAD = ("method", "set", "rules", "s", "rulecheck s", "factor", "peak MiB", "dead rules found")


def _peer_rows(results: Results, peers: Iterable[Measured]) -> Iterator[tuple[str, ...]]:
    for one in peers:
        mine = results.find("engine", one.name, one.rules)
        ours = seconds(mine.run.wall) if mine and mine.run else ""
        begin = (PEERS[one.subject], words(one.name), f"{one.rules:,}")
        if one.run is None:
            yield (*begin, one.failure, ours, "", "", "")
            continue
        factor = times_faster(results, one.subject, one.name, one.rules)
        dead = f"{one.run.dead:,}"
        if mine and mine.run:
            dead += ", the same" if mine.run.digest == one.run.digest else f" of {mine.run.dead:,}"
        yield (*begin, seconds(one.run.wall), ours, f"{factor:.1f}" if factor else "", _mebibytes(one.run.peak), dead)


def _commands(commands: Sequence[Command]) -> Iterator[str]:
    head = ("lines", "MB", "rules", "s", "processor s", "peak MiB")
    yield _table(head, [_command_row(one) for one in commands], "rrrrrr")
    largest = max(commands, key=lambda one: one.lines)
    yield f"Where the time goes with {largest.lines:,} lines:"
    stages = sorted(largest.stages.items(), key=lambda item: -item[1])
    rows = [(stage, seconds(spent), f"{spent / largest.wall:.0%}") for stage, spent in stages if spent >= 0.005]
    yield _table(("stage", "s", "share"), rows, "lrr")


def _command_row(one: Command) -> tuple[str, ...]:
    counts = (f"{one.lines:,}", f"{one.megabytes:.1f}", f"{one.rules:,}")
    return (*counts, seconds(one.wall), seconds(one.processor), _mebibytes(one.peak))


def seconds(value: float) -> str:
    """Return a time with three significant digits, at most three behind the point."""
    return (
        f"{value:.3f}"
        if value < 1
        else f"{value:.2f}"
        if value < 10
        else f"{value:.1f}"
        if value < 100
        else f"{value:,.0f}"
    )


def _mebibytes(kibibytes: int) -> str:
    return f"{kibibytes / 1024:,.0f}"
