"""The hand-written edge policy: read completely, with facts that reports and checks rely on."""

from __future__ import annotations

from rulecheck.model.rule import Verb
from tests.parsers.checkpoint.reading import FIXTURES, policy, read


def test_it_is_read_completely() -> None:
    device = read((FIXTURES / "edge-policy.json").read_text(encoding="utf-8"), "edge-policy.json")
    assert (device.name, device.source.lines.unknown, device.diagnostics) == ("Edge-Policy", 0, ())
    edge, dmz, apps = device.policies
    assert [len(one.rules) for one in device.policies] == [40, 14, 7]
    assert (edge.entry, dmz.entry, apps.entry) == (True, False, True)
    assert edge.rules[24].outcome.verb is Verb.CALL
    assert [one.index for one in edge.rules if not one.enabled] == [13]
    assert policy(device, "Edge Network").rules[18].description == "CHG-1042"
    hits = edge.rules[2].hits
    assert hits is not None
    assert (hits.packets, hits.window) == (90210, "first hit 2026-03-01, last hit 2026-04-01")
    used = {one.name for one in device.uses} | {name for one in device.objects for name in one.members}
    assert {one.name for one in device.objects if one.name not in used} == {"OLD-FTP"}
