"""What had been sent when a run was posted, in its own season and for the same days in others."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from analytics.ledger.drafts import by_number, kept
from analytics.ledger.sent_before import SentBeside
from heatwatch.services.letter_sums import PaidThen
from heatwatch.wiring import World
from store.registry.seasons import season_of
from tests.analytics.books import SEASON
from tests.heatwatch.moved_contract import OF_OTHER, OF_SEASON, moved, settled
from tests.heatwatch.towns import answer, town

H2 = 12
SENT = {SEASON: Decimal("100.00")}


def paid_then(world: World, run: int) -> PaidThen:
    drafted = by_number(world.books, run)
    with Session(world.books) as session:
        season = season_of(session, drafted.season)
    return PaidThen(world.books, season, drafted, corrects=False)


def beside(world: World, run: int) -> SentBeside | None:
    (own,) = kept(world.books, run, "H2")
    return paid_then(world, run).beside(H2, own)


def test_what_another_season_sent_is_told_of_draft_and_approved_run_alike_whatever_follows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, says = moved(tmp_path, capsys)
    says("settle", "draft", *OF_OTHER)
    assert beside(world, 3) == SentBeside(SENT, Decimal("100.00"))
    says("settle", "approve", *OF_OTHER)
    assert beside(world, 3) == SentBeside(SENT, Decimal("100.00"))
    why = ("--reason", "both are owed")
    says("settle", "payments", "decide", "--household", "H2", *OF_OTHER, "--other", *why)
    says("settle", "payments", "export", *OF_OTHER, "--out", str(tmp_path / "bank"))
    assert beside(world, 3) == SentBeside(SENT, Decimal("100.00"))
    says("settle", "draft", *OF_OTHER, "--correction")
    assert beside(world, 4) == SentBeside(SENT, Decimal("0.00"))
    world.books.dispose()


def test_where_nothing_was_sent_nothing_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, says = moved(tmp_path, capsys, paid=False)
    settled(says, OF_OTHER)
    assert beside(world, 3) is None
    world.books.dispose()


def test_a_company_whose_seasons_follow_each_other_reads_no_ledger_for_a_first_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config, world = town(tmp_path)
    answer(config, capsys, "settle", "draft", *OF_SEASON)
    monkeypatch.setattr("heatwatch.services.letter_sums.payments_then", None)
    assert beside(world, 1) is None
    assert paid_then(world, 1).before(H2) is None
    world.books.dispose()
