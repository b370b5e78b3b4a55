"""History from CSV and Parquet: every layout, clock and fault, and nothing twice."""

import gzip
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from domain.errors import WrongCall
from domain.quality import Quality
from domain.quantity import Quantity
from domain.time import Span
from ingest.files.cells import parse_numbers, steps_of
from ingest.files.mapping import FileMapping, check_mapping
from ingest.files.report import ImportReport
from ingest.files.run import import_files
from store.journal.journal import Journal
from store.lake.lake import Lake
from store.readings.readings import Readings
from tests.ingest.small import NOW, SINCE, index_of

INDEX = index_of([(d, c, r, SINCE, None) for d, c, r in (
    ("A1", "t", "room_temperature"), ("B2", "t", "room_temperature"),
    ("S1", "t_sup", "supply_temperature"), ("S1", "p", "supply_pressure"), ("S1", "e", "energy"),
)])  # fmt: skip
LONG: dict[str, Any] = {
    "layout": "long",
    "columns": {"device": "device", "channel": "channel", "time": "time", "value": "value"},
}
WIDE: dict[str, Any] = {"layout": "wide", "device": "S1", "channels": {"t_sup": {"unit": "Cel"}}}


@pytest.fixture
def readings(tmp_path: Path) -> Readings:
    journal = Journal.open(str(tmp_path / "journal.sqlite"))
    return Readings(journal, Lake.open(str(tmp_path / "lake")))


def run(
    readings: Readings, path: Path, values: dict[str, Any], text: str | None = None
) -> ImportReport:
    if text is not None:
        path.write_text(text, encoding="utf-8")
    return import_files([path], check_mapping(values, "mapping.toml"), readings, INDEX, 3, NOW)


def lake_rows(readings: Readings) -> list[tuple[int, datetime, int, Quality]]:
    tables = list(readings.lake.scan())
    if not tables:
        return []
    table = pa.concat_tables(tables).sort_by([("series", "ascending"), ("at", "ascending")])
    return [(r["series"], r["at"], r["value"], Quality(r["quality"])) for r in table.to_pylist()]


