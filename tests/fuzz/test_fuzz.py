"""A share of the long run, the same devices every time; and the machinery of the long run itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from rulecheck.model.device import Policy
from rulecheck.model.finding import Kind
from rulecheck.model.rule import Verb
from tests.differential.brute import Device
from tests.fuzz import __main__ as long_run
from tests.fuzz import work
from tests.fuzz.features import FEATURES, features_of
from tests.fuzz.generate import device
from tests.fuzz.reproduce import reproducer
from tests.fuzz.shrink import shrunk
from tests.strategies import SCALE

SEEDS = max(10, int(300 * SCALE))
"""Devices that are checked in every run of the tests."""

_PART = 50


@pytest.mark.parametrize("first", range(1, SEEDS + 1, _PART))
def test_every_method_says_the_same(first: int) -> None:
    tally = work.run(work.Chunk(first, min(_PART, SEEDS + 1 - first), oracle=4, wide=0))
    assert tally.failed is None
    assert tally.tried > 0


def test_a_seed_gives_the_same_device_again() -> None:
    assert device(7) == device(7)
    assert device(7) != device(8)


def test_every_feature_is_drawn_often() -> None:
    found = Counter(name for seed in range(1000) for name in features_of(device(seed)))
    assert {name: count for name, count in found.items() if count < 25} == {}
    assert set(found) == set(FEATURES)


@pytest.mark.parametrize("seed", range(40))
def test_a_reproducer_builds_the_same_device(seed: int) -> None:
    names: dict[str, object] = {}
    exec(compile(reproducer(device(seed), 'say "why" \\ here'), "reproducer.py", "exec"), names)
    assert names["POLICIES"] == device(seed)


def _has_dead_translation(policies: Sequence[Policy]) -> bool:
    """Return whether a rule that translates addresses is shadowed: something for a small device to keep."""
    found = Device(policies)
    return any(
        rule.enabled and rule.outcome.verb is Verb.TRANSLATE and found.kind((number, rule.index)) is Kind.SHADOWED
        for number, policy in enumerate(policies)
        for rule in policy.rules
    )


def test_a_failing_device_is_made_small() -> None:
    seed = next(seed for seed in range(200) if _has_dead_translation(device(seed)) and len(device(seed)) == 1)
    small = shrunk(device(seed), _has_dead_translation, 60)
    assert _has_dead_translation(small)
    assert len(small[0].rules) == 2
    assert [rule.index for rule in small[0].rules] == [0, 1]


def _fail(policies: Sequence[Policy], *, second: bool = False) -> None:
    assert len(policies[0].rules) < 2, f"too many rules, second opinion {second}"


def test_a_failure_is_written_down_and_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(work, "check", _fail)
    tally = work.run(work.Chunk(1, 20, oracle=0, wide=0))
    assert tally.failed is not None
    assert tally.tried + tally.left_out < 20
    assert long_run.report_failure(tally.failed, tmp_path) == 1
    path = tmp_path / f"test_fuzz_{tally.failed.seed}.py"
    assert "too many rules" in path.read_text(encoding="utf-8")
    assert str(path) in capsys.readouterr().out


def test_the_long_run_says_what_it_tried(capsys: pytest.CaptureFixture[str]) -> None:
    assert long_run.main(["--count", "30", "--seed", "5", "--jobs", "1", "--wide", "0"]) == 0
    written = capsys.readouterr().out
    assert "devices 5 to 34" in written
    assert all(name in written for name in FEATURES)
