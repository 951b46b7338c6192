"""The registry: which platforms there are, which one a text is, and the way to its parser.

A platform is one row of :data:`PARSERS`. Parsers are imported when they are needed, never before.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from parsers.base import ConfigText, Parser
from parsers.reading import ReadError
from rulecheck.model.device import Device

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
    "panos": "parsers.paloalto.panos:PARSER",
}
"""Platform id → ``module:attribute`` of its parser, the form of a Python entry point."""

RECOGNISED_FROM = 20
"""Lowest score (0 to 100) that recognises a platform."""


class NotRecognisedError(ReadError):
    """No platform claims the text."""


class AmbiguousError(ReadError):
    """More than one platform claims the text, with equal right."""


def platforms() -> tuple[str, ...]:
    """Return the ids of all platforms, sorted."""
    return tuple(sorted(PARSERS))


def load(platform: str) -> Parser:
    """Return the parser of a platform.

    Raises:
        KeyError: there is no such platform.
    """
    module, _, attribute = PARSERS[platform].partition(":")
    return cast(Parser, getattr(import_module(module), attribute))


def detect(config: ConfigText) -> str:
    """Return the platform whose parser recognises the text best.

    Raises:
        NotRecognisedError: no score reaches :data:`RECOGNISED_FROM`.
        AmbiguousError: the best score is shared.
    """
    scores = {platform: load(platform).score(config) for platform in platforms()}
    best = max(scores.values())
    candidates = [platform for platform, score in scores.items() if score == best]
    remedy = f"name the platform with --vendor, one of: {', '.join(scores)}"
    if best < RECOGNISED_FROM:
        hints = [platform for platform, score in scores.items() if score > 0]
        looks = f" (a little like {', '.join(hints)})" if hints else ""
        raise NotRecognisedError(config.path, 0, f"no supported platform recognises the text{looks}", remedy)
    if len(candidates) > 1:
        raise AmbiguousError(config.path, 0, f"the text looks like {' and '.join(candidates)} alike", remedy)
    return candidates[0]


def parse(config: ConfigText, platform: str | None = None) -> tuple[Device, ...]:
    """Read the devices in a text; the platform is detected unless it is named.

    Raises:
        NotRecognisedError: the platform has to be detected, and nothing claims the text.
        AmbiguousError: the platform has to be detected, and more than one claims the text.
        KeyError: there is no such platform.
    """
    return load(platform or detect(config)).parse(config)
