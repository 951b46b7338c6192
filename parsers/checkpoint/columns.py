"""The columns of a rule that the packet alone does not answer: VPN, content, time, install-on, and odd ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parsers.checkpoint.catalogue import Item, cells, key_of, shown_name
from parsers.checkpoint.context import Context
from parsers.checkpoint.members import GROUP_KINDS, Flattener
from parsers.checkpoint.times import schedule
from parsers.json_text import JsonNode
from parsers.redact import redact_text
from rulecheck.model.device import Severity
from rulecheck.model.match import Condition
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import Schedule

_ANY_NAMES = frozenset({"Any", "any", "Policy Targets"})

READ = frozenset({
    "uid", "name", "type", "rule-number", "source", "source-negate", "destination", "destination-negate", "service",
    "service-negate", "vpn", "content", "content-negate", "content-direction", "time", "action", "action-settings",
    "inline-layer", "track", "hits", "comments", "custom-fields", "enabled", "install-on",
})  # fmt: skip
"""Members of an access rule that are part of the model."""

ADMINISTRATIVE = frozenset({
    "domain", "meta-info", "tags", "icon", "color", "user-check", "layer", "package", "from", "to", "available-actions",
    "read-only", "expiration-date", "last-modify-time", "position", "details-level", "display-name", "customFields",
    "section", "rule-category", "recommendations", "ai-summary",
})  # fmt: skip
"""Members of objects and rules that have nothing to do with filtering."""


class Columns:
    """Reads the further columns of access rules."""

    def __init__(self, context: Context, flattener: Flattener) -> None:
        self._context = context
        self._flattener = flattener

    def conditions(self, rule: JsonNode, mark: str, origin: Origin) -> Iterator[Condition]:
        """Yield what a rule requires besides source, destination and service. ``mark`` is unique to the rule."""
        if vpn := self._names(rule.get("vpn")):
            text = ", ".join(vpn)
            yield Condition(f"vpn:{text}", f"only for traffic of VPN {text}", origin)
        if content := self._names(rule.get("content")):
            text, direction = ", ".join(content), rule.text("content-direction") or "any"
            negated = bool(rule.flag("content-negate"))
            reason = f"only for data {'other than' if negated else 'of type'} {text}"
            yield Condition(f"content:{direction}:{text}", reason, origin, holds=not negated)
        if times := self._names(rule.get("time")):
            text = ", ".join(times)
            yield Condition(f"time-range:{text}", f"only active at the times of {text}", origin, independent=True)
        if targets := self._names(rule.get("install-on")):
            text = ", ".join(targets)
            yield Condition(f"install-on:{text}", f"only installed on {text}", origin, independent=True)
        yield from self._unread(rule, mark, origin)

    def schedule(self, rule: JsonNode) -> Schedule | None:
        """Return the times of a rule, None where it is always active."""
        items = [item for one in cells(rule.get("time")) for item in self._times(one) if not _is_any(item)]
        return schedule(items) if items else None

    def _times(self, node: JsonNode) -> list[Item]:
        item = self._context.catalogue.get(key_of(node))
        if item is None:
            return [Item(key_of(node), shown_name(None, key_of(node)), "time")]
        if item.kind not in GROUP_KINDS:
            return [item]
        return [leaf.item for leaf in self._flattener.flatten(item).leaves if leaf.item is not None] or [item]

    def _names(self, column: JsonNode | None) -> list[str]:
        """Return what a column names, sorted; nothing where it says Any."""
        found = []
        for one in cells(column):
            if one.get("from") is not None or one.get("to") is not None:
                sides = [" or ".join(self._plain(cells(one.get(side)))) or "Any" for side in ("from", "to")]
                found.append(" to ".join(sides))
                continue
            found.extend(self._plain([one]))
        return [] if any(name in _ANY_NAMES for name in found) else sorted(set(found))

    def _plain(self, nodes: Iterable[JsonNode]) -> list[str]:
        found = []
        for one in nodes:
            key = key_of(one)
            item = self._context.catalogue.get(key)
            if item is None and key:
                self._context.undefined(key, one.line)
            found.append("Any" if item is not None and _is_any(item) else shown_name(item, key))
        return found

    def _unread(self, rule: JsonNode, mark: str, origin: Origin) -> Iterator[Condition]:
        """Report members of a rule that are not known and say something."""
        for key, member in rule.members.items():
            if key in READ or key in ADMINISTRATIVE or self._says_nothing(member):
                continue
            message = f"'{redact_text(key)}' of the rule was not understood"
            self._context.ledger.unknown(member.line, message)
            self._context.ledger.report("RC602", Severity.MEDIUM, member.line, message, affects_verdicts=True)
            yield Condition(f"unread:{mark}:{key}", message, origin)

    def _says_nothing(self, member: JsonNode) -> bool:
        """Return whether a member is empty, off, or Any."""
        if not member.value:
            return True
        items = [self._context.catalogue.get(key_of(one)) for one in cells(member)]
        return all(item is not None and _is_any(item) for item in items)


def _is_any(item: Item) -> bool:
    return item.kind == "CpmiAnyObject" or item.name in _ANY_NAMES
