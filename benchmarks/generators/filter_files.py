"""Reads filter files in the format of ClassBench, for benchmarks on published filter sets.

A line is ``@source/length destination/length low : high low : high protocol/mask flags/mask``, ports of the source
first. The protocol's mask is 0xFF or 0x00 (any). Flags are bytes 13 and 14 of the TCP header: the upper byte of the
column has the flag bits of RFC 9293 (0x0200 is SYN, 0x1000 is ACK), where the mask has them.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address
from pathlib import Path
from random import Random

from benchmarks.generators.building import TCP
from benchmarks.generators.filters import Filter, FilterRules
from rulecheck.model.device import Policy
from rulecheck.model.rule import DENY, PERMIT

LINE = re.compile(
    r"@([\d.]+)/(\d+)\s+([\d.]+)/(\d+)\s+(\d+) : (\d+)\s+(\d+) : (\d+)\s+"
    r"0x([\da-f]+)/0x([\da-f]+)(?:\s+0x([\da-f]+)/0x([\da-f]+))?\s*",
    re.IGNORECASE,
)


def read_filter(line: str) -> Filter:
    """Return the filter of one line.

    Raises:
        ValueError: the line is none.
    """
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"not a filter: {line.strip()[:80]!r}")
    source, one, destination, two, *ports = found.groups()[:8]
    protocol, mask, flags, flag_mask = (int(text or "0", 16) for text in found.groups()[8:])
    first_low, first_high, second_low, second_high = (int(text) for text in ports)
    return Filter(
        (int(IPv4Address(source)), int(one)),
        (int(IPv4Address(destination)), int(two)),
        (first_low, first_high),
        (second_low, second_high),
        protocol if mask else -1,
        (flag_mask >> 8, flags >> 8) if protocol == TCP and mask and flag_mask >> 8 else None,
    )


def read_filters(path: Path, seed: int) -> Policy:
    """Return the filters of a file as a policy with a final deny.

    The files have no actions: three in four filters permit, by ``seed``.

    Raises:
        OSError: the file cannot be read.
        ValueError: a line is no filter; the message has its number.
    """
    random = Random(f"{path.name} {seed}")
    made = FilterRules()
    with path.open(encoding="ascii", errors="replace") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                try:
                    one = read_filter(line)
                except ValueError as problem:
                    raise ValueError(f"{path.name}, line {number}: {problem}") from None
                made.add(PERMIT if random.random() < 0.75 else DENY, one)
    made.list.add(DENY)
    return made.list.policy(path.name, (4,))
