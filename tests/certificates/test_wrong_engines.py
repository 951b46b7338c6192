"""An engine that is wrong about a rule cannot get its verdict accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from rulecheck.audit import ACCEPTED
from rulecheck.engine import Packet, PolicyVerdicts, Taker, Verdict, analyze_policies
from rulecheck.model.device import Policy
from rulecheck.model.fields import DOMAIN
from rulecheck.model.finding import Kind
from tests.certificates.made import device_of, judging, made_of
from tests.differential.brute import Device
from tests.strategies import chained_policies, single_policies, thorough

LARGEST = 20_000
_PACKET = Packet({field: values.lowest for field, values in DOMAIN.items()})


def _wrong(verdict: Verdict, policies: Sequence[Policy], number: int, index: int, kind: Kind | None) -> Verdict:
    """Return a verdict of another kind with all the evidence that there is, and some that is made up."""
    policy = policies[number]
    takers = verdict.takers or tuple(
        Taker(policy.name, one.index, one.outcome, 1.0) for one in policy.rules if one.enabled and one.index != index
    )
    conflict = verdict.conflict or (takers[0] if takers and kind is Kind.SHADOWED else None)
    dead = kind in (Kind.SHADOWED, Kind.COVERED)
    return replace(
        verdict,
        kind=kind,
        witness=None if dead or kind is Kind.EMPTY else verdict.witness or _PACKET,
        takers=() if kind in (None, Kind.EMPTY) else takers,
        conflict=conflict if kind is Kind.SHADOWED else None,
        by_default=kind is Kind.REDUNDANT,
        single_covers=(),
        duplicate_of=None,
        reason="wrong" if kind is Kind.EMPTY else None,
    )


def _check(policies: tuple[Policy, ...], draw: st.DataObject) -> None:
    brute = Device(policies)
    assume(brute.universe.size <= LARGEST)
    results = list(analyze_policies(policies))
    judged = [(n, i) for n, one in enumerate(results) for i, v in one.verdicts.items() if v.kind is not Kind.UNDECIDED]
    assume(judged)
    number, index = draw.draw(st.sampled_from(judged))
    kinds = [None, Kind.EMPTY, Kind.SHADOWED, Kind.COVERED, Kind.REDUNDANT]
    kind = draw.draw(st.sampled_from([one for one in kinds if one is not results[number].verdicts[index].kind]))
    wrong = _wrong(results[number].verdicts[index], policies, number, index, kind)
    verdicts = {**results[number].verdicts, index: wrong}
    changed = PolicyVerdicts(results[number].policy, results[number].scope, verdicts, results[number].removable)
    results[number] = changed
    answers = made_of(device_of(policies), results).answers()
    (answer,) = [one for one in judging(answers) if (one.policy, one.index) == (policies[number].name, index)]
    if answer.status == ACCEPTED:
        alive = brute.kind((number, index)) in (None, Kind.REDUNDANT)
        assert alive if kind is None else kind is Kind.REDUNDANT and brute.unchanged_without([(number, index)])


@given(policies=single_policies(), draw=st.data())
@thorough(300)
def test_lists(policies: tuple[Policy, ...], draw: st.DataObject) -> None:
    _check(policies, draw)


@given(policies=chained_policies(), draw=st.data())
@thorough(200)
def test_lists_that_call_each_other(policies: tuple[Policy, ...], draw: st.DataObject) -> None:
    _check(policies, draw)


@given(policies=single_policies(conditional=True), draw=st.data())
@thorough(200)
def test_lists_with_unknown_conditions(policies: tuple[Policy, ...], draw: st.DataObject) -> None:
    _check(policies, draw)
