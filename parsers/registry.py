"""The registry: which platforms there are, which one a text is, and the way to its parser.

A platform is one row of :data:`PARSERS`, or a plug-in (see :mod:`parsers.plugins`). Parsers are imported when they
are needed, never before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import cast

from parsers.base import ConfigText, Parser
from parsers.plugins import REMEDY, Plugin, PluginError, installed
from parsers.plugins import load as load_plugin
from parsers.reading import ReadError
from rulecheck.model.device import Device, Diagnostic, Severity

PARSERS = {
    "arista_eos": "parsers.cisco.eos:PARSER",
    "aws": "parsers.cloud.aws:PARSER",
    "azure": "parsers.cloud.azure:PARSER",
    "checkpoint": "parsers.checkpoint:PARSER",
    "cisco_asa": "parsers.cisco.asa:PARSER",
    "cisco_ios": "parsers.cisco.ios:PARSER",
    "cisco_nxos": "parsers.cisco.nxos:PARSER",
    "cisco_xr": "parsers.cisco.xr:PARSER",
    "classbench": "parsers.classbench:PARSER",
    "fortios": "parsers.fortinet.fortios:PARSER",
    "gcp": "parsers.cloud.gcp:PARSER",
    "iptables": "parsers.netfilter.iptables:PARSER",
    "juniper": "parsers.juniper:PARSER",
    "mikrotik": "parsers.mikrotik:PARSER",
    "neutral": "parsers.neutral:PARSER",
    "nftables": "parsers.netfilter.nftables:PARSER",
    "opnsense": "parsers.bsd.sense:OPNSENSE",
    "panos": "parsers.paloalto.panos:PARSER",
    "pf": "parsers.bsd.pf:PARSER",
    "pfsense": "parsers.bsd.sense:PFSENSE",
}
"""Platform id → ``module:attribute`` of its parser, the form of a Python entry point."""

RECOGNISED_FROM = 20
"""Lowest score (0 to 100) that recognises a platform."""


class NotRecognisedError(ReadError):
    """No platform claims the text."""


class AmbiguousError(ReadError):
    """More than one platform claims the text, with equal right."""


def platforms() -> tuple[str, ...]:
    """Return the ids of all platforms, those of plug-ins too, sorted."""
    return tuple(sorted({*PARSERS, *plugins()}))


def plugins() -> Mapping[str, Plugin]:
    """Return the platforms that other packages add, by id."""
    return installed(PARSERS).plugins


def plugin_problems(platform: str | None = None) -> tuple[str, ...]:
    """Return what keeps plug-ins from being used, one message each. All of them are imported for that.

    With ``platform``, the one that the user named, only plug-ins that claim it and were refused: nothing is imported,
    since reading an input as that platform says what is wrong with its own parser.
    """
    found = installed(PARSERS)
    messages = [message for claimed, message in found.problems if platform in (None, claimed)]
    for plugin in found.plugins.values() if platform is None else ():
        try:
            load_plugin(plugin)
        except PluginError as problem:
            messages.append(f"{problem}; {REMEDY}")
    return tuple(messages)


def load(platform: str) -> Parser:
    """Return the parser of a platform.

    Raises:
        KeyError: there is no such platform.
        PluginError: the platform is a plug-in that cannot be used.
    """
    if platform not in PARSERS:
        return load_plugin(plugins()[platform])
    module, _, attribute = PARSERS[platform].partition(":")
    return cast(Parser, getattr(import_module(module), attribute))


def detect(config: ConfigText) -> str:
    """Return the platform whose parser recognises the text best. A plug-in that fails is passed over.

    Raises:
        NotRecognisedError: no score reaches :data:`RECOGNISED_FROM`.
        AmbiguousError: the best score is shared.
    """
    return _recognised(config)[0]


def _recognised(config: ConfigText) -> tuple[str, list[str]]:
    """Return the platform of a text, and the plug-ins that failed on the text."""
    scores, failures = _scores(config)
    best = max(scores.values())
    candidates = [platform for platform, score in scores.items() if score == best]
    remedy = f"name the platform with --vendor, one of: {', '.join(scores)}"
    if best < RECOGNISED_FROM:
        hints = [platform for platform, score in scores.items() if score > 0]
        looks = f" (a little like {', '.join(hints)})" if hints else ""
        failed = "".join(f"; {one}" for one in failures)
        raise NotRecognisedError(config.path, 0, f"no supported platform recognises the text{looks}{failed}", remedy)
    if len(candidates) > 1:
        raise AmbiguousError(config.path, 0, f"the text looks like {' and '.join(candidates)} alike", remedy)
    return candidates[0], failures


def _scores(config: ConfigText) -> tuple[dict[str, int], list[str]]:
    """Return the score of every platform that can be asked, and which plug-ins failed on the text.

    Those that cannot even be loaded have no part in this: :func:`plugin_problems` is about them.
    """
    scores: dict[str, int] = {}
    failures: list[str] = []
    for platform in platforms():
        try:
            parser = load(platform)
        except PluginError:
            continue
        try:
            scores[platform] = parser.score(config)
        except PluginError as problem:
            failures.append(str(problem))
    return scores, failures


def parse(config: ConfigText, platform: str | None = None) -> tuple[Device, ...]:
    """Read the devices in a text; the platform is detected unless it is named.

    A plug-in that could not be asked whether the text is its own is named in a diagnostic of each device.

    Raises:
        NotRecognisedError: the platform has to be detected, and nothing claims the text.
        AmbiguousError: the platform has to be detected, and more than one claims the text.
        ReadError: the platform is a plug-in, and that failed.
        KeyError: there is no such platform.
    """
    chosen, failures = (platform, []) if platform else _recognised(config)
    try:
        devices = load(chosen).parse(config)
    except PluginError as problem:
        raise ReadError(config.path, 0, str(problem), REMEDY) from None
    if not failures:
        return devices
    notes = tuple(Diagnostic("RC605", Severity.LOW, 0, f"{one}; it was passed over") for one in failures)
    return tuple(replace(device, diagnostics=(*notes, *device.diagnostics)) for device in devices)
