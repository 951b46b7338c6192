"""One config.xml as a device."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from parsers.base import ConfigText
from parsers.bsd.sense.aliases import Aliases
from parsers.bsd.sense.automatic import Automatic
from parsers.bsd.sense.operands import Operands
from parsers.bsd.sense.rules import RuleReader, Written
from parsers.bsd.sense.settings import Settings, read_settings
from parsers.ledger import Ledger
from parsers.redact import redact_text
from parsers.xml_text import read_xml
from parsers.xml_tree import XmlElement
from rulecheck.model.device import Device, ObjectDefinition, ObjectUse, Policy, Severity, SourceFile
from rulecheck.model.rule import DENY, RETURN

_ROOTS = frozenset({"pfsense", "opnsense"})
_SECTIONS = (
    ("interfaces",),
    ("ifgroups",),
    ("aliases",),
    ("schedules",),
    ("virtualip",),
    ("OPNsense", "Firewall", "Alias"),
)
_LIST = "rules"


def build(config: ConfigText, platform: str) -> Device:
    """Return the device that a configuration describes."""
    ledger = Ledger(config)
    document = read_xml(config)
    for problem in document.problems:
        ledger.report(problem.code, Severity.HIGH, problem.line, problem.message, affects_verdicts=True)
    root = document.root
    if root.tag not in _ROOTS:
        root = _Fragment(root)
    settings = read_settings(root)
    aliases = Aliases(config, ledger)
    aliases.read(root)
    operands = Operands(settings, aliases)
    reader = RuleReader(platform, ledger, operands)
    policies = _policies(root, reader, platform, operands)
    uses = (*reader.uses, *_nat_uses(root, aliases))
    _account(config, ledger, root)
    counts, diagnostics = ledger.close()
    source = SourceFile(config.path, config.sha256, counts)
    objects = (*aliases.definitions(), *_groups(settings, aliases))
    name = redact_text(settings.host) or PurePath(config.path).stem
    return Device(name, platform, source, policies, objects, uses, diagnostics)


class _Fragment(XmlElement):
    """A section alone, looked at as if it stood in a configuration."""

    __slots__ = ("_section",)

    def __init__(self, section: XmlElement) -> None:
        super().__init__(section._document, section.index)  # noqa: SLF001
        self._section = section

    def __iter__(self) -> Iterator[XmlElement]:
        yield self._section


def _policies(root: XmlElement, reader: RuleReader, platform: str, operands: Operands) -> tuple[Policy, ...]:
    classic = root.find("filter")
    modern = root.find("OPNsense", "Firewall", "Filter", "rules")
    if classic is None and modern is None:
        return ()
    found = [reader.written(node) for node in classic or () if node.tag == "rule"]
    found += [reader.written(node, modern=True) for node in modern or () if node.tag == "rule"]
    ordered = _ordered(found)
    line = (classic or modern or root).line
    rules = tuple(reader.rule(one, index, _LIST) for index, one in enumerate(ordered))
    origin = operands.aliases.origin(line, "filter rules")
    written = Policy(_LIST, "filter", rules, RETURN, entry=False, origin=origin, applied=True)
    automatic = Automatic(platform, operands, line)
    implicit = (*automatic.before(), automatic.call(_LIST), *automatic.behind())
    return (Policy("firewall", "dispatch", (), DENY, implicit=implicit, applied=True, origin=origin), written)


def _ordered(found: list[Written]) -> list[Written]:
    """Return rules in the order in which they decide by first match: quick ones first, the others from the last."""
    placed = sorted(found, key=lambda one: (one.rank, not one.modern, one.sequence))
    return [*(one for one in placed if one.quick), *reversed([one for one in placed if not one.quick])]


def _groups(settings: Settings, aliases: Aliases) -> Iterator[ObjectDefinition]:
    for name, members in settings.groups.items():
        shown = redact_text(name)
        yield ObjectDefinition(shown, "interface group", aliases.origin(1, f"interface group {shown}"), members)


def _nat_uses(root: XmlElement, aliases: Aliases) -> Iterator[ObjectUse]:
    """Yield the aliases that translations, routes and other sections name."""
    for path in (("nat",), ("staticroutes",), ("OPNsense",), ("openvpn",), ("ipsec",), ("load_balancer",)):
        section = root.find(*path)
        for node in section.descendants() if section is not None else ():
            if node.text in aliases.known and node.tag not in ("name", "content", "source_net", "destination_net"):
                kind = aliases.known[node.text].kind
                yield ObjectUse(f"{path[0]} in line {node.line}", None, f"alias {kind}", node.text)


def _account(config: ConfigText, ledger: Ledger, root: XmlElement) -> None:
    """Mark what the rules refer to as understood, and everything else as known not to matter."""
    for path in _SECTIONS:
        section = root.find(*path)
        if section is not None:
            for line in range(section.line, section.end_line + 1):
                if config.lines[line - 1].strip():
                    ledger.understood(line)
    for number, text in enumerate(config.lines, start=1):
        if ledger.is_open(number):
            (ledger.ignored if text.strip() else ledger.blank)(number)
