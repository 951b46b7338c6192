"""The generated sets are what the benchmark says they are."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from benchmarks.generators.covers import WHOLE, union_cover
from benchmarks.generators.filters import FLAVOURS, filter_set
from benchmarks.generators.policy_like import many_dead, policy_like
from benchmarks.generators.shapes import checkerboard, dense, host_denies
from benchmarks.sets import GENERATED
from rulecheck.engine import analyze_policies
from rulecheck.model.device import Policy
from rulecheck.model.fields import IPV4_ALL, Field
from rulecheck.model.finding import Kind
from rulecheck.model.match import ANY_ADDRESS, Term
from rulecheck.model.rule import DENY, PERMIT, Rule

DEAD = {Kind.SHADOWED, Kind.COVERED, Kind.EMPTY}


def signature(policy: Policy) -> list[tuple[object, ...]]:
    return [(rule.index, rule.outcome, rule.match, rule.origin) for rule in policy.rules]


def dead_share(policy: Policy) -> float:
    (result,) = analyze_policies([policy])
    return sum(verdict.kind in DEAD for verdict in result.verdicts.values()) / len(policy.rules)


def only_term(rule: Rule) -> Term:
    (term,) = rule.match.terms((4,))
    return term


@pytest.mark.parametrize("name", GENERATED)
def test_the_same_seed_gives_the_same_set_and_another_one_another(name: str) -> None:
    make = GENERATED[name].make
    assert signature(make(60, 5)) == signature(make(60, 5))
    assert signature(make(60, 5)) != signature(make(60, 6))


@pytest.mark.parametrize("name", [name for name in GENERATED if not name.startswith("cover")])
def test_a_set_has_as_many_rules_as_asked_for_in_order(name: str) -> None:
    policy = GENERATED[name].make(300, 1)
    assert [rule.index for rule in policy.rules] == list(range(300))
    last = policy.rules[-1].match
    assert (last.source, last.destination, last.services) == (ANY_ADDRESS, ANY_ADDRESS, None)


class TestPolicyLike:
    def test_objects_are_shared_and_few_are_used_much(self) -> None:
        uses = Counter(id(rule.match.destination) for rule in policy_like(4_000, 1).rules)
        assert len(uses) < 3_000
        assert max(uses.values()) > 40

    def test_groups_have_many_intervals(self) -> None:
        sizes = [len(part.values.intervals) for rule in policy_like(2_000, 1).rules for part in rule.match.source.parts]
        assert max(sizes) > 50
        assert sum(size > 1 for size in sizes) > 0.3 * len(sizes)

    def test_every_kind_of_service_comes_up(self) -> None:
        used: set[Field] = set()
        for rule in policy_like(3_000, 2).rules:
            for term in rule.match.terms():
                used |= set(term.sets)
        wanted = {Field.PROTOCOL, Field.SOURCE_PORT, Field.DESTINATION_PORT, Field.ICMP, Field.TCP_FLAGS}
        assert wanted <= used

    def test_any_denies_and_both_families_come_up(self) -> None:
        rules = policy_like(2_000, 3).rules
        assert sum(rule.match.source is ANY_ADDRESS for rule in rules) > 40
        assert sum(rule.outcome == DENY for rule in rules) > 100
        assert {part.family for rule in rules[:-1] for part in rule.match.destination.parts} == {4, 6}
        runs = sum(one.outcome == two.outcome == DENY for one, two in pairwise(rules))
        assert runs > 30

    def test_no_rule_but_the_last_takes_everything(self) -> None:
        for rule in policy_like(3_000, 4).rules[:-1]:
            anys = (rule.match.source is ANY_ADDRESS) + (rule.match.destination is ANY_ADDRESS)
            assert anys < 2
            assert not (anys and rule.match.services is None and rule.outcome == PERMIT)

    @pytest.mark.parametrize("seed", [1, 2])
    def test_about_one_rule_in_ten_is_dead(self, seed: int) -> None:
        assert 0.06 < dead_share(policy_like(1_000, seed)) < 0.16

    @pytest.mark.parametrize("seed", [1, 2])
    def test_or_about_two_in_five(self, seed: int) -> None:
        assert 0.34 < dead_share(many_dead(1_000, seed)) < 0.46

    def test_some_rules_are_covered_only_by_several_others_and_some_are_redundant(self) -> None:
        (result,) = analyze_policies([policy_like(1_000, 1)])
        verdicts = result.verdicts.values()
        assert any(one.kind in DEAD and len(one.takers) > 1 and not one.single_covers for one in verdicts)
        assert any(one.kind is Kind.REDUNDANT and not one.by_default for one in verdicts)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_checkerboard_has_nets_to_any_and_any_to_nets_in_equal_parts(seed: int) -> None:
    rules = checkerboard(101, seed).rules[:-1]
    rows = [rule for rule in rules if rule.match.destination is ANY_ADDRESS]
    columns = [rule for rule in rules if rule.match.source is ANY_ADDRESS]
    assert len(rows) == len(columns) == 50
    for rule, side in [*((row, Field.SOURCE) for row in rows), *((column, Field.DESTINATION) for column in columns)]:
        assert only_term(rule).sets[side].size == 256
    assert len({rule.match.source.label for rule in rows}) == 50


def test_dense_rules_overlap_many_others() -> None:
    terms = [only_term(rule) for rule in dense(200, 1).rules[:-1]]
    overlaps = sum(one.meets(two) for number, one in enumerate(terms) for two in terms[:number])
    assert 6 < len(terms) ** 2 / overlaps < 16


def test_a_block_list_denies_hosts_and_small_networks_and_permits_the_rest() -> None:
    rules = host_denies(2_000, 1).rules
    sizes = Counter(only_term(rule).sets[Field.SOURCE].size for rule in rules[:-1])
    assert set(sizes) == {1, 256}
    assert sizes[1] > 50 * sizes[256]
    assert {rule.outcome for rule in rules[:-1]} == {DENY}
    assert rules[-1].outcome == PERMIT
    assert 0.002 < dead_share(host_denies(2_000, 1)) < 0.03


def box(rule: Rule) -> tuple[tuple[int, int], ...]:
    sets = only_term(rule).sets
    fields = (sets[field] for field in (Field.SOURCE, Field.DESTINATION, Field.DESTINATION_PORT))
    return tuple(values.intervals[0] for values in fields)


def subtract(
    piece: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]
) -> list[tuple[tuple[int, int], ...]]:
    """Return disjoint boxes that are together ``piece`` without ``other``."""
    if any(high < low2 or high2 < low for (low, high), (low2, high2) in zip(piece, other, strict=True)):
        return [piece]
    rest = []
    for field, ((low, high), (low2, high2)) in enumerate(zip(piece, other, strict=True)):
        parts = [part for part in ((low, low2 - 1), (high2 + 1, high)) if part[0] <= part[1]]
        rest += [(*piece[:field], part, *piece[field + 1 :]) for part in parts]
        piece = (*piece[:field], (max(low, low2), min(high, high2)), *piece[field + 1 :])
    return rest


def uncovered(boxes: list[tuple[tuple[int, int], ...]]) -> list[tuple[tuple[int, int], ...]]:
    left: list[tuple[tuple[int, int], ...]] = [WHOLE]
    for one in boxes:
        left = [rest for piece in left for rest in subtract(piece, one)]
    return left


@pytest.mark.parametrize("overlapping", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
class TestUnionCovers:
    def test_all_pieces_together_cover_the_rule(self, seed: int, *, overlapping: bool) -> None:
        rules = union_cover(40, seed, overlapping=overlapping, complete=True).rules
        assert len(rules) == 42
        assert box(rules[40]) == WHOLE
        assert uncovered([box(rule) for rule in rules[:40]]) == []

    def test_no_piece_can_be_left_out(self, seed: int, *, overlapping: bool) -> None:
        boxes = [box(rule) for rule in union_cover(40, seed, overlapping=overlapping, complete=True).rules[:40]]
        for number in range(40):
            assert uncovered(boxes[:number] + boxes[number + 1 :])

    def test_the_set_with_a_gap_is_the_same_without_one_piece(self, seed: int, *, overlapping: bool) -> None:
        whole = [box(rule) for rule in union_cover(40, seed, overlapping=overlapping, complete=True).rules[:-1]]
        gap = [box(rule) for rule in union_cover(40, seed, overlapping=overlapping, complete=False).rules[:-1]]
        assert gap == whole[1:41]
        assert uncovered(gap[:-1])

    def test_pieces_overlap_exactly_where_promised(self, seed: int, *, overlapping: bool) -> None:
        rules = union_cover(40, seed, overlapping=overlapping, complete=True).rules[:40]
        terms = [only_term(rule) for rule in rules]
        meetings = sum(one.meets(two) for number, one in enumerate(terms) for two in terms[:number])
        assert (meetings > 40) if overlapping else (meetings == 0)

    def test_the_engine_finds_the_whole_cover_or_the_gap(self, seed: int, *, overlapping: bool) -> None:
        covered, live = (
            analyze_policies([union_cover(30, seed, overlapping=overlapping, complete=complete)])[0]
            for complete in (True, False)
        )
        assert sorted(taker.index for taker in covered.verdicts[30].takers) == list(range(30))
        assert live.verdicts[29].kind is None
        assert live.verdicts[29].witness is not None


@pytest.mark.parametrize("flavour", FLAVOURS)
class TestFilters:
    def test_filters_are_distinct_and_have_prefixes_of_many_lengths(self, flavour: str) -> None:
        rules = filter_set(flavour, 500, 1).rules
        assert len({rule.match for rule in rules}) == 500
        sizes = {values.size for rule in rules for values in [only_term(rule).sets[Field.SOURCE]]}
        assert len(sizes) >= 4
        assert IPV4_ALL.size in sizes
        assert 1 in sizes

    def test_prefixes_cluster(self, flavour: str) -> None:
        hosts = [only_term(rule).sets[Field.DESTINATION].intervals[0] for rule in filter_set(flavour, 1_000, 2).rules]
        blocks = Counter(low >> 24 for low, high in hosts if low == high)
        assert blocks.most_common(8)[-1][1] > 3
        assert sum(count for _, count in blocks.most_common(16)) > sum(blocks.values()) / 2
