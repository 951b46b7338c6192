"""``rulecheck verify``: files, messages and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.samples import ASA, IPTABLES
from tests.conftest import RunRulecheck


@pytest.fixture
def written(rulecheck: RunRulecheck, tmp_path: Path) -> Path:
    """Write a configuration with its report and certificates; return the folder."""
    (tmp_path / "fw.rules").write_text(IPTABLES, encoding="utf-8")
    done = rulecheck("analyze", "fw.rules", "-o", "fw.json", "--certificates", "fw.certificates.json")
    assert done.returncode == 0, done.stderr
    return tmp_path


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.usefixtures("written")
def test_a_report_with_its_certificates_is_accepted(rulecheck: RunRulecheck) -> None:
    done = rulecheck("verify", "fw.json", "fw.rules")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "4 accepted (1 covered, 1 live, 1 removal plan, 1 shadowed), 0 rejected, 0 not certified\n"


@pytest.mark.usefixtures("written")
def test_every_claim_can_be_listed(rulecheck: RunRulecheck) -> None:
    done = rulecheck("verify", "fw.json", ".", "--all")
    assert done.returncode == 0
    assert done.stdout.splitlines()[:-1] == [
        "accepted: fw: INPUT rule 1 is covered",
        "accepted: fw: INPUT rule 2 is shadowed",
        "accepted: fw: INPUT rule 0 is live",
        "accepted: fw: removal plan of INPUT",
    ]


@pytest.mark.usefixtures("written")
def test_the_configuration_can_come_from_standard_input(rulecheck: RunRulecheck) -> None:
    assert rulecheck("verify", "fw.json", "-", stdin=IPTABLES).returncode == 0


def test_another_configuration_is_rejected(rulecheck: RunRulecheck, written: Path) -> None:
    _change(written / "fw.rules", "192.0.2.7", "192.0.2.9")
    done = rulecheck("verify", "fw.json", "fw.rules")
    assert done.returncode == 1
    assert "rejected: fw: the configuration: no given configuration has the SHA-256 " in done.stdout


def test_a_changed_certificate_is_rejected(rulecheck: RunRulecheck, written: Path) -> None:
    _change(written / "fw.certificates.json", '"source": ["192.0.2.7"]', '"source": ["192.0.2.6"]')
    done = rulecheck("verify", "fw.json", "fw.rules")
    assert done.returncode == 1
    assert "rejected: fw: INPUT rule 1 is covered: a region is not a part of what the rule matches" in done.stdout


def test_a_changed_report_is_rejected(rulecheck: RunRulecheck, written: Path) -> None:
    _change(written / "fw.json", '"kind": "shadowed"', '"kind": "covered"')
    done = rulecheck("verify", "fw.json", "fw.rules")
    assert done.returncode == 1
    assert "rule 2 is covered: the report claims this, and there is no certificate for it" in done.stdout
    assert "rule 2 is shadowed: the report makes no such claim" in done.stdout


def _uncertified(path: Path) -> None:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    (device,) = content["devices"]
    (one,) = [one for one in device["certificates"] if one["kind"] == "covered"]
    device["certificates"].remove(one)
    why = "too large to certify"
    device["uncertified"].append({"policy": one["policy"], "rule": one["rule"], "kind": "covered", "why": why})
    path.write_text(json.dumps(content), encoding="utf-8")


def test_what_has_no_certificate_is_named_and_not_accepted(rulecheck: RunRulecheck, written: Path) -> None:
    _uncertified(written / "fw.certificates.json")
    done = rulecheck("verify", "fw.json", "fw.rules")
    assert done.returncode == 1
    assert "not certified: fw: INPUT rule 1 is covered: too large to certify\n" in done.stdout
    assert done.stdout.endswith("0 rejected, 1 not certified\n")


def test_what_has_no_certificate_can_be_allowed(rulecheck: RunRulecheck, written: Path) -> None:
    _uncertified(written / "fw.certificates.json")
    path = written / "fw.certificates.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    for one in content["devices"][0]["plans"]:
        one["steps"] = [{**step, "regions": None} for step in one["steps"]]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert rulecheck("verify", "fw.json", "fw.rules", "--allow-uncertified").returncode == 0


def test_several_devices_of_one_name(rulecheck: RunRulecheck, tmp_path: Path) -> None:
    (tmp_path / "a.cfg").write_text(ASA, encoding="utf-8")
    (tmp_path / "b.cfg").write_text(ASA.replace("https", "www"), encoding="utf-8")
    done = rulecheck("analyze", "a.cfg", "b.cfg", "a.cfg", "-o", "all.json", "--certificates", "all.certificates.json")
    assert done.returncode == 0, done.stderr
    done = rulecheck("verify", "all.json", "b.cfg", "a.cfg")
    assert done.returncode == 0, done.stdout


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.json", "fw.rules"], "none.json: the report cannot be read: no such file or directory"),
        (["fw.rules", "fw.rules"], "fw.rules: is no JSON report of rulecheck: "),
        (["fw.json", "none.cfg"], "none.cfg"),
        (["fw.json", "fw.rules", "--certificates", "fw.json"], "fw.json: is no certificates file of rulecheck: "),
        (["fw.json", "fw.rules", "--certificates", "no.json"], "no.json: the certificates cannot be read: "),
        (["fw.json"], "Missing argument 'CONFIG...'"),
    ],
)
def test_files_that_cannot_be_used(rulecheck: RunRulecheck, arguments: list[str], message: str) -> None:
    done = rulecheck("verify", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_report_without_certificates_beside_it(rulecheck: RunRulecheck, written: Path) -> None:
    (written / "fw.certificates.json").unlink()
    done = rulecheck("verify", "fw.json", "fw.rules")
    assert done.returncode == 2
    assert "fw.certificates.json: there is no such file; name the certificates with --certificates FILE" in done.stderr


@pytest.mark.usefixtures("written")
def test_certificates_need_the_right_suffix(rulecheck: RunRulecheck) -> None:
    done = rulecheck("analyze", "fw.rules", "--certificates", "proof.txt")
    assert done.returncode == 2
    assert "names no format" in done.stderr


@pytest.mark.parametrize("old", ['"192.0.2.7"', '"tcp"', '"rule": 1', '"by": [["'])
def test_certificates_that_say_nonsense_are_no_traceback(rulecheck: RunRulecheck, written: Path, old: str) -> None:
    _change(written / "fw.certificates.json", old, old[:-1] + "9999999" + old[-1:])
    done = rulecheck("verify", "fw.json", "fw.rules")
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
