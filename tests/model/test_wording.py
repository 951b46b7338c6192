"""Sets in words: every member is named, nothing else is, and common sets read as people write them."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecheck.model.fields import (
    ADDRESS_ALL,
    DOMAIN,
    IPV4_ALL,
    IPV6_ALL,
    IPV6_BASE,
    TCP_ESTABLISHED,
    TCP_FLAG_NAMES,
    Field,
    tcp_flag_values,
)
from rulecheck.model.flagwords import flag_tests
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.names import encode_name, name_set, prefix_set
from rulecheck.model.wording import parts, phrase


def _four(*pairs: tuple[str, str]) -> IntervalSet:
    return IntervalSet.of(*((int(ip_address(low)), int(ip_address(high))) for low, high in pairs))


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        (Field.SOURCE, ADDRESS_ALL, "any"),
        (Field.SOURCE, IPV4_ALL, "any IPv4"),
        (Field.DESTINATION, IPV6_ALL, "any IPv6"),
        (Field.SOURCE, _four(("10.0.0.0", "10.255.255.255")), "10.0.0.0/8"),
        (Field.SOURCE, IPV4_ALL - _four(("10.0.0.0", "10.255.255.255")), "any IPv4 except 10.0.0.0/8"),
        (Field.SOURCE, _four(("10.0.0.1", "10.0.0.1"), ("10.0.0.8", "10.0.0.11")), "10.0.0.1, 10.0.0.8/30"),
        (Field.SOURCE, _four(("10.0.0.1", "10.0.0.77")), "10.0.0.1-10.0.0.77"),
        (Field.SOURCE, IntervalSet.of((IPV6_BASE + 1, IPV6_BASE + 1)), "::1"),
        (Field.PROTOCOL, IntervalSet.points([6, 17, 99]), "tcp, udp, 99"),
        (Field.PROTOCOL, DOMAIN[Field.PROTOCOL] - IntervalSet.points([6]), "any except tcp"),
        (Field.DESTINATION_PORT, IntervalSet.of((80, 80), (8000, 8100)), "80, 8000-8100"),
        (Field.DESTINATION_PORT, DOMAIN[Field.DESTINATION_PORT] - IntervalSet.points([22]), "any except 22"),
        (Field.DESTINATION_PORT, IntervalSet.points(range(1, 40, 2)), "1, 3, 5, 7, 9, 11, 13 and 13 more"),
        (Field.ICMP, IntervalSet.of((8 * 256, 8 * 256 + 255)), "type 8"),
        (Field.ICMP, IntervalSet.of((3 * 256 + 1, 3 * 256 + 1)), "type 3 code 1"),
        (Field.ICMP, IntervalSet.of((3 * 256, 5 * 256 + 9)), "types 3-4, type 5 codes 0-9"),
        (Field.TCP_FLAGS, TCP_ESTABLISHED, "ACK or RST"),
        (Field.TCP_FLAGS, IntervalSet.points([2]), "SYN alone"),
        (Field.TCP_FLAGS, IntervalSet.points([0]), "no flag"),
        (Field.TCP_FLAGS, tcp_flag_values(0x17, 0x02), "SYN without FIN/RST/ACK"),
        (
            Field.TCP_FLAGS,
            DOMAIN[Field.TCP_FLAGS] - tcp_flag_values(3, 3) - tcp_flag_values(6, 6),
            "without SYN or without FIN/RST",
        ),
        (Field.CONNECTION_STATE, IntervalSet.points([1, 3]), "ESTABLISHED, NEW"),
        (Field.IN_INTERFACE, name_set("eth0"), "eth0"),
        (Field.IN_INTERFACE, DOMAIN[Field.IN_INTERFACE] - name_set("eth0", "lo"), "any except eth0, lo"),
        (Field.IN_INTERFACE, prefix_set("tun"), "tun*"),
        (Field.FRAGMENT, IntervalSet.points([1]), "later fragments"),
        (Field.SOURCE_MAC, IntervalSet.points([0x525400123456]), "52:54:00:12:34:56"),
        (Field.TTL, IntervalSet.of((0, 9)), "0-9"),
        (Field.TTL, IntervalSet(), "nothing"),
    ],
)
def test_common_sets(field: Field, values: IntervalSet, words: str) -> None:
    assert phrase(field, values) == words


def _read(text: str) -> IntervalSet:
    """Return the addresses that a part names."""
    if text in ("any", "any IPv4", "any IPv6"):
        return {"any": ADDRESS_ALL, "any IPv4": IPV4_ALL, "any IPv6": IPV6_ALL}[text]
    if "/" in text:
        net = ip_network(text)
        base = IPV6_BASE if net.version == 6 else 0
        return IntervalSet.of((base + int(net[0]), base + int(net[-1])))
    low, _, high = text.partition("-")
    ends = [ip_address(one) for one in (low, high or low)]
    low_value, high_value = (int(one) + (IPV6_BASE if one.version == 6 else 0) for one in ends)
    return IntervalSet.of((low_value, high_value))


def _sets(highest: int, base: int = 0) -> st.SearchStrategy[IntervalSet]:
    ends = st.tuples(st.integers(0, highest), st.integers(0, highest)).map(sorted)
    return st.lists(ends, min_size=1, max_size=5).map(
        lambda pairs: IntervalSet.merged((base + low, base + high) for low, high in pairs)
    )


@given(st.one_of(_sets((1 << 32) - 1), _sets((1 << 128) - 1, IPV6_BASE), _sets(300)))
def test_parts_are_exactly_the_addresses(values: IntervalSet) -> None:
    assert IntervalSet.union_of(map(_read, parts(Field.SOURCE, values))) == values


@given(_sets(0xFFFF))
def test_parts_are_exactly_the_ports(values: IntervalSet) -> None:
    pairs = (text.split("-") for text in parts(Field.DESTINATION_PORT, values))
    if values == DOMAIN[Field.DESTINATION_PORT]:
        assert parts(Field.DESTINATION_PORT, values) == ("any",)
    else:
        assert IntervalSet.merged((int(one[0]), int(one[-1])) for one in pairs) == values


def _bytes(text: str) -> IntervalSet:
    """Return the flag bytes for which a test in words holds."""
    if text in ("no flag", "any flags") or text.endswith(" alone"):
        names = text.removesuffix(" alone")
        value = sum(1 << bit for bit, name in enumerate(TCP_FLAG_NAMES) if name in names.split("+"))
        return DOMAIN[Field.TCP_FLAGS] if text == "any flags" else IntervalSet.points([value])
    on, _, off = (" " + text).partition(" without ")
    mask = value = 0
    for bit, name in enumerate(TCP_FLAG_NAMES):
        if name in on.strip().split("+"):
            mask, value = mask | 1 << bit, value | 1 << bit
        elif name in off.split("/"):
            mask |= 1 << bit
    return tcp_flag_values(mask, value)


@given(st.sets(st.integers(0, 255), min_size=1, max_size=40))
def test_flag_tests_hold_for_exactly_the_bytes(numbers: set[int]) -> None:
    values = IntervalSet.points(numbers)
    assert IntervalSet.union_of(map(_bytes, flag_tests(values))) == values


@given(st.sets(st.sampled_from(["eth0", "eth1", "lo", "ppp0", "wlan0"]), min_size=1))
def test_names_are_named(names: set[str]) -> None:
    assert set(parts(Field.OUT_INTERFACE, name_set(*names))) == names
    rest = DOMAIN[Field.OUT_INTERFACE] - name_set(*names)
    assert phrase(Field.OUT_INTERFACE, rest) == f"any except {', '.join(sorted(names, key=encode_name))}"


@given(st.sampled_from(list(Field)), st.data())
def test_every_set_has_words(field: Field, data: st.DataObject) -> None:
    low, high = DOMAIN[field].intervals[0][0], DOMAIN[field].intervals[-1][1]
    ends = st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted)
    pairs = data.draw(st.lists(ends, min_size=1, max_size=4))
    values = IntervalSet.merged((a, b) for a, b in pairs) & DOMAIN[field]
    if values:
        assert phrase(field, values)
        assert all(parts(field, values))
