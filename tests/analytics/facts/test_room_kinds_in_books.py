"""Kinds of room come from the registry: use and corner, recorded, corrected and withdrawn."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Engine

from analytics.facts.from_books import take
from analytics.facts.room_kinds_in_books import rooms_say, with_room_kinds
from analytics.facts.snapshot import Snapshot, snapshot_of
from analytics.settlement.restate import changed
from domain.actor import By, user
from domain.contract_terms import ContractTerms
from domain.time import Span
from domain.tree import RoomUse
from store.books import facts
from store.evidence.withdraw import Withdrawal, withdraw
from store.registry.importing import import_registry
from store.registry.places import tree
from tests.analytics.books import NOW, add, season
from tests.store.city import write_city

LI = By(user("Li Wei"), NOW - timedelta(days=1), "seen on site")
WINTER = "2024-11-15T00:00:00+08:00", "2025-03-16T00:00:00+08:00"


def taken(books: Engine) -> Snapshot:
    every = frozenset({RoomUse.BEDROOM, RoomUse.BATHROOM})
    return with_room_kinds(books, take(books, season(books), NOW, uses=every))


def kinds(books: Engine) -> dict[str, str]:
    snapshot = taken(books)
    return dict(zip(snapshot.room_code, snapshot.room_kind, strict=True))


def bring(books: Engine, folder: Path, *rows: list[str]) -> None:
    files = [write_city(folder, {"corner_rooms": list(rows)})]
    assert import_registry(books, files, by=LI).clean


def test_rooms_are_what_the_registry_says_and_other_uses_are_taken_when_asked_for(
    books: Engine, tmp_path: Path
) -> None:
    assert kinds(books)["H1-bath"] == "bathroom"
    assert "H1-bath" not in take(books, season(books), NOW).room_code
    bring(books, tmp_path / "one", ["H2-bed", "2024-12-24T00:00:00+08:00", "", "plan 4"])
    assert kinds(books)["H2-bed"] == "bedroom+corner"
    assert kinds(books)["H1-bed"] == "bedroom"


def test_a_corner_room_is_one_in_the_seasons_that_its_span_touches(
    books: Engine, tmp_path: Path
) -> None:
    before = ["H1-bed", "2020-01-01T00:00:00+08:00", WINTER[0], ""]
    after = ["H2-bed", WINTER[1], "", ""]
    first_day = ["H3-bed", "2020-01-01T00:00:00+08:00", "2024-11-15T00:00:01+08:00", ""]
    bring(books, tmp_path / "spans", before, after, first_day)
    found = kinds(books)
    assert [found[f"H{i}-bed"] for i in (1, 2, 3)] == ["bedroom", "bedroom", "bedroom+corner"]


def test_recording_a_corner_changes_its_household_alone_and_a_withdrawal_takes_it_back(
    books: Engine, tmp_path: Path
) -> None:
    before = taken(books)
    bring(books, tmp_path / "late", ["H2-bed", WINTER[0], "", "plan 4"])
    after = taken(books)
    found = changed(before, after, np.empty(0, dtype=np.int32))
    assert after.household[found.rows].tolist() == [12]
    assert snapshot_of(after.canonical(), after.sha256()).room_kind == after.room_kind
    gone = Withdrawal("corner_rooms", f"H2-bed / {WINTER[0]}", "another flat")
    withdraw(books, [gone], LI, tree(books), ZoneInfo("Asia/Shanghai"))
    assert taken(books).sha256() == before.sha256()


def test_rooms_of_kinds_by_column_are_those_that_a_snapshot_names(
    books: Engine, tmp_path: Path
) -> None:
    for each in ("H2-bed", "H1-bath"):
        bring(books, tmp_path / each, [each, "2024-12-24T00:00:00+08:00", "", "plan 4"])
    own, snapshot = season(books), taken(books)
    shop = facts.ContractTerms(household_id=13, season_id=own.id, use="commercial", document="c 3")
    agreed = facts.ContractTerms(household_id=12, season_id=own.id, agreed=Decimal("20.50"))
    add(books, agreed, shop, facts.ContractTerms(household_id=11, season_id=own.id))
    say = rooms_say(books, Span(own.since, own.until), {"bathroom", "corner"}, own.id, own.since)
    ids = dict(zip(snapshot.room_code, snapshot.rooms.columns[0].tolist(), strict=True))
    wanted: dict[str, list[int]] = {}
    for code, kind in zip(snapshot.room_code, snapshot.room_kind, strict=True):
        if kind != "bedroom":
            wanted.setdefault(kind.replace("bedroom+", ""), []).append(ids[code])
    assert {kind: found.tolist() for kind, found in say.rooms.items()} == wanted
    assert set(wanted) == {"bathroom+corner", "corner"}
    assert {terms: homes.tolist() for terms, homes in say.contracts.items()} == {
        ContractTerms(Decimal("20.5")): [12],
        ContractTerms(use="commercial"): [13],
    }
    assert rooms_say(books, Span(own.since, own.until), {"kitchen"}, own.id, own.since).rooms == {}
