"""From tests to the match of a rule."""

from __future__ import annotations

from parsers.netfilter import operands
from parsers.netfilter.nftables.clauses import Key, Part, SetName, SetValue, Test, Values
from parsers.netfilter.nftables.draft import IS_IP, Draft
from parsers.netfilter.nftables.joined import restrict_joined
from parsers.netfilter.nftables.selectors import FRAGMENT, OFFSET_MASK
from parsers.netfilter.nftables.sets import (
    MissingSetError,
    UnknownSetError,
    address_element,
    single,
    texts,
)
from parsers.netfilter.nftables.values import (
    ETHER_TYPES,
    UndefinedError,
    any_bit,
    bits,
    compared,
    masked,
    value_set,
)
from rulecheck.model.fields import IPV4_ALL, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Addresses, Element

_ADDRESSES = (Field.SOURCE, Field.DESTINATION)
_EQUAL = ("", "==", "!=")
_EXTENSION_HEADERS = IntervalSet.points((0, 43, 44, 60, 135, 139, 140))


class UnsureError(ValueError):
    """A test whose meaning differs between versions of nft; the message says so."""


def restrict(draft: Draft, test: Test) -> None:
    """Restrict a draft by a test; one that is not understood becomes a problem of the rule."""
    try:
        _restrict(draft, test)
    except UnknownSetError as error:
        _unknown_set(draft, test, error)
    except (MissingSetError, UndefinedError) as error:
        draft.problem("RC603", str(error), test.text)
    except operands.HostNameError as error:
        draft.shared(f"name:{test.text}", f"the name {str(error)[:60]} is not resolved", test.text)
    except UnsureError as error:
        draft.shared(test.text, str(error), test.text)
    except ValueError as error:
        draft.problem("RC606", str(error), test.text)


def _restrict(draft: Draft, test: Test) -> None:
    _resolve_names(draft, test)
    for part in test.key.parts:
        draft.require(part.selector)
    if len(test.key.parts) > 1:
        restrict_joined(draft, test)
        return
    part = test.key.parts[0]
    selector = part.selector
    if selector.text in draft.context.changed:
        draft.unique(f"a rule of this table changes {selector.text}", test.text, independent=selector.independent)
    elif not _special(draft, part, test):
        _plain(draft, part, test)


def _special(draft: Draft, part: Part, test: Test) -> bool:
    """Restrict by a selector that needs more than its field says; False where it is like all others."""
    selector = part.selector
    if selector.text == "ip frag-off":
        return _fragment(draft, part, test)
    if selector.kind == "ethertype":
        return _ether_type(draft, test)
    return selector.text == "ip6 nexthdr" and _next_header(draft, part, test)


def _plain(draft: Draft, part: Part, test: Test) -> None:
    selector = part.selector
    if selector.field is None:
        _opaque(draft, test)
    elif selector.field in _ADDRESSES and selector.kind in ("ipv4", "ipv6"):
        _address(draft, part, test)
    else:
        _exact(draft, part, test)
        if selector.field is Field.SOURCE_MAC and test.op == "!=":
            draft.shared("mac:ethernet", "a packet without Ethernet header has no MAC address", test.text)


def _resolve_names(draft: Draft, test: Test) -> None:
    """Make sure that a named set exists, whatever the key is."""
    if isinstance(test.right, SetName):
        draft.context.sets.text(test.right.name)


def _unknown_set(draft: Draft, test: Test, error: UnknownSetError) -> None:
    key = f"{test.key.text} in {error.key}"
    draft.shared(key, str(error), test.text, holds=test.op != "!=", fresh=error.fresh)


def _exact(draft: Draft, part: Part, test: Test) -> None:
    selector = part.selector
    assert selector.field is not None
    values = selector.lift(raw_values(draft, part, test))
    if selector.text.startswith("th "):
        draft.needs_ip = True
        draft.any_ports.append((selector.field, values, test.text))
    else:
        draft.narrow(selector.field, values, test.text)


def raw_values(draft: Draft, part: Part, test: Test) -> IntervalSet:
    """Return the values of a selector that pass a test.

    Raises:
        UnsureError: what it means is not sure.
        ValueError: a value is malformed, or its set is missing or not known.
    """
    selector, right = part.selector, test.right
    if isinstance(right, (SetValue, SetName)):
        if test.op not in _EQUAL:
            raise ValueError(f"a set cannot be compared with {test.op}")
        found = draft.context.sets.values(part, right)
    elif selector.kind in ("state", "flags"):
        return _bit_test(part, test.op, right)
    else:
        mask = part.mask or ",".join(right.mask)
        written = [single(one) for one in right.elements]
        if mask:
            found = IntervalSet.union_of(masked(selector, mask, one.text) for one in written)
        else:
            found = IntervalSet.union_of(value_set(selector, one.text, quoted=one.quoted) for one in written)
        if test.op not in _EQUAL:
            if mask or test.op == "!" or len(written) > 1 or found.size != 1:
                raise ValueError(f"{test.text[:80]!r} is not understood")
            return compared(selector, test.op, found)
    return selector.domain - found if test.op == "!=" else found


