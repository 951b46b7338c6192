"""The ``from`` of a firewall filter term: conditions of one kind are alternatives, different kinds must all hold.

Source: Juniper "Routing Policies, Firewall Filters, and Traffic Policers User Guide", chapters "Firewall Filter Match
Conditions for IPv4 Traffic" and "... for IPv6 Traffic".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from parsers.juniper.facts import Facts
from parsers.juniper.flags import tcp_flags
from parsers.juniper.longest import Listed, elements, has_unclear_order
from parsers.juniper.prefix_lists import PREFIX_LIST, PrefixLists
from parsers.juniper.tree import Node
from parsers.juniper.values import prefix
from parsers.juniper.vocabulary import (
    TCP,
    TCP_OR_UDP,
    WITH_PORTS,
    complement,
    icmp_values,
    number,
    ports,
    protocols,
    span,
    table,
)
from parsers.juniper.words import words
from parsers.redact import redact
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import ANY_ADDRESS, Addresses, Condition, Constraint, Match, Service, Services
from rulecheck.model.names import encode_name, name_set, prefix_set

_SIDES = {
    "source-address": Field.SOURCE,
    "ip-source-address": Field.SOURCE,
    "source-prefix-list": Field.SOURCE,
    "destination-address": Field.DESTINATION,
    "ip-destination-address": Field.DESTINATION,
    "destination-prefix-list": Field.DESTINATION,
}
_EITHER = frozenset({"address", "ip-address", PREFIX_LIST})
_PROTOCOL = frozenset({"protocol", "next-header", "payload-protocol", "ip-protocol"})
_RANGES = {
    "ttl": (Field.TTL, 255),
    "hop-limit": (Field.TTL, 255),
    "packet-length": (Field.PACKET_LENGTH, 65535),
}
_QUIET = frozenset({"source-port-range-optimize", "destination-port-range-optimize"})
_SYMBOLIC = words("""ip-options fragment-flags first-fragment forwarding-class loss-priority source-class destination-class
    interface-group esp-spi ah-spi ah-header esp-header ether-type vlan-id learn-vlan-id user-vlan-id
    traffic-type service-filter-hit redirect-reason flexible-match-mask flexible-match-range rat-type gre-key
    policy-map payload-length extension-header ip-version l2-token application application-group
    application-group-any application-groups learn-vlan-1p-priority user-vlan-1p-priority learn-vlan-dei
    source-mac-address destination-mac-address exp interface-specific match-order ttl-eq-zero flow-label
    source-mac destination-mac dot1q-tag dot1q-user-priority vlan tunnel-label-range hierarchical-tag
    loss-priority-except forwarding-class-except interface-group-except""")
"""Conditions that are known but cannot be computed; equal ones are the same test."""


@dataclass(slots=True)
class _Draft:
    """What a term's conditions amount to so far."""

    family: int | None
    protocol: IntervalSet | None = None
    source_ports: IntervalSet | None = None
    destination_ports: IntervalSet | None = None
    either_ports: IntervalSet | None = None
    icmp_types: IntervalSet | None = None
    icmp_codes: IntervalSet | None = None
    tcp: IntervalSet | None = None
    fragment: IntervalSet | None = None
    sides: dict[Field, list[Listed]] = field(default_factory=dict)
    side_words: dict[Field, list[str]] = field(default_factory=dict)
    constraints: list[Constraint] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    unclear: set[Field] = field(default_factory=set)


