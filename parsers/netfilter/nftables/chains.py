"""Tables into policies: chains, calls between them, and the rules of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.netfilter.calls import back_edges
from parsers.netfilter.nftables.clauses import ParsedRule, Verdict, VerdictMap
from parsers.netfilter.nftables.draft import Context, Draft
from parsers.netfilter.nftables.matching import key_test, restrict
from parsers.netfilter.nftables.outcomes import Action, ending, going_on, keep, logging_of
from parsers.netfilter.nftables.ruleset import HOOKS, Chain, RuleText, Table
from parsers.netfilter.nftables.selectors import EXACT
from parsers.netfilter.nftables.sets import MissingSetError, Sets, UnknownSetError
from parsers.netfilter.nftables.statements import parse_rule
from parsers.netfilter.nftables.tokens import first_line, last_line, statements
from parsers.netfilter.nftables.vmaps import EXITS, Entry, MapList, kept_entries, keys_of, map_targets, read_entries
from parsers.redact import SHOWN_WIDTH, redact_text, show
from rulecheck.model.device import ObjectDefinition, ObjectUse, Policy, Severity
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, RETURN, Hits, Outcome, Rule, Schedule, Verb

_MOST_LINES_SHOWN = 20
_WIDEST = 4 * SHOWN_WIDTH
_TIMES = frozenset(("meta time", "meta hour", "meta day"))


@dataclass(slots=True)
class Built:
    """What the tables of one input became; base chains are apart, to be put in the order of their hooks."""

    base: list[tuple[tuple[int, int, int], Policy]] = field(default_factory=list)
    called: list[Policy] = field(default_factory=list)
    objects: list[ObjectDefinition] = field(default_factory=list)
    uses: list[ObjectUse] = field(default_factory=list)

    def policies(self) -> tuple[Policy, ...]:
        """Return base chains by hook and priority, then all others in the order of the file."""
        ordered = sorted(self.base, key=lambda pair: pair[0])
        return (*(policy for _, policy in ordered), *self.called)


@dataclass(slots=True)
class _Parsed:
    text: RuleText
    rule: ParsedRule
    entries: tuple[Entry, ...] | Exception | None = None


class TableBuilder:
    """Builds the policies of one table."""

    def __init__(self, config: ConfigText, ledger: Ledger, table: Table) -> None:
        self._config = config
        self._ledger = ledger
        self._table = table
        self._chains: dict[str, tuple[Chain, list[_Parsed]]] = {}
        self._map_lists: list[Policy] = []
        self._parse()
        parsed = [one.rule for _, rules in self._chains.values() for one in rules]
        written = frozenset(name for rule in parsed for name in rule.changes)
        sets = Sets(config.path, ledger, table, frozenset(one[4:] for one in written if one.startswith("set ")))
        self.context = Context(
            config.path, table.family, table.families, sets, _all_on_same_field(written), _tests_fragments(parsed)
        )
        self._names = {name: self._name(name) for name in self._chains}
        self._read_maps()
        self._calls = self._call_graph()
        self._back = back_edges(self._calls)
        self._mapped = frozenset(target for given in table.sets.values() for target in map_targets(given))

    def _name(self, chain: str) -> str:
        return f"{self._table.scope} {chain}"

    # --- reading ------------------------------------------------------------------------------------------------

    def _parse(self) -> None:
        """Parse all rules; chains written in place (``jump { … }``) get the name of their rule."""
        waiting = list(self._table.chains.values())
        for chain in waiting:
            rules = [_Parsed(text, parse_rule(text.items)) for text in chain.rules]
            self._chains[chain.name] = (chain, rules)
            for index, one in enumerate(rules):
                verdict = one.rule.verdict
                if verdict is not None and verdict.block is not None:
                    inner = self._inner_chain(f"{chain.name}[{index}]", chain, verdict)
                    one.rule.verdict = Verdict(verdict.verb, inner.name, line=verdict.line)
                    waiting.append(inner)

    def _inner_chain(self, name: str, outer: Chain, verdict: Verdict) -> Chain:
        assert verdict.block is not None
        inner = Chain(name, verdict.line, outer.family)
        for items in statements(verdict.block.items):
            inner.rules.append(RuleText(items, first_line(items), last_line(items)))
        return inner

    def _read_maps(self) -> None:
        for _, rules in self._chains.values():
            for one in rules:
                if one.rule.vmap is not None:
                    try:
                        one.entries = read_entries(self.context.sets, one.rule.vmap.right)
                    except ValueError as error:
                        one.entries = error

    def _call_graph(self) -> dict[str, list[tuple[int, str]]]:
        return {
            name: [
                (index, target) for index, one in enumerate(rules) for target in _targets(one) if target in self._names
            ]
            for name, (_, rules) in self._chains.items()
        }

    # --- building -----------------------------------------------------------------------------------------------

    def build(self, built: Built) -> None:
        """Add the table's policies, objects and uses to ``built``."""
        callers: dict[str, dict[str, None]] = {}
        for caller, calls in self._calls.items():
            for _, target in calls:
                callers.setdefault(target, {})[caller] = None
        for name, (chain, rules) in self._chains.items():
            done = tuple(self._rule(chain, index, one, built) for index, one in enumerate(rules))
            self._policy(chain, done, list(callers.get(name, ())), built)
            built.called.extend(self._map_lists)
            self._map_lists.clear()
            called = tuple(dict.fromkeys(self._name(target) for _, target in self._calls[name]))
            if name in self._table.chains:
                origin = self._chain_origin(chain)
                built.objects.append(ObjectDefinition(self._name(name), "chain", origin, called))

    def _policy(self, chain: Chain, rules: tuple[Rule, ...], callers: list[str], built: Built) -> None:
        is_base = bool(chain.hook)
        is_mapped = chain.name in self._mapped
        if not is_base and not callers and not is_mapped:
            message = f"chain {self._name(chain.name)} is never jumped to"
            self._ledger.report("RC608", Severity.LOW, chain.line, message)
        if not chain.declared:
            message = f"chain {self._name(chain.name)} has rules but is never declared; nft would refuse this file"
            self._ledger.report("RC603", Severity.MEDIUM, chain.line, message, affects_verdicts=True)
        dormant = self._table.dormant
        places = (
            (f"{self._table.family} {chain.place}",)
            if is_base
            else tuple(f"called from {self._name(one)}" for one in callers)
        )
        policy = Policy(
            name=self._name(chain.name),
            kind="chain",
            rules=rules,
            default=_default(chain),
            families=self._table.families,
            applied_to=() if dormant else places,
            scope=self._table.scope,
            entry=is_base,
            origin=self._chain_origin(chain),
            applied=None if is_mapped and not (dormant or callers) else not dormant and (is_base or bool(callers)),
        )
        if is_base:
            built.base.append(((HOOKS.index(chain.hook), chain.priority, len(built.base)), policy))
        else:
            built.called.append(policy)

    def _rule(self, chain: Chain, index: int, one: _Parsed, built: Built) -> Rule:
        text, parsed = one.text, one.rule
        draft = self._draft(text, parsed)
        action = self._action(draft, chain, index, one)
        match = draft.match()
        for code, message in draft.problems:
            self._ledger.report(code, Severity.MEDIUM, text.line, message, affects_verdicts=True)
        self._note_uses(chain, index, one, built)
        return Rule(
            index=index,
            origin=self._origin(text.line, text.end, text.text),
            match=match,
            outcome=action.outcome,
            calls=action.calls,
            schedule=_schedule(parsed),
            logging=logging_of(parsed),
            description=redact_text(parsed.comment),
            hits=Hits(*parsed.counter) if parsed.counter else None,
        )

    def _draft(self, text: RuleText, parsed: ParsedRule) -> Draft:
        draft = Draft(self.context, text.line)
        for code, message, clause in parsed.problems:
            draft.problem(code, message, clause)
        if parsed.families != {4, 6}:
            draft.keep_families(parsed.families)
        for test in parsed.tests:
            restrict(draft, test)
        for lookup in parsed.lookups:
            restrict(draft, key_test(lookup.key, lookup.right))
        for key in parsed.keys:
            for part in key.parts:
                draft.require(part.selector)
        if parsed.protocol is not None:
            draft.require(EXACT["tcp flags"])
        for rated in parsed.rated:
            draft.unique(rated.reason, rated.text, fresh=rated.fresh, independent=True)
        return draft

    def _action(self, draft: Draft, chain: Chain, index: int, one: _Parsed) -> Action:
        rule, verdict = one.rule, one.rule.verdict
        if verdict is None:
            return Action(going_on(rule))
        if rule.vmap is not None and verdict.verb == "vmap":
            return self._verdict_map(draft, chain, index, one, rule.vmap)
        if verdict.verb in ("jump", "goto"):
            return self._call(draft, chain, index, rule, verdict.verb, verdict.target)
        return Action(ending(draft, rule, verdict))

    def _call(self, draft: Draft, chain: Chain, index: int, rule: ParsedRule, verb: str, target: str) -> Action:
        refusal = self._refusal(chain, index, target)
        if refusal:
            draft.problem(*refusal, f"{verb} {target}")
            return Action(Outcome(Verb.OTHER, (f"{verb} {target[:60]}",)))
        if rule.effects:
            keep(draft, rule)
        name = self._names[target]
        return Action(Outcome(Verb.CALL if verb == "jump" else Verb.GOTO, (name,)), name)

    def _refusal(self, chain: Chain, index: int, target: str) -> tuple[str, str] | None:
        """Return the code and the reason why a call cannot be followed."""
        if target not in self._names:
            return "RC603", f"chain {target[:60]} is not defined in table {self._table.scope}"
        if self._chains[target][0].hook:
            return "RC606", f"{target} is a base chain and cannot be called"
        if (chain.name, index) in self._back:
            return "RC604", f"the call of {target} closes a loop of chains, which the kernel refuses"
        return None

    # --- verdict maps -------------------------------------------------------------------------------------------

    def _verdict_map(self, draft: Draft, chain: Chain, index: int, one: _Parsed, vmap: VerdictMap) -> Action:
        entries = one.entries
        if not isinstance(entries, tuple):
            return self._unknown_map(draft, vmap, entries)
        kept = kept_entries(entries)
        restrict(draft, key_test(vmap.key, keys_of(vmap.right, entries, kept)))
        verdicts = {entry.verdict for entry in kept}
        if all(entry.verb == "continue" for entry in kept):
            return Action(going_on(one.rule))
        if len(verdicts) == 1:
            return self._same_verdict(draft, chain, index, one.rule, kept[0])
        verbs = {entry.verb for entry in kept}
        refusal = self._map_refusal(chain, index, kept, verbs)
        if refusal:
            draft.problem(*refusal, f"{vmap.key.text} vmap")
            return Action(Outcome(Verb.OTHER, (f"{vmap.key.text} vmap",)))
        if one.rule.effects:
            keep(draft, one.rule)
        name = self._map_list(chain, index, vmap, kept)
        leaves = bool(verbs & EXITS) and not chain.hook
        return Action(Outcome(Verb.GOTO if leaves else Verb.CALL, (name,)), name)

    def _unknown_map(self, draft: Draft, vmap: VerdictMap, error: Exception | None) -> Action:
        text = f"{vmap.key.text} vmap"
        if isinstance(error, UnknownSetError):
            for part in vmap.key.parts:
                draft.require(part.selector)
            draft.unique(str(error), text)
        else:
            code = "RC603" if isinstance(error, MissingSetError) else "RC602"
            draft.problem(code, str(error), text)
        return Action(Outcome(Verb.OTHER, (text,)))

    def _same_verdict(self, draft: Draft, chain: Chain, index: int, rule: ParsedRule, entry: Entry) -> Action:
        if entry.verb in ("jump", "goto"):
            return self._call(draft, chain, index, rule, entry.verb, entry.target)
        return Action(ending(draft, rule, Verdict(entry.verb)))

    def _map_refusal(
        self, chain: Chain, index: int, entries: tuple[Entry, ...], verbs: set[str]
    ) -> tuple[str, str] | None:
        for entry in entries:
            if entry.target and (refusal := self._refusal(chain, index, entry.target)):
                return refusal
        if not chain.hook and verbs & EXITS and verbs & {"jump", "continue"}:
            message = "a verdict map that comes back and also leaves (goto, return) is not modelled in called chains"
            return "RC602", message
        return None

    def _map_list(self, chain: Chain, index: int, vmap: VerdictMap, entries: tuple[Entry, ...]) -> str:
        default = _default(chain) if chain.hook else None
        name = self._name(f"{chain.name}[{index}] vmap")
        rules = MapList(self.context, self._names, default).rules(vmap.key, entries)
        self._map_lists.append(
            Policy(
                name=name,
                kind="verdict map",
                rules=(),
                default=RETURN,
                families=self._table.families,
                applied_to=(f"called from {self._name(chain.name)}",),
                implicit=rules,
                scope=self._table.scope,
                entry=False,
                origin=rules[0].origin if rules else None,
                applied=not self._table.dormant,
            )
        )
        return name

    # --- facts --------------------------------------------------------------------------------------------------

    def _note_uses(self, chain: Chain, index: int, one: _Parsed, built: Built) -> None:
        policy = self._name(chain.name)
        found: dict[tuple[str, str], None] = {}
        for kind, name in one.rule.uses:
            stored = self._table.sets.get(name) if kind in ("set", "map") else None
            kind = ("map" if stored.is_map else "set") if stored else kind
            found[kind, self._name(name)] = None
        right = one.rule.vmap.right if one.rule.vmap else None
        name = getattr(right, "name", "")
        if name:
            found["map", self._name(name)] = None
        for target in _targets(one):
            if target in self._table.chains:
                found["chain", self._name(target)] = None
        for define in one.text.defines:
            found["define", define] = None
        built.uses.extend(ObjectUse(policy, index, kind, name) for kind, name in found)

    def _chain_origin(self, chain: Chain) -> Origin:
        """Return where a chain starts; a line that holds much more than that is not quoted."""
        long = len(self._config.lines[chain.line - 1]) > SHOWN_WIDTH
        return self._origin(chain.line, chain.line, f"chain {self._name(chain.name)}" if long else "")

    def _origin(self, line: int, end: int, text: str = "") -> Origin:
        shown = text or " ".join(
            self._config.lines[number - 1][:_WIDEST].strip()
            for number in range(line, min(end, line + _MOST_LINES_SHOWN) + 1)
        )
        return Origin(self._config.path, line, show(shown))


def _targets(one: _Parsed) -> list[str]:
    """Return the chains that a rule calls, itself or through its verdict map."""
    verdict = one.rule.verdict
    if verdict is None:
        return []
    if isinstance(one.entries, tuple):
        return [entry.target for entry in one.entries if entry.target]
    return [verdict.target] if verdict.target else []


def _schedule(rule: ParsedRule) -> Schedule | None:
    """Return when a rule is active, where it tests the time, the hour or the day."""
    found = [one.text for one in rule.tests if {part.selector.text for part in one.key.parts} & _TIMES]
    return Schedule(redact_text(" ".join(found))) if found else None


def _default(chain: Chain) -> Outcome:
    if not chain.hook:
        return RETURN
    return DENY if chain.policy == "drop" else PERMIT


def _all_on_same_field(changed: frozenset[str]) -> frozenset[str]:
    """Return the selectors that see a change of one of them: all that look at the same field."""
    fields = {EXACT[one].field for one in changed if one in EXACT}
    return changed | {text for text, selector in EXACT.items() if selector.field in fields}


def _tests_fragments(rules: list[ParsedRule]) -> bool:
    return any(part.selector.text == "ip frag-off" for rule in rules for test in rule.tests for part in test.key.parts)
