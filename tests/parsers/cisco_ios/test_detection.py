"""Recognising IOS by its content, and leaving the sibling platforms alone."""

from __future__ import annotations

import pytest

from parsers.cisco.ios import PARSER
from parsers.registry import RECOGNISED_FROM
from tests.parsers.cisco_ios.reading import config


def score(text: str) -> int:
    return PARSER.score(config(text))


@pytest.mark.parametrize(
    "text",
    [
        "ip access-list extended X\n permit ip any any\n",
        "ip access-list standard X\n permit 192.0.2.1\n",
        "access-list 101 permit tcp any any eq 80\n",
        "access-list 10 deny any\n",
        "access-list 2001 remark new range\n",
        "Extended IP access list 101\n    10 permit ip any any\n",
        "Standard IP access list 7\n    10 permit 192.0.2.1\n",
        "IPv6 access list X\n    permit ipv6 any any sequence 10\n",
        "ipv6 access-list X\n permit ipv6 any any\n",
        "version 15.2\nhostname r1\ninterface GigabitEthernet0/1\n",
        "zone-pair security Z source A destination B\n",
        "access-list 700 permit 0000.0c00.0001 0000.0000.0000\n",
        "interface FastEthernet0/0\n ip address 192.0.2.1 255.255.255.0\nrouter bgp 65001\n",
    ],
)
def test_ios(text: str) -> None:
    assert score(text) >= RECOGNISED_FROM


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hostname r1\n",
        "ASA Version 9.8(2)\naccess-list OUT extended permit ip any any\n",
        "access-list 101 extended permit tcp any any eq 80\n",
        "!Command: show running-config\nfeature bgp\nip access-list X\n  10 permit ip any any\nline vty\n",
        "ip access-list X\n  10 permit ip any any\n",
        "RP/0/RP0/CPU0:r#show run\nipv4 access-list X\n 10 permit ipv4 any any\n",
        "! device: sw1 (DCS-7050, EOS-4.20)\nip access-list standard X\n   10 permit any\n",
        "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\nCOMMIT\n",
        "version 11.2R3;\nsystem { host-name r1; }\n",
    ],
)
def test_not_ios(text: str) -> None:
    assert score(text) < RECOGNISED_FROM


def test_evidence_adds_up_and_is_bounded() -> None:
    whole = (
        "version 15.2\nservice timestamps debug\ninterface Vlan1\nip access-list extended X\naccess-list 1 permit any\n"
    )
    assert score(whole) == 100
