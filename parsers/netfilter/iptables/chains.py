"""Tables into policies: families, names, calls between chains, and the rules of each chain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from parsers.base import ConfigText
from parsers.ledger import Ledger
from parsers.netfilter.calls import back_edges
from parsers.netfilter.iptables.draft import Context, Draft
from parsers.netfilter.iptables.dump import BASE_CHAINS, Chain, Table
from parsers.netfilter.iptables.grammar import Statement
from parsers.netfilter.iptables.matching import fill
from parsers.netfilter.iptables.outcomes import COUNT, Action, action_of
from parsers.netfilter.iptables.targets import TARGETS
from parsers.redact import redact_text, show
from rulecheck.model.device import ObjectDefinition, ObjectUse, Policy, Severity
from rulecheck.model.provenance import Origin
from rulecheck.model.rule import DENY, PERMIT, RETURN, Hits, Outcome, Rule, Verb

_DEFAULTS = {"ACCEPT": PERMIT, "DROP": DENY}


@dataclass(slots=True)
class Built:
    """What the tables of one input became."""

    policies: list[Policy] = field(default_factory=list)
    objects: list[ObjectDefinition] = field(default_factory=list)
    uses: list[ObjectUse] = field(default_factory=list)
    masked_macs: list[int] = field(default_factory=list)


class TableBuilder:
    """Builds the policies of one table.

    ``prefix`` separates the IPv6 tables of a file that holds both families.
    """

    def __init__(self, config: ConfigText, ledger: Ledger, table: Table, family: int, prefix: str) -> None:
        self._config = config
        self._ledger = ledger
        self._table = table
        self._family = family
        self._scope = f"{prefix} {table.name}" if prefix else table.name
        self._path = (f"{prefix}:" if prefix else "") + ("" if table.name == "filter" else f"{table.name}/")
        self._context = Context(config.path, family, _facets(table), _tests_fragments(table))
        self._back = back_edges(_calls(table))
        self._callers = _callers(table)

    def build(self, built: Built) -> None:
        """Add the table's policies, objects and uses to ``built``."""
        for chain in self._table.chains.values():
            self._check(chain)
            rules = tuple(self._rule(chain, index, *entry, built) for index, entry in enumerate(chain.rules))
            built.policies.append(self._policy(chain, rules))
            called = tuple(dict.fromkeys(rule.calls for rule in rules if rule.calls))
            built.objects.append(ObjectDefinition(self._name(chain.name), "chain", self._origin(chain.line), called))

    def _name(self, chain: str) -> str:
        return self._path + chain

    def _origin(self, line: int) -> Origin:
        return Origin(self._config.path, line, show(self._config.lines[line - 1]))

    def _check(self, chain: Chain) -> None:
        name, line = chain.name, chain.line
        if chain.name in BASE_CHAINS:
            if chain.policy not in _DEFAULTS:
                message = f"chain {name} has no policy that can be read; ACCEPT, the kernel's default, is assumed"
                self._ledger.report("RC606", Severity.LOW, line, message, affects_verdicts=True)
        elif not chain.declared:
            message = f"chain {name} is used but never declared; iptables-restore would refuse this file"
            self._ledger.report("RC603", Severity.MEDIUM, line, message, affects_verdicts=True)
        if not chain.is_base and chain.name not in self._callers:
            message = f"chain {self._name(name)} is never jumped to"
            self._ledger.report("RC608", Severity.LOW, line, message)

    def _policy(self, chain: Chain, rules: tuple[Rule, ...]) -> Policy:
        callers = tuple(f"called from {self._name(one)}" for one in self._callers.get(chain.name, ()))
        return Policy(
            name=self._name(chain.name),
            kind="chain",
            rules=rules,
            default=_default(chain),
            families=(self._family,),
            applied_to=(f"{self._scope} {chain.name}",) if chain.is_base else callers,
            scope=self._scope,
            entry=chain.is_base,
            origin=self._origin(chain.line),
            applied=chain.is_base or bool(callers),
        )

    def _rule(self, chain: Chain, index: int, line: int, statement: Statement, built: Built) -> Rule:
        draft = Draft(self._context, line)
        fill(draft, statement)
        action = self._action(draft, chain, line, statement)
        origin = self._origin(line)
        for code, message in draft.problems:
            self._ledger.report(code, Severity.MEDIUM, line, message, affects_verdicts=True)
        if draft.masked_mac:
            built.masked_macs.append(line)
        name = self._name(chain.name)
        ipsets = dict.fromkeys((*draft.sets_used, *_ipsets_changed(statement)))
        built.uses.extend(ObjectUse(name, index, "ipset", one) for one in ipsets)
        if action.calls:
            built.uses.append(ObjectUse(name, index, "chain", action.calls))
        return Rule(
            index=index,
            origin=origin,
            match=draft.match(),
            outcome=action.outcome,
            calls=action.calls,
            logging=action.logging,
            description=redact_text(_comment(statement)),
            hits=self._hits(statement),
        )

    def _hits(self, statement: Statement) -> Hits | None:
        """Return the counters of a rule: since the rules were loaded or the counters cleared, up to the export."""
        if not statement.counters:
            return None
        return Hits(*statement.counters, window=f"until {self._table.taken}" if self._table.taken else "")

    def _action(self, draft: Draft, chain: Chain, line: int, statement: Statement) -> Action:
        target = statement.target
        if target is None:
            return Action(COUNT)
        name = target.name
        if name in self._table.chains or name in BASE_CHAINS or statement.goto or _looks_like_chain(name):
            refusal = self._refusal(chain, line, name)
            if refusal:
                draft.problem(*refusal, f"{'-g' if statement.goto else '-j'} {name}")
                return Action(Outcome(Verb.OTHER, (name,)))
            called = self._name(name)
            verb = Verb.GOTO if statement.goto else Verb.CALL
            if draft.side_effects:
                reason = "it calls a chain and also writes to a list of recent addresses"
                draft.unique(reason, draft.side_effects[0], fresh=True)
            return Action(Outcome(verb, (called,)), calls=called)
        return action_of(draft, target)

    def _refusal(self, chain: Chain, line: int, name: str) -> tuple[str, str] | None:
        """Return the code and the reason why the call of ``name`` cannot be followed."""
        called = self._table.chains.get(name)
        if name in BASE_CHAINS or (called is not None and called.is_base):
            return "RC606", f"{name} is a built-in chain and cannot be called"
        if called is None or (not called.declared and not called.rules):
            return "RC603", f"chain {name} is not defined in table {self._table.name}"
        if (chain.name, line) in self._back:
            return "RC604", f"the call of {name} closes a loop of chains, which the kernel refuses"
        return None


