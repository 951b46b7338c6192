"""The zone-based firewall: class maps, inspect policies and zone pairs as written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from parsers.cisco.acl.uses import EITHER, Use
from parsers.cisco.blocks import Block
from parsers.cisco.ios.zone_policies import ClassAction, ClassMap, Criterion, PairBuilder
from parsers.ledger import Ledger
from parsers.redact import show
from rulecheck.model.device import Policy, Severity
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, Outcome, Verb

_OPTIONS = frozenset({"match-any", "match-all"})
_SIDE_ACTIONS = frozenset({"police", "service-policy", "urlfilter", "urlf", "exit"})


@dataclass(slots=True)
class _Pair:
    """A ``zone-pair security`` block."""

    name: str
    source: str
    destination: str
    origin: Origin
    policy: str | None = None


@dataclass(slots=True)
class _PolicyMap:
    """A ``policy-map type inspect`` block: its classes in order."""

    classes: list[ClassAction] = field(default_factory=list)


class ZoneFirewall:
    """Collects the statements of the zone-based firewall and builds a policy for each zone pair."""

    def __init__(self, path: str, ledger: Ledger) -> None:
        self._path = path
        self._ledger = ledger
        self._classes: dict[str, ClassMap] = {}
        self._policies: dict[str, _PolicyMap] = {}
        self._pairs: dict[str, _Pair] = {}
        self._remapped: set[str] = set()
        self.uses: list[Use] = []

    def take(self, block: Block) -> bool:
        """Read a statement if it belongs to the zone-based firewall; False if it does not."""
        words = block.words
        head = " ".join(words[:3]).lower()
        if head == "class-map type inspect" and len(words) > 3:
            self._class_map(block, words[3:])
        elif head == "policy-map type inspect" and len(words) == 4:
            self._policy_map(block, words[3])
        elif head.startswith("zone-pair security") and len(words) >= 7:
            self._pair(block, words)
        elif head.startswith("zone security") and len(words) == 3:
            self._all(block)
        elif head.startswith("ip port-map") and len(words) > 2:
            self._remapped.add(words[2].lower())
            self._ledger.understood(block.line)
        else:
            return False
        return True

    def _origin(self, block: Block) -> Origin:
        return Origin(self._path, block.line, show(block.text))

    def _all(self, block: Block) -> None:
        for one in block.walk():
            self._ledger.understood(one.line)

    def _class_map(self, block: Block, words: list[str]) -> None:
        options = [word.lower() for word in words[:-1]]
        if not set(options) <= _OPTIONS:
            for one in block.walk():
                self._ledger.ignored(one.line)
            return
        self._ledger.understood(block.line)
        name = words[-1]
        found = self._classes.setdefault(name, ClassMap(name, any_of="match-any" in options))
        for child in block.children:
            self._criterion(found, child)

    def _criterion(self, found: ClassMap, block: Block) -> None:
        words = block.words
        if words[0].lower() == "description":
            self._ledger.ignored(block.line)
            return
        kind = " ".join(words[:2]).lower()
        name = words[-1]
        if kind == "match access-group" and len(words) in (3, 4):
            self.uses.append(Use(EITHER, name, f"class-map {found.name}", block.line))
        elif kind == "match protocol" and len(words) == 3:
            name = name.lower()
            kind = "match other" if name in self._remapped else kind
        elif not (kind == "match class-map" and len(words) == 3):
            kind = "match other"
            text = "this criterion is not modelled: the class is not exact"
            self._ledger.report("RC602", Severity.MEDIUM, block.line, text, affects_verdicts=True)
        self._ledger.understood(block.line)
        found.criteria.append(Criterion(kind, name, self._origin(block)))

    def _policy_map(self, block: Block, name: str) -> None:
        self._ledger.understood(block.line)
        found = self._policies.setdefault(name, _PolicyMap())
        for child in block.children:
            words = child.words
            if words[0].lower() != "class":
                self._other(child)
                continue
            self._ledger.understood(child.line)
            action = ClassAction(words[-1], self._origin(child))
            found.classes.append(action)
            for one in child.children:
                self._action(action, one)

    def _action(self, action: ClassAction, block: Block) -> None:
        words = [word.lower() for word in block.words]
        self._ledger.understood(block.line)
        if words[0] == "inspect":
            action.outcome = Outcome(Verb.PERMIT, (" ".join(block.words),))
        elif words[0] == "pass":
            action.outcome = Outcome(Verb.PERMIT, ("pass",))
        elif words[0] == "drop":
            action.outcome = DENY
        elif words[0] in _SIDE_ACTIONS:
            action.details.append(show(block.text))
        else:
            self._other(block)
        if words[-1] == "log" and words[0] in ("pass", "drop"):
            action.log = True

    def _other(self, block: Block) -> None:
        for one in block.walk():
            if one.words[0].lower() == "description":
                self._ledger.ignored(one.line)
            else:
                message = "this line of an inspect policy is not known"
                self._ledger.unknown(one.line, message, affects_verdicts=True)

    def _pair(self, block: Block, words: list[str]) -> None:
        self._ledger.understood(block.line)
        lower = [word.lower() for word in words]
        if lower[3] != "source" or lower[5] != "destination":
            self._ledger.unknown(block.line, "this zone pair was not understood", affects_verdicts=True)
            return
        pair = self._pairs[words[2]] = _Pair(words[2], words[4], words[6], self._origin(block))
        for child in block.children:
            inner = child.words
            if " ".join(inner[:3]).lower() == "service-policy type inspect" and len(inner) == 4:
                self._ledger.understood(child.line)
                pair.policy = inner[3]
            else:
                self._other(child)

    def policies(self, lists: Mapping[str, Policy]) -> list[Policy]:
        """Return a policy for each zone pair, and the lists that their classes call."""
        result: list[Policy] = []
        for pair in self._pairs.values():
            found = self._policies.get(pair.policy or "")
            if found is None and pair.policy is not None:
                text = f"policy-map type inspect {pair.policy} is not defined: the zone pair is not analysed"
                self._ledger.report("RC603", Severity.MEDIUM, pair.origin.line, text, affects_verdicts=True)
                continue
            builder = PairBuilder(pair.name, self._classes, lists, self._ledger)
            where = f"{pair.source} -> {pair.destination}"
            result.extend(builder.build(pair.origin, where, found.classes if found else []))
        return result
