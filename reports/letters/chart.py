"""The curve as SVG: what stands above and below the line of the law, and what is not known.

Black on white: hatching and dashes tell things apart, never colour alone.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from domain.formats import Formats
from domain.language import Text, msg_in
from domain.quantity import Quantity
from domain.time import Span, day_start, from_us, local_day, to_us
from domain.visible import visible
from reports.letters.letter import Curve, Piece

INK, DIM, GRID = "#17212b", "#5a646e", "#d8dee4"
FONT = "Noto Sans CJK SC, Noto Sans, DejaVu Sans, sans-serif"
HEIGHT, GAP, LANE, TOP, LETTER = 150, 5, 13, 8, 9.5
LEGEND_ROW = 15
#: Axis steps in whole degrees, and in days.
DEGREES, DAYS = (1, 2, 5, 10, 20), (1, 2, 5, 7, 14, 30, 61)
WORDS = {
    "curve": msg_in("letter chart", "temperature: {room}", room=""),
    "standard": msg_in("letter chart", "standard {celsius} °C", celsius=""),
    "below": msg_in("letter chart", "below the standard"),
    "compared": msg_in("letter chart", "{celsius} °C", celsius=""),
    "below_compared": msg_in("letter chart", "below {celsius} °C", celsius=""),
    "unknown": msg_in("letter chart", "unknown"),
    "request": msg_in("letter chart", "request"),
    "measured": msg_in("letter chart", "measurement record"),
    "outage": msg_in("letter chart", "outage"),
    "fault": msg_in("letter chart", "user's fault"),
    "paid": msg_in("letter chart", "paid days"),
    "open": msg_in("letter chart", "undetermined"),
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a chart shows beside the curve; days from the first to the last, both included."""

    curve: Curve
    room: str  # as people call it
    standard: int  # [0.001 °C]
    of_act: bool  # False: drawn for comparison
    requests: Sequence[datetime]
    measured: Sequence[tuple[datetime, int]]  # of the curve's room [0.001 °C]
    outages: Sequence[Span]
    faults: Sequence[Span]
    paid: Sequence[tuple[date, date]]
    open_days: Sequence[tuple[date, date]]


def chart(drawing: Drawing, formats: Formats, width: int) -> str:
    """The chart in a width, in pixels of its own."""
    return _Chart(drawing, formats, width).svg()


