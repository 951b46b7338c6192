"""Which texts are RouterOS."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from parsers.mikrotik import PARSER
from parsers.reading import ReadError, read_file
from tests.parsers.mikrotik.reading import FIXTURES, config


@pytest.mark.parametrize(
    "text",
    [
        "/ip firewall filter\nadd action=drop chain=input\n",
        "/ip firewall filter add action=drop chain=input\n",
        "/ipv6/firewall/address-list\nadd address=::1 list=x\n",
        "# 2024-01-01 by RouterOS 7.1\n/interface list\nadd name=x\n",
        "[admin@r1] > /ip firewall nat\nadd chain=srcnat action=masquerade\n",
        "add action=drop chain=input\nadd action=accept chain=forward\n",
    ],
)
def test_fragments_are_recognised(text: str) -> None:
    assert PARSER.score(config(text)) >= 45


@pytest.mark.parametrize(
    "text",
    ["hostname r1\n!\nend\n", "set system host-name x\n", "*filter\n:INPUT ACCEPT [0:0]\n", "{}", "config vdom\nend\n"],
)
def test_other_texts_are_not(text: str) -> None:
    assert PARSER.score(config(text)) == 0


def test_other_fixtures_are_not() -> None:
    for path in FIXTURES.parent.glob("*/*"):
        if path.is_file() and path.suffix != ".json":
            score = PARSER.score(read_file(str(path)))
            assert (score >= 60) == (path.parent == FIXTURES), path
            assert score == 0 or path.parent == FIXTURES, path


def test_the_whole_corpus(corpus: Path) -> None:
    with (corpus / "INDEX.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if (corpus / row["file"]).is_file()]
    assert rows
    for row in rows:
        try:
            text = read_file(str(corpus / row["file"]))
        except ReadError:
            continue
        assert (PARSER.score(text) > 0) == (row["vendor"] == "mikrotik"), row["file"]
