"""Which homes a daily report counts: those of the day, also where no station stands above them."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from reports.figures.views import Compliance
from reports.render.render import to_html, to_json
from store.books.facts import ContractTerms
from store.books.registry import Device, Place, Season, Series
from tests.actors import changing
from tests.reports.making import DAY, made, word
from tests.tiny import MIDNIGHT, NOW, Row, Tiny, table, tiny_city

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
EVEN = timedelta(minutes=15)


def report_of(tiny: Tiny, day: date = DAY, now: datetime = NOW) -> Compliance:
    found: Compliance = made(tiny, "daily", day, now).view
    return found


def add_home(
    tiny: Tiny,
    code: str,
    parent: int,
    *,
    since: datetime = LONG_AGO,
    until: datetime | None = None,
) -> int:
    """A household with one bedroom and its sensor; the id of the series."""
    with changing(tiny.books) as session:
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
    with changing(tiny.books) as session:
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
    page_before = made(tiny)
    tell(tiny, add_home(tiny, "H9", add_building_of_the_source(tiny)), 12)
    report = report_of(tiny)
    station, without = report.stations
    assert (station.code, without.code) == ("S1-01", "")
    assert (without.counts.households, without.counts.below, without.outage_h) == (1, 1, None)
    assert without.counts.degree_hours == Decimal("144.00")
    assert report.total.degree_hours == before.total.degree_hours + Decimal("144.00")
    assert (report.total.households, report.total.unknown) == (4, 1)
    for language in ("zh", "en"):
        assert word("no_station", language) in to_html(made(tiny), language).decode()
        assert word("no_station", language) not in to_html(page_before, language).decode()


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
    assert (report.total.households, report.total.unknown) == ((4, 2) if counts else (3, 1))


def test_a_station_that_has_ended_is_in_no_report_of_later_days(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    with changing(tiny.books) as session:
        old = Place(code="S1-00", kind="station", parent_id=2, name="旧站", since=LONG_AGO)
        old.until = MIDNIGHT
        session.add(old)
    assert [station.code for station in report_of(tiny).stations] == ["S1-01"]


def test_a_day_with_none_measured_has_no_share(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    document = made(tiny, day=DAY - timedelta(days=7))
    report = document.view
    assert (report.total.unknown, report.total.share_at_standard) == (3, None)
    assert report.total.availability == Decimal("0.00"), "promised, and nothing came"
    assert json.loads(to_json(document, "zh"))["total"]["share_at_standard"] is None
    assert "<b>—</b>" in to_html(document, "en").decode()


def test_a_sensor_that_talks_too_much_makes_up_for_no_other(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    before = report_of(tiny).stations[0].counts.readings
    tell(tiny, 1, 21, timedelta(minutes=1))
    tell(tiny, 5, 0, timedelta(minutes=1))
    (station,) = report_of(tiny).stations
    assert station.counts.readings == before
    assert station.counts.availability is not None
    assert station.counts.availability < 100


def test_a_sensor_that_was_swapped_at_noon_leaves_its_room_known(tmp_path: Path) -> None:
    tiny, noon = tiny_city(tmp_path), MIDNIGHT + timedelta(hours=12)
    before = report_of(tiny)
    old = add_home(tiny, "H9", 4)
    with changing(tiny.books) as session:
        first = session.get_one(Series, old)
        first.until = noon
        device = Device(code="d-new")
        session.add(device)
        session.flush()
        new = Series(device_id=device.id, channel="t", role="room_temperature", since=noon)
        new.place_id, new.interval_s = first.place_id, 900
        session.add(new)
        session.flush()
        later = new.id
    times = [MIDNIGHT + i * EVEN for i in range(-12, 96)]
    rows: list[Row] = [
        (old if at < noon else later, at, 20_000 + i % 5) for i, at in enumerate(times)
    ]
    tiny.readings.import_table(table(rows), NOW)
    report = report_of(tiny)
    assert report.total.households == before.total.households + 1
    assert report.total.unknown == before.total.unknown
    assert report.total.at_standard == before.total.at_standard + 1
    assert (report.total.readings, report.total.expected) == (528, 576), "of `gone` half a day"


def test_a_room_that_shows_70_degrees_is_unknown_and_not_warm(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    before = report_of(tiny)
    tell(tiny, add_home(tiny, "H9", 4), 70)
    report = report_of(tiny)
    assert report.total.unknown == before.total.unknown + 1
    assert report.total.at_standard == before.total.at_standard


QINGDAO = "CN-SD-QINGDAO-2017"  # bedrooms and living rooms 18 °C, kitchens 10 °C


@pytest.mark.parametrize(("kitchen", "below"), [(12, 1), (9, 2)])
def test_a_kitchen_is_held_against_the_standard_of_kitchens(
    tmp_path: Path, kitchen: int, below: int
) -> None:
    tiny = tiny_city(tmp_path)
    with changing(tiny.books) as session:
        session.get_one(Season, 1).policy = QINGDAO
    before = report_of(tiny)
    assert before.total.below == 1
    series = add_kitchens(tiny)
    tell(tiny, series, kitchen)
    after = report_of(tiny)
    assert (after.total.below, after.total.unknown) == (below, before.total.unknown)
    found = {each.code: each.lowest_hour_c for each in after.worst}
    assert found.get("warm") == (None if kitchen >= 10 else Decimal("9.00"))
    assert found["cold"] == Decimal("16.00")
    document = made(tiny)
    assert json.loads(to_json(document, "zh"))["own_standards"] == {"kitchen": "10"}
    for language, words in (("zh", "18.0 °C · 厨房 10.0 °C"), ("en", "18.0 °C · kitchen 10.0 °C")):
        assert words in to_html(document, language).decode()


def add_kitchens(tiny: Tiny) -> int:
    """One with a sensor in the warm home, and one without in the cold home; the id of the series."""
    with changing(tiny.books) as session:
        for home in (5, 6):
            room = Place(code=f"k{home}", kind="room", parent_id=home, name="", since=LONG_AGO)
            room.room_use, room.id = "kitchen", 90 + home
            session.add(room)
        session.flush()
        device = Device(code="d-kitchen")
        session.add(device)
        session.flush()
        series = Series(device_id=device.id, channel="t", role="room_temperature", since=LONG_AGO)
        series.place_id, series.interval_s = 95, 900
        session.add(series)
        session.flush()
        return series.id


def test_what_a_contract_agrees_on_is_what_its_home_is_held_against(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    with changing(tiny.books) as session:
        session.get_one(Season, 1).policy = "CN-BJ-BF2022-0501"
        session.add(ContractTerms(household_id=5, season_id=1, agreed=Decimal(22)))
    report = report_of(tiny)
    assert sorted(each.code for each in report.worst) == ["cold", "warm"]


@pytest.mark.parametrize(
    ("agreed", "bands", "below", "unknown"),
    [(None, "", 0, 2), (Decimal(15), "15:1", 0, 1), (Decimal(17), "17:1", 1, 1)],
)
def test_an_office_is_held_against_its_contract_in_every_room_and_never_against_dwellings(
    tmp_path: Path, agreed: Decimal | None, bands: str, below: int, unknown: int
) -> None:
    tiny = tiny_city(tmp_path)
    with changing(tiny.books) as session:
        session.get_one(Place, 9).room_use = "other"
        own = ContractTerms(household_id=6, season_id=1, agreed=agreed, bands=bands)
        own.use, own.document = "commercial", "contract 3"
        session.add(own)
    total = report_of(tiny).total
    assert (total.below, total.unknown) == (below, unknown)
