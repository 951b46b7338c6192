"""Field sets as text that people read and programs read back: the notation of certificates.

A set is a list of items in rising order. Addresses are written ``10.0.0.0/8``, ``192.0.2.7`` or ``192.0.2.1-192.0.2.9``
(RFC 4632, RFC 5952), numbers ``443`` or ``8000-8080``, ICMP types ``8/0`` (type and code), MAC addresses
``02:00:00:00:00:01``, names ``'inside'`` and all names with a prefix ``'eth'*``. A set of names that is written more
shortly by what it lacks begins with the item ``not``.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from rulecheck.model.fields import CONNECTION_STATES, DOMAIN, IPV6_BASE, NAME_FIELDS, Field
from rulecheck.model.intervals import Interval, IntervalSet
from rulecheck.model.names import NAME_BYTES, encode_name, prefix_set

NOT = "not"
_ADDRESSES = frozenset({Field.SOURCE, Field.DESTINATION})
_PROTOCOLS = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ah", 58: "icmpv6", 132: "sctp"}
_WORDS: dict[Field, dict[int, str]] = {
    Field.PROTOCOL: _PROTOCOLS,
    Field.CONNECTION_STATE: dict(enumerate(CONNECTION_STATES)),
}
_NUMBERS = {field: {word: number for number, word in words.items()} for field, words in _WORDS.items()}


def write(field: Field, values: IntervalSet) -> list[str]:
    """Return a set of a field's values as items; :func:`read` returns the same set."""
    if field not in NAME_FIELDS:
        return [_item(field, pair) for pair in values]
    plain, rest = ([_names(pair) for pair in one] for one in (values, DOMAIN[field] - values))
    return [NOT, *rest] if len(rest) < len(plain) or any(item.startswith("#") for item in plain) else plain


def read(field: Field, items: Iterable[str]) -> IntervalSet:
    """Return the set that is written as ``items``.

    Raises:
        ValueError: an item is not written as :func:`write` does, or is outside the field's domain.
    """
    listed = list(items)
    lacks = field in NAME_FIELDS and listed[:1] == [NOT]
    read_one = _read_name if field in NAME_FIELDS else _read_item
    found = IntervalSet.merged(read_one(field, item) for item in listed[lacks:])
    if not found <= DOMAIN[field]:
        raise ValueError(f"{items!r} is outside of what {field.value} can be")
    return DOMAIN[field] - found if lacks else found


# --- addresses and numbers ----------------------------------------------------------------------------------


def _item(field: Field, pair: Interval) -> str:
    low, high = pair
    if field in _ADDRESSES:
        return _network(low, high) or f"{_one(field, low)}-{_one(field, high)}"
    return _one(field, low) if low == high else f"{_one(field, low)}-{_one(field, high)}"


def _one(field: Field, value: int) -> str:
    if field in _ADDRESSES:
        return str(_address(value))
    if field is Field.ICMP:
        return f"{value >> 8}/{value & 255}"
    if field is Field.SOURCE_MAC:
        return ":".join(f"{byte:02x}" for byte in value.to_bytes(6, "big"))
    return _WORDS.get(field, {}).get(value, str(value))


def _address(value: int) -> IPv4Address | IPv6Address:
    return IPv6Address(value - IPV6_BASE) if value >= IPV6_BASE else IPv4Address(value)


def _network(low: int, high: int) -> str:
    """Return an interval as one address or network, "" where it is none (or has both families)."""
    if low == high:
        return str(_address(low))
    size, width = high - low + 1, 128 if low >= IPV6_BASE else 32
    whole = size & (size - 1) == 0 and low % size == 0 and size <= 1 << width
    return f"{_address(low)}/{width + 1 - size.bit_length()}" if whole else ""


def _read_item(field: Field, item: str) -> Interval:
    if field in _ADDRESSES and "/" in item:
        network = ip_network(item)
        base = IPV6_BASE if network.version == 6 else 0
        return base + int(network.network_address), base + int(network.broadcast_address)
    first, dash, last = item.partition("-")
    low = _read_one(field, first)
    return low, _read_one(field, last) if dash else low


def _read_one(field: Field, item: str) -> int:
    if field in _ADDRESSES:
        address = ip_address(item)
        return int(address) + (IPV6_BASE if address.version == 6 else 0)
    if field is Field.ICMP:
        kind, _, code = item.partition("/")
        return _decimal(kind, 255) << 8 | _decimal(code, 255)
    if field is Field.SOURCE_MAC:
        return int.from_bytes(bytes.fromhex(item.replace(":", " ")), "big")
    return _NUMBERS[field][item] if item in _NUMBERS.get(field, {}) else _decimal(item, 0xFFFF)


def _decimal(text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= most):
        raise ValueError(f"{text!r} is not a number up to {most}")
    return int(text)


# --- names --------------------------------------------------------------------------------------------------


def _names(pair: Interval) -> str:
    """Return an interval of names: one name, those with a prefix, or else the ends as hexadecimal numbers."""
    low, high = pair
    text = low.to_bytes(NAME_BYTES, "big").rstrip(b"\0").decode("utf-8", "replace")
    if text.isprintable():
        if low == high and encode_name(text) == low:
            return f"'{text}'"
        if prefix_set(text).intervals == (pair,):
            return f"'{text}'*"
    return f"#{low:x}-#{high:x}"


def _read_name(_: Field, item: str) -> Interval:
    if len(item) >= 2 and item[0] == item[-1] == "'":
        value = encode_name(item[1:-1])
        return value, value
    if len(item) >= 3 and item[0] == "'" and item.endswith("'*"):
        return prefix_set(item[1:-2]).intervals[0]
    ends = item.split("-")
    if len(ends) != 2 or not all(end[:1] == "#" for end in ends):
        raise ValueError(f"{item!r} is not a name, a prefix or a range of names")
    return int(ends[0][1:], 16), int(ends[1][1:], 16)
