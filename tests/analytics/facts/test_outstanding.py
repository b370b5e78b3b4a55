"""What stands open is listed with the fees that it puts at stake."""

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import Engine, delete, update

from analytics.facts.from_books import take
from analytics.facts.outstanding import Outstanding, What, outstanding
from analytics.law.policy import load
from analytics.settlement.request_lives import lives_of
from domain.columns import Columns
from domain.requests import Lives
from domain.tree import RoomUse
from store.books import facts
from store.books import registry as reg
from tests.actors import changing
from tests.analytics.books import NOW, OLD, add, local, season
from tests.analytics.facts.waits import Behind, From

DAILY = Decimal("20.00")  # 2420.00 of 121 days
DAY = timedelta(days=1)


def found(books: Engine, what: What, days: int = 10) -> list[Outstanding]:
    """Open on 10 January and some days later."""
    own, now = season(books), local(10) + days * DAY
    every = outstanding(books, own, now, lives(books, now))
    return [each for each in every if each.what is what]


def lives(books: Engine, now: datetime) -> Lives:
    """Those of the season's requests, of homes without readings."""
    own = season(books)
    none = np.zeros(0, dtype=np.int64)
    start = np.zeros(1, dtype=np.int64)
    silent = Columns(none.astype(np.int32), start, none, none, none.astype(np.uint8))
    return lives_of(take(books, own, now), lambda _: silent, load(own.policy).policy)


def test_an_outage_without_an_end_puts_the_fees_below_it_at_stake(books: Engine) -> None:
    add(books, facts.OutageRecord(place_id=3, since=local(10), until=None, cause="operator"))
    (one,) = found(books, What.OUTAGE_END, 2)
    assert (one.about, one.since, one.households) == ("S1-01", local(10), 2)
    assert (one.at_stake, one.currency) == (2 * 2 * DAILY, "CNY")
    add(books, facts.OutageRecord(place_id=4, since=local(10), until=None, cause="user"))
    assert len(found(books, What.OUTAGE_END)) == 1


def test_a_request_stands_open_until_somebody_measures_or_is_refused(books: Engine) -> None:
    assert [each.about for each in found(books, What.ANSWER)] == ["H1", "H4"]
    add(
        books,
        facts.MeasurementRecord(room_id=21, at=local(10, 5), celsius=Decimal(15)),
        facts.MeasurementRecord(room_id=22, at=local(11), celsius=Decimal(15)),
    )
    assert len(found(books, What.ANSWER)) == 2  # before the request; of another home
    add(books, facts.MeasurementRecord(room_id=21, at=local(11), celsius=Decimal(15)))
    assert [each.about for each in found(books, What.ANSWER)] == ["H4"]
    add(books, facts.Refusal(household_id=14, at=local(10, 6)))
    assert found(books, What.ANSWER) == []


def test_a_request_made_while_another_stands_puts_nothing_more_at_stake(books: Engine) -> None:
    before = [each for each in found(books, What.ANSWER) if each.about == "H1"]
    add(books, facts.Request(household_id=11, at=local(12)))
    assert [each for each in found(books, What.ANSWER) if each.about == "H1"] == before
    add(books, facts.MeasurementRecord(room_id=21, at=local(11), celsius=Decimal(15)))
    assert [each.about for each in found(books, What.ANSWER)] == ["H4"]  # it stands, answered


@pytest.mark.parametrize(("until", "lapsed"), [(5, True), (25, False), (None, False)])
def test_a_certificate_that_lapsed_is_listed_from_its_end(
    books: Engine, until: int | None, lapsed: bool
) -> None:
    end = None if until is None else local(until)
    add(books, facts.Certificate(device_id=1, since=OLD, until=end, document="a"))
    listed = found(books, What.CERTIFICATE)
    assert [(each.about, each.since) for each in listed] == ([("d1", end)] if lapsed else [])
    if lapsed:
        assert listed[0].at_stake == 15 * DAILY


def test_a_sensor_of_a_kitchen_is_looked_at_where_the_law_looks_at_kitchens(books: Engine) -> None:
    with changing(books) as session:
        session.execute(update(reg.Place).where(reg.Place.id == 21).values(room_use="kitchen"))
    add(books, facts.Certificate(device_id=1, since=OLD, until=local(5), document="a"))
    every = [
        [
            each.about
            for each in outstanding(books, season(books), local(20), {}, *uses)
            if each.what is What.CERTIFICATE
        ]
        for uses in ((), (frozenset({RoomUse.KITCHEN}),))
    ]
    assert every == [[], ["d1"]]


def test_a_renewed_certificate_is_not_listed(books: Engine) -> None:
    add(books, facts.Certificate(device_id=1, since=OLD, until=local(5), document="a"))
    add(books, facts.Certificate(device_id=1, since=local(5), until=None, document="b"))
    assert found(books, What.CERTIFICATE) == []


def test_time_without_a_sensor_is_a_gap_and_rooms_that_never_had_one_are_none(
    books: Engine,
) -> None:
    with changing(books) as session:
        session.execute(update(reg.Series).where(reg.Series.id == 3).values(until=local(11)))
        session.execute(delete(reg.Series).where(reg.Series.id == 4))
    (gap,) = found(books, What.SENSOR, 5)
    assert (gap.about, gap.since, gap.until) == ("H3-bed", local(11), None)
    assert gap.at_stake == 4 * DAILY
    add(
        books,
        reg.Series(
            id=60, device_id=4, channel="u", role="room_temperature", place_id=23,
            interval_s=900, since=local(13), until=None,
        ),
    )  # fmt: skip
    (gap,) = found(books, What.SENSOR, 5)
    assert (gap.since, gap.until, gap.at_stake) == (local(11), local(13), 2 * DAILY)


