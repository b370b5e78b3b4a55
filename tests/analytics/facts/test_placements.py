"""A reading speaks for the room where its sensor was, and a verified one before an unverified."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import Engine, update

from analytics.facts.from_books import take
from analytics.facts.placements import as_placed, moved_sensors
from analytics.facts.snapshot import Snapshot, snapshot_of
from domain.columns import Columns
from domain.quality import Quality
from domain.time import to_us
from store.books import facts
from store.books import registry as reg
from tests.actors import changing
from tests.analytics.books import NOW, OLD, SEASON, add, local, readings, season, settled

BED_1, BED_2 = 21, 22


def moved(engine: Engine, day: datetime, device: int = 4) -> None:
    """The sensor of H4's bedroom goes to H1's on a day; its readings stay under the old series."""
    with changing(engine) as session:
        session.execute(update(reg.Series).where(reg.Series.id == device).values(until=day))
        session.add(
            reg.Series(
                id=50, device_id=device, channel="t", role="room_temperature", place_id=BED_1,
                interval_s=900, since=day, until=None,
            )
        )  # fmt: skip


def room_readings(books: Engine, room: str) -> tuple[Snapshot, Columns, list[tuple[int, int]]]:
    """What speaks for a room: (instant, value) of usable readings of all its placements."""
    snapshot, columns = as_placed(take(books, season(books), NOW), readings())
    row = snapshot.room_code.index(room)
    rows = range(int(snapshot.series.offsets[row]), int(snapshot.series.offsets[row + 1]))
    found = [
        (int(at), int(value))
        for i in rows
        for at, value in zip(*columns.of(int(snapshot.series.columns[0][i]))[:2], strict=True)
    ]
    return snapshot, columns, sorted(found)


def test_a_city_without_moved_or_mixed_sensors_is_settled_as_it_is(books: Engine) -> None:
    with changing(books) as session:
        session.execute(update(reg.Device).values(verified=True))
    snapshot = take(books, season(books), NOW)
    assert snapshot.spans is None
    part, columns = as_placed(snapshot, readings())
    assert part is snapshot
    assert columns.at_us.size == readings().at_us.size


def test_a_sensor_moved_and_recorded_later_speaks_for_two_homes(books: Engine) -> None:
    day = local(12)
    moved(books, day)
    _, _, old = room_readings(books, "H4-bed")
    _, _, new = room_readings(books, "H1-bed")
    assert old
    assert all(at < to_us(day) for at, _ in old)
    (sensor,) = moved_sensors(take(books, season(books), NOW))
    assert [room for room, _ in sensor] == ["H4-bed", "H1-bed"]
    assert sensor[1][1] == to_us(day)
    warm = [(at, value) for at, value in new if value == 20_000 and at >= to_us(day)]
    assert warm  # what was filed under the old series speaks for the new room
    assert all(at >= to_us(day) for at, value in new if (at, value) in warm)


def test_readings_of_a_moved_sensor_pay_the_home_where_it_was(books: Engine) -> None:
    """The cold sensor of H2 was at H3 from 12 January on; it was recorded in March."""
    before = {each.household: each.total for each in settled(books).results}
    with changing(books) as session:
        session.execute(update(reg.Series).where(reg.Series.id == 2).values(until=local(12)))
        session.add(
            reg.Series(
                id=50, device_id=2, channel="t", role="room_temperature", place_id=23,
                interval_s=900, since=local(12), until=None,
            )
        )  # fmt: skip
    add(books, facts.Request(household_id=13, at=local(10, 6)))
    after = {each.household: each.total for each in settled(books).results}
    assert after[12] < before[12]
    assert after[13] > before[13]


def verified_from(books: Engine, device: int, *since: datetime) -> None:
    for each in since:
        add(books, facts.Certificate(device_id=device, since=each, until=None, document="cert"))


def test_a_sensor_verified_in_the_middle_still_has_its_readings_before(books: Engine) -> None:
    """A certificate from 12 January on does not make the days before it 'never below'."""
    with changing(books) as session:  # the bedroom's other sensor is not verified at all
        session.execute(update(reg.Series).where(reg.Series.id == 9).values(place_id=31))
    before = {each.household: each.total for each in settled(books).results}
    verified_from(books, 1, local(12))
    snapshot = take(books, season(books), NOW)
    assert snapshot.spans is not None
    after = {each.household: each.total for each in settled(books).results}
    assert after[11] == before[11] > 0


def test_an_unverified_sensor_counts_until_a_verified_one_comes(books: Engine) -> None:
    """H1's own sensor is unverified and cold; a verified one, warm, came on 13 January."""
    with changing(books) as session:
        session.execute(update(reg.Device).where(reg.Device.id == 1).values(verified=False))
        session.execute(update(reg.Device).where(reg.Device.id == 4).values(verified=True))
    moved(books, local(13))
    _, _, found = room_readings(books, "H1-bed")
    assert min(value for at, value in found if at < to_us(local(13))) < 18_000
    assert {value for at, value in found if at >= to_us(local(13))} == {20_000, 20_001}  # of 4


def test_an_unverified_value_counts_again_when_the_verified_one_stands_no_more(
    books: Engine,
) -> None:
    snapshot = take(books, season(books), NOW)  # H1-bed: 1 is verified, 9 is not
    own = readings()
    row = int(np.searchsorted(own.series, 1))
    mark = own.mark.copy()
    first, last = int(own.offsets[row]), int(own.offsets[row + 1])
    mark[first + 10 : last] = int(Quality.MISSING)
    part, columns = as_placed(snapshot, replace(own, mark=mark))
    rows = slice(int(part.series.offsets[0]), int(part.series.offsets[1]))
    one, nine = part.series.columns[0][rows].tolist()
    assert columns.of(one)[0].size == last - first
    assert columns.of(nine)[0].tolist() == own.at_us[first + 10 : last].tolist()


def test_spans_are_frozen_with_the_snapshot_and_read_back(books: Engine) -> None:
    moved(books, local(12))
    snapshot = take(books, season(books), NOW)
    again = snapshot_of(snapshot.canonical(), snapshot.sha256())
    assert again.spans is not None
    assert snapshot.spans is not None
    assert [each.tolist() for each in again.spans.columns] == [
        each.tolist() for each in snapshot.spans.columns
    ]
    assert again.season.code == SEASON


@pytest.mark.parametrize("days", [(5, 11), (5, 8)])
def test_a_certificate_that_lapsed_leaves_its_sensor_unverified(
    books: Engine, days: tuple[int, int]
) -> None:
    begin, end = (local(day) for day in days)
    add(books, facts.Certificate(device_id=1, since=OLD, until=begin, document="a"))
    add(books, facts.Certificate(device_id=1, since=begin, until=end, document="b"))
    snapshot = take(books, season(books), NOW)
    assert snapshot.spans is not None
    since, until, rank = (each.tolist() for each in snapshot.spans.columns)
    mine = [
        (a, b, c)
        for number, a, b, c in zip(
            snapshot.series.columns[0].tolist(), since, until, rank, strict=True
        )
        if number == 1
    ]
    assert [(b, c) for _, b, c in sorted(mine)][:-1] == [(to_us(begin), 0), (to_us(end), 0)]
    assert [(a, c) for a, _, c in sorted(mine)][-1:] == [(to_us(end), 1)]
    assert Decimal(str(settled(books).results[0].total)) > 0
