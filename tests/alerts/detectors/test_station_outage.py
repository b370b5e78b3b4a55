"""Stations without supply, reading by reading."""

from tests.alerts.world import Bench, Say, every

OUT = "station_outage"


def normal(since: float, until: float) -> list[Say]:
    return [*every("S1.flow", 12.0, since, until, 1), *every("S1.t_sup", 45.0, since, until, 1)]


def stopped(since: float, until: float) -> list[Say]:
    return [*every("S1.flow", 0.0, since, until, 1), *every("S1.t_sup", 40.0, since, until, 1)]


def test_flow_lost_for_ten_minutes_opens_and_an_hour_of_flow_clears(bench: Bench) -> None:
    bench.live([*normal(0, 60), *stopped(60, 120), *normal(120, 200)])
    assert bench.told() == [("opened", OUT, "S1", 70), ("cleared", OUT, "S1", 180)]
    assert bench.changes[0].reason == "flow_lost"
    assert bench.changes[0].numbers["usual_m3_h"] == 12.0
    assert bench.changes[0].numbers["since"] == "2026-11-22T07:00:00+00:00"


def test_a_return_shorter_than_an_hour_does_not_end_an_outage(bench: Bench) -> None:
    bench.live(
        [
            *normal(0, 60),
            *stopped(60, 120),
            *normal(120, 170),
            *stopped(170, 240),
            *normal(240, 310),
        ]
    )
    assert bench.told() == [("opened", OUT, "S1", 70), ("cleared", OUT, "S1", 300)]


def test_cold_supply_with_flow_is_an_outage_too(bench: Bench) -> None:
    cold = [*every("S1.flow", 12.0, 60, 80, 1), *every("S1.t_sup", 25.0, 60, 80, 1)]
    bench.live([*normal(0, 60), *cold])
    assert bench.told() == [("opened", OUT, "S1", 70)]
    assert bench.changes[0].reason == "supply_lost"


def test_a_pump_change_of_five_minutes_is_none(bench: Bench) -> None:
    assert bench.live([*normal(0, 60), *stopped(60, 65), *normal(65, 200)]) == []


def test_a_station_that_says_nothing_is_not_out(bench: Bench) -> None:
    bench.live(normal(0, 60))
    bench.tick(300)
    assert OUT not in {each[1] for each in bench.told()}


def test_an_outage_that_began_before_the_watch_is_seen_by_its_supply(bench: Bench) -> None:
    bench.live([*every("S1.flow", 0.0, 0, 20, 1), *every("S1.t_sup", 20.0, 0, 20, 1)])
    assert bench.told() == [("opened", OUT, "S1", 10)]