def _looks_like_chain(name: str) -> bool:
    """Tell a chain that is missing from an extension that is not known: extensions are upper case."""
    return name not in TARGETS and not (name.isupper() and name.isalnum())


def _default(chain: Chain) -> Outcome:
    if not chain.is_base:
        return RETURN
    if chain.policy in (None, "-"):
        return PERMIT
    assert chain.policy is not None
    return _DEFAULTS.get(chain.policy, Outcome(Verb.OTHER, (chain.policy.lower(),)))


def _comment(statement: Statement) -> str:
    values = [c.values[0] for group in statement.matches if group.name == "comment" for c in group.clauses]
    return "; ".join(values)


def _ipsets_changed(statement: Statement) -> list[str]:
    clauses = statement.target.clauses if statement.target else []
    return [one.values[0] for one in clauses if one.values and one.option in ("--add-set", "--del-set", "--map-set")]


def _statements(table: Table) -> Iterator[Statement]:
    return (statement for chain in table.chains.values() for _, statement in chain.rules)


def _facets(table: Table) -> frozenset[str]:
    """Return the packet properties that rules of the table change for the rules behind them."""
    found: set[str] = set()
    for statement in _statements(table):
        if statement.target and (target := TARGETS.get(statement.target.name)):
            found |= target.changes
        for group in statement.matches:
            if group.name == "socket" and any(clause.option == "--restore-skmark" for clause in group.clauses):
                found.add("mark")
    return frozenset(found)


def _tests_fragments(table: Table) -> bool:
    return any(clause.option == "-f" for statement in _statements(table) for clause in statement.base)


def _calls(table: Table) -> dict[str, list[tuple[int, str]]]:
    """Return for each chain the (line, chain) pairs of its calls."""
    return {
        chain.name: [
            (line, one.target.name) for line, one in chain.rules if one.target and one.target.name in table.chains
        ]
        for chain in table.chains.values()
    }


def _callers(table: Table) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for caller, calls in _calls(table).items():
        for _, called in calls:
            found.setdefault(called, {})[caller] = None
    return {called: list(callers) for called, callers in found.items()}


def families_of(tables: Iterable[Table]) -> list[int]:
    """Return the address family of each table: from its header, else its content, else its neighbours, else 4."""
    given = list(tables)
    votes = [_evidence(table) for table in given]
    open_votes: Counter[int] = Counter()
    for table, vote in zip(given, votes, strict=True):
        if table.family is None:
            open_votes += vote
    fallback = _winner(open_votes) or 4
    return [table.family or _winner(vote) or fallback for table, vote in zip(given, votes, strict=True)]


def _winner(votes: Counter[int]) -> int | None:
    if not votes:
        return None
    return 6 if votes[6] > votes[4] else 4


_FAMILY_PROTOCOLS = {"icmp": 4, "1": 4, "ipv6-icmp": 6, "icmpv6": 6, "58": 6}


def _evidence(table: Table) -> Counter[int]:
    """Count clauses that only one family can have."""
    votes: Counter[int] = Counter()
    for statement in _statements(table):
        for clause in statement.base:
            if clause.option in ("-s", "-d"):
                host = clause.values[0].partition("/")[0]
                if ":" in host:
                    votes[6] += 1
                elif host.replace(".", "").isdecimal():
                    votes[4] += 1
            elif clause.option == "-p" and clause.values[0].lower() in _FAMILY_PROTOCOLS:
                votes[_FAMILY_PROTOCOLS[clause.values[0].lower()]] += 1
        if statement.target and statement.target.name == "REJECT":
            kinds = [clause.values[0] for clause in statement.target.clauses if clause.values]
            votes.update(6 if kind.startswith("icmp6-") else 4 for kind in kinds if kind.startswith("icmp"))
    return votes
