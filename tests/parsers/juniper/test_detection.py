"""Junos is recognised in every form, and nothing else is taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import registry
from parsers.juniper import PARSER
from parsers.reading import ReadError, read_file
from tests.parsers.juniper.reading import FIXTURES, config

FOREIGN = FIXTURES.parent


@pytest.mark.parametrize("name", ["branch-srx.set", "edge-router.conf"])
def test_fixtures(name: str) -> None:
    assert registry.detect(read_file(str(FIXTURES / name))) == "juniper"


@pytest.mark.parametrize(
    "text",
    [
        "set security policies global policy P then permit",
        "set firewall family inet6 filter F term T then accept",
        "set system host-name fw1",
        "deactivate security policies from-zone a to-zone b policy P",
        "set logical-systems LS1 firewall filter F term T then accept",
        "from-zone a to-zone b {\n    policy p {\n        match {\n            source-address any;\n",
        "admin@fw1> show configuration firewall\nfilter F {\n    term t {\n        then accept;\n    }\n}",
        "## Last commit: 2026-01-01 00:00:00 UTC by x\nversion 21.4R3;\nsystem {\n    host-name x;\n}",
        "application-set web {\n    application junos-http;\n}",
    ],
)
def test_fragments(text: str) -> None:
    assert PARSER.score(config(text)) >= 60
    assert registry.detect(config(text)) == "juniper"


@pytest.mark.parametrize(
    "text",
    [
        '{"system": {"x": 1}}',
        "<configuration><security/></configuration>",
        "set rulebase security rules R action allow\nset deviceconfig system hostname x",
        "set firewall name WAN_IN rule 10 action accept\nset interfaces ethernet eth0 address 10.0.0.1/24",
        "config firewall policy\n    edit 1\n        set srcaddr all\n",
        "table inet filter {\n    chain input {\n        type filter hook input priority 0;\n    }\n}",
        "term permit-mail {\n  protocol:: tcp\n}",
        "hostname x\ninterface Ethernet1\n",
        "",
    ],
)
def test_other_texts(text: str) -> None:
    assert PARSER.score(config(text)) < registry.RECOGNISED_FROM


def test_fixtures_of_other_platforms() -> None:
    others = [path for path in sorted(FOREIGN.glob("*/*")) if path.parent != FIXTURES and path.suffix != ".json"]
    assert len(others) > 3
    for path in others:
        try:
            text = read_file(str(path))
        except (ReadError, IsADirectoryError):
            continue
        assert PARSER.score(text) < registry.RECOGNISED_FROM, path.name


def test_the_corpus(corpus: Path) -> None:
    own = ("srx", "junos", "syntax_juniper")
    for path in sorted(one for one in corpus.glob("*/*") if one.is_file()):
        try:
            text = read_file(str(path))
        except ReadError:
            continue
        junos = path.parent.name in own or "bor0" in path.name
        assert (PARSER.score(text) >= 60) == junos, path.name
