"""The rule table as YAML or JSON: rules, policies, and the objects that rules name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from parsers.json_text import JsonNode
from parsers.ledger import Ledger
from parsers.neutral.columns import FORMAT, column_of, normalised
from parsers.neutral.table import Row, value_of, values_of
from parsers.redact import redact_text, show
from rulecheck.model.device import Severity

_OBJECTS = frozenset({"objects", "groups", "addresses", "networks", "address_groups"})
_SERVICES = frozenset({"services", "service_groups"})
_SCHEDULES = frozenset({"schedules", "times"})
_NAMES = frozenset({"device", "name", "hostname"})
_TEXTS = frozenset({"description", "comment"})
_MEMBERS = ("members", "values", "addresses", "services")
_POLICY_KEYS = frozenset({"name", "policy", "default", "applied_to", "rules", "description", "comment", "line"})


@dataclass(frozen=True, slots=True)
class Definition:
    """A named object: its values or members, each with the line on which it stands."""

    name: str
    line: int
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What is said about a policy besides its rules. ``default`` is the text of an action, empty where not given."""

    name: str
    line: int
    default: str = ""
    applied_to: tuple[str, ...] = ()


@dataclass(slots=True)
class Table:
    """A whole rule table. Each row has its policy among its cells."""

    device: str = ""
    default: str = ""
    rows: list[Row] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)
    objects: dict[str, Definition] = field(default_factory=dict)
    services: dict[str, Definition] = field(default_factory=dict)
    schedules: dict[str, Definition] = field(default_factory=dict)


