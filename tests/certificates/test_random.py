"""The certificates of random policies are accepted, all of them, and nothing is left without one."""

from __future__ import annotations

from hypothesis import given

from rulecheck.audit import UNCERTIFIED
from rulecheck.model.device import Policy
from tests.certificates.made import made, not_accepted
from tests.strategies import chained_policies, single_policies, thorough


@given(policies=single_policies(most=12))
@thorough(300)
def test_lists(policies: tuple[Policy, ...]) -> None:
    assert not_accepted(made(policies).answers()) == []


@given(policies=chained_policies())
@thorough(300)
def test_lists_that_call_each_other(policies: tuple[Policy, ...]) -> None:
    assert not_accepted(made(policies).answers()) == []


@given(policies=single_policies(conditional=True))
@thorough(300)
def test_lists_with_unknown_conditions(policies: tuple[Policy, ...]) -> None:
    assert not_accepted(made(policies).answers()) == []


@given(policies=chained_policies(conditional=True))
@thorough(200)
def test_calling_lists_with_unknown_conditions(policies: tuple[Policy, ...]) -> None:
    """Some of these have no certificate, and are said to have none; none has a wrong one."""
    assert [one for one in not_accepted(made(policies).answers()) if one.status != UNCERTIFIED] == []
