"""Firewall rules of networks: by priority, deny before allow, with the targets that each is for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from parsers.cloud.export import Export, words
from parsers.cloud.gcp.operands import Operands, named
from parsers.json_text import JsonNode
from parsers.redact import redact_text
from rulecheck.model.match import Condition, Match
from rulecheck.model.rule import DENY, PERMIT, Logging, Rule

_READ = frozenset({
    "allowed", "denied", "direction", "name", "description", "network", "priority", "sourceranges",
    "destinationranges", "sourcetags", "targettags", "sourceserviceaccounts", "targetserviceaccounts", "disabled",
    "logconfig", "enablelogging",
})  # fmt: skip
_IGNORED = frozenset({"id", "creationtimestamp", "selflink", "kind", "params", "selflinkwithid", "etag", "fingerprint"})
_SOURCES = (("sourceTags", "tag"), ("sourceServiceAccounts", "service-account"))
_TARGETS = (("targetTags", "tag"), ("targetServiceAccounts", "service-account"))
STANDARD_PRIORITY = 1000

INGRESS, EGRESS = "ingress", "egress"


def direction_of(node: JsonNode) -> str:
    """Return the direction of a rule; without one it is ingress."""
    return EGRESS if (node.text("direction") or "").upper() == "EGRESS" else INGRESS


def ordered(rules: Iterable[JsonNode]) -> list[JsonNode]:
    """Return rules in the order in which they are evaluated: of one priority, those that deny come first."""
    return sorted(rules, key=lambda one: (priority_of(one), one.get("denied") is None))


def priority_of(node: JsonNode) -> int:
    """Return a rule's priority; without one it is 1000."""
    text = next((text for text, _ in words(node.get("priority"))), "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else STANDARD_PRIORITY


def limits_instances(rules: Sequence[JsonNode], direction: str) -> bool:
    """Return whether a rule restricts the addresses of the instances themselves.

    Where none does, whether an instance has a tag is a question apart from all fields.
    """
    key = "destinationRanges" if direction == INGRESS else "sourceRanges"
    return any(one.get(key) is not None for one in rules)


class RuleReader:
    """Turns the rules of one network and direction into rules of the model."""

    def __init__(self, export: Export, policy: str, direction: str, *, independent: bool) -> None:
        self._export = export
        self._policy = policy
        self._direction = direction
        self._independent = independent

    def rule(self, node: JsonNode, index: int) -> Rule:
        """Return one rule."""
        export = self._export
        unknown = export.account(node, _READ, _IGNORED, "a firewall rule")
        mark = f"{self._policy}:{index}"
        operands = Operands(export, mark)
        denies = node.get("denied") is not None
        lists = [listed for key in ("allowed", "denied") if (listed := node.get(key)) is not None]
        entries = [one for listed in lists for one in listed.items]
        services, text = operands.services(entries, "IPProtocol", node.line)
        ranges = {key: words(node.get(key)) for key in ("sourceRanges", "destinationRanges")}
        sources, targets = named(node, _SOURCES), named(node, _TARGETS)
        if self._direction == INGRESS:
            source = operands.addresses(ranges["sourceRanges"], sources, node.line)
            destination = operands.optional(ranges["destinationRanges"], [], node.line)
        else:
            source = operands.optional(ranges["sourceRanges"], sources, node.line)
            destination = operands.addresses(ranges["destinationRanges"], [], node.line)
        name = redact_text(node.text("name") or "")
        aims = f" for {', '.join(redact_text(one) for _, one, _ in targets)}" if targets else ""
        head = f"{priority_of(node)} {name}: {'deny' if denies else 'allow'} {text}"
        origin = export.origin(node.line, f"{head} from {source.label} to {destination.label}{aims}")
        tests = [Condition(f"{mark}: key {one.line}", "a part was not understood", origin) for one in unknown]
        if denies and node.get("allowed") is not None:
            tests.append(export.problem("RC602", node.line, mark, "the rule both allows and denies"))
        choice = operands.targets(targets, independent=self._independent)
        match = Match(source, destination, services, (), tuple(tests), (choice,) if choice else ())
        disabled = bool(node.flag("disabled"))
        return Rule(
            index,
            origin,
            match,
            DENY if denies else PERMIT,
            name=name or None,
            enabled=not disabled,
            disabled_because="disabled" if disabled else "",
            logging=Logging("logConfig") if _logs(node) else None,
            description=redact_text(node.text("description") or ""),
        )


def _logs(node: JsonNode) -> bool:
    config = node.get("logConfig")
    return bool(node.flag("enableLogging")) or (config is not None and bool(config.flag("enable")))
