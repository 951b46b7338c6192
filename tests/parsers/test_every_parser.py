"""What every parser promises for every text: changed configurations of its platform, and texts built to hurt."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.registry import PARSERS, load
from tests.parsers.fuzzing.bombs import BOMBS, BRACES, DEEP, REFUSED
from tests.parsers.fuzzing.checks import check, from_bytes, text_of
from tests.parsers.fuzzing.mutate import mutate
from tests.parsers.fuzzing.seeds import fixtures, seeds, words
from tests.strategies import thorough

EVERY = sorted(PARSERS)


@pytest.mark.parametrize("platform", EVERY)
def test_fixtures_are_read(platform: str) -> None:
    assert fixtures(platform)
    for path in fixtures(platform):
        text = from_bytes(path.read_bytes())
        assert text is not None
        assert check(load(platform), text), path.name


@pytest.mark.parametrize("platform", EVERY)
@thorough(60)
@given(data=st.data())
def test_changed_configurations(platform: str, data: st.DataObject) -> None:
    """Lines and words of a fixture are dropped, doubled, moved, cut, joined, garbled, or replaced by words it knows."""
    seed = data.draw(st.sampled_from(seeds(platform)))
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    text = from_bytes(mutate(seed.decode("utf-8"), words(platform), chance).encode("utf-8", "replace"))
    if text is not None:
        check(load(platform), text)


@pytest.mark.parametrize("other", EVERY)
@pytest.mark.parametrize("platform", EVERY)
def test_configurations_of_other_platforms(platform: str, other: str) -> None:
    for path in fixtures(other)[:1]:
        check(load(platform), text_of(path.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("platform", EVERY)
def test_bombs(platform: str, bomb: str) -> None:
    text = text_of([BOMBS[bomb]()])
    found = check(load(platform), text)
    if platform in REFUSED.get(bomb, ()):
        assert not found


@pytest.mark.parametrize("platform", BRACES)
def test_deep_braces(platform: str) -> None:
    check(load(platform), text_of([BRACES[platform](DEEP)]))


@pytest.mark.parametrize("platform", EVERY)
def test_nothing_of_a_file_that_an_entity_names_is_read(platform: str) -> None:
    found = check(load(platform), text_of([BOMBS["XML external entity"]()]))
    assert "root:" not in repr(found)
