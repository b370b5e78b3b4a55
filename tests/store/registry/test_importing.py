"""Registry files into the books: what is wrong is listed, the rest goes in, all or nothing at once."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from domain.actor import By
from domain.language import Text, msg
from store.books.registry import Device, Place, Series
from store.registry.importing import check_registry, import_registry
from store.registry.kinds import KINDS
from store.registry.series import registry_version
from tests.actors import TEST
from tests.store.city import AUTUMN, change, city, write_city
from tests.store.registry.imports import Import, count, load, said

__all__ = ["load"]  # fixtures


def rows_of(books: Engine) -> dict[str, list[Any]]:
    with books.connect() as connection:
        return {
            kind.name: list(connection.execute(select(kind.table).order_by("id"))) for kind in KINDS
        }


def test_importing_again_changes_nothing_and_says_so(books: Engine, load: Import) -> None:
    rows = city()
    load(rows)
    before, version = rows_of(books), registry_version(books)
    report = load(rows)
    assert report.total("unchanged") == sum(map(len, rows.values()))
    assert report.total("added") == report.total("changed") == 0
    assert rows_of(books) == before
    assert registry_version(books) == version == 1


def test_a_changed_attribute_is_updated_and_told(
    books: Engine, load: Import, tmp_path: Path
) -> None:
    load(city())
    rows = change(change(city(), "places", "H1", "area_m2", "91"), "places", "H3", "parent", "B1")
    why = By(TEST.actor, TEST.at, "measured again")
    report = import_registry(books, [write_city(tmp_path / "again", rows)], by=why)
    assert [str(each.key) + " " + each.column for each in report.changes] == [
        "H1 area_m2", "H3 parent",
    ]  # fmt: skip
    assert [(each.before, each.after) for each in report.changes] == [("89.50", "91"), ("B2", "B1")]
    assert report.counts["places"].changed == 2
    assert registry_version(books) == 2
    assert load(rows).total("changed") == 0


def test_devices_and_channels_are_named_as_they_name_themselves(load: Import) -> None:
    rows = city()
    rows["devices"].append(["EDGE/METER 3", "", "true"])
    rows["series"].append(
        ["EDGE/METER 3", "Supply/Temp #1", "room_temperature", "H1-bed", "900", AUTUMN, ""]
    )
    report = load(rows)
    assert report.refused == ()
    assert report.counts["series"].added == len(rows["series"])


def test_a_meter_swap_ends_one_series_and_begins_another(books: Engine, load: Import) -> None:
    rows = city()
    rows["series"] = [["old", "t", "room_temperature", "H1-bed", "900", AUTUMN, ""]]
    load(rows)
    report = load(city())
    assert report.refused == ()
    assert (report.counts["series"].changed, report.counts["series"].added) == (1, 6)


def test_strict_writes_nothing_when_one_row_is_refused(books: Engine, tmp_path: Path) -> None:
    folder = write_city(
        tmp_path / "city", change(city(), "measurements", "H1-bed", "celsius", "warm")
    )
    report = import_registry(books, [folder], strict=True, by=TEST)
    assert not report.written
    assert said(report) == [("measurements.csv", 2, "celsius", "warm")]
    assert count(books, Place) == count(books, Series) == 0
    assert registry_version(books) == 0


def test_a_check_answers_the_same_and_writes_nothing(books: Engine, tmp_path: Path) -> None:
    folder = write_city(
        tmp_path / "city", change(city(), "measurements", "H1-bed", "celsius", "warm")
    )
    checked = check_registry(books, [folder])
    assert count(books, Place) == 0
    assert not checked.written
    imported = import_registry(books, [folder], by=TEST)
    assert (checked.counts, checked.refused) == (imported.counts, imported.refused)


def test_a_failure_in_the_middle_of_writing_leaves_nothing(books: Engine, tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", city())

    def fail(what: Text, done: int, total: int) -> None:
        if what == msg("writing {kind}", kind="series"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_registry(books, [folder], progress=fail, by=TEST)
    assert count(books, Place) == count(books, Device) == 0
    assert import_registry(books, [folder], by=TEST).refused == ()


def test_one_file_can_come_alone_and_refer_to_what_is_there(books: Engine, load: Import) -> None:
    load(city())
    report = load({"requests": [["H2", "2026-01-02T08:00:00+08:00", "app"]]})
    assert list(report.counts) == ["requests"] or report.counts["requests"].added == 1
    assert report.refused == ()


def test_progress_names_each_kind_and_reaches_the_end(sqlite_books: Engine, tmp_path: Path) -> None:
    heard: list[tuple[Text, int, int]] = []
    folder = write_city(tmp_path / "city", city())
    import_registry(sqlite_books, [folder], progress=lambda *step: heard.append(step), by=TEST)
    rows = sum(map(len, city().values()))
    assert (msg("checking {kind}", kind="contracts"), 28, rows) in heard
    assert heard[-1] == (msg("written"), rows, rows)
