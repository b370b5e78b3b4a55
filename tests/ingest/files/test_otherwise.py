"""Readings by which stored ones would count otherwise go in with a reason alone; those that fill in need none."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from store.journal.schema import READING
from store.readings.readings import Readings
from tests.ingest.files.small_files import LONG, at, lake_rows, readings, run
from tests.ingest.small import NOW

__all__ = ["readings"]  # fixture

REVISED: dict[str, Any] = {
    **LONG, "columns": {**LONG["columns"], "revision": "revision"}, "sentinels": {"*": ["-99"]},
}  # fmt: skip
HEAD = "device,channel,time,value,revision\n"


def row(hour: int, value: str, revision: int = 0) -> str:
    return f"A1,t,2026-11-22T0{hour}:00:00Z,{value},{revision}\n"


COLD = HEAD + row(5, "13") + row(6, "13.5") + row(7, "-99")


@pytest.mark.parametrize(
    ("other", "values"),
    [
        (row(5, "19", 1), ["13.000 Cel", "19.000 Cel"]),  # a higher revision takes its place
        (row(5, "19"), ["13.000 Cel", "19.000 Cel"]),  # a contradiction: neither counts
        (row(5, "-99", 1), ["13.000 Cel"]),  # it would say nothing any more
    ],
    ids=["revision", "contradiction", "revoked"],
)
def test_a_stored_value_is_not_corrected_without_a_reason(
    readings: Readings, tmp_path: Path, other: str, values: list[str]
) -> None:
    run(readings, tmp_path / "a.csv", REVISED, COLD, reason="")
    before = lake_rows(readings)
    report = run(readings, tmp_path / "b.csv", REVISED, HEAD + other + row(8, "20"), reason=" . ")
    assert (report.readings, report.refused, report.not_corrected) == (1, 1, 1)
    (told,) = report.corrections
    assert (told.device, told.time, told.values) == ("A1", at(5).isoformat(), values)
    assert lake_rows(readings)[: len(before)] == before  # the rest has gone in
    again = run(readings, tmp_path / "b.csv", REVISED, reason="read out again")
    assert (again.readings, again.refused, again.otherwise) == (1, 0, 1)
    assert (report.otherwise, again.corrections) == (0, [])


def test_a_live_value_that_waits_in_the_journal_is_a_stored_one(
    readings: Readings, tmp_path: Path
) -> None:
    run(readings, tmp_path / "a.csv", REVISED, HEAD + row(5, "20"), reason="")
    (stored,) = readings.lake.scan()
    later = stored.set_column(
        stored.schema.get_field_index("at"), "at", pa.array([at(6)], stored["at"].type)
    )
    readings.journal.append(
        later.select(READING.names).cast(READING).to_batches()[0], messages=1, now=NOW
    )
    report = run(readings, tmp_path / "b.csv", REVISED, HEAD + row(6, "15"), reason="")
    assert (report.readings, report.not_corrected, report.in_conflict) == (0, 1, 0)
    assert [each[2] for each in lake_rows(readings)] == [20_000, 20_000]


def test_what_fills_in_or_says_the_same_needs_no_reason(readings: Readings, tmp_path: Path) -> None:
    run(readings, tmp_path / "a.csv", REVISED, COLD, reason="")
    text = HEAD + row(5, "13.0", 1) + row(6, "-99") + row(7, "20")
    report = run(readings, tmp_path / "b.csv", REVISED, text, reason="")
    assert (report.readings, report.refused, report.otherwise) == (3, 0, 0)


def test_values_of_one_import_contradict_each_other_without_a_reason(
    readings: Readings, tmp_path: Path
) -> None:
    report = run(readings, tmp_path / "a.csv", REVISED, COLD + row(5, "14"), reason="")
    assert (report.refused, report.in_conflict) == (0, 1)


def test_only_the_first_are_listed_and_all_are_counted(readings: Readings, tmp_path: Path) -> None:
    times = [f"2026-11-{d:02}T{h:02}:00:00Z" for d in (20, 21) for h in range(24)]
    for name, value in (("a", 13), ("b", 19)):
        text = HEAD + "".join(f"A1,t,{time},{value},0\n" for time in times)
        report = run(readings, tmp_path / f"{name}.csv", REVISED, text, reason="")
    assert (report.not_corrected, len(report.corrections), report.readings) == (48, 20, 0)
