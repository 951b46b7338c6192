"""Broken configurations for fuzzing line-based parsers: word soup, and fixtures with their lines mutated."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from parsers.base import ConfigText, Parser


def soup(tokens: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """Return lines of random words of a platform, with random indentation."""
    line = st.tuples(st.integers(0, 3), st.lists(st.sampled_from(tokens), max_size=12))
    return st.lists(line.map(lambda parts: " " * parts[0] + " ".join(parts[1])), max_size=15)


@st.composite
def mutated(draw: st.DrawFn, source: Sequence[str], tokens: Sequence[str]) -> list[str]:
    """Return some lines of a configuration with words removed, doubled, replaced or garbled, and lines cut off."""
    start = draw(st.integers(0, len(source) - 1))
    lines = list(source[start : start + draw(st.integers(1, 40))])
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        words = lines[at].split(" ")
        place = draw(st.integers(0, len(words) - 1))
        what = draw(st.sampled_from(["drop", "double", "replace", "cut", "junk"]))
        if what == "drop":
            del words[place]
        elif what == "double":
            words.insert(place, words[place])
        elif what == "replace":
            words[place] = draw(st.sampled_from(tokens))
        elif what == "junk":
            words[place] = draw(st.text(max_size=8).filter(lambda text: len(text.splitlines()) < 2))
        lines[at] = " ".join(words) if what != "cut" else lines[at][: draw(st.integers(0, len(lines[at])))]
    return lines


def check(parser: Parser, lines: Sequence[str]) -> None:
    """Every line is accounted for, and everything that comes out can be used."""
    text = ConfigText("broken.cfg", "0" * 64, tuple("\n".join(lines).splitlines()))
    (found,) = parser.parse(text)
    assert found.source.lines.total == len(text.lines)
    assert 0 <= parser.score(text) <= 100
    names = [(policy.scope, policy.name) for policy in found.policies]
    assert len(names) == len(set(names))
    for policy in found.policies:
        assert [rule.index for rule in policy.rules] == list(range(len(policy.rules)))
        for rule in (*policy.rules, *policy.implicit):
            assert 1 <= rule.origin.line <= len(text.lines)
            assert rule.calls is None or (policy.scope, rule.calls) in names
            rule.match.terms(policy.families)
