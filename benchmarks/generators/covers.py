"""Hard union covers: one rule that a thousand others cover together, no fewer.

The box of the rule is cut into pieces in three fields (source, destination, destination port). Every piece has a
packet of its own that no other piece holds, so that each of them is needed. Pieces are disjoint, or they grow into
each other as far as the packets of the others permit. With one piece left out, its packet is what remains.
"""

from __future__ import annotations

from random import Random

import numpy as np
from numpy.typing import NDArray

from benchmarks.generators.building import TCP, RuleList, one_service, ports, shuffled, single, span
from rulecheck.model.device import Policy
from rulecheck.model.rule import DENY, PERMIT, Outcome

Box = tuple[tuple[int, int], ...]
"""One closed interval for each of the three fields."""

WHOLE: Box = ((10 << 24, (11 << 24) - 1), (172 << 24 | 16 << 16, (172 << 24 | 32 << 16) - 1), (1024, 65_535))


def cut(random: Random, whole: Box, pieces: int) -> list[Box]:
    """Cut a box into disjoint pieces, always the largest one next, at a random place of a random field."""
    boxes = [whole]
    while len(boxes) < pieces:
        at = max(range(len(boxes)), key=lambda position: _volume(boxes[position]))
        box = boxes.pop(at)
        field = random.choice([number for number, (low, high) in enumerate(box) if high > low])
        low, high = box[field]
        middle = low + int((high - low) * random.uniform(0.2, 0.8))
        boxes.append((*box[:field], (low, middle), *box[field + 1 :]))
        boxes.append((*box[:field], (middle + 1, high), *box[field + 1 :]))
    return boxes


def _volume(box: Box) -> int:
    result = 1
    for low, high in box:
        result *= high - low + 1
    return result


def own_packets(random: Random, boxes: list[Box]) -> NDArray[np.int64]:
    """Return a packet for each box, somewhere inside it."""
    return np.array([[random.randint(low, high) for low, high in box] for box in boxes], dtype=np.int64)


def grow(random: Random, boxes: list[Box], packets: NDArray[np.int64]) -> list[Box]:
    """Let every box grow in each direction, where that takes in no packet that belongs to another box."""
    return [_grown(random, box, np.delete(packets, number, axis=0)) for number, box in enumerate(boxes)]


def _grown(random: Random, box: Box, forbidden: NDArray[np.int64]) -> Box:
    sides = [list(pair) for pair in box]
    for field, end in shuffled(random, [(field, end) for field in range(len(box)) for end in (0, 1)]):
        low, high = sides[field]
        step = int((high - low + 1) * random.uniform(0.2, 1.5)) + 1
        before = sides[field][end]
        limit = WHOLE[field][end]
        sides[field][end] = min(before + step, limit) if end else max(before - step, limit)
        ends = np.array(sides, dtype=np.int64)
        if np.any(np.all((forbidden >= ends[:, 0]) & (forbidden <= ends[:, 1]), axis=1)):
            sides[field][end] = before
    return tuple((low, high) for low, high in sides)


def _add(made: RuleList, outcome: Outcome, box: Box) -> None:
    source, destination, (low, high) = box
    made.add(outcome, single(span(*source)), single(span(*destination)), one_service(ports(TCP, low, high)))


def union_cover(pieces: int, seed: int, *, overlapping: bool, complete: bool) -> Policy:
    """Return ``pieces`` rules, or one less, a rule that is the box that they were cut from, and a final deny."""
    random = Random(f"cover {seed}")
    boxes = cut(random, WHOLE, pieces)
    packets = own_packets(random, boxes)
    if overlapping:
        boxes = grow(random, boxes, packets)
    order = shuffled(random, boxes)
    outcomes = [random.choice((PERMIT, DENY)) for _ in order]
    made = RuleList()
    for outcome, box in list(zip(outcomes, order, strict=True))[0 if complete else 1 :]:
        _add(made, outcome, box)
    _add(made, PERMIT, WHOLE)
    made.add(DENY)
    return made.policy("cover", (4,))


def disjoint_complete(pieces: int, seed: int) -> Policy:
    """Return a complete cover of disjoint pieces: the rule behind them is dead."""
    return union_cover(pieces, seed, overlapping=False, complete=True)


def disjoint_gap(pieces: int, seed: int) -> Policy:
    """Return a cover of disjoint pieces with one left out: the rule behind them is live."""
    return union_cover(pieces, seed, overlapping=False, complete=False)


def overlapping_complete(pieces: int, seed: int) -> Policy:
    """Return a complete cover of overlapping pieces, all of them needed: the rule behind them is dead."""
    return union_cover(pieces, seed, overlapping=True, complete=True)


def overlapping_gap(pieces: int, seed: int) -> Policy:
    """Return a cover of overlapping pieces with one left out: the rule behind them is live."""
    return union_cover(pieces, seed, overlapping=True, complete=False)
