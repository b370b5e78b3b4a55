"""Heat meters of metered households come from the registry with the time they were there."""

from datetime import datetime
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import Engine

from analytics.facts.from_books import take
from analytics.facts.snapshot import snapshot_of
from analytics.law.policy import load
from analytics.settlement.restate import changed
from analytics.settlement.settle import settle
from domain.columns import Columns
from domain.time import to_us
from store.books import facts
from store.books import registry as reg
from tests.analytics.books import NOW, OLD, add, local, readings, season
from tests.analytics.cities import source

LUOYANG = "CN-HA-LY-2018"
NONE = np.empty(0, dtype=np.int32)


def placed(
    number: int, device: int, place: int = 11, since: datetime = OLD, until: datetime | None = None
) -> reg.Series:
    return reg.Series(
        id=number, device_id=device, channel="e", role="energy", place_id=place, interval_s=86_400,
        since=since, until=until,
    )  # fmt: skip


def priced(home: int = 11) -> facts.ContractTerms:
    return facts.ContractTerms(household_id=home, season_id=1, heat_price=Decimal("0.20"))


def with_registers(*registers: tuple[int, list[tuple[datetime, int]]]) -> Columns:
    """The town's readings, and those of these series: (id, (when, Wh)), ids above the town's."""
    town = readings()
    at = [np.array([to_us(each) for each, _ in rows], dtype=np.int64) for _, rows in registers]
    value = [np.array([wh for _, wh in rows], dtype=np.int64) for _, rows in registers]
    sizes = [each.size for each in at]
    return Columns(
        np.append(town.series, [number for number, _ in registers]).astype(np.int32),
        np.append(town.offsets, town.offsets[-1] + np.cumsum(sizes)).astype(np.int64),
        np.concatenate([town.at_us, *at]),
        np.concatenate([town.value, *value]),
        np.append(town.mark, np.zeros(sum(sizes), dtype=np.uint8)),
    )


def test_without_a_price_of_heat_no_meter_stands_in_the_snapshot(books: Engine) -> None:
    add(books, reg.Device(id=50, code="m50"), placed(50, 50))
    own = take(books, season(books), NOW)
    assert own.meters is None
    assert b"meters" not in own.canonical()


def test_a_swapped_meter_counts_each_of_the_two_while_it_was_there(books: Engine) -> None:
    swap = local(12, 10)
    add(books, reg.Device(id=50, code="m50"), reg.Device(id=51, code="m51"))
    add(books, reg.Device(id=52, code="m52"), priced())
    add(books, placed(50, 50, until=swap), placed(51, 51, since=swap), placed(52, 52, place=5))
    own = take(books, season(books), NOW)
    assert own.meters is not None
    assert own.meters.offsets.tolist() == [0, 2, 2, 2, 2]
    assert own.meters.columns[2].tolist() == [50, 51]
    assert own.meters.columns[0].tolist() == [to_us(OLD), to_us(swap)]
    assert snapshot_of(own.canonical(), own.sha256()).sha256() == own.sha256()
    # 10 to 14 January at 17 °C, asked on the 10th: 20 kWh a day, 5 of them behind the swap on the 12th
    first = [(local(day), 20_000 * day) for day in (10, 11, 12)] + [(local(12, 9), 255_000)]
    second = [(local(12, 11), 700_000), (local(13), 705_000), (local(14), 725_000)]
    second += [(local(15), 745_000)]
    columns = source(with_registers((50, first), (51, second)))
    result = settle(own, columns, load(LUOYANG), flush=0, trial=True).results[0]
    assert (str(result.total), result.undetermined) == ("10.00", False)  # 100 kWh × 0.20 × ½


def test_a_price_or_a_reading_of_a_meter_touches_the_household_that_has_it(books: Engine) -> None:
    add(books, reg.Device(id=50, code="m50"), placed(50, 50))
    before = take(books, season(books), NOW)
    add(books, priced())
    after = take(books, season(books), NOW)
    assert np.flatnonzero(changed(before, after, NONE).rows).tolist() == [0]
    touched = changed(after, after, np.array([50], dtype=np.int32))
    assert np.flatnonzero(touched.rows).tolist() == [0]
    assert after.of(np.array([1, 0])).meters is not None


@pytest.mark.parametrize(
    ("device", "expected"),
    [(50, ("0.00", True, "meter_ambiguous")), (51, ("20.00", False, "paid"))],
)
def test_two_registers_of_one_device_are_undetermined_and_those_of_two_devices_are_added(
    books: Engine, device: int, expected: tuple[str, bool, str]
) -> None:
    second = placed(51, device)
    second.channel = "e_tariff"
    add(books, reg.Device(id=50, code="m50"), reg.Device(id=51, code="m51"), priced())
    add(books, placed(50, 50), second)
    rows = [(local(day), 20_000 * day) for day in range(10, 16)]
    own = take(books, season(books), NOW)
    columns = source(with_registers((50, rows), (51, rows)))
    result = settle(own, columns, load(LUOYANG), flush=0, trial=True).results[0]
    assert (str(result.total), result.undetermined, result.reason.code) == expected
