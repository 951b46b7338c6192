"""One access rule: what it matches, what it does, and what is known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parsers.checkpoint.catalogue import Item, cells, key_of, shown_name
from parsers.checkpoint.columns import READ, Columns
from parsers.checkpoint.context import Context
from parsers.checkpoint.mixed import addresses_or
from parsers.checkpoint.networks import Networks
from parsers.checkpoint.services import ServiceColumn, ServiceObjects
from parsers.json_text import JsonNode
from parsers.redact import redact_text
from rulecheck.model.device import ObjectUse, Severity
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.match import ANY_ADDRESS, Addresses, Alternative, Condition, Constraint, Match
from rulecheck.model.names import name_set
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, Hits, Logging, Outcome, Rule, Verb

_VERBS = {
    "accept": PERMIT,
    "drop": DENY,
    "reject": Outcome(Verb.REJECT),
    "inform": Outcome(Verb.PERMIT, ("inform",)),
    "ask": Outcome(Verb.OTHER, ("ask",)),
    "user auth": Outcome(Verb.OTHER, ("user auth",)),
    "client auth": Outcome(Verb.OTHER, ("client auth",)),
    "session auth": Outcome(Verb.OTHER, ("session auth",)),
    "encrypt": Outcome(Verb.OTHER, ("encrypt",)),
    "client encrypt": Outcome(Verb.OTHER, ("client encrypt",)),
}
"""Actions and what they do (Check Point Management API reference, "action" of add-access-rule)."""

_INLINE = frozenset({"inner layer", "inline layer", "apply layer"})
_USING = ("source", "destination", "service", "vpn", "content", "time", "install-on")
_SIDES = (
    ("source", Field.SOURCE_ZONE, Field.SOURCE),
    ("destination", Field.DESTINATION_ZONE, Field.DESTINATION),
)


@dataclass(frozen=True, slots=True)
class _Side:
    """A source or destination column: addresses and a zone, or a choice between them."""

    operand: Addresses
    constraint: Constraint | None = None
    choice: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """A rule in words: what is cited in reports."""

    number: str
    name: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        name = f' "{self.name}"' if self.name else ""
        return f"rule {self.number}{name}: {'; '.join(self.columns)}"


class RuleReader:
    """Turns the access rules of one file into rules of the model."""

    def __init__(self, context: Context, networks: Networks, services: ServiceObjects, columns: Columns) -> None:
        self._context = context
        self._networks = networks
        self._services = services
        self._columns = columns
        self.uses: list[ObjectUse] = []

    def rule(
        self, node: JsonNode, index: int, policy: str, missing: tuple[Condition, ...], layers: Mapping[str, str]
    ) -> Rule:
        """Return a rule.

        ``missing`` are the conditions of rules before it that the file does not have; ``layers`` maps the uids and
        names of layers to the policies that stand for them.
        """
        origin = self._context.origin(node.line, str(self._text(node, index)))
        outcome, calls = self._outcome(node, layers)
        mark = f"{policy}:{index}"
        conditions = (*missing, *self._columns.conditions(node, mark, origin), *self._absent(node, mark, origin))
        self._uses(node, index, policy)
        self._account(node)
        enabled = node.flag("enabled") is not False
        return Rule(
            index,
            origin,
            self._match(node, conditions),
            outcome,
            name=redact_text(node.text("name") or "") or None,
            calls=calls,
            enabled=enabled,
            disabled_because="" if enabled else "disabled",
            schedule=self._columns.schedule(node),
            logging=self._logging(node),
            description=_description(node),
            hits=_hits(node),
        )

    def _names(self, node: JsonNode | None) -> str:
        names = [shown_name(self._context.catalogue.get(key_of(one)), key_of(one)) for one in cells(node)]
        shown = ", ".join(names[:12])
        return shown if len(names) <= 12 else f"{shown} and {len(names) - 12} more"

    def _text(self, node: JsonNode, index: int) -> _Text:
        columns = []
        for key in ("source", "destination", "service"):
            negated = "not " if node.flag(f"{key}-negate") else ""
            columns.append(f"{key} {negated}{self._names(node.get(key))}")
        for key in ("vpn", "content", "time"):
            names = self._names(node.get(key))
            if names not in ("", "Any"):
                columns.append(f"{key} {names}")
        columns.append(f"action {self._names(node.get('action'))}")
        if node.get("inline-layer") is not None:
            columns.append(f"layer {self._names(node.get('inline-layer'))}")
        number = node.whole("rule-number")
        name = redact_text(node.text("name") or "")
        return _Text(str(index + 1 if number is None else number), name, tuple(columns))

    def _side(self, node: JsonNode, key: str, zone: Field, side: Field) -> _Side:
        column = cells(node.get(key))
        negated = bool(node.flag(f"{key}-negate"))
        zones = {at: item.name for at, one in enumerate(column) if (item := self._zone(one)) is not None}
        rest = [one for at, one in enumerate(column) if at not in zones]
        operand = self._networks.operand(rest, negated=negated) if rest else ANY_ADDRESS
        if not zones:
            return _Side(operand)
        values = name_set(*zones.values())
        text = f"{'not ' if negated else ''}{', '.join(zones.values())}"
        origin = self._context.origin(column[0].line, text)
        constraint = Constraint(zone, DOMAIN[zone] - values if negated else values, text, origin)
        if negated or not rest:
            return _Side(operand, constraint)
        shown = Addresses(f"{operand.label}, {text}", ANY_ADDRESS.elements)
        return _Side(shown, choice=addresses_or(operand, constraint, side))

    def _zone(self, node: JsonNode) -> Item | None:
        item = self._item(node)
        return item if item is not None and item.kind == "security-zone" else None

    def _match(self, node: JsonNode, conditions: tuple[Condition, ...]) -> Match:
        source, destination = (self._side(node, *one) for one in _SIDES)
        column = cells(node.get("service"))
        service = ServiceColumn()
        if column:
            service = self._services.column(column, negated=bool(node.flag("service-negate")), line=node.line)
        constraints = (source.constraint, destination.constraint, service.constraint)
        choices = (source.choice, destination.choice, service.choice)
        return Match(
            source.operand,
            destination.operand,
            service.services,
            tuple(one for one in constraints if one is not None),
            conditions,
            tuple(one for one in choices if one),
        )

    def _outcome(self, node: JsonNode, layers: Mapping[str, str]) -> tuple[Outcome, str | None]:
        action, layer = node.get("action"), node.get("inline-layer")
        name = shown_name(self._item(action), key_of(action) if action is not None else "")
        if layer is not None and layer.kind != "null":
            return self._inline(layer, layers)
        if name.lower() in _INLINE:
            self._report(node.line, "RC603", "the rule applies an inline layer but does not name it")
            return Outcome(Verb.OTHER, ("a layer that is not named",)), None
        outcome = _VERBS.get(name.lower())
        if outcome is None:
            self._report(node.line, "RC602", f"the action {name or '(none)'} was not understood")
            return Outcome(Verb.OTHER, (name or "no action",)), None
        extra = self._settings(node)
        return (Outcome(outcome.verb, (*outcome.details, *extra)) if extra else outcome), None

    def _inline(self, layer: JsonNode, layers: Mapping[str, str]) -> tuple[Outcome, str | None]:
        key = key_of(layer)
        name = shown_name(self._item(layer), key)
        policy = layers.get(key) or layers.get(name)
        if policy is not None:
            return Outcome(Verb.CALL, (policy,)), policy
        message = f"the inline layer {name} is not in this file: add its rulebase to the file"
        self._report(layer.line, "RC603", message)
        return Outcome(Verb.OTHER, (f"inline layer {name}",)), None

    def _item(self, node: JsonNode | None) -> Item | None:
        return self._context.catalogue.get(key_of(node)) if node is not None else None

    def _settings(self, node: JsonNode) -> tuple[str, ...]:
        settings = node.get("action-settings")
        if settings is None:
            return ()
        found = []
        if settings.flag("enable-identity-captive-portal"):
            found.append("captive portal")
        limit = settings.get("limit")
        if limit is not None and key_of(limit):
            found.append(f"limit {shown_name(self._item(limit), key_of(limit))}")
        return tuple(found)

    def _absent(self, node: JsonNode, mark: str, origin: Origin) -> list[Condition]:
        """Return a condition for each column that every rule has and this one has not."""
        found = []
        for key in ("source", "destination", "service"):
            column = node.get(key)
            if column is None or (column.kind == "array" and not column.items):
                self._report(node.line, "RC602", f"the rule has no {key}: export with 'details-level full'")
                found.append(Condition(f"absent:{mark}:{key}", f"its {key} is not in the file", origin))
        return found

    def _logging(self, node: JsonNode) -> Logging | None:
        track = node.get("track")
        if track is None:
            return None
        kind = track.get("type") or (track if track.get("uid") or track.kind == "string" else None)
        name = shown_name(self._item(kind), key_of(kind)) if kind is not None else ""
        alert = track.text("alert")
        words = [] if name in ("", "None") else [name]
        words += [f"alert {alert}"] if alert not in (None, "", "none") else []
        words += ["accounting"] if track.flag("accounting") else []
        return Logging(", ".join(words)) if words else None

    def _uses(self, node: JsonNode, index: int, policy: str) -> None:
        for key in _USING:
            for one in cells(node.get(key)):
                item = self._context.catalogue.get(key_of(one))
                if item is not None and not item.builtin:
                    self.uses.append(ObjectUse(policy, index, item.kind, shown_name(item, item.uid)))

    def _account(self, node: JsonNode) -> None:
        ledger = self._context.ledger
        ledger.understood(node.line)
        ledger.understood(node.end)
        for key, member in node.members.items():
            if key in READ:
                for line in member.lines:
                    ledger.understood(line)

    def _report(self, line: int, code: str, message: str) -> None:
        self._context.ledger.report(code, Severity.MEDIUM, line, message, affects_verdicts=True)


def _description(node: JsonNode) -> str:
    fields = node.get("custom-fields")
    more = [one.value for one in fields.members.values()] if fields is not None else []
    return redact_text("; ".join(text for text in (node.text("comments"), *more) if isinstance(text, str) and text))


def _hits(node: JsonNode) -> Hits | None:
    hits = node.get("hits")
    value = hits.whole("value") if hits is not None else None
    if hits is None or value is None or value < 0:
        return None
    days = [(hits.get(key), word) for key, word in (("first-date", "first hit"), ("last-date", "last hit"))]
    words = [f"{word} {day.text('iso-8601') or ''}"[: len(word) + 11] for day, word in days if day is not None]
    return Hits(value, window=redact_text(", ".join(words)))
