"""Letters of runs: from what a run kept, in files that are written once."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from analytics.ledger.drafts import Drafted, newest
from analytics.ledger.entries import approve
from domain.actor import user
from domain.columns import Columns
from domain.errors import WrongCall
from domain.time import to_us
from heatwatch.services.letters import Letters, computed, file_name, write_all
from heatwatch.services.settling import draft
from heatwatch.wiring import World
from reports.letters.page import to_text
from store.books.changes import record
from store.books.facts import MeasurementRecord, Request
from store.books.ledger import FrozenInput
from tests.actors import at
from tests.analytics.books import SEASON, add, local, readings
from tests.heatwatch.moved_contract import OF_OTHER, OF_SEASON, OTHER, WHY, moved
from tests.heatwatch.towns import bring, town


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    _, made = town(tmp_path)
    yield made
    made.books.dispose()


def run_of(world: World) -> Drafted:
    number = draft(world, SEASON, user("Li Wei")).run
    return newest(world.books, SEASON, number)


def test_a_letter_is_of_its_run_whatever_is_recorded_later(world: World) -> None:
    add(
        world.books,
        MeasurementRecord(room_id=21, at=local(12, 10), celsius=Decimal("16.5"), signed_by="a; b"),
    )
    run = run_of(world)
    first = to_text(Letters(world, run).letter("H1"), "en")
    assert b"16.5 \xc2\xb0C" in first
    later = at(run.made_at + timedelta(days=1))
    with Session(world.books) as session, session.begin():
        record(session.connection(), later, "test")
        session.add(Request(household_id=11, at=local(11, 6)))
    bring(world, readings(), revision=1)
    assert to_text(Letters(world, run).letter("H1"), "en") == first


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_letter_has_what_its_run_took_whatever_the_clocks_said(world: World, hours: int) -> None:
    """A fact that came after the draft under a clock that was set back stood in the letter, and one from
    before it under a clock ahead did not."""
    made = world.now()
    for day, when in ((11, timedelta(hours=1)), (12, timedelta(hours=hours))):
        if day == 12:
            run = run_of(world)
        with Session(world.books) as session, session.begin():
            record(session.connection(), at(made + when), "test")
            session.add(Request(household_id=11, at=local(day, 6)))
    letters = Letters(world, run)
    assert [each.at for each in letters.letter("H1").facts.requests] == [local(10, 6), local(11, 6)]
    assert [letters.told_otherwise(code) for code in ("H1", "H2")] == [True, False]


def test_a_value_that_stood_still_for_weeks_is_drawn_as_unknown(world: World) -> None:
    """As the settlement takes it: the curve must not contradict the sum."""
    at_us = np.arange(to_us(local(9)), to_us(local(9) + timedelta(days=24)), 900 * 1_000_000)
    size = at_us.size
    frozen = Columns(
        np.array([1], dtype=np.int32), np.array([0, size]), at_us.astype(np.int64),
        np.full(size, 16_300), np.zeros(size, dtype=np.uint8),
    )  # fmt: skip
    bring(world, frozen, revision=1)
    letter = Letters(world, run_of(world)).letter("H1")
    why = [str(each.why) for each in letter.unknown]
    assert any("unchanged for too long" in each for each in why), why


def test_a_letter_of_an_approved_run_is_dated_and_signed(world: World) -> None:
    run = run_of(world)
    assert "draft" in file_name("H1", run, "pdf", "zh")
    approve(world.books, run.run, at(world.now(), "Wang Fang"), 1, world.policies)
    approved = newest(world.books, SEASON, run.run)
    letter = Letters(world, approved).letter("H1")
    assert letter.run is not None
    assert (letter.run.approved, str(letter.run.approved_by)) == (True, "user:Wang Fang")
    assert file_name("H1", approved, "pdf", "zh") == f"H1_{SEASON}_run{run.run}.zh.pdf"


def test_a_letter_of_a_correction_names_the_run_before_and_the_first_does_not(
    world: World,
) -> None:
    first = run_of(world)
    approve(world.books, first.run, at(world.now(), "Wang Fang"), 1, world.policies)
    add(world.books, Request(household_id=13, at=local(10, 6)))
    second = run_of(world)
    assert Letters(world, first).letter("H3").earlier is None
    earlier = Letters(world, second).letter("H3").earlier
    assert earlier is not None
    assert (earlier.run, str(earlier.total)) == (first.run, "15.00")
    assert [each["kind"] for each in earlier.differences] == ["temperature"]


def test_a_computed_letter_is_in_no_run_and_may_be_under_another_policy(world: World) -> None:
    own = computed(world, SEASON, "H1")
    assert (own.run, str(own.total)) == (None, "50.00")
    other = computed(world, SEASON, "H1", "CN-HA-LY-2018")
    assert other.terms.id == "CN-HA-LY-2018"


def test_a_letter_shows_the_request_by_which_its_refund_is_claimed(world: World) -> None:
    """Made after the season: it said "no requests" beside "claimed by the request of 1 April"."""
    failed = (local(11, 10), local(25, 10))
    add(
        world.books,
        *(
            MeasurementRecord(room_id=23, at=at, celsius=Decimal(15), signed_by="a; b")
            for at in failed
        ),
        Request(household_id=13, at=local(1, 9, month=4), by="Li Wei"),
        Request(household_id=13, at=local(20, month=11)),  # of the next season
    )
    own = computed(world, SEASON, "H3", "CN-LN-2016-121")
    assert own.total > 0
    assert [each.at for each in own.facts.requests] == [local(1, 9, month=4)]
    assert b"claims the refund" in to_text(own, "en")
    assert b"no request" not in to_text(own, "en")
    assert computed(world, SEASON, "H3", "CN-SD-YANTAI").facts.requests == ()


def test_all_letters_are_written_and_a_second_call_goes_on_where_the_first_was(
    world: World, tmp_path: Path
) -> None:
    run, seen, folder = run_of(world), list[tuple[int, int]](), tmp_path / "letters"
    letters = Letters(world, run)

    def cut(done: int, of: int) -> None:
        seen.append((done, of))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_all(letters, run, folder, "html", "en", cut)
    kept = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert len(kept) == 2
    done = write_all(letters, run, folder, "html", "en", lambda done, of: seen.append((done, of)))
    assert done == (2, 2)
    assert {path.name for path in folder.iterdir()} == {
        f"H{i}_{SEASON}_run{run.run}-draft.en.html" for i in range(1, 5)
    }
    assert all(path.stat().st_mtime_ns == before for path, before in kept.items())
    assert seen[-1] == (4, 4)


def test_a_household_that_the_run_does_not_have_is_a_wrong_call(world: World) -> None:
    run = run_of(world)
    with pytest.raises(WrongCall, match="household 'H9' is not in run"):
        Letters(world, run).letter("H9")


def test_a_run_whose_inputs_are_gone_says_so(world: World) -> None:
    run = run_of(world)
    with Session(world.books) as session, session.begin():
        session.execute(delete(FrozenInput).where(FrozenInput.sha256 == run.snapshot_sha256))
    with pytest.raises(WrongCall, match=r"has no letters: no snapshot .* is in the books"):
        Letters(world, run)


@pytest.mark.parametrize("state", ["draft", "approved"])
def test_a_household_whose_contract_left_the_season_has_a_letter_of_the_correction(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], state: str
) -> None:
    """It had none: its refund went from 100.00 to 0.00, and nobody told it."""
    world, says = moved(tmp_path, capsys)
    if state == "approved":
        says("settle", "approve", *OF_SEASON)
    folder, ending = tmp_path / "letters", "text"
    written = (
        "--all",
        "--changed",
        *OF_SEASON,
        "--format",
        ending,
        "--out",
        str(folder),
        "--lang",
        "en",
    )
    assert says("explain", *written)["written"] == 1
    name = f"H2_{SEASON}_run2{'-draft' if state == 'draft' else ''}.en.txt"
    said = (folder / name).read_text(encoding="utf-8")
    for told in (
        "Refund: CNY 0.00\nthe household has no contract of this season any more\n",
        "came to CNY 100.00; now it is CNY 0.00, a difference of CNY -100.00.",
        "CNY 100.00 had been sent to the bank before, CNY 100.00 more than is due now.",
        f"a contract of season {OTHER} now, which has a statement of its own.",
        f"is held against what season {OTHER} comes to for these days",
        f"- contract {SEASON} · withdrawn ",
        f" by Li Wei · reason: {WHY}",
        "name household H2 and run 2: which fact is wrong",
    ):
        assert told in said
    for untold in ("Payable by", "Heating fee", "Room standard", "Step by step", "coldest"):
        assert untold not in said
    every = says("explain", "--all", *OF_SEASON, "--format", ending, "--out", str(tmp_path / "all"))
    assert every["written"] == 4
    world.books.dispose()


def test_it_is_told_of_no_other_season_and_of_no_payment_that_was_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A contract that is recorded in another season behind the run is none of its letter's."""
    world, says = moved(tmp_path, capsys, paid=False)
    said = to_text(Letters(world, newest(world.books, SEASON)).letter("H2"), "en").decode()
    assert f"a contract of season {OTHER} now" in said
    assert "held" not in said
    assert "Nothing of it had been sent" not in said
    says("evidence", "withdraw", "contracts", "H2", OTHER, "--reason", "of none")
    again = Letters(world, newest(world.books, SEASON)).letter("H2")
    assert to_text(again, "en").decode() == said
    says("settle", "draft", *OF_SEASON)
    assert Letters(world, newest(world.books, SEASON)).letter("H2").left == []
    assert not Letters(world, newest(world.books, SEASON)).told_otherwise("H2")
    world.books.dispose()


