"""Homes below the standard, reading by reading."""

from tests.alerts.world import Bench, every

LOW = "low_room_temperature"


def test_cold_for_an_hour_opens_and_warm_for_an_hour_clears(bench: Bench) -> None:
    bench.live(
        [
            *every("S1-H1.t", 20.0, 0, 60, 10),
            *every("S1-H1.t", 17.99, 60, 200, 10),
            *every("S1-H1.t", 19.0, 200, 300, 10),
        ]
    )
    assert bench.told() == [("opened", LOW, "S1-H1", 120), ("cleared", LOW, "S1-H1", 260)]


def test_exactly_the_standard_is_not_cold(bench: Bench) -> None:
    assert bench.live(every("S1-H1.t", 18.0, 0, 300, 10)) == []


def test_a_short_airing_is_not_cold(bench: Bench) -> None:
    says = [*every("S1-H1.t", 16.0, 0, 60, 10), *every("S1-H1.t", 20.0, 60, 120, 10)]
    assert bench.live(says) == []


def test_just_above_the_standard_neither_opens_nor_clears(bench: Bench) -> None:
    bench.live([*every("S1-H1.t", 17.0, 0, 70, 10), *every("S1-H1.t", 18.1, 70, 500, 10)])
    assert bench.told() == [("opened", LOW, "S1-H1", 60)]


def test_silence_is_neither_cold_nor_warm(bench: Bench) -> None:
    """Two cold readings ten hours apart cover half an hour: three intervals of ten minutes."""
    bench.live([("S1-H1.t", 0, 17.0), ("S1-H1.t", 600, 17.0)])
    assert bench.told() == []
    bench.live([("S1-H1.t", 1200, 17.0)])
    assert bench.told() == [("opened", LOW, "S1-H1", 1200)]


def test_unknown_values_do_not_interrupt_a_cold_spell(bench: Bench) -> None:
    says = every("S1-H1.t", 17.0, 0, 70, 10)
    says[3] = ("S1-H1.t", 30, None)
    bench.live(says)
    assert bench.told() == [("opened", LOW, "S1-H1", 60)]


def test_a_late_warm_reading_does_not_interrupt_a_cold_spell(bench: Bench) -> None:
    for minute in range(0, 61, 10):
        bench.take([("S1-H1.t", minute, 17.0), ("S1-H1.t", minute - 35, 21.0)])
    assert bench.told() == [("opened", LOW, "S1-H1", 60)]


def test_repeats_do_not_make_time_pass(bench: Bench) -> None:
    for _ in range(50):
        bench.take([("S1-H1.t", 0, 17.0)])
    assert bench.told() == []


def test_the_evidence_has_the_numbers(bench: Bench) -> None:
    opened, cleared = bench.live(
        [
            *every("S1-H1.t", 17.0, 0, 30, 10),
            *every("S1-H1.t", 16.5, 30, 70, 10),
            *every("S1-H1.t", 19.0, 70, 140, 10),
        ]
    )
    assert opened.numbers["lowest_c"] == "16.500"
    assert opened.numbers["standard_c"] == "18.000"
    assert opened.numbers["since"] == "2026-11-22T06:00:00+00:00"
    assert opened.numbers["held_min"] == 60.0
    assert cleared.reason == "held_warm"
