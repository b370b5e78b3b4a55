"""The worst room's curve: which room, which time, what is unknown."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from analytics.facts.facts_file import from_facts
from domain.time import Span, to_us
from reports.letters.curve import LEAST, MARGIN, curve_of, window_of
from reports.letters.letter import Curve
from tests.analytics.facts import facts, rows
from tests.reports.letters.cases import HENAN, at

STANDARD = 18_000
HALF = rows(("2025-01-10T00:00", "2025-01-12T00:00", "16.000"))
LOW = rows(("2025-01-10T00:00", "2025-01-10T06:00", "12.000"))
MATTERS = [Span(at("2025-01-10T00:00"), at("2025-01-12T00:00"))]


def curve(rooms: dict[str, list[list[str]]], **other: Any) -> Curve | None:
    own = from_facts(facts(HENAN, rooms, **other), HENAN)
    return curve_of(own.snapshot, own.columns, STANDARD, MATTERS)


def test_the_worst_room_has_the_most_degree_hours_below_and_not_the_lowest_value() -> None:
    found = curve({"a": LOW, "b": HALF})
    assert found is not None
    assert found.room == "b"


def test_of_two_warm_rooms_the_one_with_the_lowest_value_is_shown() -> None:
    warm, warmer = (
        rows(("2025-01-10T00:00", "2025-01-12T00:00", value)) for value in ("19.000", "20.000")
    )
    found = curve({"a": warmer, "b": warm})
    assert found is not None
    assert found.room == "b"


def test_a_room_that_nobody_measured_is_not_the_worst_and_without_readings_there_is_none() -> None:
    found = curve({"a": [], "b": HALF})
    assert found is not None
    assert found.room == "b"
    assert curve({"a": [], "b": []}) is None


def test_a_measurement_record_alone_is_a_curve() -> None:
    found = curve({"a": []}, acts=[["2025-01-10T10:00", "a", "15.0"]])
    assert found is not None
    assert [each.value for each in found.pieces] == [15_000]


def test_pieces_stand_as_settlement_has_them_and_the_rest_is_unknown() -> None:
    found = curve({"a": HALF})
    assert found is not None
    assert found.known_us == sum(each.until_us - each.since_us for each in found.pieces)
    assert found.known_us == to_us(at("2025-01-12T00:15")) - to_us(at("2025-01-10T00:00"))
    assert [(each.since, each.until) for each in found.unknown] == [
        (found.window.since, at("2025-01-10T00:00")),
        (at("2025-01-12T00:15"), found.window.until),
    ]


@pytest.mark.parametrize(
    ("minutes", "unknown"),
    [(60, False), (75, False), (91, True)],
    ids=["hour", "bridged", "longer"],
)
def test_a_gap_that_is_bridged_is_not_called_unknown(minutes: int, unknown: bool) -> None:
    """A value of 15 minutes stands for half an hour; up to an hour behind that is bridged."""
    begin = at("2025-01-10T06:00") + timedelta(minutes=minutes)
    later = begin.replace(tzinfo=None).isoformat(timespec="minutes")
    gap = rows(
        ("2025-01-10T00:00", "2025-01-10T06:01", "16.000"), (later, "2025-01-12T00:00", "16.000")
    )
    found = curve({"a": gap})
    assert found is not None
    assert (len(found.unknown) == 3) is unknown


def test_the_window_holds_what_matters_with_a_margin_and_at_least_ten_days() -> None:
    own = from_facts(facts(HENAN, {"a": HALF}), HENAN).snapshot
    short = window_of(own, MATTERS)
    assert short.until - short.since == LEAST
    assert short.since < MATTERS[0].since - MARGIN
    month = Span(at("2025-01-01T00:00"), at("2025-02-01T00:00"))
    assert window_of(own, [month]) == Span(month.since - MARGIN, month.until + MARGIN)


def test_the_window_lies_in_the_season_and_is_all_of_it_where_nothing_matters() -> None:
    own = from_facts(facts(HENAN, {"a": HALF}), HENAN).snapshot
    first = Span(at("2024-11-15T00:00"), at("2024-11-16T00:00"))
    assert window_of(own, [first]).since == own.season.span.since
    assert window_of(own, []) == own.season.span
    before = Span(at("2024-01-01T00:00"), at("2024-01-02T00:00"))
    assert window_of(own, [before]) == own.season.span


def test_a_value_that_stays_is_one_piece_and_one_that_changes_or_stops_is_another() -> None:
    own = rows(
        ("2025-01-10T00:00", "2025-01-10T06:00", "16.000"),
        ("2025-01-10T06:00", "2025-01-10T07:00", "16.001"),
        ("2025-01-10T12:00", "2025-01-10T13:00", "16.001"),
    )
    found = curve({"a": own})
    assert found is not None
    assert [(each.since_us, each.value) for each in found.pieces] == [
        (to_us(at("2025-01-10T00:00")), 16_000), (to_us(at("2025-01-10T06:00")), 16_001),
        (to_us(at("2025-01-10T12:00")), 16_001),
    ]  # fmt: skip


def test_the_pieces_are_inside_the_window_and_in_order() -> None:
    whole = rows(("2024-11-15T00:00", "2025-03-16T00:00", "17.000"), minutes=60)
    found = curve({"a": whole}, interval_min=60)
    assert found is not None
    edges = np.array([(each.since_us, each.until_us) for each in found.pieces])
    assert (edges[:, 0] < edges[:, 1]).all()
    assert (edges[1:, 0] >= edges[:-1, 1]).all()
    assert (edges[0, 0], edges[-1, 1]) == (to_us(found.window.since), to_us(found.window.until))
    assert found.unknown == ()


def test_the_worst_room_is_the_one_furthest_below_what_it_is_owed() -> None:
    """A kitchen at 12 °C is compliant by its 10 °C, and was once drawn as the worst room."""
    days = "2025-01-10T00:00", "2025-01-12T00:00"
    cold, kitchen = (rows((*days, celsius)) for celsius in ("17.000", "12.000"))
    own = from_facts(facts(HENAN, {"a": cold, "b": kitchen}), HENAN)
    plain = curve_of(own.snapshot, own.columns, 18_000, [])
    curve = curve_of(own.snapshot, own.columns, 18_000, [], [0, -8_000])
    assert plain is not None
    assert curve is not None
    assert (plain.room, curve.room, curve.more) == ("b", "a", 0)
    warmer = curve_of(own.snapshot, own.columns, 18_000, [], [0, -4_000])
    assert warmer is not None
    assert (warmer.room, warmer.more) == ("b", -4_000)
