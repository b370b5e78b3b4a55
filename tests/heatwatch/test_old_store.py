"""A store and configurations of the version before actors: they migrate, load and run."""

import csv
import io
import re
import sqlite3
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, create_engine, insert, select, text

from analytics.law.steps import shown
from analytics.ledger.drafts import by_number, kept
from analytics.ledger.verify import verify
from domain.actor import before_actors
from heatwatch.config import load
from heatwatch.wiring import open_world
from store.books.changes import ChangeRecord
from store.books.engine import open_books, parse
from store.books.ledger import LedgerEntry
from store.books.migrate import migrate
from store.books.registry import Place
from store.registry.export import export_registry
from tests.heatwatch.cli.sample import asked
from tests.heatwatch.towns import answer

OLD = Path(__file__).parents[1] / "store" / "old"
SEASON = ("--season", "2024-25")
BEFORE = "unknown:before version 0.2.0"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The old store, unpacked: its configuration."""
    with tarfile.open(fileobj=io.BytesIO((OLD / "store.tar.xz").read_bytes())) as archive:
        for (
            member
        ) in archive:  # Debian 12's Python 3.11.2 knows no filter= yet, and the file is ours
            archive.extract(member, tmp_path)
    return tmp_path / "heatwatch.toml"


def test_an_old_store_migrates_and_every_command_reads_it(
    old: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = answer(old, capsys, "registry", "export", str(tmp_path / "out"))["rows"]
    assert (rows["places"], rows["contracts"], rows["measurements"], rows["outages"]) == (
        15,
        4,
        1,
        1,
    )
    shown = answer(old, capsys, "settle", "show", *SEASON, "--run", "1")["run"]
    assert (shown["total"], shown["state"]) == ("190.00", "approved")
    assert (shown["drafted_by"], shown["approved_by"]) == (BEFORE, BEFORE)
    assert answer(old, capsys, "settle", "verify")["holds"] is True
    assert answer(old, capsys, "settle", "verify", "--run", "1")["holds"] is True
    alert = asked(capsys, "alerts", "list", "--all", "-c", str(old))[1][0]
    assert (alert["kind"], alert["place"]) == ("make_up_leak", "S1-01")
    assert alert["acknowledged_by"] == "user:Li Wei"
    cases = asked(capsys, "case", "list", "--all", "-c", str(old))[1]
    assert [(each["opened_by"], each["done_by"]) for each in cases] == [(BEFORE, BEFORE)] * 2
    filed = answer(
        old, capsys, "report", "daily", "--date", "2025-01-12", "--out", str(tmp_path / "r")
    )
    assert filed["files"]


def test_the_steps_of_an_old_stores_runs_are_shown_in_chinese(old: Path) -> None:
    world = open_world(old)
    steps = [step for run in (1, 2) for each in kept(world.books, run) for step in each.steps]
    assert len(steps) > 20
    for step in steps:
        assert re.search("[\u4e00-\u9fff]", shown(step, "zh")), step
        assert not re.search("[\u4e00-\u9fff]", shown(step, "en")), step


def test_an_old_store_flushes_what_its_journal_held_and_goes_on(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = open_world(old)
    flush = world.readings.flush(world.now())
    assert flush.number == 2
    assert sum(part.num_rows for part in world.lake.scan(flushes=(2, 2), columns=["series"])) == 4
    drafted = answer(old, capsys, "settle", "draft", *SEASON, "--by", "Li Wei")
    approved = answer(old, capsys, "settle", "approve", *SEASON, "--by", "Wang")
    assert (approved["run"], approved["approved_by"]) == (drafted["run"], "user:Wang")
    assert answer(old, capsys, "settle", "verify")["holds"] is True
    world.books.dispose()


def test_an_approval_from_before_gets_its_entry_and_is_covered_from_then_on(old: Path) -> None:
    world = open_world(old)
    with world.books.connect() as link:
        entries = select(LedgerEntry.number, LedgerEntry.kind, LedgerEntry.version)
        found = link.execute(entries.order_by(LedgerEntry.number)).all()
    assert found[:4] == [(number, "refund", 1) for number in range(1, 5)]
    assert found[4:] == [(5, "approval", 3)]
    with world.books.begin() as link:
        link.execute(text("UPDATE settlement_run SET approval_reason = 'x' WHERE id = 1"))
    broken = verify(world.books)
    world.books.dispose()
    assert broken is not None
    assert (broken.number, broken.kind, broken.company) == (5, "approval", "co")


def test_an_actor_put_into_an_old_entry_breaks_the_ledger(old: Path) -> None:
    world = open_world(old)
    with world.books.begin() as link:
        link.execute(text("UPDATE ledger_entry SET approved_by = 'user:Wu' WHERE number = 3"))
    broken = verify(world.books)
    world.books.dispose()
    assert broken is not None
    assert (broken.number, str(broken.why)) == (
        3, "its actors were changed: they were not kept when it was made",
    )  # fmt: skip


def test_old_books_on_postgresql_migrate_too(old: Path, postgres: str) -> None:
    copied(old.parent / "var" / "books.sqlite", postgres)
    books = open_books(postgres)
    assert verify(books) is None
    assert by_number(books, 1).approved_by == before_actors()
    with books.connect() as link:
        record = select(ChangeRecord.actor).join(Place, Place.change_id == ChangeRecord.id)
        assert set(link.execute(record).scalars()) == {before_actors()}
    books.dispose()


#: Old table -> file of the registry, and columns that are called otherwise there; those that name a row, and its table.
OLD_TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "place": ("places", {"parent_id": "parent"}),
    "device": ("devices", {}),
    "series": ("series", {"device_id": "device", "place_id": "place"}),
    "season": ("seasons", {"company_id": "company"}),
    "tariff": ("tariffs", {}),
    "contract": (
        "contracts", {"household_id": "household", "season_id": "season", "tariff_id": "tariff"}
    ),
    "request": ("requests", {"household_id": "household"}),
    "act": ("measurements", {"room_id": "room"}),
    "outage_record": ("outages", {"place_id": "place"}),
    "user_fault": ("user_faults", {"household_id": "household"}),
    "refusal": ("refusals", {"household_id": "household"}),
}  # fmt: skip
REFERS = {
    "device_id": "device", "season_id": "season", "tariff_id": "tariff",
    **dict.fromkeys(("parent_id", "place_id", "company_id", "household_id", "room_id"), "place"),
}  # fmt: skip
FLAGS = {"verified", "standing_consent", "planned"}
#: Of kinds that the old store has none of, and of columns that are empty in all of its rows.
MORE = """
INSERT INTO tariff (id, code, price, currency) VALUES (1, 'std', '22.50', 'CNY');
UPDATE contract SET tariff_id = 1, season_fee = '2420.1250' WHERE id = 1;
INSERT INTO user_fault (household_id, since, until, clause, evidence) VALUES
    (12, '2025-01-12 00:00:00.000000', '2025-01-13 16:30:15.250000', '第三十五条', '暖气片被遮挡, "2"'),
    (13, '2025-01-12 00:00:00.000000', NULL, 'art. 35', 'window');
