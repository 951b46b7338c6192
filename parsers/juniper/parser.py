"""The Junos parser: SRX security policies and firewall filters, in the curly form and as ``set`` commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from parsers.base import ConfigText
from parsers.juniper.facts import Facts
from parsers.juniper.groups import Groups
from parsers.juniper.reader import Reader
from parsers.juniper.system import SystemContent, read_system
from parsers.juniper.tree import Node, at
from parsers.ledger import Ledger
from rulecheck.model.device import Device, Diagnostic, SourceFile

PLATFORM = "juniper"
_CONTEXTS = ("logical-systems", "tenants")
_HOST_NAMES = (
    ("system", "host-name"),
    ("groups", "node0", "system", "host-name"),
    ("groups", "re0", "system", "host-name"),
)


def read_devices(config: ConfigText) -> tuple[Device, ...]:
    """Return the device in ``config``, and one more for each logical system and tenant that filters packets."""
    ledger = Ledger(config)
    reader = Reader(config.lines, ledger)
    root = reader.read()
    groups = Groups(root, ledger)
    groups.apply()
    main = read_system(root, Facts(config.path, config.lines, ledger), reader.hits.counts)
    contexts = list(_contexts(root, config, ledger))
    name = _host_name(root) or PurePath(config.path).stem
    groups.account()
    reader.account()
    counts, diagnostics = ledger.close()
    source = SourceFile(config.path, config.sha256, counts)
    owners = reader.contexts() if contexts else {}
    own = tuple(one for one in diagnostics if owners.get(one.line, "") not in {label for label, _ in contexts})
    devices = [_device(name, source, main, own)]
    for label, content in contexts:
        theirs = tuple(one for one in diagnostics if owners.get(one.line, "") == label)
        devices.append(_device(f"{name}/{label}", source, content, theirs))
    return tuple(devices)


def _contexts(root: Node, config: ConfigText, ledger: Ledger) -> Iterator[tuple[str, SystemContent]]:
    for word in _CONTEXTS:
        group = root.children.get(word)
        if group is None:
            continue
        group.take(whole=not group.active)
        for one in group.live():
            one.take()
            content = read_system(one, Facts(config.path, config.lines, ledger), {})
            if content.policies or content.objects:
                yield one.word, content


def _device(name: str, source: SourceFile, content: SystemContent, diagnostics: tuple[Diagnostic, ...]) -> Device:
    return Device(name, PLATFORM, source, content.policies, content.objects, tuple(content.facts.uses), diagnostics)


def _host_name(root: Node) -> str:
    for path in _HOST_NAMES:
        node = at(root, path)
        if node is not None and node.active and (value := node.value()) is not None:
            return value.word
    return ""