def test_behind_the_correction_it_is_in_no_run_any_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, says = moved(tmp_path, capsys)
    says("settle", "approve", *OF_SEASON)
    says("settle", "draft", *OF_SEASON)
    with pytest.raises(WrongCall, match="'H2' is not in run 3"):
        Letters(world, newest(world.books, SEASON)).letter("H2")
    world.books.dispose()


def test_the_letter_of_the_other_season_says_what_was_sent_and_what_is_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It said "payable 100.00", which a batch then held."""
    world, says = moved(tmp_path, capsys)
    says("settle", "draft", *OF_OTHER)
    said = to_text(Letters(world, newest(world.books, OTHER)).letter("H2"), "en").decode()
    assert f"CNY 100.00 had been sent to the bank for the same days in season {SEASON}," in said
    assert "CNY 100.00 of this refund is held for it" in said
    world.books.dispose()


@pytest.mark.parametrize(
    ("code", "name"),
    [("1/2", "1%2f2"), ("..", ".."), ("a b:c", "a%20b%3ac"), ("四季花城-3", "四季花城-3")],
)
def test_a_code_never_leaves_the_folder(world: World, code: str, name: str) -> None:
    run = run_of(world)
    assert file_name(code, run, "text", "en") == f"{name}_{SEASON}_run{run.run}-draft.en.txt"
