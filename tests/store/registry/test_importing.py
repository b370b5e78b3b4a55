"""Registry files into the books: what is wrong is listed, the rest goes in, all or nothing at once."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select

from store.books.registry import Contract, Device, MeasurementRecord, OutageRecord, Place, Series
from store.registry.importing import check_registry, import_registry
from store.registry.kinds import KINDS
from store.registry.report import ImportReport
from store.registry.series import registry_version
from tests.actors import TEST
from tests.store.city import AUTUMN, SWAP, City, change, city, write_city

Import = Callable[[City], ImportReport]


@pytest.fixture
def load(books: Engine, tmp_path: Path) -> Import:
    """Imports a city's files."""
    return lambda rows: import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST)


def said(report: ImportReport) -> list[tuple[str, int, str, str]]:
    """The refusals but for their reasons."""
    return [(each.file, each.row, each.column, each.value) for each in report.refused]


def count(books: Engine, table: Any) -> int:
    with books.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def rows_of(books: Engine) -> dict[str, list[Any]]:
    with books.connect() as connection:
        return {
            kind.name: list(connection.execute(select(kind.table).order_by("id"))) for kind in KINDS
        }


def test_a_whole_city_comes_in_with_children_before_parents(books: Engine, load: Import) -> None:
    rows = city()
    report = load(rows)
    assert report.refused == ()
    assert report.written
    assert {kind: counts.added for kind, counts in report.counts.items()} == {
        kind: len(lines) for kind, lines in rows.items()
    }
    with books.connect() as connection:
        parents = select(Place.code).where(
            Place.id == select(Place.parent_id).where(Place.code == "H1-bed").scalar_subquery()
        )
        assert connection.execute(parents).scalar_one() == "H1"
        outage = connection.execute(select(OutageRecord.planned, OutageRecord.cause)).one()
        assert tuple(outage) == (False, "operator")
        celsius = connection.execute(select(MeasurementRecord.celsius)).scalar_one()
        assert str(celsius) == "16.4"


def test_importing_again_changes_nothing_and_says_so(books: Engine, load: Import) -> None:
    rows = city()
    load(rows)
    before, version = rows_of(books), registry_version(books)
    report = load(rows)
    assert report.total("unchanged") == sum(map(len, rows.values()))
    assert report.total("added") == report.total("changed") == 0
    assert rows_of(books) == before
    assert registry_version(books) == version == 1


def test_the_order_of_rows_does_not_matter(books: Engine, load: Import) -> None:
    rows = city()
    load(rows)
    report = load({kind: lines[::-1] for kind, lines in rows.items()})
    assert report.total("unchanged") == sum(map(len, rows.values()))


def test_a_changed_attribute_is_updated_and_told(books: Engine, load: Import) -> None:
    load(city())
    rows = change(change(city(), "places", "H1", "area_m2", "91"), "places", "H3", "parent", "B1")
    report = load(rows)
    assert [str(each.key) + " " + each.column for each in report.changes] == [
        "H1 area_m2", "H3 parent",
    ]  # fmt: skip
    assert [(each.before, each.after) for each in report.changes] == [("89.50", "91"), ("B2", "B1")]
    assert report.counts["places"].changed == 2
    assert registry_version(books) == 2
    assert load(rows).total("changed") == 0


def test_a_number_written_otherwise_is_no_change(load: Import) -> None:
    load(city())
    assert load(change(city(), "places", "H1", "area_m2", "89.5")).total("changed") == 0


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


