"""Filter rules of both kinds: the classic ones of pfSense and OPNsense, and OPNsense's newer ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from parsers.bsd.events import EVERY_INTERFACE, Place
from parsers.bsd.pf.draft import NEW_CONNECTION, Draft
from parsers.bsd.pf.draft import Operands as SharedOperands
from parsers.bsd.pf.values import icmp, protocol, whole
from parsers.bsd.sense.operands import Operands, Side
from parsers.ledger import Ledger
from parsers.redact import redact_text
from parsers.xml_tree import XmlElement
from rulecheck.model.device import ObjectUse, Severity
from rulecheck.model.fields import DOMAIN, Field, tcp_flag_values
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.match import Constraint, Match
from rulecheck.model.rule import DENY, Logging, Outcome, Rule, Verb

_READ = frozenset({
    "type", "action", "interface", "interfacenot", "ipprotocol", "protocol", "icmptype", "icmp6-type", "icmp6type",
    "source", "destination", "source_net", "source_not", "source_port", "destination_net", "destination_not",
    "destination_port", "disabled", "enabled", "floating", "quick", "direction", "statetype", "tag", "tagged", "os",
    "gateway", "sched", "log", "descr", "description", "associated-rule-id", "dscp", "tos", "prio", "vlanprio",
    "tcpflags1", "tcpflags2", "tcpflags_any", "any", "sequence", "max", "max-src-nodes", "max-src-conn",
    "max-src-states", "max-src-conn-rate", "max-src-conn-rates", "overload", "set-prio", "vlanprioset", "dnpipe",
    "pdnpipe", "ackqueue", "defaultqueue", "replyto", "reply-to", "shaper1", "shaper2", "divert-to", "allowopts",
})  # fmt: skip
_IGNORED = frozenset({
    "id", "tracker", "created", "updated", "statetimeout", "nosync", "nopfsync", "disablereplyto", "category",
    "categories", "sort_order", "prio_group", "state-policy", "udp-first", "udp-multiple", "udp-single",
    "adaptivestart", "adaptiveend", "set-prio-low", "separator", "uuid", "seq", "ridentifier", "floatingexclude",
})  # fmt: skip
_DETAILS = (
    "gateway", "tag", "dnpipe", "pdnpipe", "ackqueue", "defaultqueue", "set-prio", "vlanprioset", "max",
    "max-src-nodes", "max-src-conn", "max-src-states", "max-src-conn-rate", "replyto", "reply-to", "divert-to",
    "shaper1", "shaper2",
)  # fmt: skip
"""Settings that change what happens to a packet that passes."""

_VERBS = {"pass": Outcome(Verb.PERMIT), "block": DENY, "reject": Outcome(Verb.REJECT, ("return",))}
_STATES = {"": "keep", "keep state": "keep", "keep": "keep", "none": "no"}
_FLAG_BITS = {name: 1 << bit for bit, name in enumerate(("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"))}
_BY_FAMILY = {"inet": "inet", "inet6": "inet6", "inet46": ""}


@dataclass(slots=True)
class Written:
    """A rule as written. ``rank`` puts floating rules before those of groups, and these before those of interfaces."""

    node: XmlElement
    rank: int
    quick: bool
    keys: list[str]
    modern: bool = False
    sequence: int = 0


@dataclass(slots=True)
class RuleReader:
    """Turns rules into rules of the model."""

    platform: str
    ledger: Ledger
    operands: Operands
    uses: list[ObjectUse] = field(default_factory=list)
    shared: SharedOperands = field(default_factory=dict)

    def written(self, node: XmlElement, *, modern: bool = False) -> Written:
        """Return a rule with what its place in the order depends on."""
        keys = [one for one in node.value("interface").replace(",", " ").split() if one != "any"]
        floating = node.value("floating") not in ("", "no", "0")
        if modern:
            floating = len(keys) != 1 or node.value("interfacenot") == "1"
        groups = self.operands.settings.groups
        rank = 0 if floating else 1 if keys and keys[0] in groups else 2
        quick = node.value("quick")
        if modern or (self.platform == "opnsense" and not floating):
            is_quick = quick not in ("0", "no")
        else:
            is_quick = quick not in ("", "0", "no") if floating else True
        sequence = node.value("sequence")
        number = int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 10 else 1
        return Written(node, rank, is_quick or node.value("type") == "match", keys, modern, number if modern else 0)

    def rule(self, written: Written, index: int, policy: str) -> Rule:
        """Return one rule of the model."""
        node = written.node
        sides = [self._side(node, name, modern=written.modern) for name in ("source", "destination")]
        draft = self._draft(written, sides)
        self._account(node, draft)
        match = self._match(written, sides, draft)
        disabled = self._is_disabled(written)
        outcome = self._outcome(node, draft)
        for code, message in draft.problems:
            self.ledger.report(code, Severity.MEDIUM, node.line, message, affects_verdicts=True)
        if not written.modern or node.value("enabled") != "0":
            self._use(node, sides, index, policy)
        name = node.value("sched")
        return Rule(
            index,
            draft.origin,
            match,
            outcome,
            enabled=not disabled,
            disabled_because="disabled" if disabled else "",
            schedule=self.operands.settings.schedules.get(name) if name else None,
            logging=Logging("log") if _on(node, "log") else None,
            description=redact_text(node.value("descr") or node.value("description")),
        )

    def _is_disabled(self, written: Written) -> bool:
        if written.modern:
            return written.node.value("enabled", default="1") == "0"
        found = written.node.find("disabled")
        return found is not None and found.text not in ("0", "no")

    def _side(self, node: XmlElement, name: str, *, modern: bool) -> Side:
        if modern:
            texts = [one for one in node.value(f"{name}_net").split(",") if one]
            place = node.find(f"{name}_net") or node
            return Side(texts, node.value(f"{name}_not") == "1", node.value(f"{name}_port"), place.line)
        inner = node.find(name)
        if inner is None:
            return Side([], inverted=False, port="", line=node.line)
        texts = [one.text for one in inner if one.tag in ("network", "address") and one.text]
        inverted = inner.find("not") is not None and inner.value("not") not in ("0", "no")
        listed = [part for text in texts for part in text.split(",")]
        return Side(listed, inverted, inner.value("port"), inner.line)

    def _draft(self, written: Written, sides: list[Side]) -> Draft:
        node = written.node
        names = ", ".join(self.operands.settings.name(key) for key in written.keys) or "any"
        words = [node.value("type") or node.value("action") or "pass"]
        words += ["on", names, node.value("ipprotocol"), node.value("protocol")]
        for word, side in zip(("from", "to"), sides, strict=True):
            inverted = "not " if side.inverted else ""
            words += [word, inverted + (", ".join(side.texts) or "any")] + (["port", side.port] if side.port else [])
        text = redact_text(" ".join(word for word in words if word))
        return Draft(self.operands.aliases.origin(node.line, text), f"rule of line {node.line}", operands=self.shared)

    def _match(self, written: Written, sides: list[Side], draft: Draft) -> Match:
        node, settings = written.node, self.operands.settings
        direction = node.value("direction")
        if written.modern or written.rank or direction in ("in", "out"):
            direction = direction if direction in ("in", "out", "any") else "in"
        draft.direction = direction if direction in ("in", "out") else ""
        if written.keys:
            values, missing = settings.places(written.keys)
            lacks = node.value("interfacenot") == "1"
            draft.places = [Place(EVERY_INTERFACE - values if lacks else values)]
            draft.place_text = ", ".join(settings.name(key) for key in written.keys)
            for key in missing:
                draft.problem("RC603", f"interface {key[:40]} is not in the file")
        self._family(node, draft)
        self._protocol(node, draft)
        draft.source, draft.source_text = self.operands.addresses(sides[0], draft)
        draft.destination, draft.destination_text = self.operands.addresses(sides[1], draft)
        draft.source_ports = self.operands.ports(sides[0], draft)
        draft.destination_ports = self.operands.ports(sides[1], draft)
        self._more(node, draft)
        return draft.match()

    def _family(self, node: XmlElement, draft: Draft) -> None:
        text = node.value("ipprotocol") or "inet"
        if text in _BY_FAMILY:
            draft.family = _BY_FAMILY[text]
        else:
            draft.problem("RC602", f"the address family {text[:40]!r} was not understood")

    def _protocol(self, node: XmlElement, draft: Draft) -> None:
        text = node.value("protocol").lower()
        if text in ("tcp/udp", "tcp/udp (any)"):
            draft.protocols = [6, 17]
        elif text and text != "any":
            try:
                draft.protocols = [58 if text == "icmp" and draft.family == "inet6" else protocol(text)]
            except ValueError as error:
                draft.problem("RC606", str(error))
        if text == "icmp" and not draft.family:
            draft.protocols = [1, 58]
        self._icmp(node, draft)

    def _icmp(self, node: XmlElement, draft: Draft) -> None:
        for number, tags in ((1, ("icmptype",)), (58, ("icmp6-type", "icmp6type", "icmptype"))):
            texts = next((node.value(tag) for tag in tags if node.value(tag)), "")
            if number not in (draft.protocols or ()) or texts in ("", "any"):
                continue
            try:
                listed = (icmp(one.strip(), "", 4 if number == 1 else 6) for one in texts.split(","))
                draft.icmp[number] = IntervalSet.union_of(listed)
            except ValueError as error:
                draft.problem("RC606", str(error))
        if draft.icmp:
            for number in draft.protocols or ():
                draft.icmp.setdefault(number, DOMAIN[Field.ICMP])

    def _more(self, node: XmlElement, draft: Draft) -> None:
        """Read what restricts a rule besides addresses and ports."""
        for tag, add in _TESTS.items():
            if node.value(tag):
                try:
                    add(draft, node.value(tag))
                except ValueError as error:
                    draft.problem("RC606", str(error))
        name = node.value("sched")
        if name:
            if name not in self.operands.settings.schedules:
                draft.problem("RC603", f"schedule {name[:60]} is not in the file")
            draft.shared(f"time-range:{name}", f"it is only active in schedule {name}", independent=True)
        state = node.value("statetype")
        draft.state = _STATES.get(state, "keep")
        if state not in _STATES:
            draft.details.append(redact_text(state))
        self._flags(node, draft)

    def _flags(self, node: XmlElement, draft: Draft) -> None:
        wanted, mask = (
            sum({_FLAG_BITS.get(one.strip(), 0) for one in node.value(tag).lower().split(",")})
            for tag in ("tcpflags1", "tcpflags2")
        )
        kind = node.value("type") or node.value("action") or "pass"
        if mask:
            draft.flags = tcp_flag_values(mask, wanted)
        elif kind == "pass" and draft.state != "no" and node.find("tcpflags_any") is None:
            draft.flags = NEW_CONNECTION if draft.protocols is None or 6 in draft.protocols else None

    def _outcome(self, node: XmlElement, draft: Draft) -> Outcome:
        kind = node.value("type") or node.value("action") or "pass"
        details = [f"{tag} {redact_text(node.value(tag))}" for tag in _DETAILS if node.value(tag) not in ("", "none")]
        details += draft.details
        if draft.state == "no":
            details.append("no state")
        if kind == "match":
            return Outcome(Verb.CONTINUE, tuple(sorted(("match", *details))))
        known = _VERBS.get(kind)
        if known is None:
            draft.problems.append(("RC602", f"the action {redact_text(kind)[:40]!r} was not understood"))
            return Outcome(Verb.OTHER, (redact_text(kind),))
        return Outcome(known.verb, tuple(sorted(details))) if known.verb is Verb.PERMIT else known

    def _account(self, node: XmlElement, draft: Draft) -> None:
        self.ledger.understood(node.line)
        self.ledger.understood(node.end_line)
        for child in node:
            known = child.tag in _READ
            for line in range(child.line, child.end_line + 1):
                if known:
                    self.ledger.understood(line)
                elif child.tag in _IGNORED or not (child.text or not child.empty):
                    self.ledger.ignored(line)
            if not known and child.tag not in _IGNORED and (child.text or not child.empty):
                message = f"the setting {redact_text(child.tag)[:40]!r} of a rule was not understood"
                self.ledger.unknown(child.line, message, affects_verdicts=True)
                draft.unique(message)

    def _use(self, node: XmlElement, sides: list[Side], index: int, policy: str) -> None:
        aliases = self.operands.aliases.known
        names = [text for side in sides for text in (*side.texts, side.port)] + [node.value("overload")]
        for name in dict.fromkeys(names):
            if name in aliases:
                self.uses.append(ObjectUse(policy, index, f"alias {aliases[name].kind}", name))


def _on(node: XmlElement, tag: str) -> bool:
    found = node.find(tag)
    return found is not None and found.text not in ("0", "no")


def _tagged(draft: Draft, text: str) -> None:
    lacks = text.startswith("!")
    name = text.lstrip("! ")
    draft.shared(f"tagged:{name}", f"whether the packet is tagged {name} is not known", holds=not lacks)


def _os(draft: Draft, text: str) -> None:
    if text != "any":
        draft.shared(f"os:{text}", f"whether the sender runs {text} is not known", independent=True)


def _priority(draft: Draft, text: str) -> None:
    if text not in ("none", "any"):
        draft.shared(f"prio:{text}", "the priority of the packet is not known", independent=True)


def _dscp(draft: Draft, text: str) -> None:
    from parsers.netfilter.names import DSCP_CLASSES

    value = DSCP_CLASSES.get(text.upper())
    number = whole(text, 63, "DSCP") if value is None else value
    values = IntervalSet(((number << 2, (number << 2) + 3),))
    draft.constraints.append(Constraint(Field.TOS, values, f"dscp {text}", draft.origin))


_TESTS: dict[str, Callable[[Draft, str], None]] = {
    "tagged": _tagged,
    "os": _os,
    "prio": _priority,
    "vlanprio": _priority,
    "dscp": _dscp,
}
