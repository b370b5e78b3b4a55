"""Why a household is not in a run is told."""

from pathlib import Path

from analytics.ledger.drafts import newest
from domain.language import in_language
from heatwatch.services.not_in_run import not_in_run
from heatwatch.services.settling import draft
from heatwatch.wiring import World
from store.books import facts
from tests.actors import TESTER
from tests.analytics.books import SEASON, add, without_contract
from tests.heatwatch.towns import town


def test_no_such_one_no_contract_or_a_contract_that_was_recorded_later(tmp_path: Path) -> None:
    _, world = town(tmp_path)
    without_contract(world.books, 14)
    run = newest(world.books, SEASON, draft(world, SEASON, TESTER).run)

    def why(world: World, home: str) -> str:
        return str(in_language(not_in_run(world, home, run).args[0], "en"))

    assert "the registry has no such household" in why(world, "H9")
    assert "has no contract of season" in why(world, "H4")
    later = {"household_id": 14, "season_id": 1, "season_fee": 2420, "currency": "CNY"}
    add(world.books, facts.Contract(**later))
    assert "drafted before its contract was recorded" in why(world, "H4")
    world.books.dispose()
