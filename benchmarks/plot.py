"""A small writer for log-log line charts as SVG that read well on light and on dark pages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 560, 440
LEFT, RIGHT, TOP, BOTTOM = 64, 168, 48, 52
LABEL_GAP = 14.0
COLOURS = ("#0b84c4", "#e0791b", "#149a6d", "#c65a9c", "#8a6fd1", "#b08f00", "#cf3f3f", "#5c8f9e")
"""Of middling lightness, so that they stand out from white and from black alike."""

STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #3d444d; }
.title { font-size: 14px; font-weight: 600; fill: #1f2328; }
.grid { stroke: #8b949e; stroke-opacity: .28; stroke-width: 1; }
.axis { stroke: #8b949e; stroke-width: 1; }
.line { fill: none; stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round; }
.dashed { stroke-dasharray: 2 5; }
.goal { fill: none; stroke: #6e7781; stroke-width: 1.5; }
.leader { fill: none; stroke-width: 1; stroke-opacity: .6; }
@media (prefers-color-scheme: dark) {
text { fill: #b7bfc8; }
.title { fill: #f0f6fc; }
.goal { stroke: #b7bfc8; }
}
"""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its label, its points (x, y) in rising x, the number of its colour, and whether it is dashed."""

    label: str
    points: tuple[Point, ...]
    colour: int
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: title, words for the axes, lines, and points that are to be stayed under."""

    title: str
    x_words: str
    y_words: str
    series: tuple[Series, ...]
    goals: tuple[Point, ...] = ()


class _Scale:
    """Turns positive values into positions, logarithmically."""

    def __init__(self, values: Iterable[float], begin: float, end: float, slack: float) -> None:
        logs = [math.log10(value) for value in values]
        self._low, self._high = min(logs) - slack, max(logs) + slack
        self._begin, self._end = begin, end

    def at(self, value: float) -> float:
        """Return the position of a value."""
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return self._begin + share * (self._end - self._begin)

    def ticks(self, steps: Sequence[int]) -> list[float]:
        """Return the values ``step x 10^n`` that lie on the scale."""
        powers = range(math.floor(self._low) - 1, math.ceil(self._high) + 1)
        values = [step * 10.0**power for power in powers for step in steps]
        return [value for value in values if self._low <= math.log10(value) <= self._high]


def draw(charts: Sequence[Chart], description: str) -> str:
    """Return an SVG with the charts side by side; the same charts give the same bytes."""
    drawn = [chart for chart in charts if any(series.points for series in chart.series)]
    width = WIDTH * max(len(drawn), 1)
    size = f'viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="words">',
        f'<title id="words">{escape(description)}</title>',
        f"<style>{STYLE}</style>",
    ]
    for number, chart in enumerate(drawn):
        parts += [f'<g transform="translate({number * WIDTH} 0)">', *_chart(chart), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _chart(chart: Chart) -> Iterator[str]:
    points = [point for series in chart.series for point in series.points] + list(chart.goals)
    x = _Scale((point[0] for point in points), LEFT, WIDTH - RIGHT, 0.03)
    y = _Scale((point[1] for point in points), HEIGHT - BOTTOM, TOP, 0.08)
    yield _text(LEFT, 24, chart.title, "start", "title")
    yield from _axes(chart, x, y)
    for series in chart.series:
        yield from _line(series, x, y)
    yield from (_diamond(x.at(one), y.at(two)) for one, two in chart.goals)
    yield from _labels([series for series in chart.series if series.points], x, y)


def _axes(chart: Chart, x: _Scale, y: _Scale) -> Iterator[str]:
    left, right, top, bottom = LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM
    for value in y.ticks((1,)):
        at = y.at(value)
        yield f'<line class="grid" x1="{left}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}"/>'
        yield _text(left - 8, at + 4, f"{value:g} s" if value < 1000 else f"{value:,.0f} s", "end")
    for value in x.ticks((1,)):
        at = x.at(value)
        yield f'<line class="grid" x1="{at:.1f}" y1="{top}" x2="{at:.1f}" y2="{bottom}"/>'
        yield _text(at, bottom + 18, f"{value:,.0f}", "middle")
    yield f'<line class="axis" x1="{left}" y1="{bottom}" x2="{right}" y2="{bottom}"/>'
    yield _text((left + right) / 2, bottom + 38, chart.x_words, "middle")
    yield _text(left - 8, top - 8, chart.y_words, "end")


def _line(series: Series, x: _Scale, y: _Scale) -> Iterator[str]:
    colour = COLOURS[series.colour % len(COLOURS)]
    at = [(x.at(one), y.at(two)) for one, two in series.points]
    if len(at) > 1:
        path = " ".join(f"{one:.1f},{two:.1f}" for one, two in at)
        yield f'<polyline class="line{" dashed" if series.dashed else ""}" stroke="{colour}" points="{path}"/>'
    for one, two in at:
        yield f'<circle cx="{one:.1f}" cy="{two:.1f}" r="3.5" fill="{colour}"/>'


def _labels(series: Sequence[Series], x: _Scale, y: _Scale) -> Iterator[str]:
    """Write the labels beside the chart, in the order of the lines' ends, none over another."""
    ordered = sorted(series, key=lambda one: y.at(one.points[-1][1]))
    places = spread([y.at(one.points[-1][1]) for one in ordered], LABEL_GAP, HEIGHT - BOTTOM)
    edge = WIDTH - RIGHT
    for one, place in zip(ordered, places, strict=True):
        colour = COLOURS[one.colour % len(COLOURS)]
        begin, height = x.at(one.points[-1][0]) + 6, y.at(one.points[-1][1])
        path = f"M{begin:.1f} {height:.1f}L{max(begin, edge - 2):.1f} {height:.1f}L{edge + 12} {place:.1f}"
        yield f'<path class="leader" stroke="{colour}" d="{path}"/>'
        yield f'<text x="{edge + 15}" y="{place + 4:.1f}" style="fill:{colour}">{escape(one.label)}</text>'


def spread(wanted: Sequence[float], gap: float, most: float) -> list[float]:
    """Return positions in rising order, at least ``gap`` apart, near the wanted ones; the last is at most ``most``."""
    placed: list[float] = []
    for position in wanted:
        placed.append(max(position, placed[-1] + gap) if placed else position)
    limit = most
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], limit)
        limit = placed[number] - gap
    return placed


def _diamond(x: float, y: float) -> str:
    return f'<path class="goal" d="M{x - 6:.1f} {y:.1f}L{x:.1f} {y - 6:.1f}L{x + 6:.1f} {y:.1f}L{x:.1f} {y + 6:.1f}Z"/>'


def _text(x: float, y: float, words: str, anchor: str, kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text{name} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
