"""One hash for what a table held up to a change: it stays through imports, and no other change."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert, select, text, update

from store.books.changes import RegistryEdit, record
from store.evidence.seal import Seal, seal, sealed_tables
from store.evidence.since import last_change
from store.registry.importing import import_registry
from store.registry.kinds import KIND_OF
from store.registry.rows import Present
from tests.actors import at
from tests.analytics.books import NOW, fill
from tests.books import new_books


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Engine]:
    engine = new_books(tmp_path / "books.db")
    fill(engine)
    yield engine
    engine.dispose()


def seals(books: Engine, upto: int | None = None) -> tuple[int, dict[str, Seal | None]]:
    with books.connect() as link:
        change = last_change(link) if upto is None else upto
        return change, {name: seal(link, name, change) for name in sealed_tables()}


def bring(
    books: Engine, folder: Path, present: Present | None = None, **rows: list[dict[str, str]]
) -> None:
    """Imports rows with a reason; cells that are not given are empty."""
    paths = []
    for name, given in rows.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, KIND_OF[name].names)
            writer.writeheader()
            writer.writerows(given)
        paths.append(path)
    by = replace(at(NOW), reason="moved")
    report = import_registry(books, paths, by=by, present=present)
    assert not report.refused, report.refused


OLD = "2024-01-01T00:00Z"
H1 = {"code": "H1", "kind": "household", "parent": "B1", "since": OLD}
D2 = {"device": "d2", "channel": "t", "role": "room_temperature", "interval_s": "900"}
SEASON = {
    "code": "2024-25", "company": "co", "policy": "CN-HA-2018", "zone": "Asia/Shanghai",
    "since": "2024-11-15T00:00+08:00", "until": "2025-03-16T00:00+08:00",
}  # fmt: skip
FEE = {"household": "H1", "season": "2024-25", "season_fee": "999.00", "currency": "CNY"}


def bring_some_of_all(books: Engine, folder: Path) -> None:
    """New rows and changed ones, of registry and facts."""
    bring(
        books, folder,
        places=[H1 | {"name": "5-2", "area_m2": "80"}, H1 | {"code": "H9", "parent": "B2"}],
        series=[D2 | {"place": "H1-bed", "since": OLD}],
        seasons=[SEASON | {"design_outdoor": "-7"}],
        contracts=[FEE],
        requests=[{"household": "H3", "at": "2025-01-11T06:00+08:00"}],
    )  # fmt: skip


def test_what_was_there_stays_sealed_through_imports_and_corrections(
    books: Engine, tmp_path: Path
) -> None:
    upto, before = seals(books)
    assert all(each is not None for each in before.values())
    bring_some_of_all(books, tmp_path)
    bring(books, tmp_path, places=[H1 | {"name": "5-3", "parent": "B2"}])
    assert seals(books, upto)[1] == before
    later, now = seals(books)
    assert later > upto
    assert {name for name in now if now[name] != before[name]} == {
        "change_record", "registry_edit", "place", "series", "season", "contract", "request",
    }  # fmt: skip


KEYS = ("2024-01-01T08:00", "2024年1月1日8:00", "2024-01-01T08:00:00+08:00", OLD)


@pytest.mark.parametrize("as_kept", [True, False], ids=["kept now", "kept as the file had it"])
@pytest.mark.parametrize("since", KEYS)
def test_a_moved_sensor_stays_sealed_however_its_time_is_written(
    books: Engine, tmp_path: Path, since: str, as_kept: bool
) -> None:
    """A local time could not be read from the key of the change: what was tampered with afterwards was not named."""
    upto, before = seals(books)
    zone = Present(ZoneInfo("Asia/Shanghai"), NOW)
    bring(books, tmp_path, zone, series=[D2 | {"place": "H1-bed", "since": since}])
    with books.begin() as link:
        kept = {*link.scalars(select(RegistryEdit.key))}
        assert kept == {"d2 / t / 2024-01-01T00:00:00Z"}
        if not as_kept:
            link.execute(update(RegistryEdit).values(key=f"d2 / t / {since}"))
    assert seals(books, upto)[1]["series"] == before["series"]
    with books.begin() as link:
        link.execute(text("UPDATE series SET interval_s = 60 WHERE id = 2"))
    assert seals(books, upto)[1]["series"] not in (None, before["series"])


@pytest.mark.parametrize("key", ["d2 / t / when", "d2", "d2 / t / 1999-01-01T08:00"])
def test_a_change_of_no_row_opens_no_seal(books: Engine, key: str) -> None:
    upto, before = seals(books)
    with books.begin() as link:
        change = record(link, at(NOW), "registry import")
        edit = {"kind": "series", "key": key, "column": "interval_s", "before": "1", "after": "2"}
        link.execute(insert(RegistryEdit).values(change_id=change, **edit))
    assert seals(books, upto)[1]["series"] == before["series"] is not None
    with books.begin() as link:
        link.execute(text("UPDATE series SET place_id = 23 WHERE id = 1"))
    assert seals(books, upto)[1]["series"] not in (None, before["series"])


def test_of_two_placements_that_began_on_one_day_each_keeps_its_own_changes(
    books: Engine, tmp_path: Path
) -> None:
    local = Present(ZoneInfo("Asia/Shanghai"), NOW)
    first = D2 | {"channel": "u", "place": "H1-bed", "since": "2025-01-12T00:00"}
    second = first | {"since": "2025-01-12T08:00", "place": "H3-bed"}
    bring(books, tmp_path, local, series=[first | {"until": "2025-01-12T08:00"}, second])
    upto, before = seals(books)
    bring(books, tmp_path, local, series=[second | {"place": "H4-bed"}])
    with books.begin() as link:  # as it was kept before
        link.execute(update(RegistryEdit).values(key="d2 / u / 2025-01-12T08:00"))
    assert seals(books, upto)[1]["series"] == before["series"]


CHANGES = {
    "UPDATE contract SET season_fee = '1.00' WHERE id = 2": "contract",
    "UPDATE request SET ended_id = 1 WHERE id = 1": "request",
    "DELETE FROM outage_record": "outage_record",
    "UPDATE place SET name = 'x' WHERE id = 12": "place",
    "UPDATE series SET place_id = 23 WHERE id = 1": "series",
    "UPDATE device SET verified = 0 WHERE id = 1": "device",
    "UPDATE season SET zone = 'UTC'": "season",
    "UPDATE change_record SET actor = 'user:Wu'": "change_record",
    'INSERT INTO request (household_id, at, "by", change_id, source) '
    "VALUES (13, '2025-01-09 00:00:00', '', 1, '')": "request",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_nobody_recorded_breaks_the_seal_of_its_table(
    books: Engine, change: str
) -> None:
    upto, before = seals(books)
    with books.begin() as link:
        link.execute(text(change))
    now = seals(books, upto)[1]
    assert [name for name in now if now[name] != before[name]] == [CHANGES[change]]


def test_a_column_that_is_gone_can_not_be_held_against_its_seal(books: Engine) -> None:
    with books.connect() as link:
        assert seal(link, "place", 9, ("code", "no_such_column")) is None
        assert seal(link, "no_such_table", 9) is None
