"""Random policies as pf.conf mean the same packets and get the verdicts of brute force, quick or by last match."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from parsers.bsd.pf.build import DEFAULT
from rulecheck.model.fields import Field
from rulecheck.model.rule import PERMIT
from tests.differential.test_rendered import check_platform, parsed
from tests.render.abstract import Sketch
from tests.render.pf import pf
from tests.strategies import sketches, thorough


@given(sketch=sketches(groups=True), quick=st.booleans())
@thorough(100)
def test_random_policies(sketch: Sketch, quick: bool) -> None:
    wanted = replace(sketch, permit_by_default=True)
    (policy,) = parsed(pf(wanted, quick=quick), "rules")
    assert policy.default == DEFAULT
    rules = []
    for rule in policy.rules:
        (direction,) = rule.match.constraints
        assert (direction.field, direction.text) == (Field.OUT_INTERFACE, "in")
        rules.append(replace(rule, match=replace(rule.match, constraints=())))
    check_platform(wanted, (replace(policy, rules=tuple(rules), default=PERMIT),))
