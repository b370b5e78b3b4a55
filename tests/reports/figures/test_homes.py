"""Which homes a daily report counts: those of the day, also where no station stands above them."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from analytics.law.policy import load
from reports.kinds.daily import Sources, daily_report, season_of
from reports.render.render import to_html, to_json
from reports.render.view import DailyReport
from reports.render.words import WORDS
from store.books.registry import Device, Place, Series
from tests.tiny import MIDNIGHT, NOW, Tiny, table, tiny_city

DAY = date(2026, 1, 15)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
EVEN = timedelta(minutes=15)


def report_of(tiny: Tiny, day: date = DAY, now: datetime = NOW) -> DailyReport:
    sources = Sources(tiny.books, tiny.readings, load("CN-HA-2018").policy, 0, Decimal("0.75"))
    return daily_report(sources, "demo", season_of(tiny.books, "demo", day), day, now)


def add_home(
    tiny: Tiny,
    code: str,
    parent: int,
    *,
    since: datetime = LONG_AGO,
    until: datetime | None = None,
) -> int:
    """A household with one bedroom and its sensor; the id of the series."""
    with Session(tiny.books) as session, session.begin():
        home = Place(code=code, kind="household", parent_id=parent, name="", since=since)
        home.until = until
        session.add(home)
        session.flush()
        room = Place(code=f"{code}-bed", kind="room", parent_id=home.id, name="", since=since)
        room.room_use, room.until = "bedroom", until
        device = Device(code=f"d-{code}")
        session.add_all([room, device])
        session.flush()
        series = Series(device_id=device.id, channel="t", role="room_temperature", since=since)
        series.place_id, series.interval_s, series.until = room.id, 900, until
        session.add(series)
        session.flush()
        return series.id


def add_building_of_the_source(tiny: Tiny) -> int:
    with Session(tiny.books) as session, session.begin():
        block = Place(code="B9", kind="building", parent_id=2, name="9号楼", since=LONG_AGO)
        session.add(block)
        session.flush()
        return block.id


def tell(tiny: Tiny, series: int, celsius: int, every: timedelta = EVEN) -> None:
    times = (MIDNIGHT + i * every for i in range(-12, timedelta(days=1) // every))
    tiny.readings.import_table(table([(series, at, 1000 * celsius) for at in times]), NOW)


def test_homes_below_no_station_have_their_own_line_and_count_in_every_total(
    tmp_path: Path,
) -> None:
    tiny = tiny_city(tmp_path)
    before = report_of(tiny)
    tell(tiny, add_home(tiny, "H9", add_building_of_the_source(tiny)), 12)
    report = report_of(tiny)
    station, without = report.stations
    assert (station.code, without.code) == ("S1-01", "")
    assert (without.households, without.below, without.outage_h) == (1, 1, None)
    assert without.degree_hours == Decimal("144.00")
    assert report.degree_hours == before.degree_hours + Decimal("144.00")
    assert (report.households, report.measured) == (4, 3)
    for language, words in WORDS.items():
        assert words["no_station"] in to_html(report, language).decode()
        assert words["no_station"] not in to_html(before, language).decode()


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (LONG_AGO, MIDNIGHT, False),
        (MIDNIGHT + timedelta(days=1), None, False),
        (LONG_AGO, MIDNIGHT + timedelta(hours=1), True),
        (MIDNIGHT + timedelta(hours=23), None, True),
    ],
    ids=["ended-before", "begins-after", "ends-on-the-day", "begins-on-the-day"],
)
def test_only_homes_of_the_day_are_counted(
    tmp_path: Path, since: datetime, until: datetime | None, counts: bool
) -> None:
    tiny = tiny_city(tmp_path)
    add_home(tiny, "other", 4, since=since, until=until)
    report = report_of(tiny)
    assert (report.households, report.unknown) == ((4, 2) if counts else (3, 1))


def test_a_station_that_has_ended_is_in_no_report_of_later_days(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    with Session(tiny.books) as session, session.begin():
        old = Place(code="S1-00", kind="station", parent_id=2, name="旧站", since=LONG_AGO)
        old.until = MIDNIGHT
        session.add(old)
    assert [station.code for station in report_of(tiny).stations] == ["S1-01"]


def test_a_day_with_none_measured_has_no_share(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    report = report_of(tiny, DAY - timedelta(days=7))
    assert (report.measured, report.share_at_standard) == (0, None)
    assert report.availability == Decimal("0.00"), "promised, and nothing came"
    assert json.loads(to_json(report, "zh"))["totals"]["share_at_standard"] is None
    assert "<b>—</b>" in to_html(report, "en").decode()


def test_a_sensor_that_talks_too_much_makes_up_for_no_other(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    before = report_of(tiny).stations[0].readings
    tell(tiny, 1, 21, timedelta(minutes=1))
    tell(tiny, 5, 0, timedelta(minutes=1))
    (station,) = report_of(tiny).stations
    assert station.readings == before
    assert station.availability is not None
    assert station.availability < 100
