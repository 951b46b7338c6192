"""One export of Azure as a device: its groups wherever they stand, and rules that name their group in their path."""

from __future__ import annotations

import re
from pathlib import PurePath

from parsers.base import ConfigText
from parsers.cloud.azure.rules import Group, GroupReader, fields_of, is_rule
from parsers.cloud.export import Export, folded, last_part, words
from parsers.json_text import JsonNode, objects, read_json
from parsers.ledger import Ledger
from parsers.redact import redact_text
from rulecheck.model.device import Device, ObjectDefinition, SourceFile

_NSG = "microsoft.network/networksecuritygroups"
_ASG = "microsoft.network/applicationsecuritygroups"
_RESOURCE = re.compile(r"microsoft\.\w+/", re.IGNORECASE)
_PATH = re.compile(r"(.*/networkSecurityGroups/([^/]+))(?:/(default)?securityRules/.*)?", re.IGNORECASE)
_RESOURCE_GROUP = re.compile(r"resourceGroups/([^/]+)", re.IGNORECASE)
_EXPRESSION = re.compile(r"""\[(?:concat|format|parameters|variables)?\((.*)\)\]""", re.IGNORECASE)
_REMEDY = "export with 'az network nsg list', or as an ARM template"


def build(config: ConfigText, platform: str) -> Device:
    """Return the device that a text describes."""
    text = read_json(config)
    export = Export(config, Ledger(config))
    finder = _Finder(export)
    recognised = [finder.search(document) for document in text.documents]
    reader = GroupReader(export)
    policies = tuple(policy for group in finder.groups.values() for policy in reader.policies(group))
    export.finish(text, recognised, _REMEDY)
    counts, diagnostics = export.ledger.close()
    source = SourceFile(config.path, config.sha256, counts)
    name = PurePath(config.path).stem
    return Device(name, platform, source, policies, tuple(finder.objects.values()), tuple(reader.uses), diagnostics)


class _Finder:
    """Finds groups, rules and application security groups in the documents of a file."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._taken: set[int] = set()
        self._by_name: dict[str, list[tuple[str, Group]]] = {}
        self.groups: dict[str, Group] = {}
        self.objects: dict[str, ObjectDefinition] = {}

    def search(self, document: JsonNode) -> bool:
        """Take what a document has; return whether it is an export of Azure at all."""
        known = document.kind == "array" and not document.items
        for node in objects(document):
            found = folded(node)
            kind = _text(found.get("type")).lower()
            if kind == _NSG or self._has_rules(node, found):
                self._group(node, found)
                known = True
            elif id(node) not in self._taken and is_rule(node):
                self._lone_rule(node)
                known = True
            elif kind == _ASG:
                self._application_group(node, found)
                known = True
            elif _RESOURCE.match(kind) or "$schema" in found:
                known = True
        return known

    def _has_rules(self, node: JsonNode, found: dict[str, JsonNode]) -> bool:
        return id(node) not in self._taken and any(key in found for key in ("securityrules", "defaultsecurityrules"))

    def _group(self, node: JsonNode, found: dict[str, JsonNode]) -> None:
        inner = found.get("properties")
        fields = {**found, **(folded(inner) if inner is not None else {})}
        if inner is not None:
            self._taken.add(id(inner))
        if not any(key in fields for key in ("securityrules", "defaultsecurityrules")) and "id" in fields:
            return
        group = self._named(_name(fields), _text(fields.get("id")), node.line)
        for key, into in (("securityrules", group.rules), ("defaultsecurityrules", group.defaults)):
            listed = fields.get(key)
            if listed is None:
                continue
            self._export.ledger.understood(listed.line)
            self._export.ledger.understood(listed.end)
            for one in listed.items:
                self._taken.add(id(one))
                own = folded(one).get("properties")
                self._taken.add(id(own) if own is not None else 0)
                if one.kind == "object":
                    into.append(one)
        self._export.understood(found.get("name"))
        group.applied_to, group.applied = _places(fields)

    def _lone_rule(self, node: JsonNode) -> None:
        """Take a rule outside of any group: its path or its name says which one it belongs to."""
        fields = fields_of(node)
        inner = folded(node).get("properties")
        self._taken.add(id(inner) if inner is not None else 0)
        path = _PATH.fullmatch(_text(fields.get("id")))
        name = _plain(_text(fields.get("name")))
        owner = path.group(2) if path else name.rpartition("/")[0] or PurePath(self._export.config.path).stem
        group = self._named(redact_text(last_part(owner)), path.group(1) if path else "", node.line)
        (group.defaults if path and path.group(3) else group.rules).append(node)

    def _application_group(self, node: JsonNode, found: dict[str, JsonNode]) -> None:
        name = redact_text(_plain(_text(found.get("name"))))
        self._export.understood(found.get("name"))
        origin = self._export.origin(node.line, f"application security group {name}")
        self.objects.setdefault(name, ObjectDefinition(name, "application-security-group", origin))

    def _named(self, name: str, path: str, line: int) -> Group:
        """Return the group with a path, or without one that with a name; the same name may occur in other scopes."""
        found = next((one for one in self._by_name.get(name.lower(), ()) if _same(one[0], path)), None)
        if found is not None:
            return found[1]
        others = self._by_name.setdefault(name.lower(), [])
        scope = _RESOURCE_GROUP.search(path)
        shown = name if not others else f"{name} ({redact_text(scope.group(1)) if scope else f'line {line}'})"
        shown = shown if shown not in self.groups else f"{shown} (line {line})"
        others.append((path.lower(), Group(shown, line)))
        return self.groups.setdefault(shown, others[-1][1])


def _same(known: str, path: str) -> bool:
    """Return whether two paths are of one group; an object without a path belongs to the first of its name."""
    return not known or not path or known == path.lower()


def _text(node: JsonNode | None) -> str:
    return next((text for text, _ in words(node)), "")


def _name(fields: dict[str, JsonNode]) -> str:
    return redact_text(_plain(_text(fields.get("name")))) or "security group"


def _plain(name: str) -> str:
    """Return a name without the expression of a template around it."""
    found = _EXPRESSION.fullmatch(name)
    return re.sub(r"[\s'\"(),]+", " ", found.group(1)).strip().replace(" / ", "/") if found else name


def _places(fields: dict[str, JsonNode]) -> tuple[tuple[str, ...], bool | None]:
    """Return the subnets and interfaces of a group, and whether it has any (None: the file does not say)."""
    listed = [fields[key] for key in ("subnets", "networkinterfaces") if key in fields]
    paths = [_text(folded(one).get("id")) for node in listed for one in node.items]
    names = tuple(redact_text(last_part(path)) for path in paths if path)
    return names, (bool(names) if names or len(listed) == 2 else None)
