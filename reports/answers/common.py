"""What the texts of all answers have in common: packets, rules and conditions on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reports.text.layout import Paper, hanging, shorten
from reports.visible import visible
from reports.words import rule_number
from rulecheck.model.answer import Decider, Packets
from rulecheck.model.finding import RuleRef

NARROWEST = 40
_LABEL = 10
EFFECT_STYLES = {"allowed": ("bold", "green"), "denied": ("bold", "red")}


def packets_text(packets: Packets) -> str:
    """Return a region in one sentence: source → destination, service, and what else is restricted."""
    said = [f"{packets.source} → {packets.destination}", packets.service]
    said += [f"{name} {text}" for name, text in packets.more]
    said += [f"if {condition}" for condition in packets.only_if]
    return visible(", ".join(said))


def rule_place(rule: RuleRef, policy: str) -> str:
    """Return where a rule stands, with its policy where that is another than ``policy``."""
    place = f"rule {rule_number(rule.index)}"
    place += f", line {rule.line}" if rule.line else ""
    return place if rule.policy == policy else f"{place} of {visible(rule.policy)}"


def decider_text(decider: Decider, policy: str) -> str:
    """Return what decides: the rule's place, the default, or a rule that the device implies."""
    if decider.rule is not None:
        return rule_place(decider.rule, policy)
    if decider.implicit:
        return f"a rule that the device implies: {visible(decider.implicit)}"
    return f"the default of {visible(decider.policy)}, because no rule matches"


def source_lines(rule: RuleRef, indent: str, paper: Paper) -> list[str]:
    """Return a rule as written."""
    return hanging(f"{indent}| ", visible(rule.text), paper.width)


def labelled(label: str, text: str, paper: Paper, indent: str = "    ") -> list[str]:
    """Return ``label  text`` with the text in a column of its own."""
    lead = f"{indent}{label:<{_LABEL}} "
    lines = hanging(lead, text, paper.width)
    return [paper.paint(lead, "dim") + lines[0][len(lead) :], *lines[1:]]


def example_text(example: Mapping[str, str | int]) -> str:
    """Return an example packet on one line."""
    return visible(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in example.items()))


def title(text: str, paper: Paper) -> str:
    """Return a heading."""
    return paper.paint(shorten(visible(text), paper.width), "bold")


def notes(texts: Iterable[str], paper: Paper) -> list[str]:
    """Return remarks, one paragraph each."""
    return [line for text in texts for line in hanging("Note: ", visible(text), paper.prose)]
