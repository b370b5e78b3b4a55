"""The daily report of a tiny city whose every number can be seen."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from analytics.heat.supply import SupplyRule
from domain.actor import program
from domain.errors import WrongCall
from domain.time import HOUR_US, to_us
from ingest.codecs.gaps import Gap
from ingest.codecs.memory import Missing
from ingest.codecs.uplinks import Uplinks
from ingest.mqtt.counters import Dropped
from ingest.mqtt.delivery import Delivery, faults_of
from reports.figures.views import Compliance, share
from reports.filing.seasons import seasons_with
from reports.kinds import kind_of
from reports.render.render import FORMATS, digest, to_html, to_json
from reports.report import Document
from store.books.facts import OutageRecord
from tests.actors import changing
from tests.reports.making import DAY, made, word
from tests.servers.programs import need_pango
from tests.tiny import MIDNIGHT, NOW, Row, Tiny, record_outage, table, tiny_city

CITY = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return tiny_city(tmp_path_factory.mktemp("tiny"))


def report_of(tiny: Tiny, day: date = DAY, now: datetime = NOW) -> Compliance:
    found: Compliance = made(tiny, "daily", day, now).view
    return found


def test_each_home_counts_once_by_its_own_day(tiny: Tiny) -> None:
    total = report_of(tiny).total
    counts = (total.households, total.home_days, total.at_standard, total.below, total.unknown)
    assert counts == (3, 3, 1, 1, 1)
    assert total.share_at_standard == Decimal("50.00")


def test_the_deficit_is_two_kelvin_for_six_hours(tiny: Tiny) -> None:
    report = report_of(tiny)
    assert report.total.degree_hours == Decimal("12.00")
    assert report.households_with_deficit == 1
    (worst,) = report.worst
    assert (worst.code, worst.hours_below) == ("cold", Decimal("6.00"))
    assert worst.lowest_hour_c == Decimal("16.000")


def test_missing_is_neither_warm_nor_cold(tiny: Tiny) -> None:
    report = report_of(tiny)
    assert report.total.unknown == 1, "silent from noon on: known for half of the day"
    rooms = 96 + 96 + 48
    assert report.stations[0].counts.readings == rooms + 2 * 96
    assert report.stations[0].counts.expected == 3 * 96 + 2 * 96
    assert report.total.availability == share(rooms + 192, 480)


def test_a_stop_that_only_the_meters_show_is_named_so(tiny: Tiny) -> None:
    (stop,) = report_of(tiny).outages
    assert (stop.place, stop.recorded) == ("S1-01", False)
    assert stop.since == MIDNIGHT + timedelta(hours=20)
    assert stop.hours == Decimal("4.00")


def test_a_recorded_stop_takes_the_place_of_what_the_meters_show(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    record_outage(tiny.books, MIDNIGHT + timedelta(hours=19), None)
    report = report_of(tiny)
    (stop,) = report.outages
    assert (stop.recorded, stop.planned, stop.hours) == (True, True, Decimal("5.00"))
    assert report.stations[0].outage_h == Decimal("5.00")


def test_a_day_that_has_not_ended_and_one_outside_every_season_are_refused(tiny: Tiny) -> None:
    with pytest.raises(WrongCall, match="has not ended"):
        report_of(tiny, DAY + timedelta(days=1))
    with pytest.raises(WrongCall, match=r"2025-26 \(2025-11-15 to 2026-03-15\)"):
        seasons_with(tiny.books, "demo", kind_of("daily").period(date(2026, 7, 1)))


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "MQTT 服务器已丢失本系统的会话"), ("en", "the broker has forgotten our session")],
)
def test_what_a_broker_may_have_lost_stands_in_the_report_of_its_days(
    tmp_path: Path, language: str, told: str
) -> None:
    tiny = tiny_city(tmp_path)
    by = program("ingest")
    with closing(Delivery(tiny.books, "hw", "10.0.0.9:1883", by)) as delivery:
        delivery.connected(False, (), MIDNIGHT + timedelta(hours=2))
        delivery.connected(False, (), MIDNIGHT + timedelta(hours=5))
    (fault,) = report_of(tiny).delivery_faults
    assert fault.since == MIDNIGHT + timedelta(hours=2)
    assert fault.until == MIDNIGHT + timedelta(hours=5)
    assert told in to_html(made(tiny), language).decode()
    assert report_of(tiny, DAY - timedelta(days=1)).delivery_faults == ()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "MQTT 服务器的队列已溢出，最多4,500条报文"),
        ("en", "queue overflowed, up to 4,500 messages."),
    ],
)
def test_how_many_at_most_stands_beside_the_reason(
    tmp_path: Path, language: str, told: str
) -> None:
    tiny = tiny_city(tmp_path)
    with closing(Delivery(tiny.books, "hw", "10.0.0.9:1883", program("ingest"))) as delivery:
        for hour, count in ((2, 0), (3, 4_500)):
            up, at = timedelta(hours=hour), MIDNIGHT + timedelta(hours=hour)
            delivery.counted(Dropped("counter", count, up, MIDNIGHT, MIDNIGHT, at), at)
    (fault,) = report_of(tiny).delivery_faults
    assert (fault.since, fault.at_most) == (MIDNIGHT + timedelta(hours=2), 4_500)
    assert told in to_html(made(tiny), language).decode()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "（G/E1）可能缺失：按序号有边缘节点的报文缺失，最多2条报文"),
        ("en", "(G/E1): messages of an edge node are missing by their numbers, up to 2 messages."),
    ],
)
def test_gaps_of_senders_stand_behind_what_concerns_all(
    tmp_path: Path, language: str, told: str
) -> None:
    tiny = tiny_city(tmp_path)
    at_us = to_us(MIDNIGHT) + 3_600_000_000
    with closing(Delivery(tiny.books, "hw", "10.0.0.9:1883", program("ingest"))) as delivery:
        delivery.missing([Missing("edges", Gap("G/E1", at_us, at_us + 1, 2))], MIDNIGHT)
        delivery.connected(False, (), MIDNIGHT + timedelta(hours=2))
        delivery.connected(False, (), MIDNIGHT + timedelta(hours=5))
    kinds = [each.kind for each in report_of(tiny).delivery_faults]
    assert kinds == ["session_lost", "sequence_gap"]
    assert told in to_html(made(tiny), language).decode()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "LoRaWAN 设备（2台）的上行报文：收到1,090条，按帧计数最多缺失60条（5.22 %）"),
        ("en", "Uplinks of LoRaWAN devices (2): 1,090 came, at most 60 (5.22 %) did not"),
    ],
)
def test_lost_uplinks_are_a_count_and_a_share_of_the_day(
    tmp_path: Path, language: str, told: str
) -> None:
    """No line of lost messages, as on the air single ones always are."""
    tiny = tiny_city(tmp_path)
    at_us, by = to_us(MIDNIGHT) + 3_600_000_000, program("ingest")
    counts = (("A1", 1_000, 10), ("B2", 90, 50))
    with closing(Delivery(tiny.books, "hw", "b:1883", by, CITY, lost_uplinks=0.2)) as delivery:
        delivery.missing(
            [Missing("lora", Uplinks(*each[:1], "", 7, *each[1:], at_us, at_us)) for each in counts],
            MIDNIGHT,
        )  # fmt: skip
        delivery._write_uplinks(None)
        delivery.settle(MIDNIGHT + timedelta(hours=2))
    assert [each.kind for each in faults_of(tiny.books)] == ["uplinks_lost"]
    report = report_of(tiny)
    assert report.delivery_faults == ()
    (worst, _) = report.uplinks.worst
    assert (worst.device, worst.share) == ("B2", Decimal("35.71"))
    page = to_html(made(tiny), language).decode()
    assert told in page
    assert "B2 (35.71 %), A1 (0.99 %)" in page
    assert report_of(tiny, DAY - timedelta(days=1)).uplinks.devices == 0


def test_of_many_times_a_page_names_the_first_and_how_many_more(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    with closing(Delivery(tiny.books, "hw", "10.0.0.9:1883", program("ingest"))) as delivery:
        for hour in range(8):
            delivery.connected(False, ["a/#"], MIDNIGHT + timedelta(hours=hour))
    page = to_html(made(tiny), "en").decode()
    assert page.count("may be missing (all topics)") == 4
    assert "may be missing, and it goes on (a/#)" in page
    assert "3 more times of which messages may be missing" in page


def of_version(document: Document, version: int) -> Document:
    return replace(document, head=replace(document.head, data_version=version))


def test_json_is_the_same_bytes_for_the_same_facts(tiny: Tiny) -> None:
    first, second = made(tiny), made(tiny)
    assert to_json(first, "zh") == to_json(second, "en")
    data = json.loads(to_json(first, "zh"))
    assert data["total"]["share_at_standard"] == "50.00"
    assert data["refused_messages"] == 7
    assert digest(first) == digest(second) != digest(of_version(first, 2))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_the_numbers_in_its_language(tiny: Tiny, language: str) -> None:
    page = to_html(made(tiny), language).decode()
    assert kind_of("daily").title.to(language) in page
    assert "50.00 %" in page
    assert "12.00" in page
    assert digest(made(tiny)) in page


@pytest.mark.parametrize(
    ("homes", "told"), [(0, "0 households<"), (1, "1 household<"), (2000, "2,000 households<")]
)
def test_one_household_is_not_households(tiny: Tiny, homes: int, told: str) -> None:
    document = made(tiny)
    view = replace(document.view, households_with_deficit=homes)
    page = to_html(replace(document, view=view), "en").decode()
    assert told in page


def test_the_pdf_has_the_same_bytes_twice(tiny: Tiny) -> None:
    need_pango()
    report = made(tiny)
    first = FORMATS["pdf"](report, "zh")
    assert first.startswith(b"%PDF")
    assert first == FORMATS["pdf"](report, "zh")


def test_text_from_the_registry_is_escaped(tiny: Tiny) -> None:
    document = made(tiny)
    name = replace(document.head.name, zh="<script>alert(1)</script>")
    evil = replace(document, head=replace(document.head, name=name))
    assert b"<script>" not in to_html(evil, "zh")


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        (None, None, (1, 0)),
        (20, 24, (0, 0)),
        (21, None, (0, 1)),
        (20, 22, (0, 1)),
    ],
    ids=["no-record", "recorded", "begins-late", "ends-early"],
)
def test_the_report_counts_verified_losses_that_records_lack(
    tmp_path: Path, since: int | None, until: int | None, told: tuple[int, int]
) -> None:
    tiny = tiny_city(tmp_path)
    if since is not None:
        end = None if until is None else MIDNIGHT + timedelta(hours=until)
        record_outage(tiny.books, MIDNIGHT + timedelta(hours=since), end)
    report = made(tiny)
    assert (report.view.losses_not_recorded, report.view.losses_partly_recorded) == told
    for language in ("zh", "en"):
        line = word("losses", language, not_recorded=told[0], partly=told[1])
        assert (line in to_html(report, language).decode()) == (told != (0, 0))


def test_a_stop_recorded_for_the_source_explains_its_station_and_counts_its_hours(
    tmp_path: Path,
) -> None:
    tiny = tiny_city(tmp_path)
    record_outage(tiny.books, MIDNIGHT + timedelta(hours=18), None, place=2)
    record_outage(tiny.books, MIDNIGHT + timedelta(hours=20), None)
    report = report_of(tiny)
    assert [(line.place, line.recorded) for line in report.outages] == [
        ("S1", True),
        ("S1-01", True),
    ]
    assert report.losses_not_recorded == 0
    assert report.stations[0].outage_h == Decimal("6.00"), "what overlaps counts once"


def test_the_limits_of_the_city_decide_what_is_a_loss(tiny: Tiny) -> None:
    report = made(tiny, rule=SupplyRule(least_us=5 * HOUR_US)).view
    assert (report.outages, report.losses_not_recorded) == ((), 0)


def test_records_of_some_homes_leave_the_stations_stop_in_the_list(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    since = MIDNIGHT + timedelta(hours=20)
    record_outage(tiny.books, since, None, place=5)
    report = report_of(tiny)
    assert [(line.place, line.recorded) for line in report.outages] == [
        ("S1-01", False),
        ("warm", True),
    ]
    assert (report.losses_partly_recorded, report.stations[0].outage_h) == (1, Decimal("4.00"))
    for home in (6, 7):
        record_outage(tiny.books, since, None, place=home)
    report = report_of(tiny)
    assert (report.losses_partly_recorded, report.outages[0].recorded) == (0, True)


def test_the_standards_clause_is_cited_as_its_readers_do(tiny: Tiny) -> None:
    assert "第二十六条" in to_html(made(tiny), "zh").decode()
    assert "art. 26" in to_html(made(tiny), "en").decode()


def test_a_record_without_end_is_asked_for_in_the_report_once_supply_is_back(
    tmp_path: Path,
) -> None:
    tiny = tiny_city(tmp_path)
    off, back = MIDNIGHT + timedelta(hours=20), MIDNIGHT + timedelta(hours=26)
    record_outage(tiny.books, off, None)
    assert report_of(tiny).outages[0].back is None
    quarters = [back + timedelta(minutes=15 * i) for i in range(4 * 24 * 5)]
    rows: list[Row] = [
        (series, at, value) for at in quarters for series, value in ((4, 45_000), (5, 11_000))
    ]
    tiny.readings.import_table(table(rows), NOW)
    for days in (1, 4):  # every day until it is closed
        report = made(tiny, "daily", DAY + timedelta(days=days), NOW + timedelta(days=10))
        assert [(line.until, line.back) for line in report.view.outages] == [(None, back)]
        assert "close the record" in to_html(report, "en").decode()
        assert "请补记结束" in to_html(report, "zh").decode()
    with changing(tiny.books) as session:
        session.query(OutageRecord).one().until = back
    (line,) = report_of(tiny, DAY + timedelta(days=1), NOW + timedelta(days=10)).outages
    assert (line.until, line.back) == (back, None)


def test_overlapping_records_of_a_station_are_one_row(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    for since, until in ((20, 26), (22, 30)):
        record_outage(
            tiny.books, MIDNIGHT + timedelta(hours=since), MIDNIGHT + timedelta(hours=until)
        )
    (line,) = report_of(tiny).outages
    assert (line.since, line.until) == (
        MIDNIGHT + timedelta(hours=20),
        MIDNIGHT + timedelta(hours=30),
    )
    assert line.hours == Decimal("4.00")
    page = to_html(made(tiny), "en").decode()
    assert "to be paid by" in page


def test_a_column_of_addresses_is_there_only_where_the_registry_has_some(tiny: Tiny) -> None:
    document = made(tiny)
    without = tuple(replace(each, address="") for each in document.view.worst)
    assert word("address", "en") in to_html(document, "en").decode()
    bare = replace(document, view=replace(document.view, worst=without))
    assert word("address", "en") not in to_html(bare, "en").decode()
