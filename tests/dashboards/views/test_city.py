"""What the console reads out of the books."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from dashboards.views.city import View
from domain.time import Span
from domain.tree import PlaceKind
from store.books.ledger import SettlementResult, SettlementRun
from store.books.registry import Place, Series
from tests.actors import TESTER, changing
from tests.tiny import NOW, Tiny, table, tiny_city

HOME = 6


def with_run(tiny: Tiny, state: str, total: str) -> int:
    with changing(tiny.books) as session:
        run = SettlementRun(season_id=1, policy="CN-HA-2018", policy_sha256="", flush=1)
        run.snapshot_sha256, run.made_at, run.state = "", NOW, state
        run.households, run.total, run.currency, run.undetermined = 1, Decimal(total), "CNY", 0
        run.drafted_by = TESTER
        session.add(run)
        session.flush()
        result = SettlementResult(run_id=run.id, household_id=HOME, total=Decimal(total))
        result.undetermined, result.reason, result.steps = False, "paid", []
        session.add(result)
        return run.id


LATER, BEFORE = NOW + timedelta(days=1), NOW - timedelta(days=1)
FOR_GOOD, ENDS_LATER, ENDED, NOT_BEGUN, ENDS_NOW, BEGINS_NOW = (
    (BEFORE, None),
    (BEFORE, LATER),
    (BEFORE - timedelta(days=30), BEFORE),
    (LATER, None),
    (BEFORE, NOW),
    (NOW, None),
)


@pytest.mark.parametrize(
    ("span", "there"),
    [
        (FOR_GOOD, True), (ENDS_LATER, True), (BEGINS_NOW, True),
        (ENDED, False), (NOT_BEGUN, False), (ENDS_NOW, False),
    ],
    ids=["for-good", "ends-later", "begins-now", "ended", "not-begun", "ends-now"],
)  # fmt: skip
def test_what_is_shown_is_what_is_valid_now(
    tmp_path: Path, span: tuple[datetime, datetime | None], there: bool
) -> None:
    tiny = tiny_city(tmp_path)
    views = View(tiny.books, tiny.readings, lambda: NOW, "demo")
    with changing(tiny.books) as session:
        found: list[Place | Series] = [session.get_one(Place, key) for key in (3, HOME, 8)]
        for row in [*found, session.get_one(Series, 4)]:
            row.since, row.until = span
    assert ("S1-01" in {row.code for row in views.tree()}) == there
    assert ("cold" in {home.code for home in views.homes(4)}) == there
    assert (views.count(PlaceKind.HOUSEHOLD), views.count(PlaceKind.STATION)) == (2 + there, there)
    assert [each.role for each in views.latest_of([3])] == ["supply_temperature"] * there + ["flow"]
    assert len(views.home_temperatures([5])[5]) == there


def test_the_curve_keeps_a_sensor_that_was_replaced_within_it(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    views = View(tiny.books, tiny.readings, lambda: NOW, "demo")
    with changing(tiny.books) as session:
        session.get_one(Series, 2).until = NOW - timedelta(hours=12)
    week = Span(NOW - timedelta(days=7), NOW)
    assert [curve.room for curve in views.curves(HOME, week)] == ["cold-bed"]
    assert views.curves(HOME, Span(NOW - timedelta(hours=12), NOW)) == []


def test_a_value_from_the_future_is_not_the_newest(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    clock = [NOW]
    views = View(tiny.books, tiny.readings, lambda: clock[0], "demo")
    told = [(2, NOW - timedelta(minutes=5), 12_000), (2, NOW + timedelta(hours=23), 22_000)]
    tiny.readings.import_table(table([*told]), NOW)
    (shown,) = views.latest_of([9])
    assert (shown.value, shown.at, shown.stale) == (Decimal("12.000"), told[0][1], False)
    clock[0] = NOW + timedelta(hours=3)
    assert views.latest_of([9])[0].stale, "its clock does not keep it fresh"


def test_a_clock_a_little_ahead_is_believed(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    views = View(tiny.books, tiny.readings, lambda: NOW, "demo")
    ahead = NOW + timedelta(minutes=9)
    tiny.readings.import_table(table([(2, ahead, 12_000)]), NOW)
    assert [(each.at, each.stale) for each in views.latest_of([9])] == [(ahead, False)]
