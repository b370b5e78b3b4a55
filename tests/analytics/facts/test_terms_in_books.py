"""What contracts say of refunds comes from the registry's file, and pays what `refund try` says."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from analytics.facts.from_books import take
from analytics.facts.snapshot import Snapshot, snapshot_of
from analytics.facts.stakes import Stakes
from analytics.law.policy import load
from analytics.settlement.restate import changed
from analytics.settlement.settle import settle, settle_facts
from domain.actor import By, user
from domain.contract_terms import terms_of
from domain.time import from_us
from store.books import facts
from store.registry.importing import import_registry
from tests.analytics.books import NOW, SEASON, ZONE, add, colder_record, local, readings, season
from tests.analytics.cities import answer_of, source
from tests.store.city import write_city

NONE = np.empty(0, dtype=np.int32)
CASES: dict[str, dict[str, Any]] = {
    "CN-SN-XIAN-2018": {"basic_fee": "420.00"},
    "CN-XJ-URUMQI-2002": {"agreed": "19", "bands": [["19", "1/3"], ["16", "1"]]},
}
BANDS = {"CN-XJ-URUMQI-2002": "19:1/3; 16:1"}


def bring(books: Engine, folder: Path, *terms: list[str], reason: str = "") -> None:
    by = By(user("Wu"), NOW - timedelta(days=1), reason)
    files = [write_city(folder, {"contract_terms": list(terms)})]
    assert import_registry(books, files, by=by).clean


def taken(books: Engine) -> Snapshot:
    return take(books, season(books), NOW)


def as_file(contract: dict[str, Any]) -> dict[str, Any]:
    """H1 of the town of `tests.analytics.books` as `refund try` takes it."""
    at, value, _ = readings().of(1)

    def text(us: int) -> str:
        return f"{from_us(us).astimezone(ZONE):%Y-%m-%dT%H:%M}"

    samples = [
        [text(each), str(Decimal(celsius) / 1000)]
        for each, celsius in zip(at.tolist(), value.tolist(), strict=True)
    ]
    return {
        "season": ["2024-11-15T00:00", "2025-03-16T00:00"], "season_fee": "2420.00",
        "interval_min": 15, "rooms": {"H1-bed": samples}, "requests": ["2025-01-10T06:00"],
        "measurements": [["2025-01-11T09:00", "H1-bed", "13.5"]], "outages": [],
        "contract": contract,
    }  # fmt: skip


def test_without_terms_nothing_stands_in_the_snapshot(books: Engine) -> None:
    assert taken(books).terms == ()
    assert b"terms" not in taken(books).canonical()


@pytest.mark.parametrize("policy", CASES)
def test_a_season_from_the_books_pays_what_the_same_facts_pay_as_a_file(
    books: Engine, tmp_path: Path, policy: str
) -> None:
    contract, law = CASES[policy], load(policy)
    add(books, colder_record())
    bare = settle(taken(books), source(readings()), law, flush=0, trial=True).results[0]
    cells = [contract.get("agreed", ""), contract.get("basic_fee", ""), BANDS.get(policy, "")]
    bring(books, tmp_path / "terms", ["H1", SEASON, *cells, "contract 7", ""])
    own = settle(taken(books), source(readings()), law, flush=0, trial=True).results[0]
    expected = settle_facts(as_file(contract), law)
    assert answer_of(own) == answer_of(expected)
    assert expected.total > 0
    assert answer_of(bare) != answer_of(own)


def test_the_bytes_of_a_snapshot_have_the_terms_and_give_them_back(
    books: Engine, tmp_path: Path
) -> None:
    bring(books, tmp_path / "terms", ["H2", SEASON, "19.5", "600.00", "20:0.5; 16:1", "", ""])
    own = taken(books)
    kept = '{"agreed":"19.5","bands":[["20","1/2"],["16","1"]],"basic_fee":"600.00"}'
    assert own.terms == ("", kept, "", "")
    assert snapshot_of(own.canonical(), own.sha256()).terms == own.terms


def test_a_corrected_term_touches_exactly_the_household_that_carries_it(
    books: Engine, tmp_path: Path
) -> None:
    rows = [["H1", SEASON, "19", "", "", "", ""], ["H3", SEASON, "20", "", "", "", ""]]
    bring(books, tmp_path / "first", *rows)
    before = taken(books)
    bring(books, tmp_path / "second", ["H3", SEASON, "21", "", "", "", ""], reason="misread")
    found = changed(before, taken(books), NONE)
    assert (found.why_all, np.flatnonzero(found.rows).tolist()) == (None, [2])
    add(books, facts.Refusal(household_id=12, at=local(12)))
    found = changed(replace(before, terms=()), taken(books), NONE)
    assert np.flatnonzero(found.rows).tolist() == [0, 1, 2]


def test_every_room_of_a_user_who_is_not_residential_counts(books: Engine, tmp_path: Path) -> None:
    shop = ["H1", SEASON, "18", "", "18:1/2", "No. 7", "non_residential"]
    home = ["H2", SEASON, "18", "", "18:1/2", "No. 8", "residential"]
    bring(books, tmp_path / "terms", shop, home)
    own = taken(books)
    assert own.room_code == ("H1-bed", "H1-bath", "H2-bed", "H3-bed", "H4-bed")
    assert [terms_of(each).document for each in own.terms] == ["No. 7", "", "", ""]
    add(
        books,
        facts.MeasurementRecord(
            room_id=31, at=local(12, 9), celsius=Decimal(17), signed_by="Li; Wu"
        ),
    )
    assert taken(books).measurements.count().tolist() == [0, 1, 0, 0, 0]


def test_a_fee_and_terms_that_change_pay_what_the_same_facts_pay_as_a_file(
    books: Engine, tmp_path: Path
) -> None:
    """H1's cold days are 10 to 15 January; its fee and terms change on the 12th."""
    law = load("CN-XJ-URUMQI-2002")
    first = {"agreed": "19", "bands": [["19", "1/3"], ["16", "1"]]}
    later = {
        "agreed": "18",
        "bands": [["18", "1/2"]],
        "season_fee": "1210.00",
        "document": "annex 1",
    }
    midnight = f"{local(12):%Y-%m-%dT%H:%M}"
    rows = [
        ["H1", SEASON, "19", "", "19:1/3; 16:1", "", "", "", "", "", ""],
        ["H1", SEASON, "18", "", "18:1/2", "annex 1", "", "", f"{midnight}+08:00", "", "1210.00"],
    ]
    bring(books, tmp_path / "terms", *rows)
    snapshot = taken(books)
    assert snapshot_of(snapshot.canonical(), snapshot.sha256()).changes == snapshot.changes
    own = settle(snapshot, source(readings()), law, flush=0, trial=True).results[0]
    facts_ = as_file(first) | {
        "contract_changes": [{"since": midnight, **later}],
        "measurements": [],
    }
    expected = settle_facts(facts_, law)
    assert answer_of(own) == answer_of(expected)
    assert len(expected.lines) == 2
    assert [each["text"] for each in own.steps if each["step"] == "terms_of_days"] == [
        each["text"] for each in expected.steps if each["step"] == "terms_of_days"
    ]


