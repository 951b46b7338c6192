"""Texts that grow with one number: flat groups, long lists, long chains of references, and lines nobody knows.

A parser must need time in proportion to it. Each case is named after its platform and what grows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Address

Case = Callable[[int], Iterator[str]]


def _host(number: int) -> str:
    """Return a host of its own, with a gap to the next."""
    return str(IPv4Address((10 << 24) + 2 * number))


def _asa_group(size: int) -> Iterator[str]:
    yield from ("ASA Version 9.16(4)", "object-group network G")
    yield from (f" network-object host {_host(number)}" for number in range(size))
    yield from ("access-list A extended permit ip object-group G any", "access-group A in interface inside")


def _asa_chain(size: int) -> Iterator[str]:
    yield from ("ASA Version 9.16(4)", "object-group network G0", " network-object host 10.0.0.1")
    for number in range(1, size):
        yield from (f"object-group network G{number}", f" group-object G{number - 1}")
    yield f"access-list A extended permit ip object-group G{size - 1} any"


def _asa_rules(size: int) -> Iterator[str]:
    yield "ASA Version 9.16(4)"
    yield from (f"access-list A extended permit tcp host {_host(number)} any eq 80" for number in range(size))


def _ios_group(size: int) -> Iterator[str]:
    yield from ("version 15.2", "service timestamps log datetime", "object-group network G")
    yield from (f" host {_host(number)}" for number in range(size))
    yield from ("ip access-list extended A", " permit ip object-group G any")


def _ios_rules(size: int) -> Iterator[str]:
    yield "ip access-list extended A"
    yield from (f" permit tcp host {_host(number)} any eq 80" for number in range(size))


def _ios_unknown(size: int) -> Iterator[str]:
    yield from ("version 15.2", "service timestamps log datetime")
    yield from (f"frobnicate {number}" for number in range(size))


def _nxos_group(size: int) -> Iterator[str]:
    yield "object-group ip address G"
    yield from (f"  {10 * number + 10} host {_host(number)}" for number in range(size))
    yield from ("ip access-list A", "  10 permit ip addrgroup G any")


def _xr_group(size: int) -> Iterator[str]:
    yield "object-group network ipv4 G"
    yield from (f" host {_host(number)}" for number in range(size))
    yield from ("!", "ipv4 access-list A", " 10 permit ipv4 net-group G any")


def _eos_rules(size: int) -> Iterator[str]:
    yield from ("! device: sw1 (DCS-7050, EOS-4.30)", "ip access-list A")
    yield from (f"   {10 * number + 10} permit tcp host {_host(number)} any eq 80" for number in range(size))


def _junos_set(size: int) -> Iterator[str]:
    yield "set version 21.4R3"
    for number in range(size):
        yield f"set security address-book global address a{number} {_host(number)}/32"
        yield f"set security address-book global address-set G address a{number}"
    start = "set security policies from-zone a to-zone b policy p"
    yield from (f"{start} match source-address G", f"{start} match destination-address any")
    yield from (f"{start} match application any", f"{start} then permit")


def _junos_list(size: int) -> Iterator[str]:
    yield from ("policy-options {", "    prefix-list L {")
    yield from (f"        {_host(number)}/32;" for number in range(size))
    yield from ("    }", "}", "firewall {", "    family inet {", "        filter F {", "            term t {")
    yield from ("                from {", "                    source-prefix-list {", "                        L;")
    yield from (
        "                    }",
        "                }",
        "                then accept;",
        "            }",
        "        }",
    )
    yield from ("    }", "}")


def _panos_group(size: int) -> Iterator[str]:
    yield from ('<?xml version="1.0"?>', "<config><devices><entry name='l'><vsys><entry name='vsys1'>", "<address>")
    yield from (f'<entry name="a{n}"><ip-netmask>{_host(n)}</ip-netmask></entry>' for n in range(size))
    yield from ("</address>", '<address-group><entry name="G"><static>')
    yield from (f"<member>a{number}</member>" for number in range(size))
    yield from ("</static></entry></address-group>", "<rulebase><security><rules><entry name='r'>")
    for tag in ("from", "to", "destination", "application", "service"):
        yield f"<{tag}><member>any</member></{tag}>"
    yield "<source><member>G</member></source><action>allow</action></entry></rules></security></rulebase>"
    yield "</entry></vsys></entry></devices></config>"


def _panos_set_chain(size: int) -> Iterator[str]:
    yield "set address a ip-netmask 10.0.0.1"
    yield "set address-group g0 static a"
    yield from (f"set address-group g{number} static g{number - 1}" for number in range(1, size))
    rule = "set rulebase security rules r"
    yield f"{rule} from any to any source g{size - 1} destination any application any service any action allow"


def _fortios_group(size: int) -> Iterator[str]:
    yield "config firewall address"
    for number in range(size):
        yield from (f'    edit "a{number}"', f"        set subnet {_host(number)} 255.255.255.255", "    next")
    yield from ("end", "config firewall addrgrp", '    edit "G"')
    yield from (f'        append member "a{number}"' for number in range(size))
    yield from ("    next", "end", "config firewall policy", "    edit 1", '        set srcintf "any"')
    yield from ('        set dstintf "any"', "        set action accept", '        set srcaddr "G"')
    yield from ('        set dstaddr "all"', '        set schedule "always"', '        set service "ALL"', "    next")
    yield "end"


def _checkpoint_group(size: int) -> Iterator[str]:
    hosts = [{"uid": f"h{n}", "type": "host", "name": f"h{n}", "ipv4-address": _host(n)} for n in range(size)]
    group = {"uid": "g", "type": "group", "name": "G", "members": [one["uid"] for one in hosts]}
    every = {"uid": "any", "type": "CpmiAnyObject", "name": "Any"}
    accept = {"uid": "ok", "type": "RulebaseAction", "name": "Accept"}
    rule = {"uid": "r", "type": "access-rule", "rule-number": 1, "source": ["g"], "destination": ["any"]}
    rule |= {"service": ["any"], "vpn": ["any"], "action": "ok", "enabled": True, "content": ["any"]}
    layer = {"uid": "l", "name": "Network", "rulebase": [rule], "from": 1, "to": 1, "total": 1}
    yield from json.dumps({**layer, "objects-dictionary": [*hosts, group, every, accept]}, indent=0).splitlines()


def _iptables_rules(size: int) -> Iterator[str]:
    yield from ("*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]")
    yield from (f"-A INPUT -s {_host(number)}/32 -p tcp -m tcp --dport 80 -j ACCEPT" for number in range(size))
    yield "COMMIT"


def _iptables_chains(size: int) -> Iterator[str]:
    yield from ("*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]")
    yield from (f":c{number} - [0:0]" for number in range(size))
    yield "-A INPUT -j c0"
    yield from (f"-A c{number} -j c{number + 1}" for number in range(size - 1))
    yield "COMMIT"


def _nft_set(size: int) -> Iterator[str]:
    yield from ("table inet t {", "  set S {", "    type ipv4_addr", "    elements = {")
    yield from (f"      {_host(number)}," for number in range(size))
    yield from ("    }", "  }", "  chain input {", "    type filter hook input priority 0; policy drop;")
    yield from ("    ip saddr @S accept", "  }", "}")


def _nft_rules(size: int) -> Iterator[str]:
    yield from ("table inet t {", "  chain input {", "    type filter hook input priority 0; policy drop;")
    yield from (f"    ip saddr {_host(number)} tcp dport 80 accept" for number in range(size))
    yield from ("  }", "}")


def _pf_table(size: int) -> Iterator[str]:
    yield "table <T> const { \\"
    yield from (f"  {_host(number)} \\" for number in range(size))
    yield from ("}", "block all", "pass in quick from <T> to any")


def _pf_rules(size: int) -> Iterator[str]:
    yield "block all"
    yield from (f"pass in proto tcp from {_host(number)} to any port 80" for number in range(size))


def _mikrotik_list(size: int) -> Iterator[str]:
    yield "/ip firewall address-list"
    yield from (f"add address={_host(number)} list=L" for number in range(size))
    yield from ("/ip firewall filter", "add action=accept chain=input src-address-list=L")


def _aws_group(size: int) -> Iterator[str]:
    ranges = [{"CidrIp": f"{_host(number)}/32"} for number in range(size)]
    allow = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": ranges}
    group = {"GroupId": "sg-1", "GroupName": "g", "IpPermissions": [allow], "IpPermissionsEgress": []}
    yield from json.dumps({"SecurityGroups": [group]}, indent=1).splitlines()


def _azure_rules(size: int) -> Iterator[str]:
    rules = [
        {"name": f"r{n}", "priority": 100 + n % 3_900, "direction": "Inbound", "access": "Allow", "protocol": "Tcp"}
        | {"sourceAddressPrefix": _host(n), "sourcePortRange": "*", "destinationAddressPrefix": "*"}
        | {"destinationPortRange": "80"}
        for n in range(size)
    ]
    kind = "Microsoft.Network/networkSecurityGroups"
    yield from json.dumps({"type": kind, "name": "n", "securityRules": rules}, indent=1).splitlines()


def _gcp_rule(size: int) -> Iterator[str]:
    allow = {"kind": "compute#firewall", "name": "r", "network": "global/networks/n", "priority": 1000}
    allow |= {"direction": "INGRESS", "allowed": [{"IPProtocol": "tcp", "ports": ["80"]}], "disabled": False}
    sources = [f"{_host(number)}/32" for number in range(size)]
    yield from json.dumps([{**allow, "sourceRanges": sources}], indent=1).splitlines()


def _neutral_rules(size: int) -> Iterator[str]:
    yield "policy,name,action,source,destination,protocol,destination_port"
    yield from (f"p,r{number},permit,{_host(number)},any,tcp,80" for number in range(size))


def _neutral_group(size: int) -> Iterator[str]:
    yield from ("format: rulecheck.rules/1", "device: d", "objects:", "  G:")
    yield from (f"    - {_host(number)}" for number in range(size))
    yield from ("policies:", "  p:", "    rules:", "      - {action: permit, source: G, destination: any}")


def _fortios_moves(size: int) -> Iterator[str]:
    yield "config firewall policy"
    for number in range(1, size + 1):
        yield from (
            f"    edit {number}",
            '        set srcintf "a"',
            '        set dstintf "b"',
            '        set srcaddr "all"',
        )
        yield from (
            '        set dstaddr "all"',
            '        set schedule "always"',
            '        set service "ALL"',
            "    next",
        )
    yield from (f"    move {number} before 1" for number in range(2, size + 1))
    yield "end"


def _iptables_inserts(size: int) -> Iterator[str]:
    yield from ("*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]")
    yield from (f"-I INPUT -s {_host(number)}/32 -j ACCEPT" for number in range(size))
    yield "COMMIT"


def _junos_inserts(size: int) -> Iterator[str]:
    yield "set version 21.4R3"
    start = "security policies from-zone a to-zone b policy"
    for number in range(size):
        match = f"set {start} p{number} match"
        yield from (f"{match} source-address any", f"{match} destination-address any", f"{match} application any")
        yield f"set {start} p{number} then permit"
    yield from (f"insert {start} p{number} before policy p0" for number in range(1, size))


def _panos_moves(size: int) -> Iterator[str]:
    for number in range(size):
        rule = f"set rulebase security rules r{number}"
        yield f"{rule} from any to any source any destination any application any service any action allow"
    yield from (f"move rulebase security rules r{number} top" for number in range(size))


def _ios_removals(size: int) -> Iterator[str]:
    yield "ip access-list extended A"
    yield from (f" {number + 1} permit tcp host {_host(number)} any eq 80" for number in range(size))
    yield from (f" no {number + 1}" for number in range(0, size, 2))


def _junos_removals(size: int) -> Iterator[str]:
    yield from _junos_set(size)
    yield from (f"delete security address-book global address-set G address a{n}" for n in range(0, size, 2))


def _classbench(size: int) -> Iterator[str]:
    for number in range(size):
        yield f"@{_host(number)}/32\t0.0.0.0/0\t0 : 65535\t80 : 80\t0x06/0xFF\t0x0000/0x0000"


CASES: Mapping[str, tuple[str, Case]] = {
    "cisco_asa group": ("cisco_asa", _asa_group),
    "cisco_asa chain of groups": ("cisco_asa", _asa_chain),
    "cisco_asa rules": ("cisco_asa", _asa_rules),
    "cisco_ios group": ("cisco_ios", _ios_group),
    "cisco_ios rules": ("cisco_ios", _ios_rules),
    "cisco_ios unknown lines": ("cisco_ios", _ios_unknown),
    "cisco_nxos group": ("cisco_nxos", _nxos_group),
    "cisco_xr group": ("cisco_xr", _xr_group),
    "arista_eos rules": ("arista_eos", _eos_rules),
    "juniper address set": ("juniper", _junos_set),
    "juniper prefix list": ("juniper", _junos_list),
    "panos group": ("panos", _panos_group),
    "panos chain of groups": ("panos", _panos_set_chain),
    "fortios group": ("fortios", _fortios_group),
    "checkpoint group": ("checkpoint", _checkpoint_group),
    "iptables rules": ("iptables", _iptables_rules),
    "iptables chain of jumps": ("iptables", _iptables_chains),
    "nftables set": ("nftables", _nft_set),
    "nftables rules": ("nftables", _nft_rules),
    "pf table": ("pf", _pf_table),
    "pf rules": ("pf", _pf_rules),
    "mikrotik list": ("mikrotik", _mikrotik_list),
    "aws group": ("aws", _aws_group),
    "azure rules": ("azure", _azure_rules),
    "gcp ranges": ("gcp", _gcp_rule),
    "neutral rules": ("neutral", _neutral_rules),
    "neutral group": ("neutral", _neutral_group),
    "fortios moves": ("fortios", _fortios_moves),
    "iptables inserts": ("iptables", _iptables_inserts),
    "juniper inserts": ("juniper", _junos_inserts),
    "juniper removals": ("juniper", _junos_removals),
    "panos moves": ("panos", _panos_moves),
    "cisco_ios removals": ("cisco_ios", _ios_removals),
    "classbench rules": ("classbench", _classbench),
}
"""Case → platform, and the text of a size."""
