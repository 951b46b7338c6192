"""Which statements of an IOS configuration are known not to filter packets."""

from __future__ import annotations

import re

from parsers.cisco.acl.commands import first_words
from parsers.cisco.blocks import Block

_LIST_LIKE = re.compile(r"(?:ip|ipv6) (?:access-list|access-group|traffic-filter)\b", re.IGNORECASE)
_LIST_SETTING = re.compile(
    r"(?:ip|ipv6) access-list (?:resequence|log-update|logging|persistent|helper|match-local-traffic|commit-delay"
    r"|role-based|fqdn)\b",
    re.IGNORECASE,
)


def is_ignored(block: Block) -> bool:
    """Return whether a top-level statement is known not to matter."""
    if _LIST_LIKE.match(block.text):
        return _LIST_SETTING.match(block.text) is not None
    return block.words[0].lower() in first_words()
