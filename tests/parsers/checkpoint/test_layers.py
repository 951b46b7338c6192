from __future__ import annotations

import json

import pytest

from parsers.checkpoint import PARSER
from parsers.json_text import JsonError
from rulecheck.engine import analyze_policies
from rulecheck.model.finding import Kind
from rulecheck.model.rule import DENY, PERMIT, RETURN, Verb
from tests.parsers.checkpoint.reading import Json, codes, config, layer, policy, read, rule, thing

WEB = thing("host", "WEB", ipv4_address="10.1.0.80")
DB = thing("host", "DB", ipv4_address="10.1.0.90")


def section(*rules: Json, name: str = "Section") -> Json:
    return {"uid": f"sec-{name}", "type": "access-section", "name": name, "rulebase": list(rules), "from": 1, "to": 2}


def page(number: int, rules: int, total: int) -> Json:
    found = [rule(one, source=["uid-WEB"]) for one in range(number, number + rules)]
    return {**layer(*found, objects=[WEB]), "from": number, "to": number + rules - 1, "total": total}


def kinds(*found: object) -> dict[tuple[str, int], Kind | None]:
    device = read(list(found) if len(found) > 1 else found[0])
    results = analyze_policies(device.policies)
    return {(one.policy, index): verdict.kind for one in results for index, verdict in one.verdicts.items()}


def test_sections_are_opened_in_order() -> None:
    found = policy(read(layer(section(rule(1), rule(2)), rule(3), section(rule(4), name="Two"))))
    assert [one.origin.text.split(":")[0] for one in found.rules] == ["rule 1", "rule 2", "rule 3", "rule 4"]
    assert [one.index for one in found.rules] == [0, 1, 2, 3]


def test_sections_may_be_headings_between_the_rules() -> None:
    heading = {"uid": "s", "type": "access-section", "name": "Web", "from": 1, "to": 2}
    device = read([heading, rule(1), rule(2)])
    assert [len(one.rules) for one in device.policies] == [2]
    assert [one.code for one in device.diagnostics if one.code != "RC603"] == []


@pytest.mark.parametrize(("word", "default"), [("drop", DENY), ("accept", PERMIT)])
def test_the_implicit_cleanup_is_the_default(word: str, default: object) -> None:
    found = policy(read(layer(rule(), cleanup=word)))
    assert (found.default, found.implicit, found.entry) == (default, (), True)


def test_an_unknown_cleanup_is_undecided_where_it_matters() -> None:
    drop = rule(1, source=["uid-WEB"], action="Drop")
    assert kinds(layer(drop, objects=[WEB], cleanup=""))["Network", 0] is Kind.UNDECIDED
    assert kinds(layer(drop, objects=[WEB], cleanup="drop"))["Network", 0] is Kind.REDUNDANT
    both = kinds(layer(drop, rule(2, action="Drop"), objects=[WEB], cleanup=""))
    assert both["Network", 0] is Kind.REDUNDANT


def test_an_inline_layer_is_called_and_never_left() -> None:
    inner = layer(rule(1, source=["uid-WEB"]), objects=[WEB], name="Inner")
    apply = rule(1, source=["uid-WEB"], action="Inner Layer", inline_layer="uid-Inner")
    outer = layer(apply, rule(2, source=["uid-WEB"], service=["ssh"]), objects=[WEB, DB])
    device = read([outer, inner])
    called, calling = policy(device, "Inner"), policy(device)
    assert (calling.rules[0].outcome.verb, calling.rules[0].calls) == (Verb.CALL, "Inner")
    assert (called.entry, called.default) == (False, RETURN)
    assert [one.outcome for one in called.implicit] == [DENY]
    assert kinds(outer, inner)["Network", 1] is Kind.COVERED


def test_the_cleanup_of_an_inline_layer_shadows_what_stands_behind_its_call() -> None:
    inner = layer(rule(1, source=["uid-DB"]), objects=[DB], name="Inner")
    apply = rule(1, source=["uid-WEB"], action="Inner Layer", inline_layer={"uid": "uid-Inner", "name": "Inner"})
    found = kinds(layer(apply, rule(2, source=["uid-WEB"]), objects=[WEB]), inner)
    assert found["Network", 1] is Kind.SHADOWED
    assert found["Inner", 0] is not None


def test_an_inline_layer_that_is_not_in_the_file_ends_the_list() -> None:
    other = thing("access-layer", "Inner")
    device = read(layer(rule(1, action="Inner Layer", inline_layer="uid-Inner"), rule(2), objects=[other]))
    assert [one.code for one in device.diagnostics] == ["RC603"]
    found = policy(device).rules[0]
    assert (found.outcome.verb, found.outcome.details, found.calls) == (Verb.OTHER, ("inline layer Inner",), None)


def test_inline_layers_that_call_each_other_end_undecided() -> None:
    one = layer(rule(1, action="Inner Layer", inline_layer="uid-B"), name="A")
    two = layer(rule(1, action="Inner Layer", inline_layer="uid-A"), name="B")
    assert set(kinds(one, two).values()) <= {Kind.UNDECIDED, None}


def test_ordered_layers_of_a_package() -> None:
    package = {
        "uid": "p",
        "name": "Std",
        "type": "package",
        "access-layers": [thing("access-layer", "Network"), "uid-Apps"],
    }
    device = read([package, layer(rule()), layer(rule(), name="Apps")])
    assert device.name == "Std"
    assert [(one.applied, one.applied_to, one.entry) for one in device.policies] == [
        (True, ("package Std, layer 1 of 2",), True),
        (True, ("package Std, layer 2 of 2",), True),
    ]


