"""Spans and readings of seasons as exceptions take them."""

from datetime import timedelta

from heatwatch.evaluate.law_times import WARM, merged, minus, warm_in, within

HOUR = timedelta(hours=1)


def day(*hours: int) -> list[str]:
    return [f"2025-01-10T{hour:02}:00" for hour in hours]


def test_outages_less_than_an_hour_apart_are_one() -> None:
    near = ["2025-01-10T05:59", "2025-01-10T08:00"]
    assert merged([near, day(2, 5)]) == [["2025-01-10T02:00", "2025-01-10T08:00"]]
    assert merged([day(6, 8), day(2, 5)]) == [day(2, 5), day(6, 8)]


def test_what_is_in_no_other_span_is_left() -> None:
    assert minus([day(2, 9)], [day(3, 4), day(6, 12)]) == [day(2, 3), day(4, 6)]
    assert minus([day(2, 9)], []) == [day(2, 9)]
    assert minus([day(3, 4)], [day(2, 9)]) == []


def test_a_span_is_half_open() -> None:
    assert [within(at, [day(2, 4)]) for at in day(1, 2, 3, 4)] == [False, True, True, False]


def test_readings_are_warm_in_a_span_and_stand_on_behind_it_as_long_as_they_did() -> None:
    rows = [["2025-01-10T01:30", "15"], ["2025-01-10T02:30", "14"], ["2025-01-10T08:00", "13"]]
    assert warm_in(rows, day(2, 3), HOUR) == [
        ["2025-01-10T01:30", "15"], ["2025-01-10T02:00", WARM], ["2025-01-10T03:00", "14"],
        ["2025-01-10T03:30", WARM], ["2025-01-10T08:00", "13"],
    ]  # fmt: skip
    assert warm_in(rows, day(4, 8), HOUR) == [
        *rows[:2], ["2025-01-10T04:00", WARM], ["2025-01-10T08:00", "13"],
    ]  # fmt: skip
    assert warm_in([], day(4, 8), HOUR) == [["2025-01-10T04:00", WARM]]
