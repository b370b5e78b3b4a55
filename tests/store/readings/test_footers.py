"""Footers are read once, and say which files are read by their values alone."""

import pytest

from store.readings import footers
from store.readings.footers import Footer, Footers
from store.readings.readings import Readings
from tests.store.batches import NOW, Row, hours, row, table
from tests.store.readings.kept import readings

__all__ = ["readings"]  # fixtures


def footer(readings: Readings, rows: list[Row]) -> Footer | None:
    readings.import_table(table(rows), NOW)
    return Footers().get(readings.lake.place, readings.lake.snapshot().files[-1])


def test_a_file_of_regular_times_is_known_by_its_stretches(readings: Readings) -> None:
    found = footer(readings, hours(400))
    assert found is not None
    assert (found.stretches.rows.tolist(), found.start.tolist()) == ([400], [0, 1])
    assert not found.marked


def test_unknown_values_and_marks_are_said(readings: Readings) -> None:
    found = footer(readings, [*hours(300), row(2, 5, None)])
    assert found is not None
    assert found.marked


def test_a_file_with_corrections_is_read_by_its_columns(readings: Readings) -> None:
    assert footer(readings, [*hours(300), row(2, 5, 18_000, revision=1)]) is None


def test_a_footer_is_kept_until_too_many_others_were_read(
    readings: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(footers, "MOST", 2)
    for number in range(3):
        readings.import_table(table(hours(100, series=number + 1)), NOW)
    place, kept = readings.lake.place, Footers()
    one, two, three = readings.lake.snapshot().files
    first = kept.get(place, one)
    assert kept.get(place, one) is first
    second = kept.get(place, two)
    kept.get(place, one)
    kept.get(place, three)
    assert kept.get(place, one) is first
    assert kept.get(place, two) is not second