def test_another_fee_of_the_begin_is_the_fee_of_the_snapshot(books: Engine, tmp_path: Path) -> None:
    fee = ["H2", SEASON, "", "", "", "", "", "", "", "", "999.00"]
    bring(books, tmp_path / "terms", fee, reason="half the flat was sold")
    own = taken(books)
    assert (own.fee[1], own.terms, own.changes) == ("999.00", (), ())
    assert Stakes(*linked(books)).fee[12] == Decimal("2420.00")


def linked(books: Engine) -> Any:
    return books.connect(), season(books)


@pytest.mark.parametrize(
    ("since", "total"), [(None, "60.00"), ("2025-03-01", "50.00"), ("2025-01-12", "60.00")]
)
def test_other_rooms_of_a_home_count_on_the_days_on_which_it_is_no_dwelling(
    books: Engine, tmp_path: Path, since: str | None, total: str
) -> None:
    """A record of 12 °C in the bathroom on 12 January, which a dwelling is not owed."""
    add(
        books,
        facts.MeasurementRecord(
            room_id=31, at=local(12, 9), celsius=Decimal(12), signed_by="Li; Wu"
        ),
    )
    begin = f"{since}T00:00+08:00" if since else ""
    row = ["H1", SEASON, "18", "", "18:1/2; 14:1", "No. 7", "non_residential", "", begin, "", ""]
    bring(books, tmp_path / "terms", row, reason="let as a shop")
    shot = taken(books)
    assert any(shot.room_kind) == (since is not None)
    assert snapshot_of(shot.canonical(), shot.sha256()).room_kind == shot.room_kind
    for policy, owed in (("CN-HA-2018", total), ("CN-NM-ORDOS", "0.00")):
        own = settle(shot, source(readings()), load(policy), flush=0, trial=True).results[0]
        assert str(own.total) == owed
