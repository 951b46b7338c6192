"""Every way to write a policy, with what it cannot say: the registry of renderers.

A new platform joins the tests of random policies, and of the policies in ``fixtures/abstract``, by one entry in
:data:`FORMS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from rulecheck.model.device import Policy
from rulecheck.model.fields import Field
from rulecheck.model.rule import DENY, PERMIT, RETURN
from tests.render import (
    aws,
    azure,
    checkpoint,
    cisco,
    eos,
    fortios,
    gcp,
    juniper,
    mikrotik,
    netfilter,
    neutral,
    nftables,
    nxos,
    panos,
    pf,
    sense,
    xr,
)
from tests.render.abstract import ANY, ANY6, ANY_PORT, WITH_PORTS, Line, Operand, Sketch


class Feature(StrEnum):
    """What not every form can say. The value is the name in the documentation."""

    GROUPS = "groups of addresses"
    GROUPS6 = "groups of IPv6 addresses"
    NEGATION = "negated addresses"
    DISABLED = "disabled rules"
    DESTINATIONS = "destinations"
    SOURCE_PORTS = "source ports"
    ICMP_TYPES = "ICMP types"
    OTHER_PROTOCOLS = "ICMP and GRE"
    BOTH_FAMILIES = "IPv4 and IPv6 in one list"
    PERMIT_BY_DEFAULT = "a default that permits"
    DENY_BY_DEFAULT = "a default that denies"


@dataclass(frozen=True)
class Form:
    """One way to write policies. ``policy`` is the name under which the parser finds the list again.

    ``six`` is that name for a list of IPv6 where the form has one list for each family.
    ``plain`` takes away what the form puts on every rule (pf: the direction), so that the rest can be compared.
    ``alone``: the list is called from another one that has automatic rules, and is judged without it.
    """

    name: str
    platform: str
    render: Callable[[Sketch], str]
    policy: str
    lacks: frozenset[Feature] = frozenset()
    plain: Callable[[Policy], Policy] = lambda policy: policy
    six: str = ""
    alone: bool = False

    def is_written(self, policy: Policy) -> bool:
        """Return whether a policy is the list that was written, not another one of the device."""
        return policy.name in (self.policy, self.six)


def _without_direction(policy: Policy) -> Policy:
    """Return a policy of pf without the direction of its rules. Its default passes without keeping state."""
    assert policy.default.label.startswith("permit")
    rules = []
    for rule in policy.rules:
        assert [(one.field, one.text) for one in rule.match.constraints] == [(Field.OUT_INTERFACE, "in")]
        rules.append(replace(rule, match=replace(rule.match, constraints=())))
    return replace(policy, rules=tuple(rules), default=PERMIT)


def _on_every_interface(policy: Policy) -> Policy:
    """Return the rules of pfSense or OPNsense without direction and interface, with the default of their caller."""
    assert policy.default == RETURN
    rules = []
    for rule in policy.rules:
        assert [one.field for one in rule.match.constraints] == [Field.OUT_INTERFACE, Field.IN_INTERFACE]
        rules.append(replace(rule, match=replace(rule.match, constraints=())))
    return replace(policy, rules=tuple(rules), default=DENY, entry=True)


_F = Feature
_CISCO = frozenset({_F.NEGATION, _F.DISABLED, _F.BOTH_FAMILIES, _F.PERMIT_BY_DEFAULT})
_PANOS = frozenset({_F.OTHER_PROTOCOLS, _F.ICMP_TYPES, _F.PERMIT_BY_DEFAULT})
_AWS = frozenset({_F.GROUPS, _F.NEGATION, _F.DISABLED, _F.DESTINATIONS, _F.SOURCE_PORTS, _F.PERMIT_BY_DEFAULT})
_AZURE = frozenset({_F.NEGATION, _F.DISABLED, _F.ICMP_TYPES, _F.PERMIT_BY_DEFAULT})
_GCP = frozenset({_F.NEGATION, _F.SOURCE_PORTS, _F.ICMP_TYPES, _F.PERMIT_BY_DEFAULT})
_IPTABLES = frozenset({_F.GROUPS, _F.DISABLED, _F.BOTH_FAMILIES})
_FILTER = frozenset({_F.BOTH_FAMILIES, _F.PERMIT_BY_DEFAULT})
_NFT = frozenset({_F.DISABLED})
_PF = frozenset({_F.DISABLED, _F.DENY_BY_DEFAULT})
_MIKROTIK = frozenset({_F.BOTH_FAMILIES, _F.DENY_BY_DEFAULT})
_BRACES = partial(juniper.junos_filter, blocks=True)
_FILTER6 = f"inet6 {juniper.FILTER}"
_DENIES = frozenset({_F.PERMIT_BY_DEFAULT})

FORMS = (
    Form("arista_eos", "arista_eos", eos.eos, eos.EOS_LIST, _CISCO | {_F.GROUPS}),
    Form("aws", "aws", aws.aws, aws.NAME, _AWS),
    Form("azure", "azure", azure.azure, azure.NAME, _AZURE),
    Form("checkpoint", "checkpoint", partial(checkpoint.checkpoint, indent=1), checkpoint.LAYER),
    Form("checkpoint, one line", "checkpoint", checkpoint.checkpoint, checkpoint.LAYER),
    Form("cisco_asa", "cisco_asa", cisco.asa, cisco.ASA_LIST, frozenset({_F.NEGATION, _F.PERMIT_BY_DEFAULT})),
    Form("cisco_ios", "cisco_ios", cisco.ios, cisco.IOS_LIST, _CISCO | {_F.GROUPS6}),
    Form("cisco_nxos", "cisco_nxos", nxos.nxos, nxos.NXOS_LIST, _CISCO),
    Form("cisco_xr", "cisco_xr", xr.xr, xr.XR_LIST, _CISCO),
    Form("fortios", "fortios", fortios.fortios, "policy", _DENIES),
    Form("gcp", "gcp", gcp.gcp, gcp.NAME, _GCP),
    Form("iptables", "iptables", netfilter.iptables, "FORWARD", _IPTABLES),
    Form("juniper, policies", "juniper", juniper.srx, juniper.SRX_LIST),
    Form("juniper, policies in braces", "juniper", juniper.srx_curly, juniper.SRX_LIST),
    Form("juniper, filter", "juniper", juniper.junos_filter, juniper.FILTER, _FILTER, six=_FILTER6),
    Form("juniper, filter in braces", "juniper", _BRACES, juniper.FILTER, _FILTER, six=_FILTER6),
    Form("mikrotik", "mikrotik", mikrotik.mikrotik, "forward", _MIKROTIK, six="ipv6:forward"),
    Form("neutral, CSV", "neutral", neutral.csv_table, neutral.POLICY, _DENIES),
    Form("neutral, YAML", "neutral", neutral.yaml_table, neutral.POLICY),
    Form("neutral, JSON", "neutral", partial(neutral.json_table, indent=1), neutral.POLICY),
    Form("nftables", "nftables", partial(nftables.nftables, family="inet"), f"inet {nftables.CHAIN}", _NFT),
    Form("nftables, JSON", "nftables", partial(nftables.nftables_json, family="inet"), f"inet {nftables.CHAIN}", _NFT),
    Form("opnsense", "opnsense", sense.opnsense, sense.POLICY, _DENIES, _on_every_interface, alone=True),
    Form("panos, XML", "panos", panos.panos_xml, panos.VSYS, _PANOS),
    Form("panos, commands", "panos", panos.panos_set, panos.VSYS, _PANOS),
    Form("pf, quick", "pf", pf.pf, "rules", _PF, _without_direction),
    Form("pf, last match", "pf", partial(pf.pf, quick=False), "rules", _PF, _without_direction),
    Form("pfsense", "pfsense", sense.pfsense, sense.POLICY, _DENIES, _on_every_interface, alone=True),
)


def needs(line: Line) -> frozenset[Feature]:
    """Return what a form must be able to say to write a rule."""
    operands = (line.source, line.destination)
    found = {
        Feature.GROUPS: any(operand.group for operand in operands),
        Feature.GROUPS6: line.family == 6 and any(operand.group for operand in operands),
        Feature.NEGATION: any(operand.negated for operand in operands),
        Feature.DISABLED: line.disabled,
        Feature.DESTINATIONS: line.destination not in (ANY, ANY6),
        Feature.SOURCE_PORTS: not line.source_ports.is_any,
        Feature.ICMP_TYPES: line.icmp is not None,
        Feature.OTHER_PROTOCOLS: line.protocol not in (None, *WITH_PORTS),
    }
    return frozenset(feature for feature, needed in found.items() if needed)


def expressible(form: Form, sketch: Sketch) -> Iterator[Sketch]:
    """Yield the part of a policy that a form can say: one list, or one for each address family.

    Rules that it cannot say are left out. The default is the one that the form has.
    """
    yield from _lists(form, replace(sketch, lines=tuple(line for line in sketch.lines if not needs(line) & form.lacks)))


def fitted(form: Form, sketch: Sketch) -> Iterator[Sketch]:
    """Yield a policy in which nothing is left of what a form cannot say, one list or one for each address family.

    A list for IPv6 alone ends with a rule that denies everything: what some devices permit behind the written rules
    (neighbour discovery) is not known for certain.
    """
    for part in _lists(form, replace(sketch, lines=tuple(_simplified(line, form.lacks) for line in sketch.lines))):
        alone = part.is_ipv6 and Feature.BOTH_FAMILIES in form.lacks
        yield replace(part, lines=(*part.lines, _END6)) if alone else part


_END6 = Line(permit=False, protocol=None, source=ANY6, destination=ANY6)


def _lists(form: Form, sketch: Sketch) -> Iterator[Sketch]:
    if Feature.PERMIT_BY_DEFAULT in form.lacks:
        sketch = replace(sketch, permit_by_default=False)
    if Feature.DENY_BY_DEFAULT in form.lacks:
        sketch = replace(sketch, permit_by_default=True)
    if Feature.BOTH_FAMILIES not in form.lacks:
        yield sketch
        return
    for family in sketch.families:
        yield replace(sketch, lines=tuple(line for line in sketch.lines if line.family == family))


def _simplified(line: Line, lacks: frozenset[Feature]) -> Line:
    if Feature.OTHER_PROTOCOLS in lacks and line.protocol not in (None, *WITH_PORTS):
        line = replace(line, protocol="udp" if line.protocol == "icmp" else "tcp", icmp=None)
    line = replace(
        line,
        source=_operand(line.source, lacks),
        destination=_operand(line.destination, lacks),
        disabled=line.disabled and Feature.DISABLED not in lacks,
    )
    if Feature.DESTINATIONS in lacks:
        line = replace(line, destination=ANY6 if line.family == 6 else ANY)
    if Feature.SOURCE_PORTS in lacks:
        line = replace(line, source_ports=ANY_PORT)
    return replace(line, icmp=None) if Feature.ICMP_TYPES in lacks else line


def _operand(operand: Operand, lacks: frozenset[Feature]) -> Operand:
    unnamed = Feature.GROUPS in lacks or (Feature.GROUPS6 in lacks and operand.family == 6)
    if unnamed and operand.group:
        operand = Operand(operand.networks[:1], negated=operand.negated)
    return replace(operand, negated=operand.negated and Feature.NEGATION not in lacks)
