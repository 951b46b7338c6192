"""Configurations as the API hands them on: read, recognised, parsed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rulecheck.api.errors import QuestionError, hint, listed
from rulecheck.engine.questions import Side, portable_keys
from rulecheck.model.device import Device, Policy
from rulecheck.naming import distinct_policies

if TYPE_CHECKING:
    from parsers.base import ConfigText


@dataclass(frozen=True, slots=True)
class Config:
    """One configuration: the devices in it, as the parser of ``platform`` understood them.

    ``path`` is the name to show; ``text`` the lines that were read. Look at ``device.diagnostics`` for what was not
    understood.
    """

    path: str
    platform: str
    devices: tuple[Device, ...]
    text: ConfigText

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Return the policies of all devices, in order."""
        return tuple(policy for device in self.devices for policy in device.policies)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One policy to ask about."""

    config: Config
    device: Device
    number: int

    @property
    def policy(self) -> Policy:
        """Return the policy."""
        return self.device.policies[self.number]

    def side(self, *, portable: bool = False) -> Side:
        """Return what the engine asks about. ``portable``: to be compared with a policy of another input."""
        policies = self.device.policies
        return Side(policies, self.number, portable_keys(policies) if portable else {})


def load(path: str | os.PathLike[str], platform: str | None = None) -> Config:
    """Read one configuration file.

    The platform is detected from the content unless it is named (``cisco_asa``; ``rulecheck parsers`` lists them).

    Raises:
        parsers.reading.ReadError: the file cannot be read, or no parser recognises it. The message says what to do.
        QuestionError: there is no such platform.
    """
    from parsers.reading import read_file

    return parse(read_file(os.fspath(path)), platform)


def loads(text: str, platform: str | None = None, name: str = "<text>") -> Config:
    """Read one configuration from a string.

    Raises:
        parsers.reading.ReadError: the text is empty or binary, or no parser recognises it.
        QuestionError: there is no such platform.
    """
    from io import BytesIO

    from parsers.reading import read_stream

    return parse(read_stream(BytesIO(text.encode("utf-8", "surrogateescape")), name), platform)


def parse(text: ConfigText, platform: str | None = None) -> Config:
    """Parse a text that was read.

    Raises:
        parsers.reading.ReadError: no parser recognises it, or it holds no device.
        QuestionError: there is no such platform.
    """
    from parsers import registry
    from parsers.reading import ReadError

    if platform is not None and platform not in registry.platforms():
        remedy = hint(platform, registry.platforms(), f"there are {listed(registry.platforms())}")
        raise QuestionError("platform", f"there is no platform {platform!r}; {remedy}")
    devices = tuple(distinct_policies(device) for device in registry.parse(text, platform))
    if not devices:
        raise ReadError(text.path, 0, "the text contains no device", "export the whole configuration")
    return Config(text.path, devices[0].platform, devices, text)


def choose(config: Config, names: Iterable[str] = (), device: str | None = None) -> tuple[Chosen, ...]:
    """Return the policies with these names; without names those that packets enter and that have rules.

    Raises:
        QuestionError: there is no such device or policy.
    """
    devices = [one for one in config.devices if device in (None, one.name)]
    if device is not None and not devices:
        known = [one.name for one in config.devices]
        message = f"{config.path} has no device {device!r}; {hint(device, known, f'it has {listed(known)}')}"
        raise QuestionError("device", message)
    every = [Chosen(config, one, number) for one in devices for number in range(len(one.policies))]
    wanted = list(names)
    if not wanted:
        entries = [one for one in every if one.policy.entry]
        return tuple(one for one in entries if one.policy.rules) or tuple(entries) or tuple(every)
    found: list[Chosen] = []
    for name in wanted:
        same = [one for one in every if one.policy.name == name]
        if not same:
            known = [one.policy.name for one in every]
            message = f"{config.path} has no policy {name!r}; {hint(name, known, f'it has {listed(known)}')}"
            raise QuestionError("policy", message)
        found.extend(one for one in same if one not in found)
    return tuple(found)