BAD_CELLS = [
    ("series", "bath", "channel", "a\tb", "no control characters"),
    ("places", "H2", "kind", "flat", "allowed: company, source, station"),
    ("places", "H2", "code", "H 2", "a code has no blanks"),
    ("places", "H2", "code", "../H2", "a code has no blanks"),
    ("places", "H2", "code", "H" * 65, "65 characters long; at most 64"),
    ("places", "H2", "code", "", "must not be empty"),
    ("places", "H2", "name", "a\nb", "line break"),
    ("places", "H2", "area_m2", "60,5", "not a number"),
    ("places", "H2", "area_m2", "0", "outside 0.01"),
    ("places", "H2", "area_m2", "1e3", "not a number"),
    ("places", "H2", "area_m2", "６０", "not a number"),
    ("places", "H2", "parent", "B9", "neither in the registry nor among the files' places"),
    ("places", "H2", "parent", "H1-bed", "is a room; the parent of a household is one of: company"),
    ("places", "H2", "parent", "H2", "is a household; the parent of a household is one of"),
    ("places", "H2", "parent", "", "must be given: a household hangs below"),
    ("places", "demo", "parent", "S1", "a company is the top"),
    ("places", "H2", "room_use", "bedroom", "must be empty for a household"),
    ("places", "H2-bed", "room_use", "", "must be given for a room: bedroom, living"),
    ("places", "H2-bed", "room_use", "cellar", "allowed: bedroom, living, kitchen"),
    ("places", "H2", "since", "2025-09-01", "has no offset"),
    ("places", "H2", "since", "1.9.2025", "is not a time"),
    ("places", "H2", "since", "0205-09-01T00:00:00Z", "outside the years"),
    ("places", "H2", "until", AUTUMN, "does not lie after since"),
    ("devices", "bath", "verified", "maybe", "allowed: true, false, 1, 0, yes, no, 是, 否"),
    ("devices", "bath", "verified", "", "must not be empty"),
    ("series", "bath", "role", "temperature", "allowed: room_temperature, outdoor_temperature"),
    ("series", "bath", "device", "gone", "neither in the registry nor among the files' devices"),
    ("series", "bath", "place", "B1", "is a building; the room_temperature is that of a room"),
    ("series", "bath", "interval_s", "0", "outside 1"),
    ("series", "bath", "interval_s", "900.5", "not a whole number"),
    ("seasons", "2025", "company", "S1", "is a source; expected a company"),
    ("seasons", "2025", "zone", "Asia/Peking", "not an IANA time zone"),
    ("seasons", "2025", "zone", "../etc/passwd", "not an IANA time zone"),
    ("seasons", "2025", "zone", "Asia", "not an IANA time zone"),
    ("seasons", "2025", "until", "2025-11-01T00:00:00+08:00", "does not lie after since"),
    ("seasons", "2025", "design_outdoor", "-61", "outside -60 to 30"),
    ("tariffs", "std", "currency", "yuan", "three capital letters"),
    ("tariffs", "std", "price", "-1", "outside 0"),
    ("contracts", "H1", "season", "2031", "neither in the registry nor among the files' seasons"),
    ("contracts", "H1", "household", "B1", "is a building; expected a household"),
    ("contracts", "H1", "currency", "EUR", "differs from the tariff's, which is CNY"),
    ("contracts", "H1", "season_fee", "12.34567", "more than 4 decimals"),
    ("requests", "H1", "household", "H1-bed", "is a room; expected a household"),
    ("measurements", "H1-bed", "room", "H1", "is a household; expected a room"),
    ("measurements", "H1-bed", "celsius", "164", "outside -30 to 60"),
    ("outages", "S1-01", "cause", "weather", "allowed: operator, user"),
    ("outages", "S1-01", "place", "demo", "is a company; expected a building or household"),
    ("user_faults", "H2", "clause", "", "must not be empty"),
    ("refusals", "H2", "at", "", "must not be empty"),
]


@pytest.mark.parametrize(
    ("kind", "key", "column", "value", "why"), BAD_CELLS, ids=lambda each: str(each)[:20]
)
def test_a_wrong_cell_is_refused_with_where_and_why(
    sqlite_books: Engine, tmp_path: Path, kind: str, key: str, column: str, value: str, why: str
) -> None:
    rows = city()
    row = next(i for i, line in enumerate(rows[kind]) if line[0] == key)
    change(rows, kind, key, column, value)
    report = import_registry(sqlite_books, [write_city(tmp_path / "city", rows)], by=TEST)
    ours = [each for each in report.refused if (each.file, each.row) == (f"{kind}.csv", row + 2)]
    assert [(each.column, each.value) for each in ours] == [(column, value)]
    assert why in ours[0].why
    assert report.counts[kind].refused >= 1
    assert report.written


def test_a_refused_row_takes_those_that_depend_on_it_and_no_others(
    books: Engine, load: Import
) -> None:
    report = load(change(city(), "places", "B1", "kind", "house"))
    gone = {each.row: each for each in report.refused if each.file == "places.csv"}
    assert "depends on a refused row: places.csv row 7" in gone[9].why  # H1 below B1
    assert "depends on a refused row: places.csv row 9" in gone[2].why  # its bedroom
    assert report.counts["places"].added == 14 - 7
    assert report.counts["places"].refused == 7
    assert report.counts["series"].added == 1  # the station's
    assert report.counts["contracts"].refused == 2
    assert count(books, Place) == 7
    assert count(books, Device) == 5
    assert count(books, Contract) == 0


def test_a_refused_change_leaves_the_old_row_and_what_hangs_below(
    books: Engine, load: Import
) -> None:
    load(city())
    rows = change(city(), "places", "B1", "since", "never")
    rows["places"].append(["H9", "household", "B1", "", "", "", "", "", AUTUMN, ""])
    report = load(rows)
    assert said(report) == [("places.csv", 7, "since", "never")]
    assert report.counts["places"].added == 1


def test_a_place_keeps_its_kind(load: Import) -> None:
    load(city())
    report = load(change(city(), "places", "S1-02", "kind", "zone"))
    assert [each.why for each in report.refused] == [
        "is a station in the registry; a place keeps its kind"
    ]


def test_a_series_keeps_its_quantity(load: Import) -> None:
    load(city())
    rows = city()
    rows["series"][6][2] = "power"
    report = load(rows)
    assert said(report) == [("series.csv", 8, "role", "power")]
    assert "end it with until and begin a new one" in report.refused[0].why


