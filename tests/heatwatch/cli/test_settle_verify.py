"""`heatwatch settle verify --run`: a run is recomputed from what was kept of it, for good."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text, update

from heatwatch.cli.app import run
from heatwatch.wiring import World
from store.books import facts
from store.books import registry as reg
from store.books.ledger import FrozenInput, SettlementRun
from tests.actors import changing
from tests.analytics.books import SEASON, add, local, readings
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.towns import answer, bring, contradict, town

WRONG_CALL, ANSWER_IS_NO = 2, 5
VERIFY = ("settle", "verify", "--run", "1")
DRAFT = ("settle", "draft", "--season", SEASON)


class Town:
    """A world whose run 1 is drafted."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config, self.world = town(folder)
        self._capsys = capsys

    def says(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        return answer(self.config, self._capsys, *arguments, code=code)

    def change(self, *statements: Any) -> None:
        with changing(self.world.books) as session:
            for each in statements:
                session.execute(each)


@pytest.fixture
def city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Town]:
    made = Town(tmp_path, capsys)
    yield made
    made.world.books.dispose()


def test_a_run_holds_and_says_what_it_was_computed_from(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    drafted = city.says(*DRAFT)
    told = city.says(*VERIFY)
    assert (told["holds"], told["why"], told["differs"]) == (True, "", None)
    assert told["run"]["snapshot_sha256"] == drafted["snapshot_sha256"]
    assert told["recomputed_sha256"] == told["run"]["results_sha256"] != ""
    assert run([*VERIFY, "--lang", "en", "--config", str(city.config)]) == 0
    shown = capsys.readouterr().out
    for words in ("Run 1 holds", "CNY 180.00", "data version", drafted["snapshot_sha256"][:12]):
        assert words in shown


# -- what was changed since asks nothing of the run -----------------------------------------


def test_it_holds_after_the_registry_was_changed(city: Town) -> None:
    before = city.says(*DRAFT)
    city.change(
        update(reg.Place).where(reg.Place.id == 11).values(code="H1-new"),
        update(facts.Contract).values(season_fee=Decimal("1000.00")),
        delete(facts.Contract).where(facts.Contract.household_id == 12),
        delete(facts.Request),
        delete(facts.OutageRecord),
        update(reg.Series).where(reg.Series.id == 3).values(place_id=24),
        update(reg.Season).values(until=local(12), policy="CN-HA-LY-2018"),
    )
    assert city.says(*DRAFT)["total"] != before["total"]
    assert city.says(*VERIFY)["holds"] is True


def test_it_holds_after_its_policy_file_was_edited_and_then_removed(
    city: Town, tmp_path: Path
) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    text = city.config.read_text("utf-8")
    city.config.write_text(f'{text}\n[law]\npolicies = "policies"\n', encoding="utf-8")
    mine = folder / "mine.toml"
    mine.write_text(at_20_degrees(), encoding="utf-8")
    city.change(update(reg.Season).values(policy="CN-HA-2018-at-20"))
    confirm = (
        "policy",
        "confirm",
        "CN-HA-2018-at-20",
        "--document",
        "gazette",
        "--date",
        "2024-10-08",
    )
    city.says(*confirm)
    before = city.says(*DRAFT)
    assert before["what_if"] is False
    mine.write_text(at_20_degrees().replace('refund = "1/2"', 'refund = "1/4"'), encoding="utf-8")
    city.says(*confirm)
    after = city.says(*DRAFT)
    assert (after["policy"], after["total"] != before["total"]) == (before["policy"], True)
    assert city.says(*VERIFY)["holds"] is True
    mine.unlink()
    assert city.says(*VERIFY)["holds"] is True
    reviewed = city.says("settle", "review", "--season", SEASON)
    assert (reviewed["run"]["run"], reviewed["run"]["total"]) == (2, after["total"])


def test_it_holds_after_later_readings_and_corrections_came_in(city: Town) -> None:
    before = city.says(*DRAFT)
    columns = readings()
    warmer = replace(columns, value=columns.value + 5_000)
    bring(city.world, warmer, revision=1)
    bring(city.world, replace(warmer, at_us=columns.at_us + 8 * 86_400_000_000))
    after = city.says(*DRAFT)
    assert (after["flush"], after["total"] != before["total"]) == (3, True)
    assert city.says(*VERIFY)["holds"] is True
    assert city.says("settle", "verify", "--run", "2")["holds"] is True


def test_it_holds_where_homes_are_undetermined_or_nothing_is_known_of_them(
    city: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(World, "now", lambda _: local(12, 12))  # the cold is not over
    city.change(update(reg.Series).where(reg.Series.id == 2).values(place_id=31))
    drafted = city.says(*DRAFT)
    assert drafted["reasons"].keys() >= {"still_cold", "nothing_known"}
    assert city.says(*VERIFY)["holds"] is True
    contradict(city.world, local(12, 6), (1, 2, 9))
    assert "undetermined" in city.says(*DRAFT)["reasons"]
    assert city.says("settle", "verify", "--run", "2")["holds"] is True


# -- what the books say was changed ---------------------------------------------------------


def test_readings_that_are_not_as_they_were_are_told_apart_from_changed_books(city: Town) -> None:
    city.says(*DRAFT)
    columns = readings()
    bring(city.world, replace(columns, value=columns.value + 5_000), revision=1)
    city.change(update(SettlementRun).values(flush=2))
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert (told["differs"]["household"], told["differs"]["kept"]) == ("H1", "50.00")
    assert "something else than when it was made" in told["why"]


def _cut(city: Town) -> None:
    city.change(update(FrozenInput).values(content=b"\x00"))


def _another(city: Town) -> None:
    """The policy's row gets the snapshot's bytes and the other way round."""
    with changing(city.world.books) as session:
        first, second = session.query(FrozenInput).where(FrozenInput.kind != "results").all()
        first.content, second.content = second.content, first.content


def _gone(city: Town) -> None:
    city.change(delete(FrozenInput).where(FrozenInput.kind == "policy"))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_cut, "the kept snapshot was changed: "),
        (_another, "the kept snapshot was changed: sha256 "),
        (_gone, "no policy of sha256 "),
    ],
)
def test_inputs_that_are_not_as_kept_are_told(
    city: Town, damage: Callable[[Town], None], said: str
) -> None:
    city.says(*DRAFT)
    damage(city)
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert (told["holds"], told["recomputed_sha256"]) == (False, "")
    assert said in told["why"]


