"""What must hold for every text that a parser is given, whatever it contains."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO

from parsers.base import ConfigText, Parser
from parsers.reading import ReadError, read_stream, split_lines
from rulecheck.model.device import Device, Policy


def text_of(lines: Iterable[str]) -> ConfigText:
    """Return an input of such lines, as reading a file would."""
    text = "\n".join(lines)
    return ConfigText("broken.cfg", sha256(text.encode("utf-8", "replace")).hexdigest(), split_lines(text))


def from_bytes(raw: bytes) -> ConfigText | None:
    """Return the input that a file of such bytes is, None where the file is refused."""
    try:
        return read_stream(BytesIO(raw), "broken.cfg")
    except ReadError as refused:
        _check_refusal(refused)
        return None


def check(parser: Parser, text: ConfigText) -> tuple[Device, ...]:
    """Parse a text and check all that a parser promises; return nothing where the text is refused.

    Raises:
        AssertionError: a promise is broken.
    """
    assert 0 <= parser.score(text) <= 100
    try:
        devices = parser.parse(text)
    except ReadError as refused:
        _check_refusal(refused)
        return ()
    assert devices
    for device in devices:
        _check_device(device, text)
    return devices


def _check_refusal(refused: ReadError) -> None:
    assert refused.error.message
    assert refused.error.remedy


def _check_device(device: Device, text: ConfigText) -> None:
    lines = len(text.lines)
    assert device.source.lines.total == lines
    names = {(policy.scope, policy.name) for policy in device.policies}
    assert len(names) == len(device.policies)
    for policy in device.policies:
        _check_policy(policy, names, lines)
    for one in device.diagnostics:
        assert 0 <= one.line <= lines
        assert one.message
    for thing in device.objects:
        assert 0 <= thing.origin.line <= lines


def _check_policy(policy: Policy, names: set[tuple[str, str]], lines: int) -> None:
    assert [rule.index for rule in policy.rules] == list(range(len(policy.rules)))
    for rule in (*policy.rules, *policy.implicit):
        assert 0 <= rule.origin.line <= lines
        assert rule.calls is None or (policy.scope, rule.calls) in names
        rule.match.terms(policy.families)
