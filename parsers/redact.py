"""Secret removal: no password, key, community or certificate of a configuration reaches a report or a log.

Used for every text that is shown to people. It works on single lines of Cisco-like and generic
configurations and prefers to hide too much: what follows a word that introduces a secret is hidden to the
end of the line. Free text (remarks, descriptions) keeps its words unless they look like a secret.
"""

from __future__ import annotations

import re

HIDDEN = "***"
"""What stands in the place of a secret."""

SHOWN_WIDTH = 1000
"""Longest text of one line that is shown, in characters; the rest is cut off behind an ellipsis."""

_STRIPPED_WHOLE = 100_000
"""Lines longer than this are cut before anything else: some inputs are one line of many megabytes."""

_CLUES = (
    *("pass", "pwd", "secret", "psk", "key", "communit", "phash", "md5", "sha", "snmp", "$", "://", "-----"),
    *("authenti", "wpa", "token", "hash", "encrypted", "cipher"),
)
_DENSE = re.compile(r"[0-9A-Za-z+/]{16}")
_HEX_GROUP = re.compile(r"\s*[0-9A-Fa-f]{8}(?:\s|$)")

_ENTRY = re.compile(r"\s*access-list \S+ (?:line \d+ )?(?:(?:extended|standard) )?(?:permit|deny) ")
_FREE_TEXT = re.compile(r"^(\s*(?:.{0,120}?\s)?(?:remark|description)\s+)(.*)$", re.IGNORECASE)

_WORD = (
    r"(?:[\w-]*-)?(?:passwords?|passwd|pwd|passphrase|secret|psksecret|psk|key-string|pre-?shared-key|phash|"
    r"authentication-key|message-digest-key|session-key|encrypted-key|private-key|auth-key|api-?key|token|"
    r"community|keypass|cipher|authenticator|key-hash|password-hash)"
)
_NOT_NAME = r"""(?<![\w.*/-])"""
_BEHIND = r"""(["']?\s*[:=]\s*|["'>]|\s+)"""

_RULES = (
    re.compile(rf"{_NOT_NAME}({_WORD}){_BEHIND}\S.*$", re.IGNORECASE),
    re.compile(r"^(\s*key)(\s+)(?!chain\b|generate\b|zeroize\b|\d+\s*$)\S.*$", re.IGNORECASE),
    re.compile(r"^(\s*(?:tacacs|radius|ldap|aaa|failover|crypto|ntp|ip|ipv6|standby|vrrp)\S*\s.*?\bkey)(\s+)"
               r"(?!generate\b|zeroize\b|chain\b)\S.*$", re.IGNORECASE),
    re.compile(r"^(\s*snmp-server user \S+ \S+)(\s+).*\b(?:auth|priv)\b.*$", re.IGNORECASE),
    re.compile(r"^(\s*snmp-server host \S+)(\s+)\S.*$", re.IGNORECASE),
    re.compile(r"^(.*?\b(?:md5|sha|sha256|hmac-\S+))(\s+)\S.*$", re.IGNORECASE),
    re.compile(r"^(\s*(?:standby|vrrp|glbp)\b.*?\bauthentication)(\s+)(?!md5\b)\S.*$", re.IGNORECASE),
    re.compile(r"^(.*?\S)(\s+)\S+\s+(?:encrypted|pbkdf2|nt-encrypted|hashed)\b.*$", re.IGNORECASE),
)  # fmt: skip
"""Commands of which everything behind the second group is hidden."""

_EVERYWHERE = (
    (re.compile(r"(\w://[^\s/@:]+:)[^\s/@]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"\$\w{1,8}\$[^\s\"'<]{4,}"), HIDDEN),
    (re.compile(r"\b(?:[0-9A-Fa-f]{32,})\b"), HIDDEN),
)
_BLOB = re.compile(r"^\s*(?:(?:[0-9A-Fa-f]{8}\s+)+[0-9A-Fa-f]{2,8}|[0-9A-Fa-f]{16,}|[A-Za-z0-9+/]{40,}={0,2})\s*$")
_SPOKEN = re.compile(rf"{_NOT_NAME}({_WORD})(\s*[:=]\s*|\s+is:?\s+|\s+)(\S+)", re.IGNORECASE)


def redact(line: str) -> str:
    """Return a line of a configuration with its secrets replaced by :data:`HIDDEN`.

    Meant for lines of ordinary length; :func:`show` takes lines of any length.
    """
    if not _may_hold_secret(line):
        return line
    if _BLOB.match(line):
        return HIDDEN
    for pattern, replacement in _EVERYWHERE:
        line = pattern.sub(replacement, line)
    if _ENTRY.match(line):
        return line
    free = _FREE_TEXT.match(line)
    if free:
        return free.group(1) + _redact_words(free.group(2))
    for rule in _RULES:
        line = rule.sub(_hide_rest, line, count=1)
    return line


def redact_text(text: str) -> str:
    """Return free text (a remark, a comment), shortened like :func:`show`, without what looks like a secret."""
    text = _shorten(text)
    if not _may_hold_secret(text):
        return text
    for pattern, replacement in _EVERYWHERE:
        text = pattern.sub(replacement, text)
    return _redact_words(text)


def show(line: str) -> str:
    """Return a line as reports quote it: trimmed, secrets removed, at most :data:`SHOWN_WIDTH` characters."""
    if len(line) > _STRIPPED_WHOLE:
        line = line[:_STRIPPED_WHOLE]
    return redact(_shorten(line.strip()))


def _shorten(text: str) -> str:
    return text if len(text) <= SHOWN_WIDTH else text[: SHOWN_WIDTH - 1] + "…"


def _may_hold_secret(line: str) -> bool:
    """Return whether a line needs a closer look: most lines do not."""
    low = line.lower()
    for clue in _CLUES:
        if clue in low:
            return True
    return bool(_DENSE.search(line) or _HEX_GROUP.match(line))


def _hide_rest(found: re.Match[str]) -> str:
    return f"{found.group(1)}{found.group(2)}{HIDDEN}"


def _redact_words(text: str) -> str:
    return _SPOKEN.sub(_hide_spoken, text)


def _hide_spoken(found: re.Match[str]) -> str:
    word, between, value = found.groups()
    stated = between.strip() != ""
    if stated or not value.strip(".,;:!?()'\"").replace("-", "").isalpha():
        return f"{word}{between}{HIDDEN}"
    return found.group(0)
