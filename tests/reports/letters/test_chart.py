"""The chart: a picture of what is known, unknown, below the standard and paid."""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from domain.formats import Formats
from domain.time import Span, to_us
from reports.letters.chart import Drawing, chart
from reports.letters.letter import Curve, Piece
from tests.reports.letters.cases import at

NONE = "no reading came in"
WINDOW = Span(at("2025-01-08T00:00"), at("2025-01-18T00:00"))
SVG = "{http://www.w3.org/2000/svg}"


def curve(*parts: tuple[str, str, int]) -> Curve:
    pieces = tuple(Piece(to_us(at(a)), to_us(at(b)), value) for a, b, value in parts)
    known = sum(each.until_us - each.since_us for each in pieces)
    return Curve("bed", WINDOW, pieces, (), known)


COLD = curve(
    ("2025-01-08T00:00", "2025-01-10T00:00", 20_000),
    ("2025-01-10T00:00", "2025-01-18T00:00", 16_000),
)


def drawing(**other: Any) -> Drawing:
    own: dict[str, Any] = {
        "curve": COLD, "room": "bed <1>", "standard": 18_000, "of_act": True, "requests": (), "measured": (),
        "outages": (), "faults": (), "paid": (), "open_days": (),
    }  # fmt: skip
    return Drawing(**(own | other))


def words(language: str = "en", width: int = 680, **other: Any) -> list[str]:
    svg = chart(drawing(**other), Formats(language, ZoneInfo("Asia/Shanghai")), width)
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_it_says_what_it_shows_and_nothing_else() -> None:
    plain = words()
    assert {"temperature: bed <1>", "standard 18 °C", "below the standard"} <= set(plain)
    assert not {"unknown", "request", "outage", "paid days", "user's fault"} & set(plain)
    everything = words(
        curve=replace(COLD, unknown=(Span(WINDOW.since, at("2025-01-09T00:00")),)),
        requests=[at("2025-01-10T06:00")], measured=[(at("2025-01-11T06:00"), 15_000)],
        outages=[WINDOW], faults=[WINDOW], paid=[(date(2025, 1, 10), date(2025, 1, 12))],
        open_days=[(date(2025, 1, 13), date(2025, 1, 14))],
    )  # fmt: skip
    assert {
        "unknown", "request", "measurement record", "outage", "paid days", "user's fault",
        "undetermined",
    } <= set(everything)  # fmt: skip
    assert "标准 18 °C" in words("zh")


def test_a_temperature_that_no_act_names_is_no_standard() -> None:
    assert {"18 °C", "below 18 °C"} <= set(words(of_act=False))
    assert not any("标准" in each for each in words("zh", of_act=False))


def test_a_warm_room_has_no_words_about_cold() -> None:
    warm = curve(("2025-01-08T00:00", "2025-01-18T00:00", 20_000))
    assert "below the standard" not in words(curve=warm)


def test_a_line_is_broken_where_nothing_is_known() -> None:
    gap = curve(
        ("2025-01-08T00:00", "2025-01-10T00:00", 20_000),
        ("2025-01-11T00:00", "2025-01-12T00:00", 20_000),
        ("2025-01-12T00:00", "2025-01-13T00:00", 19_000),
    )
    svg = chart(drawing(curve=gap), Formats("en", ZoneInfo("Asia/Shanghai")), 680)
    [line] = re.findall(r'd="([^"]*)" fill="none" stroke="#17212b" stroke-width="1.1"', svg)
    assert line.count("M") == 2


def test_paid_days_lie_under_their_days() -> None:
    svg = chart(
        drawing(paid=[(date(2025, 1, 10), date(2025, 1, 12))]),
        Formats("en", ZoneInfo("Asia/Shanghai")), 680,
    )  # fmt: skip
    frame, paid = _rects(svg, fill="none"), _rects(svg, fill="#17212b")
    [(left, whole)], [(x, width)] = frame, paid
    assert (x - left) / whole == pytest.approx(2 / 10, abs=0.001)
    assert width / whole == pytest.approx(3 / 10, abs=0.001)


def _rects(svg: str, fill: str) -> list[tuple[float, float]]:
    return [
        (float(each.attrib["x"]), float(each.attrib["width"]))
        for each in ElementTree.fromstring(svg).iter(f"{SVG}rect")
        if each.attrib["fill"] == fill
    ]


def test_what_comes_from_outside_is_escaped() -> None:
    svg = chart(
        drawing(room="</text><script>alert(1)</script>\x1b[2J"),
        Formats("en", ZoneInfo("Asia/Shanghai")), 360,
    )  # fmt: skip
    assert "<script>" not in svg
    assert "\x1b" not in svg


def test_a_seasons_worth_of_readings_becomes_a_small_picture_with_every_extreme() -> None:
    minutes = 120 * 24 * 12
    since = to_us(at("2024-11-15T00:00"))
    step = 5 * 60 * 1_000_000
    pieces = tuple(
        Piece(since + i * step, since + (i + 1) * step, 11_000 if i == 20_000 else 19_000 + i % 7)
        for i in range(minutes)
    )
    window = Span(at("2024-11-15T00:00"), at("2025-03-15T00:00"))
    long = Curve("bed", window, pieces, (), minutes * step)
    svg = chart(drawing(curve=long), Formats("en", ZoneInfo("Asia/Shanghai")), 680)
    assert len(svg) < 60_000
    assert "10 °C" in words(curve=long)
    assert "below the standard" in words(curve=long)


@pytest.mark.parametrize("width", [680, 360])
def test_the_labels_of_days_and_keys_do_not_run_into_each_other(width: int) -> None:
    svg = chart(
        drawing(requests=[at("2025-01-10T06:00")], room="a room with a rather long name"),
        Formats("en", ZoneInfo("Asia/Shanghai")), width,
    )  # fmt: skip
    days = [
        float(each.attrib["x"])
        for each in ElementTree.fromstring(svg).iter(f"{SVG}text")
        if re.fullmatch(r"\d\d-\d\d", each.text or "")
    ]
    assert len(days) > 3
    assert min(b - a for a, b in pairwise(days)) > 30
    keys = re.findall(r'translate\(([\d.]+) \d+\)">.*?<text x="20">([^<]*)', svg)
    assert len(keys) == 4
    assert all(float(x) + 20 + 5 * len(words_) <= width for x, words_ in keys)


def test_a_name_that_is_too_long_for_the_picture_is_cut() -> None:
    [name] = [each for each in words(width=360, room="r" * 200) if "rrr" in each]
    assert name.startswith("temperature: rrr")
    assert name.endswith("…")
    assert len(name) < 70
