"""Real and synthetic rule sets. The numbers were counted in the files with text tools, independently of the parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.netfilter.nftables import PARSER
from parsers.reading import read_file
from rulecheck.model.device import Device

RULES = {
    "aerleon_nftables-mixed-combo.nft": 29,
    "aerleon_sample_nftables.nft": 51,
    "fwfabrik_nft_firewall25.fw": 81,
    "netfilter_all-in-one.nft": 0,
    "netfilter_nft-f_sample-ruleset.nft": 99,
    "netfilter_optimizations_merge_vmap_raw.json-nft": 12,
    "netfilter_optimizations_merge_vmap_raw.nft": 12,
    "netfilter_sets_sets_with_ifnames.json-nft": 11,
    "netfilter_transactions_0049huge_0.json-nft": 197,
    "netfilter_transactions_0049huge_0.nft": 197,
}
ONLY_INCLUDES = "netfilter_all-in-one.nft"


def load(corpus: Path, name: str) -> Device:
    (device,) = PARSER.parse(read_file(str(corpus / "nftables" / name)))
    return device


@pytest.mark.parametrize("name", RULES)
def test_every_clause_is_understood(corpus: Path, name: str) -> None:
    device = load(corpus, name)
    assert sum(len(one.rules) for one in device.policies) == RULES[name]
    troubled = [one for one in device.diagnostics if one.code not in ("RC605", "RC608")]
    assert len(troubled) == (13 if name == ONLY_INCLUDES else 0)
    assert device.source.lines.unknown == len(troubled)


def test_text_and_json_mean_the_same(corpus: Path) -> None:
    for stem in ("netfilter_transactions_0049huge_0", "netfilter_optimizations_merge_vmap_raw"):
        text, structured = load(corpus, f"{stem}.nft"), load(corpus, f"{stem}.json-nft")
        theirs = {one.name: one for one in structured.policies}
        assert set(theirs) == {one.name for one in text.policies}
        for mine in text.policies:
            other = theirs[mine.name]
            assert (mine.default, mine.families, mine.entry) == (other.default, other.families, other.entry)
            assert [rule.outcome for rule in mine.rules] == [rule.outcome for rule in other.rules]
            may = [[rule.match.may(one.families) for rule in one.rules] for one in (mine, other)]
            assert may[0] == may[1]
