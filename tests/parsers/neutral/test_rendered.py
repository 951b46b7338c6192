"""Random policies written as rule tables mean the same packets, and get the verdicts of brute force."""

from __future__ import annotations

from hypothesis import given

from tests.differential.test_rendered import check_platform, parsed
from tests.render.abstract import Sketch
from tests.render.neutral import POLICY, csv_table, json_table, yaml_table
from tests.strategies import sketches, thorough


@given(sketch=sketches())
@thorough(40)
def test_csv(sketch: Sketch) -> None:
    check_platform(sketch, parsed(csv_table(sketch), POLICY))


@given(sketch=sketches(groups=True, either_default=True))
@thorough(40)
def test_yaml_and_json(sketch: Sketch) -> None:
    check_platform(sketch, parsed(yaml_table(sketch), POLICY))
    check_platform(sketch, parsed(json_table(sketch, indent=1), POLICY))
