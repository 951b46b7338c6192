"""Firewall policies: hierarchical ones and those of networks, whose rules may hand a packet on."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.cloud.export import Export, last_part, words
from parsers.cloud.gcp.operands import Named, Operands, named
from parsers.cloud.gcp.rules import priority_of
from parsers.json_text import JsonNode
from parsers.redact import redact_text
from rulecheck.model.match import Addresses, Condition, Match
from rulecheck.model.rule import DENY, PERMIT, RETURN, Logging, Outcome, Rule, Verb

_READ = frozenset({
    "action", "description", "direction", "disabled", "enablelogging", "match", "priority", "rulename",
    "targetresources", "targetsecuretags", "targetserviceaccounts", "securityprofilegroup", "tlsinspect",
})  # fmt: skip
_IGNORED = frozenset({"kind", "ruletuplecount", "targettype"})
_MATCH_READ = frozenset({
    "srcipranges", "destipranges", "layer4configs", "srcfqdns", "destfqdns", "srcregioncodes", "destregioncodes",
    "srcthreatintelligences", "destthreatintelligences", "srcaddressgroups", "destaddressgroups", "srcsecuretags",
    "srcnetworks", "srcnetworktype", "destnetworktype", "srcnetworkcontext", "destnetworkcontext",
})  # fmt: skip
_NAMED = (
    ("Fqdns", "fqdn"),
    ("RegionCodes", "region"),
    ("ThreatIntelligences", "threat-list"),
    ("AddressGroups", "address-group"),
    ("SecureTags", "secure-tag"),
)
_ANDED = (("Networks", "network"), ("NetworkType", "network-type"), ("NetworkContext", "network-type"))
"""Restrictions that a packet has to meet besides the addresses."""

_TARGETS = (
    ("targetResources", "network"),
    ("targetSecureTags", "secure-tag"),
    ("targetServiceAccounts", "service-account"),
)
_OUTCOMES = {"allow": PERMIT, "deny": DENY, "goto_next": RETURN}


def rule_of(export: Export, node: JsonNode, index: int, policy: str) -> Rule:
    """Return one rule of a firewall policy."""
    unknown = export.account(node, _READ, _IGNORED, "a rule of a firewall policy")
    mark = f"{policy}:{index}"
    match_node = node.get("match")
    if match_node is not None and match_node.kind == "object":
        unknown += export.account(match_node, _MATCH_READ, (), "a match")
    inner = match_node if match_node is not None else node
    operands = Operands(export, mark)
    configs = inner.get("layer4Configs")
    services, text = operands.services(configs.items if configs is not None else [], "ipProtocol", node.line)
    source, destination = (_side(operands, inner, side, node.line) for side in ("src", "dest"))
    action = (node.text("action") or "").lower()
    origin = export.origin(
        node.line, f"{priority_of(node)}: {redact_text(action)} {text} from {source.label} to {destination.label}"
    )
    tests = [Condition(f"{mark}: key {one.line}", "a part was not understood", origin) for one in unknown]
    found = [operands.targets(_short(named(node, (pair,))), independent=False) for pair in _TARGETS]
    found += [operands.targets(_short(named(inner, ((f"{side}{key}", kind),))), independent=False)
              for side in ("src", "dest") for key, kind in _ANDED]  # fmt: skip
    disabled = bool(node.flag("disabled"))
    return Rule(
        index,
        origin,
        Match(source, destination, services, (), tuple(tests), tuple(one for one in found if one)),
        _outcome(export, node, action),
        name=redact_text(node.text("ruleName") or "") or None,
        enabled=not disabled,
        disabled_because="disabled" if disabled else "",
        logging=Logging("enableLogging") if node.flag("enableLogging") else None,
        description=redact_text(node.text("description") or ""),
    )


def _side(operands: Operands, match: JsonNode, side: str, line: int) -> Addresses:
    names = named(match, ((f"{side}{key}", kind) for key, kind in _NAMED))
    return operands.optional(words(match.get(f"{side}IpRanges")), _short(names), line)


def _short(names: Sequence[Named]) -> list[Named]:
    """Return names without the paths of their resources."""
    return [(kind, last_part(name) if "/" in name else name, node) for kind, name, node in names]


def _outcome(export: Export, node: JsonNode, action: str) -> Outcome:
    known = _OUTCOMES.get(action)
    if known is not None:
        return known
    if action == "apply_security_profile_group":
        group = redact_text(last_part(node.text("securityProfileGroup") or ""))
        return Outcome(Verb.OTHER, (f"security profile group {group}".strip(),))
    export.report("RC602", node.line, f"the action {redact_text(action)!r} was not understood")
    return Outcome(Verb.OTHER, (redact_text(action) or "no action",))
