"""Random policies written as PAN-OS configurations mean what they were written from."""

from __future__ import annotations

from hypothesis import given

from parsers.paloalto.panos import PARSER
from rulecheck.model.device import Policy
from tests.differential.test_rendered import check_platform
from tests.parsers.panos.reading import config
from tests.render.abstract import Sketch
from tests.render.panos import VSYS, expressible, panos_set, panos_xml
from tests.strategies import sketches, thorough


def parsed(text: str) -> tuple[Policy, ...]:
    source = config(text)
    (device,) = PARSER.parse(source)
    assert not device.diagnostics
    assert device.source.lines.unknown == 0
    assert device.source.lines.total == len(source.lines)
    assert [one.name for one in device.policies] == [VSYS]
    return device.policies


@given(sketch=sketches(groups=True))
@thorough(150)
def test_xml_means_what_it_was_written_from(sketch: Sketch) -> None:
    plain = expressible(sketch)
    check_platform(plain, parsed(panos_xml(plain)))


@given(sketch=sketches(groups=True))
@thorough(150)
def test_commands_mean_what_they_were_written_from(sketch: Sketch) -> None:
    plain = expressible(sketch)
    check_platform(plain, parsed(panos_set(plain)))