class TreeReader:
    """Reads a table from the documents of a YAML or JSON text and accounts for its lines."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._strange: set[str] = set()
        self.table = Table()

    def document(self, node: JsonNode) -> None:
        """Take one document: an object with sections, or a list of rules."""
        self._mark(node.line, node.end)
        if node.kind == "array":
            self._rules(node, "")
            return
        for key, member in node.members.items():
            self._section(normalised(key), key, member)
        if not node.members:
            self._unknown(node, "a rule table has 'rules' or 'policies'")

    def _section(self, name: str, key: str, node: JsonNode) -> None:
        table = self.table
        if name == "rules":
            self._rules(node, "")
        elif name == "policies":
            self._policies(node)
        elif name in _OBJECTS:
            self._definitions(node, table.objects)
        elif name in _SERVICES:
            self._definitions(node, table.services)
        elif name in _SCHEDULES:
            self._definitions(node, table.schedules)
        elif name in _NAMES:
            table.device = redact_text(scalar(node) or "")
            self._mark(node.line, node.end)
        elif name == "default":
            table.default = scalar(node) or ""
            self._mark(node.line, node.end)
        elif name == "format":
            self._format(node)
        elif name in _TEXTS or key.startswith("x_"):
            self._mark(node.line, node.end)
        else:
            self._unknown(node, f"'{redact_text(key)}' is no part of a rule table; start its name with x_ to keep it")

    def _format(self, node: JsonNode) -> None:
        if scalar(node) != FORMAT:
            self._unknown(node, f"the format is not {FORMAT}")
        self._mark(node.line, node.end)

    def _policies(self, node: JsonNode) -> None:
        named = list(node.members.items()) or [("", one) for one in node.items]
        self._mark(node.line, node.end)
        for key, policy in named:
            if policy.kind == "array":
                self._head(Head(redact_text(key), policy.line))
                self._rules(policy, redact_text(key))
                continue
            name = redact_text(policy.text("name") or policy.text("policy") or key)
            if not name or policy.kind != "object":
                self._unknown(policy, "a policy has a name and rules")
                continue
            self._policy(name, policy)

    def _policy(self, name: str, policy: JsonNode) -> None:
        places = policy.get("applied_to")
        applied = tuple(redact_text(text) for text, _ in _values(places)) if places is not None else ()
        self._head(Head(name, policy.line, scalar(policy.get("default")) or "", applied))
        self._mark(policy.line, policy.end)
        for key, member in policy.members.items():
            if normalised(key) not in _POLICY_KEYS and not key.startswith("x_"):
                self._unknown(member, f"'{redact_text(key)}' is no part of a policy; start its name with x_ to keep it")
        rules = policy.get("rules")
        if rules is not None:
            self._rules(rules, name)

    def _head(self, head: Head) -> None:
        if head.name in self.table.heads:
            message = f"policy {head.name} is there more than once; its rules count together"
            self._ledger.report("RC606", Severity.MEDIUM, head.line, message, affects_verdicts=True)
        self.table.heads.setdefault(head.name, head)

    def _rules(self, node: JsonNode, policy: str) -> None:
        if node.kind != "array":
            self._unknown(node, "rules are a list")
            return
        for one in node.items:
            self.table.rows.append(self._row(one, policy))

    def _row(self, node: JsonNode, policy: str) -> Row:
        if node.kind != "object":
            return Row(
                node.line, node.end, show(scalar(node) or node.kind), {"policy": [policy]}, broken="a rule has keys"
            )
        cells: dict[str, list[str]] = {}
        unknown: dict[str, str] = {}
        for key, member in node.members.items():
            column = column_of(key)
            values = _cell(column or key, member)
            if values is None:
                text = f"'{redact_text(key)}' is neither a value nor a list of values"
                return Row(node.line, node.end, _text(cells), {"policy": [policy]}, broken=text)
            if column:
                cells.setdefault(column, []).extend(values)
            elif column is None and values:
                unknown[redact_text(key)] = redact_text(", ".join(values))
                self._strange_key(key, member.line)
        if policy:
            cells["policy"] = [policy]
        return Row(node.line, node.end, _text(cells), cells, unknown)

    def _strange_key(self, key: str, line: int) -> None:
        """Report a key of rules that is not known, once."""
        if key not in self._strange:
            self._strange.add(key)
            name = redact_text(key)
            message = f"the key {name!r} is not known: rules that have it are undecided where it matters"
            remedy = f"call it x_{name} if it says nothing about packets"
            self._ledger.report("RC602", Severity.MEDIUM, line, f"{message}; {remedy}", affects_verdicts=True)

    def _definitions(self, node: JsonNode, found: dict[str, Definition]) -> None:
        self._mark(node.line, node.end)
        if node.kind != "object":
            self._unknown(node, "definitions are keys with values")
            return
        for name, member in node.members.items():
            inner = next((one for key in _MEMBERS if (one := member.get(key)) is not None), member)
            values = _values(inner)
            if inner.kind == "object":
                values = tuple((f"{key}={scalar(one) or ''}", one.line) for key, one in inner.members.items())
            if name in found:
                message = f"{redact_text(name)} is defined more than once; the first definition counts"
                self._ledger.report("RC606", Severity.MEDIUM, member.line, message, affects_verdicts=True)
            found.setdefault(name, Definition(name, member.line, values))

    def _unknown(self, node: JsonNode, message: str) -> None:
        self._ledger.unknown(node.line, message, affects_verdicts=True)
        self._mark(node.line, node.end)

    def _mark(self, line: int, end: int) -> None:
        for number in range(line, end + 1):
            self._ledger.understood(number)


def scalar(node: JsonNode | None) -> str | None:
    """Return a value as text; None for a list, an object, or nothing."""
    if node is None or node.kind in ("array", "object", "null"):
        return None
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return str(node.value)


def _values(node: JsonNode | None) -> tuple[tuple[str, int], ...]:
    if node is None:
        return ()
    if node.kind == "array":
        return tuple((text, one.line) for one in node.items if (text := scalar(one)) is not None)
    text = scalar(node)
    return tuple((part, node.line) for part in values_of("", text)) if text is not None else ()


def _cell(column: str, node: JsonNode) -> list[str] | None:
    """Return the values of a cell, None where it is an object or a list of something else than values."""
    if node.kind == "object" or any(scalar(one) is None for one in node.items):
        return None
    if node.kind == "array":
        return [value_of(text) for one in node.items if (text := scalar(one)) is not None and text.strip()]
    text = scalar(node)
    return values_of(column, text) if text is not None else []


def _text(cells: dict[str, list[str]]) -> str:
    """Return a rule in one line, as reports cite it."""
    order: Iterable[str] = ("name", "action", "source", "destination", "service", "protocol", "source_port")
    shown = [*order, *(key for key in cells if key not in set(order) and key not in ("policy", "description"))]
    return show("; ".join(f"{key} {', '.join(cells[key][:12])}" for key in shown if cells.get(key)))
