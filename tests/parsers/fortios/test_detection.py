"""Which texts are FortiOS."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from parsers.fortinet.fortios import PARSER
from parsers.reading import ReadError, read_file
from tests.parsers.fortios.reading import BASE, FIXTURES, config, entry, section

NEVER = ("lab-validation_snapshots",)
"""Files of other devices that lie among those of FortiOS."""


@pytest.mark.parametrize(
    "text",
    [
        BASE,
        section("firewall policy", entry()),
        section("firewall service custom", '    edit "x"', "        set tcp-portrange 80", "    next"),
        "FGT # show firewall policy\n" + section("firewall policy", entry()),
        "config system global\n    set hostname x\nend\n",
        "config vdom\nedit root\nnext\nend\n",
        "#config-version=FGT60E-6.0.5-FW-build0268-190507:opmode=0:vdom=0:user=admin\n",
    ],
)
def test_fragments_are_recognised(text: str) -> None:
    assert PARSER.score(config(text)) >= 45


@pytest.mark.parametrize(
    "text",
    [
        "hostname r1\n!\nend\n",
        "set system host-name x\n",
        "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n",
        "{}",
        "<config/>",
        "end\n",
    ],
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
        mine = "fortios" in row["vendor"] and not any(part in row["file"] for part in NEVER)
        assert (PARSER.score(text) > 0) == mine, row["file"]
