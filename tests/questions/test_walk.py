"""One packet's way: it ends where the specification says, and a near miss fails where it says."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rulecheck.engine.packets import packet_of
from rulecheck.engine.questions.decisions import Side, decision_map
from rulecheck.engine.questions.walk import failures_of, walk
from rulecheck.engine.verdict import Packet
from rulecheck.model.device import Policy
from rulecheck.model.fields import Field
from rulecheck.model.match import Term
from rulecheck.model.rule import Verb
from tests import reference
from tests.engine.notation import chain, policy, rule
from tests.questions.worlds import ANY_POLICIES, universe_of
from tests.strategies import thorough


@given(policies=ANY_POLICIES, data=st.data())
@thorough(150)
def test_a_packet_ends_where_the_specification_says(policies: tuple[Policy, ...], data: st.DataObject) -> None:
    universe = universe_of(policies, None)
    lists = {(one.scope, one.name): one for one in policies}
    places = [data.draw(st.integers(0, length - 1)) for length in universe.shape]
    names = list(universe.pieces)
    values = dict(packet_of(Term({})).values)
    values |= {name: universe.pieces[name][place][0] for name, place in zip(names, places, strict=False)}
    truths = {key: bool(place) for key, place in zip(universe.keys, places[len(names) :], strict=True)}
    families = {reference.family(values[name]) for name in (Field.SOURCE, Field.DESTINATION)}
    if len(families) == 2:
        return
    root = data.draw(st.sampled_from([n for n, one in enumerate(policies) if one.entry]))
    way = walk(policies, root, Packet(values, truths))
    expected = reference.decide(policies[root], values, truths, lists)
    assert way.outcome == expected.outcome
    if way.rule is not None and way.rule.outcome.verb not in (Verb.RETURN, Verb.GOTO):
        assert way.rule is expected.rule
    for miss in way.misses:
        assert not reference.matches(miss.rule.match, values, truths)
        assert miss.failures


@given(policies=ANY_POLICIES)
@thorough(100)
def test_the_way_of_an_example_ends_at_the_rule_of_its_region(policies: tuple[Policy, ...]) -> None:
    for region in decision_map(Side(policies, 0)).regions:
        for case in region.cases:
            way = walk(policies, 0, packet_of(Term(region.term.sets, case.truths)))
            assert (way.owner, way.outcome) == (case.decision.owner, case.decision.outcome)


def _packet(source: int, destination: int, protocol: int = 6, port: int = 80) -> Packet:
    usual = packet_of(Term({}))
    more = {Field.SOURCE: source, Field.DESTINATION: destination, Field.PROTOCOL: protocol}
    return replace(usual, values={**usual.values, **more, Field.DESTINATION_PORT: port})


def test_the_calls_on_the_way_are_named() -> None:
    lists = (
        policy(["log any > any", "call SIDE 1 > any", "call WEB any > 9 tcp", "permit 4 > any"]),
        chain("WEB", ["call DEEP any > any"]),
        chain("DEEP", ["return 3 > any", "deny any > any tcp 80"]),
        chain("SIDE", ["return any > any"]),
    )
    way = walk(lists, 0, _packet(1, 9))
    assert [hop.owner for hop in way.calls] == [(0, 2), (1, 0)]
    assert [hop.owner for hop in way.passed] == [(0, 0)]
    assert [hop.owner for hop in way.left] == [(0, 1)]
    assert way.owner == (2, 1)


def test_a_miss_names_the_fewest_clauses_that_fail() -> None:
    (one,) = failures_of(rule(0, "permit 1-3 > 9 tcp 22,443").match, _packet(2, 9))
    assert (one.field, one.wanted.intervals) == (Field.DESTINATION_PORT, ((22, 22), (443, 443)))
    found = failures_of(rule(0, "permit 5 > 9 udp 53 if fqdn:a").match, _packet(2, 9))
    assert [one.field for one in found] == [Field.SOURCE, None, Field.PROTOCOL, Field.DESTINATION_PORT]
    assert not failures_of(rule(0, "permit 1-3 > 9 tcp 80").match, _packet(2, 9))
