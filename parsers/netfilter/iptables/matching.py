"""The match of a rule from its clauses."""

from __future__ import annotations

from parsers.netfilter import operands
from parsers.netfilter.iptables.draft import Draft, Operand
from parsers.netfilter.iptables.exact import EXACT, restrict_state
from parsers.netfilter.iptables.grammar import Clause, Group, Statement
from parsers.netfilter.iptables.modules import MODULES, Style
from rulecheck.model.fields import DOMAIN, Field
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Condition

_ADDRESS_FIELDS = {"-s": Field.SOURCE, "-d": Field.DESTINATION}
_EXTENSION_HEADERS = frozenset(("rt", "frag", "hbh", "dst"))
_INTERFACE_FIELDS = {"-i": Field.IN_INTERFACE, "-o": Field.OUT_INTERFACE}


_INDEPENDENT = frozenset(
    {"ah", "cgroup", "cluster", "connbytes", "connlabel", "connmark", "cpu", "devgroup", "ecn", "esp", "helper"}
    | {"mark", "osf", "owner", "physdev", "pkttype", "policy", "realm", "string", "tcpmss", "time"}
)
"""Modules that ask about something else than the fields of the model: whatever these are, the test can hold."""


def fill(draft: Draft, statement: Statement) -> None:
    """Restrict ``draft`` by every clause of the statement."""
    for code, message in statement.problems:
        draft.problem(code, message)
    if statement.hidden:
        draft.unique("the listing hides its interfaces", "interfaces")
    protocol_first = [
        *(c for c in statement.base if c.option == "-p"),
        *(c for c in statement.base if c.option != "-p"),
    ]
    for clause in protocol_first:
        try:
            _base(draft, clause)
        except ValueError as error:
            draft.problem("RC606", str(error), clause.text)
    for group in statement.matches:
        try:
            _group(draft, group)
        except ValueError as error:
            draft.problem("RC606", str(error), " ".join(clause.text for clause in group.clauses))


def _base(draft: Draft, clause: Clause) -> None:
    if clause.option in _ADDRESS_FIELDS:
        _address(draft, clause)
    elif clause.option in _INTERFACE_FIELDS:
        name = _INTERFACE_FIELDS[clause.option]
        draft.narrow(name, operands.interface(clause.values[0]), clause.text, negated=clause.negated)
    elif clause.option == "-p":
        _protocol(draft, clause)
    elif clause.option == "-f":
        if draft.context.family == 6:
            raise ValueError("-f does not exist in ip6tables")
        draft.narrow(Field.FRAGMENT, IntervalSet(((1, 1),)), clause.text, negated=clause.negated)


def _protocol(draft: Draft, clause: Clause) -> None:
    values = operands.protocol(clause.values[0])
    if values is None:
        if clause.negated:
            raise ValueError("every protocol cannot be negated")
        return
    if not clause.negated:
        draft.protocol = values.lowest
    kept = DOMAIN[Field.PROTOCOL] - values if clause.negated else values
    draft.service(({Field.PROTOCOL: kept},), clause.text)


def _address(draft: Draft, clause: Clause) -> None:
    written = clause.values[0].split(",")
    if clause.negated and len(written) > 1:
        raise ValueError(f"a list of addresses cannot be negated ({clause.option})")
    found = tuple(_operand(draft, one, negated=clause.negated) for one in written)
    draft.addresses(_ADDRESS_FIELDS[clause.option], found)


def _operand(draft: Draft, written: str, *, negated: bool) -> Operand:
    text = f"! {written}" if negated else written
    everything = draft.everything()
    try:
        values = operands.address(written, draft.context.family, most=draft.context.allowance.left)
    except operands.HostNameError:
        condition = Condition(
            f"fqdn:{written.lower()}", f"the name {written} is not resolved", draft.origin(text), not negated
        )
        return Operand(text, everything, condition)
    except operands.TooManyIntervalsError:
        reason = f"the mask of {written} has too many separate ranges"
        return Operand(text, everything, Condition(f"mask:{written}", reason, draft.origin(text), not negated))
    draft.context.allowance.spend(values)
    return Operand(text, everything - values if negated else values)


def _group(draft: Draft, group: Group) -> None:
    module = MODULES.get(group.name)
    if module is None:
        return
    if module.style is Style.NEUTRAL:
        return
    twice = _given_twice(group)
    if twice:
        raise ValueError(f"{twice} is given twice")
    if module.facet in draft.context.facets and module.facet:
        reason = f"a target of this table changes what {group.name} tests"
        draft.unique(reason, _canonical(group), independent=group.name in _INDEPENDENT)
    elif module.style is Style.EXACT:
        EXACT[group.name](draft, group)
    elif module.style is Style.RATED:
        _rated(draft, group)
    elif module.style is Style.WHOLE:
        _whole(draft, group)
    else:
        _each(draft, group)


