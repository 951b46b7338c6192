"""Large configurations as text, line by line: PAN-OS, FortiOS, Junos in set form, ASA, iptables, and rules as CSV.

``size`` is the wanted number of lines; what comes is within a few percent of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks.generators.large_plan import SERVICES, Address, Plan, Rule

_LINES_OF_A_GROUP = 20
"""Members of a group on average, each on a line of its own, with what is around them."""


_CONFIG = ("config", "devices", 'entry name="localhost.localdomain"', "vsys", 'entry name="vsys1"')
_DEEP = "  " * len(_CONFIG)


def _members(tag: str, names: Sequence[str], indent: str) -> Iterator[str]:
    yield f"{indent}<{tag}>"
    for name in names:
        yield f"{indent}  <member>{name}</member>"
    yield f"{indent}</{tag}>"


def panos(size: int, seed: int) -> Iterator[str]:
    """Yield a PAN-OS configuration in XML, indented as the device exports it: about 40 characters for each line."""
    plan = Plan(seed)
    yield '<?xml version="1.0"?>'
    yield '<config version="10.2.0" urldb="paloaltonetworks">'
    yield from (f"{'  ' * depth}<{tag}>" for depth, tag in enumerate(_CONFIG) if depth)
    yield f"{_DEEP}<address>"
    for one in plan.make_addresses(size * 25 // 300):
        yield from (f'{_DEEP}  <entry name="{one.name}">', f"{_DEEP}    <ip-netmask>{one.prefix}</ip-netmask>")
        yield f"{_DEEP}  </entry>"
    yield from (f"{_DEEP}</address>", f"{_DEEP}<address-group>")
    for name, members, inner in plan.make_groups(size * 15 // 100 // _LINES_OF_A_GROUP):
        yield f'{_DEEP}  <entry name="{name}">'
        yield from _members("static", [*members, *([inner] if inner else [])], f"{_DEEP}    ")
        yield f"{_DEEP}  </entry>"
    yield f"{_DEEP}</address-group>"
    yield from _panos_services()
    yield from (f"{_DEEP}<rulebase>", f"{_DEEP}  <security>", f"{_DEEP}    <rules>")
    for rule in plan.make_rules(size * 60 // 100 // 31):
        yield from _panos_rule(rule, f"{_DEEP}      ")
    yield from (f"{_DEEP}    </rules>", f"{_DEEP}  </security>", f"{_DEEP}</rulebase>")
    yield from (f"{'  ' * depth}</{tag.split()[0]}>" for depth, tag in reversed(list(enumerate(_CONFIG))))


def _panos_services() -> Iterator[str]:
    yield f"{_DEEP}<service>"
    for number, (protocol, port) in enumerate(SERVICES):
        yield from (f'{_DEEP}  <entry name="s-{number}">', f"{_DEEP}    <protocol>", f"{_DEEP}      <{protocol}>")
        yield f"{_DEEP}        <port>{port}</port>"
        yield from (f"{_DEEP}      </{protocol}>", f"{_DEEP}    </protocol>", f"{_DEEP}  </entry>")
    yield f"{_DEEP}</service>"


def _panos_rule(rule: Rule, indent: str) -> Iterator[str]:
    yield f'{indent}<entry name="{rule.name}" uuid="00000000-0000-4000-8000-{rule.number:012d}">'
    services = [f"s-{number}" for number in rule.services]
    fields = {"from": rule.zones[:1], "to": rule.zones[1:], "source": rule.sources, "destination": rule.destinations}
    for tag, names in {**fields, "source-user": ["any"], "application": ["any"], "service": services}.items():
        yield from _members(tag, names, f"{indent}  ")
    yield f"{indent}  <action>{'allow' if rule.permit else 'deny'}</action>"
    yield f"{indent}  <log-end>{'yes' if rule.log else 'no'}</log-end>"
    yield f"{indent}  <description>Ticket {rule.number % 7919}, checked every year</description>"
    yield f"{indent}</entry>"


def fortios(size: int, seed: int) -> Iterator[str]:
    """Yield a FortiOS configuration."""
    plan = Plan(seed, six=False)
    yield from ("config system global", '    set hostname "large"', "end", "config firewall address")
    for one in plan.make_addresses(size * 25 // 300):
        yield from (f'    edit "{one.name}"', f"        set subnet {one.text} {one.mask}", "    next")
    yield from ("end", "config firewall addrgrp")
    for name, members, inner in plan.make_groups(size * 5 // 100 // 3):
        listed = " ".join(f'"{member}"' for member in [*members, *([inner] if inner else [])])
        yield from (f'    edit "{name}"', f"        set member {listed}", "    next")
    yield from ("end", "config firewall service custom")
    for number, (protocol, port) in enumerate(SERVICES):
        yield from (f'    edit "s-{number}"', f"        set {protocol}-portrange {port}", "    next")
    yield from ("end", "config firewall policy")
    for rule in plan.make_rules(size * 70 // 100 // 11):
        yield from _fortios_policy(rule)
    yield "end"


def _fortios_policy(rule: Rule) -> Iterator[str]:
    yield from (f"    edit {rule.number + 1}", f'        set name "{rule.name}"')
    yield from (f'        set srcintf "{rule.zones[0]}"', f'        set dstintf "{rule.zones[1]}"')
    if rule.permit:
        yield "        set action accept"
    yield f"        set srcaddr {_quoted(rule.sources)}"
    yield f"        set dstaddr {_quoted(rule.destinations)}"
    yield '        set schedule "always"'
    yield f"        set service {_quoted([f's-{number}' for number in rule.services])}"
    yield f"        set logtraffic {'all' if rule.log else 'disable'}"
    yield "    next"


def _quoted(names: Sequence[str]) -> str:
    return " ".join(f'"{name}"' for name in names)


def junos(size: int, seed: int) -> Iterator[str]:
    """Yield a configuration of an SRX as `set` commands."""
    plan = Plan(seed)
    yield from ("set version 21.4R3", "set system host-name large")
    for one in plan.make_addresses(size * 20 // 100):
        yield f"set security address-book global address {one.name} {one.prefix}"
    for name, members, inner in plan.make_groups(size * 15 // 100 // 16):
        for member in members:
            yield f"set security address-book global address-set {name} address {member}"
        if inner:
            yield f"set security address-book global address-set {name} address-set {inner}"
    for number, (protocol, port) in enumerate(SERVICES):
        yield f"set applications application s-{number} protocol {protocol}"
        yield f"set applications application s-{number} destination-port {port}"
    for rule in plan.make_rules(size * 65 // 100 // 8):
        yield from _junos_policy(rule)


def _junos_policy(rule: Rule) -> Iterator[str]:
    start = f"set security policies from-zone {rule.zones[0]} to-zone {rule.zones[1]} policy {rule.name}"
    for source in rule.sources:
        yield f"{start} match source-address {source}"
    for destination in rule.destinations:
        yield f"{start} match destination-address {destination}"
    for number in rule.services:
        yield f"{start} match application s-{number}"
    yield f"{start} then {'permit' if rule.permit else 'deny'}"
    if rule.log:
        yield f"{start} then log session-close"


def asa(size: int, seed: int) -> Iterator[str]:
    """Yield an ASA configuration."""
    plan = Plan(seed)
    yield from (": Saved", "ASA Version 9.16(4)", "hostname large")
    for one in plan.make_addresses(size * 30 // 200):
        yield from (f"object network {one.name}", f" {_asa_object(one)}")
    for name, members, inner in plan.make_groups(size * 15 // 100 // 17):
        yield f"object-group network {name}"
        yield from (f" network-object object {member}" for member in members)
        if inner:
            yield f" group-object {inner}"
    groups = set(plan.groups)
    for rule in plan.make_rules(size * 55 // 100):
        protocol, port = SERVICES[rule.services[0]]
        source, destination = (
            f"{'object-group' if name in groups else 'object'} {name}"
            for name in (rule.sources[0], rule.destinations[0])
        )
        action = "permit" if rule.permit else "deny"
        log = " log" if rule.log else ""
        yield f"access-list {rule.zones[0]} extended {action} {protocol} {source} {destination} eq {port}{log}"


def _asa_object(one: Address) -> str:
    if one.six:
        return f"subnet {one.prefix}"
    return f"host {one.text}" if one.length == 32 else f"subnet {one.text} {one.mask}"


def iptables(size: int, seed: int) -> Iterator[str]:
    """Yield an iptables dump: the forwarding of five zones, each in its own chain."""
    plan = Plan(seed, six=False)
    list(plan.make_addresses(max(100, size // 10)))
    zones = ("inside", "dmz", "partner", "guest", "outside")
    yield from ("*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]")
    yield from (f":{zone} - [0:0]" for zone in zones)
    yield from (f"-A FORWARD -i {zone}0 -j {zone}" for zone in zones)
    for rule in plan.make_rules(size - 15):
        protocol, port = SERVICES[rule.services[0]]
        target = "ACCEPT" if rule.permit else "DROP"
        source, destination = plan.one_address().prefix, plan.one_address().prefix
        test = f"-p {protocol} -m {protocol} --dport {port} -m comment --comment {rule.name}"
        yield f"-A {rule.zones[0]} -s {source} -d {destination} {test} -j {target}"
    yield "COMMIT"


def neutral(size: int, seed: int) -> Iterator[str]:
    """Yield a table of rules as CSV."""
    plan = Plan(seed)
    list(plan.make_addresses(max(100, size // 10)))
    yield "policy,name,action,source,destination,protocol,destination_port,log"
    for rule in plan.make_rules(size - 1):
        protocol, port = SERVICES[rule.services[0]]
        source, destination = plan.one_address(), plan.one_address()
        while source.six != destination.six:
            destination = plan.one_address()
        action, log = "permit" if rule.permit else "deny", "yes" if rule.log else "no"
        cells = (rule.zones[0], rule.name, action, source.prefix, destination.prefix, protocol, str(port), log)
        yield ",".join(cells)


TEXTS: Mapping[str, Callable[[int, int], Iterator[str]]] = {
    "panos": panos,
    "fortios": fortios,
    "juniper": junos,
    "cisco_asa": asa,
    "iptables": iptables,
    "neutral": neutral,
}
"""Platform → generator."""
