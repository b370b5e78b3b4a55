"""Contract terms from a local day on: of each day of a season one row holds."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from domain.actor import By
from domain.errors import WrongCall
from store.books import facts
from store.evidence.versions import State, scope_of, versions
from store.evidence.withdraw import Withdrawal, withdraw
from store.registry.export import export_registry
from store.registry.importing import import_registry
from store.registry.places import tree
from store.registry.report import ImportReport
from store.registry.rows import Present
from tests.actors import TEST, WHEN, changing
from tests.store.city import approved, change, city_without_runs, write_city

FIRST = ["H1", "2025", "20", "600.00", "20:1/2; 16:1", "contract 7", "", ""]
NEW_YEAR = "2026-01-01T00:00:00+08:00"
LATER = ["H1", "2025", "19", "", "", "annex 1", "", "", NEW_YEAR, "", "1800.00", "80.5"]


WHY = By(TEST.actor, WHEN, "annex 2")
ZONE = ZoneInfo("Asia/Shanghai")


def bring(books: Engine, folder: Path) -> ImportReport:
    return import_registry(books, [folder], by=TEST)


def terms(*rows: list[str]) -> dict[str, Any]:
    full = [[*row, *[""] * (12 - len(row))] for row in rows]
    return city_without_runs() | {"contract_terms": full}


def refused(books: Engine, folder: Path, *rows: list[str]) -> list[tuple[str, str]]:
    report = bring(books, write_city(folder, terms(*rows)))
    return [(each.column, str(each.why)) for each in report.refused]


def test_a_row_from_a_day_on_stands_beside_that_of_the_begin_and_comes_back(
    books: Engine, tmp_path: Path
) -> None:
    assert refused(books, tmp_path / "in", FIRST, LATER) == []
    export_registry(books, tmp_path / "out")
    again = bring(books, tmp_path / "out")
    assert (again.clean, again.counts["contract_terms"].unchanged) == (True, 2)
    written = (tmp_path / "out" / "contract_terms.csv").read_text("utf-8-sig").splitlines()
    assert written[0].endswith("heat_price,since,until,season_fee,area_m2")
    assert written[1].startswith("H1,2025,20,600.00")
    assert written[2].endswith(",2025-12-31T16:00:00Z,,1800.00,80.5")


def test_the_begin_of_the_season_is_the_same_as_no_since(books: Engine, tmp_path: Path) -> None:
    assert refused(books, tmp_path / "in", FIRST) == []
    told = [*FIRST, "2025-11-15T00:00:00+08:00"]
    report = bring(books, write_city(tmp_path / "again", terms(told)))
    assert report.counts["contract_terms"].unchanged == 1
    both = bring(books, write_city(tmp_path / "both", terms(FIRST, told)))
    assert (both.refused, both.counts["contract_terms"].repeated) == ((), 1)


def test_two_rows_of_the_begin_that_differ_are_both_refused(books: Engine, tmp_path: Path) -> None:
    """None of them is right, also where one writes out when the season begins."""
    warmer = ["H1", "2025", "21", *FIRST[3:], "2025-11-15T00:00:00+08:00"]
    found = refused(books, tmp_path / "both", FIRST, warmer)
    assert [column for column, _ in found] == ["household", "household"]
    assert all("keep one" in why for _, why in found)


FEE = ["H1", "2025", "", "", "", "", "", "", "", "", "99.00"]


def test_a_fee_of_the_whole_season_that_is_another_than_the_contracts_needs_a_reason(
    books: Engine, tmp_path: Path
) -> None:
    assert refused(books, tmp_path / "in") == []
    ((column, why),) = refused(books, tmp_path / "fee", FEE)
    assert (column, "is another than the contract's" in why) == ("season_fee", True)
    assert refused(books, tmp_path / "same", [*FEE[:10], "2103.25"]) == []


def test_another_fee_of_the_whole_season_comes_in_with_a_reason(
    books: Engine, tmp_path: Path
) -> None:
    bring(books, write_city(tmp_path / "in", terms()))
    report = import_registry(books, [write_city(tmp_path / "fee", terms(FEE))], by=WHY)
    assert (report.refused, report.counts["contract_terms"].added) == ((), 1)


@pytest.mark.parametrize(("now", "column"), [("2026-01-02", "since"), ("2025-12-31", "")])
def test_terms_from_a_past_day_on_that_end_others_need_a_reason(
    books: Engine, tmp_path: Path, now: str, column: str
) -> None:
    present = Present(ZONE, datetime.fromisoformat(f"{now}T00:00:00+08:00"))
    bring(books, write_city(tmp_path / "in", terms(FIRST)))
    files = [write_city(tmp_path / "later", terms(FIRST, LATER))]
    found = import_registry(books, files, by=TEST, present=present).refused
    own = [each.column for each in found if each.file == "contract_terms.csv"]
    assert own == ([column] if column else [])
    found = import_registry(books, files, by=WHY, present=present).refused
    assert "contract_terms.csv" not in {each.file for each in found}


def test_new_terms_of_a_settled_season_need_a_reason(books: Engine, tmp_path: Path) -> None:
    bring(books, write_city(tmp_path / "in", terms()))
    approved(books)
    ((column, why),) = refused(books, tmp_path / "later", LATER)
    assert (column, "of which run 1 is approved" in why) == ("season", True)
    report = import_registry(books, [write_city(tmp_path / "why", terms(LATER))], by=WHY)
    assert (report.refused, report.counts["contract_terms"].added) == ((), 1)


def test_of_a_change_of_terms_either_all_rows_come_in_or_none(
    books: Engine, tmp_path: Path
) -> None:
    """The row before is refused for want of a reason: what was to follow it has no day to begin."""
    ended, earlier = [*FIRST, "", NEW_YEAR], "2025-12-20T00:00:00+08:00"
    assert refused(books, tmp_path / "in", ended, LATER) == []
    between = ["H1", "2025", "21", "", "", "", "", "", earlier, NEW_YEAR, "900.00"]
    found = refused(books, tmp_path / "half", [*FIRST, "", earlier], between, LATER)
    assert [column for column, _ in found] == ["until", "since"]
    export_registry(books, tmp_path / "out")
    assert bring(books, tmp_path / "out").clean


def test_terms_that_end_on_paper_where_others_follow_are_not_left_without_them(
    books: Engine, tmp_path: Path
) -> None:
    assert refused(books, tmp_path / "in", [*FIRST, "", NEW_YEAR], LATER) == []
    later = Withdrawal("contract_terms", "H1 / 2025 / 2026-01-01T00:00", "misread")
    with pytest.raises(
        WrongCall, match=r"H1 / 2025: end on paper at 2026-01-01 00:00, .*until first"
    ):
        withdraw(books, [later], TEST, tree(books), ZONE)
    first = Withdrawal("contract_terms", "H1 / 2025", "misread")
    withdraw(books, [later, first], TEST, tree(books), ZONE)
    export_registry(books, tmp_path / "out")
    assert bring(books, tmp_path / "out").clean


def test_a_season_does_not_end_elsewhere_than_terms_say_that_end_with_it(
    books: Engine, tmp_path: Path
) -> None:
    end, longer = "2026-03-16T00:00:00+08:00", "2026-04-01T00:00:00+08:00"
    assert refused(books, tmp_path / "in", [*FIRST, "", end]) == []
    other = change(city_without_runs(), "seasons", "2025", "until", longer)
    own = {"seasons": other["seasons"]}
    (found,) = bring(books, write_city(tmp_path / "longer", own)).refused
    assert found.column == "until"
    assert "contract_terms of household H1 end with the season on paper" in str(found.why)
    open_end = write_city(tmp_path / "open", terms(FIRST))
    assert import_registry(books, [open_end], by=WHY).refused == ()
    assert bring(books, write_city(tmp_path / "now", own)).refused == ()


@pytest.mark.parametrize(
    ("column", "since", "until", "said"),
    [
        ("since", "2026-01-01T08:00:00+08:00", "", "allowed: 2025-11-15T00:00 to before 2026-03-16T00:00, in Asia/Shanghai"),
        ("since", "2025-11-14T00:00:00+08:00", "", "is not the begin of a local day of the season"),
        ("since", "2026-03-16T00:00:00+08:00", "", "is not the begin of a local day of the season"),
        ("until", NEW_YEAR, "2026-02-01T00:00:00+08:00", "allowed: empty, or 2026-03-15T16:00:00Z"),
        ("until", NEW_YEAR, "2025-12-01T00:00:00+08:00", "allowed: empty, or 2026-03-15T16:00:00Z"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(
    books: Engine, tmp_path: Path, column: str, since: str, until: str, said: str
) -> None:
    row = [*LATER[:8], since, until, "1800.00"]
    ((where, why),) = refused(books, tmp_path / "in", FIRST, row)
    assert where == column
    assert said in why


def test_a_gap_and_an_overlap_with_what_is_on_record_are_refused(
    books: Engine, tmp_path: Path
) -> None:
    ended = [*FIRST, "", NEW_YEAR]
    assert refused(books, tmp_path / "in", ended, LATER) == []
    for since in ("2025-12-20T00:00:00+08:00", "2026-01-05T00:00:00+08:00"):
        other = [*LATER[:8], since, "", "1800.00"]
        found = refused(books, tmp_path / since[:10], other)
        assert len(found) == (1 if since < NEW_YEAR else 0)
    assert refused(books, tmp_path / "ends", [*LATER[:9], "2026-03-16T00:00:00+08:00", ""]) != []


def test_the_history_shows_each_and_one_is_withdrawn_alone(books: Engine, tmp_path: Path) -> None:
    refused(books, tmp_path / "in", FIRST, LATER)
    network = tree(books)
    keys = ["H1 / 2025", "H1 / 2025 / 2025-12-31T16:00:00Z"]
    own = versions(books, scope_of(books, network, "H1"), ["contract_terms"])
    assert [each.key for each in own] == keys
    assert own[1].values["season_fee"] == "1800.00"
    both = [Withdrawal("contracts", "H1 / 2025", "x"), Withdrawal("contract_terms", keys[0], "x")]
    with pytest.raises(WrongCall, match="contract_terms rest on it"):
        withdraw(books, both, TEST, network, ZONE)
    local = "H1 / 2025 / 2026-01-01T00:00"
    withdraw(books, [Withdrawal("contract_terms", local, "misread")], TEST, network, ZONE)
    every = versions(books, scope_of(books, network, "H1"), ["contract_terms"], every=True)
    assert [each.state for each in every] == [State.CURRENT, State.WITHDRAWN]
    withdraw(books, [Withdrawal("contract_terms", keys[0], "misread")], TEST, network, ZONE)
    assert versions(books, scope_of(books, network, "H1"), ["contract_terms"]) == []


def test_books_hold_one_current_row_of_the_begin(books: Engine, tmp_path: Path) -> None:
    refused(books, tmp_path / "in", FIRST)
    with changing(books) as session:
        row = session.query(facts.ContractTerms).one()
        twice = facts.ContractTerms(household_id=row.household_id, season_id=row.season_id)
        session.add(twice)
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
