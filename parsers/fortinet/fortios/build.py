"""One input as a device: all its VDOMs put together."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager

from parsers.base import ConfigText
from parsers.fortinet.fortios.policies import Built, VdomBuilder
from parsers.fortinet.fortios.reader import TreeReader
from parsers.fortinet.fortios.scope import Budget, Scope
from parsers.fortinet.fortios.tree import GLOBAL, Tree
from parsers.ledger import Ledger
from parsers.redact import show
from rulecheck.model.device import Device, SourceFile

_VERSION = re.compile(r"#config-version=\S+?[- ]v?(\d{1,2})\.(\d{1,3})(?:\.(\d{1,3}))?[-,. ]")
_VERSION_LINES = 50


def build(config: ConfigText, platform: str, fallback: str) -> Device:
    """Return the device that a text configures; ``fallback`` is its name where the text has none."""
    ledger = Ledger(config)
    built = Built()
    with _collector_paused():
        tree = TreeReader(config, ledger).read()
        for scope in _scopes(config, ledger, tree):
            VdomBuilder(scope).build(built)
    lines, diagnostics = ledger.close()
    return Device(
        name=_name(tree) or fallback,
        platform=platform,
        source=SourceFile(config.path, config.sha256, lines),
        policies=tuple(built.policies),
        objects=tuple(built.objects),
        uses=tuple(built.uses),
        diagnostics=diagnostics,
    )


def _scopes(config: ConfigText, ledger: Ledger, tree: Tree) -> Iterator[Scope]:
    """Yield the global part and each VDOM; names carry the VDOM only where there is one."""
    budget, version = Budget(), _version(config)
    for name in (GLOBAL, *tree.vdoms):
        prefix = f"{name}/" if name else ""
        yield Scope(config, ledger, tree, name, prefix, version, budget)


def _version(config: ConfigText) -> tuple[int, ...]:
    """Return the FortiOS version of the header, empty where there is none."""
    for line in config.lines[:_VERSION_LINES]:
        found = _VERSION.match(line[:200])
        if found:
            return tuple(int(part or 0) for part in found.groups())
    return ()


def _name(tree: Tree) -> str:
    table = tree.table(GLOBAL, "system global")
    return show(table.settings.value("hostname")) if table else ""


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cycle collector from walking a growing model again and again: it holds no cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