def test_a_result_that_can_not_be_read_is_told_of_the_run(city: Town) -> None:
    city.says(*DRAFT)
    city.change(text("UPDATE settlement_result SET steps = '[' WHERE id = 2"))
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert told["holds"] is False
    assert "row 2 of table settlement_result can't be read" in told["why"]


def test_a_run_of_a_season_that_is_gone_is_a_finding_and_no_crash(city: Town) -> None:
    city.says(*DRAFT)
    city.says("settle", "approve", "--season", SEASON, "--by", "Li")
    file = str(city.world.books.url.database)
    with contextlib.closing(sqlite3.connect(file)) as link, link:
        link.execute("UPDATE settlement_run SET season_id = 77")  # foreign keys are off here
    gone = "run 1: its season is not in the books"
    told = city.says("settle", "verify", code=ANSWER_IS_NO)
    assert (told["holds"], told["broken"]["damage"]) == (False, "run")
    assert gone in told["broken"]["why"]
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert told["holds"] is False
    assert gone in told["why"]
    told = city.says("settle", "verify", "--all", code=ANSWER_IS_NO)
    assert {"books_file", "run"} <= {each["damage"] for each in told["findings"]}


# -- what can't be checked ------------------------------------------------------------------


def test_a_run_from_before_is_told_as_not_kept_and_still_shows(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    city.says(*DRAFT)
    city.change(update(SettlementRun).values(results_sha256=None), delete(FrozenInput))
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert told["holds"] is None
    assert told["why"] == "not kept, made before heatwatch kept what a settlement took"
    assert city.says("settle", "show", "--season", SEASON)["run"]["results_sha256"] is None
    assert run([*VERIFY, "--lang", "en", "--config", str(city.config)]) == ANSWER_IS_NO
    assert "Run 1 can't be checked" in capsys.readouterr().out


# -- a head that is kept elsewhere ----------------------------------------------------------


def test_a_head_that_an_approval_printed_is_looked_for(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    city.says(*DRAFT)
    head = city.says("settle", "approve", "--season", SEASON, "--by", "Li")["head"]
    told = city.says("settle", "verify", "--head", head.upper())
    assert (told["holds"], told["heads"]) == (True, [head])
    told = city.says("settle", "verify", "--head", "0" * 64, code=ANSWER_IS_NO)
    assert (told["holds"], told["broken"]["damage"]) == (False, "head")
    assert "cut off at its end, or it was written anew" in told["broken"]["why"]
    foreign = ["settle", "verify", "--head", "0" * 64, "--lang", "en", "--config", str(city.config)]
    assert run(foreign) == ANSWER_IS_NO
    said = " ".join(capsys.readouterr().out.split())
    assert "The ledger of company co does not have this head: no entry has the hash" in said
    for wrong in (["--head", "12"], ["--head", head, "--run", "1"]):
        assert run(["settle", "verify", *wrong, "--config", str(city.config)]) == WRONG_CALL
    assert "--head" in capsys.readouterr().err


def test_a_ledger_cut_off_at_its_end_holds_alone_and_not_against_the_head(city: Town) -> None:
    """As somebody with the books in hand cuts it: the run is a draft again, and no entry dangles."""
    city.says(*DRAFT)
    head = city.says("settle", "approve", "--season", SEASON, "--by", "Li")["head"]
    with city.world.books.begin() as link:
        link.execute(text("DELETE FROM ledger_entry"))
        link.execute(text("UPDATE settlement_run SET state = 'draft', approved_by = NULL"))
    assert city.says("settle", "verify")["holds"]
    told = city.says("settle", "verify", "--head", head, code=ANSWER_IS_NO)
    assert told["broken"]["damage"] == "head"


NAMES = {"gate-is-condition", "five-days-each-end", "unknown-pays-the-smaller"}


# -- explain --------------------------------------------------------------------------------


def test_explain_of_a_run_prints_the_interpretations_of_the_policy_it_was_made_under(
    city: Town, tmp_path: Path
) -> None:
    add(city.world.books, facts.Request(household_id=13, at=local(10, 6) + timedelta(minutes=1)))
    mine = tmp_path / "mine.toml"
    mine.write_text(at_20_degrees(), encoding="utf-8")
    city.says(*DRAFT, "--policy", str(mine))
    mine.unlink()
    told = city.says("explain", "H3", "--season", SEASON, "--run", "1")
    assert told["policy"] == "CN-HA-2018-at-20"
    assert {each["name"] for each in told["interpretations"]} >= NAMES


def test_explain_of_a_run_from_before_prints_those_of_the_policy_that_ships(city: Town) -> None:
    city.says(*DRAFT)
    city.change(delete(FrozenInput))
    told = city.says("explain", "H3", "--season", SEASON, "--run", "1")
    assert {each["name"] for each in told["interpretations"]} >= NAMES


def test_who_approved_alone_is_named_where_two_names_are_asked_for(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """A configuration of their own let the drafter approve; the company's asks for another."""
    city.says(*DRAFT)
    city.says("settle", "approve", "--season", SEASON)
    own = city.config.read_text("utf-8")
    assert run(["settle", "verify", "--config", str(city.config)]) == 0
    assert "is the same person" not in capsys.readouterr().err
    city.config.write_text(own.replace("approvals = 1", "approvals = 2"), "utf-8")
    assert run(["settle", "verify", "--config", str(city.config), "--lang", "en"]) == 0
    told = " ".join(capsys.readouterr().err.split())
    assert f"run 1 of season {SEASON} was drafted by" in told
    assert "is the same person: when it was approved, one name was enough" in told
