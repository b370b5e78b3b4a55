"""Silence, looked at by the clock."""

from collections.abc import Callable

from tests.alerts.world import Bench, Say, World, every

Build = Callable[..., World]
SILENT = "silent_sensor"
STATION = {"S1.flow": 12.0, "S1.t_sup": 45.0, "S1.makeup": 0.05}


def station(since: float, until: float) -> list[Say]:
    """Something from each of the station's meters every minute."""
    return [say for key, value in STATION.items() for say in every(key, value, since, until, 1)]


def test_a_room_without_a_value_for_four_intervals_is_silent_and_speaks_again(bench: Bench) -> None:
    bench.tick(0)
    bench.live(
        [*station(0, 60), *every("S1-H1.t", 20.0, 0, 11, 10), *every("S1-H2.t", 20.0, 0, 60, 10)]
    )
    assert bench.tick(50) == []
    bench.tick(51)
    assert bench.told() == [("opened", SILENT, "S1-H1-bed", 50)]
    assert bench.changes[0].reason == "no_values"
    assert bench.tick(59) == [], "one episode is one change"
    bench.live([("S1-H1.t", 60, 20.0), *station(60, 61)])
    bench.tick(61)
    assert bench.told()[1:] == [("cleared", SILENT, "S1-H1-bed", 60)]


def test_what_never_spoke_is_silent_after_its_wait_from_the_start(bench: Bench) -> None:
    bench.tick(0)
    bench.live([*station(0, 60), *every("S1-H2.t", 20.0, 0, 60, 10)])
    bench.tick(45)
    assert bench.told() == [("opened", SILENT, "S1-H1-bed", 40)]


def test_a_sensor_that_only_reports_errors_is_said_to_do_so(bench: Bench) -> None:
    bench.tick(0)
    bench.live([*station(0, 60), *every("S1-H2.t", 20.0, 0, 60, 10)])
    bench.live(every("S1-H1.t", None, 0, 60, 10))
    bench.tick(55)
    assert [each.reason for each in bench.changes] == ["unknown_values"]


def test_old_values_said_again_are_no_sign_of_life(bench: Bench) -> None:
    bench.tick(0)
    bench.live([*station(0, 60), *every("S1-H2.t", 20.0, 0, 60, 10), ("S1-H1.t", 1, 20.0)])
    bench.take([("S1-H1.t", 1, 20.0)])
    bench.tick(59)
    assert bench.told() == [("opened", SILENT, "S1-H1-bed", 41)]


def test_a_station_that_says_nothing_at_all_is_one_fault(bench: Bench) -> None:
    homes = [say for home in (1, 2) for say in every(f"S1-H{home}.t", 20.0, 0, 31, 10)]
    bench.tick(0)
    bench.live([*station(0, 31), *homes])
    for minute in range(31, 300, 5):
        bench.tick(minute)
    assert bench.told() == [("opened", SILENT, "S1", 35)]
    assert bench.changes[0].reason == "nothing_at_all"
    assert bench.changes[0].numbers["of"] == 5


def test_after_a_whole_station_was_silent_its_sensors_get_their_time_to_come_back(
    bench: Bench,
) -> None:
    bench.tick(0)
    bench.live(
        [*station(0, 31), *every("S1-H1.t", 20.0, 0, 31, 10), *every("S1-H2.t", 20.0, 0, 31, 10)]
    )
    for minute in range(31, 120, 5):
        bench.tick(minute)
    bench.live(station(120, 180))
    for minute in range(121, 161, 5):
        bench.tick(minute)
    assert bench.told()[1:] == [("cleared", SILENT, "S1", 179)]
    bench.tick(170)
    assert {each[2] for each in bench.told()[2:]} == {"S1-H1-bed", "S1-H2-bed"}


def test_a_gateway_alone_is_silent_at_its_station_only(bench: Bench) -> None:
    homes = [say for home in (1, 2) for say in every(f"S1-H{home}.t", 20.0, 0, 60, 4)]
    bench.tick(0)
    bench.live([*station(0, 31), *homes])
    bench.tick(58)
    assert bench.told() == [("opened", SILENT, "S1", 35)]
    assert bench.changes[0].reason == "no_values"
    assert bench.changes[0].numbers["silent"] == 3


def test_a_station_of_the_registry_that_has_never_sent_anything_is_one_alert(city: Build) -> None:
    """However long it has been entered: it was expected from the first look on."""
    bench = Bench(city(sources={"Q1": 2}))
    bench.tick(0)
    homes = [say for home in (1, 2) for say in every(f"S1-H{home}.t", 20.0, 0, 60, 10)]
    bench.live([*station(0, 60), *homes])
    for minute in range(1, 60):
        bench.tick(minute)
    assert [each for each in bench.told() if each[1] == SILENT] == [("opened", SILENT, "S2", 5)]
