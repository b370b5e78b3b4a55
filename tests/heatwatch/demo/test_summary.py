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
    assert told == ["1 make_up_leak alerts missed: S1", "2 silent_sensor alerts false: demo, S2"]
    assert alert_problems({"make_up_leak": score()}) == []


def test_of_many_a_few_are_named() -> None:
    many = tuple(f"H{n}" for n in range(NAMED + 1))
    (told,) = alert_problems({"silent_sensor": score(false=many)})
    assert told == "6 silent_sensor alerts false: H0, H1, H2, H3, H4, ..."