def at(hour: int, minute: int = 0, *, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_a_long_file_comes_in_and_a_second_time_adds_nothing(
    readings: Readings, tmp_path: Path
) -> None:
    text = "device,channel,time,value\nB2,t,2026-11-22T06:00:00Z,20.0005\nA1,t,2026-11-22T14:00:00+08:00,19.5\nA1,t,2026-11-22T05:00:00Z,\n"
    report = run(readings, tmp_path / "a.csv", LONG, text)
    assert (report.rows, report.readings, report.refused) == (3, 2, 0)
    assert lake_rows(readings) == [(1, at(6), 19500, Quality.GOOD), (2, at(6), 20000, Quality.GOOD)]
    again = run(readings, tmp_path / "a.csv", LONG)
    assert (again.readings, again.known, again.flushes) == (0, 2, [])
    more = run(
        readings,
        tmp_path / "b.csv",
        LONG,
        text + "A1,t,2026-11-22T07:00:00Z,19\nA1,t,2026-11-22T07:00:00Z,19\n",
    )
    assert (more.readings, more.known) == (1, 3)  # a resumed file brings its rest


def test_parquet_floats_decimals_and_text_come_to_the_same_steps() -> None:
    written = ["17.9995", "17.9985", "21.366666666666664", "-0.0005", "1e-3", "20"]
    want = [18000, 17998, 21367, 0, 1, 20000]
    columns = [
        pa.array([float(text) for text in written]),
        pa.array([Decimal(text) for text in written]),
        pa.array(written),
        pa.array(written).dictionary_encode().dictionary_decode(),
    ]
    rows = pa.array(range(len(written))).to_numpy()
    for column in columns:
        assert (
            steps_of(parse_numbers(column), rows, Quantity.TEMPERATURE, "Cel").steps.tolist()
            == want
        )


@pytest.mark.parametrize(
    ("unit", "value", "steps"),
    [
        ("bar", "4.5", 4500),
        ("kPa", "450", 4500),
        ("m[H2O]", "10", 981),
        ("Pa", "50", 0),
        ("Pa", "150", 2),
    ],
)
@pytest.mark.parametrize("as_float", [True, False], ids=["float", "text"])
def test_units_are_converted_exactly(unit: str, value: str, steps: int, as_float: bool) -> None:
    column = pa.array([float(value) if as_float else value])
    rows = pa.array([0]).to_numpy()
    assert steps_of(parse_numbers(column), rows, Quantity.PRESSURE, unit).steps.tolist() == [steps]


def test_parquet_with_dictionary_names_and_typed_times(readings: Readings, tmp_path: Path) -> None:
    table = pa.table(
        {
            "device": pa.array(["A1", "B2"]).dictionary_encode(),
            "channel": pa.array(["t", "t"]).dictionary_encode(),
            "time": pa.array([at(6), at(7)], pa.timestamp("ms", tz="UTC")),
            "value": pa.array([20.125, None]),
        }
    )
    pq.write_table(table, tmp_path / "h.parquet")
    report = run(readings, tmp_path / "h.parquet", LONG)
    assert (report.rows, report.readings) == (2, 1)
    assert lake_rows(readings) == [(1, at(6), 20125, Quality.GOOD)]


def test_a_gzip_file_newest_first_with_a_device_column(readings: Readings, tmp_path: Path) -> None:
    path = tmp_path / "probes.csv.gz"
    path.write_bytes(
        gzip.compress(b"when,probe,t\n2026-11-22T07:00:00Z,A1,2\n2026-11-22T06:00:00Z,A1,1\n")
    )
    mapping = {
        "layout": "wide",
        "columns": {"time": "when", "device": "probe"},
        "channels": {"t": {}},
    }
    run(readings, path, mapping)
    assert [row[:3] for row in lake_rows(readings)] == [(1, at(6), 1000), (1, at(7), 2000)]


def test_refused_cells_are_listed_with_file_row_column_value_and_reason(
    readings: Readings, tmp_path: Path
) -> None:
    text = (
        "device,channel,time,value\nA1,t,2026-11-22T06:00:00Z,warm\nA1,t,noon,20\n"
        "A1,t,2026-11-22T06:00:00,20\nX9,t,2026-11-22T06:00:00Z,1\nX9,t,2026-11-22T07:00:00Z,1\n"
        "A1,x,2026-11-22T06:00:00Z,1\nA1,t,1960-01-01T00:00:00Z,1\nA1,t,2026-11-22T08:00:00Z,8\nonly,three,cells\n"
    )
    path = tmp_path / "bad.csv"
    report = run(readings, path, LONG, text)
    found = {(c.row, c.column, c.value, c.readings): c.why for c in report.listed}
    assert found[2, "value", "warm", 1] == "no value of a temperature"
    assert "not a time" in found[3, "time", "noon", 1]
    assert "names no zone" in found[4, "time", "2026-11-22T06:00:00", 1]
    assert found[5, "value", "X9 t", 2] == "device 'X9' is not in the registry"
    assert "has no channel 'x' in the registry, it has t" in found[7, "value", "A1 x", 1]
    assert "1970 to 2199" in found[8, "time", "1960-01-01T00:00:00Z", 1]
    assert any("3 cells, the header has 4" in c.why for c in report.listed)
    assert (report.readings, report.refused) == (1, 8)


def test_a_cell_that_only_python_takes_for_a_number_is_refused(
    readings: Readings, tmp_path: Path
) -> None:
    text = "device,channel,time,value\n" + "".join(
        f"A1,t,2026-11-22T0{i}:00:00Z,{cell}\n"
        for i, cell in enumerate(["2_1", "２１", " 21", "2e1"])
    )
    report = run(readings, tmp_path / "a.csv", LONG, text)
    assert [c.value for c in report.listed] == ["2_1", "２１"]
    assert [row[2] for row in lake_rows(readings)] == [21_000, 20_000]


# -- clocks ------------------------------------------------------------------------------------


def local(
    zone: str, times: list[str], readings: Readings, path: Path, **more: Any
) -> tuple[list[datetime], ImportReport]:
    text = "time,t_sup\n" + "".join(f"{time},{i}\n" for i, time in enumerate(times))
    report = run(readings, path, {**WIDE, "zone": zone, **more}, text)
    found = sorted((value, when) for _, when, value, _ in lake_rows(readings))
    return [when for _, when in found], report


def utc(*text: str) -> list[datetime]:
    return [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in text]


NIGHT = ["2023-10-29 01:30:00", "2023-10-29 02:00:00", "2023-10-29 02:30:00", "2023-10-29 02:00:00", "2023-10-29 02:30:00", "2023-10-29 03:00:00"]  # fmt: skip
NIGHT_UTC = utc("2023-10-28 23:30", "2023-10-29 00:00", "2023-10-29 00:30", "2023-10-29 01:00", "2023-10-29 01:30", "2023-10-29 02:00")  # fmt: skip


def test_the_repeated_hour_is_told_apart_by_the_order_of_the_rows(
    readings: Readings, tmp_path: Path
) -> None:
    found, _ = local("Europe/Belgrade", NIGHT, readings, tmp_path / "a.csv")
    assert found == NIGHT_UTC


def test_newest_first_is_told_apart_too(readings: Readings, tmp_path: Path) -> None:
    found, _ = local("Europe/Belgrade", NIGHT[::-1], readings, tmp_path / "a.csv")
    assert found == NIGHT_UTC[::-1]


@pytest.mark.parametrize(
    ("rule", "want"),
    [("first", "2023-10-29 00:00"), ("second", "2023-10-29 01:00"), ("order", "2023-10-29 00:00")],
)
def test_a_lone_time_in_the_repeated_hour_follows_the_rule(
    readings: Readings, tmp_path: Path, rule: str, want: str
) -> None:
    found, _ = local(
        "Europe/Belgrade", NIGHT[1:2], readings, tmp_path / "a.csv", repeated_hour=rule
    )
    assert found == utc(want)


def test_a_time_that_never_was_is_refused_or_read_with_the_old_offset(
    readings: Readings, tmp_path: Path
) -> None:
    times = ["2021-03-28 01:00:00", "2021-03-28 02:00:00"]
    found, report = local("Europe/Belgrade", times, readings, tmp_path / "a.csv")
    assert found == utc("2021-03-28 00:00")
    assert [(c.row, c.value) for c in report.listed] == [(3, times[1])]
    found, report = local(
        "Europe/Belgrade", times, readings, tmp_path / "a.csv", skipped_hour="shift"
    )
    assert (found, report.refused) == (utc("2021-03-28 00:00", "2021-03-28 01:00"), 0)


def test_a_clock_with_a_fixed_offset_has_no_jump(readings: Readings, tmp_path: Path) -> None:
    found, _ = local(
        "+01:00", ["2025-03-30 02:30:00", "2025-07-01 12:00:00"], readings, tmp_path / "a.csv"
    )
    assert found == utc("2025-03-30 01:30", "2025-07-01 11:00")


def test_epoch_numbers_are_read_in_their_unit(readings: Readings, tmp_path: Path) -> None:
    text = "time,t_sup\n1764000000,1\nsoon,2\n"
    report = run(readings, tmp_path / "a.csv", {**WIDE, "time_unit": "s"}, text)
    assert [row[1] for row in lake_rows(readings)] == utc("2025-11-24 16:00")
    assert report.refused == 1


# -- errors of devices -------------------------------------------------------------------------


def test_sentinels_zero_rows_and_absurd_values_are_marked_and_kept_as_they_came(
    readings: Readings, tmp_path: Path
) -> None:
    mapping = {
        "layout": "wide", "device": "S1", "zone": "+00:00",
        "channels": {"t_sup": {"unit": "Cel"}, "p": {"unit": "bar"}, "e": {"unit": "MW.h"}},
        "sentinels": {"t_sup": ["-1010.0"]}, "limits": {"p": {"most": "16"}},
        "error_rows": [{"columns": ["t_sup", "p"], "equals": "0"}],
    }  # fmt: skip
    text = "time,t_sup,p,e\n2026-01-01 00:00:00,-1010.0,4.5,18159.535\n2026-01-01 01:00:00,0,0.0,0\n2026-01-01 02:00:00,0,20,18159.6\n"
    report = run(readings, tmp_path / "a.csv", mapping, text)
    assert report.marked == {"DEVICE_ERROR": 4, "OUT_OF_RANGE": 1}
    found = [(series, value, mark.name) for series, _, value, mark in lake_rows(readings)]
    assert found == [
        (3, -1_010_000, "DEVICE_ERROR"), (3, 0, "DEVICE_ERROR"), (3, 0, "GOOD"),
        (4, 4500, "GOOD"), (4, 0, "DEVICE_ERROR"), (4, 20_000, "OUT_OF_RANGE"),
        (5, 18_159_535_000, "GOOD"), (5, 0, "DEVICE_ERROR"), (5, 18_159_600_000, "GOOD"),
    ]  # fmt: skip
    columns = readings.columns(
        pa.array([3], pa.int32()).to_numpy(), Span(at(0, day=1).replace(month=1), NOW)
    )
    assert columns.usable().tolist() == [False, False, True]


# -- wrong mappings and files ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"layout": "tall"}, r"layout = 'tall'.*'long' or 'wide'"),
        ({"layout": "wide"}, r"needs a table \[channels\]"),
        ({"layout": "long"}, r"needs columns.channel"),
        ({**WIDE, "device": None}, r"channels.t_sup names no device"),
        ({**WIDE, "zone": "Mars/Base"}, r"zone = 'Mars/Base'.*Europe/Belgrade"),
        (
            {**WIDE, "channels": {"t_sup": {"unit": "furlong"}}},
            r"unit 'furlong' is not known; allowed: Cel",
        ),
        ({**WIDE, "colour": 1}, r"colour = 1"),
        ({**WIDE, "encoding": "klingon"}, r"encoding = 'klingon'"),
        ({**LONG, "channels": {"a": "b"}}, r"channels is for layout = 'wide'"),
        ({**WIDE, "columns": {"value": "v"}}, r"are for layout = 'long'"),
        ({"layout": "long", "columns": {"channel": "c", "value": "v"}}, r"needs columns.device"),
    ],
    ids=range(11),
)
def test_a_wrong_mapping_is_named_with_key_value_and_what_is_allowed(
    values: dict[str, Any], says: str
) -> None:
    with pytest.raises(WrongCall, match=says):
        check_mapping(values, "mapping.toml")


def test_wrong_files_are_wrong_calls(readings: Readings, tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="is not there"):
        run(readings, tmp_path / "none.csv", LONG)
    with pytest.raises(WrongCall, match="no column 'channel', 'value'; it has device, time"):
        run(readings, tmp_path / "a.csv", LONG, "device,time\n")
    (tmp_path / "x.parquet").write_bytes(b"no parquet at all")
    with pytest.raises(WrongCall, match="can't be read as Parquet"):
        run(readings, tmp_path / "x.parquet", LONG)
    with pytest.raises(WrongCall, match="'bar' measures pressure"):
        run(
            readings,
            tmp_path / "b.csv",
            {**WIDE, "channels": {"t_sup": {"unit": "bar"}}},
            "time,t_sup\n2026-01-01T00:00:00Z,1\n",
        )


def test_a_mapping_is_frozen() -> None:
    mapping = FileMapping.model_validate(WIDE)
    with pytest.raises(ValueError, match="frozen"):
        mapping.layout = "long"
