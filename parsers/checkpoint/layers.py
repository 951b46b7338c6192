"""Access layers as policies: the cleanup behind the last rule, rules that are missing, and inline layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.checkpoint.catalogue import Item, cells, key_of, shown_name
from parsers.checkpoint.context import Context
from parsers.checkpoint.rulebase import Gap, Rulebase
from parsers.checkpoint.rules import RuleReader
from rulecheck.model.device import Policy
from rulecheck.model.match import Condition, Match
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, RETURN, Outcome, Rule, Verb

_CLEANUP = {"drop": DENY, "accept": PERMIT, "reject": Outcome(Verb.REJECT)}

_MOST_GAPS = 16
"""Gaps of one layer that are told apart. Rules behind more of them each get a test of their own."""


@dataclass(slots=True)
class Layers:
    """The names of the policies, and where each layer is used."""

    names: dict[str, str] = field(default_factory=dict)
    """uid and name of a layer → name of its policy."""
    places: dict[str, list[str]] = field(default_factory=dict)
    """uid of a layer → packages that it belongs to, in words."""
    called: set[str] = field(default_factory=set)
    """Names of policies that rules apply as inline layers."""


def plan(context: Context, rulebases: Sequence[Rulebase], packages: Sequence[Item]) -> Layers:
    """Name the policies and find out where the layers are used, before any rule is read."""
    layers = Layers()
    taken: set[str] = set()
    for one in rulebases:
        name = shown_name(None, one.name)
        free = name if name not in taken else f"{name} ({one.uid[:8]})"
        number = 2
        while free in taken:
            free, number = f"{name} ({number})", number + 1
        taken.add(free)
        layers.names[one.uid] = free
        layers.names.setdefault(one.name, free)
    for package in packages:
        _package(package, layers)
    for one in rulebases:
        _calls(context, one, layers)
    return layers


def _package(package: Item, layers: Layers) -> None:
    listed = cells(package.node.get("access-layers")) if package.node is not None else []
    for number, layer in enumerate(listed, start=1):
        order = f", layer {number} of {len(listed)}" if len(listed) > 1 else ""
        place = f"package {shown_name(package, package.uid)}{order}"
        layers.places.setdefault(key_of(layer), []).append(place)


def _calls(context: Context, rulebase: Rulebase, layers: Layers) -> None:
    for rule in rulebase.rules:
        layer = rule.get("inline-layer")
        key = key_of(layer) if layer is not None else ""
        item = context.catalogue.get(key) if key else None
        name = layers.names.get(key) or (layers.names.get(item.name) if item is not None else None)
        if name is not None:
            layers.called.add(name)


class PolicyReader:
    """Makes one policy of each access rulebase."""

    def __init__(self, context: Context, rules: RuleReader, layers: Layers) -> None:
        self._context = context
        self._rules = rules
        self._layers = layers

    def policy(self, rulebase: Rulebase) -> Policy:
        """Return a layer as a policy.

        An inline layer that rules of the file apply is no entry; whatever none of its rules matches meets its cleanup
        there, and never comes back.
        """
        name = self._layers.names[rulebase.uid]
        origin = self._context.origin(rulebase.line, f"access layer {name}")
        rules, implicit = self._read(rulebase, name, origin)
        places = tuple(self._layers.places.get(rulebase.uid) or self._layers.places.get(rulebase.name) or ())
        entry = name not in self._layers.called or bool(places)
        default, cleanup = self._cleanup(rulebase, origin)
        implicit += cleanup
        if not entry or name in self._layers.called:
            implicit.append(Rule(len(implicit), origin, Match(), default))
        return Policy(
            name,
            "access layer" if entry else "inline layer",
            tuple(rules),
            default if entry else RETURN,
            applied_to=places,
            implicit=tuple(implicit),
            entry=entry,
            origin=origin,
            applied=True if places else None,
        )

    def _read(self, rulebase: Rulebase, name: str, origin: Origin) -> tuple[list[Rule], list[Rule]]:
        rules: list[Rule] = []
        gaps: list[Condition] = []
        overflow = False
        for one in rulebase.entries:
            if isinstance(one, Gap) and len(gaps) < _MOST_GAPS:
                gaps.append(self._gap(one))
            elif isinstance(one, Gap):
                overflow = True
            else:
                missing = (*gaps, _own(name, len(rules), origin)) if overflow else tuple(gaps)
                rules.append(self._rules.rule(one, len(rules), name, missing, self._layers.names))
        implicit = [_taken(number, gap, gap.origin) for number, gap in enumerate(gaps)]
        if overflow:
            implicit.append(_taken(len(implicit), _own(name, -1, origin), origin))
        return rules, implicit

    def _gap(self, gap: Gap) -> Condition:
        origin = self._context.origin(gap.line, gap.what)
        return Condition(gap.key, f"{gap.what}, which stand before it, are not in the file", origin)

    def _cleanup(self, rulebase: Rulebase, origin: Origin) -> tuple[Outcome, list[Rule]]:
        """Return the default of a layer; where it is not known, with a rule that may accept before it."""
        item = self._context.catalogue.get(rulebase.uid) or self._context.catalogue.get(rulebase.name)
        node = item.node if item is not None and item.kind == "access-layer" else None
        word = node.text("implicit-cleanup-action") if node is not None else None
        known = _CLEANUP.get((word or "").lower())
        if known is not None:
            return known, []
        name = self._layers.names[rulebase.uid]
        reason = f"the implicit cleanup action of layer {name} is not in the file"
        condition = Condition(f"cleanup accepts:{name}", reason, origin, independent=True)
        return DENY, [Rule(0, origin, Match(conditions=(condition,)), PERMIT)]


def _own(policy: str, index: int, origin: Origin) -> Condition:
    return Condition(f"missing:{policy}:{index}", "rules that stand before it are not in the file", origin)


def _taken(number: int, gap: Condition, origin: Origin) -> Rule:
    """Return the implicit rule for packets that the missing rules decide."""
    refused = Condition(gap.key, gap.reason, gap.origin, holds=False)
    return Rule(number, origin, Match(conditions=(refused,)), Outcome(Verb.OTHER, ("a rule that is not in the file",)))
