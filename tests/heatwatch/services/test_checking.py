"""Everything that money rests on is checked at once, and each damage is named by its kind."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from analytics.ledger.damage import Damage
from analytics.ledger.entries import approve
from heatwatch.cli.app import run
from heatwatch.services.checking import check_all
from heatwatch.services.settling import draft
from heatwatch.wiring import World, open_world
from store.books.watch import Checkpoint
from tests.actors import TESTER, at
from tests.analytics.books import NOW, SEASON
from tests.heatwatch.towns import answer, town
from tests.store.batches import hours, keep

WRONG_CALL, ANSWER_IS_NO = 2, 5


@pytest.fixture
def world(tmp_path: Path) -> World:
    _, made = town(tmp_path)
    approve(made.books, draft(made, SEASON, TESTER).run, at(NOW))
    draft(made, SEASON, TESTER)
    return made


def damages(world: World) -> set[Damage]:
    return {each.damage for each in check_all(world)}


def test_what_is_as_it_was_holds_and_every_part_is_named_on_the_way(world: World) -> None:
    named: list[Any] = []
    assert (
        check_all(world, progress=lambda what, done, total: named.append((what, done, total))) == []
    )
    assert [done for _, done, _ in named] == [*range(len(named))]
    assert len({str(what) for what, _, _ in named}) == len(named) == named[0][2]


CHANGES = {
    "UPDATE ledger_entry SET amount = '1.00' WHERE number = 1": Damage.ENTRY,
    "UPDATE settlement_result SET steps = '[]' WHERE run_id = 2": Damage.RESULTS,
    "UPDATE settlement_run SET total = '1.00' WHERE id = 2": Damage.RESULTS,
    "UPDATE frozen_input SET content = x'00' WHERE kind = 'policy'": Damage.INPUTS,
    "UPDATE measurement_record SET celsius = '1'": None,
    "UPDATE contract SET season_fee = '1.00'": Damage.EVIDENCE,
    "UPDATE contract SET season_fee = 'x'": Damage.ROW,
    "UPDATE season SET policy = 'CN-XX'": Damage.POLICY_FILE,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_in_the_books_is_named(world: World, change: str) -> None:
    with world.books.begin() as link:
        link.execute(text(change))
    damage = CHANGES[change]
    found = damages(world)
    assert damage in found if damage else not found


def test_damaged_files_of_readings_and_journal_are_named(world: World) -> None:
    keep(world.journal, hours(5))
    with world.journal._engine.begin() as link:
        link.execute(text("UPDATE journal_batch SET data = x'00'"))
    assert damages(world) == {Damage.JOURNAL}
    folder = world.lake.place.folder
    assert folder is not None
    file = next(folder.glob("month=*/*.parquet"))
    file.write_bytes(file.read_bytes()[:-9])
    found = check_all(world)
    assert {each.damage for each in found} == {Damage.JOURNAL, Damage.LAKE_FILE}
    assert any(file.name in str(each.why) for each in found)


@pytest.mark.parametrize("who", ["alerts", "store.lake"])
def test_a_journal_that_ends_before_what_others_have_of_it_is_named(world: World, who: str) -> None:
    keep(world.journal, hours(5))
    if who == "store.lake":
        assert world.readings.flush(NOW).last_batch == 1
    else:
        with Session(world.books) as session, session.begin():
            session.add(Checkpoint(follower=who, batch=1, state={}))
    assert damages(world) == set()
    with world.journal._engine.begin() as link:  # as SQLite drops a commit whose log is damaged
        link.execute(text("UPDATE journal_state SET batches = 0, trimmed = 0"))
        link.execute(text("DELETE FROM journal_batch"))
    (found,) = check_all(world)
    assert found.damage is Damage.JOURNAL
    assert f"ends with batch 0, though {who} has had batch 1" in str(found.why)


def test_the_command_names_each_damage_and_says_no(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    config = world.path
    told = answer(config, capsys, "settle", "verify", "--all")
    assert (told["holds"], told["findings"]) == (True, [])
    assert run(["settle", "verify", "--all", "--lang", "en", "--config", str(config)]) == 0
    assert "Everything holds" in capsys.readouterr().out
    with open_world(config).books.begin() as link:
        link.execute(text("UPDATE request SET at = '2025-01-01 00:00:00.000000' WHERE id = 1"))
    told = answer(config, capsys, "settle", "verify", "--all", code=ANSWER_IS_NO)
    assert [each["damage"] for each in told["findings"]] == ["evidence"] * 2
    by_change, by_run = (each["why"] for each in told["findings"])
    assert "change 1 (" in by_change
    assert "before run 1 was approved" in by_run
    told = answer(
        config, capsys, "settle", "verify", "--all", "--head", "0" * 64, code=ANSWER_IS_NO
    )
    assert [each["damage"] for each in told["findings"]] == ["head", "evidence", "evidence"]
    assert told["findings"][0]["why"].startswith("no entry has the hash 0000")
    assert run(["settle", "verify", "--all", "--run", "1", "--config", str(config)]) == WRONG_CALL
    assert "--all" in capsys.readouterr().err


def test_a_log_of_the_lake_that_was_cut_anywhere_is_named_as_such(world: World) -> None:
    """Cut inside an object of its JSON it ended the check as a fault of ours."""
    (*_, last) = sorted((world.path.parent / "var" / "lake" / "_delta_log").glob("*.json"))
    whole = last.read_bytes()
    for length in sorted({*range(0, len(whole) - 1, len(whole) // 24), 348}):
        last.write_bytes(whole[:length])
        found = {each.damage for each in check_all(open_world(world.path))}
        assert Damage.LAKE_FILE in found, length
    last.write_bytes(whole)
    assert check_all(open_world(world.path)) == []