def _given_twice(group: Group) -> str:
    """Return an option that only policy, with ``--next`` between, may repeat."""
    if group.name == "policy":
        return ""
    seen: set[str] = set()
    for clause in group.clauses:
        if clause.option in seen:
            return clause.option
        seen.add(clause.option)
    return ""


def _canonical(group: Group) -> str:
    """Return the options in one fixed order, except where their order has a meaning."""
    texts = [clause.text for clause in group.clauses]
    ordered = texts if group.name == "policy" else sorted(texts)
    return " ".join((group.name, *ordered))


def _each(draft: Draft, group: Group) -> None:
    """Make a condition of each option; addrtype's ``--limit-iface-*`` changes what the others mean."""
    module = MODULES[group.name]
    if any(clause.option.startswith("--limit-iface") for clause in group.clauses):
        _whole(draft, group)
        return
    prefix = _tracked_prefix(group) if module.style is Style.TRACKED else group.name
    for clause in group.clauses:
        if clause.option == "--ctstate":
            restrict_state(draft, clause)
        elif "track" in draft.context.facets and group.name == "conntrack":
            draft.unique("a target of this table changes connection tracking", clause.text)
        elif module.style is Style.TRACKED:
            free = group.name in _INDEPENDENT
            draft.shared(f"{prefix}:{clause.text}", module.phrase, clause.text, independent=free)
        else:
            draft.shared(
                f"{prefix}:{clause.plain}",
                module.phrase,
                clause.text,
                holds=not clause.negated,
                independent=group.name in _INDEPENDENT,
            )


def _tracked_prefix(group: Group) -> str:
    """Keep tests apart that answer differently for a packet without connection.

    xt_conntrack.c: with a state among the options such a packet passes all others, without one it fails.
    """
    for clause in group.clauses:
        if clause.option == "--ctstate":
            values, _ = operands.states(clause.values[0])
            kept = DOMAIN[Field.CONNECTION_STATE] - values if clause.negated else values
            if operands.STATES["INVALID"] in kept or operands.STATES["UNTRACKED"] in kept:
                return "conntrack without connection"
    return group.name


def _whole(draft: Draft, group: Group) -> None:
    """Make one condition of all options. Only an ipset is negated exactly; others get keys of their own.

    A test for an extension header, for IPsec or for some content fails for a plain packet, whatever its fields.
    """
    module = MODULES[group.name]
    if group.name == "set":
        _ipset(draft, group)
        return
    free = group.name in _INDEPENDENT
    draft.shared(_canonical(group), module.phrase, _canonical(group), fresh=_plain_packet(group), independent=free)


def _plain_packet(group: Group) -> bool | None:
    """Return the answer for a packet without extension headers, IPsec and payload, None where it is open."""
    texts = {clause.text for clause in group.clauses}
    options = {clause.option for clause in group.clauses if not clause.negated}
    needs_more = group.name in _EXTENSION_HEADERS or "--pol ipsec" in texts
    return False if needs_more or options & {"--string", "--hex-string"} else None


def _ipset(draft: Draft, group: Group) -> None:
    phrase = MODULES["set"].phrase
    text = _canonical(group)
    tests = [clause for clause in group.clauses if clause.option in ("--match-set", "--set")]
    draft.sets_used.extend(clause.values[0] for clause in tests)
    if "set" in draft.context.facets:
        draft.unique("a target of this table changes ipsets", text)
    elif len(group.clauses) == 1 and tests:
        clause = tests[0]
        key = " ".join(("set:", *clause.values))
        draft.shared(
            key, f"the members of the ipset {clause.values[0]} are not in this file", text, holds=not clause.negated
        )
    else:
        draft.shared(text, phrase, text)


def _rated(draft: Draft, group: Group) -> None:
    text = " ".join((group.name, *(clause.text for clause in group.clauses)))
    if group.name == "recent":
        _recent(draft, group, text)
        return
    draft.unique(MODULES[group.name].phrase, text, fresh=_fresh(group), independent=True)


def _fresh(group: Group) -> bool | None:
    """Return the answer of a rate or connection limit that has not counted anything yet."""
    if group.name == "limit":
        return True
    for clause in group.clauses:
        if clause.option in ("--hashlimit-above", "--connlimit-above"):
            return clause.negated
        if clause.option in ("--hashlimit-upto", "--hashlimit", "--connlimit-upto"):
            return not clause.negated
    return None


def _recent(draft: Draft, group: Group, text: str) -> None:
    """``--set`` always holds, ``--rcheck`` and ``--update`` fail on an empty list; all but rcheck write to it."""
    modes = [clause for clause in group.clauses if clause.option in ("--set", "--rcheck", "--update", "--remove")]
    if len(modes) != 1:
        raise ValueError("recent needs exactly one of --set, --rcheck, --update and --remove")
    mode = modes[0]
    if mode.option != "--rcheck":
        draft.side_effects.append(text)
    if mode.option != "--set" or mode.negated:
        draft.unique(MODULES["recent"].phrase, text, fresh=None if mode.negated else False, independent=True)
