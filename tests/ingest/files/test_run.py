"""The real substation and its flats, read where they are, with the mappings of our examples."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from domain.quality import Quality
from domain.time import Span, to_us
from ingest.files.mapping import check_mapping
from ingest.files.report import ImportReport
from ingest.files.run import import_files
from store.journal.journal import Journal
from store.lake.lake import Lake
from store.readings.readings import Readings
from store.registry.importing import import_registry
from store.registry.series import SeriesIndex
from tests.actors import TEST
from tests.books import new_books
from tests.shared import shared_folder

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "nis-l4"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALL = Span(datetime(2019, 1, 1, tzinfo=UTC), NOW)


class City:
    """The example's registry with an empty lake."""

    def __init__(self, folder: Path, books: Engine) -> None:
        for name in ("registry", "registry-raw"):
            import_registry(books, [EXAMPLE / name], by=TEST)
        self.readings = Readings(
            Journal.open(str(folder / "j.sqlite")), Lake.open(str(folder / "lake"))
        )
        self.index = SeriesIndex.load(books)

    def bring(self, mapping: str, file: str) -> ImportReport:
        how = check_mapping(tomllib.loads((EXAMPLE / mapping).read_text()), mapping)
        path = shared_folder() / "data" / "nis-l4" / file
        return import_files([path], how, self.readings, self.index, 1, NOW)

    def values(self, device: str, channel: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        series = self.index.spans(device, channel)[0].series
        return self.readings.columns(np.array([series], np.int32), ALL).of(series)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path, new_books(tmp_path / "books.sqlite"))


def test_the_season_of_five_flats_comes_in_whole_and_only_once(city: City) -> None:
    report = city.bring("season.toml", "season_2024-25_15min.csv")
    assert (report.rows, report.readings, report.refused, report.marked) == (12_898, 218_136, 0, {})
    again = city.bring("season.toml", "season_2024-25_15min.csv")
    assert (again.readings, again.known) == (0, 218_136)
    at, value, _ = city.values("37_12", "t")
    assert at[0] == to_us(datetime(2024, 11, 17, 5, tzinfo=UTC))  # 06:00 in Belgrade
    assert at[-1] == to_us(datetime(2025, 3, 31, 21, 45, tzinfo=UTC))  # summer time by then
    assert value[0] == 21_600
    assert np.diff(at).min() == 900_000_000  # the spring night has neither a double nor a hole
    assert city.values("37_15", "t")[1][0] == 21_367  # 21.366666666666664 in the file


def test_the_rooms_own_messages_leave_out_what_the_registry_does_not_take(city: City) -> None:
    report = city.bring("rooms_raw.toml", "rooms_raw_2024-25.csv.gz")
    assert (report.rows, report.readings, report.refused) == (109_125, 183_078, 70_344)
    assert {(c.column, c.value, c.readings) for c in report.listed} == {
        ("temperature", "10337 temperature", 35_172),
        ("relative_humidity", "10337 relative_humidity", 35_172),
    }


def test_the_substations_export_is_read_with_its_jumps_sentinels_and_zeros(city: City) -> None:
    report = city.bring("substation_raw.toml", "substation_raw_2019-2024.csv")
    assert (report.rows, report.readings, report.refused) == (45_461, 353_656, 1)
    assert [(c.row, c.value) for c in report.listed] == [(32_615, "2021-03-28 02:00:00")]
    assert report.marked["DEVICE_ERROR"] > 4000
    at, value, mark = city.values("L4-scada-raw", "t_sup_sec")
    assert (np.diff(at) > 0).all()  # newest first in the file
    assert set(value[mark == Quality.GOOD].tolist()).isdisjoint({-39_900})
    _, energy, mark = city.values("L4-scada-raw", "e")
    good = energy[mark == Quality.GOOD]
    assert good.max() == 18_159_535_000  # Wh, of a register in MWh
    assert (np.diff(good) < 0).any()  # where it drops to 0 and back, raw stays raw
