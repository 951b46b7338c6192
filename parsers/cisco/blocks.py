"""The block structure of a Cisco configuration: the only place that talks to ciscoconfparse.

ciscoconfparse tells which line belongs to which; text, line numbers and tokens stay ours. Where it fails or
would need quadratic time, a plain reading of the indentation gives the same blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Syntax = Literal["asa", "ios"]

_MAX_WIDTH = 200
"""Characters of a line that ciscoconfparse gets to see: it only needs the indentation and the first words."""

_MAX_STEPS = 2_000_000
"""Most steps that ciscoconfparse may spend on looking for parents before the plain reader takes over."""

_BANNER = re.compile(r"(?:set\s+)*banner\s+\S+\s+(\S.*)|aaa authentication fail-message\s+(\S.*)")
_MACRO = re.compile(r"macro name\s+\S")


@dataclass(frozen=True, slots=True)
class Block:
    """One statement and the statements indented below it.

    ``line`` is 1-based; ``text`` has no surrounding blanks. ``literal`` marks a line inside a banner or
    macro: it is free text, never a command.
    """

    line: int
    text: str
    children: tuple[Block, ...] = ()
    literal: bool = False

    @property
    def words(self) -> list[str]:
        """Return the blank-separated words of the statement."""
        return self.text.split()

    def walk(self) -> Iterator[Block]:
        """Yield this statement and everything below it, in line order."""
        pending = [self]
        while pending:
            block = pending.pop()
            yield block
            pending.extend(reversed(block.children))


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line on its way into a block; ``parent`` is set where a banner or macro owns the line."""

    line: int
    raw: str
    parent: int = -1
    kept: bool = True


def read_blocks(
    lines: Sequence[str], syntax: Syntax, one_line: Callable[[str], bool] | None = None
) -> tuple[Block, ...]:
    """Return the top-level statements of a configuration with their children, in line order.

    Blank lines and comments (``!``) are left out, and so are the lines for which ``one_line`` is true: the
    caller reads those itself. A banner or macro of IOS owns its free text as ``literal`` children; banners
    of the ASA are single lines.
    """
    entries = _entries(lines, syntax, one_line)
    parents = _ciscoconfparse_parents(entries, syntax)
    if parents is None:
        parents = indent_parents([entry.raw for entry in entries])
    return _assemble(entries, parents)


def _entries(lines: Sequence[str], syntax: Syntax, one_line: Callable[[str], bool] | None) -> list[_Entry]:
    found: list[_Entry] = []
    number = 0
    while number < len(lines):
        raw = lines[number].rstrip()
        number += 1
        stripped = raw.lstrip()
        if not stripped or stripped[0] == "!":
            continue
        if one_line is not None and one_line(stripped):
            if len(stripped) == len(raw):
                _separate(found, number)
            continue
        found.append(_Entry(number, raw))
        if syntax == "ios" and (end := _literal_end(lines, number, stripped)) > number:
            owner = len(found) - 1
            found.extend(_Entry(n + 1, lines[n], owner) for n in range(number, end))
            number = end
    return found


def _separate(found: list[_Entry], number: int) -> None:
    """Keep lines behind a left-out statement from joining the block before it."""
    if found and found[-1].kept:
        found.append(_Entry(number, "-", kept=False))


_LONGEST_TEXT = 2_000
"""Lines that a banner or macro may have; without its end mark within these it is no free text."""


def _literal_end(lines: Sequence[str], start: int, opening: str) -> int:
    """Return the index behind the free text that ``opening`` starts at ``start``; ``start`` if there is none."""
    if _MACRO.match(opening):
        return _find(lines, start, lambda line: line.rstrip() == "@")
    banner = _BANNER.match(opening)
    if not banner:
        return start
    rest = banner.group(1) or banner.group(2)
    mark = "^C" if rest.startswith("^C") else rest[0]
    if mark in rest[len(mark) :]:
        return start
    return _find(lines, start, lambda line: mark in line)


