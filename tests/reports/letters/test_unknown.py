"""What was unknown in the whole season: why, and how much of it a sum might rest on."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.facts.facts_file import from_facts
from analytics.heat.ragged import Ragged
from analytics.law.policy import load
from analytics.settlement.request_lives import lives_of
from domain.quality import Quality
from domain.time import HOUR_US, to_us
from reports.letters.unknown import Judged, Unknown, judged_time, unknown_of
from tests.analytics.facts import facts, rows
from tests.reports.letters.cases import HENAN, ORDOS, at

#: Cold days, then ten frozen ones, and warm to the end; hourly.
WHOLE = rows(
    ("2024-11-15T00:00", "2025-01-10T00:00", "20.000"),
    ("2025-01-10T00:00", "2025-01-12T00:00", "16.000"),
    ("2025-01-12T00:00", "2025-03-16T00:00", "20.000"),
    minutes=60,
)
LAW = load(HENAN).policy


def found(
    room: list[list[str]], frozen: tuple[str, str] | None = None, mark: Quality = Quality.UNCHANGED,
    policy: str = HENAN, spans: list[tuple[str, str]] | None = None, **other: Any,
) -> tuple[Judged, list[Unknown]]:  # fmt: skip
    own = from_facts(facts(HENAN, {"bed": room}, interval_min=60, **other), HENAN)
    snapshot, columns, law = own.snapshot, own.columns, load(policy).policy
    if frozen is not None:
        since, until = (to_us(at(each)) for each in frozen)
        columns.mark[(columns.at_us >= since) & (columns.at_us < until)] = mark
    if spans is not None:
        edges = np.array([[to_us(at(each)) for each in span] for span in spans], dtype=np.int64)
        series = Ragged(
            np.array([0, len(spans)]), tuple(np.repeat(c, len(spans)) for c in snapshot.series.columns)
        )  # fmt: skip
        placed = Ragged(series.offsets, (edges[:, 0], edges[:, 1], np.zeros(len(spans), np.int64)))
        snapshot = replace(snapshot, series=series, spans=placed)
    lives = [e for each in lives_of(snapshot, lambda _: columns, LAW).values() for e in each]
    judged = judged_time(snapshot, columns, law, lives)
    return judged, [*unknown_of(snapshot, columns, law, judged)]


def told(own: Unknown) -> tuple[str, int, float, float]:
    return (
        own.cause,
        len(own.stretches),
        own.whole_us / HOUR_US,
        own.judged_us / HOUR_US,
    )


def test_ten_frozen_days_under_a_request_that_stands_are_named_though_the_curve_ends_before() -> (
    None
):
    frozen = ("2025-02-10T00:00", "2025-02-20T00:00")
    _, own = found(WHOLE, frozen, requests=["2025-01-10T06:00"])
    assert [told(each) for each in own] == [("unchanged", 1, 240.0, 240.0)]


@pytest.mark.parametrize(
    ("requests", "other", "judged"),
    [
        ([], {}, 0.0),
        (["2025-02-15T00:00"], {}, 120.0),
        ([], {"standing_consent": True}, 240.0),
        (["2025-01-10T06:00"], {"acts": [["2025-02-12T00:00", "bed", "20.0"]]}, 48.0),
    ],
    ids=["nobody requested", "requested in between", "consent", "answered in between"],
)
def test_only_what_lies_in_the_time_of_a_claim_matters(
    requests: list[str], other: dict[str, Any], judged: float
) -> None:
    frozen = ("2025-02-10T00:00", "2025-02-20T00:00")
    by, own = found(WHOLE, frozen, requests=requests, **other)
    assert by.by == "requests"
    assert sum(each.judged_us for each in own if each.cause == "unchanged") / HOUR_US == (
        pytest.approx(judged, abs=3.1)
    )


def test_where_an_act_goes_by_records_no_reading_matters() -> None:
    frozen = ("2025-02-10T00:00", "2025-02-20T00:00")
    by, own = found(WHOLE, frozen, policy=ORDOS, requests=["2025-01-10T06:00"])
    assert by.by == "nothing"
    assert [told(each) for each in own] == [("unchanged", 1, 240.0, 0.0)]


def test_silence_and_what_came_in_are_told_apart_and_a_short_part_is_not() -> None:
    gap = [each for each in WHOLE if not "2025-02-05" <= each[0] < "2025-02-12"]
    gap = [each for each in gap if each[0] != "2025-02-14T10:00"]
    gap.remove(["2025-02-15T10:00", "20.000"])
    _, own = found(gap, ("2025-02-12T00:00", "2025-02-20T00:00"), Quality.OUT_OF_RANGE)
    assert [told(each)[:3] for each in own] == [
        ("silent", 1, 167.0), ("out_of_range", 1, 192.0),
    ]  # fmt: skip


def test_the_time_between_two_placements_is_without_a_sensor() -> None:
    spans = [("2024-11-01T00:00", "2025-02-01T00:00"), ("2025-02-03T00:00", "2025-04-01T00:00")]
    _, own = found(WHOLE, spans=spans)
    assert [(each.cause, len(each.stretches)) for each in own] == [("no_sensor", 1)]
    assert own[0].whole_us / HOUR_US == pytest.approx(48, abs=2)


def test_many_stretches_of_a_cause_are_one_and_rooms_that_are_alike_too() -> None:
    gaps = [each for each in WHOLE if not (each[0][8:10] == "20" and "06" <= each[0][11:13] < "12")]
    own = from_facts(facts(HENAN, {"a": gaps, "b": gaps}, interval_min=60), HENAN)
    judged = judged_time(own.snapshot, own.columns, LAW, [])
    (one,) = unknown_of(own.snapshot, own.columns, LAW, judged)
    assert (one.rooms, one.cause, len(one.stretches)) == (("a", "b"), "silent", 4)
    assert one.longest == one.stretches[0]


def test_where_all_is_known_nothing_is_unknown_and_a_room_without_a_sensor_is_throughout() -> None:
    assert found(WHOLE)[1] == []
    own = from_facts(facts(HENAN, {"a": []}), HENAN)
    none = Ragged(np.zeros(2, dtype=np.int64), (np.array([], dtype=np.int64),) * 2)
    snapshot = replace(own.snapshot, series=none)
    judged = judged_time(snapshot, own.columns, LAW, [])
    (one,) = unknown_of(snapshot, own.columns, LAW, judged)
    assert (one.cause, one.whole_us) == ("no_sensor", 121 * 24 * HOUR_US)


@pytest.mark.parametrize(
    ("second", "judged"),
    [
        pytest.param([], 1439.5, id="for the whole season where nobody came again"),
        pytest.param(
            [["2025-01-21T14:00", "bed", "18.500"]],
            1439.5,
            id="nor does another such visit end it",
        ),
        pytest.param(
            [["2025-01-23T14:00", "bed", "18.500"]],
            239.75,
            id="until a visit at which all is known",
        ),
    ],
)
def test_a_room_that_was_unknown_at_the_visit_that_served_may_have_kept_the_request(
    second: list[list[str]], judged: float
) -> None:
    """130.00 instead of 30.00 hung on it, and the letter said that it could change nothing."""
    bed = rows(
        ("2025-01-08T00:00", "2025-01-12T00:00", "17.000"),
        ("2025-01-12T00:00", "2025-01-25T00:00", "19.000"),
    )
    living = [
        each
        for each in rows(
            ("2025-01-08T00:00", "2025-01-22T00:00", "15.000"),
            ("2025-01-22T00:00", "2025-01-25T00:00", "20.000"),
        )
        if not "2025-01-12T00:00" <= each[0] < "2025-01-22T00:00"
    ]
    acts = [["2025-01-12T14:00", "bed", "18.500"], *second]
    own = from_facts(
        facts(HENAN, {"bed": bed, "living": living}, requests=["2025-01-09T06:00"], acts=acts),
        HENAN,
    )
    lives = [
        e for each in lives_of(own.snapshot, lambda _: own.columns, LAW).values() for e in each
    ]
    told_ = unknown_of(
        own.snapshot, own.columns, LAW, judged_time(own.snapshot, own.columns, LAW, lives)
    )
    hours = sum(each.judged_us for each in told_ if "living" in each.rooms) / HOUR_US
    assert hours == judged
