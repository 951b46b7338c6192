"""Random policies split between zones and global policies: outcomes are those of the sketch."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rulecheck.model.device import Policy
from rulecheck.model.fields import Field
from rulecheck.model.names import name_set
from tests.differential.brute import Device, Run
from tests.differential.test_rendered import parsed
from tests.differential.universe import Universe
from tests.render.abstract import Sketch, model_of
from tests.render.juniper import SRX_LIST, srx
from tests.strategies import sketches, thorough


def outcomes(policies: tuple[Policy, ...], root: int, universe: Universe) -> np.ndarray:
    """Return whether each packet is permitted that enters at policy number ``root``."""
    device = Device(policies, universe)
    run = Run(device, root)
    permit = [device.number(one) for one in device._outcomes if one.verb.value == "permit"]
    return np.isin(run.outcomes, permit)


@given(sketch=sketches(either_default=True, most=6), data=st.data())
@thorough(80)
def test_global_policies_come_behind_those_of_the_zones(sketch: Sketch, data: st.DataObject) -> None:
    """Packets from inside to outside meet the whole sketch, packets of other zones its global part alone."""
    local = data.draw(st.integers(0, len(sketch.lines) - 1))
    policies = parsed(srx(sketch, local=local), SRX_LIST if local else "other zone pairs")
    whole = model_of(sketch)
    rest = model_of(Sketch(sketch.lines[local:], sketch.permit_by_default))
    universe = Universe((whole, *policies))
    four = universe.packets_of([4]) & ~to_or_from(universe, "junos-host")
    others = next(number for number, one in enumerate(policies) if one.name == "other zone pairs")
    here = np.zeros(universe.shape, dtype=np.bool_)
    if local:
        here = universe.within(Field.SOURCE_ZONE, name_set("inside")) & universe.within(
            Field.DESTINATION_ZONE, name_set("outside")
        )
        entered = outcomes(policies, 0, universe)
        assert np.array_equal(entered[four & here], outcomes((whole,), 0, universe)[four & here])
    entered = outcomes(policies, others, universe)
    assert np.array_equal(entered[four & ~here], outcomes((rest,), 0, universe)[four & ~here])


def to_or_from(universe: Universe, zone: str) -> np.ndarray:
    """Return the packets that come from a zone or go to it."""
    values = name_set(zone)
    return universe.within(Field.SOURCE_ZONE, values) | universe.within(Field.DESTINATION_ZONE, values)