def _bit_test(part: Part, op: str, right: Values) -> IntervalSet:
    """Return states or flags that pass a test; without operator one of the bits is enough."""
    selector = part.selector
    written = [single(one).text for one in right.elements]
    if any("$" in one for one in written):
        raise UndefinedError(f"{written[0][:60]} is not defined in this file")
    value = 0
    for one in written:
        value |= bits(selector.kind, one)
    mask = part.mask or ",".join(right.mask)
    if mask:
        if op not in _EQUAL:
            raise ValueError(f"a masked value cannot be compared with {op}")
        found = masked(selector, mask, str(value))
        return selector.domain - found if op == "!=" else found
    if op == "!":
        return selector.domain - any_bit(selector, value)
    if op == "":
        if not value:
            raise UnsureError("a test for no bit at all is not read alike by all versions of nft")
        return any_bit(selector, value)
    if op not in _EQUAL:
        raise ValueError(f"{selector.text} cannot be compared with {op}")
    if op == "!=" and (len(written) > 1 or (selector.kind == "state" and value & (value - 1))):
        raise UnsureError("several values behind != are not read alike by all versions of nft")
    exact = IntervalSet(((value, value),)) & selector.domain
    return selector.domain - exact if op == "!=" else exact


def _address(draft: Draft, part: Part, test: Test) -> None:
    selector, right = part.selector, test.right
    assert selector.field is not None
    negated = test.op == "!="
    if part.mask or test.op not in _EQUAL:
        values = raw_values(draft, part, test)
        element = Element(test.text, values, draft.origin(test.text))
        draft.address(selector.field, Addresses(test.text, (element,)), test.text)
    elif isinstance(right, (SetValue, SetName)):
        operand = draft.context.sets.addresses(selector, right, negated=negated)
        draft.address(selector.field, operand, test.text)
    else:
        found = tuple(address_element(selector, single(one), draft.context.file) for one in right.elements)
        label = ", ".join(one.text for one in found)
        draft.address(selector.field, Addresses(f"!= {label}" if negated else label, found, negated), test.text)


def _fragment(draft: Draft, part: Part, test: Test) -> bool:
    """Read ``ip frag-off & 0x1fff != 0``: the offset tells later fragments from all other packets."""
    if not part.mask or _as_number(part.mask) != OFFSET_MASK:
        return False
    values = raw_values(draft, Part(FRAGMENT), test)
    later = IntervalSet(((1, OFFSET_MASK),))
    if later.meets(values) and not later <= values:
        return False
    kept = [number for number, there in ((0, 0 in values), (1, later <= values)) if there]
    draft.narrow(Field.FRAGMENT, IntervalSet.points(kept), test.text)
    return True


def _as_number(text: str) -> int:
    try:
        return operands.number(text.strip("()"), 0, 0xFFFF, "mask")
    except ValueError:
        return -1


def _ether_type(draft: Draft, test: Test) -> bool:
    """Read Ethernet types that are address families; False for others, which stay a condition."""
    if isinstance(test.right, SetName) or test.op not in _EQUAL:
        return False
    names = [single(one).text.lower() for one in test.right.elements]
    wanted = {4 if ETHER_TYPES[one] is IPV4_ALL else 6 for one in names if one in ETHER_TYPES}
    if all(one in ETHER_TYPES for one in names):
        if test.op != "!=":
            draft.keep_families(wanted)
            return True
        if not draft.context.sees_frames:
            draft.keep_families({4, 6} - wanted)
            return True
    elif not wanted and test.op != "!=" and draft.context.sees_frames:
        draft.shared(IS_IP, "frames that are no IP packets are not modelled", test.text, holds=False)
    return False


def _next_header(draft: Draft, part: Part, test: Test) -> bool:
    """Read ``ip6 nexthdr tcp``: the protocol, in packets without extension headers."""
    if test.op not in ("", "==") or part.mask:
        return False
    values = raw_values(draft, part, test) & IntervalSet(((0, 255),))
    if values.meets(_EXTENSION_HEADERS):
        return False
    draft.narrow(Field.PROTOCOL, values, test.text)
    draft.shared("ip6:no extension header", "extension headers are not modelled", test.text, fresh=True)
    return True


def _opaque(draft: Draft, test: Test) -> None:
    """Make a test of something that is not modelled a condition, the same for all tests that are written alike."""
    selector = test.key.parts[0].selector
    negated = test.op == "!=" and selector.always
    op = "" if test.op in ("", "==") or negated else f"{test.op} "
    draft.shared(
        f"{test.key.text} {op}{canonical(draft, test)}",
        selector.reason or f"{selector.text} is not modelled",
        test.text,
        holds=not negated,
        independent=selector.independent,
    )


def canonical(draft: Draft, test: Test) -> str:
    """Return the values of a test in one spelling: numbers in decimal, members in order.

    Raises:
        UndefinedError: a definition is missing.
    """
    if isinstance(test.right, SetName):
        return draft.context.sets.key(test.right.name)
    for one in test.right.elements:
        for value in one.key:
            if "$" in value.text and not value.quoted:
                raise UndefinedError(f"{value.text[:60]} is not defined in this file")
    found = texts(test.right.elements)
    number = found[2:] if found[:2] == "0x" else ""
    if number and len(number) <= 16 and all(mark in "0123456789abcdefABCDEF" for mark in number):
        found = str(int(number, 16))
    if isinstance(test.right, Values) and test.right.mask:
        found = f"{found} / {','.join(sorted(test.right.mask))}"
    return found


def key_test(key: Key, right: SetValue | SetName) -> Test:
    """Return the test that a key is one of a map's."""
    label = f"@{right.name}" if isinstance(right, SetName) else "{ … }"
    return Test(key, "", right, f"{key.text} {label}")
