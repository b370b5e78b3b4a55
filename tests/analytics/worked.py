"""Worked cases of the regulations (section 9) that the kernels and the twin are held to alike."""

from collections.abc import Sequence

from tests.analytics.facts import Scenario, facts, rows

HENAN, LINYI, WARM = "CN-HA-2018", "CN-SD-LINYI-2017", "20.000"


def cold_until(until: str, celsius: str, request: str = "2025-01-10T09:30") -> Scenario:
    """H1 to H3: cold from the evening before until an instant, then warm for a day."""
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-09T20:00", WARM),
        ("2025-01-09T20:00", until, celsius),
        (until, "2025-01-16T00:00", WARM),
    )
    return facts(HENAN, {"bedroom": bedroom}, requests=[request])


def outage_and_cold() -> Scenario:
    """H6: 30 h without supply inside four days of 13 °C."""
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-10T07:00", WARM),
        ("2025-01-10T07:00", "2025-01-14T00:00", "13.000"),
        ("2025-01-14T00:00", "2025-01-15T00:00", WARM),
    )
    return facts(
        HENAN,
        {"bedroom": bedroom},
        requests=["2025-01-10T08:00"],
        outages=[["2025-01-10T06:00", "2025-01-11T12:00"]],
    )


def gap_in_the_cold(acts: Sequence[Sequence[str]] = ()) -> Scenario:
    """H7: nothing known for 3 h beyond what samples stand for, inside a cold run of 50 h."""
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-10T09:30", WARM),
        ("2025-01-10T09:30", "2025-01-11T10:00", "17.000"),
        ("2025-01-11T13:30", "2025-01-12T11:30", "17.000"),
        ("2025-01-12T11:30", "2025-01-13T11:30", WARM),
    )
    return facts(HENAN, {"bedroom": bedroom}, requests=["2025-01-10T09:00"], acts=acts)


def five_days_by_records(season: list[str], year: int) -> Scenario:
    """L1: no telemetry, the episode runs from the request to a compliant record (7.20)."""
    acts = [
        [f"{year}-01-10T12:00", "bedroom", "15.000"],
        [f"{year}-01-15T12:00", "bedroom", "18.000"],
    ]
    return facts(LINYI, {"bedroom": []}, requests=[f"{year}-01-10T09:00"], acts=acts, season=season)
