"""What makes a demo's summary not ok."""

from heatwatch.demo.truth import NAMED, alert_problems


def score(missed: tuple[str, ...] = (), false: tuple[str, ...] = ()) -> dict[str, object]:
    return {"injected": 3, "detected": 3 - len(missed), "missed": missed, "false": false}


def test_a_missed_fault_and_a_false_alert_are_problems_with_their_places() -> None:
    told = alert_problems(
        {
            "make_up_leak": score(missed=("S1",)),
            "station_outage": score(),
            "silent_sensor": score(false=("demo", "S2")),
        }
    )
    assert [str(each) for each in told] == [
        "1 fault not reported (Make-up water leak suspected): S1",
        "2 alerts without a fault (Sensor without data): demo, S2",
    ]
    assert alert_problems({"make_up_leak": score()}) == []


def test_of_many_a_few_are_named() -> None:
    many = tuple(f"H{n}" for n in range(NAMED + 1))
    (told,) = alert_problems({"silent_sensor": score(false=many)})
    assert str(told) == ("6 alerts without a fault (Sensor without data): H0, H1, H2, H3, H4, ...")
