"""The ``from`` of a firewall filter term: conditions of one kind are alternatives, different kinds must all hold.

Source: Juniper "Routing Policies, Firewall Filters, and Traffic Policers User Guide", chapters "Firewall Filter Match
Conditions for IPv4 Traffic" and "... for IPv6 Traffic".
"""

from __future__ import annotations

from collections.abc import Mapping

from parsers.juniper.facts import Facts
from parsers.juniper.filter_addresses import ADDRESS_WORDS, FilterAddresses
from parsers.juniper.filter_numbers import FilterNumbers, statement
from parsers.juniper.flags import tcp_flags
from parsers.juniper.prefix_lists import PrefixLists
from parsers.juniper.term_draft import TermDraft, both
from parsers.juniper.tree import Node
from parsers.juniper.words import words
from parsers.redact import redact
from rulecheck.model.fields import Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Alternative, Condition, Constraint, Match, Services
from rulecheck.model.names import encode_name, name_set, prefix_set

_QUIET = words("source-port-range-optimize destination-port-range-optimize")
_FLAGS = words("tcp-established tcp-initial tcp-flags")
_SYMBOLIC = words(
    """ip-options fragment-flags first-fragment forwarding-class loss-priority source-class
    destination-class interface-group esp-spi ah-spi ah-header esp-header ether-type vlan-id learn-vlan-id
    user-vlan-id traffic-type service-filter-hit redirect-reason flexible-match-mask flexible-match-range
    rat-type gre-key policy-map payload-length extension-header ip-version l2-token application
    application-group application-group-any application-groups learn-vlan-1p-priority
    user-vlan-1p-priority learn-vlan-dei source-mac-address destination-mac-address exp flow-label source-mac
    destination-mac dot1q-tag dot1q-user-priority vlan tunnel-label-range hierarchical-tag"""
)
"""Conditions that are known but cannot be computed; equal values are the same test."""

_MARKS = words("ip-options forwarding-class loss-priority policy-map service-filter-hit redirect-reason vlan-id vlan")
"""Conditions about something beside the packet's fields: they can come out either way for every packet."""

_SHOWN = 200


