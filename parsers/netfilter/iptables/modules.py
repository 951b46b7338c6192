"""Match modules and targets of iptables as data: their options, and how each is modelled.

Sources: iptables-extensions(8) and the kernel's net/netfilter/xt_*.c.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Style(Enum):
    """How a match module becomes part of the model."""

    EXACT = "exact"
    """Packet fields: see :mod:`parsers.netfilter.iptables.exact`."""
    EACH = "each"
    """Unknown per packet; each option is a test of its own, and ``!`` gives exactly the other packets."""
    TRACKED = "tracked"
    """As EACH, but a packet without connection answers neither the option nor its negation."""
    WHOLE = "whole"
    """Unknown per packet; all options together are one test."""
    RATED = "rated"
    """Depends on history or chance: two rules written alike can answer differently."""
    NEUTRAL = "neutral"
    """Restricts nothing."""


@dataclass(frozen=True, slots=True)
class Module:
    """A match module: number of values of each option, style, and a phrase for people.

    ``facet`` names the packet property that targets can change between two rules (a mark, the TOS byte).
    """

    options: dict[str, int]
    style: Style
    phrase: str = ""
    facet: str = ""


def _options(text: str) -> dict[str, int]:
    """Return ``--name=values`` words as a mapping; ``--name`` alone has no value."""
    found: dict[str, int] = {}
    for word in text.split():
        name, _, count = word.partition("=")
        found[name] = int(count or 0)
    return found


_PORTS = "--sport=1 --dport=1"

MODULES: dict[str, Module] = {
    "tcp": Module(_options(f"{_PORTS} --tcp-flags=2 --syn --tcp-option=1"), Style.EXACT),
    "udp": Module(_options(_PORTS), Style.EXACT),
    "udplite": Module(_options(_PORTS), Style.EXACT),
    "sctp": Module(_options(f"{_PORTS} --chunk-types=2"), Style.EXACT),
    "dccp": Module(_options(f"{_PORTS} --dccp-types=1 --dccp-option=1"), Style.EXACT),
    "multiport": Module(_options("--sports=1 --dports=1 --ports=1"), Style.EXACT),
    "icmp": Module(_options("--icmp-type=1"), Style.EXACT),
    "icmp6": Module(_options("--icmpv6-type=1"), Style.EXACT),
    "state": Module(_options("--state=1"), Style.EXACT),
    "conntrack": Module(
        _options(
            "--ctstate=1 --ctproto=1 --ctorigsrc=1 --ctorigdst=1 --ctreplsrc=1 --ctrepldst=1 --ctorigsrcport=1"
            " --ctorigdstport=1 --ctreplsrcport=1 --ctrepldstport=1 --ctstatus=1 --ctexpire=1 --ctdir=1"
        ),
        Style.TRACKED,
        "it looks into the connection table",
    ),
    "iprange": Module(_options("--src-range=1 --dst-range=1"), Style.EXACT),
    "mac": Module(_options("--mac-source=1"), Style.EXACT),
    "length": Module(_options("--length=1"), Style.EXACT),
    "ttl": Module(_options("--ttl-eq=1 --ttl-gt=1 --ttl-lt=1"), Style.EXACT, facet="ttl"),
    "hl": Module(_options("--hl-eq=1 --hl-gt=1 --hl-lt=1"), Style.EXACT, facet="ttl"),
    "dscp": Module(_options("--dscp=1 --dscp-class=1"), Style.EXACT, facet="tos"),
    "tos": Module(_options("--tos=1"), Style.EXACT, facet="tos"),
    "comment": Module(_options("--comment=1"), Style.NEUTRAL),
    "standard": Module({}, Style.NEUTRAL),
    "pkttype": Module(_options("--pkt-type=1"), Style.EACH, "it depends on how the frame was addressed"),
    "addrtype": Module(
        _options("--src-type=1 --dst-type=1 --limit-iface-in --limit-iface-out"),
        Style.EACH,
        "it depends on the routing table",
    ),
    "owner": Module(
        _options(
            "--uid-owner=1 --gid-owner=1 --pid-owner=1 --sid-owner=1 --cmd-owner=1 --socket-exists --suppl-groups"
        ),
        Style.EACH,
        "it depends on the local process",
    ),
    "physdev": Module(
        _options("--physdev-in=1 --physdev-out=1 --physdev-is-in --physdev-is-out --physdev-is-bridged"),
        Style.EACH,
        "it depends on the bridge port",
    ),
    "mark": Module(_options("--mark=1"), Style.EACH, "it depends on the packet's mark", "mark"),
    "connmark": Module(_options("--mark=1"), Style.TRACKED, "it depends on the connection's mark", "mark"),
    "connlabel": Module(_options("--label=1 --set"), Style.WHOLE, "it depends on the connection's label", "mark"),
    "helper": Module(_options("--helper=1"), Style.EACH, "it depends on the connection's helper", "track"),
    "realm": Module(_options("--realm=1"), Style.EACH, "it depends on the routing realm"),
    "devgroup": Module(_options("--src-group=1 --dst-group=1"), Style.EACH, "it depends on the interface group"),
    "cpu": Module(_options("--cpu=1"), Style.EACH, "it depends on the CPU that handles the packet"),
    "cgroup": Module(_options("--path=1 --cgroup=1"), Style.EACH, "it depends on the local process"),
    "ah": Module(_options("--ahspi=1 --ahlen=1 --ahres"), Style.WHOLE, "the SPI is not modelled"),
    "esp": Module(_options("--espspi=1"), Style.WHOLE, "the SPI is not modelled"),
    "tcpmss": Module(_options("--mss=1"), Style.WHOLE, "the TCP segment size is not modelled", "mss"),
    "ecn": Module(
        _options("--ecn-tcp-cwr --ecn-tcp-ece --ecn-ip-ect=1"), Style.WHOLE, "congestion bits are not modelled", "tos"
    ),
    "string": Module(
        _options("--algo=1 --from=1 --to=1 --string=1 --hex-string=1 --icase"),
        Style.WHOLE,
        "it depends on the packet's content",
    ),
    "policy": Module(
        _options("--dir=1 --pol=1 --strict --reqid=1 --spi=1 --proto=1 --mode=1 --tunnel-src=1 --tunnel-dst=1 --next"),
        Style.WHOLE,
        "it depends on IPsec",
    ),
    "set": Module(
        _options(
            "--match-set=2 --set=2 --return-nomatch --packets-eq=1 --packets-lt=1 --packets-gt=1 --bytes-eq=1"
            " --bytes-lt=1 --bytes-gt=1 --update-counters --update-subcounters"
        ),
        Style.WHOLE,
        "the members of the ipset are not in this file",
    ),
    "time": Module(
        _options(
            "--datestart=1 --datestop=1 --timestart=1 --timestop=1 --monthdays=1 --weekdays=1 --days=1"
            " --kerneltz --localtz --utc --contiguous"
        ),
        Style.WHOLE,
        "it is only active at certain times",
    ),
    "u32": Module(_options("--u32=1"), Style.WHOLE, "it depends on the packet's content"),
    "bpf": Module(_options("--bytecode=1 --object-pinned=1"), Style.WHOLE, "it depends on a BPF program"),
    "connbytes": Module(
        _options("--connbytes=1 --connbytes-dir=1 --connbytes-mode=1"),
        Style.WHOLE,
        "it depends on the connection's counters",
    ),
    "rpfilter": Module(
        _options("--loose --validmark --accept-local --invert"), Style.WHOLE, "it depends on the routing table", "mark"
    ),
    "socket": Module(
        _options("--transparent --nowildcard --restore-skmark"), Style.WHOLE, "it depends on local sockets"
    ),
    "cluster": Module(
        _options("--cluster-total-nodes=1 --cluster-local-node=1 --cluster-local-nodemask=1 --cluster-hash-seed=1"),
        Style.WHOLE,
        "it depends on the cluster node",
    ),
    "osf": Module(_options("--genre=1 --ttl=1 --log=1"), Style.WHOLE, "it depends on the sender's TCP fingerprint"),
    "geoip": Module(
        _options("--source-country=1 --src-cc=1 --destination-country=1 --dst-cc=1"),
        Style.WHOLE,
        "country lists are not in this file",
    ),
    "ipvs": Module(
        _options("--ipvs --vproto=1 --vaddr=1 --vport=1 --vdir=1 --vmethod=1 --vportctl=1"),
        Style.WHOLE,
        "it depends on IPVS",
    ),
    "rt": Module(
        _options("--rt-type=1 --rt-segsleft=1 --rt-len=1 --rt-0-res --rt-0-addrs=1 --rt-0-not-strict"),
        Style.WHOLE,
        "the routing header is not modelled",
    ),
    "frag": Module(
        _options("--fragid=1 --fraglen=1 --fragres --fragfirst --fragmore --fraglast"),
        Style.WHOLE,
        "the fragment header is not modelled",
    ),
    "hbh": Module(_options("--hbh-len=1 --hbh-opts=1"), Style.WHOLE, "extension headers are not modelled"),
    "dst": Module(_options("--dst-len=1 --dst-opts=1"), Style.WHOLE, "extension headers are not modelled"),
    "ipv6header": Module(_options("--header=1 --soft"), Style.WHOLE, "extension headers are not modelled"),
    "mh": Module(_options("--mh-type=1"), Style.WHOLE, "the mobility header is not modelled"),
    "eui64": Module({}, Style.WHOLE, "it compares the MAC and IPv6 addresses"),
    "limit": Module(_options("--limit=1 --limit-burst=1"), Style.RATED, "it is rate limited"),
    "hashlimit": Module(
        _options(
            "--hashlimit-upto=1 --hashlimit=1 --hashlimit-above=1 --hashlimit-burst=1 --hashlimit-mode=1"
            " --hashlimit-srcmask=1 --hashlimit-dstmask=1 --hashlimit-name=1 --hashlimit-htable-size=1"
            " --hashlimit-htable-max=1 --hashlimit-htable-expire=1 --hashlimit-htable-gcinterval=1"
            " --hashlimit-rate-match --hashlimit-rate-interval=1"
        ),
        Style.RATED,
        "it is rate limited",
    ),
    "recent": Module(
        _options(
            "--set --rcheck --update --remove --seconds=1 --reap --hitcount=1 --rttl --name=1 --rsource --rdest"
            " --mask=1"
        ),
        Style.RATED,
        "it depends on which packets came before",
    ),
    "connlimit": Module(
        _options("--connlimit-above=1 --connlimit-upto=1 --connlimit-mask=1 --connlimit-saddr --connlimit-daddr"),
        Style.RATED,
        "it depends on the number of open connections",
    ),
    "statistic": Module(
        _options("--mode=1 --probability=1 --every=1 --packet=1"), Style.RATED, "it takes only some of the packets"
    ),
    "nth": Module(_options("--every=1 --counter=1 --start=1 --packet=1"), Style.RATED, "it takes only some packets"),
    "random": Module(_options("--average=1"), Style.RATED, "it takes only some of the packets"),
    "quota": Module(_options("--quota=1"), Style.RATED, "it ends when its quota is used up"),
    "rateest": Module(
        _options(
            "--rateest-delta --rateest-lt --rateest-gt --rateest-eq --rateest=1 --rateest1=1 --rateest2=1"
            " --rateest-bps=1 --rateest-pps=1 --rateest-bps1=1 --rateest-bps2=1 --rateest-pps1=1 --rateest-pps2=1"
        ),
        Style.RATED,
        "it depends on a measured rate",
    ),
    "nfacct": Module(_options("--nfacct-name=1"), Style.NEUTRAL),
}
"""Every match module that is known, by the name given to ``-m``."""

MODULE_ALIASES = {"icmpv6": "icmp6", "ipv6-icmp": "icmp6"}

IMPLIED = {"tcp": "tcp", "6": "tcp", "udp": "udp", "17": "udp", "udplite": "udplite", "136": "udplite"}
IMPLIED |= {"sctp": "sctp", "132": "sctp", "dccp": "dccp", "33": "dccp", "icmp": "icmp", "1": "icmp"}
IMPLIED |= dict.fromkeys(("ipv6-icmp", "icmpv6", "58"), "icmp6")
IMPLIED |= {"ah": "ah", "51": "ah", "esp": "esp", "50": "esp"}
"""Modules that ``-p`` loads by itself."""

OPTION_ALIASES = {
    "--append": "-A",
    "--insert": "-I",
    "--new-chain": "-N",
    "--new": "-N",
    "--policy": "-P",
    "--delete": "-D",
    "--flush": "-F",
    "--delete-chain": "-X",
    "--zero": "-Z",
    "--replace": "-R",
    "--rename-chain": "-E",
    "--source": "-s",
    "--src": "-s",
    "--destination": "-d",
    "--dst": "-d",
    "--in-interface": "-i",
    "--out-interface": "-o",
    "--protocol": "-p",
    "--proto": "-p",
    "--jump": "-j",
    "--goto": "-g",
    "--match": "-m",
    "--fragment": "-f",
    "--fragments": "-f",
    "--set-counters": "-c",
    "--table": "-t",
    "--ipv4": "-4",
    "--ipv6": "-6",
    "--wait": "-w",
    "--source-port": "--sport",
    "--destination-port": "--dport",
    "--source-ports": "--sports",
    "--destination-ports": "--dports",
    "--ttl": "--ttl-eq",
    "--icmp6-type": "--icmpv6-type",
}

COMMANDS = frozenset(("-A", "-I", "-N", "-P", "-D", "-F", "-X", "-Z", "-R", "-E"))

BASE_OPTIONS = {"-s": 1, "-d": 1, "-i": 1, "-o": 1, "-p": 1, "-f": 0, "-c": 2, "-t": 1, "-4": 0, "-6": 0, "-w": 0}
