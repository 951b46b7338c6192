"""Macros and tables."""

from __future__ import annotations

from rulecheck.model.match import Addresses
from tests.parsers.pf.reading import codes, four, match, policy, read, rules, values


def test_macros_are_put_in() -> None:
    lines = ("ext = em0", 'servers = "{ 10.0.0.1, 10.0.0.2 }"', 'more = "{" $servers " 10.0.0.3 }"')
    text = "\n".join((*lines, "block in on $ext from $more", ""))
    found = match(text)
    assert values(found.source) == four("10.0.0.1", "10.0.0.3")
    assert found.source.elements[0].origin.path[0] == "$more"


def test_macros_that_grow_without_end_are_refused() -> None:
    lines = ['a0 = "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4"']
    lines += [f"a{n} = {' '.join([f'$a{n - 1}'] * 8)}" for n in range(1, 20)]
    assert "RC601" in codes(read("\n".join([*lines, "block from { $a19 }", ""])))


def test_the_longest_entry_decides() -> None:
    text = "table <t> const { 10.0.0.0/8, !10.1.0.0/16, 10.1.1.0/24 }\nblock from <t>\nblock from ! <t>\n"
    others, members = rules(text)
    wanted = four("10.0.0.0", "10.0.255.255") | four("10.1.1.0", "10.1.1.255") | four("10.2.0.0", "10.255.255.255")
    assert values(members.match.source) == wanted
    assert not values(others.match.source).meets(wanted)
    assert values(others.match.source) | wanted == values(match("block from any").source)


def test_tables_filled_elsewhere() -> None:
    text = """table <p> persist
table <f> file "/etc/x"
table <o> { 10.0.0.1 }
block quick from <p>
block quick from <f>
block quick from <o>
pass in quick proto tcp keep state (max-src-conn 5, overload <o> flush)
"""
    device = read(text)
    persist, file, filled, _ = policy(device).rules
    assert [one.fresh for one in persist.match.all_conditions()] == [False]
    assert [one.fresh for one in file.match.all_conditions()] == [None]
    assert [one.key for one in filled.match.all_conditions()] == ["source table:o"]
    assert [(one.name, one.kind) for one in device.objects] == [("p", "table"), ("f", "table"), ("o", "table")]
    assert {(use.rule, use.name) for use in device.uses} == {(0, "p"), (1, "f"), (2, "o"), (None, "o")}


def test_a_table_is_shared_by_its_rules() -> None:
    device = read("table <t> { 10.0.0.1 }\nblock from <t>\npass from <t>\n")
    one, two = policy(device).rules
    assert one.match.source.elements[0] is two.match.source.elements[0]
    assert isinstance(device.objects[0].content, Addresses)


def test_lists_over_several_lines() -> None:
    text = "table <t> {\n  10.0.0.1, # one\n  10.0.0.2\n}\npass from <t> \\\n  to any\n"
    assert values(rules(text)[0].match.source) == four("10.0.0.1", "10.0.0.2")
    assert read(text).diagnostics == ()
