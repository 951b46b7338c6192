"""The block structure of Cisco configurations."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.cisco import blocks
from parsers.cisco.blocks import Block, Syntax, read_blocks

TEXT = """hostname r1

interface Gi0/0
 description a

! a comment
 ip address 192.0.2.1 255.255.255.0
router bgp 1
 address-family ipv4
  network 192.0.2.0
  neighbor x
 exit-address-family
access-list A extended permit ip any any
 stray
object network A
 host 192.0.2.1
""".splitlines()


def one_line(text: str) -> bool:
    return text.startswith("access-list ")


def test_blocks_with_line_numbers() -> None:
    assert read_blocks(TEXT, "asa", one_line) == (
        Block(1, "hostname r1"),
        Block(3, "interface Gi0/0", (Block(4, "description a"), Block(7, "ip address 192.0.2.1 255.255.255.0"))),
        Block(
            8,
            "router bgp 1",
            (
                Block(9, "address-family ipv4", (Block(10, "network 192.0.2.0"), Block(11, "neighbor x"))),
                Block(12, "exit-address-family"),
            ),
        ),
        Block(14, "stray"),
        Block(15, "object network A", (Block(16, "host 192.0.2.1"),)),
    )


def test_walk_goes_in_line_order() -> None:
    (found,) = read_blocks(TEXT[7:12], "ios")
    assert [one.line for one in found.walk()] == [1, 2, 3, 4, 5]
    assert found.words == ["router", "bgp", "1"]


@pytest.mark.parametrize("mark", ["^C", "#", "\x03"])
def test_an_ios_banner_owns_its_text(mark: str) -> None:
    text = [f"banner motd {mark}", "interface Gi0/0", "", f" bye{mark}", "hostname r1"]
    first, second = read_blocks(text, "ios")
    assert [(one.line, one.text, one.literal) for one in first.children] == [
        (2, "interface Gi0/0", True),
        (3, "", True),
        (4, f"bye{mark}", True),
    ]
    assert second == Block(5, "hostname r1")


def test_a_banner_without_an_end_does_not_swallow_the_file() -> None:
    assert [one.text for one in read_blocks(["banner motd ^C", "hostname r1"], "ios")] == [
        "banner motd ^C",
        "hostname r1",
    ]


def test_an_asa_banner_is_one_line() -> None:
    assert read_blocks(["banner motd # hello", "hostname fw", "banner motd #"], "asa")[1] == Block(2, "hostname fw")


def test_a_macro_owns_its_text() -> None:
    first, second = read_blocks(["macro name m", "interface x", "@", "hostname r1"], "ios")
    assert [one.text for one in first.children] == ["interface x", "@"]
    assert second.text == "hostname r1"


@pytest.fixture
def without_ciscoconfparse(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("no ciscoconfparse today")

    monkeypatch.setattr(blocks, "_load", fail)


@pytest.mark.usefixtures("without_ciscoconfparse")
def test_the_plain_reader_gives_the_same() -> None:
    assert read_blocks(TEXT, "asa", one_line)[1].children[1] == Block(7, "ip address 192.0.2.1 255.255.255.0")


config_lines = st.lists(
    st.builds(
        lambda indent, word: " " * indent + word,
        st.integers(0, 5),
        st.sampled_from(
            ["interface x", "ip address", "!", "", "exit", "{", "}", "banner motd ^C", "^C", "macro name a", "@", "end"]
        ),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(config_lines, st.sampled_from(["asa", "ios"]))
def test_both_readers_agree(lines: list[str], syntax: Syntax) -> None:
    entries = blocks._entries(lines, syntax, None)
    by_library = blocks._ciscoconfparse_parents(entries, syntax)
    assert by_library == blocks.indent_parents([blocks._shown(one) for one in entries])


@settings(max_examples=150, deadline=None)
@given(config_lines, st.sampled_from(["asa", "ios"]))
def test_no_line_is_lost(lines: list[str], syntax: Syntax) -> None:
    found = [one.line for block in read_blocks(lines, syntax) for one in block.walk()]
    assert len(found) == len(set(found))
    assert {n for n, line in enumerate(lines, 1) if line.strip() and line.strip()[0] != "!"} <= set(found)


def test_what_would_take_quadratic_time_is_read_plainly() -> None:
    saw = ["interface x"] + ["  a", " b"] * 20_000
    entries = blocks._entries(saw, "ios", None)
    assert blocks._ciscoconfparse_parents(entries, "ios") is None
    assert len(read_blocks(saw, "ios")[0].children) == 20_001


def test_reading_prints_nothing() -> None:
    code = "from parsers.cisco.blocks import read_blocks; read_blocks(['a', ' b', '{', 'banner motd ^C'], 'ios')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_importing_does_not_load_ciscoconfparse() -> None:
    code = "import sys, parsers.cisco.asa; sys.exit('ciscoconfparse' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
