"""Filter files, generated configurations, the stages of the command, and the peers' encodings."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.asa_config import configuration_of
from benchmarks.command import measure_command
from benchmarks.generators.filter_files import read_filter, read_filters
from benchmarks.generators.filters import Filter
from benchmarks.peers.aerleon import Definitions, terms
from benchmarks.peers.cudd import dead_rules
from benchmarks.sets import GENERATED, filter_files
from benchmarks.stages import BORDERS
from rulecheck.engine import analyze_policies
from rulecheck.model.fields import Field
from rulecheck.model.finding import Kind


class TestFilterFiles:
    def test_a_line_is_two_prefixes_two_port_ranges_a_protocol_and_flags(self) -> None:
        line = "@10.0.0.0/8\t192.0.2.1/32\t0 : 65535\t80 : 90\t0x06/0xFF\t0x0200/0x1200\t\n"
        ten, one = 10 << 24, 0xC0000201
        assert read_filter(line) == Filter((ten, 8), (one, 32), (0, 65_535), (80, 90), 6, (0x12, 0x02))

    def test_a_mask_of_zero_is_any_protocol_and_leaves_no_flags(self) -> None:
        line = "@0.0.0.0/0 0.0.0.0/0 0 : 65535 0 : 65535 0x00/0x00 0x0000/0x0000"
        found = read_filter(line)
        assert (found.protocol, found.flags) == (-1, None)

    def test_a_file_becomes_rules_with_a_final_deny(self, tmp_path: Path) -> None:
        path = tmp_path / "some"
        line = "@10.0.0.0/8 192.0.2.1/32 0 : 65535 80 : 80 0x06/0xFF 0x0200/0x0200"
        path.write_text(f"{line}\n\n{line.replace('0x06', '0x11')}\n", encoding="ascii")
        rules = read_filters(path, 1).rules
        assert len(rules) == 3
        first, second = (rule.match.terms((4,))[0].sets for rule in rules[:2])
        assert 0x02 in first[Field.TCP_FLAGS]
        assert 0x10 not in first[Field.TCP_FLAGS]
        assert Field.TCP_FLAGS not in second
        assert second[Field.PROTOCOL].intervals == ((17, 17),)

    def test_another_line_is_an_error_with_its_number(self, tmp_path: Path) -> None:
        path = tmp_path / "some"
        path.write_text("@10.0.0.0/8 nonsense\n", encoding="ascii")
        with pytest.raises(ValueError, match="some, line 1: not a filter"):
            read_filters(path, 1)

    def test_without_a_folder_there_are_no_files(self, tmp_path: Path) -> None:
        assert filter_files(None) == {}
        assert filter_files(str(tmp_path)) == {}

    def test_published_files_can_be_read(self) -> None:
        found = filter_files(os.environ.get("RULECHECK_CORPUS"))
        if not found:
            pytest.skip("RULECHECK_CORPUS names no folder with filter files")
        for chosen in found.values():
            assert len(chosen.make(0, 1).rules) == chosen.sizes[0]


class TestConfiguration:
    def test_it_has_the_lines_that_were_asked_for(self) -> None:
        text = configuration_of(8_000, 1)
        assert abs(text.count("\n") - 8_000) <= 80
        assert text == configuration_of(8_000, 1)
        assert text != configuration_of(8_000, 2)

    def test_too_few_lines_are_refused(self) -> None:
        with pytest.raises(ValueError, match="ask for more"):
            configuration_of(100, 1)

    def test_the_command_is_measured_with_its_stages(self) -> None:
        found = measure_command(4_600, 1, 120)
        assert {stage for stage, _, _ in BORDERS} <= set(found.stages)
        assert sum(found.stages.values()) == pytest.approx(found.wall)
        assert min(found.stages.values()) >= 0
        assert found.rules > 100


class TestPeers:
    def test_cudd_finds_the_dead_rules_that_the_engine_finds(self) -> None:
        cudd = pytest.importorskip("dd.cudd")
        for name in ("policy", "dense", "fw", "cover-overlapping"):
            policy = GENERATED[name].make(120, 3)
            manager = cudd.BDD()
            (result,) = analyze_policies([policy])
            dead = [
                index
                for index, verdict in result.verdicts.items()
                if verdict.kind in {Kind.SHADOWED, Kind.COVERED, Kind.EMPTY}
            ]
            assert dead_rules(policy, manager) == dead, name

    def test_the_plain_library_agrees_where_cudd_is_missing(self) -> None:
        plain = pytest.importorskip("dd.autoref")
        policy = GENERATED["policy"].make(40, 2)
        (result,) = analyze_policies([policy])
        dead = [
            index
            for index, verdict in result.verdicts.items()
            if verdict.kind in {Kind.SHADOWED, Kind.COVERED, Kind.EMPTY}
        ]
        assert dead_rules(policy, plain.BDD()) == dead

    def test_a_rule_becomes_a_term_for_each_protocol(self) -> None:
        definitions = Definitions()
        policy = GENERATED["policy"].make(400, 1)
        listed = terms(policy.rules, definitions)
        assert {str(term["name"]).split("-")[1] for term in listed} == {str(rule.index) for rule in policy.rules}
        assert all(isinstance(term.get("protocol", ""), str) for term in listed)
        assert listed[-1] == {"name": "rule-399-0", "action": "deny"}
        objects = definitions.as_objects()
        used = {term[key] for term in listed for key in ("source-address", "destination-address") if key in term}
        assert used == set(objects["networks"])

    def test_aerleon_calls_no_live_rule_shaded(self) -> None:
        pytest.importorskip("aerleon")
        aerleon = import_module("benchmarks.peers.aerleon")
        policy = GENERATED["policy"].make(150, 1)
        (result,) = analyze_policies([policy])
        shaded = aerleon.measure(policy)["dead"]
        assert shaded
        assert all(result.verdicts[index].kind is not None for index in shaded)
