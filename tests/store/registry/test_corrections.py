"""A fact with other values is a correction: it says why, supersedes, and nothing is overwritten."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from domain.actor import By, user
from store.books import current, facts
from store.registry.checks import Checks
from store.registry.importing import check_registry, import_registry
from store.registry.kinds import KINDS
from store.registry.report import ImportReport
from store.registry.rows import Seen
from tests.actors import TEST, WHEN
from tests.store.city import AUTUMN, City, approved, change, city_without_runs, write_city
from tests.store.city import city as plain_city

WHY = By(user("Li Wei"), WHEN, "typing error")
#: kind, code in its first column, column, other value
CORRECTIONS = [
    ("tariffs", "std", "price", "24.00"),
    ("certificates", "new", "until", "2026-12-01T00:00:00+08:00"),
    ("contracts", "H1", "season_fee", "2000"),
    ("contracts", "H1", "standing_consent", "false"),
    ("contract_terms", "H1", "agreed", "19.5"),
    ("contract_terms", "H1", "bands", "20:1"),
    ("contract_terms", "H1", "use", "non_residential"),
    ("corner_rooms", "H3-bed", "until", "2025-12-01T00:00:00+08:00"),
    ("requests", "H1", "by", "app"),
    ("measurements", "H1-bed", "celsius", "17.9"),
    ("outages", "S1-01", "announced_at", "2025-12-17T00:00:00+08:00"),
    ("outages", "S1-01", "cause", "force_majeure"),
    ("outages", "S1-01", "until", "2025-12-20T14:00:00+08:00"),
    ("user_faults", "H2", "until", "2025-12-05T00:00:00+08:00"),
    ("refusals", "H2", "evidence", "letter 3"),
    ("fee_spans", "H2", "payer", "赵六"),
    ("decisions", "H1-bed", "outcome", "compliant"),
    ("decisions", "H1-bed", "temperature", "15.5"),
    ("outage_decisions", "S1-01", "share", "1"),
    ("objections", "H2", "text", "15 °C"),
]


def city() -> City:
    """With a certificate, too."""
    return plain_city() | {"certificates": [["new", AUTUMN, "", "GB 2025-7"]]}


def test_every_kind_of_fact_is_corrected_here() -> None:
    assert {kind for kind, *_ in CORRECTIONS} == {kind.name for kind in KINDS if kind.is_fact}


def put(books: Engine, folder: Path, rows: City, by: By = TEST) -> ImportReport:
    return import_registry(books, [write_city(folder, rows)], by=by)


def versions(books: Engine, table: Any) -> list[Any]:
    with books.connect() as connection:
        return list(connection.execute(select(table.__table__).order_by(table.id)))


@pytest.mark.parametrize("reason", [" ", "\u200b", "\u2060\ufeff", "...", "-"])
def test_a_reason_that_says_nothing_is_none(books: Engine, tmp_path: Path, reason: str) -> None:
    put(books, tmp_path / "a", city())
    other = change(city(), "measurements", "H1-bed", "celsius", "17.9")
    (refused,) = put(books, tmp_path / "b", other, By(TEST.actor, WHEN, reason)).refused
    assert "need a reason" in str(refused.text())


@pytest.mark.parametrize(("kind", "key", "column", "value"), CORRECTIONS)
def test_other_values_without_a_reason_are_refused_and_change_nothing(
    books: Engine, tmp_path: Path, kind: str, key: str, column: str, value: str
) -> None:
    put(books, tmp_path / "a", city())
    table = next(each.table for each in KINDS if each.name == kind)
    with books.connect() as connection:
        before = list(connection.execute(select(table)))
    other = change(city(), kind, key, column, value)
    refused = put(books, tmp_path / "b", other).refused
    assert {(each.file, each.column) for each in refused} == {(f"{kind}.csv", column)}
    assert "is a correction" in str(refused[0].why) or "are a correction" in str(refused[0].why)
    assert key in str(refused[0].why)
    assert "--reason" in str(refused[0].why)
    with books.connect() as connection:
        assert list(connection.execute(select(table))) == before


@pytest.mark.parametrize(("kind", "key", "column", "value"), CORRECTIONS)
def test_a_correction_with_its_reason_supersedes_and_is_itself_importable_again(
    books: Engine, tmp_path: Path, kind: str, key: str, column: str, value: str
) -> None:
    put(books, tmp_path / "a", city())
    other = change(city(), kind, key, column, value)
    report = put(books, tmp_path / "b", other, WHY)
    assert (report.refused, report.total("changed"), report.total("added")) == ((), 1, 0)
    table = next(each.table for each in KINDS if each.name == kind)
    with books.connect() as connection:
        old, new = connection.execute(
            select(table).where(
                (table.c.ended_id == report.change) | (table.c.change_id == report.change)
            ).order_by(table.c.id)
        )  # fmt: skip
    assert (new.supersedes_id, new.ended_id, old.ended_id) == (old.id, None, report.change)
    assert new.source.startswith(f"{kind}.csv, row ")
    again = put(books, tmp_path / "c", change(city(), kind, key, column, value))
    assert again.total("unchanged") == sum(map(len, city().values()))


def test_that_a_measurement_was_once_another_stays_to_be_seen(
    books: Engine, tmp_path: Path
) -> None:
    put(books, tmp_path / "a", change(city(), "measurements", "H1-bed", "celsius", "15.0"))
    put(books, tmp_path / "b", change(city(), "measurements", "H1-bed", "celsius", "17.9"), WHY)
    kept = versions(books, facts.MeasurementRecord)
    assert [str(each.celsius) for each in kept] == ["15.0", "17.9"]
    with books.connect() as connection:
        now = connection.execute(select(current.MeasurementRecord.celsius)).scalars().all()
    assert [str(each) for each in now] == ["17.9"]


def test_contracts_stay_as_they_are_when_their_tariff_is_corrected(
    books: Engine, tmp_path: Path
) -> None:
    put(books, tmp_path / "a", city())
    dearer = change(city(), "tariffs", "std", "price", "24.00")
    assert put(books, tmp_path / "b", dearer, WHY).total("changed") == 1
    assert put(books, tmp_path / "c", dearer).total("changed") == 0
    assert len(versions(books, facts.Contract)) == len(city()["contracts"])


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (Seen({"celsius": "16.4", "signed_by": "张三, 李四"}), ""),
        (Seen({"celsius": "16.3"}), "meanwhile: celsius was '16.3' and is '16.4'"),
        (Seen(None), "was recorded by tester meanwhile"),
    ],
)
def test_a_row_that_was_made_by_what_is_not_so_any_more_is_refused(
    books: Engine, tmp_path: Path, seen: Seen, why: str
) -> None:
    put(books, tmp_path / "a", city())
    other = change(city(), "measurements", "H1-bed", "celsius", "17.9")["measurements"]
    folder = write_city(tmp_path / "b", {"measurements": other})
    refused = import_registry(books, [folder], by=WHY, seen=seen).refused
    assert [why in str(each.why) for each in refused] == ([True] if why else [])
    assert import_registry(books, [folder], by=WHY, seen=Seen(None)).clean == (why == "")


def test_a_check_refuses_as_the_import_would(sqlite_books: Engine, tmp_path: Path) -> None:
    put(sqlite_books, tmp_path / "a", city())
    folder = write_city(tmp_path / "b", change(city(), "refusals", "H2", "evidence", "x"))
    assert [each.column for each in check_registry(sqlite_books, [folder]).refused] == ["evidence"]
    assert check_registry(sqlite_books, [folder], reason="why").refused == ()


#: kind, code, column, other value: what has no versions, and sums go by it.
COUNTED_ROWS = [
    ("places", "H1", "parent", "B2"),
    ("places", "H2", "area_m2", "61"),
    ("places", "H1-bed", "room_use", "bathroom"),
    ("places", "H3", "since", "2025-12-01T00:00:00+08:00"),
    ("devices", "new", "verified", "false"),
    ("series", "bath", "interval_s", "60"),  # a value stands for as long as it says
    ("series", "st1", "role", "make_up_flow"),
    ("series", "bath", "place", "H1-liv"),
]


@pytest.mark.parametrize(("kind", "key", "column", "value"), COUNTED_ROWS)
def test_what_sums_go_by_in_the_registry_changes_for_a_reason_alone(
    books: Engine, tmp_path: Path, kind: str, key: str, column: str, value: str
) -> None:
    rows = city_without_runs()
    put(books, tmp_path / "a", rows)
    other = change(rows, kind, key, column, value)
    refused = [
        each
        for each in put(books, tmp_path / "b", other).refused
        if "need a reason" in str(each.why)
    ]
    assert [(each.file, each.column) for each in refused] == [(f"{kind}.csv", column)]
    assert put(books, tmp_path / "c", rows).counts[kind].changed == 0  # all is as it was
    assert put(books, tmp_path / "d", other, WHY).counts[kind].changed == 1


@pytest.mark.parametrize(
    ("kind", "key", "column", "value"),
    [
        ("places", "H3", "area_m2", "55"),  # where nothing stood
        ("places", "H2", "until", "2027-01-01T00:00:00+08:00"),  # what ends gets an end
        ("places", "H2", "address", "幸福路1号102"),
        ("devices", "new", "model", "TH-3"),
        (
            "seasons",
            "2025",
            "design_outdoor",
            "-7",
        ),  # nothing was settled: a draft can be made again
    ],
)
def test_what_fills_an_empty_cell_or_changes_no_sum_needs_no_reason(
    books: Engine, tmp_path: Path, kind: str, key: str, column: str, value: str
) -> None:
    rows = city_without_runs()
    put(books, tmp_path / "a", rows)
    report = put(books, tmp_path / "b", change(rows, kind, key, column, value))
    assert (report.counts[kind].changed, list(report.refused)) == (1, [])


@pytest.mark.parametrize("asks_areas", [True, False])
@pytest.mark.parametrize(
    ("key", "column", "value", "by_area"),
    [
        ("H1-bed", "until", "2026-01-01T00:00:00+08:00", None),
        ("H3", "area_m2", "55", True),
        ("H2", "until", "2026-03-16T00:00:00+08:00", False),
    ],
)
def test_what_fills_an_empty_cell_of_a_settled_season_needs_a_reason(
    books: Engine, tmp_path: Path, asks_areas: bool, key: str, column: str, value: str,
    by_area: bool | None,
) -> None:  # fmt: skip
    """A room ended on paper amid a season, or an area came in, and the refund changed without a word."""
    rows = city_without_runs()
    put(books, tmp_path / "a", rows)
    approved(books)
    places = {"places": change(rows, "places", key, column, value)["places"]}
    files, checks = [write_city(tmp_path / "b", places)], Checks(areas_count=lambda _: asks_areas)
    refused = import_registry(books, files, by=TEST, checks=checks).refused
    own = [(each.column, "of which run 1 is approved" in str(each.why)) for each in refused]
    assert own == ([(column, True)] if by_area is None or (by_area and asks_areas) else [])
    assert import_registry(books, files, by=WHY, checks=checks).refused == ()


@pytest.mark.parametrize(
    ("kind", "columns", "row", "kept"),
    [
        ("devices", "code,model", "new,TH-9", "verified"),
        ("outages", "place,since,until,planned,cause,evidence", "S1-01,2025-12-20T00:00:00+08:00,2025-12-20T14:00:00+08:00,,,log 7", "announced_at"),
    ],
)  # fmt: skip
def test_a_column_that_a_file_does_not_have_keeps_what_is_recorded(
    sqlite_books: Engine, tmp_path: Path, kind: str, columns: str, row: str, kept: str
) -> None:
    rows = change(change(city(), "outages", "S1-01", "announced_at", "2025-12-17T00:00:00+08:00"), "devices", "new", "verified", "true")  # fmt: skip
    import_registry(sqlite_books, [write_city(tmp_path / "city", rows)], by=TEST)
    file = tmp_path / f"{kind}.csv"
    file.write_text(f"{columns}\n{row}\n", encoding="utf-8")
    report = import_registry(sqlite_books, [file], by=WHY)
    assert report.clean
    assert kept not in {each.column for each in report.changes}
    assert len(report.changes) == 1
