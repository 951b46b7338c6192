"""Observations on configurations in a few lines."""

from __future__ import annotations

import hashlib

from parsers.base import ConfigText
from parsers.registry import parse
from rulecheck.analysis import report_device
from rulecheck.checks.settings import DEFAULT_SETTINGS, Settings
from rulecheck.model.device import Device
from rulecheck.model.finding import DeviceReport
from rulecheck.model.observation import Observation


def read(text: str) -> Device:
    """Return the only device in a text."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    (device,) = parse(ConfigText(path="fw.cfg", sha256=digest, lines=tuple(text.splitlines())), None)
    return device


def report(text: str, settings: Settings = DEFAULT_SETTINGS) -> DeviceReport:
    return report_device(read(text), settings)


def noticed(code: str, text: str, settings: Settings = DEFAULT_SETTINGS) -> list[Observation]:
    """Return the observations with one code."""
    return [one for one in report(text, settings).observations if one.code == code]


def asa(*entries: str, interface: str = "outside", objects: str = "") -> str:
    """Return an ASA configuration whose list LIST has these entries ("permit ip any any") and is applied inbound.

    The first entry is in line 3, if there are no objects.
    """
    lines = "".join(f"access-list LIST extended {entry}\n" for entry in entries)
    applied = f"access-group LIST in interface {interface}\n" if interface else ""
    return f"ASA Version 9.16(4)\nhostname fw\n{objects}{lines}{applied}"


def iptables(*rules: str, forward: str = "DROP", chains: tuple[str, ...] = ()) -> str:
    """Return an iptables-save of the filter table; the first rule is in line 5, if there are no chains of users."""
    user = "".join(f":{chain} - [0:0]\n" for chain in chains)
    lines = "".join(f"{one}\n" for one in rules)
    return f"*filter\n:INPUT DROP [0:0]\n:FORWARD {forward} [0:0]\n:OUTPUT ACCEPT [0:0]\n{user}{lines}COMMIT\n"
