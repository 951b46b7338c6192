"""Firewall filters: terms in order, an implicit discard at the end, filters in lists and in terms of others.

Source: Juniper "Routing Policies, Firewall Filters, and Traffic Policers User Guide", chapters "Guidelines for
Configuring Firewall Filters", "Multiple Standalone Firewall Filters Applied as a List", "Guidelines for Nesting
References to Multiple Firewall Filters".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from parsers.juniper.facts import Facts, description, summary
from parsers.juniper.filter_from import FromReader
from parsers.juniper.filter_then import ThenReader
from parsers.juniper.filter_uses import FilterUse
from parsers.juniper.prefix_lists import PrefixLists
from parsers.juniper.tree import Node
from parsers.juniper.words import words
from rulecheck.model.device import ObjectDefinition, Policy, Severity
from rulecheck.model.match import Condition, Match
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, RETURN, Outcome, Rule, Verb

SCOPE = "firewall"
"""The name space of filters: one may have the name of another list."""

_FAMILIES: dict[str, tuple[int, ...]] = {"inet": (4,), "inet6": (6,), "any": (4, 6)}
_OTHER_FAMILIES = words("""vpls ethernet-switching ccc mpls bridge evpn iso""")
_OTHER_FILTERS = frozenset({"service-filter", "simple-filter", "fast-update-filter", "dialer-filter"})
_SUPPORT = words(
    """policer three-color-policer hierarchical-policer interface-set prefix-action load-balance-group
    tunnel-end-point atm-policer policer-template flexible-match filter-specific aggregate-policer
    tunnel-endpoint sdwan"""
)
_SETTINGS = words(
    """accounting-profile interface-specific physical-interface-filter instance-shared enhanced-mode
    fast-lookup-filter promote no-propagate scale-optimized match-order enhanced-mode-override protect
    scale-down interface-shared description"""
)


FilterLists = dict[tuple[str, ...], list[FilterUse]]
"""Uses by family and the names of the filters."""


@dataclass(slots=True)
class _Filter:
    """A filter with its key (family, name). ``calls``: filters that its terms name."""

    family: str
    node: Node
    used: list[FilterUse] = field(default_factory=list)
    called: bool = False

    @property
    def name(self) -> str:
        return filter_name(self.family, self.node.word)


class Filters:
    """Reads the ``firewall`` section of one system."""

    def __init__(self, facts: Facts, lists: PrefixLists, aliases: dict[str, int]) -> None:
        self._facts = facts
        self._lists = lists
        self._aliases = aliases
        self._filters: dict[tuple[str, str], _Filter] = {}
        self._sets: dict[str, Node] = {}
        self._policers: dict[str, bool] = {}
        self._policer_nodes: list[Node] = []

    def policies(self, firewall: Node | None, uses: list[FilterUse], *, complete: bool) -> tuple[Policy, ...]:
        """Return the filters; ``complete``: the input shows the interfaces, so that an unused filter is unused."""
        if firewall is not None:
            self._collect(firewall)
        lists = self._place(uses)
        froms = FromReader(self._facts, self._lists, self._sets, self._aliases)
        thens = ThenReader(self._facts, self._policers)
        found = [self._policy(one, froms, thens, complete=complete) for one in self._filters.values()]
        return (*found, *self._list_policies(lists))

    def definitions(self) -> Iterator[ObjectDefinition]:
        """Yield the policers."""
        for node in self._policer_nodes:
            yield ObjectDefinition(node.word, "policer", self._facts.line_origin(node))

    def _collect(self, firewall: Node) -> None:
        for one in firewall.children.values():
            if one.word == "family":
                one.take()
                for family in one.children.values():
                    self._family(family)
            elif one.word == "filter":
                self._named("inet", one)
            elif one.word in _SUPPORT:
                self._supporting(one)
            elif one.word not in ("apply-groups", "apply-groups-except"):
                one.reject()

    def _family(self, family: Node) -> None:
        family.take()
        for one in family.children.values():
            if one.word == "filter" and family.word in _FAMILIES:
                self._named(family.word, one)
            elif one.word == "filter" and family.word in _OTHER_FAMILIES:
                self._left_out(one, f"filters of the family {family.word} are not analysed")
            elif one.word in _OTHER_FILTERS:
                self._left_out(one, f"a {one.word} is not analysed")
            elif one.word in _SUPPORT:
                self._supporting(one)
            elif one.word not in ("apply-groups", "apply-groups-except"):
                one.reject()

    def _left_out(self, node: Node, message: str) -> None:
        node.take(whole=True)
        self._facts.ledger.report("RC602", Severity.INFO, node.line, message)

    def _named(self, family: str, node: Node) -> None:
        node.take()
        for one in node.children.values():
            one.take()
            self._filters[family, one.word] = _Filter(family, one)

    def _supporting(self, node: Node) -> None:
        node.take(whole=True)
        for one in node.live():
            if node.word == "interface-set":
                self._sets[one.word] = one
            elif node.word.endswith("policer"):
                self._policer_nodes.append(one)
                self._policers[one.word] = any(each.word == "discard" for each in one.walk())

    # --- where filters are used ---------------------------------------------------------------------------

    def _find(self, family: str, name: str) -> _Filter | None:
        return self._filters.get((family, name)) or self._filters.get(("any", name))

    def _place(self, uses: list[FilterUse]) -> FilterLists:
        """Give every filter its uses; return the filter lists with theirs."""
        lists: FilterLists = {}
        for use in uses:
            found = [self._resolved(use, node) for node in use.names]
            if len(found) == 1 and not use.is_list:
                if found[0] is not None:
                    found[0].used.append(use)
                continue
            known = [one for one in found if one is not None]
            if known:
                lists.setdefault((use.family, *(one.name for one in known)), []).append(use)
            for one in known:
                one.called = True
        self._mark_nested()
        return lists

    def _resolved(self, use: FilterUse, node: Node) -> _Filter | None:
        found = self._find(use.family, node.word)
        if found is None and use.family in _FAMILIES:
            message = f"the filter {node.word} that is applied to {use.place} is not defined"
            self._facts.ledger.report("RC603", Severity.MEDIUM, node.line, message)
        return found

    def _mark_nested(self) -> None:
        for one in self._filters.values():
            for name in _nested(one.node):
                if (found := self._find(one.family, name.word)) is not None:
                    found.called = True

    def _policy(self, one: _Filter, froms: FromReader, thens: ThenReader, *, complete: bool) -> Policy:
        entry = bool(one.used) or not one.called
        off = "" if _is_active(one.node) else "deactivated with its filter"
        if off:
            one.node.take(whole=True)
        rules = []
        for index, term in enumerate(self._terms(one.node)):
            rules.append(self._rule(one, term, index, off, froms, thens))
        places = tuple(dict.fromkeys(use.place for use in one.used))
        return Policy(
            one.name,
            f"filter {one.family}",
            tuple(rules),
            DENY if entry else RETURN,
            _FAMILIES[one.family],
            applied_to=places,
            entry=entry,
            origin=self._facts.line_origin(one.node),
            scope=SCOPE,
            applied=False if off else True if one.used or one.called else (False if complete else None),
        )

    def _terms(self, node: Node) -> Iterator[Node]:
        for one in node.children.values():
            if one.word == "term":
                one.take()
                yield from one.children.values()
            elif one.word in ("from", "then"):
                self._facts.malformed(one, f"{one.word} stands outside a term; it was not read")
                one.take(whole=True)
            elif one.word in _SETTINGS:
                one.take(whole=True)
            elif one.word not in ("apply-groups", "apply-groups-except"):
                one.reject()

    # --- terms --------------------------------------------------------------------------------------------

    def _rule(self, one: _Filter, term: Node, index: int, off: str, froms: FromReader, thens: ThenReader) -> Rule:
        term.take(whole=not term.active)
        disabled = off or ("" if term.active else "deactivated")
        family = _FAMILIES[one.family][0] if len(_FAMILIES[one.family]) == 1 else None
        self._facts.deciding = not disabled
        match = froms.match(term.get("from"), family, one.name, index)
        action = thens.action(term.get("then"))
        for policer in action.policers:
            self._facts.use(one.name, index, "policer", policer.word)
        conditions = (*match.conditions, *action.conditions, *self._unknown_parts(term))
        outcome, calls = self._call(one, term, action.outcome)
        self._facts.deciding = True
        return Rule(
            index,
            Origin(self._facts.file, term.line, summary(term)),
            replace(match, conditions=tuple(dict.fromkeys(conditions))),
            outcome,
            name=term.word,
            calls=calls,
            enabled=not disabled,
            disabled_because=disabled,
            logging=action.logging,
            description=description(term),
        )

    def _unknown_parts(self, term: Node) -> Iterator[Condition]:
        for one in term.live():
            if one.word not in ("from", "then", "filter", "description"):
                yield self._facts.doubt(one, f"the statement {one.word} of a term was not understood")

    def _call(self, one: _Filter, term: Node, outcome: Outcome) -> tuple[Outcome, str | None]:
        """``term T filter F``: the terms of F are evaluated here; without a match evaluation goes on."""
        named = term.get("filter")
        name = named.value() if named else None
        if name is None:
            return outcome, None
        found = self._find(one.family, name.word)
        if found is None:
            self._facts.undefined(name, f"the filter {name.word} is not defined")
            return Outcome(Verb.OTHER, (f"filter {name.word}",)), None
        return Outcome(Verb.CALL, (found.name,)), found.name

    def _list_policies(self, lists: FilterLists) -> Iterator[Policy]:
        for (family, *names), uses in lists.items():
            origin = self._facts.line_origin(uses[0].names[0])
            implicit = tuple(
                Rule(number, origin, Match(), Outcome(Verb.CALL, (name,)), calls=name)
                for number, name in enumerate(names)
            )
            yield Policy(
                _list_name(family, names),
                "filter list",
                (),
                DENY,
                _FAMILIES.get(family, (4, 6)),
                tuple(dict.fromkeys(use.place for use in uses)),
                implicit,
                SCOPE,
                origin=origin,
                applied=True,
            )


def _list_name(family: str, names: list[str]) -> str:
    """Return the name of a filter list; where its filters do not say the family, the name does."""
    text = f"list {' + '.join(names)}"
    shared = all(name.startswith("any ") for name in names)
    return f"{text} ({family})" if shared else text


def filter_name(family: str, name: str) -> str:
    """Return the name of a filter within the device: plain for IPv4, with its family for others."""
    return name if family == "inet" else f"{family} {name}"


def _nested(node: Node) -> Iterable[Node]:
    terms = node.children.get("term")
    for term in terms.children.values() if terms else ():
        named = term.children.get("filter")
        if named is not None and term.active:
            yield from named.children.values()


def _is_active(node: Node) -> bool:
    one: Node | None = node
    while one is not None:
        if not one.active:
            return False
        one = one.parent
    return True