class FromReader:
    """Reads the match conditions of terms. ``sets`` are the interface sets that ``firewall`` defines."""

    def __init__(self, facts: Facts, lists: PrefixLists, sets: Mapping[str, Node], aliases: Mapping[str, int]) -> None:
        self._facts = facts
        self._sets = sets
        self._addresses = FilterAddresses(facts, lists)
        self._numbers = FilterNumbers(facts, aliases)

    def match(self, node: Node | None, family: int | None, policy: str, index: int) -> Match:
        """Return the match of a term; without ``from`` it is everything."""
        if node is None:
            return Match()
        draft = TermDraft(family)
        for one in node.live():
            one.take()
            if one.children and not any(True for _ in one.live()):
                continue
            if one.word in ADDRESS_WORDS:
                self._addresses.read(one, draft, policy, index)
            elif one.word not in _QUIET and not self._numbers.read(one, draft) and not self._other(one, draft):
                draft.conditions.append(self._facts.doubt(one, f"the match condition {one.word} was not understood"))
        services = self._services(node, draft)
        source = self._addresses.operand(draft, Field.SOURCE, node)
        destination = self._addresses.operand(draft, Field.DESTINATION, node)
        choices = (*draft.choices, *self._addresses.choices(draft, node))
        conditions = tuple(dict.fromkeys(draft.conditions))
        return Match(source, destination, services, tuple(draft.constraints), conditions, choices)

    def _other(self, node: Node, draft: TermDraft) -> bool:
        if node.word in _FLAGS:
            self._flags(node, draft)
        elif node.word == "is-fragment":
            draft.constrain(Field.FRAGMENT, IntervalSet.points((1,)), node.word, self._facts.origin(node))
        elif node.word in ("interface", "interface-set"):
            self._interface(node, draft)
        elif node.word.removesuffix("-except") in _SYMBOLIC:
            self._symbolic(node, draft)
        else:
            return False
        return True

    def _flags(self, node: Node, draft: TermDraft) -> None:
        """``tcp-flags`` with several values accepts any of them; the synonyms are conditions of their own."""
        found = []
        for one in node.values() if node.word == "tcp-flags" else [node]:
            read = tcp_flags(one.word)
            if read is None:
                draft.conditions.append(self._facts.doubt(one, "this tcp-flags expression was not understood"))
                return
            found.append(read)
        draft.tcp = both(draft.tcp, IntervalSet.union_of(found))

    def _interface(self, node: Node, draft: TermDraft) -> None:
        """Interfaces and interface sets of one term are alternatives."""
        names = self._interface_names(node, draft)
        if names is None:
            return
        values = IntervalSet.union_of(_interface_values(name) for name in names)
        for one in [one for one in draft.constraints if one.field is Field.IN_INTERFACE]:
            draft.constraints.remove(one)
            values = values | one.values
        text = " ".join([node.word, *names[:8]])
        origin = self._facts.origin(node, text)
        draft.constraints.append(Constraint(Field.IN_INTERFACE, values, text, origin))
        if any("*" in name[:-1] for name in names):
            reason = "a pattern with * inside is not resolved"
            draft.conditions.append(Condition(f"interface {' '.join(sorted(names))}", reason, origin))

    def _interface_names(self, node: Node, draft: TermDraft) -> list[str] | None:
        """Return the names that a condition lists, None where an interface set is not known."""
        names: list[str] = []
        for one in node.values():
            if node.word == "interface":
                names.append(one.word)
            elif one.word in self._sets:
                names.extend(each.word for each in self._sets[one.word].values())
            else:
                self._facts.undefined(one, f"the interface set {one.word} is not defined")
                reason = "its interfaces are not known"
                draft.conditions.append(Condition(f"interface-set {one.word}", reason, self._facts.origin(one)))
                return None
        return names

    def _symbolic(self, node: Node, draft: TermDraft) -> None:
        """Each value is a test of its own: one of them holds, or none where the condition ends in ``-except``."""
        node.take(whole=True)
        word = node.word.removesuffix("-except")
        texts = sorted(" ".join(_chain(one)) for one in node.live()) or [""]
        tests = [self._test(node, f"{word} {text}".strip(), holds=word == node.word) for text in texts]
        if word != node.word or len(tests) == 1:
            draft.conditions.extend(tests)
        else:
            draft.choices += (tuple(Alternative((), (one,)) for one in tests),)
        if word == "first-fragment":
            draft.constrain(Field.FRAGMENT, IntervalSet.points((0,)), word, self._facts.origin(node))

    def _test(self, node: Node, text: str, *, holds: bool) -> Condition:
        text = redact(text)
        reason = f"which packets {text[:_SHOWN]} matches is not known"
        independent = text.split(" ", 1)[0] in _MARKS
        return Condition(text, reason, self._facts.origin(node, text[:_SHOWN]), holds, independent=independent)

    def _services(self, node: Node, draft: TermDraft) -> Services | None:
        carriers = draft.carriers()
        if carriers is not None and not carriers and draft.protocol:
            message = "it tests fields that packets of its protocol do not have"
            draft.conditions.append(self._facts.doubt(node, message))
            return None
        text = redact(" ".join(statement(one) for one in node.live() if one.word not in ADDRESS_WORDS))[:300]
        return draft.services(carriers, text, self._facts.origin(node, text))


def _interface_values(name: str) -> IntervalSet:
    """``ge-0/0/0.0`` is one interface, ``ge-0/0/0`` every unit of it, ``ge-*`` every name that starts so."""
    if "*" in name:
        return prefix_set(name[: name.index("*")])
    if "." in name:
        return name_set(name)
    return IntervalSet.points((encode_name(name),)) | prefix_set(f"{name}.")


def _chain(node: Node) -> list[str]:
    return [one.word for one in list(node.walk())[:20]]
