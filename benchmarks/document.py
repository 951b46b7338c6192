"""Writes the results into docs/benchmarks.md and docs/benchmarks.svg: ``python -m benchmarks.document``.

Of the document only the part between two marks is replaced; the text around it is written by hand.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import tables
from benchmarks.goals import GOALS
from benchmarks.plot import Chart, Point, Series, draw
from benchmarks.results import Results, from_json
from benchmarks.sets import GENERATED
from benchmarks.suite import STORED

BEGIN, END = "<!-- results: written by `make bench-docs` -->", "<!-- end of results -->"
LABELS = {
    "policy": "policy-like",
    "dead": "40 % dead",
    "acl": "access lists",
    "fw": "firewalls",
    "ipc": "IP chains",
    "checkerboard": "checkerboard",
    "dense": "dense overlaps",
    "hosts": "host denies",
}


def charts(results: Results) -> tuple[Chart, ...]:
    """Return the charts: the engine on all sets, and all methods on two of them."""
    goals = tuple((goal.rules, goal.seconds) for goal in GOALS if goal.name == "policy")
    engine = [
        Series(LABELS[name], _points(results, "engine", name), number)
        for number, name in enumerate(name for name in GENERATED if name in LABELS)
    ]
    rivals = [
        Series(f"{words}, {LABELS[name]}", _points(results, subject, name), colour, dashed=name != "policy")
        for name in ("policy", "checkerboard")
        for colour, (subject, words) in enumerate((("engine", "rulecheck"), ("cudd", "CUDD"), ("aerleon", "Aerleon")))
    ]
    return (
        Chart("Engine alone, all sets (◇ goals, policy-like)", "rules", "time", _some(engine), goals),
        Chart("Against other methods", "rules", "time", _some(rivals)),
    )


def _some(series: list[Series]) -> tuple[Series, ...]:
    return tuple(one for one in series if one.points)


def _points(results: Results, subject: str, name: str) -> tuple[Point, ...]:
    found = [one for one in results.measured if (one.subject, one.name) == (subject, name) and one.run]
    return tuple((one.rules, one.run.wall) for one in sorted(found, key=lambda one: one.rules) if one.run)


def replaced(document: str, results: str) -> str:
    """Return the document with other results between the marks.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document needs the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n\n{results}\n{END}{after}"


def write(stored: Path, folder: Path) -> None:
    """Write table and plot for stored results into the documents of a folder.

    Raises:
        OSError: a file cannot be read or written.
        ValueError: the results are of another form, or the document lacks a mark.
    """
    results = from_json(stored.read_text(encoding="utf-8"))
    document = folder / "benchmarks.md"
    picture = "![Time by number of rules](benchmarks.svg)\n\n"
    text = replaced(document.read_text(encoding="utf-8"), picture + tables.render(results))
    description = "Time of the analysis by number of rules, for generated sets and other methods; both axes logarithmic"
    (folder / "benchmarks.svg").write_text(draw(charts(results), description), encoding="utf-8")
    document.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write stored benchmark results into the documentation.")
    parser.add_argument("--results", type=Path, default=STORED, help="results of the suite [default: those of docs/]")
    parser.add_argument("--folder", type=Path, default=STORED.parent, help="folder of benchmarks.md [default: docs/]")
    arguments = parser.parse_args()
    try:
        write(arguments.results, arguments.folder)
    except (OSError, ValueError) as problem:
        sys.exit(f"{problem}")


if __name__ == "__main__":
    main()
