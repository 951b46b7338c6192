"""Detection: ASA texts are claimed, look-alikes are not."""

from __future__ import annotations

import pytest

from parsers.cisco.asa import PARSER
from parsers.registry import RECOGNISED_FROM
from tests.parsers.cisco_asa.reading import config

SURE = 40
"""A score that a one-line access list must reach: other Cisco parsers stay below it for these texts."""


@pytest.mark.parametrize(
    "text",
    [
        "ASA Version 9.1(2)\n",
        ": Saved\n: Hardware:   ASA5506\nhostname x\n",
        "access-list P extended permit tcp any any eq 80\n",
        "access-list 101 extended deny ip any any\n",
        "object-group network G\n network-object host 192.0.2.1\naccess-list P extended permit ip object-group G any\n",
        "access-list P line 1 extended permit ip any any (hitcnt=0) 0x1\n",
        "access-list P; 1 elements; name hash: 0x1\naccess-list P line 1 standard permit any4 (hitcnt=0) 0x1\n",
        "interface Vlan1\n nameif inside\n security-level 100\naccess-group A in interface inside\n",
        "\n!\naccess-list P remark text\naccess-list P extended permit tcp any4 host 192.0.2.1 eq 22\n",
    ],
)
def test_asa(text: str) -> None:
    assert PARSER.score(config(text)) >= SURE


def test_management_access_by_interface() -> None:
    assert PARSER.score(config("hostname fw\nssh 192.0.2.0 255.255.255.0 inside\n")) >= RECOGNISED_FROM


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello\n",
        "version 15.2\nhostname r1\nip access-list extended A\n permit tcp any any eq 80\n",
        "access-list 101 permit tcp any any eq 80\naccess-list 101 deny ip any any\n",
        "access-list 10 permit 192.0.2.0 0.0.0.255\nline vty 0 4\n access-class 10 in\n",
        "object-group network G\n host 192.0.2.1\nip access-list extended A\n permit ip object-group G any\n",
        "ipv6 access-list V6\n permit tcp any any eq 80\ninterface Gi0/0\n ip access-group A in\n",
        "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\nCOMMIT\n",
        "ssh 192.0.2.1\nssh timeout 5\n",
        "class-map type queuing q\nobject-group network G\n host 192.0.2.1\n",
        "mac access-list extended m\n permit any any\nclass-map c\n match access-group name m\n",
    ],
)
def test_others(text: str) -> None:
    assert PARSER.score(config(text)) == 0


def test_the_score_has_its_bounds() -> None:
    everything = "access-list P extended permit ip any any\nobject network A\n host 192.0.2.1\n: Saved\n nameif a\n" * 3
    assert PARSER.score(config(everything)) == 99
    assert PARSER.score(config("ASA Version 9.1\n" + everything)) == 100
