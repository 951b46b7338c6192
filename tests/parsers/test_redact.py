"""Secret removal."""

from __future__ import annotations

import time

import pytest

from parsers.redact import HIDDEN, SHOWN_WIDTH, redact, redact_text, show

SECRET = "Tr0ub4dor3"


@pytest.mark.parametrize(
    "line",
    [
        f"enable password {SECRET} encrypted",
        f"enable secret 5 $1$abcd${SECRET}",
        f"passwd {SECRET} encrypted",
        f"username joe password 7 {SECRET}",
        f"username joe privilege 15 secret 9 {SECRET}",
        f" ikev1 pre-shared-key {SECRET}",
        f" ikev2 remote-authentication pre-shared-key {SECRET}",
        f"crypto isakmp key {SECRET} address 192.0.2.1",
        f"snmp-server community {SECRET} RO 10",
        f"snmp-server host inside 192.0.2.5 poll community {SECRET} version 2c",
        f"snmp-server host 192.0.2.5 version 2c {SECRET}",
        f"snmp-server user joe group v3 auth sha {SECRET} priv aes 128 {SECRET}",
        f"tacacs-server host 192.0.2.1 key 7 {SECRET}",
        f"radius-server key {SECRET}",
        f" key {SECRET}",
        f" key-string 7 {SECRET}",
        f"aaa-server T (inside) host 192.0.2.1 key {SECRET}",
        f"failover key {SECRET}",
        f"ntp authentication-key 1 md5 {SECRET} 7",
        f" ip ospf message-digest-key 1 md5 7 {SECRET}",
        f" neighbor 192.0.2.1 password {SECRET}",
        f" standby 1 authentication md5 key-string {SECRET}",
        f" standby 1 authentication {SECRET}",
        f" ldap-login-password {SECRET}",
        f" set session-key inbound esp 256 cipher {SECRET} authenticator {SECRET}",
        f'"password": "{SECRET}",',
        f"<password>{SECRET}</password>",
        f"set psksecret ENC {SECRET}",
        f'encrypted-password "$6$abc${SECRET}"; ## SECRET-DATA',
        f"copy ftp://joe:{SECRET}@192.0.2.1/config running-config",
        f"access-list A remark the password is {SECRET}",
        f" description PSK={SECRET}",
    ],
)
def test_secrets_go(line: str) -> None:
    assert SECRET not in redact(line)
    assert HIDDEN in redact(line)


@pytest.mark.parametrize(
    "line",
    [
        "access-list A extended permit tcp object-group key object-group SECRET eq snmp log",
        "access-list 101 permit tcp any any eq 80",
        "object-group network PASSWORD-RESET-SERVERS",
        " network-object host 192.0.2.1",
        "no service password-encryption",
        "crypto key generate rsa modulus 2048",
        "key chain BACKBONE",
        "access-list A remark the password reset portal",
        "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
    ],
)
def test_the_rest_stays(line: str) -> None:
    assert redact(line) == line


@pytest.mark.parametrize(
    "line", [" 308202A1 3082020A A0030201 02020431", "  0123456789abcdef0123456789ABCDEF", "A1b2" * 12 + "=="]
)
def test_certificates_go(line: str) -> None:
    assert redact(line) == HIDDEN


def test_free_text() -> None:
    assert redact_text("password: hunter2, ask Joe") == f"password: {HIDDEN} ask Joe"
    assert redact_text("ask for the password") == "ask for the password"


def test_long_lines_are_cut() -> None:
    text = show("  x" + "y z " * SHOWN_WIDTH)
    assert len(text) == SHOWN_WIDTH
    assert text.endswith("…")


@pytest.mark.parametrize(
    "piece", ["a ", "key ", "a encrypted ", "password", "remark ", "$a$", "md5  ", "://a:", "key a- "]
)
def test_no_line_takes_long(piece: str) -> None:
    started = time.process_time()
    show(piece * 500_000)
    assert time.process_time() - started < 5
