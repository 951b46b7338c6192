"""Random policies in this platform's form mean the same packets, and get the verdicts of brute force."""

from __future__ import annotations

from hypothesis import given

from tests.differential.test_rendered import check_platform, parsed
from tests.render.abstract import Sketch
from tests.render.azure import NAME, azure, fitted
from tests.strategies import sketches, thorough


@given(sketch=sketches(groups=True))
@thorough(60)
def test_random_policies(sketch: Sketch) -> None:
    wanted = fitted(sketch)
    check_platform(wanted, parsed(azure(wanted), NAME))
