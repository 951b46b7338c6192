"""Measures one file in this process: ``python -m benchmarks.large_child PLATFORM FILE``.

Prints one line of JSON: seconds for reading, recognising and parsing, and the highest resident memory in KiB.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from parsers.reading import read_file
from parsers.registry import detect, parse
from rulecheck.startup import relax_collector


def measure(platform: str, path: str) -> dict[str, object]:
    """Read, recognise and parse one file.

    Raises:
        ValueError: it is recognised as another platform.
    """
    relax_collector()
    begin = time.perf_counter()
    config = read_file(path)
    read = time.perf_counter()
    found = detect(config)
    if found != platform:
        raise ValueError(f"recognised as {found}, not {platform}")
    recognised, before = time.perf_counter(), time.process_time()
    devices = parse(config, platform)
    end, after = time.perf_counter(), time.process_time()
    return {
        "reading": read - begin,
        "recognising": recognised - read,
        "parsing": end - recognised,
        "parsing_processor": after - before,
        "processor": time.process_time(),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "rules": sum(len(policy.rules) for device in devices for policy in device.policies),
        "unknown": devices[0].source.lines.unknown,
        "serious": sum(one.affects_verdicts for device in devices for one in device.diagnostics),
    }


def main() -> None:
    platform, path = sys.argv[1:]
    print(json.dumps(measure(platform, path)))


if __name__ == "__main__":
    main()
