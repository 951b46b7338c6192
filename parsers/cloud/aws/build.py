"""One file of EC2 answers as a device."""

from __future__ import annotations

from pathlib import PurePath

from parsers.base import ConfigText
from parsers.cloud.aws import acls
from parsers.cloud.aws.groups import GroupReader
from parsers.cloud.aws.references import References
from parsers.cloud.export import Export
from parsers.json_text import JsonNode, objects, read_json
from parsers.ledger import Ledger
from parsers.redact import redact_text
from rulecheck.model.device import Device, Policy, SourceFile

_LISTS = ("SecurityGroups", "SecurityGroupRules", "NetworkAcls", "PrefixLists", "NetworkInterfaces")
_REMEDY = "export with 'aws ec2 describe-security-groups' or 'aws ec2 describe-network-acls'"


def build(config: ConfigText, platform: str) -> Device:
    """Return the device that a text describes."""
    text = read_json(config)
    export = Export(config, Ledger(config))
    references = References(export)
    found: dict[str, list[JsonNode]] = {name: [] for name in _LISTS}
    recognised = [_collect(one, found) for one in text.documents]
    for one in found["PrefixLists"]:
        references.prefix_list(one)
    for one in found["NetworkInterfaces"]:
        references.interface(one)
    for one in found["SecurityGroups"]:
        references.groups[one.text("GroupId") or ""] = redact_text(one.text("GroupName") or "")
    reader = GroupReader(export, references)
    for one in found["SecurityGroups"]:
        reader.group(one)
    for one in found["SecurityGroupRules"]:
        reader.flat_rule(one)
    lists = [policy for one in found["NetworkAcls"] for policy in acls.policies(export, one)]
    policies = _distinct((*reader.policies(), *lists))
    export.finish(text, recognised, _REMEDY)
    counts, diagnostics = export.ledger.close()
    source = SourceFile(config.path, config.sha256, counts)
    name = PurePath(config.path).stem
    used = tuple(reader.uses)
    return Device(name, platform, source, policies, tuple(references.lists.values()), used, diagnostics)


def _collect(document: JsonNode, found: dict[str, list[JsonNode]]) -> bool:
    """Sort the answers of one document into lists; return whether there were any."""
    known = False
    for node in objects(document):
        for name in _LISTS:
            listed = node.get(name)
            if listed is not None and listed.kind == "array":
                known = True
                if name != "SecurityGroups" or not _is_attachment(listed):
                    found[name].extend(one for one in listed.items if one.kind == "object")
    if not known:
        for node in document.items or [document]:
            for key, name in (("IpPermissions", "SecurityGroups"), ("Entries", "NetworkAcls")):
                if node.get(key) is not None:
                    found[name].append(node)
                    known = True
    return known


def _is_attachment(listed: JsonNode) -> bool:
    """Return whether a list only names groups, as instances do."""
    return bool(listed.items) and not any("IpPermissions" in one.members for one in listed.items)


def _distinct(policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
    """Return the first policy of each name: a list that a file has twice is read once."""
    return tuple({one.name: one for one in reversed(policies)}.values())[::-1]
