"""Fuzzes one parser, guided by coverage: ``python -m tests.parsers.fuzzing.target PLATFORM [libFuzzer option …]``.

Started by ``python -m tests.parsers.fuzzing``. Ends at the first input that breaks a promise of the parser, and
writes it where ``-artifact_prefix`` says.
"""

from __future__ import annotations

import random
import sys

import atheris

with atheris.instrument_imports(include=["parsers"]):
    from parsers.base import Parser
    from parsers.registry import load
    from tests.parsers.fuzzing.checks import check, from_bytes
    from tests.parsers.fuzzing.mutate import mutate
    from tests.parsers.fuzzing.seeds import seeds, words


def one(parser: Parser, raw: bytes) -> None:
    text = from_bytes(raw)
    if text is not None:
        check(parser, text)


def main() -> None:
    platform, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["parsers"]):
        # Parsers import most of their modules when they parse, and all have to be instrumented before the start.
        parser = load(platform)
        for seed in seeds(platform):
            one(parser, seed)
    known = words(platform)

    def changed(raw: bytes, limit: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.3:
            return bytes(atheris.Mutate(raw, limit))
        return mutate(raw.decode("utf-8", "replace"), known, chance).encode("utf-8", "replace")[:limit]

    atheris.Setup([sys.argv[0], *options], lambda raw: one(parser, raw), custom_mutator=changed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
