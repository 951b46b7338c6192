"""Random policies written as nftables, as text and as JSON: the parsed rules match exactly the sketch's packets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.differential.test_rendered import check_platform, parsed
from tests.render.abstract import ANY, Line, Network, Operand, Ports, Sketch
from tests.render.nftables import CHAIN, nftables, nftables_json
from tests.strategies import sketches, thorough

FAMILIES = st.sampled_from(["ip", "inet"])


@given(sketch=sketches(either_default=True), family=FAMILIES)
@thorough(150)
def test_text(sketch: Sketch, family: str) -> None:
    check_platform(sketch, parsed(nftables(sketch, family), f"{family} {CHAIN}"))


@given(sketch=sketches(either_default=True), family=FAMILIES, indent=st.sampled_from([None, 2]))
@thorough(100)
def test_json(sketch: Sketch, family: str, indent: int | None) -> None:
    check_platform(sketch, parsed(nftables_json(sketch, family, indent), f"{family} {CHAIN}"))


@given(sketch=sketches(groups=True), family=FAMILIES, as_json=st.booleans())
@thorough(150)
def test_named_sets(sketch: Sketch, family: str, as_json: bool) -> None:
    text = nftables_json(sketch, family) if as_json else nftables(sketch, family)
    check_platform(sketch, parsed(text, f"{family} {CHAIN}"))


_HOST = Operand((Network(0x0A000001, 32),))
_GROUP = Operand((Network(0x0A010000, 16), Network(0x0A020001, 32)), group="GROUP-0")
_LINES = (
    Line(True, "tcp", _HOST, _GROUP, Ports(1024, 65535), Ports(443, 443), log=True),
    Line(False, "icmp", ANY, _HOST, icmp=8),
    Line(False, None, ANY, ANY),
)


def test_the_renderer_writes_what_nft_lists() -> None:
    assert nftables(Sketch(_LINES), "inet").splitlines() == [
        "table inet filter {",
        "\tset GROUP-0 {",
        "\t\ttype ipv4_addr",
        "\t\tflags interval",
        "\t\tauto-merge",
        "\t\telements = { 10.1.0.0/16, 10.2.0.1 }",
        "\t}",
        "",
        "\tchain forward {",
        "\t\ttype filter hook forward priority filter; policy drop;",
        '\t\tip saddr 10.0.0.1 ip daddr @GROUP-0 tcp sport 1024-65535 tcp dport 443 log prefix "sketch " accept',
        "\t\tip daddr 10.0.0.1 icmp type 8 drop",
        "\t\tmeta nfproto ipv4 drop",
        "\t}",
        "}",
    ]