def test_two_series_of_one_channel_at_one_time_are_both_refused(load: Import) -> None:
    rows = city()
    rows["series"][1][6] = ""  # the series before the swap has no end
    report = load(rows)
    assert [(row, column) for _, row, column, _ in said(report)] == [(3, "since"), (4, "since")]
    assert "series.csv row 4" in report.refused[0].why
    assert "end the earlier one where the later begins" in report.refused[0].why


def test_a_series_that_overlaps_with_the_registry_is_refused_alone(load: Import) -> None:
    load(city())
    rows: City = {"series": [["liv", "t", "room_temperature", "H1-bath", "900", SWAP, ""]]}
    report = load(rows)
    assert report.total("refused") == 1
    assert "the series of the registry" in report.refused[0].why


def test_a_refused_end_of_a_series_refuses_its_successor_too(load: Import) -> None:
    rows = city()
    rows["series"] = [["old", "t", "room_temperature", "H1-bed", "900", AUTUMN, ""]]
    load(rows)
    old = ["old", "t", "room_temperature", "H1-bed", "0", AUTUMN, SWAP]
    new = ["old", "t", "room_temperature", "H2-bed", "900", SWAP, ""]
    report = load({"series": [old, new]})
    assert [row for _, row, _, _ in said(report)] == [2, 3]


def test_the_same_row_twice_counts_once(load: Import) -> None:
    rows = city()
    rows["devices"].append(list(rows["devices"][0]))
    report = load(rows)
    assert report.refused == ()
    assert (report.counts["devices"].added, report.counts["devices"].repeated) == (5, 1)


def test_two_rows_that_differ_under_one_code_are_both_refused(load: Import) -> None:
    rows = city()
    rows["devices"].append(["bath", "TH-9", "true"])
    report = load(rows)
    assert [row for file, row, _, _ in said(report) if file == "devices.csv"] == [5, 7]
    assert (
        report.refused[0].why == "says something else about bath than devices.csv row 7; keep one"
    )


def test_a_contract_for_another_companys_season_is_refused(load: Import) -> None:
    rows = city()
    rows["places"].append(["other", "company", "", "", "", "", "", "", AUTUMN, ""])
    rows["seasons"].append([*rows["seasons"][0]])
    rows["seasons"][1][:2] = ["theirs", "other"]
    rows["contracts"] = [["H1", "theirs", "", "100", "CNY", ""]]
    report = load(rows)
    assert [each.why for each in report.refused] == [
        "is a season of another company than the household's"
    ]


def test_two_contracts_of_a_household_for_one_time_are_both_refused(
    books: Engine, tmp_path: Path, load: Import
) -> None:
    rows = city()
    rows["seasons"].append([*rows["seasons"][0]])
    rows["seasons"][1][0] = "again"
    rows["contracts"] = [["H1", "2025", "", "9", "CNY", ""], ["H1", "again", "", "9", "CNY", ""]]
    report = load(rows)
    assert [(each.row, each.why) for each in report.refused] == [
        (2, "overlaps with the season of contracts.csv row 3"),
        (3, "overlaps with the season of contracts.csv row 2"),
    ]
    load({"contracts": rows["contracts"][:1]})
    (tmp_path / "city" / "contracts.csv").unlink()
    report = load({"contracts": rows["contracts"][1:]})
    assert [each.why for each in report.refused] == ["overlaps with the season of the registry"]


def test_imports_at_once_go_one_after_the_other(books: Engine, tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", city())
    reports: list[ImportReport] = []
    threads = [
        threading.Thread(target=lambda: reports.append(import_registry(books, [folder], by=TEST)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = sum(map(len, city().values()))
    assert sorted(report.total("added") for report in reports) == [0, 0, rows]
    assert registry_version(books) == 1


def test_a_contract_outside_the_households_time_is_refused(load: Import) -> None:
    report = load(change(city(), "places", "H2", "until", "2025-11-01T00:00:00+08:00"))
    assert [each.why for each in report.refused] == [
        "lies outside the time in which the household exists"
    ]


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

    def fail(what: str, done: int, total: int) -> None:
        if what == "writing series":
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


def test_no_statement_runs_once_a_row(sqlite_books: Engine, tmp_path: Path) -> None:
    statements = []
    event.listen(sqlite_books, "before_cursor_execute", lambda *heard: statements.append(heard[2]))
    rows = city()
    rows["devices"] += [[f"d{i}", "", "true"] for i in range(500)]
    import_registry(sqlite_books, [write_city(tmp_path / "city", rows)], by=TEST)
    assert len(statements) < 5 * len(KINDS)


def test_progress_names_each_kind_and_reaches_the_end(sqlite_books: Engine, tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    folder = write_city(tmp_path / "city", city())
    import_registry(sqlite_books, [folder], progress=lambda *step: heard.append(step), by=TEST)
    rows = sum(map(len, city().values()))
    assert ("checking contracts", 28, rows) in heard
    assert heard[-1] == ("written", rows, rows)
