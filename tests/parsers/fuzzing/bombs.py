"""Small texts that are built to need much: nesting, expansion, lengths. Every parser gets every one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

DEEP = 100_000
"""Levels of nesting, far above what any stack holds."""

LINES = 10_000
"""Levels, where each takes a line of its own: lines are slow to read for some platforms, whatever is on them."""

_XML = '<?xml version="1.0"?>\n'


def _laughs() -> str:
    levels = "\n".join(f'<!ENTITY a{n} "' + f"&a{n - 1};" * 10 + '">' for n in range(1, 12))
    return f'{_XML}<!DOCTYPE config [\n<!ENTITY a0 "lol">\n{levels}\n]>\n<config><devices>&a11;</devices></config>\n'


def _quadratic_entity() -> str:
    long, used = "x" * 50_000, "&a;" * 50_000
    return f'{_XML}<!DOCTYPE config [<!ENTITY a "{long}">]>\n<config>{used}</config>\n'


def _external_entity() -> str:
    return (
        f'{_XML}<!DOCTYPE config [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<config><devices>&a;</devices></config>\n'
    )


def _external_dtd() -> str:
    return f'{_XML}<!DOCTYPE config SYSTEM "http://192.0.2.1/evil.dtd">\n<config><devices/></config>\n'


def _parameter_entity() -> str:
    return f'{_XML}<!DOCTYPE config [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>\n<config><devices/></config>\n'


def _attributes() -> str:
    many = " ".join(f'a{n}="1"' for n in range(20_000))
    return f"{_XML}<config {many}><devices/></config>\n"


def _aliases() -> str:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(["rulecheck: rules/1", "l0: &l0 [a, a, a]", *levels, "rules: *l11"]) + "\n"


def _alias_of_itself() -> str:
    return "rulecheck: rules/1\nrules: &r\n- *r\nobjects: &o {a: *o}\n"


def _merge_keys() -> str:
    levels = [f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 9)}], k{n}: 1}}" for n in range(1, 12)]
    return "\n".join(["rulecheck: rules/1", "l0: &l0 {k: 1}", *levels, "rules: []"]) + "\n"


def _indented() -> str:
    return "".join(f"{' ' * min(n, 400)}object-group network G{n}\n" for n in range(2_000))


REFUSED: Mapping[str, tuple[str, ...]] = {
    "XML entities": ("panos",),
    "XML quadratic entity": ("panos",),
    "XML external entity": ("panos",),
    "XML external DTD": ("panos",),
    "XML parameter entity": ("panos",),
    "XML nested": ("panos",),
    "JSON arrays": ("aws", "azure", "checkpoint", "gcp", "neutral"),
    "JSON objects": ("aws", "azure", "checkpoint", "gcp", "neutral"),
    "YAML aliases": ("neutral",),
    "YAML alias of itself": ("neutral",),
    "YAML merge keys": ("neutral",),
    "YAML flow": ("neutral",),
    "YAML blocks": ("neutral",),
}
"""Which parsers must refuse a bomb with an error (they read its format); the others may read it as a text of theirs."""

BRACES: Mapping[str, Callable[[int], str]] = {
    "juniper": lambda levels: "firewall {\n" + "a {\n" * levels,
    "nftables": lambda levels: "table inet t {\n" + "{\n" * levels,
    "panos": lambda levels: "config {\n" + "a {\n" * levels,
    "pf": lambda levels: "pass from {\n" + "{\n" * levels,
}
"""Braces on lines of their own, for the platforms that nest so."""

BOMBS: Mapping[str, Callable[[], str]] = {
    "XML entities": _laughs,
    "XML quadratic entity": _quadratic_entity,
    "XML external entity": _external_entity,
    "XML external DTD": _external_dtd,
    "XML parameter entity": _parameter_entity,
    "XML nested": lambda: _XML + "<config>" * DEEP,
    "XML attributes": _attributes,
    "JSON arrays": lambda: "[" * 1_000 + "]" * 1_000,
    "JSON objects": lambda: '{"a": ' * 1_000 + "1" + "}" * 1_000,
    "JSON unclosed": lambda: "[" * DEEP,
    "JSON number": lambda: '{"nftables": [' + "9" * DEEP + "]}",
    "JSON keys": lambda: "{" + ", ".join(f'"k{n % 10}": {n}' for n in range(50_000)) + "}",
    "YAML aliases": _aliases,
    "YAML alias of itself": _alias_of_itself,
    "YAML merge keys": _merge_keys,
    "YAML flow": lambda: "rulecheck: rules/1\nrules: " + "[" * DEEP,
    "YAML blocks": lambda: "rulecheck: rules/1\nrules:\n" + "- " * 10_000 + "a\n",
    "YAML number": lambda: "rulecheck: rules/1\nrules: " + "9" * DEEP + "\n",
    "braces on lines": lambda: "a {\n" * LINES,
    "braces on a line": lambda: "firewall " + "{ " * DEEP,
    "braces closed": lambda: "table inet t " + "{" * DEEP + "}" * DEEP + "\n",
    "braces of pf": lambda: "pass in from { " * 10_000 + "any" + " }" * 10_000 + " to any\n",
    "closing braces": lambda: "firewall {\n" + "}\n" * LINES,
    "brackets": lambda: "set security policies " + "[ " * DEEP + "a",
    "parentheses": lambda: "pass in from (" * DEEP,
    "quotes": lambda: 'set a "' * DEEP,
    "backslashes": lambda: "add chain=forward \\\n" * LINES,
    "config": lambda: "config firewall policy\n" * LINES,
    "edit": lambda: "config vdom\n" + "edit 1\n" * LINES,
    "indentation": _indented,
    "spaces": lambda: "access-list A extended permit ip any any" + " " * 900_000 + "\n",
    "comma": lambda: "src,dst,action\n" + "," * 500_000 + "\n",
    "one word": lambda: "a" * 900_000,
    "cells": lambda: "name,source,destination,action\n" + '"' * 300_000 + "\n",
    "commit": lambda: "*filter\n" * LINES + "COMMIT\n",
    "anchors": lambda: "anchor a {\n" * LINES,
    "set path": lambda: "set " + "a " * 200_000 + "\n",
    "comment": lambda: "/* " * DEEP,
    "comment of lines": lambda: "/*\n" * LINES,
    "macro": lambda: "\n".join(f'm{n} = "$m{n - 1} $m{n - 1}"' for n in range(1, 60)) + "\npass from { $m59 }\n",
    "define": lambda: "\n".join(f"define m{n} = {{ $m{n - 1}, $m{n - 1} }}" for n in range(1, 60)) + "\n",
}
