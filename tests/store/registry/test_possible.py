"""What cannot be is refused at the import, with what can."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.registry.checks import Checks
from store.registry.importing import check_registry, import_registry
from store.registry.report import ImportReport
from store.registry.rows import Present
from tests.actors import TEST
from tests.store.city import City, change, city, write_city


@pytest.mark.parametrize(
    ("kind", "cells", "column", "allowed"),
    [
        ("contracts", {"season_fee": "2420.005"}, "season_fee", "CNY are paid; allowed: at most 2"),
        ("outages", {"until": "2026-01-09T00:00:00+08:00"}, "until", "up to now, 2026-01-01"),
        ("outages", {"until": "2026-01-09T00:00:00+08:00", "planned": "true"}, "", ""),
        (
            "contract_terms",
            {"basic_fee": "600.005"},
            "basic_fee",
            "CNY are paid; allowed: at most 2",
        ),
        ("requests", {"at": "2026-01-02T00:00:00+08:00"}, "at", "allowed: up to now, 2026-01-01"),
        (
            "user_faults",
            {"until": "2026-01-09T00:00:00+08:00"},
            "until",
            "allowed: up to now, 2026",
        ),
        (
            "decisions",
            {"since": "2026-01-01T00:00:00+08:00"},
            "until",
            "allowed: up to now, 2026-01-01",
        ),
        (
            "outages",
            {
                "since": "2026-01-09T00:00:00+08:00",
                "until": "",
                "planned": "true",
                "announced_at": "2026-01-08T00:00:00+08:00",
            },
            "announced_at",
            "allowed: up to now, 2026-01-01",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(
    sqlite_books: Engine,
    tmp_path: Path,
    kind: str,
    cells: dict[str, str],
    column: str,
    allowed: str,
) -> None:
    names = ("places", "seasons", "tariffs", "contracts", kind)
    rows = {name: city()[name] for name in names}
    for name, value in cells.items():
        change(rows, kind, rows[kind][0][0], name, value)
    present = Present(now=datetime(2026, 1, 1, tzinfo=UTC))
    files = [write_city(tmp_path / "city", rows)]
    refused = check_registry(sqlite_books, files, present=present).refused
    assert [each.column for each in refused] == ([column] if column else [])
    assert all(allowed in str(each.why) for each in refused)


@pytest.mark.parametrize("kind", ["requests", "measurements", "refusals"])
def test_what_lies_outside_every_season_is_kept_with_a_warning(
    sqlite_books: Engine, tmp_path: Path, kind: str
) -> None:
    rows = {name: city()[name] for name in ("places", "seasons", "tariffs", "contracts", kind)}
    assert [doubt.column for doubt in checked(sqlite_books, tmp_path, rows).doubtful] == []
    change(rows, kind, rows[kind][0][0], "at", "2025-10-10T00:00:00+08:00")
    report = checked(sqlite_books, tmp_path, rows)
    assert (report.refused, report.counts[kind].added) == ((), 1)
    (doubt,) = report.doubtful
    assert (doubt.file, doubt.row, doubt.column) == (f"{kind}.csv", 2, "at")
    assert "outside every season" in str(doubt.why)


def test_a_request_without_a_contract_of_its_season_is_kept_with_a_warning(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    """Also beside its contract in the same files; it is gone once the contract is there."""
    names = "places", "seasons", "tariffs", "contracts", "requests"
    rows = {name: city()[name] for name in names}
    contracts = rows.pop("contracts")
    for number in range(5):
        (tmp_path / str(number)).mkdir()
    report = checked(sqlite_books, tmp_path / "0", rows)
    assert (report.refused, report.counts["requests"].added) == ((), 1)
    (doubt,) = report.doubtful
    assert (doubt.file, doubt.row, doubt.column, doubt.value) == (
        "requests.csv",
        2,
        "household",
        "H1",
    )
    said = doubt.why.to("en"), doubt.why.to("zh")
    assert "has no contract of season 2025: the request starts no refund until" in said[0]
    assert "没有采暖季 2025 的合同" in said[1]
    others = [each for each in contracts if each[0] != "H1"]
    assert len(others) < len(contracts)
    assert checked(sqlite_books, tmp_path / "1", {**rows, "contracts": others}).doubtful == (doubt,)
    assert checked(sqlite_books, tmp_path / "2", {**rows, "contracts": contracts}).doubtful == ()
    import_registry(
        sqlite_books, [write_city(tmp_path / "3", {**rows, "contracts": contracts})], by=TEST
    )
    again = [["H1", "2025-12-09T08:00:00+08:00", ""]]
    assert checked(sqlite_books, tmp_path / "4", {"requests": again}).doubtful == ()


def test_codes_that_look_alike_are_taken_with_a_warning_that_names_both_rows(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    codes = ["H1", "h1", "Ｈ１", "Н1", "H-1", "H11", "Hl"]
    rows = {"devices": [[code, "m", "true"] for code in codes]}
    report = checked(sqlite_books, tmp_path, rows)
    assert (report.refused, report.counts["devices"].added) == ((), len(codes))
    assert [(each.row, each.column) for each in report.doubtful] == [(i, "code") for i in (3, 4, 5)]
    for each in report.doubtful:
        assert "looks like 'H1' in devices.csv row 2" in str(each.why)


@pytest.mark.parametrize(
    ("spans", "refused"),
    [
        ((("2025-09-01", "2026-09-01"), ("2026-03-01", "2027-03-01")), [2, 3]),
        ((("2025-09-01", "2026-09-01"), ("2026-09-01", "2027-09-01")), []),
        ((("2025-09-01", ""), ("2026-03-01", "2027-03-01")), []),
    ],
)
def test_certificates_of_a_device_do_not_overlap(
    sqlite_books: Engine, tmp_path: Path, spans: tuple[tuple[str, str], ...], refused: list[int]
) -> None:
    offset = "T00:00:00+08:00"
    certificates = [
        ["new", since + offset, until and until + offset, "GB 7"] for since, until in spans
    ]
    rows = {"devices": city()["devices"], "certificates": certificates}
    report = checked(sqlite_books, tmp_path, rows)
    assert [(each.row, each.column) for each in report.refused] == [(i, "since") for i in refused]
    assert all("allowed: one at a time" in str(each.why) for each in report.refused)


def test_a_certificate_names_its_document_and_a_correction_takes_its_place(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    since, until, later = (
        f"{day}T00:00:00+08:00" for day in ("2025-09-01", "2026-09-01", "2027-09-01")
    )
    rows = {"devices": city()["devices"], "certificates": [["new", since, until, ""]]}
    (refused,) = checked(sqlite_books, tmp_path, rows).refused
    assert (refused.column, str(refused.why)) == ("document", "must not be empty")
    rows["certificates"] = [["new", since, until, "GB 7"]]
    files = [write_city(tmp_path / "city", rows)]
    assert import_registry(sqlite_books, files, by=TEST).clean
    rows["certificates"] = [["new", since, later, "GB 7"]]
    files = [write_city(tmp_path / "city", rows)]
    assert check_registry(sqlite_books, files, reason="misread").clean


def checked(books: Engine, tmp_path: Path, rows: City) -> ImportReport:
    """What an import would answer."""
    return check_registry(books, [write_city(tmp_path / "city", rows)])


@pytest.mark.parametrize(
    ("until", "refused", "doubted"),
    [("2025-09-02", "until", ""), ("2026-12-22", "", "until"), ("2025-12-21", "", "")],
)
def test_what_ends_before_its_place_is_there_is_refused_and_what_lasts_over_a_year_is_doubted(
    sqlite_books: Engine, tmp_path: Path, until: str, refused: str, doubted: str
) -> None:
    rows = {name: city()[name] for name in ("places", "outages")}
    if refused:
        change(rows, "outages", "S1-01", "since", "2025-08-01T00:00:00+08:00")
        change(rows, "places", "S1-01", "since", "2025-10-01T00:00:00+08:00")
    change(rows, "outages", "S1-01", "until", f"{until}T00:00:00+08:00")
    report = checked(sqlite_books, tmp_path, rows)
    assert [each.column for each in report.refused] == ([refused] if refused else [])
    assert [each.column for each in report.doubtful] == ([doubted] if doubted else [])


def test_nothing_happens_in_a_place_that_is_gone(sqlite_books: Engine, tmp_path: Path) -> None:
    rows = {name: city()[name] for name in ("places", "outages")}
    change(rows, "places", "S1-01", "until", "2025-12-01T00:00:00+08:00")
    (refused,) = checked(sqlite_books, tmp_path, rows).refused
    said = "S1-01 is not there then; allowed: since 2025-08-31T16:00:00Z until 2025-11-30T16:00:00Z"
    assert (refused.column, str(refused.why)) == ("since", said)


@pytest.mark.parametrize(
    ("column", "value", "day", "doubted"),
    [
        ("use", "non_residential", 10, ["use"]),
        ("basic_fee", "500.00", 10, ["basic_fee"]),
        ("heat_price", "0.2", 10, ["heat_price"]),
        ("agreed", "21", 10, []),
        ("use", "non_residential", -400, []),
    ],
)
def test_a_change_of_what_a_fee_is_for_is_said_to_count_for_the_whole_season(
    sqlite_books: Engine, tmp_path: Path, column: str, value: str, day: int, doubted: list[str]
) -> None:
    files = [write_city(tmp_path / "city", city())]
    assert import_registry(sqlite_books, files, by=TEST).clean
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    rows = {
        "contract_terms": change(city(), "contract_terms", "H1", column, value)["contract_terms"]
    }
    files = [write_city(tmp_path / "later", rows)]
    present = Present(now=now)
    report = check_registry(sqlite_books, files, reason="became a shop", present=present)
    assert report.clean
    assert [each.column for each in report.doubtful] == doubted
    told = "since on, of season 2025 also for its days before today"
    assert all(told in str(each.why) for each in report.doubtful)


@pytest.mark.parametrize(
    ("fee", "asks", "doubted"),
    [("1800.00", True, ["area_m2"]), ("1800.00", False, []), ("", True, [])],
)
def test_a_corrected_area_is_said_to_count_for_all_days_of_a_season_with_another_fee(
    sqlite_books: Engine, tmp_path: Path, fee: str, asks: bool, doubted: list[str]
) -> None:
    rows = city()
    if fee:
        later = ["H1", "2025", "", "", "", "", "", "", "2026-01-01T00:00:00+08:00", "", fee]
        rows["contract_terms"] = [
            [*each, *[""] * (11 - len(each))] for each in (*rows["contract_terms"], later)
        ]
    assert import_registry(sqlite_books, [write_city(tmp_path / "city", rows)], by=TEST).clean
    places = {"places": change(city(), "places", "H1", "area_m2", "77.7")["places"]}
    files, checks = [write_city(tmp_path / "later", places)], Checks(areas_count=lambda _: asks)
    report = check_registry(sqlite_books, files, reason="measured anew", checks=checks)
    assert report.clean
    assert [each.column for each in report.doubtful] == doubted
    assert all("area_m2 of the row of that day" in str(each.why) for each in report.doubtful)


@pytest.mark.parametrize(("price", "doubted"), [("0.30", []), ("2", []), ("55", ["heat_price"])])
def test_a_price_of_heat_that_can_only_be_of_a_gj_is_doubted(
    sqlite_books: Engine, tmp_path: Path, price: str, doubted: list[str]
) -> None:
    names = ("places", "seasons", "tariffs", "contracts", "contract_terms")
    rows = change(
        {name: city()[name] for name in names}, "contract_terms", "H1", "heat_price", price
    )
    report = check_registry(sqlite_books, [write_city(tmp_path / "city", rows)])
    assert (list(report.refused), [each.column for each in report.doubtful]) == ([], doubted)
