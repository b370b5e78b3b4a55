"""By when a run is paid: two months after the season's last day in Henan, days off passed over."""

from datetime import date
from pathlib import Path

from sqlalchemy import update

from analytics.ledger.drafts import by_number
from heatwatch.services.due import due_day
from heatwatch.services.settling import draft
from store.books import registry as reg
from store.books.ledger import SettlementRun
from tests.actors import TESTER, changing
from tests.analytics.books import SEASON, local
from tests.heatwatch.towns import town


def test_a_run_is_due_under_the_policy_that_was_kept_with_it(tmp_path: Path) -> None:
    _, world = town(tmp_path)
    run = draft(world, SEASON, TESTER).run
    found = due_day(world, by_number(world.books, run))
    assert found is not None
    assert (found.day, found.published) == (date(2025, 5, 15), True)
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(until=local(2, month=3)))
    found = due_day(world, by_number(world.books, run))
    assert found is not None
    assert found.day == date(2025, 5, 6)  # the first of May is off until the fifth
    with world.books.begin() as link:
        link.execute(update(SettlementRun).values(policy_sha256="0" * 64))
    assert due_day(world, by_number(world.books, run)) == found
