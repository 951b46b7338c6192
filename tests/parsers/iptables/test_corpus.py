"""Real dumps. The numbers were counted in the files with text tools, independently of the parser."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from rulecheck.model.device import Device
from tests.parsers.iptables.reading import policy, read

LISTS = {
    "aerleon_multitarget.ipt": 69,
    "config_home_user_typical_home_user_iptables-save": 218,
    "config_veroneau.net_iptables-save": 263,
    "configs_corny_docker_iptables-save.topos4.1": 36,
    "configs_sqrl_shorewall_2014_sep_iptables-saveakachan": 404,
    "configs_srvs_ufw_server1-iptables-save": 70,
    "configs_synology_diskstation_ds414_iptables-save_jun_2015": 21,
    "configs_ugent_iptables-save": 232,
    "configs_ugent_iptables-save.v1.4.21": 232,
    "tum_iptables_20.10.2013": 2807,
}
WRAPPED = "found_openwrt.org_iptables-save-AA.txt"


def load(corpus: Path, name: str) -> Device:
    path = corpus / "iptables" / name
    return read(path.read_text(encoding="utf-8", errors="replace"), name)


@pytest.mark.parametrize("name", LISTS)
def test_every_clause_is_understood(corpus: Path, name: str) -> None:
    device = load(corpus, name)
    assert sum(len(one.rules) for one in device.policies) == LISTS[name]
    assert device.source.lines.unknown == device.source.lines.ignored == 0
    assert {one.code for one in device.diagnostics} <= {"RC606", "RC608"}
    assert not any(one.affects_verdicts for one in device.diagnostics)


def test_a_dump_that_a_terminal_wrapped_keeps_its_rules_inexact(corpus: Path) -> None:
    device = load(corpus, WRAPPED)
    assert sum(len(one.rules) for one in device.policies) == 65
    torn = {one.line for one in device.diagnostics if one.affects_verdicts}
    assert len(torn) == 12  # three more lines were torn between two words, which loses nothing
    for each in device.policies:
        for one in each.rules:
            assert bool(one.match.all_conditions()) >= (one.origin.line in torn)


def test_masquerade_rules_58_times_each(corpus: Path) -> None:
    rules = policy(load(corpus, "configs_ugent_iptables-save"), "nat/POSTROUTING").rules
    repeated = Counter((repr(one.match.terms((4,))), one.outcome.details[0]) for one in rules)
    assert [(name, count) for (_, name), count in repeated.most_common(3)] == [("masquerade", 58)] * 3


def test_both_spellings_of_masks_mean_the_same(corpus: Path) -> None:
    old, new = (load(corpus, name) for name in ("configs_ugent_iptables-save", "configs_ugent_iptables-save.v1.4.21"))
    for one, other in zip(old.policies, new.policies, strict=True):
        assert [rule.match.terms((4,)) for rule in one.rules] == [rule.match.terms((4,)) for rule in other.rules]
        assert [rule.outcome for rule in one.rules] == [rule.outcome for rule in other.rules]
