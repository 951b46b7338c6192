"""``rulecheck query``, ``equivalent`` and ``simulate`` as users call them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rulecheck.api.example import EXAMPLE
from tests.cli.samples import IPTABLES, IPTABLES_ODD
from tests.cli.test_startup import HEAVY, IMPORTS
from tests.conftest import ROOT, RunRulecheck


@pytest.fixture
def asa(tmp_path: Path) -> Path:
    path = tmp_path / "fw.cfg"
    path.write_text(EXAMPLE)
    return path


def test_a_query_says_which_rule_decides(rulecheck: RunRulecheck, asa: Path) -> None:
    done = rulecheck("query", str(asa), "--src", "10.1.2.3", "--dst", "APP", "--proto", "tcp", "--dport", "8000,9000")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  allowed\n    • 10.1.2.3 → 192.0.2.20, tcp 8000\n    by         rule #2, line 11: permit\n" in done.stdout
    assert "  denied\n    • 10.1.2.3 → 192.0.2.20, tcp 9000\n    by         rule #3, line 12: deny\n" in done.stdout
    assert "near miss  rule #2, line 11, permit: destination port 9000 is not in 8000-8100" in done.stdout


def test_options_may_be_repeated(rulecheck: RunRulecheck, asa: Path) -> None:
    once = rulecheck("query", str(asa), "--dst", "WEB,APP", "--proto", "tcp", "--format", "json")
    again = rulecheck("query", str(asa), "--dst", "WEB", "--dst", "APP", "--proto", "tcp", "--format", "json")
    assert once.stdout == again.stdout
    regions = json.loads(once.stdout)["policies"][0]["regions"]
    assert {one["cases"][0]["decider"]["effect"] for one in regions} == {"allowed", "denied"}


def test_what_is_allowed(rulecheck: RunRulecheck, asa: Path) -> None:
    done = rulecheck("query", str(asa), "--dst", "192.0.2.0/24", "--allowed", "--format", "json")
    answer = json.loads(done.stdout)
    assert (answer["schema"], answer["kind"], answer["allowed"]) == ("rulecheck.answer/1", "query", True)
    regions = answer["policies"][0]["regions"]
    found = [(one["packets"]["fields"]["destination"], one["rules"][0]["rule"]["line"]) for one in regions]
    assert found == [(["192.0.2.0/24"], 13), (["192.0.2.10/31"], 9), (["192.0.2.20"], 11)]


def test_standard_input(rulecheck: RunRulecheck) -> None:
    done = rulecheck("query", "-", "--src", "192.0.2.8", "--dport", "22", "--policy", "INPUT", stdin=IPTABLES)
    assert done.returncode == 0
    assert done.stdout.startswith("Query of <stdin>\n")
    assert "rule #0, line 5: permit" in done.stdout


def test_what_was_not_understood_is_announced(rulecheck: RunRulecheck) -> None:
    done = rulecheck("query", "-", "--policy", "INPUT", "--proto", "gre", stdin=IPTABLES_ODD)
    assert "1 place was not fully understood, 1 of which can change a verdict" in done.stderr
    assert "allowed or denied" in done.stdout
    assert "frobnicate" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--dst", "WEBB"], "destination: 'WEBB' is no address"),
        (["--dport", "http$"], "destination port: 'http$' is no port"),
        (["--policy", "OUTSIDE"], "did you mean OUTSIDE_IN?"),
        (["--device", "x"], "has no device 'x'"),
        (["--in-interface", "inside"], "policies are applied to outside in"),
        (["--vendor", "fortigate9"], "fortigate9"),
    ],
)
def test_a_mistake_is_wrong_usage_with_a_remedy(
    rulecheck: RunRulecheck, asa: Path, arguments: list[str], words: str
) -> None:
    done = rulecheck("query", str(asa), *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["query"], ["simulate", "--remove", "0"], ["equivalent", "{asa}"]])
def test_a_file_that_cannot_be_read_ends_with_2(rulecheck: RunRulecheck, asa: Path, command: list[str]) -> None:
    arguments = [one.replace("{asa}", str(asa)) for one in command]
    done = rulecheck(*arguments, str(asa.parent / "none.cfg"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("none.cfg: the file does not exist; check the path\n")


def test_equivalent_and_its_exit_codes(rulecheck: RunRulecheck, asa: Path, tmp_path: Path) -> None:
    other = tmp_path / "new.cfg"
    other.write_text(EXAMPLE.replace("any4 object-group WEB eq 443", "any4 host 192.0.2.11 eq https"))
    same = rulecheck("equivalent", str(asa), str(other))
    assert (same.returncode, same.stderr) == (0, "")
    assert "Equivalent: every packet gets the same outcome." in same.stdout
    other.write_text(EXAMPLE.replace("range 8000 8100", "range 8000 8101"))
    changed = rulecheck("equivalent", str(asa), str(other), "--format", "json")
    assert changed.returncode == 1
    answer = json.loads(changed.stdout)
    (difference,) = answer["comparisons"][0]["differences"]
    assert (answer["kind"], answer["answer"]) == ("equivalence", "different")
    assert difference["packets"]["fields"]["destination_port"] == ["8101"]
    assert difference["cases"] == [{"only_if": [], "before": "deny", "after": "permit"}]
    assert (difference["before"][0]["rule"]["line"], difference["after"][0]["rule"]["line"]) == (12, 11)


def test_one_side_of_a_comparison_can_be_standard_input(rulecheck: RunRulecheck, asa: Path) -> None:
    assert rulecheck("equivalent", str(asa), "-", stdin=EXAMPLE).returncode == 0
    assert rulecheck("equivalent", "-", "-", stdin=EXAMPLE).returncode == 2


def test_simulate_and_its_gate(rulecheck: RunRulecheck, asa: Path) -> None:
    safe = rulecheck("simulate", str(asa), "--remove", "1", "--expect-unchanged")
    assert safe.returncode == 0
    assert "No packet changes. This is proven." in safe.stdout
    unsafe = rulecheck("simulate", str(asa), "--remove", "0", "--expect-unchanged")
    assert unsafe.returncode == 1
    assert "• any IPv4 → 192.0.2.11, tcp 443\n    change     permit → deny\n" in unsafe.stdout
    assert rulecheck("simulate", str(asa), "--remove", "0").returncode == 0
    assert rulecheck("simulate", str(asa), "--move", "9:0").returncode == 2
    assert rulecheck("simulate", str(asa)).returncode == 2


def test_a_rule_is_inserted_in_either_language(rulecheck: RunRulecheck, asa: Path) -> None:
    texts = ["deny src=10.1.2.3 dst=APP", "access-list OUTSIDE_IN extended deny ip host 10.1.2.3 object APP"]
    answers = [rulecheck("simulate", str(asa), "--insert", f"0:{text}", "--format", "json") for text in texts]
    assert [one.returncode for one in answers] == [0, 0]
    one, two = (json.loads(done.stdout)["comparisons"][0]["differences"] for done in answers)
    assert [d["packets"] for d in one] == [d["packets"] for d in two]
    assert {d["after"][0]["rule"]["text"] for d in two} == {texts[1]}


@pytest.mark.parametrize("command", ["query", "equivalent", "simulate"])
def test_help_imports_nothing_heavy(command: str) -> None:
    script = IMPORTS.format(arguments=[command, "--help"], heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_a_query_does_not_load_pandas(asa: Path) -> None:
    script = IMPORTS.format(arguments=["query", str(asa), "--dport", "443"], heavy=("pandas", "networkx", "pydantic"))
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_the_same_question_gives_the_same_bytes(rulecheck: RunRulecheck, asa: Path) -> None:
    for style in ("text", "json"):
        runs = {
            rulecheck("query", str(asa), "--format", style, env={"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")
        }
        assert len(runs) == 1
