"""For how long a device has been counting, where its capture says so."""

from __future__ import annotations

import re

_UPTIME = re.compile(
    r"(?:\S{1,63} uptime is|Kernel uptime is|Uptime(?: is)?:|\S{1,63} up(?= \d+ (?:year|day|hour|min)))\s+(\S.{0,80})$"
)
_LONGEST = 160


def uptime(line: str) -> str | None:
    """Return the time since the last restart that a line of ``show version`` gives, as written; or None."""
    if " up" not in line[:_LONGEST].lower() and not line.startswith("Uptime"):
        return None
    found = _UPTIME.match(line.strip()[:_LONGEST])
    return found.group(1).strip() if found else None


def counting_window(since_restart: str) -> str:
    """Return in words over which time counters can have been taken: they may also have been cleared since."""
    return f"since the last restart at the most ({since_restart} ago)" if since_restart else ""