def _find(lines: Sequence[str], start: int, ends: Callable[[str], bool]) -> int:
    for number in range(start, min(len(lines), start + _LONGEST_TEXT)):
        if ends(lines[number]):
            return number + 1
    return start


def indent_parents(lines: Sequence[str]) -> list[int]:
    """Return for each line the index of the nearest earlier line that is indented less, -1 without one."""
    parents: list[int] = []
    open_lines: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        indent = _indent(line)
        while open_lines and open_lines[-1][0] >= indent:
            open_lines.pop()
        parents.append(open_lines[-1][1] if open_lines else -1)
        open_lines.append((indent, index))
    return parents


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _ciscoconfparse_parents(entries: Sequence[_Entry], syntax: Syntax) -> list[int] | None:
    """Return each line's parent index as ciscoconfparse sees it; None when it fails or would take too long.

    Neighbours with the same indentation have the same parent, so only the last one of each run is shown.
    """
    shown = [_shown(entry) for entry in entries]
    indents = [_indent(line) for line in shown]
    last = [i for i, indent in enumerate(indents) if i + 1 == len(indents) or indents[i + 1] != indent]
    parents = _ask([shown[i] for i in last], syntax)
    if parents is None:
        return None
    found: list[int] = []
    for index, parent in zip(last, parents, strict=True):
        found.extend([last[parent] if parent >= 0 else -1] * (index + 1 - len(found)))
    return found


def _ask(lines: list[str], syntax: Syntax) -> list[int] | None:
    """Return the parent of each line, or None."""
    if not lines:
        return []
    if not _affordable(lines):
        return None
    try:
        parse = _load()(lines, syntax=syntax, factory=False, ignore_blank_lines=False)
        parents = [one.parent.linenum if one.parent is not one else -1 for one in parse.objs]
    except (Exception, SystemExit):  # noqa: BLE001 - foreign code on foreign input: the plain reader takes over
        return None
    sound = len(parents) == len(lines) and all(parent < index for index, parent in enumerate(parents))
    return parents if sound else None


def _shown(entry: _Entry) -> str:
    """Return the line as ciscoconfparse gets it: free text and long lines are masked."""
    if entry.parent >= 0 or _BANNER.match(entry.raw) or _MACRO.match(entry.raw):
        return "-"
    return entry.raw[:_MAX_WIDTH].replace("{", "(").replace("}", ")")


def _affordable(lines: Sequence[str]) -> bool:
    """Return whether ciscoconfparse's backward search for parents stays linear in practice."""
    parents = indent_parents(lines)
    steps = deepest = 0
    for index, line in enumerate(lines):
        indent = _indent(line)
        if indent >= _MAX_WIDTH // 2:
            return False
        if 0 < indent < deepest:
            steps += index - parents[index]
        deepest = max(deepest, indent) if indent else 0
    return steps <= _MAX_STEPS


def _load() -> Any:  # noqa: ANN401 - ciscoconfparse has no types
    """Import ciscoconfparse and take away the log handlers that it installs."""
    from ciscoconfparse import CiscoConfParse
    from loguru import logger

    logger.remove()
    logger.disable("ciscoconfparse")
    return CiscoConfParse


def _assemble(entries: Sequence[_Entry], parents: Sequence[int]) -> tuple[Block, ...]:
    below: list[list[Block]] = [[] for _ in entries]
    top: list[Block] = []
    for index in range(len(entries) - 1, -1, -1):
        entry = entries[index]
        if not entry.kept:
            continue
        literal = entry.parent >= 0
        parent = entry.parent if literal else parents[index]
        block = Block(entry.line, entry.raw.strip(), tuple(reversed(below[index])), literal)
        below[index] = []
        (below[parent] if parent >= 0 and entries[parent].kept else top).append(block)
    return tuple(reversed(top))