class _Chart:
    """Puts one chart together, from the top down."""

    def __init__(self, drawing: Drawing, formats: Formats, width: int) -> None:
        self.own = drawing
        self.formats = formats
        self.width = width
        self.id = f"w{width}"
        self.zone: ZoneInfo = formats.zone
        window = drawing.curve.window
        self.since, self.until = to_us(window.since), to_us(window.until)
        self.lanes = [each for each in self._lanes() if each[2]]
        names = (self._word(name) for name, _, _ in self.lanes)
        self.left = max([36.0, *(_wide(name) + 8 for name in names)])
        self.plot = width - self.left - 8
        self.columns = self._columns()
        values = [each.value for each in drawing.curve.pieces]
        values += [value for _, value in drawing.measured]
        self.low = math.floor((min([*values, drawing.standard]) - 500) / 1000)
        self.high = math.ceil((max([*values, drawing.standard]) + 500) / 1000)
        keys = [(drawn, _fitting(words, width - 20)) for drawn, words in self._keys()]
        self.legend = list(_rows(keys, width))
        self.top = TOP + LEGEND_ROW * len(self.legend)

    def svg(self) -> str:
        foot = self.top + HEIGHT + (GAP if self.lanes else 0)
        height = foot + LANE * len(self.lanes) + 18
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {self.id}" '
            f'viewBox="0 0 {self.width} {height:g}" role="img" font-family="{FONT}" '
            f'font-size="{LETTER}" fill="{INK}">',
            self._pattern(),
            *self._legend(),
            *self._unknown(),
            *self._grid(foot + LANE * len(self.lanes)),
            *self._below(),
            *self._curve(),
            *self._standard(),
            *self._marks(),
            *self._drawn_lanes(foot),
            f'<rect x="{self.left:.1f}" y="{self.top}" width="{self.plot:.1f}" height="{HEIGHT}" '
            f'fill="none" stroke="{INK}" stroke-width="0.8"/>',
            "</svg>",
        ]
        return "".join(parts)

    def _word(self, name: str, **values: object) -> str:
        text = WORDS[name]
        return Text(text.message, values, context=text.context).to(self.formats.language)

    def _pattern(self) -> str:
        line = f'<path d="M-1 1 L1 -1 M0 6 L6 0 M5 7 L7 5" stroke="{DIM}" stroke-width="0.7"/>'
        return (
            f'<defs><pattern id="{self.id}" width="6" height="6" patternUnits="userSpaceOnUse">'
            f"{line}</pattern></defs>"
        )

    def _x(self, at_us: int) -> float:
        inside = min(max(at_us, self.since), self.until)
        return self.left + self.plot * (inside - self.since) / (self.until - self.since)

    def _y(self, ticks: int) -> float:
        share = (ticks / 1000 - self.low) / (self.high - self.low)
        return self.top + HEIGHT * (1 - share)

    # the legend

    def _keys(self) -> Iterator[tuple[str, str]]:
        """(drawing of a key at 0, its words) of what is in the chart."""
        celsius = self.formats.number(Quantity.TEMPERATURE.from_ticks(self.own.standard))
        line = f'<path d="M0 -3 H16" stroke="{INK}" stroke-width="1.3"/>'
        dashed = f'<path d="M0 -3 H16" stroke="{INK}" stroke-width="1.6" stroke-dasharray="5 3"/>'
        yield line, self._word("curve", room=visible(self.own.room))
        named, below = ("standard", "below") if self.own.of_act else ("compared", "below_compared")
        yield dashed, self._word(named, celsius=celsius)
        if any(each.value < self.own.standard for each in self.own.curve.pieces):
            box = '<rect y="-8" width="16" height="9" fill="#c3cad1"/>'
            yield box, self._word(below, celsius=celsius)
        if self.own.curve.unknown:
            box = f'<rect y="-8" width="16" height="9" fill="url(#{self.id})" stroke="{DIM}" stroke-width="0.5"/>'
            yield box, self._word("unknown")
        if self.own.requests:
            yield f'<path d="M4 -8 H12 L8 -1 Z" fill="{INK}"/>', self._word("request")
        if self.own.measured:
            dot = f'<circle cx="8" cy="-4" r="3" fill="#fff" stroke="{INK}" stroke-width="1.4"/>'
            yield dot, self._word("measured")

    def _legend(self) -> Iterator[str]:
        for i, row in enumerate(self.legend):
            x = 0.0
            for drawn, words in row:
                y = TOP + 4 + LEGEND_ROW * i
                yield f'<g transform="translate({x:.1f} {y})">{drawn}<text x="20">{escape(words)}</text></g>'
                x += _key_wide(words)

    # the plot

    def _grid(self, foot: float) -> Iterator[str]:
        step = next((d for d in DEGREES if (self.high - self.low) / d <= 6), 50)
        for degree in range(math.ceil(self.low / step) * step, self.high + 1, step):
            y = self._y(degree * 1000)
            yield f'<path d="M{self.left:.1f} {y:.1f} h{self.plot:.1f}" stroke="{GRID}" stroke-width="0.6"/>'
            yield f'<text x="{self.left - 4:.1f}" y="{y + 3:.1f}" text-anchor="end">{degree} °C</text>'
        for day, x in self._days():
            yield f'<path d="M{x:.1f} {self.top} V{foot}" stroke="{GRID}" stroke-width="0.6"/>'
            yield f'<text x="{x:.1f}" y="{foot + 12}" text-anchor="middle">{day:%m-%d}</text>'

    def _days(self) -> Iterator[tuple[date, float]]:
        first = local_day(from_us(self.since), self.zone)
        count = (local_day(from_us(self.until - 1), self.zone) - first).days + 1
        step = next((d for d in DAYS if count / d * 42 <= self.plot), 61)
        for i in range(0, count + 1, step):
            day = first + timedelta(days=i)
            at = to_us(day_start(day, self.zone))
            if self.since <= at <= self.until and self._x(at) <= self.width - 14:
                yield day, self._x(at)

    def _unknown(self) -> Iterator[str]:
        for each in self.own.curve.unknown:
            x, end = self._x(to_us(each.since)), self._x(to_us(each.until))
            yield (
                f'<rect x="{x:.1f}" y="{self.top}" width="{max(end - x, 1.5):.1f}" height="{HEIGHT}" '
                f'fill="url(#{self.id})"/>'
            )

    def _columns(self) -> list[tuple[float, float, int, int]]:
        """(x, end, lowest, highest) of what is drawn: each value, or many in one pixel."""
        pieces = self.own.curve.pieces
        if len(pieces) <= 2 * self.plot:
            return [(self._x(p.since_us), self._x(p.until_us), p.value, p.value) for p in pieces]
        return list(self._by_pixel(pieces))

    def _by_pixel(self, pieces: Sequence[Piece]) -> Iterator[tuple[float, float, int, int]]:
        found: dict[int, tuple[int, int]] = {}
        scale, begin, left = self.plot / (self.until - self.since), self.since, self.left
        for since, until, value in pieces:
            first, last = left + (since - begin) * scale, left + (until - 1 - begin) * scale
            for pixel in range(int(first), int(last) + 1):
                low, high = found.get(pixel, (value, value))
                found[pixel] = min(low, value), max(high, value)
        for pixel in sorted(found):
            yield max(float(pixel), self.left), float(pixel + 1), *found[pixel]

    def _curve(self) -> Iterator[str]:
        path, end = [], -1.0
        for x, until, low, high in self.columns:
            start = "L" if abs(x - end) < 0.05 else "M"
            path.append(f"{start}{x:.1f} {self._y(high):.1f}")
            if low != high:
                path.append(f"V{self._y(low):.1f}")
            path.append(f"H{until:.1f}")
            end = until
        yield f'<path d="{"".join(path)}" fill="none" stroke="{INK}" stroke-width="1.1" stroke-linejoin="round"/>'

    def _below(self) -> Iterator[str]:
        standard = self._y(self.own.standard)
        path = [
            f"M{x:.1f} {standard:.1f}V{self._y(low):.1f}H{until:.1f}V{standard:.1f}Z"
            for x, until, low, _ in self.columns
            if low < self.own.standard
        ]
        if path:
            yield f'<path d="{"".join(path)}" fill="#c3cad1"/>'

    def _standard(self) -> Iterator[str]:
        y = self._y(self.own.standard)
        yield (
            f'<path d="M{self.left:.1f} {y:.1f} h{self.plot:.1f}" stroke="{INK}" stroke-width="1.6" '
            f'stroke-dasharray="5 3"/>'
        )

    def _marks(self) -> Iterator[str]:
        for at in self.own.requests:
            if self.own.curve.window.holds(at):
                x = self._x(to_us(at))
                yield f'<path d="M{x:.1f} {self.top} v{HEIGHT}" stroke="{INK}" stroke-width="0.7" stroke-dasharray="1 2"/>'
                yield f'<path d="M{x - 4:.1f} {self.top} h8 l-4 7 Z" fill="{INK}"/>'
        for at, value in self.own.measured:
            if self.own.curve.window.holds(at):
                x, y = self._x(to_us(at)), self._y(value)
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#fff" stroke="{INK}" stroke-width="1.4"/>'

    # the lanes

    def _lanes(self) -> Iterator[tuple[str, str, list[Span]]]:
        solid, hatched = INK, f"url(#{self.id})"
        window = self.own.curve.window
        for name, fill, spans in (
            ("outage", "#8b949d", self.own.outages),
            ("fault", "#8b949d", self.own.faults),
            ("paid", solid, [self._of_days(*each) for each in self.own.paid]),
            ("open", hatched, [self._of_days(*each) for each in self.own.open_days]),
        ):
            inside = [e for e in spans if e.since < window.until and e.until > window.since]
            yield name, fill, inside

    def _of_days(self, first: date, last: date) -> Span:
        return Span(day_start(first, self.zone), day_start(last + timedelta(days=1), self.zone))

    def _drawn_lanes(self, top: float) -> Iterator[str]:
        for i, (name, fill, spans) in enumerate(self.lanes):
            y = top + LANE * i
            yield f'<text x="{self.left - 4:.1f}" y="{y + 10:.1f}" text-anchor="end">{escape(self._word(name))}</text>'
            for span in spans:
                x, end = self._x(to_us(span.since)), self._x(to_us(span.until))
                yield (
                    f'<rect x="{x:.1f}" y="{y + 3:.1f}" width="{max(end - x, 1.5):.1f}" height="{LANE - 5}" '
                    f'fill="{fill}" stroke="{INK}" stroke-width="0.5"/>'
                )


def _wide(words: str) -> float:
    """About how wide words are: Chinese as wide as high, others half of it."""
    return sum(LETTER if ord(each) > 0x2E80 else LETTER * 0.56 for each in words)


def _fitting(words: str, width: float) -> str:
    """As much of the words as fits."""
    if _wide(words) <= width:
        return words
    while _wide(words + "…") > width:
        words = words[:-1]
    return words + "…"


def _key_wide(words: str) -> float:
    return 20 + _wide(words) + 12


def _rows(keys: list[tuple[str, str]], width: float) -> Iterator[list[tuple[str, str]]]:
    """The keys of a legend in rows that fit."""
    row: list[tuple[str, str]] = []
    for key in keys:
        if row and sum(_key_wide(words) for _, words in [*row, key]) - 12 > width:
            yield row
            row = []
        row.append(key)
    yield row