INSERT INTO refusal (household_id, at, evidence) VALUES (14, '2025-01-13 01:00:00.000001', '无人开门');
UPDATE place SET area_m2 = '89.50', address = '幸福路1号', name_en = 'Flat' WHERE id = 11;
UPDATE place SET until = '2026-01-01 00:00:00.000000' WHERE id = 24;
UPDATE device SET model = 'TH-1' WHERE id = 1;
UPDATE series SET until = '2025-02-01 00:00:00.000000' WHERE id = 2;
UPDATE request SET "by" = 'phone' WHERE id = 1;
UPDATE outage_record SET evidence = 'log 7', planned = 1 WHERE id = 1;
"""


def test_an_old_store_keeps_every_cell(old: Path, tmp_path: Path) -> None:
    path = old.parent / "var" / "books.sqlite"
    before = cells(path)
    assert_exported(f"sqlite:///{path}", before, tmp_path / "out")


def test_old_books_on_postgresql_keep_every_cell(old: Path, tmp_path: Path, postgres: str) -> None:
    path = old.parent / "var" / "books.sqlite"
    before = cells(path)
    copied(path, postgres)
    assert_exported(postgres, before, tmp_path / "out")


def assert_exported(url: str, before: dict[str, list[dict[str, str]]], folder: Path) -> None:
    """The export of these books has the rows of before, to the cell."""
    books = open_books(url)
    export_registry(books, folder)
    books.dispose()
    for kind, rows in before.items():
        with (folder / f"{kind}.csv").open(encoding="utf-8-sig", newline="") as file:
            found = [{name: row[name] for name in rows[0]} for row in csv.DictReader(file)]
        assert sorted(found, key=str) == sorted(rows, key=str), kind


def cells(path: Path) -> dict[str, list[dict[str, str]]]:
    """File of the registry -> its rows as cells, of old books that have some of each kind from here on."""
    link = sqlite3.connect(path)
    link.executescript(MORE)
    link.row_factory = sqlite3.Row
    tables = {name: link.execute(f"SELECT * FROM {name}").fetchall() for name in OLD_TABLES}
    link.close()
    codes = {name: {row["id"]: row["code"] for row in tables[name]} for name in {*REFERS.values()}}

    def cell(column: str, value: object) -> str:
        if value is None:
            return ""
        if column in REFERS:
            return str(codes[REFERS[column]][value])
        if column in FLAGS:
            return "true" if value else "false"
        time = re.fullmatch(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{6})", str(value))
        return (
            str(value) if time is None else f"{time[1]}T{time[2]}{time[3].replace('.000000', '')}Z"
        )

    found = {}
    for name, (kind, called) in OLD_TABLES.items():
        assert tables[name], f"the old store has no {name}"
        columns = [each for each in tables[name][0].keys() if each != "id"]  # noqa: SIM118
        found[kind] = [
            {called.get(column, column): cell(column, row[column]) for column in columns}
            for row in tables[name]
        ]
    return found


def copied(path: Path, url: str) -> None:
    """The rows of old books on SQLite, in a PostgreSQL of the same revision."""
    source = create_engine(f"sqlite:///{path}")
    target: Engine = create_engine(parse(url), connect_args={"options": "-c timezone=UTC"})
    migrate(target, "0003")
    tables = MetaData()
    tables.reflect(target)
    with source.connect() as reader, target.begin() as writer:
        writer.execute(text("DELETE FROM registry_version"))
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            typed = select(table).order_by(*table.primary_key.columns)
            if rows := [dict(row._mapping) for row in reader.execute(typed)]:
                writer.execute(insert(table), rows)
    source.dispose()
    target.dispose()


@pytest.mark.parametrize("name", ["sample", "docker", "nis-l4"])
def test_an_old_configuration_loads_as_it_is(name: str) -> None:
    config = load(OLD / "config" / f"{name}.toml", {})
    assert config.settlement.approvals == 1
    assert config.city.name
