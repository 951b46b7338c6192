"""Random policies written as access layers mean the same packets, and get the verdicts of brute force."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.differential.test_rendered import check_platform, parsed
from tests.render.abstract import Sketch
from tests.render.checkpoint import LAYER, checkpoint
from tests.strategies import sketches, thorough


@given(sketch=sketches(groups=True, either_default=True), indent=st.sampled_from([None, 1]))
@thorough(60)
def test_access_layers(sketch: Sketch, indent: int | None) -> None:
    check_platform(sketch, parsed(checkpoint(sketch, indent=indent), LAYER))