def test_layers_of_one_name_are_told_apart() -> None:
    other = {**layer(rule()), "uid": "22222222-other"}
    assert [one.name for one in read([layer(rule()), other]).policies] == ["Network", "Network (22222222)"]


def test_pages_are_joined_in_order_whatever_their_order_in_the_file() -> None:
    device = read([page(3, 2, 5), page(1, 2, 5), page(5, 1, 5)])
    assert [one.origin.text.split(":")[0] for one in policy(device).rules] == [f"rule {one}" for one in range(1, 6)]
    assert codes(device) == []


def test_a_page_that_is_there_twice_counts_once() -> None:
    device = read([page(1, 2, 2), page(1, 2, 2)])
    assert len(policy(device).rules) == 2


@pytest.mark.parametrize(
    ("pages", "missing"),
    [
        ([page(1, 2, 5)], "rules 3 to 5 of Network"),
        ([page(4, 2, 5)], "rules 1 to 3 of Network"),
        ([page(1, 1, 3), page(3, 1, 3)], "rule 2 of Network"),
    ],
)
def test_missing_pages_are_reported(pages: list[Json], missing: str) -> None:
    device = read(pages)
    (found,) = device.diagnostics
    assert (found.code, found.affects_verdicts) == ("RC607", True)
    assert missing in found.message


def test_a_filtered_export_shows_in_the_rule_numbers() -> None:
    device = read(layer(rule(1), rule(5), objects=[WEB]))
    assert ["rules 2 to 4 of Network" in one.message for one in device.diagnostics] == [True]


def test_missing_rules_make_undecided_what_depends_on_them() -> None:
    """Rule 1 accepts what rule 5 accepts again: whether rule 1 is needed depends on rules 2 to 4, rule 6 on nothing."""
    rules = [rule(1, source=["uid-WEB"]), rule(5), rule(6, source=["uid-WEB"], service=["ssh"])]
    found = kinds(layer(*rules, objects=[WEB]))
    assert found["Network", 0] is Kind.UNDECIDED
    assert found["Network", 2] is Kind.COVERED
    complete = [rule(1, source=["uid-WEB"]), rule(2), rule(3, source=["uid-WEB"], service=["ssh"])]
    assert kinds(layer(*complete, objects=[WEB]))["Network", 0] is Kind.REDUNDANT


def test_many_gaps_stay_cheap() -> None:
    rules = [rule(2 * one + 1, source=["uid-WEB"]) for one in range(300)]
    found = policy(read(layer(*rules, objects=[WEB])))
    assert max(len(one.match.conditions) for one in found.rules) == 17
    assert len(found.implicit) == 17


def test_the_place_of_a_domain_is_a_gap() -> None:
    holder = {"uid": "ph", "type": "place-holder", "name": "Parent rule", "rule-number": 2}
    device = read(layer(rule(1), holder, rule(3)))
    assert [one.code for one in device.diagnostics] == ["RC607"]
    assert len(policy(device).rules) == 2
    assert policy(device).rules[1].match.conditions


def test_an_entry_of_another_kind_is_reported() -> None:
    device = read(layer(rule(1), {"uid": "x", "type": "surprise"}, rule(2)))
    assert [one.code for one in device.diagnostics] == ["RC601"]
    assert policy(device).rules[1].match.conditions


def test_a_bare_list_of_rules_takes_its_name_from_the_file() -> None:
    device = read([section(rule(1)), rule(2), WEB], path="Network-Internal.json")
    assert policy(device, "Network-Internal").rules[0].outcome == PERMIT


def test_answers_one_a_line() -> None:
    text = "\n".join(json.dumps(one) for one in (page(1, 2, 4), page(3, 2, 4), {"objects": [DB], "total": 1}))
    device = read(text)
    assert (len(policy(device).rules), device.source.lines.total) == (4, 3)
    assert {one.name for one in device.objects} == {"WEB", "DB"}


def test_a_file_without_objects_says_so_once() -> None:
    device = read(
        {"uid": "l", "rulebase": [rule(1, source=["a"]), rule(2, source=["b"])], "from": 1, "to": 2, "total": 2}
    )
    (found,) = device.diagnostics
    assert found.code == "RC603"
    assert "use-object-dictionary" in found.message


def test_lists_of_objects_alone_have_no_policies() -> None:
    device = read({"objects": [WEB], "from": 1, "to": 1, "total": 7})
    assert (device.policies, device.objects) == ((), ())
    assert [one.code for one in device.diagnostics] == ["RC607"]
    assert not device.diagnostics[0].affects_verdicts


def test_an_error_of_the_server_is_told() -> None:
    device = read({"code": "generic_err_object_not_found", "message": "Requested object [X] not found"})
    assert codes(device) == [("RC605", 1)]
    assert "Requested object [X] not found" in device.diagnostics[0].message


def test_an_unknown_answer_is_reported() -> None:
    assert [one.code for one in read({"something": {"else": 1}}).diagnostics] == ["RC601"]


def test_duplicate_keys_are_reported() -> None:
    device = read('{"uid": "l", "rulebase": [], "rulebase": [], "total": 0}')
    assert codes(device) == [("RC606", 1)]


@pytest.mark.parametrize("text", ['{"rulebase": [', "[" * 1000, '{"rulebase": }', "{} x"])
def test_broken_json_is_one_clear_error(text: str) -> None:
    with pytest.raises(JsonError) as caught:
        PARSER.parse(config(text))
    assert caught.value.error.line == 1


@pytest.mark.parametrize("kind", ["nat-rule", "threat-rule", "https-rule"])
def test_other_rulebases_are_no_policies(kind: str) -> None:
    assert read({"uid": "l", "rulebase": [{"uid": "r", "type": kind}], "from": 1, "to": 1, "total": 1}).policies == ()
