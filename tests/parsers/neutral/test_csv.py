from __future__ import annotations

import pytest

from parsers.neutral import PARSER
from rulecheck.model.rule import PERMIT
from tests.parsers.neutral.reading import FIXTURES, codes, config, policy, read

HEADER = "policy,name,action,source,destination"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    text = "action,source,destination,name\npermit,10.0.0.1,any,one".replace(",", delimiter)
    assert PARSER.score(config(text)) > 60
    (found,) = policy(read(text)).rules
    assert (found.name, found.outcome, found.match.source.label) == ("one", PERMIT, "10.0.0.1")


def test_headers_in_other_spellings() -> None:
    text = "Rule Name;Verdict;Src IP;Destination Address;Dest-Port;Proto\nr;allow;10.0.0.1;any;443;tcp"
    device = read(text)
    assert codes(device) == []
    assert policy(device).rules[0].name == "r"


def test_policies_and_devices_in_the_order_of_their_first_row() -> None:
    rows = [
        "device," + HEADER,
        "fw1,b,1,permit,any,any",
        "fw1,a,2,deny,any,any",
        "fw1,b,3,deny,any,any",
        "fw2,b,4,deny,any,any",
    ]
    device = read("\n".join(rows))
    assert [(one.name, [rule.name for rule in one.rules]) for one in device.policies] == [
        ("fw1: b", ["1", "3"]),
        ("fw1: a", ["2"]),
        ("fw2: b", ["4"]),
    ]
    assert [rule.index for rule in device.policies[0].rules] == [0, 1]


def test_comments_blank_lines_and_rows_over_several_lines() -> None:
    text = f'# table\n\n{HEADER},comment\n\n# part one\np,a,permit,any,any,"first\nsecond"\n,,,,,\np,b,deny,any,any,x\n'
    device = read(text)
    lines = device.source.lines
    assert (lines.blank, lines.understood, lines.unknown) == (5, 4, 0)
    first, second = policy(device, "p").rules
    assert (first.origin.line, first.description) == (6, "first\nsecond")
    assert (second.origin.line, second.name) == (9, "b")


def test_a_quote_that_is_not_closed_costs_its_row_alone() -> None:
    text = f'{HEADER}\np,a,permit,any,any\np,"b,deny,any,any\np,c,deny,any,any'
    device = read(text)
    assert codes(device) == [("RC601", 3)]
    assert [rule.name for rule in policy(device, "p").rules] == ["a", None, "c"]
    assert policy(device, "p").rules[1].match.all_conditions()


def test_too_many_cells() -> None:
    device = read(f"{HEADER}\np,a,permit,any,any,80")
    assert codes(device) == [("RC601", 2)]
    assert policy(device).rules[0].match.all_conditions()


def test_too_few_cells_are_empty_ones() -> None:
    device = read(f"{HEADER}\np,a,permit,any")
    assert [one.code for one in device.diagnostics] == ["RC606"]
    assert "destination is empty" in device.diagnostics[0].message


def test_unknown_columns_count_only_where_they_have_a_value() -> None:
    device = read(f"{HEADER},frob,x_owner,ticket\np,a,permit,any,any,,net,T1\np,b,permit,any,any,7,net,T2")
    assert codes(device) == [("RC602", 1)]
    first, second = policy(device, "p").rules
    assert first.match.conditions == ()
    assert [one.key for one in second.match.conditions] == ["column:p:1:frob"]


def test_a_column_twice_is_reported() -> None:
    device = read("action,source,src,destination\npermit,10.0.0.1,10.0.0.2,any")
    assert codes(device) == [("RC606", 1)]
    assert policy(device).rules[0].match.source.label == "10.0.0.1, 10.0.0.2"


@pytest.mark.parametrize("text", ["name,street\nx,y", "action,source\npermit,any", "", "action;source,destination"])
def test_other_tables_are_not_recognised(text: str) -> None:
    assert PARSER.score(config(text)) == 0


def test_the_fixture_is_read_completely() -> None:
    device = read((FIXTURES / "branches.csv").read_text(encoding="utf-8"))
    assert (device.source.lines.unknown, codes(device)) == (0, [])
    assert [len(one.rules) for one in device.policies] == [63, 6]
