"""Real and test configurations of NX-OS, IOS-XR and EOS: recognised, every line accounted for, entries understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parsers import registry
from parsers.reading import read_file
from rulecheck.model.device import Device

FOLDERS = {
    "cisco_nxos": ("cisco_nxos", "syntax_cisco_nxos"),
    "cisco_xr": ("cisco_xr", "syntax_cisco_xr"),
    "arista_eos": ("syntax_arista",),
}
ENTRY = re.compile(r"\s*(?:\d+ )?(?:permit|deny) ")
BROKEN_ON_PURPOSE = "nxos_ip_access_list_invalid"


def files(corpus: Path, platform: str) -> list[Path]:
    return [path for name in FOLDERS[platform] for path in sorted((corpus / name).iterdir())]


def device(path: Path, platform: str) -> Device:
    (found,) = registry.parse(read_file(str(path)), platform)
    return found


@pytest.mark.parametrize("platform", FOLDERS)
def test_every_file_is_recognised(corpus: Path, platform: str) -> None:
    found = {path.name: registry.detect(read_file(str(path))) for path in files(corpus, platform)}
    assert found == dict.fromkeys(found, platform)


@pytest.mark.parametrize("platform", FOLDERS)
def test_every_line_is_accounted_for_and_known(corpus: Path, platform: str) -> None:
    for path in files(corpus, platform):
        found = device(path, platform)
        assert found.source.lines.total == len(read_file(str(path)).lines)
        assert found.source.lines.unknown == 0, path.name


@pytest.mark.parametrize("platform", FOLDERS)
def test_entries_are_understood(corpus: Path, platform: str) -> None:
    for path in files(corpus, platform):
        if BROKEN_ON_PURPOSE in path.name:
            continue
        found = device(path, platform)
        assert {one.code for one in found.diagnostics} <= {"RC601", "RC603"}, path.name
        assert not [one for one in found.diagnostics if one.code == "RC601" and one.affects_verdicts], path.name


def test_a_configuration_without_lists_gives_no_rules(corpus: Path) -> None:
    found = device(corpus / "cisco_nxos" / "ciscoconfparse_sample_01.nxos", "cisco_nxos")
    assert found.policies == ()
