"""The output of ``nft -j list ruleset`` as a rule set.

Source: libnftables-json(5). Commands (``{"add": {"rule": …}}``) are read like what they add.
"""

from __future__ import annotations

from parsers.base import ConfigText
from parsers.json_text import JsonError, JsonNode, read_json
from parsers.ledger import Ledger
from parsers.netfilter.nftables.json_expressions import items_of, set_group
from parsers.netfilter.nftables.json_statements import statement_items
from parsers.netfilter.nftables.ruleset import (
    FAMILIES,
    HOOKS,
    Chain,
    NamedObject,
    Ruleset,
    RuleText,
    SetText,
    Table,
    priority,
)
from parsers.netfilter.nftables.tokens import Item, Token, words
from rulecheck.model.device import Severity

_NAMED = ("counter", "quota", "limit", "flowtable", "secmark", "synproxy", "ct helper", "ct timeout", "ct expectation")
_ADDING = ("add", "create", "insert")
_REMOVING = ("flush", "delete", "destroy")


def read_json_ruleset(config: ConfigText, ledger: Ledger) -> Ruleset:
    """Return the rule set of a text in JSON; one that cannot be read is reported and gives none."""
    for number, line in enumerate(config.lines, start=1):
        if not line.strip():
            ledger.blank(number)
    try:
        documents = read_json(config).documents
    except JsonError as error:
        code = "RC607" if error.truncated else "RC605"
        what = error.error
        ledger.report(code, Severity.HIGH, what.line, f"{what.message}; {what.remedy}", affects_verdicts=True)
        for number in range(1, len(config.lines) + 1):
            ledger.ignored(number)
        return Ruleset()
    reader = _JsonReader(ledger)
    for document in documents:
        reader.document(document)
    return reader.ruleset


class _JsonReader:
    """Reads the objects of one listing in their order."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.ruleset = Ruleset()

    def document(self, node: JsonNode) -> None:
        listed = node.get("nftables")
        if listed is None:
            self._ledger.unknown(node.line, "this JSON text is no output of nft -j", affects_verdicts=True)
            return
        for line in (node.line, node.end, listed.line, listed.end):
            self._ledger.understood(line)
        for one in listed.items:
            self._entry(one)

    def _entry(self, node: JsonNode) -> None:
        if len(node.members) != 1:
            self._unknown(node, "an object has not exactly one key")
            return
        ((kind, value),) = node.members.items()
        if kind in _ADDING and len(value.members) == 1:
            ((inner, content),) = value.members.items()
            self._object(node, inner, content, at_start=kind == "insert")
        elif kind in _REMOVING and len(value.members) == 1:
            self._remove(node, *next(iter(value.members.items())))
        else:
            self._object(node, kind, value, at_start=False)
        for line in node.lines:
            self._ledger.understood(line)

    def _unknown(self, node: JsonNode, message: str) -> None:
        self._ledger.unknown(node.line, message, affects_verdicts=True)
        for line in node.lines:
            self._ledger.understood(line)

    def _object(self, node: JsonNode, kind: str, value: JsonNode, *, at_start: bool) -> None:
        if kind == "metainfo":
            return
        family = value.text("family") or "ip"
        if family not in FAMILIES:
            self._unknown(node, f"{family[:40]!r} is no address family of nft")
            return
        table_name = value.text("name" if kind == "table" else "table")
        if table_name is None:
            self._unknown(node, f"the {kind[:40]} names no table")
            return
        table = self.ruleset.table(family, table_name, value.line)
        if kind == "table":
            table.dormant = "dormant" in _texts(value.get("flags"))
        elif kind == "chain":
            self._chain(table, value)
        elif kind == "rule":
            self._rule(table, value, at_start=at_start)
        elif kind in ("set", "map", "meter"):
            self._set(table, value, is_map=kind == "map")
        elif kind == "element":
            self._elements(table, value)
        elif kind in _NAMED:
            name = value.text("name") or ""
            table.objects[kind, name] = NamedObject(kind, name, value.line)
        else:
            self._unknown(node, f"{kind[:40]!r} is not known")

    def _remove(self, node: JsonNode, kind: str, value: JsonNode) -> None:
        tables = self.ruleset.tables
        if kind == "ruleset":
            tables.clear()
        elif kind == "table":
            tables.pop((value.text("family") or "ip", value.text("name") or ""), None)
        elif tables:
            self._unknown(node, f"the removal of a {kind[:40]} is not read")

    def _chain(self, table: Table, value: JsonNode) -> None:
        name = value.text("name") or ""
        chain = table.chains.setdefault(name, Chain(name, value.line, table.family))
        chain.declared, chain.line = True, value.line
        hook = value.text("hook") or ""
        if not hook:
            return
        if hook not in HOOKS:
            message = f"{hook[:40]!r} is no hook that is known"
            self._ledger.report("RC606", Severity.MEDIUM, value.line, message, affects_verdicts=True)
            return
        chain.kind, chain.hook = value.text("type") or "filter", hook
        chain.policy = value.text("policy") or ""
        chain.devices = tuple(_texts(value.get("dev")))
        written = value.get("prio")
        text = "" if written is None else str(written.value)
        try:
            chain.priority, chain.priority_text = priority(text.split(), table.family), text
        except ValueError as error:
            self._ledger.report("RC606", Severity.MEDIUM, value.line, str(error), affects_verdicts=True)

    def _rule(self, table: Table, value: JsonNode, *, at_start: bool) -> None:
        name = value.text("chain") or ""
        chain = table.chains.setdefault(name, Chain(name, value.line, table.family, declared=False))
        items: list[Item] = []
        expressions = value.get("expr")
        for one in expressions.items if expressions is not None else []:
            items += statement_items(one)
        comment = value.text("comment")
        if comment is not None:
            items += [Token("comment", value.line), Token(comment, value.line, quoted=True)]
        handle = value.whole("handle")
        text = words(items) + (f" # handle {handle}" if handle else "")
        rule = RuleText(items, value.line, value.end, text)
        chain.rules.insert(0 if at_start else len(chain.rules), rule)

    def _set(self, table: Table, value: JsonNode, *, is_map: bool) -> None:
        name = value.text("name") or ""
        given = table.sets.setdefault(name, SetText(name, value.line))
        given.is_map, given.line = is_map, value.line
        given.flags |= set(_texts(value.get("flags")))
        given.key, given.data = _type(value.get("type")), _type(value.get("map"))
        elements = value.get("elem")
        if elements is not None:
            given.groups.append(set_group(elements))

    def _elements(self, table: Table, value: JsonNode) -> None:
        name = value.text("name") or ""
        elements = value.get("elem")
        if elements is not None:
            table.sets.setdefault(name, SetText(name, value.line)).groups.append(set_group(elements))


def _texts(node: JsonNode | None) -> list[str]:
    if node is None:
        return []
    return [str(one.value) for one in node.items] or ([node.value] if isinstance(node.value, str) else [])


def _type(node: JsonNode | None) -> str:
    """Return a type as nft writes it: ``ipv4_addr . inet_service``."""
    if node is None:
        return ""
    if isinstance(node.value, dict):
        inner = node.get("typeof")
        return words(items_of(inner if inner is not None else node))
    return " . ".join(_texts(node))