def test_most_at_stake_comes_first_and_nothing_before_the_season(books: Engine) -> None:
    add(books, facts.OutageRecord(place_id=3, since=local(10), until=None, cause="operator"))
    every = outstanding(books, season(books), NOW, lives(books, NOW))
    assert [each.at_stake for each in every] == sorted(
        (each.at_stake for each in every), reverse=True
    )
    assert outstanding(books, season(books), OLD, {}) == []


def test_the_terms_of_a_user_who_is_not_residential_are_missing_until_they_are_recorded(
    books: Engine,
) -> None:
    shop = {"season_id": 1, "use": "non_residential", "agreed": Decimal(20)}
    add(
        books,
        facts.ContractTerms(household_id=11, **shop),
        facts.ContractTerms(household_id=12, bands="20:1/2", **shop),
        facts.ContractTerms(household_id=13, season_id=1, agreed=Decimal(20)),
    )
    (one,) = found(books, What.TERMS, 5)
    assert (one.about, one.since, one.until) == ("H1", season(books).since, None)
    assert (one.households, one.at_stake) == (1, 61 * DAILY)  # 15 November to 14 January


def test_missing_terms_stand_open_until_the_next_row_and_not_before_they_begin(
    books: Engine,
) -> None:
    shop = {"season_id": 1, "use": "non_residential", "agreed": Decimal(20)}
    add(
        books,
        facts.ContractTerms(household_id=11, since=local(5), **shop),
        facts.ContractTerms(household_id=11, since=local(8), bands="20:1/2", **shop),
        facts.ContractTerms(household_id=12, since=local(25), **shop),  # of the days to come
    )
    (one,) = found(books, What.TERMS, 5)
    assert (one.about, one.since, one.until) == ("H1", local(5), local(8))
    assert one.at_stake == 3 * DAILY


def test_time_behind_a_move_out_of_which_nobody_says_who_bears_the_fee_is_listed(
    books: Engine,
) -> None:
    add(books, facts.FeeSpan(household_id=11, since=OLD, until=local(12), state="moved_out"))
    (one,) = found(books, What.BEARER, 5)
    assert (one.about, one.since, one.until) == ("H1", local(12), None)
    assert (one.households, one.at_stake) == (1, 3 * DAILY)
    add(books, facts.FeeSpan(household_id=11, since=local(14), state="moved_in", payer="Wu"))
    (one,) = found(books, What.BEARER, 5)
    assert (one.until, one.at_stake) == (local(14), 2 * DAILY)


@pytest.mark.parametrize(
    ("rows", "days"),
    [
        ([(13, None, "moved_out")], 3),
        ([(13, None, "paused")], 3),
        ([(13, 15, "arrears")], 8),
        ([(13, 15, "moved_out"), (18, None, "moved_in")], 8),  # who bears the 15th to 17th is open
        ([(13, None, "moved_out"), (15, None, "moved_in")], 8),
        ([(13, None, "sold")], 10),
        ([(5, None, "moved_out")], 0),
    ],
)
def test_days_on_which_nobody_is_charged_are_not_at_stake(
    books: Engine, rows: list[tuple[int, int | None, str]], days: int
) -> None:
    add(books, facts.OutageRecord(place_id=3, since=local(10), until=None, cause="operator"))
    for since, until, state in rows:
        end = None if until is None else local(until)
        add(books, facts.FeeSpan(
            household_id=11, since=local(since), until=end, state=state, payer="Wu"
        ))  # fmt: skip
    asked = {each.about: each.at_stake for each in found(books, What.ANSWER)}
    early = DAILY / 4  # both asked at 6:00
    still = {"H4": 10 * DAILY - early}
    if not any(state in ("moved_out", "sold") for _, _, state in rows):  # else it ended with that
        still["H1"] = days * DAILY - early
    assert asked == still
    (one,) = found(books, What.OUTAGE_END)
    assert one.at_stake == (days + 10) * DAILY


def test_outages_that_wait_for_a_decision_put_the_fee_of_their_time_at_stake(books: Engine) -> None:
    own, now = season(books), local(20)
    begin, hour = local(10), timedelta(hours=1)
    add(
        books,
        facts.OutageRecord(place_id=3, since=begin, until=begin + 18 * hour, cause="operator"),
        facts.OutageRecord(  # less than an hour later: they are one
            place_id=3,
            since=begin + 18 * hour + hour / 2,
            until=begin + 24 * hour,
            cause="operator",
        ),
        facts.OutageRecord(place_id=4, since=begin, until=local(11), cause="user"),
    )
    every = outstanding(books, own, now, {}, waits=From(DAY))
    (one,) = [each for each in every if each.what is What.DECISION]
    assert (one.about, one.since, one.until) == ("S1-01", begin, local(11))
    assert (one.households, one.at_stake) == (2, 2 * DAILY)
    assert not [each for each in outstanding(books, own, now, {}) if each.what is What.DECISION]


def test_of_an_outage_over_a_change_the_part_that_waits_is_at_stake(books: Engine) -> None:
    outage = facts.OutageRecord(place_id=3, since=local(9), until=local(11), cause="operator")
    add(books, outage)
    every = outstanding(books, season(books), local(20), {}, waits=Behind(local(10)))
    (one,) = [each for each in every if each.what is What.DECISION]
    assert (one.about, one.since, one.until) == ("S1-01", local(10), local(11))
    assert one.at_stake == 2 * DAILY