class FromReader:
    """Reads the match conditions of terms. ``sets`` are the interface sets of ``firewall``."""

    def __init__(self, facts: Facts, lists: PrefixLists, sets: dict[str, Node], aliases: dict[str, int]) -> None:
        self._facts = facts
        self._lists = lists
        self._sets = sets
        self._aliases = aliases
        self._operands: dict[object, Addresses] = {}

    def match(self, node: Node | None, family: int | None, policy: str, index: int) -> Match:
        """Return the match of a term; without ``from`` it is everything."""
        if node is None:
            return Match()
        draft = _Draft(family)
        for one in node.live():
            one.take()
            self._condition(one, draft, policy, index)
        services = self._services(node, draft)
        return Match(
            self._operand(draft, Field.SOURCE),
            self._operand(draft, Field.DESTINATION),
            services,
            tuple(draft.constraints),
            tuple(dict.fromkeys(draft.conditions)),
        )

    def _condition(self, node: Node, draft: _Draft, policy: str, index: int) -> None:
        word = node.word
        if word in _QUIET or (not any(True for _ in node.live()) and node.children):
            return
        if word in _SIDES or word in _EITHER:
            self._addresses(node, draft, policy, index)
        elif not self._numbers(node, draft) and not self._other(node, draft):
            draft.conditions.append(self._facts.doubt(node, f"the match condition {word} was not understood"))

    # --- addresses ----------------------------------------------------------------------------------------

    def _addresses(self, node: Node, draft: _Draft, policy: str, index: int) -> None:
        listed: list[Listed] = []
        words: list[str] = []
        understood = True
        for one in node.values():
            refused = self._refused(one, draft)
            words.append(one.word + (" except" if refused else ""))
            if node.word.endswith(PREFIX_LIST):
                self._facts.use(policy, index, PREFIX_LIST, one.word)
                understood &= self._list(one, refused, listed)
            elif (read := prefix(one.word)) is not None:
                listed.append(Listed(words[-1], read, refused, self._facts.origin(one)))
            else:
                self._facts.malformed(one, f"{node.word} has a value that is not a prefix")
                understood = False
        if node.word in _EITHER:
            draft.conditions.append(self._either(node, words))
            return
        side = _SIDES[node.word]
        draft.sides.setdefault(side, []).extend(listed)
        draft.side_words.setdefault(side, []).extend(f"{node.word} {word}" for word in words)
        if not understood:
            draft.unclear.add(side)

    def _refused(self, node: Node, draft: _Draft) -> bool:
        """Return whether ``except`` follows a prefix."""
        refused = False
        for one in node.live():
            if one.word == "except":
                one.take()
                refused = True
            else:
                draft.conditions.append(self._facts.doubt(one, f"{one.word} behind a prefix was not understood"))
        return refused

    def _list(self, node: Node, refused: bool, listed: list[Listed]) -> bool:
        """Add the prefixes of a list; return whether it is known."""
        if not self._lists.defined(node.word):
            self._facts.undefined(node, f"the prefix list {node.word} is not defined")
            return False
        entries = self._lists.entries(node.word)
        suffix = " except" if refused else ""
        path = (node.word,)
        for one in entries or ():
            listed.append(Listed(one.text + suffix, one.read, refused, self._facts.origin(one.node, one.text, path)))
        return entries is not None

    def _either(self, node: Node, words: list[str]) -> Condition:
        """An address that may be the source or the destination: no product of both sides says that."""
        text = f"{node.word} {' '.join(sorted(words))}"
        reason = f"{node.word} accepts packets by their source or their destination, which is not resolved"
        return Condition(text, reason, self._facts.origin(node, text[:200]))

    def _operand(self, draft: _Draft, side: Field) -> Addresses:
        listed = draft.sides.get(side)
        if listed is None:
            return ANY_ADDRESS
        words = draft.side_words[side]
        if side in draft.unclear or has_unclear_order(listed):
            text = " ".join(words)
            reason = "which addresses its prefixes stand for is not known"
            origin = listed[0].origin if listed else self._facts.origin(Node(text[:200], 0))
            draft.conditions.append(Condition(f"{side.value} of {text}", reason, origin))
            return ANY_ADDRESS
        key = (tuple(words), draft.family, tuple(one.origin.line for one in listed[:1]))
        found = self._operands.get(key)
        if found is None:
            label = " ".join(words[:20]) + (" …" if len(words) > 20 else "")
            found = self._operands[key] = Addresses(label, elements(listed, draft.family))
        return found

    # --- numbers ------------------------------------------------------------------------------------------

    def _numbers(self, node: Node, draft: _Draft) -> bool:
        """Read a condition on numbers or names of numbers; return False for another condition."""
        word = node.word.removesuffix("-except")
        negated = word != node.word
        if word in _PROTOCOL:
            found = self._values(node, protocols, draft)
            draft.protocol = _both(draft.protocol, _negate(Field.PROTOCOL, found, negated))
        elif word in ("source-port", "destination-port", "port"):
            found = _negate(Field.DESTINATION_PORT, self._values(node, ports, draft), negated)
            self._ports(word, found, draft)
        elif word in ("icmp-type", "icmp-code"):
            self._icmp(node, word, negated, draft)
        elif word in _RANGES:
            field_, highest = _RANGES[word]
            found = self._values(node, lambda text: span({}, text, highest), draft)
            self._constrain(node, field_, _negate(field_, found, negated), draft)
        elif word in ("dscp", "traffic-class", "precedence"):
            self._tos(node, word, negated, draft)
        elif word == "fragment-offset":
            self._offset(node, negated, draft)
        else:
            return False
        return True

    def _values(self, node: Node, read: Callable[[str], IntervalSet | None], draft: _Draft) -> IntervalSet | None:
        """Return the union of a condition's values; None makes the rule inexact instead of narrower."""
        found: list[IntervalSet] = []
        doubtful = False
        for one in node.values():
            text = one.word
            rest = list(one.walk())[1:]
            if rest:  # "100 - 200", with the words as nodes behind each other
                text = "".join(each.word for each in list(one.walk()))
                one.take(whole=True)
            values = read(text)
            if values is None:
                message = f"{node.word} has a value that is not understood"
                draft.conditions.append(self._facts.doubt(one, message, "RC606"))
                doubtful = True
            else:
                found.append(values)
        return None if doubtful else IntervalSet.union_of(found)

    def _ports(self, word: str, found: IntervalSet | None, draft: _Draft) -> None:
        if word == "source-port":
            draft.source_ports = _both(draft.source_ports, found)
        elif word == "destination-port":
            draft.destination_ports = _both(draft.destination_ports, found)
        else:
            draft.either_ports = _both(draft.either_ports, found)

    def _icmp(self, node: Node, word: str, negated: bool, draft: _Draft) -> None:
        six = draft.family == 6
        if word == "icmp-type":
            names = dict(table("icmp6" if six else "icmp"))
            found = self._values(node, lambda text: span(names, text, 255), draft)
            draft.icmp_types = _both(draft.icmp_types, _negate_byte(found, negated))
            return
        codes = {name: pair[1] for name, pair in table("icmp6-codes" if six else "icmp-codes").items()}
        found = self._values(node, lambda text: span(codes, text, 255), draft)
        draft.icmp_codes = _both(draft.icmp_codes, _negate_byte(found, negated))

    def _tos(self, node: Node, word: str, negated: bool, draft: _Draft) -> None:
        shift, highest = (5, 7) if word == "precedence" else (2, 63)
        names = dict(table("precedence" if word == "precedence" else "dscp"))
        if word != "precedence":
            names |= self._aliases
        found = self._values(node, lambda text: _bits(names, text, highest), draft)
        if found is not None:
            found = IntervalSet.merged((low << shift, (high << shift) + (1 << shift) - 1) for low, high in found)
        self._constrain(node, Field.TOS, _negate(Field.TOS, found, negated), draft)

    def _offset(self, node: Node, negated: bool, draft: _Draft) -> None:
        """Fragment offsets: zero is the first fragment or a whole packet; single other offsets are not modelled."""
        every = IntervalSet(((0, 8191),))
        found = self._values(node, lambda text: span({}, text, 8191), draft)
        if found is None:
            return
        found = every - found if negated else found
        kept = []
        if 0 in found:
            kept.append(0)
        later = found & IntervalSet(((1, 8191),))
        if later:
            kept.append(1)
        if later and later != IntervalSet(((1, 8191),)):
            text = f"fragment-offset {'-'.join(map(str, found.intervals[:20]))}"
            reason = "single fragment offsets are not modelled"
            draft.conditions.append(Condition(text, reason, self._facts.origin(node)))
        self._constrain(node, Field.FRAGMENT, IntervalSet.points(kept), draft)

    def _constrain(self, node: Node, field_: Field, values: IntervalSet | None, draft: _Draft) -> None:
        if values is None:
            return
        text = " ".join([node.word, *(one.word for one in list(node.live())[:8])])
        draft.constraints.append(Constraint(field_, values, text, self._facts.origin(node, text)))

    # --- the rest -----------------------------------------------------------------------------------------

    def _other(self, node: Node, draft: _Draft) -> bool:
        word = node.word
        if word in ("tcp-established", "tcp-initial", "tcp-flags"):
            self._flags(node, draft)
        elif word == "is-fragment":
            self._constrain(node, Field.FRAGMENT, IntervalSet.points((1,)), draft)
        elif word in ("interface", "interface-set"):
            self._interface(node, draft)
        elif word in _SYMBOLIC or word.removesuffix("-except") in _SYMBOLIC:
            self._symbolic(node, draft)
        else:
            return False
        return True

    def _flags(self, node: Node, draft: _Draft) -> None:
        """``tcp-flags`` with several values accepts any of them; the synonyms are conditions of their own."""
        values = node.values() if node.word == "tcp-flags" else [node]
        found = []
        for one in values:
            read = tcp_flags(one.word)
            if read is None:
                draft.conditions.append(self._facts.doubt(one, "this tcp-flags expression was not understood"))
                return
            found.append(read)
        draft.tcp = _both(draft.tcp, IntervalSet.union_of(found))
        draft.texts.append(node.word)

    def _interface(self, node: Node, draft: _Draft) -> None:
        """Interfaces and interface sets of one term are alternatives."""
        names: list[str] = []
        for one in node.values():
            if node.word == "interface":
                names.append(one.word)
            elif one.word in self._sets:
                names.extend(each.word for each in self._sets[one.word].values())
            else:
                self._facts.undefined(one, f"the interface set {one.word} is not defined")
                draft.conditions.append(
                    Condition(f"interface-set {one.word}", "its interfaces are not known", self._facts.origin(one))
                )
                return
        values = IntervalSet.union_of(_interface_values(name) for name in names)
        others = [one for one in draft.constraints if one.field is Field.IN_INTERFACE]
        if others:
            draft.constraints.remove(others[0])
            values = values | others[0].values
        text = " ".join([node.word, *names[:8]])
        draft.constraints.append(Constraint(Field.IN_INTERFACE, values, text, self._facts.origin(node, text)))
        if any("*" in name[:-1] for name in names):
            reason = "a pattern with * inside is not resolved"
            draft.conditions.append(Condition(f"interface {' '.join(names)}", reason, self._facts.origin(node, text)))

    def _symbolic(self, node: Node, draft: _Draft) -> None:
        node.take(whole=True)
        text = redact(" ".join([node.word, *sorted(" ".join(_chain(one)) for one in node.live())]))
        reason = f"which packets {text[:200]} matches is not known"
        draft.conditions.append(Condition(text, reason, self._facts.origin(node, text[:200])))

    # --- services -----------------------------------------------------------------------------------------

    def _services(self, node: Node, draft: _Draft) -> Services | None:
        icmp = icmp_values(draft.icmp_types, draft.icmp_codes)
        has_ports = any(one is not None for one in (draft.source_ports, draft.destination_ports, draft.either_ports))
        if draft.protocol is None and not has_ports and icmp is None and draft.tcp is None:
            return None
        carriers = self._carriers(node, draft, has_ports, icmp is not None)
        if carriers is None:
            return None
        text = self._text(node)
        origin = self._facts.origin(node, text)
        source, destination = draft.source_ports, draft.destination_ports
        pairs = [(source, destination)]
        if draft.either_ports is not None:
            pairs = [(_both(source, draft.either_ports), destination), (source, _both(destination, draft.either_ports))]
        return Services(text, tuple(Service(text, origin, carriers, one, two, icmp, draft.tcp) for one, two in pairs))

    def _carriers(self, node: Node, draft: _Draft, has_ports: bool, has_icmp: bool) -> IntervalSet | None:
        """Return the protocols that a term is about.

        Ports without a protocol mean TCP or UDP, flags TCP, types ICMP: the fields that the guide names.
        """
        wanted: list[tuple[IntervalSet, IntervalSet]] = []
        if has_ports:
            wanted.append((TCP_OR_UDP, WITH_PORTS))
        if draft.tcp is not None:
            wanted.append((IntervalSet.points((TCP,)),) * 2)
        if has_icmp:
            only = {4: (1,), 6: (58,)}.get(draft.family or 0, (1, 58))
            wanted.append((IntervalSet.points(only), IntervalSet.points((1, 58))))
        found = draft.protocol
        for implied, possible in wanted:
            kept = implied if found is None else found & possible
            if not kept:
                message = "it tests fields that packets of its protocol do not have"
                draft.conditions.append(self._facts.doubt(node, message))
                return None
            found = kept
        return found

    def _text(self, node: Node) -> str:
        words = []
        for one in node.live():
            if one.word not in _SIDES and one.word not in _EITHER:
                words.append(" ".join([one.word, *(each.word for each in list(one.live())[:8])]))
        return redact(" ".join(words))[:300]


