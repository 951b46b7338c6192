"""What a terminal session adds to a configuration: prompts, banners, and fragments shown without their path."""

from __future__ import annotations

import re

_PROMPT = re.compile(r"(?:\{[\w:.\-]+\}\s*)?[\w.\-]{1,64}@[\w.\-]{1,64}[>#%](?:\s+|$)")
_SCREEN = re.compile(
    r"\[edit[^\]]*\]$|\{(?:master|backup|primary|secondary|linecard|local|hold)[\w:.\-]*\}"
    r"(?:\[edit[^\]]*\])?$|(?:commit|configuration check|load) (?:complete|succeeds)|Entering configuration mode"
    r"|Users currently editing|RANCID-CONTENT-TYPE|-{3,}|={3,}"
)
_SHOW = re.compile(r"(?:run )?show\b(?P<path>[^|]*)(?:\|(?P<pipe>.*))?$")

_POLICIES = ("security", "policies")
FRAGMENTS = {
    **dict.fromkeys(("from-zone", "default-policy", "policy-rematch", "pre-id-default-policy"), _POLICIES),
    "global": _POLICIES,
    "security-zone": ("security", "zones"),
    "functional-zone": ("security", "zones"),
    **dict.fromkeys(("address-book", "policies", "zones", "screen", "nat", "ike", "ipsec", "utm"), ("security",)),
    **dict.fromkeys(("application", "application-set"), ("applications",)),
    **dict.fromkeys(("family", "filter", "policer", "three-color-policer"), ("firewall",)),
    **dict.fromkeys(("prefix-list", "policy-statement", "as-path", "as-path-group"), ("policy-options",)),
    "scheduler": ("schedulers",),
}
"""First words of statements that are shown without their path, and the path."""


def without_prompt(text: str) -> str:
    """Return what stands behind a prompt, or ``text`` itself where there is none."""
    found = _PROMPT.match(text)
    return text[found.end() :] if found else text


def is_screen_text(text: str) -> bool:
    """Return whether a line was printed by the command line interface around a configuration."""
    return _SCREEN.match(text) is not None


def shown_path(text: str) -> list[str] | None:
    """Return the path that a ``show`` command names, or None if it shows something else.

    ``display set`` prints complete paths; then the path is empty.
    """
    found = _SHOW.match(text)
    if found is None:
        return None
    if "display set" in (found["pipe"] or "") and "relative" not in found["pipe"]:
        return []
    words = found["path"].split()
    return words[1:] if words[:1] == ["configuration"] else words
