"""The notation of field sets: what people read, and that it reads back as the same set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecheck.model.fields import DOMAIN, IPV4_ALL, IPV6_BASE, NAME_FIELDS, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.names import name_set, prefix_set
from rulecheck.model.notation import read, write
from tests.strategies import thorough

WORDS = (
    (Field.SOURCE, IPV4_ALL, ["0.0.0.0/0"]),
    (Field.SOURCE, DOMAIN[Field.SOURCE], ["0.0.0.0/0", "::/0"]),
    (Field.DESTINATION, IntervalSet.of((0x0A000000, 0x0A0000FF), (0xC0000201, 0xC0000203)), None),
    (Field.SOURCE, IntervalSet.points([IPV6_BASE + (0x20010DB8 << 96)]), ["2001:db8::"]),
    (Field.DESTINATION_PORT, IntervalSet.of((443, 443), (8000, 8080)), ["443", "8000-8080"]),
    (Field.PROTOCOL, IntervalSet.points([6, 17, 200]), ["tcp", "udp", "200"]),
    (Field.PROTOCOL, IntervalSet.of((6, 17)), ["tcp-udp"]),
    (Field.ICMP, IntervalSet.points([8 * 256]), ["8/0"]),
    (Field.ICMP, IntervalSet.of((8 * 256, 8 * 256 + 255)), ["8/0-8/255"]),
    (Field.CONNECTION_STATE, IntervalSet.points([1, 3]), ["ESTABLISHED", "NEW"]),
    (Field.SOURCE_MAC, IntervalSet.points([0x020000000001]), ["02:00:00:00:00:01"]),
    (Field.IN_INTERFACE, name_set("eth0"), ["'eth0'"]),
    (Field.IN_INTERFACE, prefix_set("eth"), ["'eth'*"]),
    (Field.SOURCE_ZONE, DOMAIN[Field.SOURCE_ZONE] - name_set("it's"), ["not", "'it's'"]),
)


@pytest.mark.parametrize(("field", "values", "items"), WORDS)
def test_what_is_written(field: Field, values: IntervalSet, items: list[str] | None) -> None:
    written = write(field, values)
    assert written == (items or ["10.0.0.0/24", "192.0.2.1-192.0.2.3"])
    assert read(field, written) == values


@st.composite
def field_sets(draw: st.DrawFn) -> tuple[Field, IntervalSet]:
    field = draw(st.sampled_from(list(Field)))
    low, high = draw(st.sampled_from(DOMAIN[field].intervals))
    ends = st.integers(low, high)
    pairs = draw(st.lists(st.tuples(ends, ends).map(lambda p: (min(p), max(p))), min_size=1, max_size=3))
    values = IntervalSet.merged(pairs)
    if field in NAME_FIELDS and draw(st.booleans()):
        values = name_set(*draw(st.lists(st.text(max_size=70), max_size=3))) | prefix_set(draw(st.text(max_size=3)))
    return field, values if draw(st.booleans()) else DOMAIN[field] - values


@given(one=field_sets())
@thorough(500)
def test_every_set_reads_back(one: tuple[Field, IntervalSet]) -> None:
    field, values = one
    assert read(field, write(field, values)) == values


@pytest.mark.parametrize(
    ("field", "item"),
    [
        (Field.SOURCE, "10.0.0.1/8"),
        (Field.SOURCE, "10.0.0.9-10.0.0.1"),
        (Field.SOURCE, "eth0"),
        (Field.DESTINATION_PORT, "65536"),
        (Field.DESTINATION_PORT, "-1"),
        (Field.DESTINATION_PORT, "١"),
        (Field.PROTOCOL, "tpc"),
        (Field.PROTOCOL, "256"),
        (Field.ICMP, "8"),
        (Field.SOURCE_MAC, "02:00:00:00:00:00:01"),
        (Field.CONNECTION_STATE, "5"),
        (Field.IN_INTERFACE, "eth0"),
        (Field.IN_INTERFACE, "#0"),
        (Field.IN_INTERFACE, f"#0-#{1 << 512:x}"),
    ],
)
def test_what_is_not_understood_is_an_error(field: Field, item: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(field, [item])