def _both(one: IntervalSet | None, two: IntervalSet | None) -> IntervalSet | None:
    if one is None or two is None:
        return two if one is None else one
    return one & two


def _negate(field_: Field, values: IntervalSet | None, negated: bool) -> IntervalSet | None:
    return complement(field_, values) if negated and values is not None else values


def _negate_byte(values: IntervalSet | None, negated: bool) -> IntervalSet | None:
    return IntervalSet(((0, 255),)) - values if negated and values is not None else values


def _bits(names: dict[str, int], text: str, highest: int) -> IntervalSet | None:
    """Read a value of the DSCP or precedence: a name, a number, or bits."""
    if text not in names and len(text) == 6 and set(text) <= {"0", "1"} and highest == 63:
        return IntervalSet.points((int(text, 2),))
    if text[:1] == "b" and text[1:] and set(text[1:]) <= {"0", "1"} and len(text) <= 9:
        value = number(str(int(text[1:], 2)), highest)
        return None if value is None else IntervalSet.points((value,))
    return span(names, text, highest)


def _interface_values(name: str) -> IntervalSet:
    """``ge-0/0/0.0`` is one interface, ``ge-0/0/0`` every unit of it, ``ge-*`` every name that starts so."""
    if "*" in name:
        return prefix_set(name[: name.index("*")])
    if "." in name:
        return name_set(name)
    return IntervalSet.points((encode_name(name),)) | prefix_set(f"{name}.")


def _chain(node: Node) -> list[str]:
    return [one.word for one in list(node.walk())[:20]]
