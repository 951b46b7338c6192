"""What rules refer to besides aliases: interfaces with their networks, groups, virtual addresses, schedules."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.bsd.pf.values import network
from parsers.redact import redact_text
from parsers.xml_tree import XmlElement
from rulecheck.model.intervals import IntervalSet
from rulecheck.model.names import name_set
from rulecheck.model.rule import Schedule

_TUNNELS = {"openvpn": "ovpn", "wireguard": "wg", "WireGuard": "tun_wg", "tailscale": "tailscale"}
"""Groups that the system keeps, and how the devices in them start."""


@dataclass(slots=True)
class Interface:
    """An assigned interface. ``addresses`` and ``networks`` are those that the file says, per family.

    ``dynamic`` are families whose addresses are not in the file.
    """

    key: str
    name: str
    device: str
    line: int
    addresses: dict[int, IntervalSet] = field(default_factory=dict)
    networks: dict[int, IntervalSet] = field(default_factory=dict)
    dynamic: set[int] = field(default_factory=set)
    block_private: bool = False
    block_bogons: bool = False


@dataclass(slots=True)
class Settings:
    """The parts of a configuration that rules refer to."""

    host: str = ""
    interfaces: dict[str, Interface] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    virtual: set[str] = field(default_factory=set)
    ipv6: bool = True
    lockout_ports: tuple[int, ...] = ()

    def name(self, key: str) -> str:
        """Return the name of an interface as the interface shows it."""
        known = self.interfaces.get(key)
        return known.name if known is not None else key

    def places(self, keys: list[str]) -> tuple[IntervalSet, list[str]]:
        """Return the interfaces of keys and groups, and the keys that the file does not define."""
        found, missing = [], []
        for key in keys:
            if key in self.groups:
                found += [self.name(one) for one in self.groups[key]]
            elif key in _TUNNELS:
                found += [key, *(one.name for one in self.interfaces.values() if one.device.startswith(_TUNNELS[key]))]
            else:
                found.append(self.name(key))
                if self.interfaces and key not in self.interfaces and key not in _BUILT_IN:
                    missing.append(key)
        return name_set(*found), missing


_BUILT_IN = frozenset({"enc0", "ipsec", "l2tp", "pppoe", "pptp", "lo0", "loopback", "any", "wan", "lan"})


def read_settings(root: XmlElement) -> Settings:
    """Return the settings of a configuration."""
    settings = Settings(host=root.value("system", "hostname"))
    system = root.find("system")
    if system is not None:
        settings.ipv6 = system.find("ipv6allow") is not None
        settings.lockout_ports = _lockout_ports(system)
    names: set[str] = set()
    for node in root.find("interfaces") or ():
        found = _interface(node)
        if found.name in names:
            found.name = found.key
        names.add(found.name)
        settings.interfaces[node.tag] = found
    for group in root.find("ifgroups") or ():
        members = group.value("members").replace(",", " ").split()
        if group.value("ifname"):
            settings.groups[group.value("ifname")] = tuple(members)
    for vip in root.find("virtualip") or ():
        settings.virtual.add(vip.value("interface"))
    for schedule in root.find("schedules") or ():
        settings.schedules[schedule.value("name")] = _schedule(schedule)
    return settings


def _interface(node: XmlElement) -> Interface:
    name = redact_text(node.value("descr")) or node.tag.upper()
    found = Interface(node.tag, name, node.value("if"), node.line)
    found.block_private, found.block_bogons = (_is_set(node.find(tag)) for tag in ("blockpriv", "blockbogons"))
    for family, address, bits in ((4, "ipaddr", "subnet"), (6, "ipaddrv6", "subnetv6")):
        text, length = node.value(address), node.value(bits)
        if not text:
            continue
        try:
            own = network(text)
            whole = network(f"{text}/{length}") if length.isdigit() else own
        except ValueError:
            own = whole = None
        if own is None or whole is None:
            found.dynamic.add(family)
        else:
            found.addresses[family], found.networks[family] = own, whole
    return found


def _is_set(node: XmlElement | None) -> bool:
    return node is not None and node.text not in ("0", "no")


def _lockout_ports(system: XmlElement) -> tuple[int, ...]:
    """Return the ports that stay open to the administrator."""
    gui = system.find("webgui")
    if gui is None or gui.find("noantilockout") is not None:
        return ()
    secure = gui.value("protocol") != "http"
    found = [_port(gui.value("port"), 443 if secure else 80)]
    if secure and gui.find("disablehttpredirect") is None:
        found.append(80)
    ssh = system.find("ssh")
    if ssh is not None and (ssh.value("enable") or ssh.value("enabled")):
        found.append(_port(ssh.value("port"), 22))
    return tuple(found)


def _port(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and int(text) < 65536 else default


def _schedule(node: XmlElement) -> Schedule:
    """Return a schedule. Its dates have no year, so it never ends for good."""
    words = []
    for one in node.all("timerange"):
        parts = [one.value(tag) for tag in ("month", "day", "position", "hour")]
        words.append(" ".join(part for part in parts if part))
    return Schedule(redact_text(node.value("name")), redact_text("; ".join(words)))
