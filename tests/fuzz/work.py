"""One part of a long run: some seeds, checked one after the other in a process of its own."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rulecheck.model.device import Policy
from tests.fuzz.check import check, check_wide, small_enough
from tests.fuzz.features import features_of
from tests.fuzz.generate import device

_FRAMES = 3


@dataclass(frozen=True)
class Failure:
    """The seed that failed, with the error; ``wide``: its long list."""

    seed: int
    error: str
    wide: bool


@dataclass
class Tally:
    """What a part of a run did, up to the first failure."""

    tried: int = 0
    left_out: int = 0
    rules: int = 0
    second: int = 0
    wide: int = 0
    features: Counter[str] = field(default_factory=Counter)
    failed: Failure | None = None

    def add(self, other: Tally) -> None:
        self.tried += other.tried
        self.left_out += other.left_out
        self.rules += other.rules
        self.second += other.second
        self.wide += other.wide
        self.features.update(other.features)
        self.failed = self.failed or other.failed


@dataclass(frozen=True)
class Chunk:
    """Consecutive seeds. Every ``oracle``-th single list, and every ``wide``-th seed's long list, goes to Z3."""

    first: int
    count: int
    oracle: int
    wide: int


def run(chunk: Chunk) -> Tally:
    """Check the devices of a chunk, up to the first that fails."""
    tally = Tally()
    for seed in range(chunk.first, chunk.first + chunk.count):
        policies, wide = device(seed), False
        try:
            if not small_enough(policies):
                tally.left_out += 1
                continue
            second = chunk.oracle > 0 and seed % chunk.oracle == 0 and len(policies) == 1
            check(policies, second=second)
            tally.second += second
            if chunk.wide > 0 and seed % chunk.wide == 0:
                wide = True
                check_wide(seed, length(seed))
                tally.wide += 1
        except Exception:  # noqa: BLE001
            tally.failed = Failure(seed, traceback.format_exc(limit=-_FRAMES), wide)
            return tally
        tally.tried += 1
        tally.rules += sum(len(policy.rules) for policy in policies)
        tally.features.update(features_of(policies))
    return tally


def length(seed: int) -> int:
    """Return how many rules the long list of a seed has."""
    return (30, 50, 80, 120)[seed // 100 % 4]


def failure(policies: Sequence[Policy]) -> tuple[str, str]:
    """Return where methods disagree about a device, or one of them breaks, and the error; "" where nothing is wrong."""
    try:
        if small_enough(policies):
            check(policies, second=True)
    except Exception as error:  # noqa: BLE001
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {place.name} of {place.filename}", traceback.format_exc(limit=-_FRAMES)
    return "", ""
