"""Yinchuan 2010: long outages pay twice their shares, without a cap of a day."""

import pytest

from simulators.law.record_worlds import YINCHUAN, random_season, season
from tests.analytics.law.calculators.settled import check_twin, differing, settled


def test_every_reference_season_of_yinchuan_comes_out_to_the_cent() -> None:
    count, wrong = differing(YINCHUAN)
    assert count >= 6
    assert wrong == []


def test_y1_72_hours_pay_six_days() -> None:
    result = settled(season(YINCHUAN, outages=[["2025-01-10T06:00", "2025-01-13T06:00"]]))
    assert (str(result.total), result.reason.code) == ("120.00", "paid")
    assert [(str(line.days), str(line.share)) for line in result.lines] == [("3", "2")]


def test_80_hours_pay_80_24ths_of_a_day_twice() -> None:
    result = settled(season(YINCHUAN, outages=[["2025-01-10T00:00", "2025-01-13T08:00"]]))
    assert str(result.total) == "133.33"  # 80/24 × 2 × 20.00


def test_a_minute_less_pays_nothing_and_says_so() -> None:
    result = settled(season(YINCHUAN, outages=[["2025-01-10T06:00", "2025-01-13T05:59"]]))
    assert (str(result.total), result.reason.code) == ("0.00", "outage_too_short")


@pytest.mark.parametrize(("minutes", "total"), [("00", "280.00"), ("59", "0.00")])
def test_short_outages_pay_all_once_they_sum_to_seven_days(minutes: str, total: str) -> None:
    last = f"2025-03-02T{'00' if minutes == '00' else '23'}:{minutes}"
    days = [(f"2025-02-{d:02}", f"2025-02-{d + 2:02}") for d in (1, 10, 20)]
    outages = [[f"{a}T00:00", f"{b}T00:00"] for a, b in days]
    outages.append(["2025-03-01T00:00" if minutes == "00" else "2025-03-02T00:00", last])
    assert str(settled(season(YINCHUAN, outages=outages)).total) == total


def test_without_an_outage_nothing_is_owed_and_the_reason_says_so() -> None:
    assert settled(season(YINCHUAN)).reason.code == "no_outage"


@pytest.mark.parametrize("seeds", [range(i, i + 100) for i in (0, 100, 200)], ids=str)
def test_it_agrees_with_its_naive_twin(seeds: range) -> None:
    answers = check_twin([random_season(seed, YINCHUAN) for seed in seeds])
    assert sum(bool(each["lines"]) for each in answers) > 20
