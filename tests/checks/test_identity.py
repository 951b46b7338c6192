"""A finding keeps its id while its rule means the same, wherever it stands."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from parsers.base import ConfigText
from parsers.registry import parse
from rulecheck.analysis import report_device
from rulecheck.engine.verdict import Verdict
from rulecheck.model.finding import DeviceReport, Finding, Kind
from tests.checks.hand import findings, taker
from tests.engine.notation import policy

EMPTY = Verdict(Kind.EMPTY)
FIXTURES = sorted(
    path
    for path in (Path(__file__).resolve().parents[2] / "fixtures").glob("*/*")
    if not path.name.endswith(".expected.json") and path.parent.name != "abstract"
)


def _only(line: str, verdict: Verdict = EMPTY, *, above: int = 0, name: str = "LIST", device: str = "fw") -> str:
    here = policy([*("deny 90 > any",) * above, line], name=name)
    (found,) = findings({above: verdict}, here, name=device)
    return found.id


def test_a_rule_above_changes_nothing() -> None:
    assert _only("permit 1 > 2 tcp 80") == _only("permit 1 > 2 tcp 80", above=3)


@pytest.mark.parametrize(
    "line",
    ["permit 1 > 2 tcp 81", "permit 1-3 > 2 tcp 80", "permit 1 > 3 tcp 80", "permit 1 > 2 udp 80", "deny 1 > 2 tcp 80"],
)
def test_another_match_or_outcome_is_another_finding(line: str) -> None:
    assert _only(line) != _only("permit 1 > 2 tcp 80")


def test_another_condition_is_another_finding() -> None:
    ids = {_only(f"permit 1 > 2{behind}") for behind in ("", " if fqdn:a", " if fqdn:b", " if !fqdn:a")}
    assert len(ids) == 4


def test_a_number_at_the_end_of_a_name_counts() -> None:
    assert _only("permit 1 > 2 if fqdn:host1") != _only("permit 1 > 2 if fqdn:host2")


def test_another_policy_device_or_kind_is_another_finding() -> None:
    line = "permit 1 > 2 tcp 80"
    redundant = Verdict(Kind.REDUNDANT, by_default=True)
    assert len({_only(line), _only(line, name="B"), _only(line, device="b"), _only(line, redundant)}) == 4


def test_equal_rules_have_different_ids() -> None:
    here = policy(["permit 1 > 2"] * 4)
    cover = Verdict(Kind.COVERED, takers=(taker(here, 0),))
    found = findings({1: cover, 2: cover, 3: cover}, here)
    assert len({one.id for one in found}) == 3


def _report(text: str) -> DeviceReport:
    config = ConfigText(path="fw.cfg", sha256=hashlib.sha256(text.encode()).hexdigest(), lines=tuple(text.splitlines()))
    (device,) = parse(config, None)
    return report_device(device)


def _ids(text: str) -> list[tuple[str, str]]:
    return [(one.id, one.rule.text) for one in _report(text).findings]


ASA = """\
ASA Version 9.16(4)
hostname fw
object network FEED
 fqdn v4 feed.example.net
time-range WORK
 periodic weekdays 8:00 to 18:00
access-list OUT extended permit tcp any4 object FEED eq 443
access-list OUT extended permit tcp any4 host 192.0.2.1 eq 443
access-list OUT extended permit tcp any4 host 192.0.2.2 eq 80 time-range WORK
access-list OUT extended permit tcp any4 host 192.0.2.2 range 80 81
access-list OUT extended permit tcp any4 host 192.0.2.2 eq 81 frobnicate 7
access-list OUT extended permit tcp any4 host 192.0.2.2 eq 81
access-list OUT extended deny ip any any
access-group OUT in interface outside
"""

IPTABLES = """\
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p icmp -m limit --limit 5/sec -j ACCEPT
-A INPUT -p icmp -j DROP
-A INPUT -p tcp -m frobnicate --level 9 -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -s 192.0.2.0/24 -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -p udp -m frobnicate --level 9 -j DROP
-A INPUT -p udp -m recent --update --seconds 60 --name X -j ACCEPT
-A INPUT -p udp -j ACCEPT
COMMIT
"""


@pytest.mark.parametrize(
    ("text", "before", "line"),
    [
        (ASA, "access-list OUT", "access-list OUT remark new\n"),
        (ASA, "access-list OUT", "access-list OUT extended permit udp any4 host 203.0.113.1 eq 9\n"),
        (ASA, "hostname", "!\n!\n"),
        (IPTABLES, "-A INPUT", "-A INPUT -s 203.0.113.1/32 -p esp -j ACCEPT\n"),
        (IPTABLES, "*filter", "# Generated\n"),
    ],
)
def test_ids_survive_lines_above(text: str, before: str, line: str) -> None:
    here = text.index(before)
    first, second = _ids(text), _ids(text[:here] + line + text[here:])
    assert len(first) >= 2
    assert second == first


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_ids_are_unique_within_a_report(path: Path) -> None:
    found: tuple[Finding, ...] = _report(path.read_text(encoding="utf-8")).findings
    assert len({one.id for one in found}) == len(found) > 0
