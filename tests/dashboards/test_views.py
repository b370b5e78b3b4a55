"""What the console reads out of the books."""

from decimal import Decimal
from pathlib import Path

from sqlalchemy.orm import Session

from dashboards.views import View
from reports.daily import refunds, season_of
from store.books.ledger import SettlementResult, SettlementRun
from tests.tiny import MIDNIGHT, NOW, Tiny, tiny_city

HOME = 6


def with_run(tiny: Tiny, state: str, total: str) -> int:
    with Session(tiny.books) as session, session.begin():
        run = SettlementRun(season_id=1, policy="CN-HA-2018", policy_sha256="", flush=1)
        run.snapshot_sha256, run.made_at, run.state = "", NOW, state
        run.households, run.total, run.currency, run.undetermined = 1, Decimal(total), "CNY", 0
        session.add(run)
        session.flush()
        result = SettlementResult(run_id=run.id, household_id=HOME, total=Decimal(total))
        result.undetermined, result.reason, result.steps = False, "paid", []
        session.add(result)
        return run.id


def test_a_what_if_is_neither_the_consoles_nor_the_reports_draft(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    views = View(tiny.books, tiny.readings, lambda: NOW)
    season = season_of(tiny.books, "demo", MIDNIGHT.date())
    with_run(tiny, "what_if", "90.00")
    assert views.refund(HOME) is None
    assert refunds(tiny.books, season, NOW).draft is None
    run = with_run(tiny, "draft", "20.00")
    with_run(tiny, "what_if", "70.00")
    shown = views.refund(HOME)
    assert shown is not None
    assert shown[0].id == run
    told = refunds(tiny.books, season, NOW)
    assert (told.draft, str(told.total)) == (run, "20.00")
