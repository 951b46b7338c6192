"""How well a folder of configurations is read: ``python -m benchmarks.corpus_report FOLDER`` (`make corpus-report`).

Every file goes through detection and its parser. The table has a row for each platform; the share counts lines that
matter (understood or not understood), not those that are ignored or blank. The exit code is 1 when a file crashes its
parser or takes too long, or less than 99 % of a platform's lines are understood.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path

from benchmarks.corpus_files import Read, read_all

GOAL = 0.99
LIMIT = 30.0

NOT_CONFIGURATIONS = (
    ("INDEX.csv", "the catalogue of the folder"),
    ("*.expected.json", "expected findings"),
    ("*.t", "test data of a program"),
    ("*.pol", "source of a policy generator"),
    ("*.net", "source of a policy generator"),
    ("*naming.yaml", "source of a policy generator"),
    ("*_hosts_*.json", "a description of hosts"),
    ("*topology.json", "a description of a network"),
    ("*runtime_data.json", "a description of a network"),
)
"""Patterns of names of files that no device wrote and none reads. They must not crash a parser either."""

_HEAD = ("platform", "files", "lines", "understood", "not", "share", "ignored", "blank", "rules", "verdicts")
_NOTES = """
lines: of the files; understood and not: lines that matter for filtering; share: understood of both;
verdicts: diagnostics that may change a verdict."""


def files_of(folder: Path) -> list[str]:
    """Return the names of all files below a folder, sorted, without hidden ones."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in found if not any(part.startswith(".") for part in path.parts))


def is_none(name: str) -> str:
    """Return what a file is that is no configuration, "" for others."""
    base = name.rpartition("/")[2]
    return next((what for pattern, what in NOT_CONFIGURATIONS if fnmatch(base, pattern)), "")


def by_platform(found: Iterable[Read]) -> dict[str, list[Read]]:
    """Return the configurations that were recognised, by platform."""
    groups: dict[str, list[Read]] = {}
    for one in found:
        if one.platform and not is_none(one.name):
            groups.setdefault(one.platform, []).append(one)
    return dict(sorted(groups.items()))


def share(group: Iterable[Read]) -> float:
    """Return the share of lines that are understood among those that matter."""
    counted = [(one.understood, one.unread) for one in group]
    both = sum(sum(pair) for pair in counted)
    return sum(pair[0] for pair in counted) / both if both else 1.0


def below_goal(found: Sequence[Read]) -> list[str]:
    """Return the platforms that miss the goal."""
    return [platform for platform, group in by_platform(found).items() if share(group) < GOAL]


def table(found: Sequence[Read], *, times: bool) -> str:
    """Return the table by platform; ``times`` adds the slowest file of each."""
    rows = [[*_HEAD, *(["slowest file"] if times else [])]]
    groups = by_platform(found)
    everything = {**groups, "all": [one for group in groups.values() for one in group]}
    rows += [[*_numbers(name, group), *([_slowest(group)] if times else [])] for name, group in everything.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = []
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=False)),
        ]
        lines.append("  ".join([*cells, *row[len(_HEAD) :]]).rstrip())
    return "\n".join(lines) + _NOTES


def _numbers(name: str, group: Sequence[Read]) -> list[str]:
    sums = [sum(getattr(one, field) for one in group) for field in ("understood", "unread", "ignored", "blank")]
    understood, unread, ignored, blank = sums
    rest = [sum(one.rules for one in group), sum(one.serious for one in group)]
    percent = f"{int(share(group) * 10_000) / 100:.2f} %"
    cells = [len(group), sum(sums), understood, unread]
    return [name, *(f"{cell:,}" for cell in cells), percent, *(f"{cell:,}" for cell in (ignored, blank, *rest))]


def _slowest(group: Sequence[Read]) -> str:
    if not group:
        return ""
    slowest = max(group, key=lambda one: one.seconds)
    return f"{slowest.seconds:.1f} s {slowest.name}"


def summary(found: Sequence[Read]) -> str:
    """Return how many files there are of each kind."""
    crashed = [one for one in found if one.crash]
    none = [one for one in found if is_none(one.name) and not one.crash]
    rest = [one for one in found if not is_none(one.name) and not one.crash]
    recognised = [one for one in rest if one.platform]
    return (
        f"{len(found)} files: {len(recognised)} recognised, {len(rest) - len(recognised)} not recognised, "
        f"{len(none)} not a configuration, {len(crashed)} crashed"
    )


def details(found: Sequence[Read], most: int) -> str:
    """Return the files that were not recognised, and the commonest lines that were not understood."""
    lines = ["", "not recognised:"]
    lines += [f"  {one.name}: {one.problem}" for one in found if one.problem and not is_none(one.name)] or ["  none"]
    lines += ["", "not a configuration:"]
    lines += [f"  {one.name}: {is_none(one.name)}" for one in found if is_none(one.name)] or ["  none"]
    lines += ["", "not understood (numbers as N):"]
    none = len(lines)
    for platform, group in by_platform(found).items():
        unknown = sum((one.unknown for one in group), Counter[str]())
        common = sorted(unknown.items(), key=lambda item: (-item[1], item[0]))
        lines += [f"  {platform} {count:>6,}  {text}" for text, count in common[:most]]
    return "\n".join(lines if len(lines) > none else [*lines, "  none"])


def verdict(found: Sequence[Read]) -> tuple[int, list[str]]:
    """Return the exit code, and why."""
    why = [f"crash: {one.name}: {one.crash}" for one in found if one.crash]
    why += [f"{platform}: less than {GOAL:.0%} of the lines are understood" for platform in below_goal(found)]
    return (1 if why else 0), why


def main() -> None:
    parser = argparse.ArgumentParser(description="Report by platform how well a folder of configurations is read.")
    parser.add_argument("folder", nargs="?", type=Path, help="folder of configurations [default: RULECHECK_CORPUS]")
    parser.add_argument("--details", action="store_true", help="list files not recognised and lines not understood")
    parser.add_argument("--most", type=int, default=20, help="lines to list for each platform [default: 20]")
    parser.add_argument("--limit", type=float, default=LIMIT, help=f"seconds for one file [default: {LIMIT:g}]")
    parser.add_argument("--no-times", action="store_true", help="leave the slowest files out")
    arguments = parser.parse_args()
    folder: Path | None = arguments.folder or (Path(os.environ.get("RULECHECK_CORPUS", "")) or None)
    if folder is None or folder == Path() or not folder.is_dir():
        parser.error("name a folder of configurations, or set RULECHECK_CORPUS")
    found = list(read_all(folder, files_of(folder), arguments.limit))
    print(table(found, times=not arguments.no_times))
    print(summary(found))
    if arguments.details:
        print(details(found, arguments.most))
    code, why = verdict(found)
    print("\n".join(why), end="\n" if why else "")
    sys.exit(code)


if __name__ == "__main__":
    main()
