"""Real configurations: every line accounted for, every access list line understood, known facts hold."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from parsers.base import ConfigText
from parsers.cisco.ios import PARSER
from rulecheck.engine.analyze import analyze_policies
from rulecheck.model.device import Device
from rulecheck.model.finding import Kind

ENTRY = re.compile(r"access-list \d+ (?:permit|deny|remark) |\s+(?:\d+ )?(?:permit|deny|remark) ")


def read(path: Path) -> tuple[Device, tuple[str, ...]]:
    raw = path.read_bytes()
    lines = tuple(raw.decode("utf-8", "replace").splitlines())
    (found,) = PARSER.parse(ConfigText(str(path), sha256(raw).hexdigest(), lines))
    return found, lines


def kinds(found: Device) -> list[tuple[str, int, Kind, tuple[int, ...]]]:
    return [
        (one.policy, index, verdict.kind, verdict.single_covers)
        for one in analyze_policies(found.policies)
        for index, verdict in one.verdicts.items()
        if verdict.kind in (Kind.COVERED, Kind.SHADOWED)
    ]


@pytest.mark.parametrize("router", ["bbra", "bbrb", "boza", "coza", "goza", "poza", "roza", "soza"])
def test_backbone_routers_are_understood_completely(corpus: Path, router: str) -> None:
    found, lines = read(corpus / "cisco_ios" / f"stanford_{router}_rtr_config.txt")
    assert found.source.lines.total == len(lines)
    assert found.source.lines.unknown == 0
    assert found.diagnostics == ()
    written = sum(ENTRY.match(line) is not None and " remark " not in line for line in lines)
    assert sum(len(policy.rules) for policy in found.policies) == written
    assert not any(rule.match.all_conditions() for policy in found.policies for rule in policy.rules)


def test_known_dead_entries(corpus: Path) -> None:
    folder = corpus / "cisco_ios"
    soza = kinds(read(folder / "stanford_soza_rtr_config.txt")[0])
    assert [kind for _, _, kind, covers in soza if covers] == [Kind.COVERED] * 6
    for router in ("boza", "bbra"):
        assert kinds(read(folder / f"stanford_{router}_rtr_config.txt")[0]) == []
    coza = read(folder / "stanford_coza_rtr_config.txt")[0]
    ((policy, index, kind, covers),) = kinds(coza)
    assert (policy, kind) == ("119", Kind.SHADOWED)
    rules = next(one for one in coza.policies if one.name == "119").rules
    assert rules[index].outcome != rules[covers[0]].outcome


def test_captures_are_understood(corpus: Path) -> None:
    for path in sorted((corpus / "cisco_ios").glob("ntc_*.raw")):
        found, lines = read(path)
        assert found.source.lines.total == len(lines)
        assert found.source.lines.unknown == 0
        assert {one.code for one in found.diagnostics} <= {"RC603"}
        expected = {line: int(n) for line, text in enumerate(lines, 1) for n in re.findall(r"\((\d+) match", text)}
        assert {r.origin.line: r.hits.packets for p in found.policies for r in p.rules if r.hits} == expected


def test_every_cisco_file_is_accounted_for(corpus: Path) -> None:
    paths = sorted(path for path in corpus.glob("*cisco*/*") if path.is_file())
    assert paths
    for path in paths:
        found, lines = read(path)
        assert found.source.lines.total == len(lines), path
